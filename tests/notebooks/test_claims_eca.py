"""The numbers that notebook 05 states in words, computed by the library."""

import itertools

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.examples import filters
from attention_lib.panels import eca
from attention_lib.steps import adaptive_kernel_size, choose_kernel
from tests.notebooks.claims import prose_of

BLOCKS = (3, 4, 6, 3)  # of ResNet-50, by stage
OUT = (256, 512, 1024, 2048)
INNER = (64, 128, 256, 512)


@pytest.fixture(scope="module")
def prose():
    return prose_of("05_eca")


def rounded_first(channels):
    t = round(choose_kernel(channels).t)
    return t if t % 2 else t + 1


def test_four_designs_by_their_weights(prose):
    se, eca = costs.se_cost(16, 4, use_bias=False), costs.eca_cost(16)
    assert f"{16 * 16}, 16 and {eca.parameters}" in prose
    assert f"{se.parameters} weights give it a rank of {steps.hidden_width(16, 4)}" in prose


def test_the_untrained_low_rank_square_has_the_rank_of_its_bottleneck():
    designs = steps.interactions(channels=16, reduction=4, kernel_size=3)
    assert np.linalg.matrix_rank(designs.low_rank) == 4


def test_the_kernel_of_digits(prose):
    meters, kernel = np.array([1.0, 2.0, 0.0, 4.0]), np.array([1.0, 10.0, 100.0])
    logits = steps.trace_interaction(meters, kernel).logits
    turned = steps.trace_interaction(meters, kernel[::-1]).logits
    assert f"gets 1 + 20 + 0 = {logits[1]:.0f}" in prose
    assert f"0 + 10 + 200 = {logits[0]:.0f}" in prose
    assert f"that would make {turned[1]:.0f}" in prose


def test_what_the_panel_shows_of_the_cat(prose):
    state = eca.compute("cat", 16, 5, "against", 2, 1, False, 5, 4, 0, False)
    z, gates = state.eca.squeezed, state.eca.gates
    assert state.kernel.tolist() == [-3, 6, -3]
    assert "kernel that one can read: −3, 6, −3" in prose
    assert f"at {z[5]:.0f}, between {z[4]:.2f} and {z[6]:.2f}" in prose
    assert state.hand_made
    assert f"opens it to {state.se.gates[5]:.2f}" in prose
    working = f"6 · {z[5]:.0f} − 3 · {z[4]:.2f} − 3 · {z[6]:.2f} = −{-state.eca.logits[5]:.2f}"
    assert f"closes it, to {gates[5]:.2f}: {working}" in prose
    assert f"{z[0]:.2f} and {z[1]:.2f}, and yet their gates are" in prose
    assert f"gates are {gates[0]:.2f} and {gates[1]:.2f}" in prose
    se = costs.se_cost(16, 4)
    assert f"The {se.parameters} beside SE counts {se.biases} biases, too" in prose


def test_the_articles_512_and_24_channels(prose):
    wide, narrow = choose_kernel(512), choose_kernel(24)
    assert wide.log2_channels == 9
    assert "512 is 2⁹" in prose
    assert f"*t* = ({wide.log2_channels:.0f} + 1) / 2 = {wide.t:.0f}: odd, kept" in prose
    assert (wide.raised, wide.kernel_size) == (False, 5)
    assert f"*t* is {narrow.t:.2f}, cut to {narrow.truncated}, which is even" in prose
    assert narrow.kernel_size == 3


def test_a_larger_gamma_makes_the_kernel_smaller(prose):
    sizes = [adaptive_kernel_size(512, gamma=gamma) for gamma in (2, 4)]
    assert "4 in place of 2 takes the 512 channels from {} back to {}".format(*sizes) in prose


def test_the_kernel_goes_up_by_2_for_every_four_doublings(prose):
    assert "goes up by one step, 2, for every four doublings of *C*" in prose
    assert {
        adaptive_kernel_size(16 * channels) - adaptive_kernel_size(channels)
        for channels in range(8, 5000)
    } == {2}


