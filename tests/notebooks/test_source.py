"""The notebooks as files: the series is whole, and each keeps the rules."""

import json

import pytest

from tests.notebooks import APPS, FOLDER, PAGES, PATHS, SERIES
from tests.notebooks.rules import RULES, opens_well


def test_the_series_is_whole():
    assert [name for name in SERIES if not (FOLDER / f"{name}.ipynb").exists()] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", PATHS + APPS, ids=lambda path: path.stem)
def test_every_notebook_keeps_every_rule(path, rule):
    assert list(rule(json.loads(path.read_text(encoding="utf-8")), path.parent)) == []


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r is not opens_well], ids=lambda r: r.__name__
)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_keeps_the_rules_of_a_notebook_but_its_opening(path, rule):
    assert list(rule(json.loads(path.read_text(encoding="utf-8")), path.parent)) == []
