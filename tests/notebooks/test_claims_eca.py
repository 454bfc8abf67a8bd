"""The numbers that notebook 05 states in words, computed by the library."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.examples import filters
from attention_lib.panels.eca import state as eca
from attention_lib.steps import adaptive_kernel_size, choose_kernel
from tests.notebooks.claims import defined, prose_of, two_columns

ROOT = Path(__file__).parents[2]


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
    means, kernel = np.array([1.0, 2.0, 0.0, 4.0]), np.array([1.0, 10.0, 100.0])
    logits = steps.trace_interaction(means, kernel).logits
    turned = steps.trace_interaction(means, kernel[::-1]).logits
    assert f"gets 1 + 20 + 0 = {logits[1]:.0f}" in prose
    assert logits[0] == 210
    assert f"that would make {turned[1]:.0f}" in prose


def test_what_the_panel_shows_of_the_cat(prose):
    state = eca.compute("cat", 16, 5, "against", 2, 1, False, 5, 4, 0, False)
    z, gates = state.eca.squeezed, state.eca.gates
    assert state.kernel.tolist() == [-3, 6, -3]
    assert "kernel that one can read: −3, 6, −3" in prose
    assert f"a mean of {z[5]:.0f}, between {z[4]:.2f} and {z[6]:.2f}" in prose
    assert state.hand_made
    assert f"opens its gate to {state.se.gates[5]:.2f}" in prose
    working = f"6 · {z[5]:.0f} − 3 · {z[4]:.2f} − 3 · {z[6]:.2f} = −{-state.eca.logits[5]:.2f}"
    assert f"closes it, to {gates[5]:.2f}: {working}" in prose
    assert f"{z[0]:.2f} and {z[1]:.2f}, but their gates are" in prose
    assert f"gates are {gates[0]:.2f} and {gates[1]:.2f}" in prose
    se = costs.se_cost(16, 4)
    assert f"The {se.parameters} beside SE counts {se.biases} biases, too" in prose


def test_the_articles_24_channels(prose):
    narrow = choose_kernel(24)
    assert f"*t* is {narrow.t:.2f}, cut to {narrow.truncated}, which is even" in prose
    assert narrow.kernel_size == 3


def test_the_kernel_goes_up_by_2_for_every_four_doublings(prose):
    assert "grows by 2 for every four doublings of *C*" in prose
    assert {
        adaptive_kernel_size(16 * channels) - adaptive_kernel_size(channels)
        for channels in range(8, 5000)
    } == {2}


def test_128_is_a_tie_that_goes_up(prose):
    below, tie = choose_kernel(127), choose_kernel(128)
    assert (tie.t, tie.kernel_size, below.truncated, below.kernel_size) == (4, 5, 3, 3)
    assert "At 128 *t* is 4, which is even and becomes 5; at 127 the cut leaves 3" in prose


def test_where_rounding_first_goes_wrong(prose):
    wrong = [c for c in range(1, 2049) if rounded_first(c) != adaptive_kernel_size(c)]
    assert wrong == [*range(4, 8), *range(64, 128), *range(1024, 2048)]
    assert "From 4 channels to 7, from 64 to 127, and from 1024 to 2047" in prose
    assert {rounded_first(c) - adaptive_kernel_size(c) for c in wrong} == {2}
    asked = (4, 8, 64, 127, 128, 512, 1024)
    assert f"these sizes does the kernel come out different: {', '.join(map(str, asked))}?" in prose
    *others, last = (str(c) for c in asked if c in wrong)
    assert f"Rounding is wrong at {', '.join(others)} and {last}." in prose
    assert {256, 512}.isdisjoint(wrong)


def test_the_formula_turns_round_to_c_from_k(prose):
    assert r"C = 2^{\gamma k - b}" in prose
    for k in (3, 5, 7):
        assert choose_kernel(2 ** (2 * k - 1)).t == k


def test_each_of_the_three_numbers_can_make_k_7(prose):
    start = choose_kernel(64)
    assert (start.gamma, start.b, start.kernel_size) == (2, 1, 3)
    assert choose_kernel(2048).kernel_size == 7
    assert {choose_kernel(64, gamma=g / 10).kernel_size for g in (10, 11)} == {7}
    assert choose_kernel(64, gamma=1.2).kernel_size == 5
    assert {choose_kernel(64, b=b).kernel_size for b in (6, 7, 8)} == {7}
    assert "2048 channels or more, γ = 1, or *b* from 6 to 9" in prose


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
    articles = costs.se_cost(512, 4, use_bias=False).parameters
    assert f"(and with the article's $r = 4$, {articles:,})" in prose
    assert f"{100 * (1 - eca.multiply_adds / se.multiply_adds):.0f} % less" in prose


def test_the_times_are_those_of_the_benchmarks_table(prose):
    """In milliseconds, forward and compiled with jit: the third column."""
    pages = [
        path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("benchmarks/*.md"))
    ]

    def measured(row):
        (line,) = re.findall(rf"^\| {row}.*", "\n".join(pages), re.MULTILINE)
        return line.split("|")[4].split("/")[0].strip()

    floor, se, eca = map(measured, ("floor", "SqueezeExcite", "EfficientChannelAttention"))
    assert f"alone takes {floor} ms, SE takes {se} ms and ECA {eca} ms" in prose


def test_the_papers_speeds(prose):
    def three(quantity):
        rows = ("ResNet-50", "ResNet-50 + SE", "ResNet-50 + ECA")
        plain, se, eca = (costs.printed("ECA", "Table 3, speed", row, quantity) for row in rows)
        return f"{plain}, {se} and {eca}"

    said = f"the plain ResNet-50, SE and ECA reach {three('inference')}, and in training"
    assert f"{said} {three('training')}" in prose


def test_which_square_is_better_and_whose_numbers_they_are(prose):
    def printed(row):
        return costs.printed("ECA", "Table 2", row, "top-1 accuracy, %")

    better = f"The full square is better, {printed('SE-Var3')} %, and so is the diagonal"
    assert f"{better}, {printed('SE-Var2')} %" in prose
    assert f"ECA has {printed('ECA')} %" in prose
    assert f"{printed('Vanilla')} % (without attention) and {printed('SE')} % (SE) are not" in prose
    own = 100 - float(costs.printed("SE", "Table 10", "r = 16", "top-1 error, %"))
    assert f"SE's own paper has {own:.2f} %, more than all of these" in prose
    assert own > max(
        float(cell.printed)
        for cell in costs.table("ECA", "Table 2").cells
        if cell.quantity == "top-1 accuracy, %"
    )
    assert f"SE has {printed('SE')} % in ECA's table, and {own:.2f} % in its own paper" in prose


@pytest.mark.tensorflow
def test_the_articles_function_stops_and_todays_has_5_parameters():
    import tensorflow as tf

    from attention_lib._keras import keras
    from attention_lib.layers import eca_block

    article, today = (
        defined(lines, "eca_block", layers=keras.layers, math=math, tf=tf)
        for lines in two_columns("05_eca", "article-whole")
    )
    inputs = keras.Input((26, 26, 512))
    with pytest.raises(ValueError, match="A KerasTensor cannot be used"):
        article(inputs)
    ours, theirs = (keras.Model(inputs, block(inputs)) for block in (eca_block, today))
    assert theirs.count_params() == 5
    theirs.set_weights(ours.get_weights())
    maps = np.random.default_rng(0).normal(size=(1, 26, 26, 512)).astype("float32")
    wanted, got = (keras.ops.convert_to_numpy(model(maps)) for model in (ours, theirs))
    np.testing.assert_allclose(got, wanted, atol=1e-6)


def test_se_does_not_notice_a_shuffle_and_eca_does():
    z = steps.squeeze(filters.feature_maps("cat", 16))
    order = np.random.default_rng(0).permutation(16)
    w1, _, w2, _ = steps.random_weights(16, 4, spread=4)
    shuffled = steps.excite(z[order], w1[order], w2[:, order])
    np.testing.assert_allclose(shuffled, steps.excite(z, w1, w2)[order], atol=1e-6)
    kernel = steps.random_kernel(3, spread=4)
    gates, shuffled = (steps.trace_interaction(x, kernel).gates for x in (z, z[order]))
    assert np.abs(shuffled - gates[order]).max() > 0.05
