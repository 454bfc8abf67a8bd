"""33 ways in which people publish SE, ECA and CBAM: each is found for what it is.

They are written anew here, but with the layers, the order and the habits of public code.
"""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib.models import gates
from tests.models.tools import model_of, pictures, told

SHAPE = (6, 5, 16)
SE, ECA, CBAM, GATE = ("SE", 16, 4), ("ECA", 16, 3), ("CBAM", 16, 4), ("gate", 16, None)


# -- SE of Keras' layers --------------------------------------------------------------------------


def reshaped(x, ratio=4):
    """The most common: a vector, reshaped at once, through two Dense layers without bias."""
    filters = x.shape[-1]
    se = layers.GlobalAveragePooling2D()(x)
    se = layers.Reshape((1, 1, filters))(se)
    se = layers.Dense(
        filters // ratio, activation="relu", kernel_initializer="he_normal", use_bias=False
    )(se)
    se = layers.Dense(
        filters, activation="sigmoid", kernel_initializer="he_normal", use_bias=False
    )(se)
    return layers.multiply([x, se])


def vector(x):
    """Multiply lines a vector up with the channels by itself."""
    z = layers.GlobalAveragePooling2D()(x)
    z = layers.Dense(4, activation="relu")(z)
    z = layers.Dense(16, activation="sigmoid")(z)
    return layers.Multiply()([x, z])


def reshaped_late(x):
    z = layers.GlobalAveragePooling2D()(x)
    z = layers.Activation("relu")(layers.Dense(4)(z))
    z = layers.Activation("sigmoid")(layers.Dense(16)(z))
    return layers.Multiply()([x, layers.Reshape([1, 1, -1])(z)])


def keepdims(x):
    z = layers.GlobalAveragePooling2D(keepdims=True)(x)
    z = layers.Dense(4, activation="relu")(z)
    return x * layers.Dense(16, activation="sigmoid")(z)


def efficientnet(x):
    z = layers.GlobalAveragePooling2D(name="se_squeeze")(x)
    z = layers.Reshape((1, 1, 16), name="se_reshape")(z)
    z = layers.Conv2D(4, 1, padding="same", activation="swish", name="se_reduce")(z)
    z = layers.Conv2D(16, 1, padding="same", activation="sigmoid", name="se_expand")(z)
    return layers.multiply([x, z], name="se_excite")


def mobilenet(x):
    """The hard sigmoid by `relu6(x + 3) / 6`."""
    z = layers.GlobalAveragePooling2D(keepdims=True)(x)
    z = layers.ReLU()(layers.Conv2D(4, 1, padding="same")(z))
    z = layers.Conv2D(16, 1, padding="same")(z)
    return layers.Multiply()([x, layers.ReLU(6.0)(z + 3.0) * (1.0 / 6.0)])


def operations(x):
    z = ops.mean(x, axis=[1, 2], keepdims=True)
    z = ops.relu(layers.Dense(4)(z))
    return ops.multiply(x, ops.sigmoid(layers.Dense(16)(z)))


def gelu(x):
    z = layers.Dense(4, activation="gelu")(layers.GlobalAveragePooling2D()(x))
    return x * layers.Dense(16, activation="hard_sigmoid")(z)[:, None, None, :]


def normalised(x):
    z = layers.GlobalAveragePooling2D(keepdims=True)(x)
    z = layers.Conv2D(4, 1, use_bias=False)(z)
    z = layers.PReLU(shared_axes=[1, 2])(layers.BatchNormalization()(z))
    z = layers.Dropout(0.1)(layers.Conv2D(16, 1)(z))
    return layers.Multiply()([layers.Activation("sigmoid")(z), x])


def window(x):
    """Pooled by a window as large as the map."""
    z = layers.AveragePooling2D(pool_size=x.shape[1:3])(x)
    z = layers.Conv2D(4, (1, 1), activation="relu")(z)
    return x * layers.Conv2D(16, (1, 1), activation="sigmoid")(z)


def channels_first(x):
    """Pooled to a vector, and brought to the front by Permute."""
    se = layers.GlobalAveragePooling2D(data_format="channels_first")(x)
    se = layers.Reshape((1, 1, 16))(se)
    se = layers.Dense(4, activation="relu", use_bias=False)(se)
    se = layers.Dense(16, activation="sigmoid", use_bias=False)(se)
    return layers.multiply([x, layers.Permute((3, 1, 2))(se)])


def lambdas(x):
    z = layers.Lambda(lambda t: ops.mean(t, axis=(1, 2), keepdims=True))(x)
    z = layers.Dense(16, activation="sigmoid")(layers.Dense(4, activation="relu")(z))
    return layers.Lambda(lambda both: both[0] * both[1])([x, z])


