"""The training panel, driven by its controls and buttons; what it shows is what a run gives."""

import sys
import time
import types

import numpy as np
import pytest

from attention_lib.experiments import runs, tasks
from attention_lib.experiments.runs import choose, load_runs
from attention_lib.panels import show_training
from attention_lib.panels.training.live_run import LiveRun
from attention_lib.panels.training.state import split

STORED = ("far", "digits", "deep", "planted")


class Pupil:
    """Stands in for a Trainer: learns at once, and says what a network of this kind might."""

    stretch = 4

    def __init__(self, settings):
        self.settings = settings
        task = tasks.TASKS[settings.task]
        self.rng = np.random.default_rng(settings.seed)
        probes = len(tasks.probes(settings.task).labels)
        gated = settings.mechanism in runs.GATED
        self.history = runs.History(
            settings,
            task.epochs,
            1234,
            tested=(0.1,),
            gates=tuple(self.rng.random((probes, c)) for c in task.attended if gated),
            chances=self.rng.dirichlet(np.ones(len(task.classes)), probes),
        )

    def advance(self):
        now = self.history.epoch + self.stretch
        tested = self.history.tested + ((0.9,) if float(now).is_integer() else ())
        self.history = self.history._replace(
            at=(*self.history.at, now),
            loss=(*self.history.loss, 1 / (1 + now)),
            accuracy=(*self.history.accuracy, 0.5),
            tested=tested,
        )
        return self.history


@pytest.fixture
def quick(monkeypatch):
    """Let panels train a Pupil, so that Keras is not needed."""
    monkeypatch.setitem(
        sys.modules, "attention_lib.experiments.training", types.SimpleNamespace(Trainer=Pupil)
    )


def shown(panel):
    return panel.figure.scene


def press(panel, name):
    next(b for b in panel._buttons if b.tooltip.startswith(name)).click()


START, PAUSE, STOP = "Learn", "Rest", "Give"


def finish(panel):
    press(panel, START)
    panel.run.wait()


def words(panel):
    return " ".join(line.get_text() for line in shown(panel).sentences)


def test_before_the_start_the_stored_runs_stand_there_and_nothing_else():
    panel = show_training()
    assert panel.run.status == "ready"
    assert "press Start" in words(panel)
    assert len(shown(panel).loss.get_xdata()) == 0
    stored = [line for line in shown(panel)._tests.lines if len(line.get_xdata()) == 13]
    assert len(stored) == 10  # of SE and without attention
    np.testing.assert_allclose(
        stored[5].get_ydata(), load_runs("cued").rows()["SE, r = 4"][0].tested
    )


def test_no_panel_loads_keras_before_it_is_needed():
    assert "attention_lib.experiments.training" not in LiveRun.__init__.__globals__
    panel = show_training()
    assert panel.run._thread is None


@pytest.mark.parametrize(
    ("task", "mechanism"),
    [*(("cued", name) for name in runs.MECHANISMS), *((name, "se") for name in STORED)],
)
def test_what_is_shown_is_what_the_run_gives(quick, task, mechanism):
    panel = show_training(task, mechanism, picture=1)
    finish(panel)
    history = panel.run.history
    assert panel.message == ""
    assert panel.run.status == "finished"
    assert panel.state.history is history
    np.testing.assert_array_equal(shown(panel).loss.get_ydata(), history.loss)
    np.testing.assert_array_equal(shown(panel).tested.get_ydata(), history.tested)
    at = 3 if tasks.TASKS[task].marked else 1
    np.testing.assert_array_equal(shown(panel).chances.values, history.chances[at])
    for bars, gates in zip(shown(panel).gates, history.gates, strict=True):
        expected = np.concatenate(split(gates[at])) if task == "planted" else gates[at]
        np.testing.assert_array_equal(bars.values, expected)
    assert f"{history.tested[-1]:.3f}" in panel.figure.alt
    assert ("no gates" in words(panel)) == (mechanism in ("none", "wider"))


def test_the_mark_can_be_moved_and_the_gates_follow(quick):
    panel = show_training(picture=4, mark=True)
    finish(panel)
    gates = panel.run.history.gates[0]
    np.testing.assert_array_equal(shown(panel).gates[0].values, gates[9])
    panel.controls["mark"].value = False
    np.testing.assert_array_equal(shown(panel).gates[0].values, gates[8])
    move = np.abs(gates[8] - gates[9]).mean()
    assert f"by {move:.2f} and" in words(panel)
    first, second = tasks.probes("cued").labels[[9, 8]]
    assert f"of {first} and {second} the second is asked" in words(panel)


def test_the_dashes_are_the_gates_with_the_mark_the_other_way(quick):
    panel = show_training(picture=4, mark=True)
    finish(panel)
    first, height = shown(panel)._spans[1]
    ys = np.asarray(shown(panel).dashes[1].get_ydata())
    np.testing.assert_allclose(1 - (ys - first) / height, panel.run.history.gates[1][8])


def test_the_words_are_those_of_the_run(quick):
    panel = show_training("planted", picture=0)
    finish(panel)
    real, planted = split(panel.run.history.gates[0][0])
    assert f"real maps {real.mean():.2f}, of the planted maps {planted.mean():.2f}" in words(panel)
    chances = panel.run.history.chances[0]
    verdict = "right" if chances.argmax() == 0 else "wrong"
    assert f"{verdict}, {100 * chances.max():.0f} % sure" in words(panel)


class Slow(Pupil):
    stretch = 0.5

    def advance(self):
        time.sleep(0.05)
        return super().advance()


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setitem(
        sys.modules, "attention_lib.experiments.training", types.SimpleNamespace(Trainer=Slow)
    )


