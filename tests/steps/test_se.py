import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_lib.steps import (
    SEWeights,
    excite,
    hard_sigmoid,
    hidden_width,
    random_weights,
    scale,
    se_forward,
    sigmoid,
    squeeze,
    swish,
    trace_excitation,
)

LOG3 = np.log(3)
FEATURE_MAP = np.array([[[0.0, 1, 2, 3], [2, 3, -2, 5]]])  # (1, 2, 4)
WEIGHTS = SEWeights(
    reduce=np.array([[1.0, 0], [1, -1], [5, 5], [0, -1]]),
    reduce_bias=np.array([1.0, 1]),
    expand=np.array([[LOG3 / 4, -LOG3 / 4, 0, LOG3 / 2], [9, 9, 9, 9]]),
    expand_bias=np.array([0, 0, LOG3, 0]),
)

seeds = st.integers(0, 2**32)


@st.composite
def blocks(draw, *, spread=3.0):
    """A random feature map and weights that fit it."""
    channels = draw(st.integers(1, 24))
    reduction = draw(st.integers(1, channels))
    seed = draw(seeds)
    rng = np.random.default_rng(seed)
    feature_map = rng.normal(size=(draw(st.integers(1, 6)), draw(st.integers(1, 6)), channels))
    weights = random_weights(channels, reduction, spread=spread, seed=seed)
    biases = {
        name: rng.normal(size=getattr(weights, name).shape)
        for name in ("reduce_bias", "expand_bias")
    }
    return feature_map, weights._replace(**biases)


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = se_forward(FEATURE_MAP, WEIGHTS)
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_allclose(trace.squeezed, [1, 2, 0, 4])
    np.testing.assert_allclose(trace.reduced, [4, -5])  # 1 + 2 + 1 and -2 - 4 + 1
    np.testing.assert_allclose(trace.hidden, [4, 0])  # the second question goes unanswered
    np.testing.assert_allclose(trace.logits, [LOG3, -LOG3, LOG3, 2 * LOG3])
    np.testing.assert_allclose(trace.gates, [0.75, 0.25, 0.75, 0.9])
    np.testing.assert_allclose(
        trace.scaled, [[[0, 0.25, 1.5, 2.7], [1.5, 0.75, -1.5, 4.5]]], atol=1e-15
    )


def test_without_biases_the_same_by_hand():
    weights = WEIGHTS._replace(reduce_bias=None, expand_bias=None)
    trace = se_forward(FEATURE_MAP, weights)
    np.testing.assert_allclose(trace.reduced, [3, -6])
    np.testing.assert_allclose(trace.logits, np.array([0.75, -0.75, 0, 1.5]) * LOG3)


def test_swish_lets_some_of_a_negative_answer_through():
    weights = SEWeights(np.array([[-LOG3]]), None, np.array([[1.0]]), None)
    trace = trace_excitation([1.0], weights, activation=swish)
    np.testing.assert_allclose(trace.hidden, [-0.25 * LOG3])


def test_excite_takes_the_curves_and_biases_of_the_trace():
    gates = excite(
        [1.0, 2, 0, 4],
        WEIGHTS.reduce,
        WEIGHTS.expand,
        reduce_bias=WEIGHTS.reduce_bias,
        expand_bias=WEIGHTS.expand_bias,
        activation=swish,
        gate=hard_sigmoid,
    )
    curves = {"activation": swish, "gate": hard_sigmoid}
    np.testing.assert_array_equal(gates, se_forward(FEATURE_MAP, WEIGHTS, **curves).gates)


def test_a_hard_gate_can_close_and_open_entirely():
    weights = SEWeights(np.array([[1.0], [0], [0]]), None, np.array([[-3.0, 1, 3]]), None)
    trace = trace_excitation([1.0, 0, 0], weights, gate=hard_sigmoid)
    np.testing.assert_allclose(trace.gates, [0, 2 / 3, 1])


@given(blocks())
def test_the_trace_is_consistent_with_itself(block):
    feature_map, weights = block
    trace = se_forward(feature_map, weights)
    np.testing.assert_array_equal(trace.squeezed, squeeze(feature_map))
    np.testing.assert_array_equal(trace.hidden, np.maximum(trace.reduced, 0))
    np.testing.assert_array_equal(trace.gates, sigmoid(trace.logits))
    np.testing.assert_array_equal(trace.scaled, scale(feature_map, trace.gates))
    np.testing.assert_array_equal(
        trace.gates,
        excite(
            trace.squeezed,
            weights.reduce,
            weights.expand,
            reduce_bias=weights.reduce_bias,
            expand_bias=weights.expand_bias,
        ),
    )


@given(blocks())
def test_a_gate_only_turns_down(block):
    trace = se_forward(*block)
    assert np.all((trace.gates >= 0) & (trace.gates <= 1))
    assert np.all(np.abs(trace.scaled) <= np.abs(trace.feature_map))