def repeated(x):
    z = layers.Dense(4, activation="relu")(layers.GlobalAveragePooling2D()(x))
    z = layers.RepeatVector(30)(layers.Dense(16, activation="sigmoid")(z))
    return layers.Multiply()([x, layers.Reshape((6, 5, 16))(z)])


def upsampled(x):
    z = layers.GlobalAveragePooling2D(keepdims=True)(x)
    z = layers.Conv2D(16, 1, activation="sigmoid")(layers.Conv2D(4, 1, activation="relu")(z))
    return layers.Multiply()([x, layers.UpSampling2D(size=(6, 5))(z)])


def one_dense(x):
    """No bottleneck: one Dense layer, as in the gates that ECA is compared with."""
    z = layers.GlobalAveragePooling2D()(x)
    return layers.multiply([x, layers.Dense(16, activation="sigmoid", use_bias=False)(z)])


# -- SE in a unit ---------------------------------------------------------------------------------


def standard(x):
    y = layers.Conv2D(16, 3, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    return layers.ReLU()(layers.Add()([x, reshaped(y)]))


def before_the_unit(x):
    return layers.add([layers.Conv2D(16, 3, padding="same", activation="relu")(reshaped(x)), x])


def after_the_sum(x):
    y = layers.Conv2D(16, 3, padding="same")(x)
    return reshaped(layers.ReLU()(layers.add([x, y])))


def on_the_shortcut(x):
    return layers.add([reshaped(x), layers.Conv2D(16, 3, padding="same")(x)])


def sequential(x):
    """The excitation as a model of its own, and a unit as another."""
    excite = keras.Sequential([layers.Dense(4, "relu"), layers.Dense(16, "sigmoid")])
    given = keras.Input(SHAPE)
    unit = keras.Model(given, given * excite(layers.GlobalAveragePooling2D(keepdims=True)(given)))
    return unit(layers.Conv2D(16, 1)(x))


def each_frame(x):
    """A film's frames, each through one network."""
    given = keras.Input(SHAPE[1:])
    z = layers.GlobalAveragePooling1D()(given)
    z = layers.Dense(16, activation="sigmoid")(layers.Dense(4, activation="relu")(z))
    return layers.TimeDistributed(keras.Model(given, layers.multiply([given, z])))(x)


# -- SE as a class --------------------------------------------------------------------------------


class SEBlock(layers.Layer):
    def __init__(self, reduction=4, **kwargs):
        super().__init__(**kwargs)
        self.reduction = reduction

    def build(self, input_shape):
        channels = input_shape[-1]
        self.pool = layers.GlobalAveragePooling2D()
        self.fc1 = layers.Dense(channels // self.reduction, activation="relu")
        self.fc2 = layers.Dense(channels, activation="sigmoid")
        super().build(input_shape)

    def squeeze(self, inputs):
        return self.pool(inputs)

    def call(self, inputs):
        z = self.fc2(self.fc1(self.squeeze(inputs)))
        return inputs * tf.reshape(z, [-1, 1, 1, inputs.shape[-1]])


class SEByMeans(SEBlock):
    def squeeze(self, inputs):
        return tf.reduce_mean(inputs, axis=[1, 2])

    def call(self, inputs, training=None):
        z = self.fc2(self.fc1(self.squeeze(inputs)))
        return tf.einsum("bhwc,bc->bhwc", inputs, z)


class SETiled(SEBlock):
    def call(self, inputs):
        z = self.fc2(self.fc1(self.squeeze(inputs)))[:, tf.newaxis, tf.newaxis, :]
        return tf.multiply(inputs, tf.tile(z, [1, tf.shape(inputs)[1], tf.shape(inputs)[2], 1]))


class SEBroadcast(SEBlock):
    def call(self, inputs):
        z = ops.expand_dims(self.fc2(self.fc1(self.squeeze(inputs))), axis=(1, 2))
        return layers.Multiply()([inputs, ops.broadcast_to(z, ops.shape(inputs))])


class SEModel(keras.Model):
    """A block as a subclassed model, with the input added."""

    def __init__(self):
        super().__init__()
        self.excitation = keras.Sequential([layers.Dense(4, "relu"), layers.Dense(16, "sigmoid")])

    def call(self, x):
        scale = tf.expand_dims(tf.expand_dims(self.excitation(tf.reduce_mean(x, [1, 2])), 1), 1)
        return layers.add([x, layers.multiply([x, scale])])


# -- ECA ------------------------------------------------------------------------------------------


def kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_reshaped(x):
    z = layers.Reshape((16, 1))(layers.GlobalAveragePooling2D()(x))
    z = layers.Conv1D(1, kernel_size(16), padding="same", use_bias=False)(z)
    z = layers.Reshape((1, 1, 16))(layers.Activation("sigmoid")(z))
    return layers.multiply([x, z])


def eca_lambdas(x):
    z = layers.Lambda(lambda t: tf.expand_dims(t, axis=-1))(layers.GlobalAveragePooling2D()(x))
    z = layers.Conv1D(1, kernel_size=3, padding="same", activation="sigmoid")(z)
    z = layers.Lambda(lambda t: tf.squeeze(t, axis=-1))(z)
    return layers.Multiply()([x, z])


class ECALayer(layers.Layer):
    """After the authors' own: the vector is turned, and turned back."""

    def __init__(self, k_size=3):
        super().__init__()
        self.conv = layers.Conv1D(1, k_size, padding="same", use_bias=False)

    def call(self, x):
        y = tf.reduce_mean(x, axis=[1, 2], keepdims=True)
        y = tf.transpose(tf.squeeze(y, axis=1), perm=[0, 2, 1])
        y = tf.transpose(self.conv(y), perm=[0, 2, 1])
        return x * tf.nn.sigmoid(tf.expand_dims(y, axis=1))


# -- CBAM and scSE --------------------------------------------------------------------------------


def channel_half(x):
    reduce = layers.Dense(4, activation="relu", kernel_initializer="he_normal")
    expand = layers.Dense(16, kernel_initializer="he_normal")
    mean = layers.Reshape((1, 1, 16))(layers.GlobalAveragePooling2D()(x))
    peak = layers.Reshape((1, 1, 16))(layers.GlobalMaxPooling2D()(x))
    both = layers.Add()([expand(reduce(mean)), expand(reduce(peak))])
    return layers.multiply([x, layers.Activation("sigmoid")(both)])


def spatial_half(x):
    mean = layers.Lambda(lambda t: ops.mean(t, axis=3, keepdims=True))(x)
    peak = layers.Lambda(lambda t: ops.max(t, axis=3, keepdims=True))(x)
    both = layers.Concatenate(axis=3)([mean, peak])
    return layers.multiply([x, layers.Conv2D(1, 7, padding="same", activation="sigmoid")(both)])


def scse(x):
    places = layers.multiply([x, layers.Conv2D(1, 1, activation="sigmoid", use_bias=False)(x)])
    return layers.add([reshaped(x), places])


FORMS = {
    "reshaped": (reshaped, SE),
    "vector": (vector, SE),
    "reshaped_late": (reshaped_late, SE),
    "keepdims": (keepdims, SE),
    "efficientnet": (efficientnet, SE),
    "mobilenet": (mobilenet, SE),
    "operations": (operations, SE),
    "gelu": (gelu, SE),
    "normalised": (normalised, SE),
    "window": (window, SE),
    "channels_first": (channels_first, SE),
    "lambdas": (lambdas, SE),
    "repeated": (repeated, SE),
    "upsampled": (upsampled, SE),
    "one_dense": (one_dense, GATE),
    "standard": (standard, SE),
    "before_the_unit": (before_the_unit, SE),
    "after_the_sum": (after_the_sum, SE),
    "on_the_shortcut": (on_the_shortcut, SE),
    "sequential": (sequential, SE),
    "each_frame": (each_frame, SE),
    "layer": (lambda x: SEBlock()(x), SE),
    "layer_by_means": (lambda x: SEByMeans()(x), SE),
    "layer_tiled": (lambda x: SETiled()(x), SE),
    "layer_broadcast": (lambda x: SEBroadcast()(x), SE),
    "model": (lambda x: SEModel()(x), SE),
    "eca_reshaped": (eca_reshaped, ECA),
    "eca_lambdas": (eca_lambdas, ECA),
    "eca_layer": (lambda x: ECALayer()(x), ECA),
    "cbam": (lambda x: spatial_half(channel_half(x)), CBAM),
    "cbam_reversed": (lambda x: channel_half(spatial_half(x)), CBAM),
    "scse": (scse, SE),
    "scse_maximum": (
        lambda x: layers.maximum([reshaped(x), layers.Conv2D(1, 1, activation="sigmoid")(x) * x]),
        SE,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_published_block_is_found_for_what_it_is(form):
    block, expected = FORMS[form]
    shape = (16, 6, 5) if form == "channels_first" else SHAPE
    model = model_of(block, shape=shape)
    assert told(model) == [expected]
    (recorded,) = gates.record(model, pictures(2, shape)).values()
    assert recorded.shape == ((2, 6, 16) if form == "each_frame" else (2, 16))
    assert np.all((recorded >= 0) & (recorded <= 1))


def test_there_are_33_of_them():
    assert len(FORMS) == 33
