"""The instructor edition: solutions open, notes in place, and the same bytes every time."""

import json
import re

import nbformat
import pytest

from tests.notebooks import PATHS
from tools import make_instructor
from tools.make_instructor import NOTES, NOTES_ZH, instructor_edition, read_notes

NAMED = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1"}


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instructor")
    make_instructor.main(folder)
    return folder


@NAMED
def test_every_notebook_has_notes_on_timing_questions_and_pitfalls(path):
    notes = read_notes((NOTES / f"{path.name[:2]}.md").read_text("utf-8"))
    text = "\n".join(notes.values())
    assert all(text.count(mark) >= 2 for mark in ("**Time.**", "**Ask.**", "**Goes wrong.**"))
    ids = [cell["id"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    places = [ids.index(each) for each in notes]
    assert places == sorted(places)


@NAMED
def test_a_class_that_takes_longer_than_a_reader_is_told_why(path):
    opening = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])
    reader = re.search(r"About (\d+) minutes", opening)[1]
    time = read_notes((NOTES / f"{path.name[:2]}.md").read_text("utf-8"))["title"]
    lesson = re.match(r"\*\*Time\.\*\* (\d+) minutes", time)[1]
    assert lesson == reader or f"{lesson} minutes, a reader's {reader} with " in time


@NAMED
@pytest.mark.parametrize("language", [".", "zh"])
def test_an_edition_is_the_notebook_with_solutions_open_and_notes_in_it(path, edition, language):
    notebook = nbformat.read(edition / language / path.name, as_version=4)
    nbformat.validate(notebook)
    student = json.loads((path.parent / language / path.name).read_text("utf-8"))["cells"]
    kept = [cell for cell in notebook.cells if "teaching" not in cell.metadata.get("tags", [])]
    assert [cell.source for cell in kept] == ["".join(cell["source"]) for cell in student]
    assert not any("jupyter" in cell.metadata for cell in notebook.cells)
    assert len(notebook.cells) >= len(kept) + 4


def test_it_is_the_same_byte_for_byte_each_time_and_leaves_nothing_old(edition):
    before = {path: path.read_bytes() for path in edition.rglob("*.*")}
    for folder in (edition, edition / "zh"):
        (folder / "11_gone.ipynb").touch()
    make_instructor.main(edition)
    assert {path: path.read_bytes() for path in edition.rglob("*.*")} == before


def test_the_exam_has_its_questions_numbered_in_both_editions(edition):
    for folder, notes in ((edition, NOTES), (edition / "zh", NOTES_ZH)):
        headings = re.findall(r"^## .*$", (folder / "exam.md").read_text("utf-8"), re.MULTILINE)
        assert headings == [f"## {number}" for number in range(1, 11)]
        assert len(read_notes((notes / "exam.md").read_text("utf-8"))) == 10


def test_a_note_without_its_cell_is_found():
    with pytest.raises(ValueError, match=r"Every note must follow a cell .* Received: {'b'}"):
        instructor_edition({"cells": [CELL]}, {"b": "Ask."})


def test_two_notes_on_one_cell_are_found():
    with pytest.raises(ValueError, match="Every section must have an id of its own"):
        read_notes("# 1\n\n## a\nAsk.\n\n## a\nAsk again.\n")
