"""JupyterLab and Chromium as the browser tests start them, over notebooks made for the purpose."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.far_away import delayed
from tests.browser.lab import LabPage, chromium, jupyterlab

ROOT = Path(__file__).parents[1]
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
MEASURE = (Path(__file__).parent / "page.js").read_text("utf-8")


@contextmanager
def server(notebooks: Mapping[str, Sequence[str] | Path] = MappingProxyType({})) -> Iterator[str]:
    """Run JupyterLab over some notebooks; gives the address to open them below.

    Args:
        notebooks: by name, the code cells of a notebook, or the path of one.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and with it what it started
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as home:
        folder = Path(home, "files")
        folder.mkdir()
        for name, source in notebooks.items():
            path = folder / f"{name}.ipynb"
            if isinstance(source, Path):
                path.write_bytes(source.read_bytes())
            else:
                cells = [new_code_cell(cell) for cell in source]
                nbformat.write(new_notebook(cells=cells, metadata=METADATA), path)
        with jupyterlab(folder, _environment(home)) as address:
            yield address


@contextmanager
def lab(
    notebooks: Mapping[str, Sequence[str] | Path], *, late: float = 0
) -> Iterator[Callable[[str], LabPage]]:
    """Run JupyterLab and a browser over some notebooks; gives a function that opens one by name.

    Args:
        notebooks: by name, the code cells of a notebook, or the path of one.
        late: seconds that everything takes from one to the other, and back.

    The page that is opened has `bench` (page.js); nothing has run on it yet.
    """
    with server(notebooks) as address, chromium() as browser, ExitStack() as network:
        if late:
            port = urlsplit(address).port
            proxy = network.enter_context(delayed(port, late))
            address = address.replace(f":{port}/", f":{proxy}/")

        def open_page(name: str) -> LabPage:
            page = LabPage(browser, address, f"{name}.ipynb")
            page.page.evaluate(f"() => {{ {MEASURE} }}")
            return page

        yield open_page


def require_no_error(page: LabPage) -> None:
    """Check that nothing failed in the kernel, or the figures would be worthless.

    Raises:
        RuntimeError: if something did.
    """
    errors = page.page.evaluate("() => window.kernelErrors")
    # JupyterLab asks a new kernel for its widgets before there can be any, and is told so.
    if errors := [error for error in errors if not error.startswith("stderr: No such comm")]:
        raise RuntimeError("\n".join(errors))


def _environment(home: str) -> dict[str, str]:
    """A Jupyter that has nothing of the user's, and kernels that find this project."""
    places = {
        "JUPYTER_CONFIG_DIR": f"{home}/config",
        "JUPYTER_DATA_DIR": f"{home}/data",
        "JUPYTER_RUNTIME_DIR": f"{home}/runtime",
        "IPYTHONDIR": f"{home}/ipython",
        "PYTHONPATH": str(ROOT),
    }
    # Compiled modules are kept, as they are for a learner, whatever this shell has it.
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | places
