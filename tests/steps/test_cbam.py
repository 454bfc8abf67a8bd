import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    BatchNorm,
    CBAMWeights,
    SEWeights,
    SpatialWeights,
    cbam_forward,
    channel_attention,
    hard_sigmoid,
    random_spatial_weights,
    random_weights,
    relu,
    scale,
    scale_places,
    se_forward,
    sigmoid,
    spatial_attention,
    swish,
)

LOG3 = np.log(3)
sizes = st.integers(1, 9)
seeds = st.integers(0, 2**32)
odd_sizes = st.integers(0, 4).map(lambda reach: 2 * reach + 1)
orders = st.sampled_from(["channel_spatial", "spatial_channel", "parallel"])


@st.composite
def blocks(draw):
    """A random map, and random weights for it."""
    height, width, channels = (draw(sizes) for _ in range(3))
    seed = draw(seeds)
    rng = np.random.default_rng(seed)
    feature_map = rng.normal(size=(height, width, channels))
    channel = SEWeights(*(a + rng.normal(size=a.shape) for a in random_weights(channels, 1)))
    kernel = random_spatial_weights(draw(odd_sizes), spread=3, seed=seed).kernel
    norm = BatchNorm(*rng.uniform(0.5, 2, 4)) if draw(st.booleans()) else None
    return feature_map, CBAMWeights(channel, SpatialWeights(kernel, rng.normal(), norm))


# channel attention


def test_every_intermediate_of_channel_attention_is_as_worked_out_by_hand():
    feature_map = np.array([[[0.0, 1, 2], [2, 1, -4]]])  # (1, 2, 3)
    weights = SEWeights(
        np.array([[1.0, 0], [0, 1], [0, 1]]),
        np.array([0.0, 1]),
        np.array([[LOG3, 0, 0], [0, LOG3, -LOG3]]) / 3,
        np.array([0, 0, LOG3 / 2]),
    )
    trace = channel_attention(feature_map, weights)
    assert trace.feature_map is feature_map
    np.testing.assert_array_equal(trace.squeezed, [[1, 1, -1], [2, 1, 2]])  # means, then maxima
    np.testing.assert_array_equal(trace.reduced, [[1, 1], [2, 4]])
    np.testing.assert_array_equal(trace.hidden, [[1, 1], [2, 4]])
    means, maxima = np.array([1, 1, -1 + 1.5]) / 3, np.array([2, 4, -4 + 1.5]) / 3
    np.testing.assert_allclose(trace.expanded, np.array([means, maxima]) * LOG3)
    np.testing.assert_allclose(trace.logits, np.array([1, 5 / 3, -2 / 3]) * LOG3)
    np.testing.assert_allclose(trace.gates, [3 / 4, sigmoid(5 / 3 * LOG3), sigmoid(-2 / 3 * LOG3)])
    np.testing.assert_allclose(trace.scaled[..., 0], [[0, 1.5]])


def test_a_hidden_unit_below_zero_is_silent():
    weights = SEWeights(np.array([[-1.0]]), None, np.array([[1.0]]), None)
    trace = channel_attention(np.array([[[1.0], [3.0]]]), weights)
    np.testing.assert_array_equal(trace.reduced, [[-2], [-3]])
    np.testing.assert_array_equal(trace.hidden, 0)
    np.testing.assert_array_equal(trace.gates, 0.5)


@given(blocks())
def test_averages_alone_are_squeeze_and_excitation(block):
    feature_map, weights = block
    trace = channel_attention(feature_map, weights.channel, pooling=("average",))
    expected = se_forward(feature_map, weights.channel)
    np.testing.assert_array_equal(trace.squeezed[0], expected.squeezed)
    np.testing.assert_array_equal(trace.gates, expected.gates)
    np.testing.assert_array_equal(trace.scaled, expected.scaled)


def test_one_bright_pixel_is_lost_in_the_mean_and_kept_by_the_max():
    bright = np.zeros((56, 56, 1))
    bright[20, 30] = 1
    means, maxima = channel_attention(bright, random_weights(1, 1)).squeezed
    assert means == pytest.approx(1 / 3136)
    assert maxima == 1


@given(blocks())
def test_a_tuple_of_the_same_mlp_is_one_shared_mlp(block):
    feature_map, weights = block
    shared = channel_attention(feature_map, weights.channel)
    twice = channel_attention(feature_map, (weights.channel, weights.channel))
    for one, other in zip(shared, twice, strict=True):
        np.testing.assert_array_equal(one, other)


