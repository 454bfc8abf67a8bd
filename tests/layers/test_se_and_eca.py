import inspect
import json
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_lib.costs import eca_cost, se_cost
from attention_lib.layers import (
    EfficientChannelAttention,
    SqueezeExcite,
    eca_block,
    se_block,
)
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
def test_each_picture_keeps_its_own_gates_when_the_batch_is_as_large_as_the_map(make):
    maps = random_maps(4, 4, 4, 4)
    layer = make()
    together = to_numpy(layer(maps))
    alone = np.concatenate([to_numpy(layer(picture[None])) for picture in maps])
    np.testing.assert_allclose(together, alone, atol=1e-6)


@both
def test_height_and_width_may_be_unknown_and_vary(make):
    inputs = keras.Input((None, None, 8))
    layer = make()
    model = keras.Model(inputs, layer(inputs))
    assert model.output_shape == (None, None, None, 8)
    for maps in (random_maps(2, 3, 5, 8), random_maps(1, 6, 2, 8)):
        gates = to_numpy(layer.gates(maps))
        np.testing.assert_allclose(
            model.predict(maps, verbose=0), maps * gates[:, None, None], atol=1e-6
        )


@both
def test_channels_first_in_a_model_is_channels_last_transposed(make):
    first, last = make(data_format="channels_first"), make(data_format="channels_last")
    inputs = keras.Input((8, None, None))
    model = keras.Model(inputs, first(inputs))
    assert model.output_shape == (None, 8, None, None)
    maps = random_maps(2, 3, 5, 8)
    last.build(maps.shape)
    last.set_weights(randomise(first).get_weights())
    np.testing.assert_allclose(
        to_numpy(model(maps.transpose(0, 3, 1, 2))).transpose(0, 2, 3, 1),
        to_numpy(last(maps)),
        atol=1e-6,
    )


@both
def test_data_format_follows_keras_setting_when_the_layer_is_made(make):
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    try:
        layer = make()
    finally:
        keras.config.set_image_data_format(before)
    assert layer.get_config()["data_format"] == "channels_first"
    assert make().data_format == before


@both
def test_gates_can_be_read_before_the_layer_is_called(make):
    maps = random_maps(3, 4, 4, 8)
    layer = make()
    gates = to_numpy(layer.gates(maps))
    assert gates.shape == (3, 8)
    np.testing.assert_allclose(to_numpy(layer(maps)), maps * gates[:, None, None], atol=1e-6)


@both
def test_gates_can_be_an_output_of_a_model(make):
    inputs = keras.Input((4, 4, 8))
    layer = make()
    model = keras.Model(inputs, [layer(inputs), layer.gates(inputs)])
    maps = random_maps(2, 4, 4, 8)
    outputs, gates = map(to_numpy, model(maps))
    np.testing.assert_allclose(gates, to_numpy(layer.gates(maps)), atol=1e-6)
    np.testing.assert_allclose(outputs, maps * gates[:, None, None], atol=1e-6)
    assert model.count_params() == layer.count_params()


@both
def test_whole_numbers_are_scaled_as_real_ones(make):
    maps = np.random.default_rng(0).integers(0, 256, (2, 3, 3, 8), "uint8")
    layer = make()
    np.testing.assert_allclose(
        to_numpy(layer(maps)), to_numpy(layer(maps.astype("float32"))), rtol=1e-6
    )


@both
def test_at_birth_every_gate_is_near_one_half(make):
    keras.utils.set_random_seed(0)
    maps = np.maximum(random_maps(8, 14, 14, 64), 0)  # after batch normalisation and relu
    gates = to_numpy(make().gates(maps))
    assert np.abs(gates - 0.5).max() < 0.25


# precision


@both
@pytest.mark.parametrize(
    ("policy", "tolerance"), [("mixed_float16", 2e-3), ("mixed_bfloat16", 2e-2)]
)
def test_mixed_precision_keeps_weights_and_gates_whole(make, policy, tolerance):
    maps = random_maps(2, 7, 7, 16)
    mixed, full = make(dtype=policy), make()
    for layer in (mixed, full):
        layer.build(maps.shape)
    mixed.set_weights(randomise(full).get_weights())
    outputs, expected = mixed(maps), to_numpy(full(maps))
    assert outputs.dtype == policy.removeprefix("mixed_")
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
    assert mixed.gates(maps).dtype == "float32"
    np.testing.assert_allclose(
        to_numpy(mixed.gates(maps)), to_numpy(full.gates(maps)), atol=tolerance
    )
    np.testing.assert_allclose(
        to_numpy(keras.ops.cast(outputs, "float32")), expected, atol=5 * tolerance
    )


