"""Voila serves two notebooks as apps: no code, the same panels, alive."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import leaves_the_machine

APPS = {"00_start_here": "r, reduction", "apps/kernel_size_lab": "γ"}
CODE = ".jp-CodeCell .jp-InputArea, .highlight, .CodeMirror"


@pytest.fixture
def app(lab, browser):
    """Open a notebook as Voila shows it; without what Voila would fetch from elsewhere."""
    pages = []

    def open_app(name):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        pages.append(page)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.route(leaves_the_machine, lambda route: route.abort())
        address = lab.format(path="").replace("/lab/tree/", f"/voila/render/notebooks/{name}.ipynb")
        page.goto(address)
        return page

    yield open_app
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", APPS)
def test_the_panels_live_and_no_code_is_seen(app, name):
    page = app(name)
    panel = page.locator(".attention-panel").filter(has=page.get_by_label(APPS[name])).first
    picture = panel.locator("canvas").first
    expect(picture).to_have_attribute("data-frame", re.compile(r"\d"), timeout=60_000)
    before = picture.get_attribute("aria-label")
    handle = panel.get_by_role("slider", name=APPS[name])
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_attribute("aria-label", before)
    assert not page.locator(CODE).filter(visible=True).count()
    assert page.errors == []
