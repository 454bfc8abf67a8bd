"""Forms that are rarer in public code, and blocks that look like gates of channels and are none."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib.layers import SqueezeExcite
from attention_lib.models import gates
from tests.models.tools import model_of, pictures, told

SHAPE = (6, 5, 16)
SE, ECA, CBAM, GATE = ("SE", 16, 4), ("ECA", 16, 3), ("CBAM", 16, 4), ("gate", 16, None)
dense, conv = layers.Dense, layers.Conv2D


def mean(x):
    return ops.mean(x, (1, 2))


def peak(x):
    return layers.GlobalMaxPooling2D()(x)


def excite(z, channels=16, last="sigmoid"):
    return dense(channels, activation=last)(dense(4, activation="relu")(z))


def as_places(vector):
    return vector[:, None, None]


def slide(vector, **options):
    return ops.sigmoid(layers.Conv1D(1, 3, **{"padding": "same", **options})(vector))


class Written(layers.Layer):
    """A layer whose call is a function of its input and of weights of some shapes."""

    def __init__(self, function, *shapes):
        super().__init__()
        self.function = function
        self.arrays = [self.add_weight(shape=shape, initializer="ones") for shape in shapes]

    def call(self, x):
        return self.function(x, *self.arrays)


def written(function, *shapes):
    return lambda x: Written(function, *shapes)(x)


# -- gates of channels ----------------------------------------------------------------------------


def average_and_maximum_in_a_row(x):
    return x * as_places(excite(layers.Concatenate()([mean(x), peak(x)])))


def stacked_through_one_mlp(x):
    """Average and maximum are two rows, which the layers keep apart."""
    rows = excite(ops.stack([mean(x), peak(x)], 1), last=None)
    return x * as_places(ops.sigmoid(ops.sum(rows, axis=1)))


def padded_by_hand(x):
    z = layers.ZeroPadding1D(1)(mean(x)[..., None])
    return x * ops.reshape(slide(z, padding="valid"), (-1, 1, 1, 16))


def two_planes(x):
    """One kernel of two planes along averages and maxima."""
    return x * ops.squeeze(slide(ops.stack([mean(x), peak(x)], -1)), -1)[:, None, None]


def shift_and_scale(x):
    """The scale comes second; the shift gates nothing."""
    shift, scale = ops.split(as_places(excite(mean(x), 32)), 2, axis=-1)
    return x * scale + shift


def every_second_unit(x):
    z = as_places(excite(mean(x), 32))
    return x * z[..., 1::2] + z[..., ::2]


def in_pairs(x):
    pairs = ops.reshape(excite(mean(x), 32), (-1, 1, 1, 16, 2))
    return x * pairs[..., 1] + pairs[..., 0]


def dynamic_relu(x):
    a, b, c, d = ops.split(as_places(excite(mean(x), 64)), 4, axis=-1)
    return ops.maximum(x * (a + 1) + b, x * c + d)


def in_small_groups(x, scale, shift):
    """LCT: means are normalised in groups of four channels."""
    z = ops.reshape(mean(x), (-1, 4, 4))
    z = z - ops.mean(z, 2, keepdims=True)
    z = z / (ops.std(z, 2, keepdims=True) + 1e-5)
    return x * as_places(ops.sigmoid(ops.reshape(z, (-1, 16)) * scale + shift))


def pyramid(x):
    """SPANet: averages of the whole map and of its quarters."""
    sizes = [layers.Flatten()(layers.AdaptiveAveragePooling2D(n)(x)) for n in (1, 2)]
    return x * as_places(excite(ops.concatenate(sizes, -1)))


def straight_through(x):
    """Open or closed; learnt as if it were not."""
    soft = as_places(excite(mean(x)))
    hard = ops.cast(soft > 0.5, "float32")
    return x * (soft + ops.stop_gradient(hard - soft))


def gathered(x):
    """GE: strided kernels, each for one channel, until one place is left."""
    z = x
    for _ in range(3):
        z = layers.BatchNormalization()(layers.DepthwiseConv2D(3, 2, padding="same")(z))
    return x * conv(16, 1, activation="sigmoid")(conv(4, 1, activation="relu")(z))


def two_kernels_in_a_row(x):
    """SK: the answers of two kernels side by side, so that a softmax chooses for each channel."""
    both = ops.concatenate([conv(16, n, padding="same")(x) for n in (3, 5)], -1)
    sums = ops.sum(ops.reshape(mean(both), (-1, 2, 16)), axis=1)
    chosen = ops.softmax(ops.reshape(excite(sums, 32, None), (-1, 2, 16)), axis=1)
    return both * ops.reshape(chosen, (-1, 1, 1, 32))


def of_frequencies(x):
    """FcaNet: sums weighted by cosines that nobody learns."""
    waves = np.cos(np.pi * (np.arange(6)[:, None, None] + 0.5) / 6 * (np.arange(16) % 3))
    weighted = x * (waves * np.ones(SHAPE)).astype("float32")
    return x * as_places(excite(ops.sum(weighted, (1, 2))))


def power_mean(x):
    pool = Written(lambda x, p: ops.mean(ops.maximum(x, 1e-6) ** p, (1, 2)) ** (1 / p), (1,))
    return x * as_places(excite(pool(x)))


def shared_layers(x):
    reduce, expand, multiply = dense(4, "relu"), dense(16, "sigmoid"), layers.Multiply()
    x = multiply([x, expand(reduce(mean(x)))])
    return multiply([x, expand(reduce(mean(x)))])


def of_attention(x):
    """Each channel looks at all others."""
    z = mean(x)[..., None]
    return x * as_places(layers.MultiHeadAttention(2, 4)(z, z)[..., 0])


def tf_convolutions(x, first, second, bias):
    z = tf.nn.avg_pool2d(x, ksize=x.shape[1:3], strides=1, padding="VALID")
    z = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(z, first, 1, "VALID"), bias))
    return tf.math.multiply(x, tf.nn.sigmoid(tf.nn.conv2d(z, second, 1, "VALID")))


def tf_matrices(x, first, second):
    z = tf.nn.relu(tf.math.reduce_mean(x, axis=(1, 2)) @ first)
    return x * tf.broadcast_to(tf.sigmoid(tf.matmul(z, second))[:, None, None], tf.shape(x))


FOUND = {
    "average_and_maximum_in_a_row": (average_and_maximum_in_a_row, [SE]),
    "stacked_through_one_mlp": (stacked_through_one_mlp, [CBAM]),
    "dilated": (
        lambda x: x * as_places(slide(mean(x)[..., None], dilation_rate=2)[..., 0]),
        [ECA],
    ),
    "padded_by_hand": (padded_by_hand, [ECA]),
    "two_planes": (two_planes, [ECA]),
    "shift_and_scale": (shift_and_scale, [SE]),
    "every_second_unit": (every_second_unit, [SE]),
    "in_pairs": (in_pairs, [SE]),
    "dynamic_relu": (dynamic_relu, [SE, SE]),
    "in_small_groups": (written(in_small_groups, (16,), (16,)), [GATE]),
    "pyramid": (pyramid, [GATE]),
    "flattened": (lambda x: x * as_places(excite(layers.Flatten()(x))), [GATE]),
    "open_or_closed": (lambda x: x * ops.cast(as_places(excite(mean(x))) > 0.5, "float32"), [SE]),
    "straight_through": (straight_through, [SE]),
    "gathered": (gathered, [SE]),
    "two_kernels_in_a_row": (two_kernels_in_a_row, [("SE", 32, 4)]),
    "of_frequencies": (of_frequencies, [SE]),
    "power_mean": (power_mean, [SE]),
    "shared_layers": (shared_layers, [SE, SE]),
    "of_attention": (of_attention, [GATE]),
    "dots": (lambda x: ops.einsum("...,...->...", x, as_places(excite(mean(x)))), [SE]),
    "dots_in_front": (lambda x: ops.einsum("...hwc,...c->...hwc", x, excite(mean(x))), [SE]),
    "h_sigmoid": (lambda x: x * ops.relu6(as_places(excite(mean(x), last=None)) + 3) / 6, [SE]),
    "tf_convolutions": (
        written(tf_convolutions, (1, 1, 16, 4), (1, 1, 4, 16), (4,)),
        [SE],
    ),
    "tf_matrices": (written(tf_matrices, (16, 4), (4, 16)), [SE]),
}


@pytest.mark.parametrize("form", FOUND)
def test_a_rarer_form_is_found_for_what_it_is(form):
    block, expected = FOUND[form]
    model = model_of(block, shape=SHAPE)
    assert told(model) == expected
    for site, values in zip(
        expected, gates.record(model, pictures(2, SHAPE)).values(), strict=True
    ):
        assert values.shape == (2, site[1])


def test_the_gates_of_a_second_part_are_that_part():
    reduce, expand = dense(4, "relu"), dense(32, "sigmoid")

    def block(x):
        shift, scale = ops.split(as_places(expand(reduce(mean(x)))), 2, axis=-1)
        return x * scale + shift

    (recorded,) = gates.record(model_of(block, shape=SHAPE), pictures(2, SHAPE)).values()
    expected = expand(reduce(pictures(2, SHAPE).mean((1, 2))))[:, 16:]
    np.testing.assert_allclose(recorded, expected, atol=1e-6)


# -- none -----------------------------------------------------------------------------------------


def selective_kernels(x):
    """SK as published: the gates of each branch are made of the sum of both."""
    first, second = (conv(16, n, padding="same")(x) for n in (3, 5))
    z = dense(4, "relu")(mean(first + second))
    chosen = ops.softmax(ops.stack([dense(16)(z), dense(16)(z)], 1), axis=1)
    return first * as_places(chosen[:, 0]) + second * as_places(chosen[:, 1])


def global_context(x):
    """GCNet adds its vector."""
    places = layers.Reshape((30, 16))(x)
    where = layers.Softmax(axis=1)(layers.Conv1D(1, 1)(places))
    return x + excite(ops.einsum("bnc,bnk->bkc", places, where))[:, None]


def coordinate_attention(x):
    rows, columns = ops.mean(x, 2, keepdims=True), ops.mean(x, 1, keepdims=True)
    joined = ops.concatenate([rows, ops.transpose(columns, (0, 2, 1, 3))], 1)
    y = conv(4, 1, activation="relu")(joined)
    of_rows = conv(16, 1, activation="sigmoid")(y[:, :6])
    of_columns = conv(16, 1, activation="sigmoid")(ops.transpose(y[:, 6:], (0, 2, 1, 3)))
    return x * of_rows * of_columns


def bottleneck_attention(x):
    """BAM: channels and places are added before the sigmoid."""
    places = conv(1, 1)(conv(4, 3, padding="same")(x))
    return x + x * ops.sigmoid(as_places(excite(mean(x), last=None)) + places)


def group_enhanced(x, scale, shift):
    """SGE: each group of channels has numbers for its places."""
    y = ops.reshape(x, (-1, 30, 4, 4))
    t = ops.sum(y * ops.mean(y, 1, keepdims=True), -1, keepdims=True)
    t = (t - ops.mean(t, 1, keepdims=True)) / (ops.std(t, 1, keepdims=True) + 1e-5)
    return ops.reshape(y * ops.sigmoid(t * scale + shift), (-1, *SHAPE))


def response_normalised(x, scale, shift):
    """GRN of ConvNeXt V2: weights scale the product, none makes the number."""
    size = ops.norm(x, axis=(1, 2), keepdims=True)
    return scale * (x * (size / (ops.mean(size, -1, keepdims=True) + 1e-6))) + shift + x


def tf_response_normalised(x, scale, shift):
    """The same by a norm whose shape TensorFlow does not tell beforehand."""
    size = tf.norm(x, ord=2, axis=(1, 2), keepdims=True)
    return scale * (x * (size / (tf.reduce_mean(size, -1, keepdims=True) + 1e-6))) + shift + x


def simam(x):
    d = ops.square(x - ops.mean(x, (1, 2), keepdims=True))
    return x * ops.sigmoid(d / (4 * ops.sum(d, (1, 2), keepdims=True) / 29 + 1e-4) + 0.5)


def gated_linear(x):
    values, numbers = ops.split(dense(32)(x), 2, axis=-1)
    return values * ops.sigmoid(numbers)


def every_frame(x):
    """Numbers of a frame scale that frame alone: along a film they are not alike."""
    z = layers.TimeDistributed(layers.GlobalAveragePooling1D())(x)
    return x * excite(z)[:, :, None]


NONE = {
    "selective_kernels": selective_kernels,
    "global_context": global_context,
    "coordinate_attention": coordinate_attention,
    "bottleneck_attention": bottleneck_attention,
    "group_enhanced": written(group_enhanced, (4, 1), (4, 1)),
    "response_normalised": written(response_normalised, (16,), (16,)),
    "tf_response_normalised": written(tf_response_normalised, (16,), (16,)),
    "simam": simam,
    "gated_linear": gated_linear,
    "swiglu": lambda x: dense(16)(ops.silu(dense(32)(x)) * dense(32)(x)),
    "layer_scale": written(lambda x, scale: x + x * scale, (16,)),
    "residual_scaled_by_one_number": written(lambda x, scale: x + scale * x, ()),
    "every_frame": every_frame,
}


@pytest.mark.parametrize("form", NONE)
def test_what_only_looks_like_gates_of_channels_is_not_found(form):
    assert gates.find(model_of(NONE[form], shape=SHAPE)) == ()


def test_numbers_that_are_made_of_another_input_too_gate_nothing_of_their_own():
    x, condition = keras.Input(SHAPE), keras.Input((7,))
    film = x * as_places(dense(16)(condition))
    mixed = x * as_places(dense(16)(ops.concatenate([mean(x), condition], -1)))
    assert gates.find(keras.Model([x, condition], [film, mixed])) == ()


# -- around them ----------------------------------------------------------------------------------


def test_a_layer_of_ours_for_every_step_is_found():
    model = model_of(layers.TimeDistributed(SqueezeExcite(4)), shape=(3, *SHAPE))
    assert told(model) == [SE]


def test_a_model_of_words_has_gates():
    inputs = keras.Input((), dtype="string")
    words = layers.TextVectorization(50, output_sequence_length=9)
    words.adapt(["a b c d", "e f g"])
    x = layers.Embedding(50, 16)(words(inputs))
    assert told(keras.Model(inputs, SqueezeExcite(4)(x))) == [SE]


def test_an_operation_that_refuses_the_numbers_it_is_asked_with_ends_no_search():
    """A code is looked up for each channel: there is none of number 999."""

    def looked_up(x):
        codes = layers.Embedding(4, 1)(ops.cast(ops.argmax(mean(x)[..., None], -1), "int32"))
        return SqueezeExcite(4)(x * codes[:, None, None, :, 0])

    assert SE in told(model_of(looked_up, shape=SHAPE))


def test_the_reason_is_the_error_itself_and_not_what_keras_says_around_it():
    """A model for seven pictures at a time is looked at with two."""
    model = model_of(lambda x: SqueezeExcite(4)(ops.reshape(x, (7, 2, 3, 5, 8))))
    (unreadable,) = gates.find(model)
    assert "symbols: The total size of the tensor must be unchanged" in unreadable.reason
