"""What is installed here, told without loading any of it."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import attention_lib
from attention_lib.language import say

LIGHT = {"NumPy": "numpy", "Matplotlib": "matplotlib", "ipywidgets": "ipywidgets"}
HEAVY = {"Keras": ("keras",), "TensorFlow": ("tensorflow", "tensorflow-cpu")}


def installed() -> str:
    """Versions of Python, of this library and of the packages it stands on.

    Returns:
        Two lines: what every notebook needs, and what only the notebooks with Keras models need,
        with a word on whether that has been loaded into this process. What is missing is named.
    """
    light = {name: _version(distribution) for name, distribution in LIGHT.items()}
    heavy = {
        name: next(filter(None, map(_version, either)), None) for name, either in HEAVY.items()
    }
    ours = {"Python": platform.python_version(), "attention_lib": attention_lib.__version__}
    loaded = say("loaded") if "keras" in sys.modules else say("not loaded")
    return f"{_line(ours | light)}\n{_line(heavy)} ({loaded})"


def _line(found: dict[str, str | None]) -> str:
    missing = say("is missing")
    return " · ".join(f"{name} {version or missing}" for name, version in found.items())


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
