"""One JupyterLab and one browser for all the tests here."""

import shutil
from urllib.parse import urlencode
from uuid import uuid4

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import SECONDS_TO_PAINT, LabPage, chromium, jupyterlab
from tests.notebooks import FOLDER, PATHS

expect.set_options(timeout=1000 * SECONDS_TO_PAINT)  # a busy machine is not a wrong one


@pytest.fixture(scope="package")
def lab_folder(tmp_path_factory):
    """What JupyterLab shows: a copy, for it writes there."""
    folder = tmp_path_factory.mktemp("lab") / "files"
    shutil.copytree(FOLDER, folder / "notebooks")
    return folder


@pytest.fixture(scope="package")
def lab(lab_folder, jupyter_environment):
    with jupyterlab(lab_folder, jupyter_environment, below="/user/student/") as address:
        yield address


@pytest.fixture(scope="package")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def lab_page(lab, browser):
    """Open a notebook by its path and run it all; `problems` are for the test to look at."""
    pages = []

    def open_page(path: str, query: dict[str, str] | None = None) -> LabPage:
        pages.append(LabPage(browser, f"{lab}&{urlencode(query or {})}", path))
        pages[-1].run_all()
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()


def write_notebook(folder, *sources, tags=()):
    """Write a notebook of code cells, the last of them with tags; returns its name."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[-1].metadata["tags"] = list(tags)
    path = folder / f"{uuid4().hex}.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path.name


@pytest.fixture
def show(lab_folder, lab_page):
    """Open a notebook with the given cells and run it."""

    def open_cells(*sources, tags=(), query=None):
        return lab_page(write_notebook(lab_folder, *sources, tags=tags), query)

    return open_cells


@pytest.fixture(scope="package", params=PATHS, ids=lambda path: path.stem)
def notebook_page(request, lab, browser):
    """One of the series' notebooks, run; opened once for all the tests that look at it."""
    page = LabPage(browser, lab, f"notebooks/{request.param.name}")
    page.run_all()
    yield page
    page.close()
