"""What holds for every test: offline (see also pyproject.toml), quiet and strict."""

import os
import sys
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
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# What `make check`, `pytest --quick`, leaves out whole: it needs a browser, TensorFlow or processes
# of its own. A single test that does is marked `tensorflow`; one that tries every state, `sweep`.
# Of a test that draws panels for many cases, some are left.
NOT_QUICK = (
    "browser",
    "costs/test_networks.py",
    "course/checks/test_keras_checks.py",
    "course/museum/test_keras_exhibits.py",
    "course/predict/test_network.py",
    "course/test_rough_place.py",
    "course/test_websocket.py",
    "experiments/test_networks.py",
    "experiments/test_training.py",
    "figures/test_fonts.py",
    "layers",
    "models",
    "notebooks/test_claims_keras.py",
    "notebooks/test_claims_your_network.py",
    "notebooks/test_execution.py",
    "notebooks/test_exercises_keras.py",
    "notebooks/test_harness.py",
    "pages/test_execute.py",
    "pages/test_record.py",
    "pages/test_site.py",
    "panels/test_fuzz.py",
    "panels/test_in_chinese.py",
    "panels/test_your_network.py",
    "test_extras.py",
    "test_imports.py",
    "test_keras_import.py",
    "test_setup.py",
)
DRAWS_PANELS = (
    "tests/course/museum/test_panel.py",
    "tests/course/test_story.py",
    "tests/figures/test_still.py",
    "tests/panels/",
)
SOME = 3
ON_SCREEN = "tests/browser/"  # one JupyterLab for all of them
KERNEL_SIDE = Path(__file__).parent / "kernel"
ROOT = Path(__file__).parents[1]


def pytest_addoption(parser):
    parser.addoption(
        "--quick", action="store_true", help="no browser, TensorFlow or sweeps, few cases"
    )


def pytest_configure(config):
    if config.getoption("--quick"):
        settings.load_profile("quick")


def pytest_ignore_collect(collection_path, config):
    left_out = [Path(__file__).parent / name for name in NOT_QUICK]
    return True if config.getoption("--quick") and collection_path in left_out else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Of two processes one has all that needs JupyterLab, test by test; a file stays together."""
    from xdist.scheduler import LoadScopeScheduling

    class ByScreen(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return "browser" if file.startswith(ON_SCREEN) else file

    return ByScreen(config, log)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--quick"):
        left_out = ("tensorflow", "sweep")
        items[:] = [item for item in items if not any(map(item.get_closest_marker, left_out))]
        items[:] = some_cases(items)


def some_cases(items):
    """Of a test with many cases that draws panels take a few that lie apart, of others all."""
    tests = {}
    for item in items:
        tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name, cases in tests.items():
        step = -(-len(cases) // SOME) if name.startswith(DRAWS_PANELS) else 1
        yield from cases[::step]


@pytest.fixture(scope="session", autouse=True)
def quick_is_quick(request):
    """What is left of the tests by --quick loads no TensorFlow; a test that does must say so."""
    yield
    assert not (request.config.getoption("--quick") and "tensorflow" in sys.modules)


@pytest.fixture(scope="module", autouse=True)
def widgets_are_let_go():
    """ipywidgets keeps every widget until it is closed, and a figure keeps its pixels."""
    yield
    if widgets := sys.modules.get("ipywidgets"):
        widgets.Widget.close_all()


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


@pytest.fixture
def outputs_of(monkeypatch):
    """What a cell whose last line is a widget shows: the data of its two outputs."""
    from attention_lib.figures import output

    shown = []
    monkeypatch.setattr(output, "display", lambda data, raw: shown.append(data))

    def outputs(widget) -> list[dict]:
        shown.clear()
        widget._ipython_display_()
        return list(shown)

    return outputs
