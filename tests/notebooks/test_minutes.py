"""The minutes that a notebook takes: as it says itself, as the list of the series says, in all."""

import json
import re
from pathlib import Path

import pytest

from tests.notebooks import FOLDER
from tests.notebooks.claims import cell_of
from tests.notebooks.rules import code_cells, markdown_cells, prose, source, tags

NAMES = sorted(path.stem for path in FOLDER.glob("[01][0-9]_*.ipynb"))
NOT_COUNTED = {"exercise", "open", "solution", "hints"}


def claimed(name):
    return int(re.search(r"About (\d+) minutes", cell_of(name, "title"))[1])


def estimated(name):
    """A reader whose first language is another: 130 words a minute, and time for what is done."""
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text("utf-8"))
    text = [cell for cell in markdown_cells(notebook) if not tags(cell) & NOT_COUNTED]
    code = [source(cell) for cell in code_cells(notebook) if not tags(cell) & NOT_COUNTED]
    words = sum(len(prose(cell).split()) for cell in text if not cell["id"].startswith("exercise"))
    code = [each for each in code if not re.match(r"(keras_)?checks\.", each)]
    notes = sum(each.startswith("predict.note(") for each in code)
    cards = sum(each.startswith("predict.") for each in code) - notes
    panels = sum(len(re.findall(r"(?:panels|museum)\.show_\w+\(", each)) for each in code)
    return words / 130 + 1.2 * cards + 0.5 * notes + 4 * panels + 0.5 * len(code)


@pytest.mark.parametrize("name", NAMES)
def test_the_minutes_that_a_notebook_claims_are_true_within_a_fifth(name):
    assert claimed(name) == pytest.approx(estimated(name), rel=0.2)


def test_the_list_of_the_series_says_the_same_minutes():
    rows = re.findall(r"\((\w+)\.ipynb\) \|[^|]*\| (\d+) \|", cell_of("00_start_here", "series"))
    assert {name: int(minutes) for name, minutes in rows} == {
        name: claimed(name) for name in NAMES[1:]
    }


def test_the_hours_of_the_whole_course_are_the_sum():
    hours = round(sum(map(claimed, NAMES)) / 60)
    assert f"With this one, about {hours} hours" in cell_of("00_start_here", "series")
    readme = " ".join(Path(FOLDER.parent, "README.md").read_text("utf-8").split())
    assert f"The whole course takes about {hours} hours" in readme
