import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    band_interaction,
    draw_variants,
    eca_forward,
    group_interaction,
    hard_sigmoid,
    interactions,
    random_kernel,
    random_weights,
    sigmoid,
    trace_excitation,
    trace_linear,
    unshared_band_interaction,
)

LOG3 = np.log(3)
sizes = st.integers(1, 12)
seeds = st.integers(0, 1000)


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


# matrices


def test_two_groups_of_two_make_this_matrix():
    blocks = np.array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    assert group_interaction(blocks).tolist() == [
        [1, 2, 0, 0],
        [3, 4, 0, 0],
        [0, 0, 5, 6],
        [0, 0, 7, 8],
    ]


def test_three_kernels_of_their_own_make_this_band():
    kernels = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert unshared_band_interaction(kernels).tolist() == [[2, 3, 0], [4, 5, 6], [0, 7, 8]]


def test_kernels_wider_than_the_channels_are_cut_at_both_ends():
    kernels = np.arange(14).reshape(2, 7)
    assert unshared_band_interaction(kernels).tolist() == [[3, 4], [9, 10]]


@given(sizes, seeds)
def test_groups_of_one_channel_are_var2_and_one_group_is_var3(channels, seed):
    weights, full = drawn(channels, seed=seed), drawn(channels, channels, seed=seed)
    np.testing.assert_array_equal(group_interaction(weights[:, None, None]), np.diag(weights))
    np.testing.assert_array_equal(group_interaction(full[None]), full)


@given(sizes, sizes, seeds)
def test_groups_hear_themselves_alone(groups, size, seed):
    blocks = drawn(groups, size, size, seed=seed)
    matrix, group = group_interaction(blocks), np.repeat(np.arange(groups), size)
    np.testing.assert_array_equal(matrix != 0, group[:, None] == group)
    z = drawn(groups * size, seed=seed + 1)
    expected = np.concatenate(
        [b @ part for b, part in zip(blocks, np.split(z, groups), strict=True)]
    )
    np.testing.assert_allclose(matrix @ z, expected, atol=1e-12)


@given(sizes, st.integers(0, 6), seeds)
def test_if_all_kernels_are_one_the_unshared_band_is_ecas(channels, reach, seed):
    kernel = drawn(2 * reach + 1, seed=seed)
    np.testing.assert_array_equal(
        unshared_band_interaction(np.tile(kernel, (channels, 1))),
        band_interaction(kernel, channels),
    )


@given(sizes, seeds)
def test_kernels_of_one_weight_are_var2(channels, seed):
    weights = drawn(channels, seed=seed)
    np.testing.assert_array_equal(unshared_band_interaction(weights[:, None]), np.diag(weights))


# steps


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = trace_linear([1.0, 3], np.array([[1, 0], [-2, 1]]) * LOG3)
    np.testing.assert_array_equal(trace.squeezed, [1, 3])
    np.testing.assert_allclose(trace.logits, [LOG3, LOG3])
    np.testing.assert_allclose(trace.gates, [0.75, 0.75])


def test_without_parameters_a_gate_is_the_sigmoid_of_its_own_summary():
    squeezed = drawn(5)
    np.testing.assert_allclose(trace_linear(squeezed, np.eye(5)).gates, sigmoid(squeezed))


@given(sizes, st.integers(0, 4), seeds)
def test_the_band_is_eca(channels, reach, seed):
    feature_map, kernel = drawn(2, 3, channels, seed=seed), random_kernel(2 * reach + 1, seed=seed)
    eca = eca_forward(feature_map, kernel)
    linear = trace_linear(eca.squeezed, band_interaction(kernel, channels))
    np.testing.assert_allclose(linear.gates, eca.gates, atol=1e-6)


def test_the_gate_can_be_changed():
    trace = trace_linear([6.0, -6], np.eye(2), gate=hard_sigmoid)
    np.testing.assert_array_equal(trace.gates, [1, 0])


# the table


