"""Training: a new run agrees with the stored one, and a run can rest at any time."""

import json

import numpy as np
import pytest

from attention_lib.experiments import probes, runs, tasks, training
from attention_lib.experiments.probes import explained
from attention_lib.experiments.runs import choose, load_runs
from attention_lib.experiments.training import Trainer, accuracy, fit
from tools import remake_runs

# How far a new run may be from the stored one of the same seed: other processors and versions add
# up in another order, and after some hundred steps that is as good as another seed.
ACCURACY_TOLERANCE = 0.03
GATE_TOLERANCE = 0.12
SETTINGS = choose("planted", "se", seed=0)


@pytest.fixture(scope="module")
def interrupted():
    """A fit that is interrupted after an epoch: what is said, and the run."""

    def interrupt(words):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as said:
        fit("planted", "se", seed=0, tell=interrupt)
    return str(said.value), training._rested[choose("planted", "se", seed=0)]


@pytest.fixture(scope="module")
def run(interrupted):
    return fit("planted", "se", seed=0, tell=None)


@pytest.fixture(scope="module")
def stored():
    return load_runs("planted").rows()["SE, r = 4"][0]


def test_a_new_run_agrees_with_the_stored_one(run, stored):
    assert run.history.weights == stored.weights
    assert run.history.tested[-1] == pytest.approx(stored.tested[-1], abs=ACCURACY_TOLERANCE)


def test_its_gates_agree_too(run, stored):
    gates = probes.mean_gates(run)[0].mean(0)
    for channels in (slice(0, None, 2), slice(1, None, 2)):
        expected = stored.gates_by_epoch[-1][channels].mean()
        assert gates[channels].mean() == pytest.approx(expected, abs=GATE_TOLERANCE)


def test_what_is_lost_without_listening_agrees(run, stored):
    forced = probes.force_gates(run)
    assert forced.keys() == stored.forced.keys()
    assert forced["its own"] == run.history.tested[-1]
    assert forced["its mean"] == pytest.approx(stored.forced["its mean"], abs=0.06)


def test_a_run_says_how_it_goes_after_every_epoch(run):
    history = run.history
    assert history.finished
    assert len(history.tested) == history.epochs + 1
    assert history.at[-1] == history.epochs
    assert history.loss[0] > 1 > history.loss[-1]
    np.testing.assert_allclose(history.chances.sum(1), 1, rtol=1e-5)


def test_a_finished_run_learns_no_more(run):
    before = run.network.get_weights()
    run.advance()
    assert all((a == b).all() for a, b in zip(before, run.network.get_weights(), strict=True))


def weights_after(trainer, stretches):
    for _ in range(stretches):
        trainer.advance(2)
    return trainer.network.get_weights()


def test_a_rest_changes_nothing():
    """Neither does another run of the same shape in the meantime, though both share a function."""
    straight = weights_after(Trainer(SETTINGS), 4)
    rested, other = Trainer(SETTINGS), Trainer(SETTINGS._replace(seed=5))
    weights_after(rested, 2)
    weights_after(other, 3)
    for here, there in zip(weights_after(rested, 2), straight, strict=True):
        np.testing.assert_allclose(here, there, atol=1e-6)


def test_runs_of_one_shape_share_one_compiled_function():
    """Each that TensorFlow compiles keeps some 15 MB for good."""
    weights_after(Trainer(SETTINGS), 1)
    before = training._learner.cache_info().currsize
    weights_after(Trainer(SETTINGS._replace(seed=6)), 1)
    assert training._learner.cache_info().currsize == before


def test_an_interruption_costs_no_more_than_the_stretch_under_way(monkeypatch):
    straight = weights_after(Trainer(SETTINGS), 2)
    trainer = Trainer(SETTINGS)
    weights_after(trainer, 1)
    learner = training._learner(SETTINGS._replace(seed=0), trainer.network.input_shape[1:])
    learn = learner.train_on_batch

    def interrupt(*batch):
        learn(*batch)
        raise KeyboardInterrupt

    monkeypatch.setattr(learner, "train_on_batch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        trainer.advance(2)
    monkeypatch.undo()
    for here, there in zip(weights_after(trainer, 1), straight, strict=True):
        np.testing.assert_allclose(here, there, atol=1e-6)


@pytest.mark.parametrize("where", ["forward", "accuracy"])
def test_an_interruption_while_it_is_looked_at_costs_nothing(monkeypatch, where):
    trainer = Trainer(SETTINGS)
    trainer.advance(30)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, where, interrupt)
    with pytest.raises(KeyboardInterrupt):
        trainer.advance()
    assert trainer.history.epoch == pytest.approx(30 / 32)
    monkeypatch.undo()
    assert trainer.advance().at == (30 / 32, 1)
    assert len(trainer.history.tested) == 2


