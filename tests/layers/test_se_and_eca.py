import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_lib.costs import eca_cost, se_cost
from attention_lib.layers import EfficientChannelAttention, SqueezeExcite, eca_block, se_block
from attention_lib.steps import (
    ACTIVATIONS,
    GATES,
    SEWeights,
    adaptive_kernel_size,
    eca_forward,
    se_forward,
)
from tests.layers.tools import batches, build_open, compare, random_maps, randomise, saves, to_numpy

LOG3 = np.log(3)
few = settings(max_examples=25)
both = pytest.mark.parametrize(
    "make", [lambda **kw: SqueezeExcite(4, **kw), EfficientChannelAttention], ids=["se", "eca"]
)


# what the layers compute


def test_squeeze_excite_as_worked_out_by_hand():
    layer = SqueezeExcite(reduction=2)
    layer.build((None, 1, 2, 4))
    layer.set_weights(
        [
            np.array([[1, 0], [1, -1], [5, 5], [0, -1]]),
            np.array([1, 1]),
            np.array([[LOG3 / 4, -LOG3 / 4, 0, LOG3 / 2], [9, 9, 9, 9]]),
            np.array([0, 0, LOG3, 0]),
        ]
    )
    inputs = np.array([[[[0, 1, 2, 3], [2, 3, -2, 5]]]], "float32")
    np.testing.assert_allclose(to_numpy(layer.gates(inputs)), [[0.75, 0.25, 0.75, 0.9]], rtol=1e-6)
    np.testing.assert_allclose(
        to_numpy(layer(inputs)), [[[[0, 0.25, 1.5, 2.7], [1.5, 0.75, -1.5, 4.5]]]], rtol=1e-6
    )


def test_efficient_channel_attention_as_worked_out_by_hand():
    layer = EfficientChannelAttention(kernel_size=3)
    layer.build((None, 1, 2, 4))
    layer.set_weights([np.reshape([LOG3, 0, -LOG3], (3, 1, 1))])
    inputs = np.array([[[[0, 2, 1, -1], [2, 2, 1, -3]]]], "float32")
    gates = [[1 / 10, 1 / 2, 81 / 82, 3 / 4]]
    np.testing.assert_allclose(to_numpy(layer.gates(inputs)), gates, rtol=1e-6)


@few
@given(
    batches(),
    st.data(),
    st.booleans(),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(sorted(GATES)),
    st.sampled_from(["channels_last", "channels_first"]),
)
def test_squeeze_excite_computes_the_steps(maps, data, use_bias, activation, gate, data_format):
    channels = maps.shape[-1]
    layer = SqueezeExcite(
        data.draw(st.integers(1, channels), label="reduction"),
        use_bias,
        activation,
        gate,
        data_format,
        dtype=maps.dtype.name,
    )
    build_open(layer, channels)
    weights = randomise(layer).get_weights()
    weights = SEWeights(*weights) if use_bias else SEWeights(weights[0], None, weights[1], None)
    curves = {"activation": ACTIVATIONS[activation], "gate": GATES[gate]}
    compare(layer, maps, [se_forward(picture, weights, **curves) for picture in maps])


@few
@given(
    batches(),
    st.none() | st.sampled_from([1, 3, 5, 9, 41]),
    st.sampled_from(sorted(GATES)),
    st.sampled_from(["channels_last", "channels_first"]),
)
def test_efficient_channel_attention_computes_the_steps(maps, kernel_size, gate, data_format):
    channels = maps.shape[-1]
    layer = EfficientChannelAttention(1.5, 2, kernel_size, gate, data_format, dtype=maps.dtype.name)
    build_open(layer, channels)
    (kernel,) = randomise(layer).get_weights()
    assert kernel.size == (kernel_size or adaptive_kernel_size(channels, 1.5, 2))
    compare(layer, maps, [eca_forward(p, kernel.ravel(), gate=GATES[gate]) for p in maps])


@both
def test_at_birth_every_gate_is_near_one_half(make):
    keras.utils.set_random_seed(0)
    maps = np.maximum(random_maps(8, 14, 14, 64), 0)  # after batch normalisation and relu
    gates = to_numpy(make().gates(maps))
    assert np.abs(gates - 0.5).max() < 0.25


# training


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_squeeze_excite_learns_to_close_a_channel_and_open_another(policy):
    maps = np.abs(random_maps(64, 3, 3, 2)) + 0.5
    inputs = keras.Input((3, 3, 2))
    layer = SqueezeExcite(reduction=1, dtype=policy)
    model = keras.Model(inputs, layer(inputs))
    model.compile(keras.optimizers.Adam(0.1), "mse")
    model.fit(maps, maps * [0, 1], epochs=30, batch_size=64, verbose=0)
    closed, opened = to_numpy(layer.gates(maps)).mean(0)
    assert closed < 0.1
    assert opened > 0.9


