"""Gates of channels for sequences and volumes: the places are other axes, the rest is the same."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from attention_lib.layers import ChannelAttention, EfficientChannelAttention, SqueezeExcite
from tests.layers.tools import random_maps, randomise, to_numpy

MAKERS = {
    "se": lambda **kw: SqueezeExcite(4, **kw),
    "eca": EfficientChannelAttention,
    "channel": lambda **kw: ChannelAttention(4, **kw),
}
of_channels = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
places = pytest.mark.parametrize("places", [(6,), (2, 3, 4)], ids=["sequence", "volume"])


def test_a_sequence_as_worked_out_by_hand():
    """Means 1 and 2 over three steps; one hidden unit, 1 + 2 = 3; gates sigmoid(3), sigmoid(-3)."""
    layer = SqueezeExcite(2, use_bias=False)
    layer.build((None, None, 2))
    layer.set_weights([np.ones((2, 1)), np.array([[1, -1]])])
    sequence = np.array([[[0, 2], [1, 2], [2, 2]]], "float32")
    gates = 1 / (1 + np.exp([-3, 3]))
    np.testing.assert_allclose(to_numpy(layer.gates(sequence)), [gates], rtol=1e-6)
    np.testing.assert_allclose(to_numpy(layer(sequence)), sequence * gates, rtol=1e-6)


@of_channels
@places
def test_they_are_pictures_of_another_form(make, places):
    """All places of a map in one row: to channel attention that is the same map."""
    layer, maps = make(), random_maps(3, *places, 8)
    layer.build(maps.shape)
    randomise(layer)
    row = maps.reshape(3, 1, -1, 8)
    np.testing.assert_allclose(to_numpy(layer.gates(maps)), to_numpy(layer.gates(row)), atol=1e-5)
    expected = to_numpy(layer(row)).reshape(maps.shape)
    np.testing.assert_allclose(to_numpy(layer(maps)), expected, atol=1e-5)


@of_channels
@places
def test_channels_may_come_first(make, places):
    first, last = make(data_format="channels_first"), make(data_format="channels_last")
    maps = random_maps(2, *places, 8)
    turned = np.moveaxis(maps, -1, 1)
    first.build(turned.shape)
    last.build(maps.shape)
    last.set_weights(randomise(first).get_weights())
    expected = np.moveaxis(to_numpy(last(maps)), -1, 1)
    np.testing.assert_allclose(to_numpy(first(turned)), expected, atol=1e-5)


@of_channels
@places
def test_every_size_but_the_channels_may_be_unknown(make, places):
    inputs = keras.Input((*[None] * len(places), 8))
    layer = make()
    model = keras.Model(inputs, layer(inputs))
    randomise(layer)
    maps = random_maps(2, *places, 8)
    np.testing.assert_allclose(model.predict(maps, verbose=0), to_numpy(layer(maps)), atol=1e-6)
    traced = tf.function(layer, input_signature=[tf.TensorSpec([None] * maps.ndim)])
    np.testing.assert_allclose(traced(maps), to_numpy(layer(maps)), atol=1e-6)


@of_channels
@places
def test_other_channels_than_the_layer_was_built_for_get_a_sentence(make, places):
    layer = make()
    layer.build((None, *places, 8))
    with pytest.raises(ValueError, match="must have the 8 channels this layer was built for"):
        layer(random_maps(1, *places, 6))
