"""Widgets whose page notices that their kernel is gone, or does not answer (session.js).

And what a page needs that asks the server about this notebook (server.js).
"""

from pathlib import Path
from typing import Any

import anywidget
from IPython import get_ipython

from attention_lib import language

_HERE = Path(__file__).parent
ASK = _HERE / "server.js"
SESSION_CSS = (_HERE / "session.css").read_text("utf-8")


def watching(*scripts: Path) -> str:
    """A module of scripts that begins with what watches the session.

    Args:
        scripts: the files, in order; the last one has the default export.
    """
    return language.script(_HERE / "session.js", *scripts)


def own_id() -> str:
    """The id that the server knows this session by; "" outside a notebook."""
    application = getattr(getattr(get_ipython(), "parent", None), "parent", None)
    return Path(getattr(application, "connection_file", "")).stem.removeprefix("kernel-")


class SessionWidget(anywidget.AnyWidget):
    """A widget that answers when its page asks whether the kernel is still there."""

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if content == {"there": True}:
            self.send({"heard": True})


class SessionLine(SessionWidget):
    """A line that is empty while all is well: it says when the buttons beside it have no kernel."""

    _esm = watching(_HERE / "session_line.js")
    _css = SESSION_CSS
