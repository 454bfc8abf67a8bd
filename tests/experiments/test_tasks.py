"""The tasks: what is asked can be answered from what is shown, and from nothing else."""

import sys
import types

import numpy as np
import pytest

from attention_lib.experiments import tasks
from attention_lib.experiments.tasks import TASKS

STORED = [name for name in TASKS if name != "cifar10"]
MARKED = [name for name in STORED if TASKS[name].marked]


def test_the_digits_are_the_1797_of_the_collection():
    images, says = tasks.digits()
    assert images.shape == (1797, 8, 8)
    assert images.min() == 0
    assert images.max() == 1
    assert np.bincount(says).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("name", STORED)
def test_drawing_again_gives_the_same_examples(name):
    for here, there in zip(tasks.draw(name, 3), tasks.draw(name, 3), strict=True):
        for one, other in zip(here, there, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", [*MARKED, "planted"])
def test_another_seed_gives_other_examples_but_the_same_test(name):
    (learn, test), (other_learn, other_test) = tasks.draw(name, 0), tasks.draw(name, 1)
    assert (learn.inputs != other_learn.inputs).any()
    np.testing.assert_array_equal(test.inputs, other_test.inputs)


@pytest.mark.parametrize("name", STORED)
def test_every_class_is_asked_for_and_the_shapes_agree(name):
    for examples in tasks.draw(name):
        assert set(examples.labels) == set(range(len(TASKS[name].classes)))
        assert {len(array) for array in examples} == {len(examples.labels)}
        assert examples.inputs.dtype == np.float32
        assert examples.inputs.min() >= 0


@pytest.mark.parametrize("name", MARKED)
def test_the_mark_alone_says_which_digit_is_asked_for(name):
    examples, _ = tasks.draw(name)
    images, says = tasks.digits()
    digits = {image.tobytes(): label for image, label in zip(images, says, strict=True)}
    for inputs, label, mark in zip(*examples[:3], strict=True):
        planes = inputs[:, -8:, :2]
        asked = planes[..., 0 if inputs[0, 0, 2] else 1]
        assert digits[np.ascontiguousarray(asked).tobytes()] == label
        assert bool(inputs[0, 0, 2]) == mark
    assert examples.marks.mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("name", MARKED)
def test_nobody_is_tested_on_what_was_learnt_from(name):
    learn, test = (
        {
            part.tobytes()
            for part in np.moveaxis(examples.inputs[:, :, -8:, :2], 3, 1).reshape(-1, 64)
        }
        for examples in tasks.draw(name)
    )
    assert not learn & test


def test_the_far_mark_is_out_of_sight_of_two_convolutions():
    inputs = tasks.draw("far")[1].inputs
    assert not inputs[:, :, : tasks.FAR, :2].any()  # no digit here
    assert not inputs[:, :, 2:, 2].any()  # no mark here
    reach = 2  # of two 3 x 3 convolutions
    assert tasks.FAR - reach >= 2  # so that no place sees both


@pytest.mark.parametrize("name", MARKED)
def test_flipping_the_marks_twice_changes_nothing(name):
    _, test = tasks.draw(name)
    flipped = tasks.flip_marks(test)
    assert (flipped.marks != test.marks).all()
    np.testing.assert_array_equal(flipped.labels, test.others)
    np.testing.assert_array_equal(flipped.inputs[..., :2], test.inputs[..., :2])
    for here, there in zip(tasks.flip_marks(flipped), test, strict=True):
        np.testing.assert_array_equal(here, there)


def test_planted_channels_are_as_many_as_real_ones_and_twice_as_loud():
    inputs = tasks.draw("planted")[0].inputs
    real, planted = inputs[..., ::2], inputs[..., 1::2]
    assert real.shape == planted.shape
    assert planted.mean() / real.mean() == pytest.approx(2, abs=0.1)


def test_planted_channels_know_nothing_of_the_answer():
    examples, _ = tasks.draw("planted")
    means = examples.inputs.mean((1, 2))
    share = [
        np.var([values[examples.labels == label].mean() for label in range(6)]) / np.var(values)
        for values in means.T
    ]
    assert max(share[1::2]) < 0.02
    assert min(share[::2]) > 0.03


@pytest.mark.parametrize("name", STORED)
def test_there_is_a_picture_to_look_at_for_every_class(name):
    shown, many = tasks.probes(name), len(TASKS[name].classes)
    if not TASKS[name].marked:
        assert shown.labels.tolist() == list(range(many))
        return
    assert shown.marks.tolist() == [False, True] * many
    assert shown.labels[::2].tolist() == list(range(many))
    np.testing.assert_array_equal(shown.labels[1::2], shown.others[::2])
    assert (shown.labels != shown.others).all()


@pytest.mark.parametrize("name", ["mnist", None, ["cued"]])
def test_an_unknown_task_gets_the_names_of_those_there_are(name):
    with pytest.raises(ValueError, match="`task` must be 'cued', 'far', 'digits'"):
        tasks.draw(name)


def test_cifar10_is_a_task_once_it_has_been_fetched(monkeypatch):
    def load_data():
        rng = np.random.default_rng(0)
        return tuple(
            (rng.integers(0, 256, (n, 32, 32, 3), np.uint8), rng.integers(0, 10, (n, 1)))
            for n in (tasks.CIFAR10_PICTURES + 10, tasks.CIFAR10_TEST + 10)
        )

    cifar10 = types.SimpleNamespace(load_data=load_data)
    datasets = types.SimpleNamespace(cifar10=cifar10)
    monkeypatch.setitem(sys.modules, "keras", types.SimpleNamespace(datasets=datasets))
    monkeypatch.setattr(tasks, "_fetched", [])
    with pytest.raises(ValueError, match=r"CIFAR-10 must be fetched .* `tasks.fetch_cifar10\(\)`"):
        tasks.draw("cifar10")
    tasks.fetch_cifar10()
    learn, test = tasks.draw("cifar10")
    assert learn.inputs.shape == (tasks.CIFAR10_PICTURES, 16, 16, 3)
    assert test.labels.shape == (tasks.CIFAR10_TEST,)
    picture = load_data()[0][0][0] / 255
    assert learn.inputs[0, 0, 0, 0] == pytest.approx(picture[:2, :2, 0].mean(), abs=1e-6)


def test_without_a_network_it_says_so_and_the_other_tasks_are_there(monkeypatch, capsys):
    def load_data():
        raise OSError("URL fetch failure: no network\nand so on")

    datasets = types.SimpleNamespace(cifar10=types.SimpleNamespace(load_data=load_data))
    monkeypatch.setitem(sys.modules, "keras", types.SimpleNamespace(datasets=datasets))
    monkeypatch.setattr(tasks, "_fetched", [])
    tasks.fetch_cifar10()
    said = capsys.readouterr().out
    assert "must be fetched over the network, once. Received: URL fetch failure: no network" in said
    assert "and so on" not in said
    with pytest.raises(ValueError, match="CIFAR-10 must be fetched"):
        tasks.draw("cifar10")
    assert tasks.draw("digits")[1].labels.shape == (500,)
