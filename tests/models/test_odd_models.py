"""Models that nobody would write first: their gates are found, or a sentence says why not."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib.layers import SqueezeExcite
from attention_lib.models import gates
from tests.models.tools import SHAPE, model_of, pictures, told

SE = ("SE", 8, 2)


def means(x):
    return ops.mean(x, (1, 2), keepdims=True)


def excite(z, channels=8):
    return layers.Dense(channels, activation="sigmoid")(layers.Dense(2, activation="relu")(z))


class Block(layers.Layer):
    """Gates of SE's form, for `call` of a subclass."""

    def build(self, shape):
        self.reduce, self.expand = layers.Dense(2, "relu"), layers.Dense(8, "sigmoid")
        self.reduce.build((None, 8))
        self.expand.build((None, 2))

    def gates(self, x):
        return self.expand(self.reduce(means(x)))


class Named(Block):
    def call(self, x):
        numbers = self.gates(x)
        return {"maps": x * numbers, "gates": numbers}


class Counting(Block):
    """Counts its calls, and draws numbers."""

    def build(self, shape):
        super().build(shape)
        self.seed = keras.random.SeedGenerator(0)
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.calls.assign_add(1)
        return x * self.gates(x) + keras.random.normal(ops.shape(x), seed=self.seed)


def halves(x):
    """Each half of the channels has gates of its own."""
    parts = [part * excite(means(part), 4) for part in ops.split(x, 2, axis=-1)]
    return ops.concatenate(parts, -1)


def largest_five(x):
    """Pooled to the mean of the five largest numbers of each channel."""
    places = ops.reshape(ops.transpose(x, (0, 3, 1, 2)), (-1, 8, 30))
    z = ops.mean(ops.top_k(places, 5)[0], axis=-1)
    return x * excite(z)[:, None, None]


def spectral(units):
    return layers.SpectralNormalization(layers.Dense(units))


ODD = {
    "gates_of_halves": (halves, [("SE", 4, 2)] * 2),
    "a_dictionary_comes_out": (lambda x: Named()(x)["maps"] + x, [SE]),
    "layers_in_a_wrapper": (lambda x: x * spectral(8)(spectral(2)(means(x))), [SE]),
    "taken_away": (lambda x: x - x * (1 - excite(means(x))), [SE]),
    "a_softmax_of_channels": (lambda x: x * ops.softmax(8 * excite(means(x)), -1), [SE]),
    "largest_five": (largest_five, [SE]),
    "dots": (lambda x: x * excite(ops.mean(x, (1, 2)))[..., None, None, :], [SE]),
    "pooled_in_two_windows": (
        lambda x: x * excite(layers.AveragePooling2D((3, 5))(layers.AveragePooling2D((2, 1))(x))),
        [SE],
    ),
    "random_layers_in_front": (
        lambda x: SqueezeExcite(4)(layers.GaussianNoise(1.0)(layers.RandomFlip()(x))),
        [SE],
    ),
}


@pytest.mark.parametrize("form", ODD)
def test_an_odd_model_has_the_gates_that_it_has(form):
    block, expected = ODD[form]
    model = model_of(block)
    assert told(model) == expected
    for site, values in zip(expected, gates.record(model, pictures()).values(), strict=True):
        assert values.shape == (3, site[1])


def test_looking_for_gates_moves_no_counter_and_no_seed():
    block = Counting()
    model = model_of(block)

    def state():
        return [x.numpy() for x in (block.calls, block.seed.state)]

    before = state()
    assert told(model) == [SE]
    gates.record(model, pictures())
    for value, now in zip(before, state(), strict=True):
        np.testing.assert_array_equal(now, value)


def test_a_model_of_bytes_is_read_from_bytes():
    inputs = keras.Input(SHAPE, dtype="uint8")
    se = SqueezeExcite(4, name="se")
    model = keras.Model(inputs, se(layers.Rescaling(1 / 255)(inputs)))
    images = np.random.default_rng(0).integers(0, 256, (3, *SHAPE), "uint8")
    recorded = gates.record(model, images)["se"]
    np.testing.assert_allclose(recorded, se.gates(images / 255), atol=1e-6)


def test_an_exported_model_in_a_layer_cannot_be_opened_and_that_is_said(tmp_path):
    model_of(SqueezeExcite(4)).export(str(tmp_path), verbose=False)
    exported = layers.TFSMLayer(str(tmp_path), call_endpoint="serve", name="exported")
    model = model_of(exported, name="net")
    (unreadable,) = gates.find(model)
    assert isinstance(unreadable, gates.Unreadable)
    assert unreadable.path == "exported"
    with pytest.raises(ValueError, match="in which 'exported' could not be opened"):
        gates.record(model, pictures())


class Choosing(Block):
    """The product stands in a function that `cond` is given."""

    def call(self, x):
        return ops.cond(ops.sum(x) > 0, lambda: x * self.gates(x), lambda: x)


class Bare(keras.Operation):
    """Weights of an operation, which Keras does not keep in a model."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(8)

    def call(self, x):
        return x * self.dense(means(x))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Choosing, "a part of its `call` is a function within `Cond`"),
        (Bare, "makes weights that the model does not keep"),
    ],
)
def test_what_hides_its_gates_is_named(make, reason):
    (unreadable,) = gates.find(model_of(make(name="mine")))
    assert unreadable.path == "mine"
    assert reason in unreadable.reason


def test_an_operation_of_ones_own_is_opened():
    class Scaled(keras.Operation):
        def call(self, x, numbers):
            return x * numbers

    assert told(model_of(lambda x: Scaled()(x, excite(means(x))))) == [SE]


def test_a_compiled_call_is_opened_or_said_to_be_closed():
    class Compiled(Block):
        @tf.function
        def call(self, x):
            return x * self.gates(x)

    (only,) = gates.find(model_of(Compiled(name="mine")))
    assert only.path.startswith("mine")
