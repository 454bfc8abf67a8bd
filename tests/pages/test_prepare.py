"""What of a notebook stands on its page, and what is folded there until somebody has committed."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pages.build import notebooks
from pages.in_kernel import MIME
from pages.prepare import NOT_HERE, READ_FIRST, prepare
from pages.words import INSTEAD, on_page


def code(note=None, source="print(1)", name="result", tags=()):
    """A cell that has run: it shows a note of a widget, or a line."""
    data = {MIME: note} if note else {"text/plain": "1"}
    outputs = [new_output("display_data", data)]
    return new_code_cell(source, id=name, metadata={"tags": list(tags)}, outputs=outputs)


def card(kind):
    return code({"card": {"form": {"kind": kind}}}, name="card")


@pytest.fixture
def prepared(tmp_path):
    """Make a page of cells; return its cells below the line that every page has."""

    def make(*cells, name="00_start_here.ipynb"):
        notebook = new_notebook(cells=[new_markdown_cell("# A title"), *cells])
        prepare(notebook, name, tmp_path, "live?", lambda note: "<p>host</p>")
        return notebook.cells[2:]

    return make


def fold_of(cell):
    return cell.metadata["tags"][1:]


def test_all_that_a_section_shows_after_its_card_is_folded(prepared):
    check, heading = new_markdown_cell("<details>"), new_markdown_cell("## Next")

    shown = [code(name=name) for name in ("one", "two", "three")]

    _, result, _, more, _, other = prepared(
        card("choice"), shown[0], check, shown[1], heading, shown[2]
    )

    assert [fold_of(cell) for cell in (result, more)] == [["hide-cell"], ["hide-cell"]]
    assert fold_of(other) == ["hide-input"]


@pytest.mark.parametrize(("name", "fold"), [("scale", "hide-input"), ("eca", "hide-cell")])
def test_a_panel_after_a_note_is_open_unless_it_tells_the_answer(prepared, name, fold):
    _, panel = prepared(card("note"), code({"panel": f"{name} photo=cat"}))

    assert fold_of(panel) == [fold]


def test_code_that_a_card_asks_about_can_be_read_before_its_result(prepared):
    _, cell = prepared(card("choice"), code(name=next(iter(READ_FIRST))))

    assert fold_of(cell) == ["hide-output"]


def test_code_to_change_can_be_read_and_its_result_is_of_the_code_as_it_is(prepared):
    text = new_markdown_cell("**Modify.** Set `r=4` to `r=8`.")

    told, _, cell = prepared(text, card("note"), code())

    assert "Code can be changed in the notebook" in told.source
    assert fold_of(cell) == ["hide-output"]
    assert "before the change" in cell.metadata["mystnb"]["code_prompt_show"]


def test_a_panel_to_move_needs_no_notebook(prepared):
    text = new_markdown_cell("**Modify.** Set the panel to *self-attention*.")

    told, _ = prepared(text, new_markdown_cell("## Next"))

    assert "Code can be changed" not in told.source


def test_an_open_exercise_tells_nothing_before_somebody_has_written(prepared):
    _, cell = prepared(new_markdown_cell("### Exercise 3"), code(tags=["open"]))

    assert fold_of(cell) == ["hide-output"]


@pytest.mark.parametrize("source", ["checks.rule(my_rule)", "keras_checks.se_block(my_block)"])
def test_a_check_says_that_it_needs_the_notebook(prepared, source):
    (cell,) = prepared(code(source=source))

    assert "needs the notebook" in cell.outputs[0].data["text/html"]
    assert fold_of(cell) == ["remove-input"]


def test_a_solution_is_folded_under_its_name(prepared):
    (cell,) = prepared(code(tags=["solution"]))

    assert cell.metadata["mystnb"]["code_prompt_show"] == "Show a solution"


def test_what_needs_a_kernel_or_speaks_of_the_notebook_is_left_out(prepared):
    about = [new_markdown_cell("Press Shift+Enter.", id=name) for name in sorted(NOT_HERE)]

    assert prepared(code({"widget": "HBox"}), *about) == []


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("[a](#20-minutes:-a-demo)", "[a](#20-minutes-a-demo)"),
        ("[a](#20-%E5%88%86%E9%92%9F%EF%BC%9A%E6%BC%94)", "[a](#20-分钟演)"),
        ("[a](../05_eca.ipynb)", "[a](05_eca.ipynb)"),
        ("[a](cheat_sheet.html)", '<a href="cheat_sheet.html">a</a>'),
    ],
)
def test_a_link_leads_where_the_page_has_it(prepared, written, wanted):
    (cell,) = prepared(new_markdown_cell(written))

    assert cell.source == wanted


def test_a_page_links_to_its_notebook_where_that_is(tmp_path):
    notebook = new_notebook(cells=[new_markdown_cell("# Lab"), code()])

    prepare(notebook, "apps/lab.ipynb", tmp_path, "live?", None)

    assert "live?lab%2Ftree%2Fnotebooks%2Fapps%2Flab.ipynb" in notebook.cells[1].source


@pytest.mark.parametrize("language", INSTEAD)
def test_every_phrase_that_a_page_replaces_is_in_a_notebook(language):
    cells = [
        cell
        for path in notebooks(language=language)
        for cell in nbformat.read(path, as_version=4).cells
    ]
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")

    phrases = [phrase.replace(" ", r"\s+") for phrase in INSTEAD[language]]
    assert [each for each in phrases if not re.search(each, text, re.DOTALL)] == []
    assert {*NOT_HERE, *READ_FIRST} <= {cell.id for cell in cells}


def test_a_phrase_is_found_across_the_end_of_a_line():
    assert on_page("Commit to both; then run\nthe summary.", "en").endswith(
        "then open the summary."
    )
