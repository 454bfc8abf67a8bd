"""A part of the site, built once: two notebooks, and few states of each grid.

PAGES_SITE=build/pages/site has the tests look at a site that is there already, such as the whole.
"""

import functools
import http.server
import os
import threading
from pathlib import Path

import pytest

from pages import build as builder
from tests.browser.lab import chromium

NOTEBOOKS = ("00_start_here", "routes")
STATES = 8


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """The folder of the site."""
    if built := os.environ.get("PAGES_SITE"):
        return Path(built)
    out = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_REPOSITORY", "somebody/attention")
        builder.build(out, NOTEBOOKS, STATES)
    return out / "site"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="package")
def address(site):
    """The site on a server of its own."""
    handler = functools.partial(_Quiet, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="package")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, address):
    """Open a page; no error may happen on it, and nothing may be asked for elsewhere."""
    contexts, problems = [], []

    def open_page(path, *, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: said.type == "error" and problems.append(said.text))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith((address, "data:", "file:", "blob:"))
                or problems.append(f"asked for {asked.url}")
            ),
        )
        page.goto(path if "://" in path else f"{address}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []
