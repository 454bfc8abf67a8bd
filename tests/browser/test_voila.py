"""Voila serves two notebooks as apps: no code, the same panels, alive, each with its picture."""

import ast
import re
import time
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from playwright.sync_api import expect

from tests.browser.lab import CANVASES, SECONDS_TO_PAINT, differences, leaves_the_machine

APPS = {"00_start_here": "r, reduction", "apps/kernel_size_lab": "γ"}
CODE = ".jp-CodeCell .jp-InputArea, .highlight, .CodeMirror"


@pytest.fixture
def drawn(jupyter_environment):
    """What every figure of the kernel that was started last draws."""

    def of_the_last_kernel():
        files = Path(jupyter_environment["JUPYTER_RUNTIME_DIR"]).glob("kernel-*.json")
        newest = max(files, key=lambda path: path.stat().st_mtime)
        client = BlockingKernelClient(connection_file=str(newest))
        client.load_connection_file()
        client.start_channels()
        ask = {"it": "__import__('pixels').everything()"}
        reply = client.execute("", silent=True, user_expressions=ask, reply=True, timeout=60)
        client.stop_channels()
        return ast.literal_eval(reply["content"]["user_expressions"]["it"]["data"]["text/plain"])

    return of_the_last_kernel


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


def wrong_pictures(page, drawn):
    """How the pictures of an app differ from those that its kernel draws under the same words."""
    figures = {each["alt"]: each for each in drawn}
    seen = page.locator("body").evaluate(CANVASES)
    unknown = [shown["alt"] for shown in seen if shown["alt"] not in figures]
    return unknown or differences(seen, [figures[shown["alt"]] for shown in seen])


@pytest.mark.parametrize("name", APPS)
def test_the_panels_live_and_no_code_is_seen(app, drawn, name):
    page = app(name)
    panel = page.locator(".attention-panel").filter(has=page.get_by_label(APPS[name])).first
    picture = panel.locator("canvas").first
    expect(picture).to_have_attribute("data-frame", re.compile(r"\d"), timeout=60_000)
    end = time.monotonic() + SECONDS_TO_PAINT
    while (wrong := wrong_pictures(page, drawn())) and time.monotonic() < end:
        page.wait_for_timeout(200)
    assert wrong == []
    before = picture.get_attribute("aria-label")
    handle = panel.get_by_role("slider", name=APPS[name])
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_attribute("aria-label", before)
    assert not page.locator(CODE).filter(visible=True).count()
    assert page.errors == []
