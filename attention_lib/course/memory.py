"""Which other notebooks hold memory, and a button that shuts them down."""

import os
from pathlib import Path

import anywidget
import traitlets
from IPython import get_ipython

_HERE = Path(__file__).parent


class Memory(anywidget.AnyWidget):
    """The other notebooks that are running on this server.

    `kernel` is the id of this one, `limit` what all may hold together, in GB, or 0 if none is told.
    """

    _esm = _HERE / "memory.js"
    _css = _HERE / "memory.css"
    kernel = traitlets.Unicode().tag(sync=True)
    limit = traitlets.Float().tag(sync=True)


def show_memory() -> Memory:
    """Show which other notebooks are running, with a button that shuts them down.

    For notebooks that load TensorFlow: a visitor on Binder has 2 GB at most for all that run.

    Returns:
        The widget. The page asks its own server; where there is none to ask, it says so.
    """
    return Memory(kernel=_own_id(), limit=_limit())


def _own_id() -> str:
    """The id that the server knows this kernel by; "" outside a notebook."""
    application = getattr(getattr(get_ipython(), "parent", None), "parent", None)
    return Path(getattr(application, "connection_file", "")).stem.removeprefix("kernel-")


def _limit() -> float:
    """What a hub allows all kernels of one person together, in GB; 0 where nobody says."""
    told = os.environ.get("MEM_LIMIT", "")  # in bytes; set by JupyterHub, and so on Binder
    return int(told) / 2**30 if told.isdecimal() else 0.0