def test_the_papers_table_of_parameters():
    counted = {
        v.name: v.parameters for v in draw_variants(64, reduction=16, groups=16, kernel_size=3)
    }
    assert counted == {
        "SE": 2 * 64**2 // 16,
        "SE-Var1": 0,
        "SE-Var2": 64,
        "SE-Var3": 64**2,
        "SE-GC": 64**2 // 16,
        "ECA-NS": 3 * 64,
        "ECA": 3,
    }
    for groups, parameters in ((64 // 16, 16 * 64), (64 // 8, 8 * 64)):  # SE-GC2 and SE-GC3
        assert draw_variants(64, groups=groups)[4].parameters == parameters


def test_who_hears_whom():
    hears = {v.name: v.depends_on for v in draw_variants(16, reduction=4, groups=4, kernel_size=3)}
    assert hears["SE"].all()
    assert hears["SE-Var3"].all()
    for name in ("SE-Var1", "SE-Var2"):
        np.testing.assert_array_equal(hears[name], np.eye(16, dtype=bool))
    assert hears["SE-GC"].sum() == 4 * 4 * 4
    np.testing.assert_array_equal(hears["ECA-NS"], hears["ECA"])
    assert hears["ECA"].sum() == 3 * 16 - 2


def test_the_matrix_holds_each_weight_once_if_it_is_not_shared():
    drawn = draw_variants(16, reduction=4, groups=4, kernel_size=3)
    different = {v.name: len(np.unique(v.matrix[v.depends_on])) for v in drawn}
    assert different == {v.name: v.parameters for v in drawn} | {
        "SE": 16 * 16,  # out of 128 weights
        "SE-Var1": 1,  # which is no weight
        "ECA-NS": 3 * 16 - 2,  # two weights meet the zeros at the ends
    }


def test_a_variant_traces_from_summaries_to_gates():
    z = drawn(16)
    for variant in draw_variants(16, reduction=4, groups=4):
        trace = variant.trace(z)
        np.testing.assert_array_equal(trace.gates, sigmoid(trace.logits))
        if variant.name != "SE":
            np.testing.assert_array_equal(trace.logits, variant.matrix @ z)
    se = draw_variants(16, reduction=4, groups=4)[0]
    expected = trace_excitation(z, random_weights(16, 4, use_bias=False))
    np.testing.assert_array_equal(se.trace(z).logits, expected.logits)


def test_they_are_the_matrices_that_interactions_shows():
    full, low_rank, diagonal, band = interactions(16, 4, 5, seed=3)
    drawn_variants = {
        v.name: v.matrix for v in draw_variants(16, reduction=4, kernel_size=5, seed=3)
    }
    np.testing.assert_array_equal(drawn_variants["SE"], low_rank)
    np.testing.assert_array_equal(drawn_variants["SE-Var2"], diagonal)
    np.testing.assert_array_equal(drawn_variants["SE-Var3"], full)
    np.testing.assert_array_equal(drawn_variants["ECA"], band)


def test_the_seed_chooses_the_draw():
    one, same, other = (draw_variants(16, seed=seed) for seed in (1, 1, 2))
    for first, again, different in zip(one, same, other, strict=True):
        np.testing.assert_array_equal(first.matrix, again.matrix)
        assert first.name == "SE-Var1" or not np.array_equal(first.matrix, different.matrix)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: trace_linear(np.ones(4), np.ones((4, 3))),
            "`matrix` must have a row and a column for each channel. "
            "Received: matrix of shape (4, 3). Give it the shape (4, 4).",
        ),
        (
            lambda: trace_linear(np.ones(4), np.eye(4), gate="sigmoid"),
            "`gate` must be a function of one array.",
        ),
        (
            lambda: group_interaction(np.ones((2, 3, 4))),
            "`blocks` must be square, as many gates as channels in each group. "
            "Received: blocks of shape (2, 3, 4). Give it the shape (2, 3, 3).",
        ),
        (
            lambda: unshared_band_interaction(np.ones((8, 4))),
            "Received: kernel_size=4. Choose 3 or 5.",
        ),
        (
            lambda: draw_variants(24, groups=16),
            "`groups` must divide `channels`, so that all groups are of one size. "
            "Received: channels=24, groups=16. Choose 12, for example.",
        ),
        (lambda: draw_variants(16, groups=0), "Received: groups=0."),
        (lambda: draw_variants(8), "`reduction` must not exceed `channels`."),
        (lambda: draw_variants(16, kernel_size=2), "Received: kernel_size=2. Choose 1 or 3."),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
