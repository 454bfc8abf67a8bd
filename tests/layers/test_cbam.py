import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_lib.layers import CBAM, ChannelAttention, SpatialAttention, SqueezeExcite
from attention_lib.steps import (
    ACTIVATIONS,
    GATES,
    BatchNorm,
    CBAMWeights,
    SEWeights,
    SpatialWeights,
    cbam_forward,
    channel_attention,
    spatial_attention,
)
from tests.layers.tools import batches, build_open, compare, random_maps, randomise, to_numpy

few = settings(max_examples=20)
poolings = st.sampled_from(
    [("average",), ("max",), ("average", "max"), ("max", "average")],
)
curves = {
    "activation": st.sampled_from(sorted(ACTIVATIONS)),
    "gate": st.sampled_from(sorted(GATES)),
    "data_format": st.sampled_from(["channels_last", "channels_first"]),
}


def channel_weights(layer):
    """The weights of a ChannelAttention, for the steps."""
    weights = layer.get_weights()
    if not layer.use_bias:
        weights = [array for kernel in weights for array in (kernel, None)]
    mlps = tuple(SEWeights(*weights[start : start + 4]) for start in range(0, len(weights), 4))
    return mlps[0] if layer.shared else mlps


def spatial_weights(layer):
    """The weights of a SpatialAttention, for the steps."""
    kernel, *others = layer.get_weights()
    bias = others.pop(0) if layer.use_bias else None
    return SpatialWeights(kernel[..., 0], bias, BatchNorm(*others) if others else None)


# what they compute


@few
@given(batches(), st.data(), poolings, st.booleans(), st.booleans(), *curves.values())
def test_channel_attention_computes_the_steps(
    maps, data, pooling, shared, use_bias, activation, gate, data_format
):
    channels = maps.shape[-1]
    layer = ChannelAttention(
        data.draw(st.integers(1, channels), label="reduction"),
        pooling,
        shared,
        use_bias,
        activation,
        gate,
        data_format,
        dtype=maps.dtype.name,
    )
    build_open(layer, channels)
    choices = {
        "pooling": pooling,
        "activation": ACTIVATIONS[activation],
        "gate": GATES[gate],
    }
    weights = channel_weights(randomise(layer))
    compare(layer, maps, [channel_attention(picture, weights, **choices) for picture in maps])


@few
@given(
    batches(),
    st.sampled_from([1, 3, 7]),
    poolings,
    st.booleans(),
    st.booleans(),
    curves["gate"],
    curves["data_format"],
)
def test_spatial_attention_computes_the_steps(
    maps, kernel_size, pooling, batch_norm, use_bias, gate, data_format
):
    layer = SpatialAttention(
        kernel_size, pooling, batch_norm, use_bias, gate, data_format, dtype=maps.dtype.name
    )
    build_open(layer, maps.shape[-1])
    weights = spatial_weights(randomise(layer, spread=0.5))
    choices = {"pooling": pooling, "gate": GATES[gate]}
    compare(layer, maps, [spatial_attention(picture, weights, **choices) for picture in maps])


@few
@given(
    batches(),
    st.sampled_from(["channel_spatial", "spatial_channel", "parallel"]),
    poolings,
    poolings,
    st.booleans(),
    *curves.values(),
)
def test_cbam_computes_the_steps(
    maps, order, channel_pooling, spatial_pooling, batch_norm, activation, gate, data_format
):
    layer = CBAM(
        reduction=1,
        spatial_kernel_size=3,
        order=order,
        channel_pooling=channel_pooling,
        spatial_pooling=spatial_pooling,
        batch_norm=batch_norm,
        activation=activation,
        gate=gate,
        data_format=data_format,
        dtype=maps.dtype.name,
    )
    build_open(layer, maps.shape[-1])
    randomise(layer, spread=0.5)
    weights = CBAMWeights(
        channel_weights(layer.channel_attention), spatial_weights(layer.spatial_attention)
    )
    choices = {
        "order": order,
        "channel_pooling": channel_pooling,
        "spatial_pooling": spatial_pooling,
        "activation": ACTIVATIONS[activation],
        "gate": GATES[gate],
    }
    compare(layer, maps, [cbam_forward(picture, weights, **choices) for picture in maps])


def test_averages_alone_are_squeeze_and_excitation():
    maps = random_maps(2, 4, 5, 8)
    ours, se = ChannelAttention(2, pooling=("average",)), SqueezeExcite(2)
    for layer in (ours, se):
        layer.build(maps.shape)
    ours.set_weights(randomise(se).get_weights())
    np.testing.assert_allclose(to_numpy(ours(maps)), to_numpy(se(maps)), atol=1e-6)


