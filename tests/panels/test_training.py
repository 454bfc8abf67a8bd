"""The training panel, driven by its controls and buttons; what it shows is what a run gives."""

import sys
import time
import types

import numpy as np
import pytest

from attention_lib.experiments import runs, tasks
from attention_lib.experiments.runs import choose, load_runs
from attention_lib.panels import show_training
from attention_lib.panels.training import state
from attention_lib.panels.training.live_run import LiveRun
from attention_lib.panels.training.state import split
from tests.panels.readable import unreadable, unreadable_when_narrow

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


# -- before the start -----------------------------------------------------------------------------


def test_before_the_start_the_stored_runs_stand_there():
    panel = show_training()
    assert panel.run.status == "ready"
    assert "press Start" in shown(panel)._stand.get_text()
    assert "Start lets a network learn, for" in words(panel)
    assert [len(part) for part in shown(panel).loss.shown] == [0, 0]
    stored = shown(panel).tested.stored
    assert len(stored) == 10  # of SE and without attention
    se = load_runs("cued").rows()["SE, r = 4"][0]
    np.testing.assert_allclose(stored[5][1], se.tested)
    np.testing.assert_allclose(stored[5][0], range(13))
    np.testing.assert_allclose(shown(panel).loss.stored[5][1], se.loss)
    assert [words.get_text() for words in shown(panel).answers] == ["·"] * 10


@pytest.mark.parametrize("mark", [False, True])
def test_before_the_start_the_gates_are_a_stored_runs_means_and_are_called_that(mark):
    panel = show_training(mark=mark)
    groups = load_runs("cued").rows()["SE, r = 4"][0].groups
    for row, depth in zip(shown(panel).gates, groups, strict=True):
        np.testing.assert_array_equal(row.values, depth[int(mark)])
        np.testing.assert_array_equal(row.dashes, depth[int(not mark)])
    assert shown(panel)._source.get_text().startswith("stored run’s means, this mark")
    assert "stored run’s means" in panel.figure.alt


@pytest.mark.parametrize("picture", [0, 5])
def test_without_marks_the_stored_means_are_those_of_the_pictures_class(picture):
    panel = show_training("planted", picture=picture)
    (row,), (depth,) = shown(panel).gates, load_runs("planted").rows()["SE, r = 4"][0].groups
    np.testing.assert_array_equal(row.values, np.concatenate(split(depth[picture])))
    assert row.dashes is None
    names = tasks.TASKS["planted"].classes
    assert shown(panel)._source.get_text() == f"stored run’s means for {names[picture]}"


def test_where_no_run_like_it_was_stored_nothing_is_pretended():
    panel = show_training("digits", reduction=8)
    assert "nobody has stored a run like this one" in words(panel)
    assert shown(panel)._source.get_text() == "none before Start"
    assert not any(row.values.any() for row in shown(panel).gates)


@pytest.mark.parametrize("mechanism", ["none", "wider"])
def test_where_there_are_no_gates_all_stored_runs_ends_are_shown(mechanism):
    panel = show_training(mechanism=mechanism)
    archive = load_runs("cued")
    assert list(shown(panel).ends) == list(archive.rows())
    for row, accuracies in shown(panel).ends.items():
        np.testing.assert_array_equal(accuracies, archive.accuracies(row))
    page = panel.figure.figure.axes[0]
    dots = [
        line for line in page.lines if line.get_marker() == "o" and line.get_linestyle() == "None"
    ]
    assert [len(line.get_xdata()) for line in dots] == [5] * len(archive.rows())


# -- a run ----------------------------------------------------------------------------------------


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
    np.testing.assert_array_equal(shown(panel).loss.shown, (history.at, history.loss))
    np.testing.assert_array_equal(shown(panel).tested.shown[1], history.tested)
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
    for row, depth in zip(shown(panel).gates, panel.run.history.gates, strict=True):
        np.testing.assert_array_equal(row.dashes, depth[8])
    assert shown(panel)._source.get_text() == "dash: mark the other way"


@pytest.mark.parametrize("mark", [False, True])
def test_every_picture_is_asked_and_answered(quick, mark):
    panel = show_training(mark=mark)
    finish(panel)
    labels = tasks.probes("cued").labels[int(mark) :: 2]
    best = panel.run.history.chances[int(mark) :: 2].argmax(1)
    assert [words.get_text() for words in shown(panel).wanted] == [str(label) for label in labels]
    assert [words.get_text() for words in shown(panel).answers] == [str(label) for label in best]
    bold = [words.get_weight() == "bold" for words in shown(panel).answers]
    assert bold == (best == labels).tolist()


