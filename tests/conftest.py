"""What holds for every test: offline (see also pyproject.toml), quiet and strict."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["ATTENTION_LIB_STRICT"] = "1"  # panels raise what they would otherwise say in words
os.environ["MPLBACKEND"] = "agg"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

# Timings depend on who else uses the machine, so no test may fail for being slow.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.register_profile("rough", settings.get_profile("here"), max_examples=5000)
settings.load_profile("ci" if os.environ.get("CI") else "here")

KERNEL_SIDE = Path(__file__).parent / "kernel"
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def jupyter_environment(tmp_path_factory) -> dict[str, str]:
    """Environment for a Jupyter of our own: nothing of the user's is read or written.

    Its kernels are offline and let no error or warning pass (tests/kernel). What they tried to
    reach is written to the file that OFFLINE_LOG names.
    """
    home = tmp_path_factory.mktemp("jupyter")
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-strict.py").write_text("__import__('strict').begin()\n")
    log = home / "offline.log"
    log.touch()
    as_ours = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return as_ours | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": os.pathsep.join((str(KERNEL_SIDE), str(ROOT))),  # this tree's library
        "OFFLINE_LOG": str(log),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else JupyterLab's debugger warns of Python 3.13
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