def until(condition):
    for _ in range(400):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def test_a_run_rests_where_it_is_paused_and_goes_on_from_there(slow):
    panel = show_training()
    press(panel, START)
    until(lambda: panel.run.history.epoch >= 1)
    press(panel, PAUSE)
    panel.run.wait()
    assert panel.run.status == "paused"
    rested = panel.run.history
    assert "paused" in panel.figure.alt
    assert panel._buttons[0].description == "Go on"
    press(panel, START)
    until(lambda: panel.run.history.epoch > rested.epoch)
    assert panel.run.history.at[: len(rested.at)] == rested.at
    press(panel, STOP)
    panel.run.wait()


def test_a_finished_run_can_begin_again(quick):
    panel = show_training()
    finish(panel)
    first, start = panel.run.history, panel._start
    assert (start.description, start.disabled) == ("Again", False)
    finish(panel)
    again = panel.run.history
    assert again is not first
    assert again.loss == first.loss  # the same seed


def test_a_stopped_run_stands_at_its_beginning(slow):
    panel = show_training()
    press(panel, START)
    until(lambda: panel.run.history.epoch >= 1)
    press(panel, STOP)
    panel.run.wait()
    assert (panel.run.status, panel.run.history.epoch) == ("ready", 0)
    assert "press Start" in panel.figure.alt
    press(panel, START)
    until(lambda: panel.run.history.epoch >= 0.5)
    press(panel, STOP)
    panel.run.wait()


def test_while_it_learns_the_other_controls_work(slow):
    panel = show_training(picture=0)
    press(panel, START)
    until(lambda: panel.run.history.epoch >= 0.5)
    panel.controls["picture"].value = 7
    assert panel.run.status == "learning"
    np.testing.assert_array_equal(shown(panel).gates[0].values, panel.run.history.gates[0][15])
    press(panel, STOP)
    panel.run.wait()


def test_another_setting_gives_up_the_run_under_way(slow):
    panel = show_training(seed=0)
    press(panel, START)
    until(lambda: panel.run.history.epoch >= 0.5)
    panel.controls["seed"].value = 1
    panel.run.wait()
    assert panel.run.history == runs.History(choose("cued", seed=1), 12, 0)
    assert panel.run.status == "ready"


def test_a_button_that_cannot_do_anything_now_cannot_be_pressed(slow):
    panel = show_training()
    able = lambda: [not b.disabled for b in panel._buttons]  # noqa: E731
    assert able() == [True, False, False]
    press(panel, START)
    assert able() == [False, True, True]
    press(panel, PAUSE)
    assert able() == [True, False, True]
    press(panel, STOP)
    assert able() == [True, False, False]
    panel.run.wait()


def test_buttons_pressed_out_of_turn_do_no_harm(slow):
    panel = show_training()
    for name in (PAUSE, STOP, START, START, PAUSE, PAUSE, START, STOP, STOP, START, PAUSE, START):
        press(panel, name)
    until(lambda: panel.run.history.epoch >= 1)
    assert panel.run.status == "learning"
    assert list(panel.run.history.at) == [0.5 * (i + 1) for i in range(len(panel.run.history.at))]
    press(panel, STOP)
    panel.run.wait()
    assert panel.run.status == "ready"


def test_a_run_that_fails_says_so_and_another_can_be_started(monkeypatch):
    def broken(settings):
        raise MemoryError("no room left")

    monkeypatch.delenv("ATTENTION_LIB_STRICT")
    monkeypatch.setitem(
        sys.modules, "attention_lib.experiments.training", types.SimpleNamespace(Trainer=broken)
    )
    panel = show_training()
    finish(panel)
    assert panel.message == "The run has stopped: no room left"
    assert panel.run.status == "ready"
    monkeypatch.setitem(
        sys.modules, "attention_lib.experiments.training", types.SimpleNamespace(Trainer=Pupil)
    )
    finish(panel)
    assert panel.run.status == "finished"
    assert panel.message == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("reduction", 64, "`reduction` must not exceed the 32 channels"),
        ("reduction", 0.5, "`reduction` must be a whole number"),
        ("seed", -1, "`seed` must be a whole number from 0 to"),
        ("picture", 10, "`picture` must be a whole number from 0 to 9"),
        ("picture", 0.5, "`picture` must be a whole number from 0 to 9"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_training()
    picture = panel.figure.png()
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert panel.figure.png() == picture


def test_an_even_kernel_gets_a_sentence_where_it_is_used():
    panel = show_training(mechanism="eca")
    panel.controls["kernel_size"].box.value = 4
    assert "`kernel_size` must be odd" in panel.message


def test_cifar10_says_how_to_get_it():
    panel = show_training()
    panel.controls["task"].value = "cifar10"
    assert "`tasks.fetch_cifar10()`" in panel.message
    panel.controls["task"].value = "digits"
    assert panel.message == ""


def test_every_control_can_go_to_its_ends_with_one_figure():
    panel = show_training()
    figure = panel.figure.figure
    for control in panel.controls.values():
        before = control.value
        if hasattr(control, "slider"):
            for end in (control.slider.min, control.slider.max):
                control.slider.value = end
                assert panel.message == ""
        elif hasattr(control, "options"):
            for _, option in control._options_full:
                control.value = option
                assert panel.message == "" or option == "cifar10"
        else:
            control.value = not before
        control.value = before
    artists = len(figure.findobj())
    for move in range(50):
        panel.controls["picture"].slider.value = move % 10
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == artists


def test_a_task_of_six_classes_has_six_pictures():
    panel = show_training(picture=9)
    panel.controls["task"].value = "planted"
    assert panel.message == ""
    assert panel.controls["picture"].value == 5
