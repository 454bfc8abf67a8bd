import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    SEWeights,
    band_interaction,
    interactions,
    low_rank_interaction,
    random_kernel,
    random_weights,
    trace_excitation,
    trace_interaction,
)

sizes = st.integers(1, 24)
seeds = st.integers(0, 1000)


def test_a_kernel_of_three_makes_this_band():
    band = band_interaction(np.array([1.0, 2.0, 3.0]), 4)
    assert band.tolist() == [[2, 3, 0, 0], [1, 2, 3, 0], [0, 1, 2, 3], [0, 0, 1, 2]]


def test_a_kernel_wider_than_the_channels_is_cut_at_both_ends():
    assert band_interaction(np.arange(1.0, 8.0), 2).tolist() == [[4, 5], [3, 4]]


@given(sizes, st.integers(0, 12), seeds)
def test_the_band_times_z_gives_ecas_logits(channels, reach, seed):
    z = np.random.default_rng(seed).random(channels)
    kernel = random_kernel(2 * reach + 1, seed=seed)
    logits = trace_interaction(z, kernel).logits
    np.testing.assert_allclose(band_interaction(kernel, channels) @ z, logits, atol=1e-6)


@given(sizes, st.data(), seeds)
def test_the_low_rank_matrix_times_z_gives_ses_logits_without_relu(channels, data, seed):
    reduction = data.draw(st.integers(1, channels))
    z = np.random.default_rng(seed).random(channels)
    weights = random_weights(channels, reduction, seed=seed, use_bias=False)
    matrix = low_rank_interaction(weights)
    logits = trace_excitation(z, weights, activation=lambda x: x).logits
    np.testing.assert_allclose(matrix @ z, logits, atol=1e-5)
    assert np.linalg.matrix_rank(matrix, tol=1e-4) <= channels // reduction


def test_row_is_gate_and_column_is_summary():
    listens_to_channel_0 = SEWeights(np.array([[1.0], [0.0]]), None, np.array([[0.0, 5.0]]), None)
    assert low_rank_interaction(listens_to_channel_0).tolist() == [[0, 0], [5, 0]]


def test_the_four_designs_differ_in_what_is_free():
    full, low_rank, diagonal, band = interactions(16, 4, 3)
    assert np.linalg.matrix_rank(full) == 16
    assert np.linalg.matrix_rank(low_rank) == 4
    assert np.count_nonzero(full) == np.count_nonzero(low_rank) == 16 * 16
    assert np.count_nonzero(diagonal) == np.count_nonzero(np.diag(diagonal)) == 16
    assert len(np.unique(band[band != 0])) == 3
    assert np.count_nonzero(band) == 3 * 16 - 2


def test_the_seed_chooses_the_draw():
    one, same, other = (interactions(8, 2, 3, seed=seed) for seed in (1, 1, 2))
    for first, again, different in zip(one, same, other, strict=True):
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, different)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: band_interaction(np.ones(4), 8),
            "`kernel_size` must be odd, so that every channel has as many neighbours on either "
            "side. Received: kernel_size=4. Choose 3 or 5.",
        ),
        (
            lambda: band_interaction(np.ones(3), 2.5),
            "`channels` must be a whole number of 1 or more. Received: channels=2.5. "
            "Give an integer such as 1, 4 or 16.",
        ),
        (
            lambda: low_rank_interaction(SEWeights(np.ones((4, 2)), None, np.ones((4, 2)), None)),
            "`expand` must lead from the hidden units back to the channels. "
            "Received: expand of shape (4, 2). Give it the shape (2, 4).",
        ),
        (
            lambda: interactions(8, 16, 3),
            "`reduction` must not exceed `channels`. Received: channels=8, reduction=16. "
            "Choose a reduction of 8 or less.",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
