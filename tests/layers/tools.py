"""What the tests of every layer use."""

import keras
import numpy as np
import pytest
from hypothesis import strategies as st

from attention_lib.layers import (
    CBAM,
    ChannelAttention,
    EfficientChannelAttention,
    SpatialAttention,
    SqueezeExcite,
)

TOLERANCE = {"float32": 2e-5, "float64": 1e-12}

MAKERS = {
    "se": lambda **kw: SqueezeExcite(4, **kw),
    "eca": EfficientChannelAttention,
    "channel": lambda **kw: ChannelAttention(4, **kw),
    "channel_unshared": lambda **kw: ChannelAttention(4, shared=False, **kw),
    "spatial": lambda **kw: SpatialAttention(3, **kw),
    "spatial_plain": lambda **kw: SpatialAttention(3, batch_norm=False, use_bias=True, **kw),
    "cbam": lambda **kw: CBAM(4, 3, **kw),
    "cbam_reversed": lambda **kw: CBAM(4, 3, "spatial_channel", **kw),
    "cbam_parallel": lambda **kw: CBAM(4, 3, "parallel", **kw),
}
every = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)

# Keras saves a variable by `np.array(variable)`, and TensorFlow's variables do not know `copy` yet
saves = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
    ":DeprecationWarning:keras.src.backend.tensorflow.core"
)


def to_numpy(x):
    return keras.ops.convert_to_numpy(x)


def randomise(layer, seed=0, spread=1.0):
    """Give every weight of a built layer a random value, biases too; variances stay above 0."""
    rng = np.random.default_rng(seed)
    values = [rng.normal(0, spread, weight.shape) for weight in layer.weights]
    layer.set_weights(
        [
            np.abs(value) if weight.name == "moving_variance" else value
            for value, weight in zip(values, layer.weights, strict=True)
        ]
    )
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


def in_format_of(layer, maps):
    """Maps with channels last, as the layer wants them."""
    return maps.transpose(0, 3, 1, 2) if layer.data_format == "channels_first" else maps


def whole_gates(gates):
    """Gates of channels, of places, or both, as one array that scales maps with channels last."""
    channel, spatial = 1, 1
    for half in gates if isinstance(gates, tuple) else (gates,):
        if len(half.shape) == 2:
            channel = to_numpy(half)[:, None, None]
        else:
            spatial = to_numpy(half)[..., None]
    return channel * spatial


def compare(layer, maps, expected):
    """Compare a layer's gates and output with the steps' traces, one for each picture."""
    inputs = in_format_of(layer, maps)
    atol = TOLERANCE[maps.dtype.name]
    gates = layer.gates(inputs)
    for half in gates._fields if isinstance(gates, tuple) else (None,):
        found = to_numpy(getattr(gates, half) if half else gates)
        for trace, of_picture in zip(expected, found, strict=True):
            trace = getattr(trace, half) if half else trace
            np.testing.assert_allclose(of_picture, trace.gates, atol=atol)
    outputs = to_numpy(layer(inputs))
    scaled = np.stack([trace.scaled for trace in expected])
    np.testing.assert_allclose(outputs, in_format_of(layer, scaled), atol=atol)
    assert outputs.dtype == maps.dtype
