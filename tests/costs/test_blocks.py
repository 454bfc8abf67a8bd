import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.costs import BlockCost, cbam_cost, eca_cost, se_cost, total, variant_cost
from attention_lib.steps import (
    adaptive_kernel_size,
    draw_variants,
    random_kernel,
    random_spatial_weights,
    random_weights,
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


def test_operations_of_a_small_cbam_are_as_counted_by_hand():
    entries, places = 2 * 3 * 4, 2 * 3
    assert cbam_cost(4, 2, spatial_kernel_size=3, height=2, width=3) == BlockCost(
        weights=16 + 2 * 9 + 1,  # gamma is a weight
        biases=6 + 1,  # and beta a bias
        squeeze=4 * entries,  # means and maxima, of channels and of places
        excite=2 * 16 + 18 * places + places,  # the MLP twice, the kernel, the normalisation
        scale=2 * entries,
    )


def test_cbam_is_channel_attention_and_100_parameters():
    assert cbam_cost(24, 4).parameters == 318 + 98 + 2


def test_a_width_of_ones_own_replaces_the_reduction():
    assert se_cost(96, hidden=4).parameters == 2 * 96 * 4 + 4 + 96
    assert se_cost(8, hidden=3) == se_cost(8, 16, hidden=3)


def test_costs_add_up_by_kind():
    assert total([]) == BlockCost(0, 0, 0, 0, 0)
    assert total([se_cost(4, 2), eca_cost(4)]) == BlockCost(16 + 1, 6, 4 + 4, 16 + 4, 4 + 4)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 4))
def test_the_closed_forms_of_the_variants_count_the_weights_there_are(groups, size, reach):
    channels, kernel_size = groups * size, 2 * reach + 1
    choices = {"reduction": size, "groups": groups, "kernel_size": kernel_size}
    for variant in draw_variants(channels, **choices):
        cost = variant_cost(variant.name, channels, **choices)
        assert cost.parameters == variant.parameters
        assert cost.excite == (channels * kernel_size if variant.name == "ECA" else cost.weights)
        assert cost.squeeze == cost.scale == channels


def test_a_variant_reads_and_scales_the_map_as_se_does():
    for name in ("SE", "SE-Var1", "SE-Var2", "SE-Var3", "SE-GC", "ECA-NS", "ECA"):
        cost = variant_cost(name, 32, height=7, width=5)
        assert (cost.squeeze, cost.scale) == (7 * 5 * 32, 7 * 5 * 32)


@given(st.integers(1, 300), st.data())
def test_the_closed_form_counts_the_weights_there_are(channels, data):
    reduction = data.draw(st.integers(1, channels))
    use_bias = data.draw(st.booleans())
    arrays = random_weights(channels, reduction, use_bias=use_bias)
    counted = sum(array.size for array in arrays if array is not None)
    assert se_cost(channels, reduction, use_bias=use_bias).parameters == counted
    kernel = random_kernel(adaptive_kernel_size(channels))
    assert eca_cost(channels).parameters == kernel.size
    cbam = cbam_cost(channels, reduction, spatial_kernel_size=5, use_bias=use_bias)
    assert cbam.parameters == counted + random_spatial_weights(5).kernel.size + 2


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
        (lambda: se_cost(8, hidden=0), "Received: hidden=0."),
        (
            lambda: cbam_cost(8),
            "`reduction` must not exceed `channels`. Received: channels=8, reduction=16.",
        ),
        (lambda: cbam_cost(8, 2, spatial_kernel_size=6), "Received: spatial_kernel_size=6."),
        (lambda: cbam_cost(8, 2, height=None), "Received: height=None."),
        (
            lambda: variant_cost("SE-Var4", 8),
            "`name` must be 'SE', 'ECA', 'SE-Var1', 'SE-Var2', 'SE-Var3', 'SE-GC' or 'ECA-NS'. "
            "Received: name='SE-Var4'. Choose one of them.",
        ),
        (
            lambda: variant_cost("SE-GC", 24),
            "`groups` must divide `channels`, so that all groups are of one size. "
            "Received: channels=24, groups=16. Choose 12, for example.",
        ),
        (lambda: variant_cost("ECA-NS", 24, kernel_size=2), "Received: kernel_size=2."),
    ],
)
def test_a_block_that_cannot_be_gets_a_sentence(cost, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        cost()
