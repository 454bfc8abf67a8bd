"""What is multiplied, made of the map alone, pooled and weighed is a gate, and nothing else is."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib.layers import CBAM, EfficientChannelAttention, SqueezeExcite
from attention_lib.models import gates
from tests.layers.tools import saves
from tests.models.tools import SHAPE, model_of, pictures, told

SE, GATE, ECA, CBAM_ = ("SE", 8, 2), ("gate", 8, None), ("ECA", 8, 3), ("CBAM", 8, 2)
dense = layers.Dense


def means(x, **options):
    return ops.mean(x, axis=(1, 2), **options)


def excite(z, width=2, channels=8):
    return dense(channels, activation="sigmoid")(dense(width, activation="relu")(z))


def numbers(x):
    """(batch, 1, 1, 8) gates of SE's form."""
    return excite(means(x, keepdims=True))


def as_places(vector):
    return vector[:, None, None]


def flattened(x):
    return layers.GlobalAveragePooling1D()(layers.Reshape((30, 8))(x))


def spatial(x):
    return layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)


def slide(vector, kernel_size=3):
    """(batch, C) to (batch, C) by one kernel along the channels."""
    x = layers.Reshape((-1, 1))(vector)
    x = layers.Conv1D(1, kernel_size, padding="same", use_bias=False)(x)
    return layers.Reshape((1, 1, -1))(x)


class Written(layers.Layer):
    """A layer whose call is the function that it is given."""

    def __init__(self, function, parts=(), **kwargs):
        super().__init__(**kwargs)
        self.function, self.parts = function, [*parts]

    def call(self, x):
        return self.function(x, *self.parts)


def written(function, width=2):
    return lambda x: Written(function, [dense(width, activation="relu"), dense(8)])(x)


class ByMatrices(layers.Layer):
    """Weights of its own, before and behind what they are multiplied with."""

    def build(self, shape):
        self.first = self.add_weight(shape=(8, 2), initializer="zeros")
        self.second = self.add_weight(shape=(2, 8), initializer="zeros")
        self.scale = self.add_weight(shape=(8,), initializer="zeros")

    def call(self, x):
        hidden = ops.relu(ops.matmul(means(x), self.first))
        return x * ops.sigmoid(self.scale * ops.matmul(hidden, self.second))[:, None, None]


class WithoutKernel(layers.Layer):
    """Gates of learnt vectors alone, as in GCT."""

    def build(self, shape):
        self.alpha = self.add_weight(shape=(1, 1, 1, 8), initializer="ones")
        self.beta = self.add_weight(shape=(1, 1, 1, 8), initializer="zeros")

    def call(self, x):
        size = self.alpha * ops.sqrt(ops.sum(x * x, (1, 2), keepdims=True))
        norm = size / ops.sqrt(ops.mean(size * size, -1, keepdims=True))
        return x * (1 + ops.tanh(norm + self.beta))


class Residual(SqueezeExcite):
    def call(self, inputs):
        return inputs + super().call(inputs)


class Cooled(EfficientChannelAttention):
    def logits(self, squeezed):
        return super().logits(squeezed) / 4


class Half(CBAM):
    def call(self, inputs):
        return self.channel_attention(inputs)


def attention_pooled(x):
    """One sum over all places, weighted by a softmax over them."""
    places = layers.Reshape((30, 8))(x)
    where = layers.Softmax(axis=1)(layers.Conv1D(1, 1)(places))
    pooled = ops.matmul(layers.Permute((2, 1))(places), where)  # (batch, 8, 1)
    return x * excite(layers.Permute((2, 1))(pooled))[:, None]


def in_groups(units):
    return layers.Conv2D(units, 1, groups=2)


def by_einsum(units):
    return layers.EinsumDense("bc,cd->bd", units)


def one_convolution(x):
    vector = layers.Reshape((1, 8))(means(x))
    return x * layers.Reshape((1, 1, 8))(layers.Conv1D(8, 1)(vector))


def aggregated(x):
    z = means(x)
    branches = [dense(2, activation="relu")(z) for _ in range(4)]
    return x * dense(8)(ops.concatenate(branches, -1))[:, None, None]


def two_mlps(x):
    return x * (excite(means(x)) + excite(means(x), 4))[:, None, None]


def shared_mlp(x, pools, join=ops.add):
    reduce, expand = dense(2, activation="relu"), dense(8)
    answers = [expand(reduce(pool(x, (1, 2), keepdims=True))) for pool in pools]
    return x * ops.sigmoid(join(*answers))


def style(x):
    """SRM: a mean and a deviation, each channel with weights of its own."""
    stacked = ops.stack([means(x), ops.std(x, (1, 2))], 1)
    z = layers.BatchNormalization()(layers.Conv1D(8, 2, groups=8)(stacked))
    return x * ops.sigmoid(ops.reshape(z, (-1, 1, 1, 8)))


