import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    SEWeights,
    dct_basis,
    fcanet_forward,
    random_weights,
    se_forward,
    squeeze,
)

LOG3 = np.log(3)
ROOT2 = np.sqrt(2)
FEATURE_MAP = np.array([[[3.0, 8], [1, 2]], [[5, 8], [3, 2]]])  # (2, 2, 2)
IDENTITY = SEWeights(np.eye(2), None, np.eye(2) * LOG3 / 6, None)

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32)


@st.composite
def blocks(draw):
    """A random map, random weights for it, and a frequency that it has."""
    height, width, channels = (draw(sizes) for _ in range(3))
    seed = draw(seeds)
    feature_map = np.random.default_rng(seed).normal(size=(height, width, channels))
    frequency = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
    return feature_map, random_weights(channels, 1, spread=3, seed=seed), frequency


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = fcanet_forward(FEATURE_MAP, IDENTITY, frequencies=((0, 0), (0, 1)))
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_allclose(trace.bases[..., 0], 1 / 2)
    np.testing.assert_allclose(trace.bases[..., 1], [[1 / 2, -1 / 2]] * 2)
    np.testing.assert_allclose(trace.squeezed, [6, 6])  # 12 / 2, and (16 - 4) / 2
    np.testing.assert_allclose(trace.hidden, [6, 6])
    np.testing.assert_allclose(trace.logits, [LOG3, LOG3])
    np.testing.assert_allclose(trace.gates, 0.75)
    np.testing.assert_allclose(trace.scaled, FEATURE_MAP * 0.75)


@pytest.mark.parametrize(
    ("size", "frequency", "wave"),
    [
        ((1, 1), (0, 0), [[1]]),
        ((2, 1), (1, 0), [[1 / ROOT2], [-1 / ROOT2]]),
        ((1, 3), (0, 1), [[1 / ROOT2, 0, -1 / ROOT2]]),
        ((1, 3), (0, 2), np.array([[1, -2, 1]]) / np.sqrt(6)),
        ((2, 2), (1, 1), [[1 / 2, -1 / 2], [-1 / 2, 1 / 2]]),
    ],
)
def test_bases_as_worked_out_by_hand(size, frequency, wave):
    np.testing.assert_allclose(dct_basis(*size, frequency), wave, atol=1e-15)


@given(sizes, sizes)
def test_the_bases_of_all_frequencies_are_orthonormal(height, width):
    bases = [dct_basis(height, width, (u, v)).ravel() for u in range(height) for v in range(width)]
    np.testing.assert_allclose(
        np.array(bases) @ np.transpose(bases), np.eye(len(bases)), atol=1e-12
    )


@given(blocks())
def test_the_lowest_frequency_is_the_mean_up_to_its_scale(block):
    feature_map, weights, _ = block
    scale = np.sqrt(feature_map[..., 0].size)
    trace = fcanet_forward(feature_map, weights)
    np.testing.assert_allclose(trace.squeezed, squeeze(feature_map) * scale, atol=1e-12)
    scaled_down = weights._replace(reduce=weights.reduce / scale)
    np.testing.assert_allclose(
        fcanet_forward(feature_map, scaled_down).gates,
        se_forward(feature_map, weights).gates,
        rtol=1e-5,
    )


@given(blocks())
def test_each_group_of_channels_has_its_own_frequency(block):
    feature_map, _, frequency = block
    channels = feature_map.shape[-1]
    weights = random_weights(2 * channels, 1)
    twice = np.concatenate([feature_map, feature_map], axis=-1)
    summaries = fcanet_forward(twice, weights, frequencies=[(0, 0), frequency]).squeezed
    basis = dct_basis(*feature_map.shape[:2], frequency)
    np.testing.assert_allclose(
        summaries[:channels], fcanet_forward(twice, weights).squeezed[:channels], atol=1e-12
    )
    np.testing.assert_allclose(
        summaries[channels:], np.tensordot(basis, feature_map, 2), atol=1e-12
    )


@given(blocks())
def test_a_mirrored_picture_turns_the_sign_where_the_wave_is_odd(block):
    feature_map, weights, (u, v) = block
    trace = fcanet_forward(feature_map, weights, frequencies=[(u, v)])
    mirrored = fcanet_forward(feature_map[:, ::-1], weights, frequencies=[(u, v)])
    np.testing.assert_allclose(mirrored.squeezed, (-1) ** v * trace.squeezed, atol=1e-12)


def test_single_precision_stays_single():
    trace = fcanet_forward(np.ones((3, 5, 4), np.float32), random_weights(4, 2))
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: dct_basis(7, 5, (0, 5)),
            "A frequency must be two whole numbers (u, v), with u from 0 to 6 and v from 0 to 4, "
            "as the map is 7 x 5. Received: frequency=(0, 5). Take (0, 0) for the mean.",
        ),
        (lambda: dct_basis(7, 5, (7, 0)), "Received: frequency=(7, 0)."),
        (lambda: dct_basis(7, 5, (-1, 0)), "Received: frequency=(-1, 0)."),
        (lambda: dct_basis(7, 5, (0.5, 0)), "Received: frequency=(0.5, 0)."),
        (lambda: dct_basis(7, 5, (0, 0, 0)), "Received: frequency=(0, 0, 0)."),
        (lambda: dct_basis(7, 5, 3), "Received: frequency=3."),
        (lambda: dct_basis(0, 5, (0, 0)), "`height` must be a whole number of 1 or more."),
        (lambda: dct_basis(7, 2.5, (0, 0)), "`width` must be a whole number of 1 or more."),
        (
            lambda: fcanet_forward(FEATURE_MAP, IDENTITY, frequencies=[(0, 0), (0, 1), (1, 0)]),
            "The number of frequencies must divide that of the channels, so that each has a group "
            "of the same size. Received: 3 frequencies, 2 channels. Take ((0, 0),) for the mean "
            "alone.",
        ),
        (
            lambda: fcanet_forward(FEATURE_MAP, IDENTITY, frequencies=()),
            "Received: 0 frequencies, 2 channels.",
        ),
        (
            lambda: fcanet_forward(FEATURE_MAP, IDENTITY, frequencies=(0, 1)),
            "Received: frequency=0. Take (0, 0) for the mean.",
        ),
        (
            lambda: fcanet_forward(FEATURE_MAP, IDENTITY, frequencies=4),
            "Received: frequency=4. Take (0, 0) for the mean.",
        ),
        (
            lambda: fcanet_forward(FEATURE_MAP, random_weights(3, 1)),
            "`reduce` must have a row for each input and a column for each output.",
        ),
        (
            lambda: fcanet_forward(FEATURE_MAP[None], IDENTITY),
            "Take one out of the batch: feature_map[0].",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
