import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import GCNetWeights, gcnet_forward, squeeze

LOG3 = np.log(3)
FEATURE_MAP = np.array([[[1.0, 4], [0, 8]]])  # (1, 2, 2)
WEIGHTS = GCNetWeights(
    attend=np.array([LOG3, 0]),
    reduce=np.array([[4.0, 0], [0, 0]]),
    reduce_bias=np.array([0.0, 1]),
    expand=np.array([[2.0, -1], [9, 9]]),
    expand_bias=np.array([0.0, 3]),
)

seeds = st.integers(0, 2**32)


@st.composite
def blocks(draw):
    """A random map, and random weights for it."""
    height, width, channels, hidden = (draw(st.integers(1, 6)) for _ in range(4))
    rng = np.random.default_rng(draw(seeds))
    shapes = [(channels,), (channels, hidden), (hidden,), (hidden, channels), (channels,)]
    norm = [(hidden,), (hidden,)] if draw(st.booleans()) else []
    weights = GCNetWeights(*(rng.normal(size=shape) for shape in [*shapes, *norm]))
    return rng.normal(size=(height, width, channels)), weights


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = gcnet_forward(FEATURE_MAP, WEIGHTS)
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_allclose(trace.scores, [[LOG3, 0]])
    np.testing.assert_allclose(trace.attention, [[0.75, 0.25]])
    np.testing.assert_allclose(trace.context, [0.75, 5])  # 3/4 of (1, 4) and 1/4 of (0, 8)
    np.testing.assert_allclose(trace.reduced, [3, 1])  # mean 2, variance 1
    np.testing.assert_allclose(trace.normalised, [1, -1], rtol=1e-5)
    np.testing.assert_allclose(trace.hidden, [1, 0], rtol=1e-5)
    np.testing.assert_allclose(trace.added, [2, 2], rtol=1e-4)
    np.testing.assert_allclose(trace.output, [[[3, 6], [2, 10]]], rtol=1e-4)


def test_the_normalisation_stretches_and_shifts_by_what_it_has_learnt():
    weights = WEIGHTS._replace(gamma=np.array([3.0, 2]), beta=np.array([-1.0, 2.5]))
    trace = gcnet_forward(FEATURE_MAP, weights)
    np.testing.assert_allclose(trace.normalised, [2, 0.5], rtol=1e-4)


@given(blocks())
def test_the_attention_sums_to_one_over_the_places(block):
    trace = gcnet_forward(*block)
    assert trace.attention.sum() == pytest.approx(1)
    assert np.all(trace.attention >= 0)
    places = trace.feature_map.reshape(-1, trace.feature_map.shape[-1])
    assert np.all(trace.context <= places.max(0) + 1e-12)
    assert np.all(trace.context >= places.min(0) - 1e-12)


@given(blocks())
def test_without_a_preference_the_context_is_the_mean_that_squeeze_takes(block):
    feature_map, weights = block
    trace = gcnet_forward(feature_map, weights._replace(attend=np.zeros(feature_map.shape[-1])))
    np.testing.assert_allclose(trace.attention, 1 / trace.attention.size)
    np.testing.assert_allclose(trace.context, squeeze(feature_map), atol=1e-12)


@given(blocks())
def test_every_place_of_a_channel_is_raised_by_the_same_number(block):
    trace = gcnet_forward(*block)
    np.testing.assert_allclose(
        trace.output - trace.feature_map,
        np.broadcast_to(trace.added, trace.output.shape),
        atol=1e-12,
    )


@given(blocks(), seeds)
def test_permuting_the_places_changes_nothing_that_is_added(block, seed):
    feature_map, weights = block
    order = np.random.default_rng(seed).permutation(len(feature_map))
    trace, permuted = (
        gcnet_forward(feature_map, weights),
        gcnet_forward(feature_map[order], weights),
    )
    np.testing.assert_allclose(permuted.attention, trace.attention[order])
    np.testing.assert_allclose(permuted.added, trace.added, atol=1e-9)


@given(blocks())
def test_the_normalised_units_have_mean_zero_and_no_more_than_variance_one(block):
    feature_map, weights = block
    normalised = gcnet_forward(feature_map, weights._replace(gamma=None, beta=None)).normalised
    assert normalised.mean() == pytest.approx(0, abs=1e-9)
    assert normalised.var() <= 1 + 1e-9


@given(blocks())
def test_zeros_in_the_last_layer_change_nothing(block):
    feature_map, weights = block
    weights = weights._replace(expand=np.zeros_like(weights.expand), expand_bias=None)
    np.testing.assert_array_equal(gcnet_forward(feature_map, weights).output, feature_map)


def test_single_precision_stays_single():
    weights = GCNetWeights(*(None if w is None else w.astype(np.float32) for w in WEIGHTS))
    trace = gcnet_forward(FEATURE_MAP.astype(np.float32), weights)
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"attend": np.ones(3)},
            "`attend` must hold one number per channel. Received: attend of shape (3,)."
            " Give it the shape (2,).",
        ),
        (
            {"reduce": np.ones((3, 2))},
            "`reduce` must have a row for each input and a column for each output. Received: "
            "reduce of shape (3, 2). Give it the shape (2, 2).",
        ),
        ({"reduce": np.ones(2)}, "`reduce` must have the shape (inputs, outputs), no axis empty."),
        (
            {"expand": np.ones((2, 3))},
            "Received: expand of shape (2, 3).",
        ),
        ({"reduce_bias": np.ones(3)}, "Received: reduce_bias of shape (3,)."),
        ({"expand_bias": np.ones(1)}, "Received: expand_bias of shape (1,)."),
        (
            {"gamma": np.ones(1)},
            "`gamma` must hold one number per unit. Received: gamma of shape (1,). "
            "Give it the shape (2,).",
        ),
        ({"beta": np.ones(3)}, "Received: beta of shape (3,)."),
    ],
)
def test_weights_that_do_not_chain_get_a_sentence(change, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        gcnet_forward(FEATURE_MAP, WEIGHTS._replace(**change))


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match=re.escape("Take one out of the batch: feature_map[0].")):
        gcnet_forward(FEATURE_MAP[None], WEIGHTS)
