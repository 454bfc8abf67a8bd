"""Every way in which a picture comes to the screen: what is seen is what the kernel draws.

One page of a notebook with three panels, one of them shown twice, and a sketch walks them all.
"""

import json
import os
import re
import signal
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import write_notebook
from tests.browser.lab import CANVASES, SHUT_DOWN, LabPage

CELLS = (
    "from attention_lib import panels, plots\nfrom attention_lib.course import predict",
    "panel = panels.show_kernel_size()\npanel",
    "panels.show_scale(photo='cat', channels=8)",
    "panels.show_pipeline()",
    "predict.gates_of_the_cat()",
    "plots.plot_kernel_sizes();",
    "panel",
)
WIDGETS = [1, 1, 1, 0, 1]  # how many canvases each has
COMMAND = "name => jupyterapp.commands.execute(`notebook:${name}`)"
ONE_CELL = """i => {
  const { content } = jupyterapp.shell.currentWidget;
  content.activeCellIndex = i;
  content.deselectAll();
}"""
BUSY = """() => {
  window.kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const code = 'import time\\nfor _ in range(600): time.sleep(0.1)';
  const future = kernel.requestExecute({ code });
  window.cell = 'sent';  // `kernel.status` tells of other messages, too
  future.onIOPub = ({ header }) => {
    if (header.msg_type === 'execute_input') window.cell = 'at work';
  };
  future.done.finally(() => (window.cell = 'done')).catch(() => {});
}"""
# What somebody reads and sees of the outputs, cell by cell: with what a style writes below.
READ = """() => jupyterapp.shell.currentWidget.content.widgets.map(({ outputArea }) => {
  const all = selector => [...outputArea?.node.querySelectorAll(selector) ?? []]
    .filter(element => element.checkVisibility({ visibilityProperty: true }));
  const below = all('.attention-still').map(still => getComputedStyle(still, '::after').content);
  return {
    text: [outputArea?.node.innerText, ...below].join(' '),
    pictures: all('img').filter(picture => picture.naturalWidth > 1).map(picture => picture.alt),
  };
})"""
BOXES = """() => [...document.querySelectorAll('.attention-panel, .attention-predict')]
  .map(shown => shown.getBoundingClientRect()).map(({ y, height }) => [y, height])"""
GONE = "The kernel is gone. Run this cell again."
HOW = "Run this cell to make it live."


@pytest.fixture(scope="module")
def open_page(lab, lab_folder, browser):
    """Open the notebook, or another one; run nothing yet."""
    pages = []

    def open_one(path=None, app="/lab/tree/"):
        path = path or write_notebook(lab_folder, *CELLS)
        pages.append(LabPage(browser, lab.replace("/lab/tree/", app), path))
        return pages[-1]

    yield open_one
    for page in pages:
        if not page.page.is_closed():
            page.close()


@pytest.fixture(scope="module")
def page(open_page):
    """The page that walks: each test leaves it whole and light, of one dot a pixel."""
    page = open_page()
    page.run_all()
    return page


def zoom(page, density):
    """Enlarge the page as a browser does: fewer pixels of more dots."""
    page.page.context.new_cdp_session(page.page).send(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": round(1280 / density),
            "height": round(900 / density),
            "deviceScaleFactor": density,
            "mobile": False,
        },
    )


def move(page, panel=0, key="ArrowLeft", *, heard=True):
    """Move a panel's first slider; wait until its new picture is there, where a kernel hears it."""
    shown = page.panels()[panel]
    figures = shown.locator("canvas.live-figure")
    before = page.frames(figures)
    page.press(shown.locator(".noUi-handle").first, key)
    if heard:
        page.wait_for_frame(figures, before)


def test_run_all_and_scrolled_to(page):
    assert [len(canvases) for _, canvases in page.pictures()] == WIDGETS
    assert page.wrong_pictures() == []
    assert page.problems == []


def test_moved_while_it_is_out_of_sight_and_scrolled_back_to(page):
    move(page)  # its last cell shows the same panel, far below
    page.scroll_through()
    assert page.wrong_pictures() == []


def test_hidden_and_shown_again(page):
    panels = page.page.locator(".attention-panel")
    page.page.evaluate(COMMAND, "hide-all-cell-outputs")
    expect(panels).to_have_count(0)
    page.page.evaluate(COMMAND, "show-all-cell-outputs")
    expect(panels.first).to_be_visible()
    page.scroll_through()
    assert page.wrong_pictures() == []


def test_the_theme_there_and_back(page):
    for change in (page.darken, page.lighten):
        change()
        assert page.wrong_pictures() == []


@pytest.mark.parametrize("density", [1.5, 2, 1])
def test_on_a_dense_screen_and_back(page, density):
    zoom(page, density)
    assert page.wrong_pictures() == []


@pytest.mark.parametrize("density", [2, 1])
def test_presented_and_left(page, density):
    zoom(page, density)
    panel = page.panels()[0]
    panel.scroll_into_view_if_needed()
    panel.get_by_role("button", name="Present", exact=True).click()
    expect(page.page.locator(".attention-presenting")).to_have_count(1)
    assert page.wrong_pictures() == []
    page.page.keyboard.press("Escape")
    expect(page.page.locator(".attention-presenting")).to_have_count(0)
    assert page.wrong_pictures() == []


