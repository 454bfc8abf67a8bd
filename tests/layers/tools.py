"""What the tests of every layer use."""

import keras
import numpy as np
import pytest
from hypothesis import strategies as st

TOLERANCE = {"float32": 2e-5, "float64": 1e-12}

# Keras saves a variable by `np.array(variable)`, and TensorFlow's variables do not know `copy` yet
saves = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
    ":DeprecationWarning:keras.src.backend.tensorflow.core"
)


def to_numpy(x):
    return keras.ops.convert_to_numpy(x)


def randomise(layer, seed=0, spread=1.0):
    """Give every weight of a built layer a random value, biases too."""
    rng = np.random.default_rng(seed)
    layer.set_weights([rng.normal(0, spread, w.shape) for w in layer.get_weights()])
    return layer


def random_maps(*shape, seed=0, dtype="float32"):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


@st.composite
def batches(draw):
    """A batch of random feature maps, channels last."""
    sizes = [draw(st.integers(1, most)) for most in (4, 5, 5, 20)]
    dtype = draw(st.sampled_from(["float32", "float64"]))
    return random_maps(*sizes, seed=draw(st.integers(0, 999)), dtype=dtype)


def build_open(layer, channels):
    """Build for a batch of any number and size."""
    first = layer.data_format == "channels_first"
    layer.build((None, channels, None, None) if first else (None, None, None, channels))


def compare(layer, maps, expected):
    """Compare a layer's gates and output with the steps' traces, one for each picture."""
    order = (0, 3, 1, 2) if layer.data_format == "channels_first" else (0, 1, 2, 3)
    inputs = maps.transpose(order)
    atol = TOLERANCE[maps.dtype.name]
    for trace, gates in zip(expected, to_numpy(layer.gates(inputs)), strict=True):
        np.testing.assert_allclose(gates, trace.gates, atol=atol)
    scaled = np.stack([trace.scaled for trace in expected]).transpose(order)
    outputs = to_numpy(layer(inputs))
    np.testing.assert_allclose(outputs, scaled, atol=atol)
    assert outputs.dtype == maps.dtype
