"""Which other notebooks hold memory, and a button that shuts them down."""

from pathlib import Path

import anywidget
import traitlets
from IPython import get_ipython

_HERE = Path(__file__).parent


class Kernels(anywidget.AnyWidget):
    """The other notebooks that are running on this server; `kernel` is the id of this one."""

    _esm = _HERE / "kernels.js"
    _css = _HERE / "kernels.css"
    kernel = traitlets.Unicode().tag(sync=True)


def show_kernels() -> Kernels:
    """Show which other notebooks are running, with a button that shuts them down.

    For notebooks that load TensorFlow: a visitor on Binder has 2 GB at most for all that run.

    Returns:
        The widget. The page asks its own server; where there is none to ask, it says so.
    """
    return Kernels(kernel=_own_id())


def _own_id() -> str:
    """The id that the server knows this kernel by; "" outside a notebook."""
    application = getattr(getattr(get_ipython(), "parent", None), "parent", None)
    return Path(getattr(application, "connection_file", "")).stem.removeprefix("kernel-")