FOUND = {
    # repeated up to the size of the map
    "tile": (lambda x: x * ops.tile(numbers(x), (1, 6, 5, 1)), SE),
    "broadcast_to": (lambda x: x * ops.broadcast_to(numbers(x), (2, *SHAPE)), SE),
    "repeat": (lambda x: x * ops.repeat(ops.repeat(numbers(x), 6, 1), 5, 2), SE),
    "upsampling": (lambda x: x * layers.UpSampling2D((6, 5))(numbers(x)), SE),
    "resize": (lambda x: x * ops.image.resize(numbers(x), (6, 5)), SE),
    "repeat_vector": (
        lambda x: x * layers.Reshape(SHAPE)(layers.RepeatVector(30)(excite(means(x)))),
        SE,
    ),
    "times_ones": (lambda x: x * (numbers(x) * ops.ones((1, 6, 5, 1))), SE),
    "times_ones_like": (lambda x: x * (numbers(x) * ops.ones_like(x)), SE),
    "stacked_rows": (lambda x: x * ops.concatenate([numbers(x)] * 6, axis=1), SE),
    # the product
    "multiply_layer_of_a_vector": (lambda x: layers.Multiply()([x, excite(means(x))]), SE),
    "three_factors": (lambda x: layers.Multiply()([spatial(x), numbers(x), x]), SE),
    "factor_in_a_factor": (lambda x: x * (spatial(x) * numbers(x)), SE),
    "after_a_spatial_gate": (lambda x: x * spatial(x) * numbers(x), SE),
    "einsum": (lambda x: ops.einsum("bhwc,bc->bhwc", x, excite(means(x))), SE),
    "einsum_turned": (lambda x: ops.einsum("bc,bhwc->bhwc", excite(means(x)), x), SE),
    "lambda": (
        lambda x: layers.Lambda(lambda t: t[0] * t[1][:, None, None])([x, excite(means(x))]),
        SE,
    ),
    "residual": (lambda x: x + x * numbers(x), SE),
    # pooling
    "adaptive": (lambda x: x * excite(layers.AdaptiveAveragePooling2D(1)(x)), SE),
    "window_of_the_whole_map": (lambda x: x * excite(layers.AveragePooling2D((6, 5))(x)), SE),
    "sum": (lambda x: x * excite(ops.sum(x, (1, 2), keepdims=True) / 30), SE),
    "one_axis_after_the_other": (
        lambda x: x * excite(ops.mean(ops.mean(x, 1, keepdims=True), 2, keepdims=True)),
        SE,
    ),
    "moments": (lambda x: x * excite(ops.moments(x, [1, 2], keepdims=True)[0]), SE),
    "flattened_first": (lambda x: x * as_places(excite(flattened(x))), SE),
    "maximum": (lambda x: x * excite(ops.max(x, (1, 2), keepdims=True)), SE),
    "deviation": (lambda x: x * excite(ops.std(x, (1, 2), keepdims=True)), SE),
    "lambda_pool": (
        lambda x: x * excite(layers.Lambda(lambda t: ops.mean(t, (1, 2), keepdims=True))(x)),
        SE,
    ),
    "attention_pooled": (attention_pooled, SE),
    # widths
    "hidden_wider_than_the_channels": (
        lambda x: x * excite(means(x, keepdims=True), 32),
        ("SE", 8, 32),
    ),
    "one_hidden_unit": (lambda x: x * excite(means(x, keepdims=True), 1), ("SE", 8, 1)),
    "depthwise_squeeze": (lambda x: x * excite(layers.DepthwiseConv2D((6, 5))(x)), SE),
    "joined_branches": (aggregated, ("SE", 8, 8)),
    "added_branches": (two_mlps, ("SE", 8, 4)),
    "three_layers": (lambda x: x * dense(8)(dense(4)(dense(2)(means(x))))[:, None, None], SE),
    "grouped": (lambda x: x * in_groups(8)(in_groups(4)(means(x, keepdims=True))), ("SE", 8, 4)),
    "normalised_between": (
        lambda x: x * dense(8)(layers.LayerNormalization()(dense(2)(means(x, keepdims=True)))),
        SE,
    ),
    # mechanisms
    "centred_mean": (
        lambda x: x * excite(means(x) - ops.mean(means(x), -1, keepdims=True))[:, None, None],
        SE,
    ),
    "mean_and_maximum_in_one": (
        lambda x: x * excite(means(x, keepdims=True) + ops.max(x, (1, 2), keepdims=True)),
        SE,
    ),
    "cbam": (lambda x: shared_mlp(x, (ops.mean, ops.max)), CBAM_),
    "cbam_by_maximum": (lambda x: shared_mlp(x, (ops.max, ops.mean), ops.maximum), CBAM_),
    "mean_and_deviation": (lambda x: shared_mlp(x, (ops.mean, ops.std)), GATE),
    "one_dense": (lambda x: x * dense(8)(means(x, keepdims=True)), GATE),
    "one_convolution_of_a_vector": (one_convolution, GATE),
    "style": (style, GATE),
    "normalisation": (
        lambda x: x * ops.sigmoid(layers.BatchNormalization()(means(x, keepdims=True))),
        GATE,
    ),
    "without_kernel": (WithoutKernel(), GATE),
    "recurrent": (
        lambda x: x * layers.Reshape((1, 1, 8))(layers.GRU(8)(layers.Reshape((8, 1))(means(x)))),
        GATE,
    ),
    "pooled_after_the_mixing": (
        lambda x: x * dense(8)(means(layers.Conv2D(2, 1)(x), keepdims=True)),
        GATE,
    ),
    "squeezed_by_a_whole_convolution": (
        lambda x: x * dense(8)(layers.Conv2D(2, (6, 5))(x)),
        GATE,
    ),
    "eca": (lambda x: x * slide(means(x)), ECA),
    "eca_of_one": (lambda x: x * slide(means(x), 1), ("ECA", 8, 1)),
    "eca_wider_than_the_channels": (lambda x: x * slide(means(x), 21), ("ECA", 8, 21)),
    "eca_in_two_dimensions": (
        lambda x: (
            x
            * ops.transpose(
                layers.Conv2D(1, (3, 1), padding="same")(
                    ops.transpose(means(x, keepdims=True), (0, 3, 1, 2))
                ),
                (0, 2, 3, 1),
            )
        ),
        ECA,
    ),
    "two_slides": (lambda x: x * slide(layers.Flatten()(slide(means(x)))), GATE),
    "slide_and_mixing": (lambda x: x * dense(8)(slide(means(x))), GATE),
    # weights and layers
    "matrices": (ByMatrices(), SE),
    "einsum_dense": (lambda x: x * as_places(by_einsum(8)(by_einsum(2)(means(x)))), SE),
    "gates_from_a_layer": (
        lambda x: x * written(lambda x, a, b: b(a(means(x)))[:, None, None])(x),
        SE,
    ),
    "subclass_with_call": (Residual(4), SE),
    "subclass_with_logits": (Cooled(kernel_size=3), ECA),
    "subclass_of_cbam": (Half(4, 3), CBAM_),
    # TensorFlow's functions in a layer
    "tf_reshape": (
        written(lambda x, a, b: x * tf.reshape(b(a(means(x))), [-1, 1, 1, tf.shape(x)[-1]])),
        SE,
    ),
    "tf_reduce_mean": (
        written(lambda x, a, b: tf.multiply(x, tf.sigmoid(b(a(tf.reduce_mean(x, [1, 2], True)))))),
        SE,
    ),
    "tf_einsum": (
        written(lambda x, a, b: tf.einsum("bhwc,bc->bhwc", x, b(a(tf.reduce_mean(x, [1, 2]))))),
        SE,
    ),
    "tf_tile": (
        written(lambda x, a, b: x * tf.tile(b(a(tf.reduce_mean(x, [1, 2], True))), [1, 6, 5, 1])),
        SE,
    ),
    "tf_maxima_too": (
        written(
            lambda x, a, b: (
                x
                * tf.sigmoid(b(a(tf.reduce_mean(x, [1, 2]))) + b(a(tf.reduce_max(x, [1, 2]))))[
                    :, tf.newaxis, tf.newaxis
                ]
            )
        ),
        CBAM_,
    ),
}


