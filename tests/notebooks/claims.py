"""What the notebooks say in words, for the tests that compute whether it is so."""

import ast
import json
from collections.abc import Callable

from tests.notebooks import FOLDER
from tests.notebooks.rules import source

NOTE = "predict.note("


def prose_of(name: str) -> str:
    """All text cells and notes of a notebook, in order, one space wherever there is white space."""
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return " ".join(" ".join(_words(cell) for cell in notebook["cells"]).split())


def _words(cell: dict) -> str:
    """A text cell's text, or the question of a cell that asks for a note."""
    text = source(cell)
    if cell["cell_type"] == "code":
        return ast.literal_eval(text.removeprefix("predict.note")) if text.startswith(NOTE) else ""
    return text


def cell_of(name: str, cell_id: str) -> str:
    """One cell of a notebook, as it is written."""
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return next(source(cell) for cell in notebook["cells"] if cell["id"] == cell_id)


def two_columns(name: str, cell_id: str) -> list[list[str]]:
    """The lines of code in the left and in the right column of a cell's table."""
    rows = [
        row.strip("| ").split(" | ")
        for row in cell_of(name, cell_id).splitlines()
        if row.startswith("| `")
    ]
    columns = [row[0] for row in rows], [row[1] for row in rows if len(row) > 1]
    return [[line.strip("|` ") for line in column if line.strip("|` ")] for column in columns]


def defined(lines: list[str], name: str, **given: object) -> Callable:
    """The function that these lines define: its first line, then its body without indentation."""
    first, *body = lines
    names = dict(given)
    exec("\n    ".join([first, *body]), names)
    return names[name]
