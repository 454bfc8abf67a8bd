"""Where predictions are asked: each in one notebook, before what it reveals."""

import json
import re
from collections import Counter

import pytest

from attention_lib.course import predict
from tests.notebooks import PATHS
from tests.notebooks.rules import code_cells, source

ASKED = {
    path.stem: re.findall(
        r"^predict\.(\w+)\(\)$",
        "\n".join(source(cell) for cell in code_cells(json.loads(path.read_text("utf-8")))),
        re.MULTILINE,
    )
    for path in PATHS
}


def test_every_prediction_is_asked_once():
    every = [name for name in predict.__all__ if name != "note"]
    assert Counter(name for names in ASKED.values() for name in names) == Counter(every)


@pytest.mark.parametrize("number", range(11))
def test_every_notebook_asks_three_times_or_more(number):
    (names,) = (names for stem, names in ASKED.items() if stem.startswith(f"{number:02}"))
    assert len(names) >= 3
