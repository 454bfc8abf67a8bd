"""The harness itself: what goes wrong in a notebook is told, however well it hides."""

import nbformat
import pytest

from tests.notebooks.harness import run_notebook


@pytest.fixture
def run_cells(tmp_path, jupyter_environment):
    """Run a notebook of the given cells; a dict gives a cell's tags too."""

    def run(*sources, tags=()):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        cells[-1].metadata["tags"] = list(tags)
        path = tmp_path / "mine" / "notebook.ipynb"
        path.parent.mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return run_notebook(path, tmp_path / "workplace", jupyter_environment)

    return run


def test_a_good_notebook_has_no_problems(run_cells):
    run = run_cells("import ipywidgets as w\nslider = w.IntSlider(3, 0, 9)", "slider")
    assert run.problems == []
    assert run.controls_driven == 1
    assert run.empty_without_a_kernel == ["slider"]  # for a plain widget has no picture beside it
    assert "ipywidgets" in run.modules
    assert "tensorflow" not in run.modules


def test_a_cell_that_raises_is_told_and_ends_the_run(run_cells):
    run = run_cells("1 / 0", "raise KeyError('never reached')")
    assert run.problems == ["ZeroDivisionError: division by zero"]


def test_a_kernel_that_dies_is_told(run_cells):
    assert run_cells("import os", "os._exit(1)").problems == ["Kernel died"]


def test_an_error_that_a_cell_is_there_to_show_is_fine(run_cells):
    assert run_cells("x = 1", "x / 0", tags=["raises-exception"]).problems == []


SLIDER = "import ipywidgets as w\nslider = w.IntSlider(3, 0, 9)\n"


def test_a_callback_that_raises_at_one_end_of_a_slider_is_told(run_cells):
    run = run_cells(SLIDER + "slider.observe(lambda change: 1 / (change.new - 9), 'value')\nslider")
    assert run.problems == ["ZeroDivisionError: division by zero"]


def test_a_callback_that_cannot_take_what_is_typed_is_told(run_cells):
    run = run_cells(
        "import ipywidgets as w\nbox = w.FloatText(3)\nbox",
        "box.observe(lambda change: 1 / change.new, 'value')",
    )
    assert run.problems == ["ZeroDivisionError: float division by zero"]


def test_an_error_that_interact_swallows_is_told(run_cells):
    run = run_cells("from ipywidgets import interact\ninteract(lambda x: 1 / (x - 9), x=(0, 9));")
    assert "ZeroDivisionError: division by zero" in run.problems


def test_an_error_that_an_output_widget_swallows_is_told(run_cells):
    run = run_cells(
        SLIDER + "out = w.Output()\nslider.observe(out.capture()(lambda change: 1 / 0), 'value')",
        "out",
    )
    assert "ZeroDivisionError: division by zero" in run.problems


def test_an_error_in_a_button_is_told(run_cells):
    run = run_cells("import ipywidgets as w\nb = w.Button()\nb.on_click(lambda b: 1 / 0)\nb")
    assert run.problems == ["ZeroDivisionError: division by zero"]


def test_an_error_in_a_timer_is_told(run_cells):
    run = run_cells("import asyncio\nasyncio.get_running_loop().call_later(0.1, lambda: 1 / 0);")
    assert run.problems == ["ZeroDivisionError: division by zero"]


def test_an_error_in_a_thread_is_told(run_cells):
    run = run_cells("import threading\nthreading.Thread(target=lambda: 1 / 0).start()")
    assert run.problems == ["ZeroDivisionError: division by zero"]


@pytest.mark.parametrize(
    "shown", ["np.float32(0.5)", "np.arange(3)", "[np.int64(3)]", "np.array(1) < 3"]
)
def test_a_value_shown_as_code_is_told(run_cells, shown):
    (problem,) = run_cells("import numpy as np", shown).problems
    assert problem.startswith("a learner would read '")
    assert "np." in problem or "array(" in problem


def test_a_warning_is_an_error(run_cells):
    run = run_cells("import warnings\nwarnings.warn('old', DeprecationWarning)")
    assert run.problems == ["DeprecationWarning: old"]


def test_what_is_written_to_stderr_is_told(run_cells):
    assert run_cells("import sys\nprint('hm', file=sys.stderr)").problems == ["stderr: hm\n"]


CARRY_ON = "try:\n    {}\nexcept Exception as error:\n    print(error)"


@pytest.mark.parametrize(
    "attempt",
    [
        "urllib.request.urlopen('http://example.org')",
        "socket.create_connection(('192.0.2.1', 80))",
        "with socket.socket(type=socket.SOCK_DGRAM) as s: s.sendto(b'x', ('192.0.2.1', 9))",
        "subprocess.run([sys.executable, '-c', f'import socket; {LOOK_UP}'], capture_output=True)",
    ],
)
def test_reaching_for_the_network_is_told_even_if_the_notebook_carries_on(run_cells, attempt):
    run = run_cells(
        "import socket, subprocess, sys, urllib.request\n"
        "LOOK_UP = 'socket.gethostbyname(\"example.org\")'",
        CARRY_ON.format(attempt),
    )
    assert run.problems in (["wanted to reach example.org"], ["wanted to reach 192.0.2.1"])


def test_loopback_may_be_reached(run_cells):
    run = run_cells(
        "import socket",
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(('localhost', server.getsockname()[1])).close()",
    )
    assert run.problems == []
