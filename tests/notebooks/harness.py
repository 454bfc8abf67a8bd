"""Runs a notebook as a learner would, offline, and tells everything that went wrong."""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

SECONDS_A_CELL = 180
AS_CODE = re.compile(r"\bnp\.(\w+\(|True_|False_)|\barray\(")
STILL = 'class="attention-still"'
DRIVE = "from drive import drive as _drive\n_controls_driven = await _drive()"
TELL = "import json as _json, sys as _sys\nprint(_json.dumps([_controls_driven, *_sys.modules]))"


@dataclass
class Run:
    """What running a notebook, and then moving its controls, has shown.

    `problems` has a sentence for each error, in a cell or a callback, for each thing written to
    stderr and for each attempt to reach the network. `empty_without_a_kernel` lists the cells whose
    widget shows nothing when the notebook is opened the next day.
    """

    problems: list[str] = field(default_factory=list)
    controls_driven: int = 0
    modules: frozenset[str] = frozenset()
    empty_without_a_kernel: list[str] = field(default_factory=list)


class Listener(NotebookClient):
    """A client that hears what nbclient passes over: errors in callbacks, tasks and threads."""

    def __init__(self, notebook: nbformat.NotebookNode, **options: Any):
        super().__init__(notebook, on_cell_start=self.turn_to, **options)
        self.heard: list[str] = []
        self.expects_an_error = False

    def turn_to(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        """Note which cell is about to run."""
        self.expects_an_error = "raises-exception" in cell.metadata.get("tags", [])

    async def async_start_new_kernel_client(self, **options: Any) -> Any:
        client = await super().async_start_new_kernel_client(**options)
        get_message = client.iopub_channel.get_msg

        async def get_and_listen(*args: Any, **kwargs: Any) -> dict[str, Any]:
            message = await get_message(*args, **kwargs)
            self.listen(message["msg_type"], message["content"])
            return message

        client.iopub_channel.get_msg = get_and_listen
        return client

    def listen(self, kind: str, content: dict[str, Any]) -> None:
        """Keep what a learner should never see."""
        if kind == "error" and not self.expects_an_error:
            self.heard.append(f"{content['ename']}: {content['evalue']}")
        elif kind == "stream" and content["name"] == "stderr":
            self.heard.append(f"stderr: {content['text']}")


def run_notebook(path: Path, workplace: Path, environment: dict[str, str]) -> Run:
    """Run every cell of a notebook in order, then move every control, in a fresh kernel.

    Args:
        path: the notebook; it is not changed.
        workplace: an empty folder; a copy of the notebook's folder is made and used there.
        environment: the kernel's, with OFFLINE_LOG in it.
    """
    folder = shutil.copytree(path.parent, workplace / "notebooks")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in (DRIVE, TELL)]
    log = Path(environment["OFFLINE_LOG"])
    log.write_text("")
    client = Listener(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    run = Run(problems=client.heard)
    try:
        client.execute(env=environment)
    except (CellTimeoutError, DeadKernelError) as error:
        run.problems.append(str(error))
    except CellExecutionError as error:
        if not run.problems:
            run.problems.append(str(error))
    else:
        run.controls_driven, *modules = json.loads(notebook.cells[-1].outputs[0].text)
        run.modules = frozenset(modules)
    run.problems += _unexplained(notebook)
    run.empty_without_a_kernel = _without_a_still(notebook)
    run.problems += [f"wanted to reach {host}" for host in log.read_text().splitlines()]
    return run


def _unexplained(notebook: nbformat.NotebookNode) -> list[str]:
    """What of the outputs is Python's way to write a value that `print` would show plainly."""
    shown = (
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", ())
    )
    return [f"a learner would read {text!r}" for text in shown if AS_CODE.search(text)]


def _without_a_still(notebook: nbformat.NotebookNode) -> list[str]:
    """Cells with a widget that has nothing before it that can be read without a kernel."""
    found = []
    for cell in notebook.cells:
        before = ""
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "application/vnd.jupyter.widget-view+json" in data and STILL not in before:
                found.append(cell.source)
            before = data.get("text/html", "")
    return found
