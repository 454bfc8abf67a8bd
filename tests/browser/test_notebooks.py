"""The series in JupyterLab, as a learner has it: every slider moved by keyboard."""

import re

import pytest
from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import expect

INSIDE = "panel => panel.contains(document.activeElement)"
OUTLINE = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [outlineStyle === 'none' ? 0 : parseFloat(outlineWidth), document.activeElement.tagName];
}"""


def test_it_runs_without_an_error_anywhere(notebook_page):
    assert notebook_page.problems == []


def test_every_picture_is_the_kernels_when_it_is_scrolled_to(notebook_page):
    assert notebook_page.wrong_pictures() == []


def test_every_picture_says_what_it_shows(notebook_page):
    for panel in notebook_page.panels():
        figures = panel.locator(".live-figure").all()
        assert figures
        for figure in figures:
            assert figure.get_attribute("role") == "img"
            assert len(figure.get_attribute("aria-label").split()) > 3


def test_every_slider_moves_its_picture(notebook_page):
    for panel in notebook_page.panels():
        for handle in panel.locator(".noUi-target:not([disabled]) .noUi-handle").all():
            if handle.is_visible():  # some are shown only when a panel is set by hand
                move_there_and_back(notebook_page, panel, handle)
    assert notebook_page.problems == []


def test_nobody_is_kept_out(notebook_page):
    assert notebook_page.serious_barriers_anywhere() == []


def test_everything_can_be_read_in_the_dark(notebook_page):
    notebook_page.darken()
    assert notebook_page.serious_barriers_anywhere(["color-contrast"]) == []
    assert notebook_page.problems == []


def test_a_prediction_is_made_by_keyboard_alone(notebook_page):
    if "02_excitation" not in notebook_page.page.url:
        return  # one notebook with every kind is enough
    cards = notebook_page.predictions()
    assert len(cards) == 4
    keyboard = notebook_page.page.keyboard
    for card in cards:
        reply, button = card.locator(".predict-reply[role=status]"), card.get_by_role("button")
        expect(reply).to_be_empty()
        answer = card.locator("input").first
        answer.focus()
        if answer.get_attribute("type") == "text":
            keyboard.type("1")
        else:
            keyboard.press("Space")  # chooses the first of several
            keyboard.press("ArrowRight")
        for _ in card.locator("input:not([type=radio])").all() or [answer]:
            keyboard.press("Tab")
        expect(button).to_be_focused()
        keyboard.press("Enter")
        expect(reply).to_have_text(
            re.compile(r"Right\.|Close\.|A common answer\.|Not this\.|You wrote")
        )
        expect(button).to_be_focused()
        assert button.inner_text() in ("Try again", "Change")
        assert notebook_page.serious_barriers(card) == []
        keyboard.press("Enter")
        expect(answer).to_be_enabled()
    assert notebook_page.problems == []


def test_whoever_uses_the_keyboard_sees_where_and_hears_what(notebook_page):
    if "02_excitation" not in notebook_page.page.url:
        return  # every panel is made of the same parts
    page, panel = notebook_page.page, notebook_page.panels()[0]
    panel.locator("select").first.focus()
    met = []
    while page.evaluate(INSIDE, panel.element_handle()):
        assert len(met) < 50, "Tab does not lead out of the panel"
        outline, tag = page.evaluate(OUTLINE)
        met.append(tag)
        assert outline >= 2, f"nothing shows that {tag} has the focus"
        if tag != "SELECT":  # a letter chooses from a list
            page.keyboard.press("x")  # cuts a cell, where JupyterLab takes it
        page.keyboard.press("Tab")
    assert {"SELECT", "DIV", "INPUT", "BUTTON"} <= set(met)
    count = panel.get_by_role("slider", name="C, channels")
    before = int(count.get_attribute("aria-valuetext"))
    notebook_page.press(count, "ArrowRight")
    assert int(count.get_attribute("aria-valuetext")) == 2 * before  # and not its exponent
    voice, figure = panel.locator(".live-voice"), panel.locator(".live-figure")
    expect(figure).to_have_attribute("aria-label", re.compile(f"{2 * before} channels"))
    expect(voice).to_have_text(figure.get_attribute("aria-label"))
    notebook_page.press(count, "ArrowLeft")
    assert notebook_page.problems == []


def move_there_and_back(page, panel, handle):
    """Move a slider one step and back by keyboard; each time a new picture must come."""
    name = handle.get_attribute("aria-label")
    assert name, "a slider has no name"
    there, back = "ArrowRight", "ArrowLeft"
    if handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax"):
        there, back = back, there
    figures = panel.locator(".live-figure")
    for key in (there, back):
        before = page.frames(figures)
        page.press(handle, key)
        try:
            page.wait_for_frame(figures, before)
        except TookTooLong:
            pytest.fail(f"{key} on {name!r} brought no new picture: {page.problems}")
