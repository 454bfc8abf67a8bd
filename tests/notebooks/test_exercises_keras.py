"""The exercises that build Keras models: the stub is answered, and the folded solution passes."""

import json

import pytest

from attention_lib._keras import keras
from attention_lib.course import keras_checks
from tests.notebooks import PATHS
from tests.notebooks.rules import code_cells, source, tags


def exercises(path):
    """The stub, the check and the solution of each exercise whose check loads Keras."""
    cells = code_cells(json.loads(path.read_text(encoding="utf-8")))
    return [
        tuple(map(source, cells[i : i + 3]))
        for i, cell in enumerate(cells)
        if "exercise" in tags(cell) and source(cells[i + 1]).startswith("keras_checks.")
    ]


ALL = [exercise for path in PATHS for exercise in exercises(path)]


def defined(code):
    """The one function or class that a cell defines, run where the imports have run."""
    scope = {"keras": keras}
    exec(code, scope)
    (found,) = (value for name, value in scope.items() if name.lower().startswith(("my", "sol")))
    return found


def check_of(code):
    """The check that a cell calls."""
    return getattr(keras_checks, code.removeprefix("keras_checks.").partition("(")[0])


def test_every_check_belongs_to_an_exercise():
    assert sorted(check_of(check).__name__ for _, check, _ in ALL) == keras_checks.__all__


@pytest.mark.parametrize(
    ("stub", "check", "solution"), [pytest.param(*parts, id=parts[1]) for parts in ALL]
)
def test_a_stub_is_answered_and_its_solution_passes(stub, check, solution):
    assert check_of(check)(defined(stub)).message.startswith("Nothing is returned yet.")
    verdict = check_of(check)(defined(solution))
    assert verdict.passed, verdict