# size


@pytest.mark.parametrize(
    ("channels", "reduction", "use_bias"),
    [(24, 4, True), (24, 5, False), (7, 7, True), (1, 1, True)],
)
def test_squeeze_excite_has_the_parameters_of_the_closed_form(channels, reduction, use_bias):
    layer = SqueezeExcite(reduction, use_bias)
    build_open(layer, channels)
    assert layer.count_params() == se_cost(channels, reduction, use_bias=use_bias).parameters


@pytest.mark.parametrize("channels", [1, 7, 8, 64, 128, 2048])
@pytest.mark.parametrize("kernel_size", [None, 9])
def test_efficient_channel_attention_has_the_parameters_of_the_closed_form(channels, kernel_size):
    layer = EfficientChannelAttention(kernel_size=kernel_size)
    build_open(layer, channels)
    assert layer.count_params() == eca_cost(channels, kernel_size=kernel_size).parameters


# save and load


@saves
def test_an_activation_of_ones_own_is_saved_too(tmp_path):
    @keras.saving.register_keras_serializable(package="test_layers")
    def halved(x):
        return x / 2

    inputs = keras.Input((4, 4, 8))
    layer = SqueezeExcite(4, activation=halved, gate=halved)
    keras.Model(inputs, layer(inputs)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").layers[1]
    assert loaded.activation is halved
    assert loaded.gate is halved


# what cannot be


def test_a_block_with_a_reduction_above_the_channels_gets_a_sentence():
    with pytest.raises(ValueError, match="`reduction` must not exceed `channels`"):
        se_block(keras.Input((4, 4, 8)), 16)


def test_a_block_with_gamma_zero_gets_a_sentence():
    with pytest.raises(ValueError, match="`gamma` must be a finite number greater than 0"):
        eca_block(keras.Input((4, 4, 8)), gamma=0)


uses = pytest.mark.parametrize("use", [se_block, eca_block])


@uses
@pytest.mark.parametrize("shape", [(8,), (4, 8), (2, 4, 4, 8)])
def test_what_is_no_batch_of_maps_gets_a_sentence(use, shape):
    sentence = (
        "`inputs` must have the shape (batch, height, width, channels). "
        f"Received: inputs of shape {(None, *shape)}. "
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        use(keras.Input(shape))


@uses
def test_an_unknown_number_of_channels_gets_a_sentence(use):
    sentence = (
        "`inputs` must have a known number of channels, as the weights depend on it. "
        "Received: inputs of shape (None, 4, 4, None). "
        "Set it in `keras.Input`; every other size may be None."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        use(keras.Input((4, 4, None)))


# the article's blocks


def summary(model):
    lines = []
    model.summary(print_fn=lines.append, line_length=120)
    return "\n".join(lines)


def test_the_articles_se_block_shows_its_318_parameters():
    inputs = keras.Input((56, 56, 24))
    model = keras.Model(inputs, se_block(inputs, reduction=4))
    assert [layer.count_params() for layer in model.layers if layer.weights] == [150, 168]
    assert "Total params: 318" in summary(model)


def test_the_articles_eca_block_shows_its_5_parameters():
    inputs = keras.Input((26, 26, 512))
    model = keras.Model(inputs, eca_block(inputs, gamma=2, b=1))
    assert "Total params: 5 " in summary(model)


@pytest.mark.parametrize(
    ("block", "layer"),
    [
        (lambda x: se_block(x, reduction=3), SqueezeExcite(3)),
        (lambda x: eca_block(x, gamma=1, b=2), EfficientChannelAttention(1, 2)),
    ],
    ids=["se", "eca"],
)
def test_the_articles_blocks_compute_what_the_layers_compute(block, layer):
    inputs = keras.Input((None, None, 8))
    model = keras.Model(inputs, block(inputs))
    layer.build(inputs.shape)
    layer.set_weights(randomise(model).get_weights())
    maps = random_maps(2, 5, 4, 8)
    np.testing.assert_allclose(to_numpy(model(maps)), to_numpy(layer(maps)), atol=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        tf.nn.relu,
        tf.nn.sigmoid,
        tf.reduce_mean,
        lambda x: tf.reshape(x, (-1, 1, 1, 6)),
    ],
    ids=["relu", "sigmoid", "reduce_mean", "reshape"],
)
def test_tensorflow_functions_on_symbolic_tensors_fail_as_in_the_articles_code(call):
    with pytest.raises(
        ValueError, match="A KerasTensor cannot be used as input to a TensorFlow function"
    ):
        call(keras.Input((1, 1, 6)))


@pytest.mark.parametrize("call", [keras.ops.relu, keras.ops.sigmoid, keras.activations.relu])
def test_keras_own_functions_work_where_those_fail(call):
    assert call(keras.Input((1, 1, 6))).shape == (None, 1, 1, 6)
