import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    adaptive_kernel_size,
    choose_kernel,
    eca_forward,
    hard_sigmoid,
    neighbours,
    random_kernel,
    scale,
    sigmoid,
    trace_interaction,
)

LOG3 = np.log(3)
seeds = st.integers(0, 2**32)
odd_sizes = st.integers(0, 5).map(lambda reach: 2 * reach + 1)


@pytest.mark.parametrize(
    ("channels", "kernel_size"),
    [
        *[(channels, 1) for channels in (1, 2, 3, 4, 7)],
        *[(channels, 3) for channels in (8, 16, 24, 32, 64, 127)],
        *[(channels, 5) for channels in (128, 256, 512, 1024, 2047)],
        (2048, 7),
    ],
)
def test_the_papers_gamma_and_b_give_these_kernels(channels, kernel_size):
    assert adaptive_kernel_size(channels) == kernel_size
    assert adaptive_kernel_size(np.int32(channels), gamma=2, b=1) == kernel_size


def test_the_working_is_shown_step_by_step():
    choice = choose_kernel(512, gamma=2, b=1)
    assert choice == (512, 2, 1, 9.0, 5.0, 5, False, 5)


def test_an_exact_tie_at_128_channels_is_raised():
    choice = choose_kernel(128)
    assert (choice.t, choice.truncated, choice.raised, choice.kernel_size) == (4.0, 4, True, 5)


def test_rounding_first_goes_wrong_at_64_and_1024_channels():
    def rounded_first(channels):
        t = round((math.log2(channels) + 1) / 2)
        return t if t % 2 else t + 1

    powers = [2**n for n in range(3, 12)]
    assert [c for c in powers if rounded_first(c) != adaptive_kernel_size(c)] == [64, 1024]


@given(st.integers(1, 10**6), st.floats(0.1, 10), st.floats(-20, 20))
def test_the_kernel_is_the_nearest_odd_number_and_ties_go_up(channels, gamma, b):
    choice = choose_kernel(channels, gamma, b)
    k = choice.kernel_size
    assert k % 2 == 1
    assert k == adaptive_kernel_size(channels, gamma, b)
    assert k - 1 <= choice.t < k + 1
    assert k == choice.truncated + choice.raised


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0.5, 5))
def test_more_channels_never_give_a_smaller_kernel(one, other, gamma):
    fewer, more = sorted((one, other))
    assert adaptive_kernel_size(fewer, gamma) <= adaptive_kernel_size(more, gamma)


def test_a_bigger_gamma_gives_a_smaller_kernel():
    assert [adaptive_kernel_size(512, gamma=gamma) for gamma in (1, 2, 4)] == [11, 5, 3]


def test_a_negative_t_counts_by_its_size():
    assert choose_kernel(8, gamma=1, b=-8).t == 5
    assert adaptive_kernel_size(8, gamma=1, b=-8) == 5


def test_a_tie_is_not_lost_to_floating_point():
    assert 13 / 3 + -1 / 3 < 4  # which would give 3
    assert choose_kernel(2**13, gamma=3, b=-1).t == 4
    assert adaptive_kernel_size(2**13, gamma=3, b=-1) == 5


RESNET50 = {"blocks": (3, 4, 6, 3), "out": (256, 512, 1024, 2048), "inner": (64, 128, 256, 512)}


def eca_parameters_of_resnet50(kernel_sizes):
    return sum(np.multiply(RESNET50["blocks"], kernel_sizes))