def test_a_fit_that_is_interrupted_says_where_it_rests_and_goes_on_from_there(interrupted, run):
    words, rested = interrupted
    assert words.startswith(f"The run rests after 1.0 of {run.history.epochs} epochs. Run the cell")
    assert run is rested
    assert training._rested == {}


def test_a_stretch_does_not_go_beyond_the_end_of_an_epoch():
    trainer = Trainer(SETTINGS)
    trainer.advance(30)
    assert trainer.history.epoch == pytest.approx(30 / 32)
    assert len(trainer.history.tested) == 1
    trainer.advance(30)
    assert trainer.history.epoch == 1
    assert len(trainer.history.tested) == 2


def test_flipping_the_mark_puts_the_other_pictures_gates_in_place(monkeypatch):
    monkeypatch.setattr(tasks, "TEST_PAIRS", 100)
    trainer = Trainer(choose("cued", "se"))
    forced = probes.force_gates(trainer)
    assert set(forced) == {
        "its own",
        "all one",
        "its mean",
        "another picture's",
        "mark flipped",
        "mark flipped, other digit",
    }
    off, on = probes.mean_gates(trainer)[0]
    assert off.shape == on.shape == (32,)


def test_without_gates_there_is_nothing_to_force():
    trainer = Trainer(choose("planted", "none"))
    assert probes.force_gates(trainer) == {"its own": trainer.history.tested[0]}
    assert probes.mean_gates(trainer) == ()
    assert probes.gate_spread(trainer) == ()


def test_the_share_explained_worked_out_by_hand():
    values = np.array([[1.0], [3.0], [5.0], [7.0]])
    # total variance 5; within the groups 1 each, so 4 of 5 lie between them
    assert explained(values, np.array([0, 0, 1, 1])) == pytest.approx(0.8)
    assert explained(values, np.array([0, 1, 1, 0])) == pytest.approx(0)
    assert explained(np.ones((4, 3)), np.array([0, 0, 1, 1])) == 0


def test_accuracy_counts_right_answers():
    examples = tasks.probes("planted")
    logits = np.eye(6)[[0, 1, 2, 3, 0, 0]]
    assert accuracy(training.Pass((), logits), examples) == pytest.approx(4 / 6)


def test_remaking_writes_what_loading_reads(tmp_path, monkeypatch, capsys):
    def measured(settings):
        return runs.Stored(
            settings, 7, 1.23456, (0.5,), (0.8,), (0.1, 0.9), {"its own": 0.9},
            (np.full((2, 3), 0.12345),), ({"spread": 0.1, "class": 0.2, "mark": 0.0},), np.zeros(0),
        )  # fmt: skip

    monkeypatch.setattr(remake_runs, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(remake_runs, "measure", measured)
    monkeypatch.setattr(remake_runs, "VARIANTS", {"deep": [{"mechanism": "se"}]})
    remake_runs.main(["--all"])
    assert "deep: SE, r = 4, seed 4: 0.900" in capsys.readouterr().out
    kept = json.loads((tmp_path / "runs" / "deep.json").read_text())
    assert kept["recipe"]["epochs"] == 12
    revived = [runs._revive("deep", run) for run in kept["runs"]]
    assert [run.settings for run in revived] == [choose("deep", "se", seed=s) for s in range(5)]
    assert revived[0].seconds == 1.2346
    np.testing.assert_array_equal(revived[0].groups[0], np.full((2, 3), 0.1234))
    assert revived[1].groups == ()


@pytest.mark.parametrize("arguments", [[], ["mnist"]])
def test_the_command_says_what_it_can_remake(arguments, capsys):
    with pytest.raises(SystemExit):
        remake_runs.main(arguments)
    assert "planted" in capsys.readouterr().err
