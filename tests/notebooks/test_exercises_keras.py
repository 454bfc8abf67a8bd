"""The exercises of notebook 04: the stub is answered, and the folded solution passes."""

import json

import pytest

from attention_lib import keras_checks
from attention_lib.backend import keras
from tests.notebooks import FOLDER
from tests.notebooks.rules import code_cells, source, tags

CELLS = code_cells(json.loads((FOLDER / "04_se_in_keras.ipynb").read_text(encoding="utf-8")))
EXERCISES = [i for i, cell in enumerate(CELLS) if "exercise" in tags(cell)]


def defined(cell):
    """The one function that a cell defines, run where the notebook's imports have run."""
    scope = {"keras": keras}
    exec(source(cell), scope)
    (function,) = (value for name, value in scope.items() if name.startswith(("my_", "solution_")))
    return function


def check_of(cell):
    """The check that a cell calls."""
    return getattr(keras_checks, source(cell).removeprefix("keras_checks.").partition("(")[0])


def test_there_are_two_exercises():
    assert len(EXERCISES) == 2


@pytest.mark.parametrize("i", EXERCISES, ids=lambda i: CELLS[i]["id"])
def test_a_stub_is_answered_and_its_solution_passes(i):
    stub, check, solution = CELLS[i : i + 3]
    assert check_of(check)(defined(stub)).message.startswith("Nothing is returned yet.")
    verdict = check_of(check)(defined(solution))
    assert verdict.passed, verdict
    assert solution["metadata"]["jupyter"] == {"source_hidden": True}