def test_the_papers_80_parameters_are_not_its_formula():
    on_outputs = [adaptive_kernel_size(channels) for channels in RESNET50["out"]]
    on_inner = [adaptive_kernel_size(channels) for channels in RESNET50["inner"]]
    assert (on_outputs, eca_parameters_of_resnet50(on_outputs)) == ([5, 5, 5, 7], 86)
    assert (on_inner, eca_parameters_of_resnet50(on_inner)) == ([3, 5, 5, 5], 74)
    assert eca_parameters_of_resnet50([3, 5, 5, 7]) == 80
    assert eca_parameters_of_resnet50([3, 3, 3, 3]) == 48


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"channels": 8, "gamma": 0},
            "`gamma` must be a finite number greater than 0. Received: gamma=0. "
            "Choose 1 or 2, for example.",
        ),
        ({"channels": 8, "gamma": -2}, "Received: gamma=-2."),
        ({"channels": 8, "gamma": math.nan}, "Received: gamma=nan."),
        ({"channels": 8, "gamma": math.inf}, "Received: gamma=inf."),
        ({"channels": 8, "gamma": 10**400}, "`gamma` must be a finite number greater than 0."),
        ({"channels": 8, "gamma": "2"}, "Received: gamma='2'."),
        ({"channels": 8, "gamma": None}, "Received: gamma=None."),
        ({"channels": 8, "gamma": True}, "Received: gamma=True."),
        (
            {"channels": 8, "b": math.nan},
            "`b` must be a finite number. Received: b=nan. Choose 1 or 2, for example.",
        ),
        ({"channels": 8, "b": 1j}, "Received: b=1j."),
        (
            {"channels": 8, "gamma": 1e-320},
            "`gamma` must be large enough beside `b` for a finite kernel. "
            "Received: gamma=1e-320, b=1. The paper's choice is 2 and 1.",
        ),
        (
            {"channels": 7.5},
            "`channels` must be a whole number of 1 or more. Received: channels=7.5.",
        ),
        ({"channels": 0}, "Received: channels=0."),
        ({"channels": -8}, "Received: channels=-8."),
        ({"channels": math.nan}, "Received: channels=nan."),
    ],
)
def test_a_kernel_that_cannot_be_chosen_gets_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        adaptive_kernel_size(**arguments)


def test_every_intermediate_is_as_worked_out_by_hand():
    feature_map = np.array([[[0.0, 2, 1, -1], [2, 2, 1, -3]]])  # (1, 2, 4)
    trace = eca_forward(feature_map, np.array([LOG3, 0, -LOG3]))
    assert trace.feature_map is feature_map
    np.testing.assert_array_equal(trace.squeezed, [1, 2, 1, -2])
    np.testing.assert_array_equal(trace.padded, [0, 1, 2, 1, -2, 0])
    # left neighbour minus right neighbour: 0 - 2, 1 - 1, 2 + 2, 1 - 0
    np.testing.assert_allclose(trace.logits, np.array([-2, 0, 4, 1]) * LOG3, atol=1e-15)
    np.testing.assert_allclose(trace.gates, [1 / 10, 1 / 2, 81 / 82, 3 / 4])
    np.testing.assert_allclose(trace.scaled, [[[0, 1, 81 / 82, -0.75], [0.2, 1, 81 / 82, -2.25]]])


def test_the_ends_see_zeros():
    trace = trace_interaction(np.ones(5), np.ones(5))
    np.testing.assert_array_equal(trace.logits, [3, 4, 5, 4, 3])


def test_a_kernel_of_one_leaves_each_channel_to_itself():
    trace = trace_interaction([1.0, -2, 3], [0.5])
    np.testing.assert_array_equal(trace.logits, [0.5, -1, 1.5])


def test_a_kernel_may_be_longer_than_the_channels():
    trace = trace_interaction([1.0, 2], [16.0, 8, 4, 2, 1])
    np.testing.assert_array_equal(trace.logits, [1 * 4 + 2 * 2, 1 * 8 + 2 * 4])


def test_a_hard_gate_can_be_had():
    trace = trace_interaction([-3.0, 1, 3], [1.0], gate=hard_sigmoid)
    np.testing.assert_allclose(trace.gates, [0, 2 / 3, 1])