def test_each_mlp_of_a_tuple_hears_its_own_pooling():
    feature_map = np.array([[[0.0], [4.0]]])  # mean 2, max 4
    silent, loud = (SEWeights(np.ones((1, 1)), None, np.full((1, 1), w), None) for w in (0, 1))
    np.testing.assert_array_equal(channel_attention(feature_map, (loud, silent)).logits, [2])
    np.testing.assert_array_equal(channel_attention(feature_map, (silent, loud)).logits, [4])
    np.testing.assert_array_equal(
        channel_attention(feature_map, (silent, loud), pooling=("max", "average")).logits, [2]
    )


@given(blocks(), st.randoms(use_true_random=False))
def test_channel_gates_do_not_notice_where_things_are(block, random):
    feature_map, weights = block
    places = feature_map.reshape(-1, feature_map.shape[-1])
    order = random.sample(range(len(places)), len(places))
    shuffled = places[order].reshape(feature_map.shape)
    np.testing.assert_allclose(
        channel_attention(shuffled, weights.channel).gates,
        channel_attention(feature_map, weights.channel).gates,
    )


def test_the_curves_can_be_changed():
    feature_map, weights = np.ones((2, 2, 4)), random_weights(4, 2)
    trace = channel_attention(feature_map, weights, activation=swish, gate=hard_sigmoid)
    np.testing.assert_array_equal(trace.hidden, swish(trace.reduced))
    np.testing.assert_array_equal(trace.gates, hard_sigmoid(trace.logits))


# spatial attention


def test_every_intermediate_of_spatial_attention_is_as_worked_out_by_hand():
    feature_map = np.array([[[1.0, 3], [0, 0]], [[-2, 0], [4, 6]]])  # (2, 2, 2)
    kernel = np.zeros((3, 3, 2))
    kernel[1, 1, 0] = 1  # the maximum of the place itself
    kernel[1, 2, 1] = 10  # and ten times the mean of the place on its right
    trace = spatial_attention(feature_map, SpatialWeights(kernel, 1, BatchNorm(2, 0.5, 3, 4, 0)))
    assert trace.feature_map is feature_map
    np.testing.assert_array_equal(trace.squeezed[..., 0], [[3, 0], [0, 6]])
    np.testing.assert_array_equal(trace.squeezed[..., 1], [[2, 0], [-1, 5]])
    np.testing.assert_array_equal(trace.convolved, [[4, 1], [51, 7]])
    np.testing.assert_array_equal(trace.logits, [[1.5, -1.5], [48.5, 4.5]])
    np.testing.assert_allclose(trace.gates, sigmoid(np.array([[1.5, -1.5], [48.5, 4.5]])))
    np.testing.assert_allclose(trace.scaled[0, 0], np.array([1, 3]) * sigmoid(1.5))


@given(blocks())
def test_the_convolution_is_the_kernel_laid_over_each_place(block):
    feature_map, weights = block
    kernel = weights.spatial.kernel
    trace = spatial_attention(feature_map, SpatialWeights(kernel))
    reach, (height, width) = len(kernel) // 2, trace.convolved.shape
    for row, column in np.ndindex(height, width):
        expected = 0.0
        for down, right in np.ndindex(len(kernel), len(kernel)):
            place = row + down - reach, column + right - reach
            if 0 <= place[0] < height and 0 <= place[1] < width:
                expected += kernel[down, right] @ trace.squeezed[place]
        assert trace.convolved[row, column] == pytest.approx(expected, abs=1e-12)


@given(blocks())
def test_every_channel_gets_the_same_map_of_places(block):
    feature_map, weights = block
    trace = spatial_attention(feature_map, weights.spatial)
    np.testing.assert_array_equal(trace.scaled, feature_map * trace.gates[:, :, None])


@given(blocks(), st.randoms(use_true_random=False))
def test_spatial_gates_do_not_notice_the_order_of_channels(block, random):
    feature_map, weights = block
    order = random.sample(range(feature_map.shape[-1]), feature_map.shape[-1])
    np.testing.assert_allclose(
        spatial_attention(feature_map[..., order], weights.spatial).gates,
        spatial_attention(feature_map, weights.spatial).gates,
    )


@given(blocks())
def test_a_mirrored_picture_and_kernel_give_mirrored_gates(block):
    feature_map, weights = block
    mirrored = weights.spatial._replace(kernel=weights.spatial.kernel[:, ::-1])
    np.testing.assert_allclose(
        spatial_attention(feature_map[:, ::-1], mirrored).gates[:, ::-1],
        spatial_attention(feature_map, weights.spatial).gates,
        atol=1e-12,
    )


