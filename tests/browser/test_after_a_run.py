"""After its cell has run a panel is in sight, as a whole where it fits; otherwise nothing moves."""

import pytest
from playwright.sync_api import expect

from tests.browser import layout
from tests.browser.conftest import write_notebook
from tests.browser.lab import RUN_ALL, LabPage

FILLER = "\n".join(["# what stands around a panel"] * 25)
SLOWLY = "import time\ntime.sleep(3)\n"
PANEL = "from attention_lib import panels\npanels.show_squeeze()"
CELL = 2  # of the panel

GO = """async ([index, way]) => {
  const { content } = jupyterapp.shell.currentWidget;
  content.activeCellIndex = index;
  await content.scrollToItem(index, way);
}"""
CLEAR = "() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"
FOCUS = "() => jupyterapp.shell.currentWidget.content.node.focus()"
SCROLLED = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"
PARTS = """() => ['.attention-panel', '.jp-WindowedPanel-outer'].map(name => {
  const { top, bottom } = document.querySelector(name).getBoundingClientRect();
  return [top, bottom];
})"""
WHOLE = f"""() => {{
  const [[top, bottom], [from, to]] = ({PARTS})();
  return from - 1 <= top && top < bottom && bottom <= to + 1;
}}"""

LAST_IS_IN_SIGHT = """() => {
  const { node } = jupyterapp.shell.currentWidget.content.widgets.at(-1);
  const frame = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
  return node.isConnected && node.getBoundingClientRect().top < frame.bottom;
}"""


@pytest.fixture
def notebook(lab, lab_folder, browser):
    """Open a notebook with a panel in the middle on a laptop, and do nothing else."""
    pages = []

    def open_notebook(before=""):
        cells = FILLER, FILLER, before + PANEL, FILLER, FILLER
        page = LabPage(browser, lab, write_notebook(lab_folder, *cells))
        pages.append(page)
        layout.resize(page.page, layout.SIZES["1366, sidebar"])
        return page

    yield open_notebook
    for page in pages:
        page.close()


def run(page, key, way):
    page.page.evaluate(GO, [CELL, way])
    page.page.evaluate(FOCUS)
    page.page.keyboard.press(key)


def settled(page):
    page.wait_until_idle()
    page.page.locator(".attention-foot-row").wait_for(state="attached")
    page.page.wait_for_timeout(700)


@pytest.mark.parametrize(
    ("key", "ways"),  # the first way waits longest, for the imports
    [("Shift+Enter", ("start", "center", "end")), ("Control+Enter", ("end", "center", "start"))],
)
def test_a_panel_is_whole_where_its_cell_has_run(notebook, key, ways):
    page = notebook()
    for way in ways:
        page.page.evaluate(CLEAR)
        expect(page.page.locator(".attention-panel")).to_have_count(0)
        run(page, key, way)
        settled(page)
        page.page.wait_for_function(WHOLE)
    assert page.problems == []


def test_who_scrolls_away_before_it_comes_is_left_alone(notebook):
    page = notebook(SLOWLY)
    run(page, "Shift+Enter", "start")
    page.page.wait_for_timeout(500)
    page.page.evaluate(GO, [0, "start"])
    settled(page)
    assert page.page.evaluate(SCROLLED) < 100


def test_a_panel_that_was_seen_stays_where_it_is_scrolled_to(notebook):
    page = notebook()
    run(page, "Shift+Enter", "start")
    settled(page)
    before = page.page.evaluate(SCROLLED)
    page.page.mouse.move(800, 400)
    page.page.mouse.wheel(0, 200)
    page.page.wait_for_timeout(500)
    assert page.page.evaluate(SCROLLED) == pytest.approx(before + 200, abs=2)


def test_where_all_cells_run_the_last_one_stays_in_sight(notebook):
    page = notebook()
    page.page.evaluate(RUN_ALL)  # JupyterLab itself goes to the last cell
    settled(page)
    assert page.page.evaluate(LAST_IS_IN_SIGHT)
