"""The notebooks run: in order, offline, warnings as errors, every control moved to its ends."""

from tests.notebooks import LIGHT, LIVE


def test_it_runs_and_every_control_moves_without_a_problem(notebook_run):
    assert notebook_run.problems == []


def test_a_live_notebook_has_controls(notebook_path, notebook_run):
    assert notebook_run.controls_driven > 0 or notebook_path.stem not in LIVE


def test_a_light_notebook_loads_no_tensorflow(notebook_path, notebook_run):
    if notebook_path.stem in LIGHT:
        assert not notebook_run.modules & {"tensorflow", "keras", "torch", "jax"}


def test_what_it_shows_can_be_read_the_next_day(notebook_run):
    assert notebook_run.empty_without_a_kernel == []