@given(blocks())
def test_mean_before_max_is_the_same_if_the_kernels_planes_change_places_too(block):
    feature_map, weights = block
    swapped = weights.spatial._replace(kernel=weights.spatial.kernel[..., ::-1])
    np.testing.assert_allclose(
        spatial_attention(feature_map, swapped, pooling=("average", "max")).gates,
        spatial_attention(feature_map, weights.spatial).gates,
        atol=1e-12,
    )


@given(blocks())
def test_a_normalisation_with_gamma_zero_leaves_one_gate_for_all_places(block):
    feature_map, weights = block
    norm = BatchNorm(gamma=0, beta=LOG3, mean=5, variance=2)
    trace = spatial_attention(feature_map, weights.spatial._replace(norm=norm))
    np.testing.assert_allclose(trace.gates, 0.75)


def test_a_normalisation_that_has_learnt_nothing_changes_next_to_nothing():
    kernel = random_spatial_weights(3).kernel
    feature_map = np.random.default_rng(0).random((4, 4, 2))
    logits = spatial_attention(feature_map, SpatialWeights(kernel, norm=BatchNorm())).logits
    plain = spatial_attention(feature_map, SpatialWeights(kernel)).logits
    np.testing.assert_allclose(logits, plain / np.sqrt(1 + 1e-5), rtol=1e-9)


def test_zero_weights_give_gates_of_one_half():
    zeros = CBAMWeights(random_weights(4, 2, spread=0), random_spatial_weights(spread=0))
    trace = cbam_forward(np.ones((3, 5, 4)), zeros)
    np.testing.assert_array_equal(trace.channel.gates, 0.5)
    np.testing.assert_array_equal(trace.spatial.gates, 0.5)
    np.testing.assert_array_equal(trace.scaled, 0.25)


# both


@given(blocks())
def test_channels_come_first_and_the_places_see_what_they_left(block):
    feature_map, weights = block
    trace = cbam_forward(feature_map, weights)
    channel = channel_attention(feature_map, weights.channel)
    spatial = spatial_attention(channel.scaled, weights.spatial)
    np.testing.assert_array_equal(trace.channel.gates, channel.gates)
    np.testing.assert_array_equal(trace.spatial.gates, spatial.gates)
    np.testing.assert_array_equal(trace.scaled, spatial.scaled)


@given(blocks())
def test_in_reverse_the_channels_see_what_the_places_left(block):
    feature_map, weights = block
    trace = cbam_forward(feature_map, weights, order="spatial_channel")
    spatial = spatial_attention(feature_map, weights.spatial)
    channel = channel_attention(spatial.scaled, weights.channel)
    np.testing.assert_array_equal(trace.spatial.gates, spatial.gates)
    np.testing.assert_array_equal(trace.channel.gates, channel.gates)
    np.testing.assert_array_equal(trace.scaled, channel.scaled)


@given(blocks())
def test_in_parallel_neither_sees_the_other(block):
    feature_map, weights = block
    trace = cbam_forward(feature_map, weights, order="parallel")
    channel = channel_attention(feature_map, weights.channel).gates
    spatial = spatial_attention(feature_map, weights.spatial).gates
    np.testing.assert_array_equal(trace.channel.gates, channel)
    np.testing.assert_array_equal(trace.spatial.gates, spatial)
    np.testing.assert_array_equal(trace.scaled, scale_places(scale(feature_map, channel), spatial))


@given(blocks(), orders)
def test_the_gates_of_both_together_are_an_outer_product(block, order):
    feature_map, weights = block
    trace = cbam_forward(feature_map, weights, order=order)
    np.testing.assert_array_equal(trace.feature_map, feature_map)
    together = trace.spatial.gates[:, :, None] * trace.channel.gates
    np.testing.assert_allclose(trace.scaled, feature_map * together, rtol=1e-12)


def test_the_order_matters():
    feature_map = np.random.default_rng(0).normal(size=(6, 6, 8))
    weights = CBAMWeights(random_weights(8, 2), random_spatial_weights(3))
    orders = ("channel_spatial", "spatial_channel", "parallel")
    results = [cbam_forward(feature_map, weights, order=order).scaled for order in orders]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(results[one] - results[other]).max() > 1e-3