@both
def test_half_precision_does_not_overflow_on_loud_channels(make):
    loud = np.full((1, 64, 64, 16), 60_000, "float16")  # their sum is far beyond float16
    mixed, full = make(dtype="mixed_float16"), make()
    for layer in (mixed, full):
        layer.build(loud.shape)
        randomise(layer)
    np.testing.assert_allclose(to_numpy(mixed.gates(loud)), to_numpy(full.gates(loud)), atol=1e-3)
    assert np.all(np.isfinite(to_numpy(mixed(loud))))


# training


@both
def test_gradients_reach_every_weight_and_the_input(make):
    maps = tf.constant(np.abs(random_maps(4, 3, 3, 8)))
    layer = make()
    layer.build(maps.shape)
    layer.set_weights([np.abs(w) for w in randomise(layer).get_weights()])  # no hidden unit is dead
    with tf.GradientTape() as tape:
        tape.watch(maps)
        loss = keras.ops.sum(layer(maps) ** 2)
    for gradient in tape.gradient(loss, [*layer.trainable_weights, maps]):
        assert np.linalg.norm(gradient) > 0


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


@both
def test_layers_run_compiled(make):
    maps = random_maps(2, 4, 4, 8)
    layer = make()
    expected = to_numpy(layer(maps))
    compiled = tf.function(layer, jit_compile=True)
    np.testing.assert_allclose(compiled(tf.constant(maps)), expected, atol=1e-6)


@both
def test_a_traced_function_may_leave_every_size_open(make):
    layer = make()
    maps = random_maps(2, 4, 4, 8)
    expected = to_numpy(layer(maps))
    traced = tf.function(layer, input_signature=[tf.TensorSpec([None] * 4)])
    np.testing.assert_allclose(traced(maps), expected, atol=1e-6)


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

CONFIGURED = [
    SqueezeExcite(),
    SqueezeExcite(
        reduction=np.int64(3),
        use_bias=False,
        activation="swish",
        gate="hard_sigmoid",
        data_format="channels_first",
        name="bottleneck",
        dtype="mixed_float16",
        trainable=False,
    ),
    EfficientChannelAttention(),
    EfficientChannelAttention(
        gamma=np.float32(1.5), b=3, kernel_size=np.int64(7), gate="hard_sigmoid", name="slider"
    ),
]
configured = pytest.mark.parametrize("layer", CONFIGURED, ids=lambda layer: layer.name)


@configured
def test_a_layer_is_its_config(layer):
    config = layer.get_config()
    arguments = set(inspect.signature(type(layer)).parameters) - {"kwargs"}
    assert arguments | {"name", "trainable", "dtype"} == set(config)
    assert type(layer).from_config(config).get_config() == config


def test_the_config_holds_what_was_asked_for_in_plain_types():
    layer = EfficientChannelAttention(np.float32(1.5), 3, np.int64(7), "swish", "channels_last")
    asked = {"gamma": 1.5, "b": 3, "kernel_size": 7, "gate": "silu", "data_format": "channels_last"}
    assert json.loads(json.dumps(layer.get_config())) | asked == layer.get_config()
    layer = SqueezeExcite(np.int64(3), False, "swish", "hard_sigmoid", "channels_first")
    asked = {"reduction": 3, "use_bias": False, "activation": "silu", "gate": "hard_sigmoid"}
    assert json.loads(json.dumps(layer.get_config())) | asked == layer.get_config()


