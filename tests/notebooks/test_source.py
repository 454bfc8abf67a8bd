"""The notebooks as files: the series is whole, and each keeps the rules."""

import json

import pytest

from tests.notebooks import APPS, FOLDER, PATHS, SERIES
from tests.notebooks.rules import RULES


def test_the_series_is_whole():
    assert [name for name in SERIES if not (FOLDER / f"{name}.ipynb").exists()] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", PATHS + APPS, ids=lambda path: path.stem)
def test_every_notebook_keeps_every_rule(path, rule):
    assert list(rule(json.loads(path.read_text(encoding="utf-8")), path.parent)) == []
