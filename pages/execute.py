"""Execute a notebook in a kernel that notes its widgets (pages/in_kernel.py)."""

import asyncio
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from attention_lib.language import LANGUAGES

ROOT = Path(__file__).parents[1]
SECONDS_A_CELL = 300
BEGIN = "from pages.in_kernel import begin as _begin\n_begin()"


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from its first cell to its last.

    Args:
        path: the notebook; it is not changed.

    Returns:
        A copy with its outputs. Its kernel runs in an empty folder, so that nothing it does is
        taken for somebody's progress.

    Raises:
        SystemExit: with a sentence that names the cell, if it fails.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(BEGIN))
    told = os.environ.get("PYTHONPATH", "")
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), told))),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    if path.parent.name in LANGUAGES:
        env["ATTENTION_LIB_LANGUAGE"] = path.parent.name
    begun: list[str] = []  # the cells
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
            on_cell_execute=lambda cell, **_: begun.append(cell.id),
        )
        try:
            asyncio.run(client.async_execute(env=env))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            known = isinstance(error, CellExecutionError)
            failure = f"{error.ename}: {error.evalue}" if known else str(error).splitlines()[0]
            raise SystemExit(
                f"Every cell of a notebook must run. Received, from the cell {begun[-1]} of "
                f"{path}: {failure} Run the notebook in JupyterLab to see where."
            ) from None
    del notebook.cells[0]
    return notebook
