"""SE as real networks have it: the blocks inside `keras.applications`, beside ours."""

import keras
import numpy as np
import pytest

from attention_lib.layers import SqueezeExcite
from attention_lib.steps import efficientnet_width, mobilenet_v3_width
from tests.layers.tools import randomise, to_numpy

EFFICIENTNET_B0 = [8, 4, 6, 6, 10, 10, *[20] * 3, *[28] * 3, *[48] * 4]
MOBILENET_V3_SMALL = [8, 24, 64, 64, 32, 40, 72, 144, 144]
MOBILENET_V3_LARGE = [24, 32, 32, 120, 168, 168, 240, 240]


def efficientnet_blocks(model):
    """Of each SE block: its input, reduce, expand and output, and the block's input channels."""
    for reduce in model.layers:
        if not reduce.name.endswith("se_reduce"):
            continue
        name = reduce.name.removesuffix("se_reduce")
        expand, excite = (model.get_layer(name + part) for part in ("se_expand", "se_excite"))
        squeeze = model.get_layer(name + "se_squeeze")
        # The first block of the network expands nothing.
        enters = [layer.input for layer in model.layers if layer.name == name + "expand_conv"]
        enters = enters or [model.get_layer(name + "dwconv").input]
        yield squeeze.input, reduce, expand, excite.output, enters[0].shape[-1]


def mobilenet_blocks(model):
    """Of each SE block: its input, reduce, expand and output."""
    for reduce in model.layers:
        if not reduce.name.endswith("squeeze_excite_conv"):
            continue
        name = reduce.name.removesuffix("conv")
        expand = model.get_layer(name + "conv_1")
        squeeze, excite = (model.get_layer(name + part) for part in ("avg_pool", "mul"))
        yield squeeze.input, reduce, expand, excite.output


def check_that_ours_gives_theirs(model, blocks, layers):
    """Load ours with each block's weights, and compare on what the block is given in the model."""
    rng = np.random.default_rng(0)
    image = rng.uniform(0, 255, (2, *model.input_shape[1:])).astype("float32")
    maps = keras.Model(model.input, [[block[0], block[3]] for block in blocks])(image)
    for (_, reduce, expand, *_), layer, (given, theirs) in zip(blocks, layers, maps, strict=True):
        layer.build(given.shape)
        for ours, their in ((layer.reduce, reduce), (layer.expand, expand)):
            kernel, bias = their.get_weights()
            ours.set_weights([kernel[0, 0], bias])  # a convolution of 1 x 1 is a dense layer
        outputs = to_numpy(layer(given))
        gates = to_numpy(layer.gates(given))
        assert gates.std() > 0.01  # so that there is something to compare
        np.testing.assert_allclose(outputs, to_numpy(theirs), rtol=1e-4, atol=1e-5)


def shake(model):
    """Random weights as Keras draws them, but biases that are not zero, and loud SE."""
    keras.utils.set_random_seed(0)
    for layer in model.layers:
        if "se_reduce" in layer.name or "se_expand" in layer.name or "squeeze_excite" in layer.name:
            randomise(layer, spread=0.5)


@pytest.mark.parametrize("name", ["EfficientNetB0", "EfficientNetV2B0"])
def test_ours_gives_what_efficientnets_blocks_give(name):
    model = getattr(keras.applications, name)(weights=None, input_shape=(64, 64, 3))
    shake(model)
    blocks = [*efficientnet_blocks(model)]
    widths = [efficientnet_width(inputs) for *_, inputs in blocks]
    assert widths == [reduce.filters for _, reduce, *_ in blocks]
    if name == "EfficientNetB0":
        assert widths == EFFICIENTNET_B0
    layers = [SqueezeExcite(activation="swish", width=width) for width in widths]
    check_that_ours_gives_theirs(model, blocks, layers)


@pytest.mark.parametrize(
    ("name", "widths"),
    [("MobileNetV3Small", MOBILENET_V3_SMALL), ("MobileNetV3Large", MOBILENET_V3_LARGE)],
)
def test_ours_gives_what_mobilenets_blocks_give(name, widths):
    model = getattr(keras.applications, name)(weights=None, input_shape=(64, 64, 3))
    shake(model)
    blocks = [*mobilenet_blocks(model)]
    assert [mobilenet_v3_width(given.shape[-1]) for given, *_ in blocks] == widths
    assert [reduce.filters for _, reduce, *_ in blocks] == widths
    layers = [SqueezeExcite(gate="hard_sigmoid", width=width) for width in widths]
    check_that_ours_gives_theirs(model, blocks, layers)
