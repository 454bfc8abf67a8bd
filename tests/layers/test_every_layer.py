"""What holds for all of the layers: how they run, learn, refuse, save and load."""

import inspect
import json
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from attention_lib.layers import (
    CBAM,
    ChannelAttention,
    EfficientChannelAttention,
    SpatialAttention,
    SqueezeExcite,
)
from tests.layers.tools import (
    MAKERS,
    every,
    in_format_of,
    random_maps,
    randomise,
    saves,
    to_numpy,
    whole_gates,
)

# what they compute


@every
def test_outputs_are_inputs_times_gates(make):
    maps = random_maps(3, 4, 5, 8)
    layer = make()
    gates = layer.gates(maps)  # before the layer was ever called
    randomise(layer)
    np.testing.assert_allclose(
        to_numpy(layer(maps)), maps * whole_gates(layer.gates(maps)), atol=1e-5
    )
    assert [half.shape for half in (gates if isinstance(gates, tuple) else (gates,))] == [
        half.shape for half in keras.tree.flatten(layer.gates(keras.ops.array(maps)))
    ]


@every
def test_each_picture_keeps_its_own_gates_when_the_batch_is_as_large_as_the_map(make):
    maps = random_maps(4, 4, 4, 4)
    layer = make()
    layer.build(maps.shape)
    randomise(layer)
    together = to_numpy(layer(maps))
    alone = np.concatenate([to_numpy(layer(picture[None])) for picture in maps])
    np.testing.assert_allclose(together, alone, atol=1e-6)


@every
def test_height_and_width_may_be_unknown_and_vary(make):
    inputs = keras.Input((None, None, 8))
    layer = make()
    model = keras.Model(inputs, layer(inputs))
    randomise(model)
    assert model.output_shape == (None, None, None, 8)
    for maps in (random_maps(2, 3, 5, 8), random_maps(1, 6, 2, 8)):
        expected = maps * whole_gates(layer.gates(maps))
        np.testing.assert_allclose(model.predict(maps, verbose=0), expected, atol=1e-5)


@every
def test_a_traced_function_may_leave_every_size_open(make):
    layer = make()
    maps = random_maps(2, 4, 4, 8)
    layer.build(maps.shape)
    expected = to_numpy(randomise(layer)(maps))
    traced = tf.function(layer, input_signature=[tf.TensorSpec([None] * 4)])
    np.testing.assert_allclose(traced(maps), expected, atol=1e-6)


@every
def test_channels_first_in_a_model_is_channels_last_transposed(make):
    first, last = make(data_format="channels_first"), make(data_format="channels_last")
    inputs = keras.Input((8, None, None))
    model = keras.Model(inputs, first(inputs))
    assert model.output_shape == (None, 8, None, None)
    maps = random_maps(2, 3, 5, 8)
    last.build(maps.shape)
    last.set_weights(randomise(first).get_weights())
    np.testing.assert_allclose(
        to_numpy(model(in_format_of(first, maps))),
        in_format_of(first, to_numpy(last(maps))),
        atol=1e-6,
    )
    np.testing.assert_allclose(
        whole_gates(first.gates(in_format_of(first, maps))),
        whole_gates(last.gates(maps)),
        atol=1e-6,
    )


@every
def test_data_format_follows_keras_setting_when_the_layer_is_made(make):
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    try:
        layer = make()
    finally:
        keras.config.set_image_data_format(before)
    assert layer.get_config()["data_format"] == "channels_first"
    assert make().data_format == before


@every
def test_keras_setting_does_not_reach_inside_the_layer(make):
    maps = random_maps(2, 3, 5, 8)
    expected = make(data_format="channels_last")
    expected.build(maps.shape)
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    try:
        layer = make(data_format="channels_last")
        layer.build(maps.shape)
        layer.set_weights(randomise(expected).get_weights())
        outputs = to_numpy(layer(maps))
    finally:
        keras.config.set_image_data_format(before)
    np.testing.assert_allclose(outputs, to_numpy(expected(maps)), atol=1e-6)