def test_the_pictures_to_choose_from_are_the_probes():
    panel = show_training(mark=True)
    inputs = tasks.probes("cued").inputs[1::2]
    for plane, strip in enumerate(shown(panel).pictures):
        np.testing.assert_array_equal(strip.shown[..., 0], (255 * inputs[..., plane]).round())
    panel.controls["task"].value = "far"  # wider than high
    assert shown(panel).pictures[0].shown.shape == (10, 12, 12, 3)
    panel.controls["task"].value = "digits"
    (strip,) = shown(panel).pictures
    digits = tasks.probes("digits").inputs[..., 0]
    np.testing.assert_array_equal(strip.shown[..., 2], (255 * digits).round())


def test_a_click_on_a_digit_chooses_the_picture_and_that_it_is_asked_for():
    panel = show_training(picture=3, mark=True)
    for x, y, picture, mark in (
        (580, 40, 0, True),
        (940, 80, 9, False),
        (700, 125, 3, False),  # words are of the picture, and leave the mark
        (510, 40, 3, False),
        (700, 300, 3, False),
    ):
        panel.figure._on_message(None, {"click": [x, y]}, None)
        assert (panel.state.picture, panel.state.mark) == (picture, mark)
        assert panel.controls["picture"].value == picture
        assert panel.controls["mark"].value == mark
    panel.controls["task"].value = "digits"
    panel.figure._on_message(None, {"click": [580, 50]}, None)
    assert (panel.state.picture, panel.controls["mark"].value) == (0, False)


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


def test_pictures_in_colour_keep_it(quick, monkeypatch):
    rng = np.random.default_rng(0)
    labels = np.arange(20) % 10
    pictures = rng.random((20, 16, 16, 3), dtype=np.float32)
    drawn = tasks.Examples(pictures, labels, np.zeros(20, bool), np.full(20, -1))
    monkeypatch.setattr(tasks, "_fetched", [(drawn, drawn)])
    monkeypatch.setattr(state, "probes", tasks.probes)
    panel = show_training("cifar10")
    (strip,) = shown(panel).pictures
    np.testing.assert_array_equal(strip.shown, (255 * pictures[:10]).round())
    assert [words.get_text() for words in shown(panel).wanted][:2] == ["aero", "car"]
    assert unreadable(panel) == unreadable_when_narrow(panel) == []
    finish(panel)
    assert unreadable(panel) == []


@pytest.mark.sweep
@pytest.mark.parametrize("readable", [unreadable, unreadable_when_narrow])
@pytest.mark.parametrize("mechanism", runs.MECHANISMS)
@pytest.mark.parametrize("task", ["cued", *STORED])
def test_all_words_can_be_read_before_and_after(quick, task, mechanism, readable):
    panel = show_training(task, mechanism, kernel_size=31, seed=20)
    for picture in (0, 5):
        panel.controls["picture"].value = picture
        assert readable(panel) == []
    finish(panel)
    for mark in (False, True):
        panel.controls["mark"].value = mark
        assert readable(panel) == []


def test_a_run_that_is_getting_ready_can_be_read():
    panel = show_training()
    waiting = panel.state._replace(status="getting ready")
    panel.figure.show(waiting)
    assert unreadable(panel) == unreadable_when_narrow(panel) == []


@pytest.mark.parametrize(
    ("mechanism", "task", "hidden"),
    [
        ("se", "cued", ["kernel_size"]),
        ("cbam", "far", ["kernel_size"]),
        ("eca", "digits", ["reduction", "mark"]),
        ("none", "planted", ["reduction", "kernel_size", "mark"]),
    ],
)
def test_what_has_no_effect_is_out_of_sight(mechanism, task, hidden):
    panel = show_training(task, mechanism)
    out = [name for name, c in panel.controls.items() if c.layout.visibility == "hidden"]
    assert out == hidden


@pytest.mark.sweep
def test_every_control_can_go_to_its_ends_with_one_figure():
    panel = show_training()
    figure = panel.figure.figure
    for name, control in panel.controls.items():
        before = control.value
        if hasattr(control, "box") and not control.slider:
            for value in (0, 9 if name == "picture" else 20):
                control.box.value = value
                assert panel.message == ""
        elif hasattr(control, "slider"):
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
        panel.controls["picture"].box.value = move % 10
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == artists


def test_a_task_of_six_classes_has_six_pictures():
    panel = show_training(picture=9)
    panel.controls["task"].value = "planted"
    assert panel.message == ""
    assert panel.controls["picture"].value == 5
