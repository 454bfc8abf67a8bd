"""The browser harness itself: it moves what can be moved and sees what goes wrong."""

import pytest
from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import expect

from tests.browser.test_notebooks import move_there_and_back

FIGURE = '''
import anywidget, ipywidgets as w, traitlets
class Figure(anywidget.AnyWidget):
    value = traitlets.Int(3).tag(sync=True)
    _esm = """
    export default { render({ model, el }) {
      const canvas = document.createElement("canvas");
      canvas.className = "live-figure";
      canvas.setAttribute("role", "img");
      let frame = 0;
      const paint = () => {
        canvas.setAttribute("aria-label", `one bar of height ${model.get("value")}`);
        canvas.dataset.frame = ++frame;
      };
      model.on("change:value", paint);
      el.append(canvas);
      paint();
    } }"""
slider, figure = w.IntSlider(3, 0, 4, description="height"), Figure()
panel = w.VBox([slider, figure]).add_class("attention-panel")
'''
MOVE = "slider.observe(lambda change: setattr(figure, 'value', change.new), 'value')\n"
NAME = """
class Name(anywidget.AnyWidget):
    _esm = '''export default { render({ el }) { requestAnimationFrame(() =>
        el.closest(".attention-panel").querySelector(".noUi-handle").ariaLabel = "height") } }'''
panel.children = [*panel.children, Name()]
"""


def test_a_slider_is_moved_and_its_picture_followed(show):
    page = show(FIGURE + MOVE + NAME + "panel")
    (panel,) = page.panels()
    figures, handle = panel.locator(".live-figure"), panel.locator(".noUi-handle")
    highest = "one bar of height 4"
    page.press(handle, "ArrowRight", 2)  # to the end; one step back and forth from there
    expect(figures).to_have_attribute("aria-label", highest)  # the kernel may be a press behind
    move_there_and_back(page, panel, handle)
    expect(figures).to_have_attribute("aria-label", highest)
    assert page.serious_barriers(panel) == []
    assert page.problems == []


def test_a_picture_that_stands_still_and_a_slider_without_a_name_are_seen(show):
    page = show(FIGURE + "panel")
    (panel,) = page.panels()
    figures = panel.locator(".live-figure")
    before = page.frames(figures)
    page.press(panel.locator(".noUi-handle"), "ArrowRight")
    with pytest.raises(TookTooLong):
        page.wait_for_frame(figures, before, seconds=1)
    (barrier,) = page.serious_barriers(panel)
    assert barrier.startswith("aria-input-field-name (serious)")


def test_an_error_in_a_callback_is_seen(show):
    page = show(FIGURE + "slider.observe(lambda change: 1 / 0, 'value')\npanel")
    page.press(page.page.locator(".noUi-handle"), "ArrowRight")
    page.page.wait_for_function("() => window.kernelErrors.some(e => e.startsWith('Zero'))")
    assert page.problems == ["ZeroDivisionError: division by zero"]


def test_an_error_in_a_cell_is_seen(show):
    *not_run, error = show("1 / 0", "2").problems
    assert error == "ZeroDivisionError: division by zero"
    # The kernel gives up what waits behind an error, but not what comes a moment later.
    assert not_run in (["1 cells did not run"], [])


def test_an_error_that_a_cell_is_there_to_show_is_fine(show):
    assert show("1 / 0", tags=["raises-exception"]).problems == []


def test_what_goes_wrong_in_the_page_is_seen(show):
    page = show(
        "from IPython.display import Javascript",
        "Javascript('setTimeout(() => { throw new Error(\"lost\") })')",
        "Javascript('console.error(\"oh\")')",
        "Javascript('fetch(\"https://example.org/x.js\").catch(() => 0)')",
    )
    page.page.wait_for_timeout(500)
    for problem in ("page error: lost", "console: oh", "the page asked for https://example.org"):
        assert any(found.startswith(problem) for found in page.problems)
    assert len(page.problems) == 3
