import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    SCSEWeights,
    SEWeights,
    random_weights,
    scale_places,
    scse_forward,
    se_forward,
    sigmoid,
)

LOG3 = np.log(3)
FEATURE_MAP = np.array([[[4.0, 0], [0, 2]]])  # (1, 2, 2)
CHANNEL = SEWeights(np.array([[1.0], [2]]), None, np.array([[LOG3, -LOG3]]) / 4, None)
WEIGHTS = SCSEWeights(CHANNEL, np.array([0, LOG3 / 2]))

seeds = st.integers(0, 2**32)


@st.composite
def blocks(draw):
    """A random map, and random weights for it."""
    height, width, channels = (draw(st.integers(1, 6)) for _ in range(3))
    seed = draw(seeds)
    rng = np.random.default_rng(seed)
    channel = SEWeights(*(a + rng.normal(size=a.shape) for a in random_weights(channels, 1)))
    weights = SCSEWeights(channel, rng.normal(size=channels), rng.normal())
    return rng.normal(size=(height, width, channels)), weights


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = scse_forward(FEATURE_MAP, WEIGHTS)
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_array_equal(trace.squeezed, [2, 1])
    np.testing.assert_array_equal(trace.hidden, [4])
    np.testing.assert_allclose(trace.channel_logits, [LOG3, -LOG3])
    np.testing.assert_allclose(trace.channel_gates, [0.75, 0.25])
    np.testing.assert_allclose(trace.channel_scaled, [[[3, 0], [0, 0.5]]])
    np.testing.assert_allclose(trace.place_logits, [[0, LOG3]])
    np.testing.assert_allclose(trace.place_gates, [[0.5, 0.75]])
    np.testing.assert_allclose(trace.place_scaled, [[[2, 0], [0, 1.5]]])
    np.testing.assert_allclose(trace.output, [[[3, 0], [0, 1.5]]])


def test_the_two_results_can_be_added_instead():
    np.testing.assert_allclose(
        scse_forward(FEATURE_MAP, WEIGHTS, combine="add").output, [[[5, 0], [0, 2]]]
    )


def test_a_bias_moves_the_gates_of_all_places():
    trace = scse_forward(FEATURE_MAP, WEIGHTS._replace(spatial_bias=LOG3))
    np.testing.assert_allclose(trace.place_gates, [[0.75, 0.9]])


@given(blocks())
def test_the_channel_half_is_squeeze_and_excitation(block):
    feature_map, weights = block
    trace = scse_forward(feature_map, weights)
    se = se_forward(feature_map, weights.channel)
    np.testing.assert_array_equal(trace.channel_gates, se.gates)
    np.testing.assert_array_equal(trace.channel_scaled, se.scaled)


@given(blocks())
def test_a_places_gate_depends_on_that_place_alone(block):
    feature_map, weights = block
    trace = scse_forward(feature_map, weights)
    changed = feature_map + 1.0
    changed[0, 0] = feature_map[0, 0]
    assert scse_forward(changed, weights).place_gates[0, 0] == trace.place_gates[0, 0]
    np.testing.assert_array_equal(
        trace.place_scaled, scale_places(feature_map, sigmoid(trace.place_logits))
    )


@given(blocks(), seeds)
def test_permuting_the_places_permutes_the_result(block, seed):
    feature_map, weights = block
    order = np.random.default_rng(seed).permutation(feature_map.shape[1])
    trace, permuted = (
        scse_forward(feature_map, weights),
        scse_forward(feature_map[:, order], weights),
    )
    np.testing.assert_allclose(permuted.channel_gates, trace.channel_gates)
    np.testing.assert_allclose(permuted.output, trace.output[:, order])


@given(blocks())
def test_after_relu_the_larger_result_is_that_of_the_larger_gate(block):
    feature_map, weights = block
    trace = scse_forward(np.abs(feature_map), weights)
    gates = np.maximum(trace.channel_gates, trace.place_gates[..., None])
    np.testing.assert_allclose(trace.output, np.abs(feature_map) * gates)
    both = scse_forward(np.abs(feature_map), weights, combine="add").output
    np.testing.assert_allclose(both, trace.channel_scaled + trace.place_scaled)


def test_single_precision_stays_single():
    weights = SCSEWeights(random_weights(4, 2), np.ones(4, np.float32))
    trace = scse_forward(np.ones((3, 5, 4), np.float32), weights)
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: scse_forward(FEATURE_MAP, WEIGHTS, combine="mean"),
            "`combine` must be 'max' or 'add'. Received: combine='mean'. Choose one of them.",
        ),
        (
            lambda: scse_forward(FEATURE_MAP, WEIGHTS._replace(spatial=np.ones(3))),
            "`spatial` must hold one number per channel. Received: spatial of shape (3,)."
            " Give it the shape (2,).",
        ),
        (
            lambda: scse_forward(FEATURE_MAP, WEIGHTS._replace(spatial=np.ones((2, 1)))),
            "`spatial` must have the shape (channels,), no axis empty.",
        ),
        (
            lambda: scse_forward(FEATURE_MAP, WEIGHTS._replace(channel=random_weights(3, 1))),
            "`reduce` must have a row for each input and a column for each output.",
        ),
        (
            lambda: scse_forward(FEATURE_MAP[None], WEIGHTS),
            "Take one out of the batch: feature_map[0].",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