def test_in_a_second_tab_too(page, open_page):
    other = open_page(page.path)
    other.scroll_through()
    assert other.wrong_pictures() == []
    move(page, 1)
    assert page.wrong_pictures() == []
    assert other.wrong_pictures() == []
    other.page.close()


def test_loaded_again_while_its_kernel_lives(page):
    page.save()
    page.page.reload()
    page.begin()
    page.scroll_through()
    assert page.wrong_pictures() == []
    move(page)
    assert page.wrong_pictures() == []
    assert page.problems == []


def test_a_new_view_while_the_kernel_is_busy_shows_the_picture_at_once(page):
    assert page.wrong_pictures() == []  # what the page has asked for has come
    (_, (drawn,)), *_ = page.pictures()
    page.page.evaluate(ONE_CELL, 1)
    page.page.evaluate(BUSY)
    page.page.wait_for_function("() => cell === 'at work'")
    page.page.evaluate(COMMAND, "create-output-view")
    view = page.page.locator(".jp-LinkedOutputView")
    expect(view.locator("canvas.live-figure")).to_have_attribute("data-frame", re.compile(r"\d"))
    (shown,) = view.evaluate(CANVASES)
    assert page.page.evaluate("() => cell") == "at work"
    # Where the kernel was quick, the picture is already one as large as the new view.
    assert shown["checksum"] == drawn["checksum"] or shown["size"] != drawn["size"]
    page.page.evaluate("() => kernel.interrupt()")
    page.page.evaluate("() => jupyterapp.commands.execute('application:close')")
    expect(view).to_have_count(0)
    page.wait_until_idle()
    page.page.evaluate("() => (window.kernelErrors = [])")  # of the cell that was interrupted
    page.scroll_through()
    assert page.wrong_pictures() == []


def test_without_its_kernel_the_picture_stays_and_a_sentence_says_what_to_do(page):
    before, boxes = page.pictures(), page.page.evaluate(BOXES)
    os.kill(page.evaluate("os.getpid()", "os"), signal.SIGKILL)
    panels, card = page.page.locator(".attention-panel"), page.page.locator(".attention-predict")
    for panel in panels.all():
        expect(panel.locator(".attention-session")).to_have_text(GONE, timeout=10_000)
        assert panel.locator(".attention-row").evaluate_all("rows => rows.every(row => row.inert)")
    expect(card.locator(".predict-session")).to_have_text(GONE)
    assert card.get_by_role("button").first.evaluate("button => button.inert")
    assert page.pictures() == before
    assert page.page.evaluate(BOXES) == boxes
    for button in page.page.locator(".jp-Dialog button").all():
        button.click()
    page.run_all()
    assert page.wrong_pictures() == []


def test_a_kernel_that_does_not_answer_is_told_within_ten_seconds(page):
    kernel = page.evaluate("os.getpid()", "os")
    card, panel = page.page.locator(".attention-predict"), page.panels()[0]
    os.kill(kernel, signal.SIGSTOP)
    try:
        move(page, heard=False)
        page.press(card.locator("input[type=range]").first, "ArrowRight")
        card.get_by_role("button", name="Commit").click()
        expect(card.get_by_text("Computing")).to_be_visible()
        expect(card.get_by_text("No answer yet.")).to_be_visible(timeout=10_000)
        expect(card.get_by_text("Computing")).to_have_count(0)
        expect(panel.get_by_text("No answer yet.")).to_be_visible(timeout=10_000)
    finally:
        os.kill(kernel, signal.SIGCONT)
    expect(page.page.get_by_text("No answer yet.")).to_have_count(0)
    assert page.wrong_pictures() == []


def test_in_jupyter_notebook(open_page):
    page = open_page(app="/notebooks/")
    page.run_all()
    assert [len(canvases) for _, canvases in page.pictures()] == WIDGETS
    assert page.wrong_pictures() == []  # of problems Notebook 7 has some of its own


def test_saved_and_opened_without_a_kernel_by_its_user_and_by_another(page, open_page, lab_folder):
    page.save()
    page.page.evaluate(SHUT_DOWN)
    saved = json.loads((lab_folder / page.path).read_text())
    saved["metadata"]["changed by"] = "somebody else"  # and not trusted, therefore
    others = f"{uuid4().hex}.ipynb"
    (lab_folder / others).write_text(json.dumps(saved))
    for path, app in ((page.path, "/lab/tree/"), (others, "/lab/tree/"), (others, "/notebooks/")):
        again = open_page(path, app)
        again.scroll_through(live=False)
        again.page.wait_for_timeout(1000)  # the pictures wait for widgets that do not come
        read = again.page.evaluate(READ)
        assert [len(cell["pictures"]) for cell in read] == [0, 1, 1, 1, 0, 1, 1]
        assert all(words for cell in read for words in cell["pictures"])  # alternative text
        assert [cell["text"].count(HOW) for cell in read] == [0, 1, 1, 1, 1, 0, 1]
        assert "Sketch the four gates" in read[4]["text"]
        text = "".join(cell["text"] for cell in read)
        assert "model not found" not in text
        assert "children=" not in text