@given(st.integers(1, 24), odd_sizes, seeds)
def test_the_trace_is_consistent_with_itself(channels, kernel_size, seed):
    feature_map = np.random.default_rng(seed).normal(size=(3, 2, channels))
    kernel = random_kernel(kernel_size, spread=3, seed=seed)
    trace = eca_forward(feature_map, kernel)
    excitation = trace_interaction(feature_map.mean((0, 1)), kernel)
    for one, other in zip(trace[1:-1], excitation, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(trace.gates, sigmoid(trace.logits))
    np.testing.assert_array_equal(trace.scaled, scale(feature_map, trace.gates))


@given(st.integers(1, 24), odd_sizes, seeds, st.data())
def test_a_logit_is_the_kernel_laid_over_the_neighbours(channels, kernel_size, seed, data):
    channel = data.draw(st.integers(0, channels - 1))
    z = np.random.default_rng(seed).normal(size=channels)
    kernel = random_kernel(kernel_size, seed=seed)
    around = neighbours(channel, channels, kernel_size)
    inside = (around >= 0) & (around < channels)
    assert trace_interaction(z, kernel).logits[channel] == pytest.approx(
        z[around[inside]] @ kernel[inside]
    )


@given(st.integers(1, 24), odd_sizes, seeds, st.data())
def test_a_channel_moves_the_gates_of_its_neighbours_and_no_others(
    channels, kernel_size, seed, data
):
    channel = data.draw(st.integers(0, channels - 1))
    z = np.random.default_rng(seed).normal(size=channels)
    moved = z + 5 * (np.arange(channels) == channel)
    kernel = np.ones(kernel_size)
    before, after = (trace_interaction(values, kernel).logits for values in (z, moved))
    around = neighbours(channel, channels, kernel_size)
    np.testing.assert_array_equal(np.abs(after - before) > 1, np.isin(np.arange(channels), around))


def test_eca_believes_in_neighbours_so_permuting_channels_changes_more_than_their_order():
    z, order = np.array([1.0, 2, 4, 8]), [0, 2, 1, 3]
    kernel = np.array([1.0, 0, 0])
    gates = trace_interaction(z, kernel).gates
    permuted = trace_interaction(z[order], kernel).gates
    assert not np.allclose(permuted, gates[order])


def test_zero_weights_give_gates_of_one_half():
    np.testing.assert_array_equal(
        trace_interaction([1.0, 2], random_kernel(3, spread=0)).gates, 0.5
    )


@pytest.mark.parametrize(
    ("channel", "channels", "kernel_size", "expected"),
    [(3, 8, 3, [2, 3, 4]), (0, 8, 5, [-2, -1, 0, 1, 2]), (7, 8, 3, [6, 7, 8]), (2, 4, 1, [2])],
)
def test_neighbours_stand_around_their_channel(channel, channels, kernel_size, expected):
    np.testing.assert_array_equal(neighbours(channel, channels, kernel_size), expected)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            (8, 8, 3),
            "`channel` must be a whole number from 0 to 7. Received: channel=8. "
            "Choose 0, for example.",
        ),
        ((-1, 8, 3), "`channel` must be a whole number from 0 to 7. Received: channel=-1."),
        ((1.5, 8, 3), "Received: channel=1.5."),
        ((0, 0, 3), "`channels` must be a whole number of 1 or more. Received: channels=0."),
        (
            (0, 8, 4),
            "`kernel_size` must be odd, so that every channel has as many neighbours on either "
            "side. Received: kernel_size=4. Choose 3 or 5.",
        ),
        ((0, 8, 0), "`kernel_size` must be a whole number of 1 or more. Received: kernel_size=0."),
    ],
)
def test_neighbours_that_cannot_be_get_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        neighbours(*arguments)


@pytest.mark.parametrize(
    ("kernel", "sentence"),
    [
        (np.ones(4), "`kernel_size` must be odd"),
        (
            np.ones((1, 3)),
            "`kernel` must have the shape (kernel_size,), no axis empty. "
            "Received: kernel of shape (1, 3). Take one out of the batch: kernel[0].",
        ),
        ([], "Received: kernel of shape (0,). Reshape or fill it."),
        (["a"], "`kernel` must hold real numbers. Received: kernel of dtype <U1."),
    ],
)
def test_a_kernel_that_cannot_slide_gets_a_sentence(kernel, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        eca_forward(np.ones((2, 2, 8)), kernel)


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match=re.escape("Take one out of the batch: feature_map[0].")):
        eca_forward(np.ones((1, 2, 2, 8)), [1.0])


def test_the_name_of_a_gate_is_not_the_gate():
    with pytest.raises(ValueError, match="`gate` must be a function of one array"):
        eca_forward(np.ones((2, 2, 8)), [1.0], gate="sigmoid")


def test_random_kernels_depend_on_the_seed_alone_and_have_the_spread_asked_for():
    np.testing.assert_array_equal(random_kernel(5, seed=1), random_kernel(5, seed=1))
    assert not np.any(random_kernel(5, seed=1) == random_kernel(5, seed=2))
    draws = [random_kernel(5, spread=2, seed=seed) for seed in range(400)]
    assert np.std(draws) == pytest.approx(2 / np.sqrt(5), rel=0.05)
    assert draws[0].dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"kernel_size": 2}, "`kernel_size` must be odd"),
        ({"kernel_size": 3.0}, "Received: kernel_size=3.0."),
        ({"kernel_size": 3, "spread": -1}, "`spread` must be a finite number from 0 to 1,000,000."),
        ({"kernel_size": 3, "seed": -1}, "`seed` must be a whole number of 0 or more."),
    ],
)
def test_a_kernel_that_cannot_be_drawn_gets_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        random_kernel(**arguments)