@pytest.mark.parametrize("form", FOUND)
def test_a_channel_gate_is_found_in_every_form(form):
    block, expected = FOUND[form]
    assert told(model_of(block)) == [expected]


def first_in_front(x):
    """Channels first, and gates that were not brought back to the front."""
    z = layers.GlobalAveragePooling2D(data_format="channels_first")(x)
    return layers.Multiply()([x, layers.Reshape((1, 1, 8))(excite(z))])


def in_rows(x, axes, where):
    z = excite(ops.mean(x, axes))
    return x * ops.expand_dims(z, where)


NONE = {
    "a_number_a_row": lambda x: in_rows(x, (2, 3), (2, 3)),
    "a_number_a_column": lambda x: in_rows(x, (1, 3), (1, 3)),
    "rows_on_channels": lambda x: in_rows(x, (2, 3), (1, 2)),
    "columns_on_channels": lambda x: in_rows(x, (1, 3), (1, 2)),
    "channels_on_rows": lambda x: in_rows(x, (1, 2), (2, 3)),
    "channels_on_columns": lambda x: in_rows(x, (1, 2), (1, 3)),
    "channels_first_in_the_end": first_in_front,
    "a_number_a_place": lambda x: x * spatial(x),
    "a_number_a_place_and_channel": lambda x: x * layers.Conv2D(8, 1)(x),
    "places_and_channels_added": lambda x: x * (numbers(x) + spatial(x)),
    "tiled_and_then_convolved": lambda x: (
        x * layers.Conv2D(8, 3, padding="same")(ops.tile(numbers(x), (1, 8, 8, 1)))
    ),
    "one_number_for_all": lambda x: x * dense(1)(means(x, keepdims=True)),
    "nothing_is_weighed": lambda x: x * ops.sigmoid(means(x, keepdims=True)),
    "of_another_map": lambda x: layers.Conv2D(8, 1)(x) * numbers(x),
    "one_place_is_picked": lambda x: x * excite(x[:, :1, :1]),
    "added": lambda x: x + numbers(x),
    "swish": lambda x: x * ops.sigmoid(x),
    "half": lambda x: x * 0.5,
}


