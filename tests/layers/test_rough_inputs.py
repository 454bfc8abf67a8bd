"""What no network should be fed: as Keras' own pooling has it, or a sentence."""

import keras
import numpy as np
import pytest

from attention_lib.layers import EfficientChannelAttention, SqueezeExcite
from tests.layers.tools import every, random_maps, randomise, to_numpy

AVERAGING = SqueezeExcite, EfficientChannelAttention
average = keras.layers.GlobalAveragePooling2D(data_format="channels_last")


def built(make, channels=8):
    layer = make()
    layer.build((None, None, None, channels))
    return randomise(layer)


@every
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_what_is_no_number_or_too_large_stays_in_its_picture(make, value):
    layer, maps = built(make), random_maps(3, 4, 5, 8)
    expected = to_numpy(layer(maps))
    maps[1, 2, :, 3] = value
    outputs = to_numpy(layer(maps))
    np.testing.assert_allclose(outputs[[0, 2]], expected[[0, 2]], atol=1e-6)
    assert outputs.shape == maps.shape


def test_a_nan_reaches_the_gates_that_hear_its_channel_and_no_other():
    maps = random_maps(1, 4, 5, 8)
    maps[0, 0, 0, 3] = np.nan
    assert np.isnan(to_numpy(average(maps))).nonzero()[1].tolist() == [3]
    gates = to_numpy(built(EfficientChannelAttention).gates(maps))
    assert np.isnan(gates).nonzero()[1].tolist() == [2, 3, 4]
    assert np.isnan(to_numpy(built(lambda: SqueezeExcite(4)).gates(maps))).all()


@every
@pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1)])
def test_a_map_of_one_row_or_column_is_a_map(make, size):
    layer, maps = built(make), random_maps(2, *size, 8)
    alone = np.concatenate([to_numpy(layer(picture[None])) for picture in maps])
    np.testing.assert_allclose(to_numpy(layer(maps)), alone, atol=1e-6)
    assert np.isfinite(alone).all()


@every
@pytest.mark.parametrize("shape", [(0, 4, 5, 8), (2, 0, 0, 8), (2, 0, 3, 8), (2, 3, 0, 8)])
def test_nothing_gives_nothing_where_averages_are_taken_and_else_a_sentence(make, shape):
    layer, maps = built(make), np.zeros(shape, "float32")
    if isinstance(layer, AVERAGING):
        assert layer(maps).shape == shape
        gates, averages = to_numpy(layer.gates(maps)), to_numpy(average(maps))
        np.testing.assert_array_equal(np.isnan(gates), np.isnan(averages))
        return
    for ask in (layer, layer.gates):
        with pytest.raises(ValueError, match=r"no empty axis.*Received: .*\(\d, .*one pixel"):
            ask(maps)


@every
def test_no_channels_get_a_sentence(make):
    sentence = r"must (be a whole number of 1|have no empty axis).*Received"
    with pytest.raises(ValueError, match=sentence):
        make()(np.zeros((2, 3, 3, 0), "float32"))
