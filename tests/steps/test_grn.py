import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import grn_forward

FEATURE_MAP = np.array([[[3.0, 0], [4, -1]]])  # (1, 2, 2), norms 5 and 1

seeds = st.integers(0, 2**32)


@st.composite
def layers(draw):
    """A random map, and gamma and beta for it."""
    height, width, channels = (draw(st.integers(1, 6)) for _ in range(3))
    rng = np.random.default_rng(draw(seeds))
    feature_map = rng.normal(size=(height, width, channels))
    return feature_map, rng.normal(size=channels), rng.normal(size=channels)


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = grn_forward(FEATURE_MAP, gamma=np.array([3.0, 6]), beta=np.array([0.0, 1]))
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_allclose(trace.norms, [5, 1])
    np.testing.assert_allclose(trace.relative, [5 / 3, 1 / 3], rtol=1e-6)  # their mean is 3
    np.testing.assert_allclose(trace.scaled, [[[5, 0], [20 / 3, -1 / 3]]], rtol=1e-6)
    np.testing.assert_allclose(trace.output, [[[18, 1], [24, -2]]], rtol=1e-6)


@given(layers())
def test_a_new_layer_is_the_identity(layer):
    feature_map = layer[0]
    zeros = np.zeros(feature_map.shape[-1])
    np.testing.assert_array_equal(grn_forward(feature_map, zeros, zeros).output, feature_map)


@given(layers())
def test_the_relative_norms_are_one_on_average(layer):
    assert grn_forward(*layer).relative.mean() == pytest.approx(1, abs=1e-3)


@given(layers(), st.floats(0.5, 50))
def test_a_brighter_picture_has_the_same_relative_norms(layer, factor):
    feature_map, gamma, beta = layer
    np.testing.assert_allclose(
        grn_forward(feature_map * factor, gamma, beta).relative,
        grn_forward(feature_map, gamma, beta).relative,
        rtol=1e-3,
    )


@given(layers(), seeds)
def test_permuting_the_places_or_the_channels_permutes_the_result(layer, seed):
    feature_map, gamma, beta = layer
    rng = np.random.default_rng(seed)
    rows, order = rng.permutation(len(feature_map)), rng.permutation(gamma.size)
    output = grn_forward(feature_map, gamma, beta).output
    np.testing.assert_allclose(grn_forward(feature_map[rows], gamma, beta).output, output[rows])
    permuted = grn_forward(feature_map[..., order], gamma[order], beta[order]).output
    np.testing.assert_allclose(permuted, output[..., order])


def test_a_stronger_neighbour_turns_a_channel_down():
    ones = np.ones(2)
    louder = FEATURE_MAP * [2, 1]
    quiet, loud = (grn_forward(x, ones, 0 * ones) for x in (FEATURE_MAP, louder))
    assert loud.relative[1] < quiet.relative[1]
    assert loud.relative[0] > 1 > loud.relative[1]


def test_a_map_of_zeros_stays_one_of_zeros():
    trace = grn_forward(np.zeros((2, 2, 3)), np.ones(3), np.zeros(3))
    np.testing.assert_array_equal(trace.output, 0)


def test_single_precision_stays_single():
    ones = np.ones(4, np.float32)
    trace = grn_forward(np.ones((3, 5, 4), np.float32), ones, ones)
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: grn_forward(FEATURE_MAP, np.ones(1), np.ones(2)),
            "`gamma` must hold one number per channel. Received: gamma of shape (1,)."
            " Give it the shape (2,).",
        ),
        (
            lambda: grn_forward(FEATURE_MAP, np.ones(2), np.ones(3)),
            "Received: beta of shape (3,).",
        ),
        (
            lambda: grn_forward(FEATURE_MAP, 1.0, np.ones(2)),
            "`gamma` must have the shape (channels,), no axis empty.",
        ),
        (
            lambda: grn_forward(FEATURE_MAP[None], np.ones(2), np.ones(2)),
            "Take one out of the batch: feature_map[0].",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