@pytest.mark.parametrize("form", NONE)
def test_what_is_no_channel_gate_is_not_found(form):
    assert gates.find(model_of(NONE[form], shape=(8, 8, 8))) == ()


@pytest.mark.parametrize(
    ("shape", "pool"),
    [
        ((20, 8), layers.GlobalAveragePooling1D),
        ((6, 5, 8), layers.GlobalAveragePooling2D),
        ((3, 4, 5, 8), layers.GlobalAveragePooling3D),
    ],
)
def test_maps_are_sequences_pictures_and_volumes(shape, pool):
    model = model_of(lambda x: x * excite(pool(keepdims=True)(x)), SqueezeExcite(4), shape=shape)
    assert told(model) == [SE, SE]
    images = pictures(shape=shape)
    first, second = gates.Reader(model)(images)
    np.testing.assert_array_equal(first.maps, images)
    places = (slice(None), *[None] * (len(shape) - 1))
    np.testing.assert_allclose(second.maps, images * first.gates[places], atol=1e-6)
    assert second.gates.shape == (3, 8)


@pytest.mark.parametrize("places", [(1, 1), (1, 5), (None, None)])
def test_maps_may_be_of_one_place_or_of_any_size(places):
    def pooled(x):
        return x * excite(layers.GlobalAveragePooling2D(keepdims=True)(x))

    assert told(model_of(pooled, shape=(*places, 8))) == [SE]


@pytest.mark.parametrize(
    "form",
    [lambda x: x * excite(x), lambda x: x * as_places(excite(layers.Flatten()(x)))],
    ids=["as_it_is", "flattened"],
)
def test_on_a_map_of_one_place_what_is_not_pooled_is_no_gate(form):
    assert told(model_of(form, shape=(1, 1, 8))) == []


def test_one_channel_can_be_gated():
    assert told(model_of(lambda x: x * excite(means(x, keepdims=True), 2, 1), shape=(6, 5, 1))) == [
        ("SE", 1, 2)
    ]


def test_steps_that_are_masked_are_left_out_of_the_mean_and_no_more():
    inputs = keras.Input((20,))
    x = layers.Embedding(50, 8, mask_zero=True)(inputs)
    z = layers.GlobalAveragePooling1D()(x)
    model = keras.Model(inputs, layers.Multiply()([x, layers.Reshape((1, 8))(excite(z))]))
    assert told(model) == [SE]
    words = np.array([[1, 2, 3] + [0] * 17, [4] * 20])
    expected = keras.Model(inputs, [z, model.layers[-1].input[1]])(words)[1][:, 0]
    (recorded,) = gates.record(model, words).values()
    np.testing.assert_allclose(recorded, expected, atol=1e-6)


@saves
@pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize` method")
@pytest.mark.parametrize("quantised", ["int8", "int4"])
def test_gates_of_integers_are_gates(quantised):
    model = model_of(SqueezeExcite(4), lambda x: x * numbers(x), lambda x: x * slide(means(x)))
    model.quantize(quantised)
    assert told(model) == [SE, SE, ECA]


def test_weights_of_zero_and_open_gates_change_nothing():
    model = model_of(SqueezeExcite(4), EfficientChannelAttention(kernel_size=3))
    before = told(model)
    for weight in model.weights:
        weight.assign(ops.zeros_like(weight))
    model.layers[1].expand.bias.assign([100] * 8)
    assert told(model) == before == [SE, ECA]


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_half_and_double_precision_have_the_same_gates(policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = model_of(layers.Conv2D(8, 1), SqueezeExcite(4), lambda x: x * numbers(x))
    finally:
        keras.config.set_dtype_policy("float32")
    assert told(model) == [SE, SE]
