"""What is installed here, in one line, without loading any of it."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import attention_lib

PACKAGES = {
    "NumPy": ("numpy",),
    "Matplotlib": ("matplotlib",),
    "ipywidgets": ("ipywidgets",),
    "JupyterLab": ("jupyterlab",),
    "Keras": ("keras",),
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
}
SLOW = {"Keras": "keras", "TensorFlow": "tensorflow"}  # worth knowing whether they are loaded


def versions() -> str:
    """Versions of Python, of this library and of the packages it stands on.

    Returns:
        One line, such as "Python 3.12.3 · attention_lib 0.1.0 · NumPy 2.3.1 · ...". What is missing
        is named, and so is whether Keras and TensorFlow have been loaded in this process.
    """
    parts = [f"Python {platform.python_version()}", f"attention_lib {attention_lib.__version__}"]
    for name, distributions in PACKAGES.items():
        found = next(filter(None, map(_version, distributions)), None)
        parts.append(f"{name} {found}" if found else f"no {name}")
        if found and name in SLOW:
            parts[-1] += " (loaded)" if SLOW[name] in sys.modules else " (not loaded)"
    return " · ".join(parts)


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
