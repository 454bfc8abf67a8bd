"""Which other notebooks hold memory, and a button that shuts them down."""

import os
from pathlib import Path

import anywidget
import traitlets

from attention_lib.figures import output
from attention_lib.language import say, script
from attention_lib.panels.kit.session import ASK, own_id

_HERE = Path(__file__).parent


class Memory(anywidget.AnyWidget):
    """The other notebooks and apps that are running on this server.

    `kernel` is the id of this one, `limit` what all may hold together, in GB, or 0 if none is told.
    """

    _esm = script(ASK, _HERE / "memory.js")
    _css = (_HERE / "memory.css").read_text("utf-8")
    kernel = traitlets.Unicode().tag(sync=True)
    limit = traitlets.Float().tag(sync=True)

    def _ipython_display_(self) -> None:
        words = say(
            "Here stands which other notebooks are running, and a button that shuts them down."
        )
        output.show(self, words, f"<p>{words}</p>")


def show_memory() -> Memory:
    """Show which other notebooks and apps are running, with a button that shuts them down.

    For notebooks that load TensorFlow: a visitor on Binder has 2 GB at most for all that run.

    Returns:
        The widget. The page asks its own server; where there is none to ask, it says so.
    """
    return Memory(kernel=own_id(), limit=_limit())


def _limit() -> float:
    """What a hub allows all kernels of one person together, in GB; 0 where nobody says."""
    told = os.environ.get("MEM_LIMIT", "")  # in bytes; set by JupyterHub, and so on Binder
    return int(told) / 2**30 if told.isdecimal() else 0.0