@given(blocks(spread=0.0))
def test_zero_weights_give_gates_of_one_half(block):
    feature_map, weights = block
    weights = weights._replace(reduce_bias=None, expand_bias=None)
    np.testing.assert_array_equal(se_forward(feature_map, weights).gates, 0.5)


@given(blocks())
def test_dead_hidden_units_leave_gates_that_listen_to_nothing(block):
    feature_map, weights = block
    weights = weights._replace(reduce_bias=np.full(weights.reduce_bias.shape, -1e6))
    trace = se_forward(feature_map, weights)
    np.testing.assert_array_equal(trace.gates, sigmoid(weights.expand_bias))


@given(blocks(), seeds)
def test_permuting_channels_with_their_weights_permutes_the_gates(block, seed):
    feature_map, weights = block
    order = np.random.default_rng(seed).permutation(feature_map.shape[-1])
    permuted = weights._replace(
        reduce=weights.reduce[order],
        expand=weights.expand[:, order],
        expand_bias=weights.expand_bias[order],
    )
    np.testing.assert_allclose(
        se_forward(feature_map[..., order], permuted).gates,
        se_forward(feature_map, weights).gates[order],
        atol=1e-12,
    )


@given(st.integers(2, 24), st.data())
def test_logits_of_many_pictures_span_no_more_directions_than_there_are_hidden_units(
    channels, data
):
    reduction = data.draw(st.integers(1, channels))
    weights = random_weights(channels, reduction, seed=data.draw(seeds))
    pictures = np.random.default_rng(0).normal(size=(40, channels))
    logits = [trace_excitation(z, weights).logits for z in pictures]
    assert np.linalg.matrix_rank(logits, tol=1e-5) <= channels // reduction


@given(blocks())
def test_without_an_activation_the_two_layers_are_one_matrix(block):
    feature_map, weights = block
    weights = weights._replace(reduce_bias=None, expand_bias=None)
    trace = se_forward(feature_map, weights, activation=lambda x: x)
    one_matrix = weights.reduce.astype(float) @ weights.expand
    np.testing.assert_allclose(trace.logits, trace.squeezed @ one_matrix, atol=1e-4)


@pytest.mark.parametrize(
    ("channels", "reduction", "width"), [(24, 4, 6), (24, 5, 4), (7, 2, 3), (8, 8, 1), (1, 1, 1)]
)
def test_hidden_width_is_channels_over_reduction_rounded_down(channels, reduction, width):
    assert hidden_width(channels, reduction) == width


def test_numpy_integers_are_whole_numbers():
    assert hidden_width(np.int64(24), np.uint8(4)) == 6


@pytest.mark.parametrize(
    ("channels", "reduction", "sentence"),
    [
        (
            8,
            16,
            "`reduction` must not exceed `channels`. Received: channels=8, reduction=16. "
            "Choose a reduction of 8 or less.",
        ),
        (
            7.5,
            2,
            "`channels` must be a whole number of 1 or more. Received: channels=7.5. "
            "Give an integer such as 1, 4 or 16.",
        ),
        (8.0, 2, "Received: channels=8.0."),
        (True, 1, "Received: channels=True."),
        (None, 1, "Received: channels=None."),
        (0, 1, "Received: channels=0."),
        (8, 0, "`reduction` must be a whole number of 1 or more. Received: reduction=0."),
        (8, -4, "Received: reduction=-4."),
        (8, 0.25, "Received: reduction=0.25."),
        (8, "4", "Received: reduction='4'."),
    ],
)
def test_a_width_that_cannot_be_gets_a_sentence(channels, reduction, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        hidden_width(channels, reduction)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        random_weights(channels, reduction)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"reduce": np.ones((3, 2))},
            "`reduce` must have a row for each input and a column for each output. "
            "Received: reduce of shape (3, 2). Give it the shape (4, 2).",
        ),
        (
            {"reduce": np.ones(4)},
            "`reduce` must have the shape (inputs, outputs), no axis empty. "
            "Received: reduce of shape (4,).",
        ),
        (
            {"reduce": np.ones((4, 0)), "expand": np.ones((0, 4))},
            "Received: reduce of shape (4, 0).",
        ),
        (
            {"expand": np.ones((4, 2))},
            "`expand` must have a row for each input and a column for each output. "
            "Received: expand of shape (4, 2). Give it the shape (2, 4).",
        ),
        (
            {"reduce_bias": np.ones(4)},
            "`reduce_bias` must hold one number per unit. "
            "Received: reduce_bias of shape (4,). "
            "Give it the shape (2,).",
        ),
        (
            {"expand_bias": np.ones(1)},  # would broadcast
            "Received: expand_bias of shape (1,).",
        ),
        ({"expand_bias": 0.0}, "`expand_bias` must have the shape (units,), no axis empty."),
    ],
)
def test_weights_that_do_not_chain_get_a_sentence(change, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        se_forward(FEATURE_MAP, WEIGHTS._replace(**change))


@pytest.mark.parametrize("name", ["activation", "gate"])
def test_the_name_of_a_curve_is_not_the_curve(name):
    sentence = f"`{name}` must be a function of one array. Received: {name}='relu'. Take one from"
    with pytest.raises(ValueError, match=re.escape(sentence)):
        se_forward(FEATURE_MAP, WEIGHTS, **{name: "relu"})


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match=re.escape("Take one out of the batch: feature_map[0].")):
        se_forward(FEATURE_MAP[None], WEIGHTS)


