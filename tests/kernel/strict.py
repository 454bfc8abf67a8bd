"""Runs inside a kernel under test: warnings are errors, and no error goes unseen."""

import asyncio
import sys
import threading
import warnings

from IPython import get_ipython

OTHERS_WARNINGS = [
    "For consistency across implementations",  # ipykernel 7 of itself, when it shuts down
    "__array__ implementation doesn't accept a copy keyword",  # Keras of TensorFlow, as it saves
]


def begin() -> None:
    """Make this kernel strict from its first cell on; its own start may warn."""
    get_ipython().events.register("pre_execute", be_strict)


def be_strict() -> None:
    """Turn warnings into errors, and show the errors that would only be logged or printed."""
    get_ipython().events.unregister("pre_execute", be_strict)
    warnings.simplefilter("error")
    for message in OTHERS_WARNINGS:
        warnings.filterwarnings("ignore", message)
    threading.excepthook = lambda unhandled: show(unhandled.exc_value)
    sys.unraisablehook = lambda unhandled: show(unhandled.exc_value)
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: show(context.get("exception") or RuntimeError(context["message"]))
    )


def show(error: BaseException) -> None:
    """Send `error` to the page, as an error in a cell is sent: the tests listen for these."""
    get_ipython().showtraceback((type(error), error, error.__traceback__))
