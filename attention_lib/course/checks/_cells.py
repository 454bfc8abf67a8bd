"""Whether a function is what the last run of its cell made, or is left from an earlier run."""

import inspect
import linecache
import sys
from typing import Any

from attention_lib.language import say

_runs: dict[str, list[str]] = {}  # a cell's id -> the sources that it was run with


def left_over(yours: Any) -> str:
    """Words for a function that its cell, as it was run last, no longer makes, else "".

    A cell that stops with an error, as at a bracket that is missing, leaves what an earlier run has
    made: the check would judge lines that no longer stand there.
    """
    source = _source(yours)
    cells = [runs for runs in _runs.values() if source in runs]
    if not cells or any(runs[-1] == source for runs in cells):
        return ""
    return say(
        "`{name}` is left from an earlier run of its cell. When the cell was run last, it did "
        "not make it: it stopped with an error, or has another name behind `def`. Fix that, run "
        "the cell, and then this one.",
        name=yours.__name__,
    )


def _source(yours: Any) -> str:
    """All of the cell, as it was run, that made a function or a class; "" if no cell did."""
    methods = vars(yours).values() if inspect.isclass(yours) else [yours]
    files = [method.__code__.co_filename for method in methods if inspect.isfunction(method)]
    return "".join(linecache.getlines(files[0])).strip() if files else ""


def _note(result: Any) -> None:
    """Keep with what source a cell was run; one that the editor gives no id cannot be told."""
    if result.info.cell_id:
        _runs.setdefault(result.info.cell_id, []).append(result.info.raw_cell.strip())


ipython = sys.modules.get("IPython")  # not loaded outside a notebook, where there are no cells
if ipython and (shell := ipython.get_ipython()):
    shell.events.register("post_run_cell", _note)
