"""Notebooks are executed for the site as they are, and leave nothing behind."""

import nbformat
import pytest

from pages.execute import execute


def test_what_a_notebook_does_is_nobodys_progress(tmp_path):
    path = tmp_path / "00_start_here.ipynb"
    lines = "from attention_lib.course import progress\nprogress.record('prediction', 'a/b')\n1 + 1"
    cell = nbformat.v4.new_code_cell(lines)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)

    executed = execute(path)

    assert executed.cells[0].outputs[0].data["text/plain"] == "2"
    assert list(tmp_path.iterdir()) == [path]


def test_a_cell_that_fails_is_named(tmp_path):
    path = tmp_path / "05_eca.ipynb"
    cells = [nbformat.v4.new_code_cell(line) for line in ("1", "1 / 0", "2")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)

    with pytest.raises(SystemExit, match=rf"{cells[1].id} of .*05_eca.ipynb: ZeroDivisionError"):
        execute(path)