def test_cbam_is_its_two_halves():
    maps = random_maps(2, 4, 5, 8)
    layer = CBAM(4)
    layer.build(maps.shape)
    randomise(layer)
    halves = layer.spatial_attention(layer.channel_attention(maps))
    np.testing.assert_allclose(to_numpy(layer(maps)), to_numpy(halves), atol=1e-6)


# the authors' choices


def test_the_authors_choices_are_the_defaults():
    channel, spatial = ChannelAttention(), SpatialAttention()
    assert (channel.reduction, channel.shared, channel.use_bias) == (16, True, True)
    assert channel.pooling == ("average", "max")
    assert channel.activation is keras.activations.relu
    assert (spatial.kernel_size, spatial.use_bias, spatial.batch_norm) == (7, False, True)
    assert spatial.pooling == ("max", "average")
    assert channel.gate is spatial.gate is keras.activations.sigmoid
    block = CBAM()
    assert block.order == "channel_spatial"
    for half, alone in ((block.channel_attention, channel), (block.spatial_attention, spatial)):
        assert half.get_config() == alone.get_config() | {"name": half.name}


def test_one_mlp_has_half_the_parameters_of_two():
    shared, apart = ChannelAttention(4), ChannelAttention(4, shared=False)
    for layer in (shared, apart):
        layer.build((None, None, None, 24))
    assert shared.count_params() == 318
    assert apart.count_params() == 2 * 318


def test_the_spatial_half_has_98_weights_whatever_the_channels():
    layer = SpatialAttention()
    layer.build((None, None, None, 512))
    assert [weight.shape for weight in layer.weights] == [(7, 7, 2, 1), *[(1,)] * 4]
    assert sum(np.prod(weight.shape) for weight in layer.trainable_weights) == 98 + 2


def test_at_birth_no_place_is_preferred():
    maps = random_maps(2, 6, 6, 8)
    layer = SpatialAttention()
    np.testing.assert_array_equal(to_numpy(layer.gates(maps)), 0.5)
    np.testing.assert_array_equal(to_numpy(layer(maps, training=True)), maps / 2)


# batch normalisation


def test_while_training_the_batch_is_normalised_by_itself():
    maps = random_maps(4, 5, 6, 8)
    layer = SpatialAttention(3)
    layer.build(maps.shape)
    randomise(layer)
    weights = spatial_weights(layer)
    convolved = np.stack([spatial_attention(picture, weights).convolved for picture in maps])
    weights = weights._replace(
        norm=weights.norm._replace(mean=convolved.mean(), variance=convolved.var())
    )
    expected = np.stack([spatial_attention(picture, weights).scaled for picture in maps])
    np.testing.assert_allclose(to_numpy(layer(maps, training=True)), expected, atol=1e-5)


def test_the_statistics_move_by_a_hundredth_at_each_step():
    maps = random_maps(4, 5, 6, 8)
    layer = SpatialAttention(3)
    layer(maps, training=True)
    weights = spatial_weights(layer)
    convolved = [spatial_attention(picture, weights).convolved for picture in maps]
    assert weights.norm.mean == pytest.approx(0.01 * np.mean(convolved), rel=1e-4)
    assert weights.norm.variance == pytest.approx(0.99 + 0.01 * np.var(convolved), rel=1e-4)


@pytest.mark.parametrize("order", ["channel_spatial", "spatial_channel", "parallel"])
def test_reading_gates_moves_no_statistics(order):
    maps = random_maps(4, 5, 6, 8)
    layer = CBAM(4, order=order)
    layer.build(maps.shape)
    before = layer.get_weights()
    layer.gates(maps)
    layer(maps, training=False)
    for weight, unmoved in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, unmoved)
    layer(maps, training=True)
    assert not np.array_equal(layer.get_weights()[-1], before[-1])


def test_cbam_learns_where_to_look():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    maps = rng.uniform(0.2, 0.4, (64, 6, 6, 4)).astype("float32")
    bright = rng.random((64, 6, 6, 1)) < 0.3
    maps = np.where(bright, maps + 1, maps).astype("float32")
    inputs = keras.Input((6, 6, 4))
    layer = CBAM(reduction=1, spatial_kernel_size=3)
    model = keras.Model(inputs, layer(inputs))
    model.compile(keras.optimizers.Adam(0.1), "mse")
    model.fit(maps, maps * bright, epochs=40, batch_size=64, verbose=0)
    kept = (to_numpy(model(maps, training=True)) / maps).mean(-1, keepdims=True)
    assert kept[bright].mean() > 0.9
    assert kept[~bright].mean() < 0.4