def test_scaling_multiplies_each_channel_by_its_own_number():
    np.testing.assert_array_equal(
        scale(FEATURE_MAP, [1, 0, 0.5, 2]), [[[0, 0, 1, 6], [2, 0, -1, 10]]]
    )


@pytest.mark.parametrize(
    ("gates", "sentence"),
    [
        (
            np.ones(3),
            "`gates` must hold one number per channel. "
            "Received: gates of shape (3,). Give it the shape (4,).",
        ),
        (np.ones(1), "Received: gates of shape (1,). Give it the shape (4,)."),
        (np.ones((2, 4)), "Received: gates of shape (2, 4). Take one out of the batch: gates[0]."),
        (np.ones((1, 2, 1)), "`gates` must have the shape (channels,), no axis empty."),
        (0.5, "Received: gates of shape ()."),
    ],
)
def test_gates_that_would_broadcast_silently_are_refused(gates, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        scale(FEATURE_MAP, gates)


@given(st.integers(1, 64), st.data())
@settings(max_examples=50)
def test_a_hidden_unit_is_the_same_at_every_reduction_that_has_it(channels, data):
    small, large = sorted(data.draw(st.tuples(*[st.integers(1, channels)] * 2)))
    seed = data.draw(seeds)
    wide = random_weights(channels, small, seed=seed)
    narrow = random_weights(channels, large, seed=seed)
    hidden = channels // large
    np.testing.assert_array_equal(wide.reduce[:, :hidden], narrow.reduce)
    np.testing.assert_allclose(
        wide.expand[:hidden] * np.sqrt(channels // small),
        narrow.expand * np.sqrt(hidden),
        rtol=1e-5,
    )


def test_random_weights_have_the_spread_asked_for():
    weights = random_weights(512, 4, spread=2)
    assert weights.reduce.std() == pytest.approx(2 / np.sqrt(512), rel=0.02)
    assert weights.expand.std() == pytest.approx(2 / np.sqrt(128), rel=0.02)
    assert abs(weights.reduce.mean()) < 1e-3
    np.testing.assert_array_equal(random_weights(8, 2, spread=0).reduce, 0)


def test_random_weights_depend_on_the_seed_alone():
    first, again, other = (random_weights(16, 4, seed=seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.expand, again.expand)
    assert not np.any(first.expand == other.expand)
    assert not np.any(first.expand == first.reduce.T)


def test_random_weights_are_single_precision_with_zero_biases_or_none():
    weights = random_weights(6, 2)
    assert {array.dtype for array in weights} == {np.dtype("float32")}
    np.testing.assert_array_equal(weights.reduce_bias, np.zeros(3))
    np.testing.assert_array_equal(weights.expand_bias, np.zeros(6))
    weights = random_weights(6, 2, use_bias=False)
    assert weights.reduce_bias is None
    assert weights.expand_bias is None


def test_single_precision_in_single_precision_out():
    trace = se_forward(FEATURE_MAP.astype("float32"), random_weights(4, 2))
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        (
            {"spread": -1},
            "`spread` must be a finite number from 0 to 1,000,000. Received: spread=-1.",
        ),
        ({"spread": np.nan}, "Received: spread=nan."),
        ({"spread": "wide"}, "Received: spread='wide'."),
        (
            {"seed": -1},
            "`seed` must be a whole number of 0 or more. Received: seed=-1. "
            "Give an integer such as 0, 4 or 16.",
        ),
        ({"seed": 0.5}, "Received: seed=0.5."),
        ({"seed": None}, "Received: seed=None."),
    ],
)
def test_draws_that_cannot_be_get_a_sentence(argument, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        random_weights(8, 2, **argument)


def test_a_spread_that_would_overflow_gets_a_sentence():
    with pytest.raises(
        ValueError, match=r"`spread` must be a finite number from 0 to 1,000,000.*spread=1e\+87"
    ):
        random_weights(8, 4, spread=1e87)
    assert np.isfinite(random_weights(8, 4, spread=1e6).expand).all()
