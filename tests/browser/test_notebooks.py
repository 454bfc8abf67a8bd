"""The series in JupyterLab, as a learner has it: every slider moved by keyboard."""

import pytest
from playwright.sync_api import TimeoutError as TookTooLong


def test_it_runs_without_an_error_anywhere(notebook_page):
    assert notebook_page.problems == []


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
    for panel in notebook_page.panels():
        assert notebook_page.serious_barriers(panel) == []


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