@saves
@configured
def test_a_saved_model_computes_the_same(layer, tmp_path):
    inputs = keras.Input((16, 16, 16))
    model = keras.Model(inputs, type(layer).from_config(layer.get_config())(inputs))
    randomise(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[1].get_config() == model.layers[1].get_config()
    maps = random_maps(2, 16, 16, 16)
    np.testing.assert_array_equal(to_numpy(loaded(maps)), to_numpy(model(maps)))


@saves
@both
def test_weights_can_be_saved_alone(make, tmp_path):
    inputs = keras.Input((4, 4, 8))
    model, other = (keras.Model(inputs, make()(inputs)) for _ in range(2))
    randomise(model).save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    for weight, loaded in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, loaded)


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


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: SqueezeExcite(0),
            "`reduction` must be a whole number of 1 or more. Received: reduction=0. "
            "Give an integer such as 1, 4 or 16.",
        ),
        (lambda: SqueezeExcite(0.25), "Received: reduction=0.25."),
        (
            lambda: SqueezeExcite(activation="rellu"),
            "`activation` must be the name of a Keras activation, or a function. "
            "Received: activation='rellu'. Choose 'relu', 'swish', 'sigmoid' or 'hard_sigmoid'.",
        ),
        (lambda: SqueezeExcite(activation=6), "Received: activation=6."),
        (lambda: SqueezeExcite(gate="sigmoit"), "Received: gate='sigmoit'."),
        (lambda: SqueezeExcite(gate={"name": "sigmoid"}), "Received: gate={'name': 'sigmoid'}."),
        (
            lambda: SqueezeExcite(data_format="NHWC"),
            "`data_format` must be 'channels_last' or 'channels_first'. "
            "Received: data_format='NHWC'. Choose one, or None for Keras' setting.",
        ),
        (lambda: EfficientChannelAttention(data_format=[1]), "Received: data_format=[1]."),
        (
            lambda: EfficientChannelAttention(gamma=0),
            "`gamma` must be a finite number greater than 0. Received: gamma=0.",
        ),
        (lambda: EfficientChannelAttention(gamma=-2), "Received: gamma=-2."),
        (lambda: EfficientChannelAttention(b=float("nan")), "Received: b=nan."),
        (
            lambda: EfficientChannelAttention(kernel_size=4),
            "Received: kernel_size=4. Choose 3 or 5.",
        ),
        (
            lambda: EfficientChannelAttention(kernel_size=0),
            "`kernel_size` must be a whole number of 1 or more. Received: kernel_size=0.",
        ),
        (lambda: EfficientChannelAttention(gate=None), "Received: gate=None."),
    ],
)
def test_a_layer_that_cannot_be_made_gets_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        make()


CHANNELS_EXCEEDED = (
    "`reduction` must not exceed `channels`. Received: channels=8, reduction=16. "
    "Choose a reduction of 8 or less."
)


@pytest.mark.parametrize("use", [SqueezeExcite(16), lambda inputs: se_block(inputs, 16)])
def test_a_reduction_above_the_channels_gets_a_sentence(use):
    with pytest.raises(ValueError, match=re.escape(CHANNELS_EXCEEDED)):
        use(keras.Input((4, 4, 8)))


def test_a_block_with_gamma_zero_gets_a_sentence():
    with pytest.raises(ValueError, match="`gamma` must be a finite number greater than 0"):
        eca_block(keras.Input((4, 4, 8)), gamma=0)


uses = pytest.mark.parametrize(
    "use",
    [
        lambda x: SqueezeExcite(4)(x),
        lambda x: SqueezeExcite(4).gates(x),
        lambda x: SqueezeExcite(4).compute_output_shape(x.shape),
        lambda x: EfficientChannelAttention()(x),
        se_block,
        eca_block,
    ],
    ids=["se", "gates", "output_shape", "eca", "se_block", "eca_block"],
)


@uses
@pytest.mark.parametrize("shape", [(8,), (4, 8), (2, 4, 4, 8)])
def test_what_is_no_batch_of_maps_gets_a_sentence(use, shape):
    sentence = (
        "`inputs` must have the shape (batch, height, width, channels). "
        f"Received: inputs of shape {(None, *shape)}. "
        "Give a batch of feature maps; one alone becomes a batch by `inputs[None]`."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        use(keras.Input(shape))


@uses
def test_an_unknown_number_of_channels_gets_a_sentence(use):
    sentence = (
        "`inputs` must have a known number of channels, as the weights depend on it. "
        "Received: inputs of shape (None, 4, 4, None). "
        "Set it in `keras.Input`; H and W may be None."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        use(keras.Input((4, 4, None)))


@both
@pytest.mark.parametrize("call", [lambda layer, x: layer(x), lambda layer, x: layer.gates(x)])
def test_other_channels_than_the_layer_was_built_for_get_a_sentence(make, call):
    layer = make()
    layer(random_maps(1, 4, 4, 8))
    sentence = (
        "`inputs` must have the 8 channels this layer was built for. "
        "Received: inputs of shape (1, 4, 4, 6). Make another layer for them."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call(layer, random_maps(1, 4, 4, 6))


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