@every
def test_gates_can_be_an_output_of_a_model(make):
    inputs = keras.Input((4, 4, 8))
    layer = make()
    model = keras.Model(inputs, [layer(inputs), *keras.tree.flatten(layer.gates(inputs))])
    randomise(layer)
    maps = random_maps(2, 4, 4, 8)
    outputs, *gates = model(maps)
    np.testing.assert_allclose(to_numpy(outputs), maps * whole_gates(tuple(gates)), atol=1e-5)
    assert model.count_params() == layer.count_params()


@every
def test_whole_numbers_are_scaled_as_real_ones(make):
    maps = np.random.default_rng(0).integers(0, 256, (2, 3, 3, 8), "uint8")
    layer = make()
    layer.build(maps.shape)
    randomise(layer)
    np.testing.assert_allclose(
        to_numpy(layer(maps)), to_numpy(layer(maps.astype("float32"))), rtol=1e-6
    )


# precision


@every
@pytest.mark.parametrize(
    ("policy", "tolerance"), [("mixed_float16", 4e-3), ("mixed_bfloat16", 3e-2)]
)
def test_mixed_precision_keeps_weights_and_gates_whole(make, policy, tolerance):
    maps = random_maps(2, 7, 7, 16)
    mixed, full = make(dtype=policy), make()
    for layer in (mixed, full):
        layer.build(maps.shape)
    mixed.set_weights(randomise(full, spread=0.5).get_weights())
    outputs, expected = mixed(maps), to_numpy(full(maps))
    assert outputs.dtype == policy.removeprefix("mixed_")
    assert {weight.dtype for weight in mixed.weights} == {"float32"}
    assert {half.dtype for half in keras.tree.flatten(mixed.gates(maps))} == {tf.float32}
    np.testing.assert_allclose(
        whole_gates(mixed.gates(maps)), whole_gates(full.gates(maps)), atol=tolerance
    )
    np.testing.assert_allclose(
        to_numpy(keras.ops.cast(outputs, "float32")), expected, atol=5 * tolerance
    )


@every
def test_half_precision_does_not_overflow_on_loud_channels(make):
    loud = np.full((1, 64, 64, 16), 60_000, "float16")  # their sum is far beyond float16
    mixed, full = make(dtype="mixed_float16"), make()
    for layer in (mixed, full):
        layer.build(loud.shape)
        randomise(layer)
    np.testing.assert_allclose(
        whole_gates(mixed.gates(loud)), whole_gates(full.gates(loud)), atol=1e-3
    )
    assert np.all(np.isfinite(to_numpy(mixed(loud))))


# training


@every
def test_gradients_are_the_slopes_of_finite_differences(make):
    layer = make(dtype="float64")
    maps = tf.Variable(random_maps(3, 4, 5, 8, dtype="float64"))
    layer.build(maps.shape)
    randomise(layer)
    toward = random_maps(3, 4, 5, 8, seed=1, dtype="float64")

    def loss():  # while training, so that batch normalisation sees the batch
        return keras.ops.sum(layer(maps, training=True) * toward)

    with tf.GradientTape() as tape:
        slope = loss()
    watched = [maps, *(weight.value for weight in layer.trainable_weights)]
    for variable, gradient in zip(watched, tape.gradient(slope, watched), strict=True):
        before = variable.numpy()
        direction = np.random.default_rng(2).normal(size=before.shape)
        step, ends = 1e-6, []
        for sign in (1, -1):
            variable.assign(before + sign * step * direction)
            ends.append(float(loss()))
        variable.assign(before)
        expected = (ends[0] - ends[1]) / (2 * step)
        assert np.sum(gradient * direction) == pytest.approx(expected, rel=1e-5, abs=1e-7)
        assert np.linalg.norm(gradient) > 0


@every
def test_layers_run_compiled_forward_and_backward(make):
    maps = tf.constant(random_maps(2, 4, 4, 8))
    layer = make()
    layer.build(maps.shape)
    randomise(layer)

    def step(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs)
            loss = keras.ops.sum(outputs**2)
        return outputs, *tape.gradient(loss, [inputs, *layer.trainable_weights])

    compiled = tf.function(step, jit_compile=True)
    for found, expected in zip(compiled(maps), step(maps), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["se", "cbam"])
