"""Which other notebooks hold memory, and a button that shuts them down."""

import os
from pathlib import Path

import anywidget
import traitlets

from attention_lib.figures import output
from attention_lib.language import say
from attention_lib.panels.kit.session import ASK, own_id

_HERE = Path(__file__).parent
WORDS = {  # of the page, by the names that memory.js has for them; it fills the {places}
    "app": say("an app without a notebook"),
    "apps": say("{count} apps without a notebook"),
    "shut": say("Shut it down"),
    "shut_all": say("Shut all {count} down"),
    "running": say("Also running, and holding memory: {names}."),
    "alone": say("No other notebook is running: the memory is yours."),
    "unasked": say(
        "The server could not be asked ({problem}). Shut notebooks down by hand: the tab with the "
        "square in a circle, on the left."
    ),
    "elsewhere": say("Only JupyterLab can tell which other notebooks are running."),
}


class Memory(anywidget.AnyWidget):
    """The other notebooks and apps that are running on this server.

    `kernel` is the id of this one, and `words` are what the page says, by name.
    """

    _esm = ASK.read_text("utf-8") + (_HERE / "memory.js").read_text("utf-8")
    _css = (_HERE / "memory.css").read_text("utf-8")
    kernel = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

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
    limit, shared = _limit(), ""
    if limit:
        shared = say(
            "All share {limit} GB here. The kernel that finds none left dies, and its notebook "
            "must be run again.",
            limit=f"{round(limit, 1):g}",
        )
    return Memory(kernel=own_id(), words={**WORDS, "shared": shared})


def _limit() -> float:
    """What a hub allows all kernels of one person together, in GB; 0 where nobody says."""
    told = os.environ.get("MEM_LIMIT", "")  # in bytes; set by JupyterHub, and so on Binder
    return int(told) / 2**30 if told.isdecimal() else 0.0