@given(blocks())
def test_the_choices_reach_both_halves(block):
    feature_map, weights = block
    weights = weights._replace(spatial=weights.spatial._replace(kernel=np.ones((3, 3, 1))))
    curves = {"gate": hard_sigmoid}
    trace = cbam_forward(
        feature_map,
        weights,
        channel_pooling=["max"],
        spatial_pooling=["average"],
        activation=swish,
        **curves,
    )
    channel = channel_attention(
        feature_map, weights.channel, pooling=("max",), activation=swish, **curves
    )
    spatial = spatial_attention(channel.scaled, weights.spatial, pooling=("average",), **curves)
    np.testing.assert_array_equal(trace.channel.gates, channel.gates)
    np.testing.assert_array_equal(trace.scaled, spatial.scaled)


def test_single_precision_stays_single():
    weights = CBAMWeights(random_weights(4, 2), random_spatial_weights()._replace(norm=BatchNorm()))
    assert cbam_forward(np.ones((3, 5, 4), np.float32), weights).scaled.dtype == np.float32


def test_random_kernels_depend_on_the_seed_alone_and_have_the_spread_asked_for():
    one, same, other = (random_spatial_weights(seed=seed).kernel for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert random_spatial_weights(3, planes=1).kernel.shape == (3, 3, 1)
    wide = random_spatial_weights(31, spread=4).kernel
    assert wide.std() * np.sqrt(wide.size) == pytest.approx(4, rel=0.05)


# what cannot be

MAP, MLP, SPATIAL = np.ones((2, 3, 4)), random_weights(4, 2), random_spatial_weights()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: cbam_forward(MAP, CBAMWeights(MLP, SPATIAL), order="channel_first"),
            "`order` must be 'channel_spatial', 'spatial_channel' or 'parallel'. "
            "Received: order='channel_first'. Choose one of them.",
        ),
        (
            lambda: cbam_forward(MAP, CBAMWeights(MLP, SPATIAL), channel_pooling=()),
            "`channel_pooling` must be a tuple of 'average', 'max' or both, each once. "
            "Received: channel_pooling=(). Write ('average', 'max'), or ('max',) for one alone.",
        ),
        (
            lambda: cbam_forward(MAP, CBAMWeights(MLP, SPATIAL), spatial_pooling=("max", "max")),
            "Received: spatial_pooling=('max', 'max').",
        ),
        (lambda: channel_attention(MAP, MLP, pooling="max"), "Received: pooling='max'."),
        (lambda: channel_attention(MAP, MLP, pooling=("mean",)), "Received: pooling=('mean',)."),
        (
            lambda: channel_attention(MAP, (MLP,)),
            "`weights` must be one MLP, or one for each pooling, all of the same width. "
            "Received: pooling=('average', 'max'), reduce of shape [(4, 2)]. "
            "Give one `SEWeights`, which all of them share.",
        ),
        (
            lambda: channel_attention(MAP, (MLP, random_weights(4, 1))),
            "reduce of shape [(4, 2), (4, 4)].",
        ),
        (
            lambda: channel_attention(MAP, random_weights(8, 2)),
            "`reduce` must have a row for each input and a column for each output.",
        ),
        (
            lambda: channel_attention(MAP[None], MLP),
            "Take one out of the batch: feature_map[0].",
        ),
        (
            lambda: channel_attention(MAP, MLP, gate="sigmoid"),
            "`gate` must be a function of one array.",
        ),
        (
            lambda: spatial_attention(MAP, SPATIAL, gate=None),
            "`gate` must be a function of one array.",
        ),
        (
            lambda: spatial_attention(MAP, SPATIAL, pooling=("max",)),
            "`kernel` must be square, with one plane for each pooling. "
            "Received: kernel of shape (7, 7, 2). Give it the shape (7, 7, 1).",
        ),
        (
            lambda: spatial_attention(MAP, SpatialWeights(np.ones((3, 5, 2)))),
            "Received: kernel of shape (3, 5, 2). Give it the shape (3, 3, 2).",
        ),
        (
            lambda: spatial_attention(MAP, SpatialWeights(np.ones((4, 4, 2)))),
            "Received: kernel_size=4. Choose 3 or 5.",
        ),
        (
            lambda: scale_places(MAP, np.ones((3, 2))),
            "`gates` must hold one number per place. Received: gates of shape (3, 2). "
            "Give it the shape (2, 3).",
        ),
        (lambda: random_spatial_weights(6), "Received: kernel_size=6. Choose 5 or 7."),
        (lambda: random_spatial_weights(planes=0), "Received: planes=0."),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()


def test_relu_is_the_authors_choice():
    trace = channel_attention(-MAP, MLP)
    np.testing.assert_array_equal(trace.hidden, relu(trace.reduced))
