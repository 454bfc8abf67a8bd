"""Exercises: the stub is answered, and the solution that lies folded away passes."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from attention_lib import steps
from attention_lib.course import checks
from tests.notebooks import PATHS
from tests.notebooks.rules import code_cells, source, tags


def exercises(path: Path) -> list[tuple[str, str, str]]:
    """The sources of each stub, the check that follows it, and the solution that follows that.

    Those of notebook 04 build Keras models, and are tried where it runs.
    """
    cells = code_cells(json.loads(path.read_text(encoding="utf-8")))
    return [
        tuple(source(cells[i + step]) for step in range(3))
        for i, cell in enumerate(cells)
        if "exercise" in tags(cell) and source(cells[i + 1]).startswith("checks.")
    ]


def defined(code: str) -> dict:
    """What a cell defines, run where a notebook's imports have run."""
    scope = {"np": np, "steps": steps, "checks": checks}
    exec(code, scope)
    return scope


ALL = [(path.stem, *exercise) for path in PATHS for exercise in exercises(path)]
NAMED = pytest.mark.parametrize(
    ("stub", "check", "solution"),
    [pytest.param(*parts, id=f"{name}-{parts[1].strip()}") for name, *parts in ALL],
)


def test_each_notebook_has_two_exercises():
    names = [name for name, *_ in ALL]
    assert {name: names.count(name) for name in names} == dict.fromkeys(names, 2)


@NAMED
def test_an_unfilled_stub_is_told_so(stub, check, solution):
    verdict = eval(check, defined(stub))
    assert not verdict.passed
    assert verdict.message.startswith("Nothing is returned yet.")


@NAMED
def test_the_solution_passes_and_leaves_the_learners_function_alone(stub, check, solution):
    (name,) = [n.name for n in ast.parse(solution).body if isinstance(n, ast.FunctionDef)]
    assert name.startswith("solution_")
    call = ast.parse(check, mode="eval").body
    verdict = getattr(checks, call.func.attr)(defined(solution)[name])
    assert verdict.passed, verdict
    assert name != call.args[0].id