def test_128_is_a_tie_that_goes_up(prose):
    below, tie = choose_kernel(127), choose_kernel(128)
    assert (tie.t, tie.kernel_size, below.truncated, below.kernel_size) == (4, 5, 3, 3)
    assert "4 is even and becomes 5. At 127 the cut leaves 3" in prose


def test_where_rounding_first_goes_wrong(prose):
    wrong = [c for c in range(8, 2049) if rounded_first(c) != adaptive_kernel_size(c)]
    assert wrong == [*range(64, 128), *range(1024, 2048)]
    assert "from 64 channels to 127, and from 1024 to 2047" in prose
    assert {rounded_first(c) - adaptive_kernel_size(c) for c in wrong} == {2}
    assert (choose_kernel(64).t, choose_kernel(1024).t) == (3.5, 5.5)
    assert {256, 512}.isdisjoint(wrong)


def test_below_eight_channels_k_is_1():
    assert {adaptive_kernel_size(channels) for channels in range(1, 8)} == {1}
    assert adaptive_kernel_size(8) == 3
    assert steps.neighbours(0, 8, 3)[0] == -1


def test_the_recaps_staircase(prose):
    steps_up = [c for c in range(2, 2049) if adaptive_kernel_size(c) > adaptive_kernel_size(c - 1)]
    assert steps_up == [8, 128, 2048]
    assert "1 below 8 channels, 3 up to 127, 5 up to 2047, 7 from 2048" in prose


def test_5_parameters_against_32768(prose):
    se = costs.se_cost(512, 16, height=26, width=26, use_bias=False)
    eca = costs.eca_cost(512, height=26, width=26)
    assert f"{eca.parameters} parameters against {se.parameters:,}" in prose
    assert f"{1 - eca.multiply_adds / se.multiply_adds:.0%} less" in prose.replace("4 %", "4%")


def test_se_does_not_notice_a_shuffle_and_eca_does():
    z = steps.squeeze(filters.feature_maps("cat", 16))
    order = np.random.default_rng(0).permutation(16)
    w1, _, w2, _ = steps.random_weights(16, 4, spread=4)
    shuffled = steps.excite(z[order], w1[order], w2[:, order])
    np.testing.assert_allclose(shuffled, steps.excite(z, w1, w2)[order], atol=1e-6)
    kernel = steps.random_kernel(3, spread=4)
    gates, shuffled = (steps.trace_interaction(x, kernel).gates for x in (z, z[order]))
    assert np.abs(shuffled - gates[order]).max() > 0.05


def test_the_formula_counts_86_on_outputs_and_74_on_inner_widths(prose):
    on_outputs = np.dot(BLOCKS, [adaptive_kernel_size(channels) for channels in OUT])
    on_inner = np.dot(BLOCKS, [adaptive_kernel_size(channels) for channels in INNER])
    assert f"It gives {on_outputs}. So which kernel sizes make 80" in prose
    assert f"(64, 128, 256, 512) it is {on_inner}" in prose
    assert f"3 everywhere, makes {np.dot(BLOCKS, [3, 3, 3, 3])}" in prose


def test_three_growing_lists_of_kernels_make_80(prose):
    lists = itertools.combinations_with_replacement(range(1, 10, 2), 4)
    found = [sizes for sizes in lists if np.dot(BLOCKS, sizes) == 80]
    assert found == [(1, 5, 5, 9), (3, 5, 5, 7), (5, 5, 5, 5)]
    assert "Three answers, even if kernels are odd, at most 9, and never shrink" in prose


def test_rounding_first_on_the_inner_widths_makes_80_by_accident(prose):
    sizes = [rounded_first(channels) for channels in INNER]
    assert (sizes, np.dot(BLOCKS, sizes)) == ([5, 5, 5, 5], 80)
    assert "Rounding first, on the inner widths, makes 5, 5, 5, 5, which is 80 too" in prose