def test_a_compiled_model_learns(name):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4, 4, 8))
    layer = MAKERS[name]()
    model = keras.Model(inputs, layer(inputs))
    model.compile(keras.optimizers.Adam(0.05), "mse", jit_compile=True)
    maps = np.abs(random_maps(32, 4, 4, 8)) + 0.5
    wanted = maps * np.linspace(0, 1, 8)
    history = model.fit(maps, wanted, epochs=20, batch_size=32, verbose=0).history["loss"]
    assert history[-1] < history[0] / 2


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
    SqueezeExcite(width=np.int64(5), name="five"),
    EfficientChannelAttention(),
    EfficientChannelAttention(
        gamma=np.float32(1.5), b=3, kernel_size=np.int64(7), gate="hard_sigmoid", name="slider"
    ),
    ChannelAttention(),
    ChannelAttention(
        np.int64(3), ["max"], False, False, "swish", "hard_sigmoid", "channels_first", name="loud"
    ),
    ChannelAttention(2, shared=False, name="two_mlps"),
    SpatialAttention(),
    SpatialAttention(
        np.int64(3), ["average"], False, True, "hard_sigmoid", "channels_first", name="somewhere"
    ),
    CBAM(),
    CBAM(
        np.int64(3),
        np.int64(5),
        "parallel",
        ["max"],
        ["average", "max"],
        False,
        False,
        False,
        "swish",
        "hard_sigmoid",
        "channels_first",
        name="both",
        dtype="mixed_float16",
    ),
]
configured = pytest.mark.parametrize("layer", CONFIGURED, ids=lambda layer: layer.name)


@configured
def test_a_layer_is_its_config(layer):
    config = layer.get_config()
    arguments = set(inspect.signature(type(layer)).parameters) - {"kwargs"}
    assert arguments | {"name", "trainable", "dtype"} == set(config)
    assert type(layer).from_config(config).get_config() == config
    assert json.loads(json.dumps(config)) == config


@pytest.mark.parametrize(
    ("make", "asked"),
    [
        (SqueezeExcite, {"reduction": 3, "use_bias": False, "activation": "elu", "width": 5}),
        (EfficientChannelAttention, {"gamma": 1.5, "b": 3.0, "kernel_size": 7, "gate": "elu"}),
        (
            ChannelAttention,
            {"reduction": 3, "pooling": ["max"], "shared": False, "use_bias": False, "gate": "elu"},
        ),
        (
            SpatialAttention,
            {"kernel_size": 3, "pooling": ["max"], "batch_norm": False, "use_bias": True},
        ),
        (
            CBAM,
            {
                "reduction": 3,
                "spatial_kernel_size": 5,
                "order": "parallel",
                "channel_pooling": ["max"],
                "spatial_pooling": ["average", "max"],
                "shared": False,
                "use_bias": False,
                "batch_norm": False,
                "activation": "elu",
                "gate": "hard_sigmoid",
                "data_format": "channels_first",
            },
        ),
    ],
)
def test_the_config_holds_what_was_asked_for(make, asked):
    config, untouched = make(**asked).get_config(), make().get_config()
    assert config | asked == config
    assert all(untouched[key] != value for key, value in asked.items())


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
@every
def test_weights_can_be_saved_alone(make, tmp_path):
    inputs = keras.Input((4, 4, 8))
    model, other = (keras.Model(inputs, make()(inputs)) for _ in range(2))
    randomise(model).save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    for weight, loaded in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, loaded)


# what cannot be

calls = pytest.mark.parametrize(
    "call",
    [
        lambda layer, x: layer(x),
        lambda layer, x: layer.gates(x),
        lambda layer, x: layer.compute_output_shape(x.shape),
    ],
    ids=["call", "gates", "output_shape"],
)


of_channels = pytest.mark.parametrize(
    "make", [make for name, make in MAKERS.items() if "spatial" not in name]
)


