import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.costs import BlockCost, eca_cost, se_cost
from attention_lib.steps import adaptive_kernel_size, random_kernel, random_weights

WIDTHS = (256, 512, 1024, 2048)
SIDES = (56, 28, 14, 7)
BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
PLAIN = {50: 25_557_032, 101: 44_549_160, 152: 60_192_808}  # parameters without attention


def added_by_se(depth, reduction=16, **options):
    """Parameters that SE adds to a ResNet, with one block after each residual branch."""
    return sum(
        blocks * se_cost(width, reduction, **options).parameters
        for blocks, width in zip(BLOCKS[depth], WIDTHS, strict=True)
    )


def test_the_articles_se_block_has_318_parameters():
    cost = se_cost(24, 4, height=56, width=56)
    assert (cost.weights, cost.biases) == (24 * 6 + 6 * 24, 6 + 24)
    assert cost.parameters == 150 + 168 == 318


def test_the_articles_eca_block_has_5_parameters():
    assert eca_cost(512, height=26, width=26).parameters == 5


def test_eca_asks_5_parameters_where_a_bottleneck_of_16_asks_32768():
    assert eca_cost(512).parameters == 5
    assert se_cost(512, 16, use_bias=False).parameters == 32_768


def test_operations_of_a_small_block_are_as_counted_by_hand():
    entries = 2 * 3 * 4
    se = se_cost(4, 2, height=2, width=3)
    assert se == BlockCost(weights=16, biases=6, squeeze=entries, excite=16, scale=entries)
    assert se.multiply_adds == 24 + 16 + 24
    eca = eca_cost(4, kernel_size=3, height=2, width=3)
    assert eca == BlockCost(weights=3, biases=0, squeeze=entries, excite=12, scale=entries)
    assert eca.multiply_adds == 24 + 12 + 24


@pytest.mark.parametrize(
    ("depth", "weights", "with_biases"),
    [
        (50, 2_514_944, 2_530_992),
        (101, 4_743_168, 4_777_712),
        (152, 6_578_176, 6_629_040),
    ],
)
def test_what_se_adds_to_a_resnet(depth, weights, with_biases):
    assert added_by_se(depth, use_bias=False) == weights
    assert added_by_se(depth) == with_biases


def test_se_resnet_50_in_all():
    added = added_by_se(50, use_bias=False)
    assert PLAIN[50] + added == 28_071_976
    assert PLAIN[50] + added_by_se(50) == 28_088_024
    assert round(100 * added / PLAIN[50], 1) == 9.8
    last_stage = 3 * se_cost(2048, 16, use_bias=False).parameters
    assert round(100 * last_stage / added, 1) == 62.5
    assert round(100 * (added - last_stage) / PLAIN[50], 1) == 3.7


@pytest.mark.parametrize(
    ("reduction", "millions"), [(2, 45.7), (4, 35.7), (8, 30.7), (16, 28.1), (32, 26.9)]
)
def test_the_se_papers_table_of_reductions_agrees_within_a_tenth_with_biases(reduction, millions):
    total = PLAIN[50] + added_by_se(50, reduction)
    assert total / 1e6 == pytest.approx(millions, abs=0.1)


@pytest.mark.parametrize(
    ("depth", "plain", "with_se"), [(50, 24.37, 26.77), (101, 42.49, 47.01), (152, 57.40, 63.68)]
)
def test_the_eca_papers_table_counts_in_units_of_two_to_the_twenty(depth, plain, with_se):
    assert round(PLAIN[depth] / 2**20, 2) == plain
    assert round((PLAIN[depth] + added_by_se(depth, use_bias=False)) / 2**20, 2) == with_se


def test_exciting_every_place_by_itself_would_cost_0_411_billion_more():
    every_place = sum(
        blocks * side**2 * se_cost(width, 16).excite
        for blocks, side, width in zip(BLOCKS[50], SIDES, WIDTHS, strict=True)
    )
    assert round(every_place / 1e9, 3) == 0.411


@given(st.integers(1, 300), st.data())
def test_the_closed_form_counts_the_weights_there_are(channels, data):
    reduction = data.draw(st.integers(1, channels))
    use_bias = data.draw(st.booleans())
    arrays = random_weights(channels, reduction, use_bias=use_bias)
    counted = sum(array.size for array in arrays if array is not None)
    assert se_cost(channels, reduction, use_bias=use_bias).parameters == counted
    kernel = random_kernel(adaptive_kernel_size(channels))
    assert eca_cost(channels).parameters == kernel.size


@given(st.integers(1, 50), st.integers(1, 16))
def test_doubling_channels_quadruples_the_weights_and_doubling_r_halves_them(width, reduction):
    channels = 2 * width * reduction
    weights = se_cost(channels, reduction).weights
    assert se_cost(2 * channels, reduction).weights == 4 * weights
    assert se_cost(channels, 2 * reduction).weights == weights // 2


@given(st.integers(1, 99), st.integers(1, 99))
def test_parameters_do_not_depend_on_the_size_of_the_map(height, width):
    size = {"height": height, "width": width}
    assert se_cost(24, 4, **size).parameters == se_cost(24, 4).parameters
    assert eca_cost(24, **size).parameters == eca_cost(24).parameters
    assert se_cost(24, 4, **size).excite == se_cost(24, 4).excite


def test_narrow_numpy_integers_do_not_overflow():
    assert se_cost(np.uint8(200), np.uint8(1)).weights == 80_000


def test_gamma_and_b_choose_the_kernel_unless_it_is_given():
    assert eca_cost(512, gamma=1).parameters == 11
    assert eca_cost(512, b=5).parameters == 7
    assert eca_cost(512, gamma=1, kernel_size=3).parameters == 3


@pytest.mark.parametrize(
    ("cost", "sentence"),
    [
        (
            lambda: se_cost(8, 16),
            "`reduction` must not exceed `channels`. Received: channels=8, reduction=16. "
            "Choose a reduction of 8 or less.",
        ),
        (
            lambda: se_cost(7.5, 2),
            "`channels` must be a whole number of 1 or more. Received: channels=7.5.",
        ),
        (
            lambda: se_cost(8, 2, height=0),
            "`height` must be a whole number of 1 or more. Received: height=0.",
        ),
        (
            lambda: eca_cost(8, width=1.5),
            "`width` must be a whole number of 1 or more. Received: width=1.5.",
        ),
        (
            lambda: eca_cost(8, gamma=0),
            "`gamma` must be a finite number greater than 0. Received: gamma=0.",
        ),
        (
            lambda: eca_cost(8, kernel_size=4),
            "Received: kernel_size=4. Choose 3 or 5.",
        ),
    ],
)
def test_a_block_that_cannot_be_gets_a_sentence(cost, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        cost()
