"""Settings, stored runs and their statistics."""

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.experiments import runs, tasks
from attention_lib.experiments.runs import choose, load_runs
from attention_lib.experiments.statistics import difference, mean_interval

STORED = ["cued", "far", "digits", "deep", "planted"]


def test_what_a_mechanism_does_not_use_is_left_out():
    assert choose("cued", "none", reduction=8, kernel_size=9)[1:4] == ("none", None, None)
    assert choose("cued", "se", reduction=8, kernel_size=9)[1:4] == ("se", 8, None)
    assert choose("cued", "eca", reduction=8, kernel_size=9)[1:4] == ("eca", None, 9)


def test_a_row_is_named_by_all_but_the_seed():
    names = {choose("cued", "se", reduction=8, seed=seed).row for seed in range(3)}
    assert names == {"SE, r = 8"}
    assert choose("cued", "eca", kernel_size=9).row == "ECA, k = 9"
    assert choose("cued", "wider").row == "no attention, wider"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"task": "mnist"}, "`task` must be 'cued'"),
        ({"mechanism": "transformer"}, "`mechanism` must be 'none', 'wider'"),
        ({"reduction": 0}, "`reduction` must be a whole number of 1 or more"),
        ({"reduction": 33}, "`reduction` must not exceed the 32 channels"),
        ({"mechanism": "eca", "kernel_size": 4}, "`kernel_size` must be odd"),
        ({"seed": -1}, "`seed` must be a whole number from 0 to"),
        ({"seed": 2**32}, "`seed` must be a whole number from 0 to 4294967295"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        choose(**{"task": "cued", **arguments})


def test_an_interval_worked_out_by_hand():
    interval = mean_interval([0.90, 0.92, 0.94, 0.96, 0.98])
    # deviations -4, -2, 0, 2, 4 hundredths: variance 40 / 4 = 10, and 2.776 * sqrt(10 / 5) = 3.926
    assert interval.mean == pytest.approx(0.94)
    assert interval.half == pytest.approx(0.03926, abs=1e-5)
    assert (interval.low, interval.high) == pytest.approx((0.90074, 0.97926), abs=1e-5)
    assert interval.runs == 5


def test_a_difference_is_taken_seed_by_seed():
    """Where a hard seed is hard for both, the difference is sharp though the means are not."""
    these, those = [0.70, 0.80, 0.90], [0.69, 0.79, 0.89]
    assert mean_interval(these).half > 0.2
    assert difference(these, those).half == pytest.approx(0, abs=1e-9)
    assert difference(these, those).verdict == "higher"
    assert difference(those, these).verdict == "lower"


def test_a_difference_within_noise_is_called_that():
    assert difference([0.91, 0.90, 0.92], [0.90, 0.91, 0.92]).verdict == "within noise"


def test_nineteen_of_twenty_intervals_hold_the_truth():
    rng = np.random.default_rng(0)
    held = [
        (interval := mean_interval(rng.normal(size=5))).low < 0 < interval.high for _ in range(4000)
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=13))
def test_an_interval_holds_its_mean(values):
    interval = mean_interval(values)
    assert interval.low <= interval.mean <= interval.high


@pytest.mark.parametrize("values", [[], [0.9], [0.9] * 14])
def test_an_interval_needs_two_runs(values):
    with pytest.raises(ValueError, match="`values` must hold 2 to 13 runs"):
        mean_interval(values)


def test_a_difference_needs_partners():
    with pytest.raises(ValueError, match="must be of the same seeds"):
        difference([0.9, 0.8], [0.9])


@pytest.mark.parametrize("task", STORED)
def test_every_stored_row_has_five_seeds_and_a_whole_history(task):
    archive = load_runs(task)
    assert archive.recipe["epochs"] == tasks.TASKS[task].epochs
    assert {"attention_lib", "keras", "numpy", "python"} <= archive.versions.keys()
    for row, found in archive.rows().items():
        assert [run.settings.seed for run in found] == list(range(5)), row
        assert len({run.weights for run in found}) == 1
        for run in found:
            assert len(run.tested) == tasks.TASKS[task].epochs + 1
            assert len(run.loss) == len(run.accuracy) == tasks.TASKS[task].epochs
            assert run.forced["its own"] == pytest.approx(run.tested[-1], abs=1e-3)


@pytest.mark.parametrize("task", STORED)
def test_stored_runs_are_small(task):
    path = resources.files("attention_lib.data") / "runs" / f"{task}.json"
    assert len(path.read_bytes()) < 300_000
    assert json.loads(path.read_text())["task"] == task


def test_a_task_without_stored_runs_has_none():
    assert load_runs("cifar10").runs == ()


def test_a_row_that_is_not_there_gets_the_names_of_those_that_are():
    with pytest.raises(ValueError, match="`row` must be 'no attention'"):
        load_runs("cued").accuracies("SE, r = 3")


def test_the_wider_network_has_no_fewer_weights_than_se():
    for task in ("cued", "far", "digits", "planted"):
        rows = load_runs(task).rows()
        wider, se = rows["no attention, wider"][0].weights, rows["SE, r = 4"][0].weights
        assert se <= wider < 1.05 * se


def test_progress_knows_how_far_it_is():
    history = runs.History(choose("cued"), 12, 0)
    assert (history.epoch, history.finished) == (0, False)
    assert history._replace(at=(1.0, 12.0)).finished