@of_channels
@calls
@pytest.mark.parametrize("shape", [(8,), (2, 2, 4, 4, 8)])
def test_what_is_no_batch_of_maps_gets_a_sentence(make, call, shape):
    layer = make()
    shapes = "(batch, height, width, channels)"
    if not isinstance(layer, CBAM):
        shapes = f"(batch, steps, channels) or {shapes} or (batch, depth, height, width, channels)"
    sentence = (
        f"`inputs` must have the shape {shapes}. "
        f"Received: inputs of shape {(None, *shape)}. Give a batch of feature maps."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call(layer, keras.Input(shape))


@calls
@pytest.mark.parametrize("make", [SpatialAttention, lambda: CBAM(4)], ids=["spatial", "cbam"])
def test_cbams_spatial_half_is_for_pictures_and_says_what_to_do_with_sequences(make, call):
    sentence = (
        "`inputs` must have the shape (batch, height, width, channels). "
        "Received: inputs of shape (None, 20, 8). A picture alone becomes a batch by "
        "`inputs[None]`; sequences (batch, steps, channels) become maps of width 1 by "
        "`inputs[:, :, None]`."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call(make(), keras.Input((20, 8)))
    with pytest.raises(ValueError, match="Give a batch of feature maps"):
        call(make(), keras.Input((3, 4, 5, 8)))


@of_channels
@calls
def test_an_unknown_number_of_channels_gets_a_sentence(make, call):
    sentence = (
        "`inputs` must have a known number of channels, as the weights depend on it. "
        "Received: inputs of shape (None, 4, 4, None). "
        "Set it in `keras.Input`; every other size may be None."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call(make(), keras.Input((4, 4, None)))


@of_channels
@calls
def test_other_channels_than_the_layer_was_built_for_get_a_sentence(make, call):
    layer = make()
    layer(random_maps(1, 4, 4, 8))
    sentence = (
        "`inputs` must have the 8 channels this layer was built for. "
        "Received: inputs of shape (1, 4, 4, 6). Make another layer for them."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call(layer, random_maps(1, 4, 4, 6))


def test_spatial_attention_takes_any_number_of_channels():
    layer = SpatialAttention(3)
    inputs = keras.Input((4, 4, None))
    assert keras.Model(inputs, layer(inputs)).output_shape == (None, 4, 4, None)
    randomise(layer)
    for channels in (1, 8):
        maps = random_maps(2, 4, 4, channels)
        assert layer.gates(maps).shape == (2, 4, 4)


@pytest.mark.parametrize("layer", [SqueezeExcite, ChannelAttention, CBAM])
def test_a_reduction_above_the_channels_gets_a_sentence(layer):
    sentence = (
        "`reduction` must not exceed `channels`. Received: channels=8, reduction=16. "
        "Choose a reduction of 8 or less."
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        layer(16)(keras.Input((4, 4, 8)))


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
            lambda: SqueezeExcite(width=0),
            "`width` must be a whole number of 1 or more. Received: width=0.",
        ),
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
            "Received: data_format='NHWC'. Choose one of them.",
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
        (
            lambda: ChannelAttention(pooling=("avg", "max")),
            "`pooling` must be a tuple of 'average', 'max' or both, each once. "
            "Received: pooling=('avg', 'max'). "
            "Write ('average', 'max'), or ('max',) for one alone.",
        ),
        (lambda: ChannelAttention(1.5), "Received: reduction=1.5."),
        (lambda: ChannelAttention(activation=None), "Received: activation=None."),
        (lambda: SpatialAttention(49, pooling="max"), "Received: pooling='max'."),
        (lambda: SpatialAttention(6), "Received: kernel_size=6. Choose 5 or 7."),
        (lambda: SpatialAttention(gate="soft"), "Received: gate='soft'."),
        (
            lambda: CBAM(order="sequential"),
            "`order` must be 'channel_spatial', 'spatial_channel' or 'parallel'. "
            "Received: order='sequential'. Choose one of them.",
        ),
        (lambda: CBAM(order=[]), "Received: order=[]."),
        (lambda: CBAM(spatial_kernel_size=4), "Received: spatial_kernel_size=4. Choose 3 or 5."),
        (lambda: CBAM(channel_pooling=[]), "Received: channel_pooling=[]."),
        (lambda: CBAM(spatial_pooling=["mean"]), "Received: spatial_pooling=['mean']."),
        (lambda: CBAM(0), "Received: reduction=0."),
        (lambda: CBAM(data_format="NCHW"), "Received: data_format='NCHW'."),
    ],
)
def test_a_layer_that_cannot_be_made_gets_a_sentence(make, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        make()
