"""What the notebooks say in words, for the tests that compute whether it is so."""

import json

from tests.notebooks import FOLDER
from tests.notebooks.rules import markdown_cells, source


def prose_of(name: str) -> str:
    """All text cells of a notebook, in order, with one space wherever there is white space."""
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return " ".join(" ".join(source(cell) for cell in markdown_cells(notebook)).split())


def cell_of(name: str, cell_id: str) -> str:
    """One cell of a notebook, as it is written."""
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return next(source(cell) for cell in notebook["cells"] if cell["id"] == cell_id)
