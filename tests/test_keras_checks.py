"""The checks of notebook 04, fed with right answers and with wrong ones."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib import keras_checks
from attention_lib.layers import EfficientChannelAttention, SqueezeExcite, se_block


def block(
    inputs,
    reduction=4,
    *,
    pool=layers.GlobalAveragePooling2D,
    hidden=None,
    activation="relu",
    gate="sigmoid",
    use_bias=True,
    join=ops.multiply,
):
    """An SE block, right unless an argument says otherwise."""
    channels = inputs.shape[-1]
    x = pool(keepdims=True)(inputs)
    width = channels // reduction if hidden is None else hidden(channels, reduction)
    x = layers.Dense(width, activation=activation, use_bias=use_bias)(x)
    x = layers.Dense(channels, activation=gate, use_bias=use_bias)(x)
    return join(inputs, x)


def with_convolutions(inputs, reduction=4):
    channels = inputs.shape[-1]
    x = ops.mean(inputs, axis=(1, 2), keepdims=True)
    x = ops.relu(layers.Conv2D(channels // reduction, 1)(x))
    return inputs * ops.sigmoid(layers.Conv2D(channels, 1)(x))


def without_keepdims(inputs, reduction=4):
    channels = inputs.shape[-1]
    x = layers.GlobalAveragePooling2D()(inputs)
    x = layers.Dense(channels // reduction, activation="relu")(x)
    return layers.Multiply()([inputs, layers.Dense(channels, activation="sigmoid")(x)])


def other(**changes):
    return lambda inputs, reduction=4: block(inputs, reduction, **changes)


@pytest.mark.parametrize(
    "right",
    [
        block,
        with_convolutions,
        without_keepdims,
        se_block,
        lambda inputs, reduction: SqueezeExcite(reduction)(inputs),
    ],
    ids=["dense", "convolutions", "without keepdims", "library", "layer"],
)
def test_a_right_block_passes_however_it_is_written(right):
    verdict = keras_checks.se_block(right)
    assert verdict.passed, verdict
    assert "318 parameters" in verdict.message


def stub(inputs, reduction=4):
    """To be filled in."""
    ...


def with_tensorflow(inputs, reduction=4):
    x = layers.Dense(inputs.shape[-1] // reduction)(inputs)
    return tf.nn.relu(x)


def elsewhere(inputs, reduction=4):
    return block(keras.Input(inputs.shape[1:]), reduction)


def from_fixed(reduction_for_all):
    return other(hidden=lambda channels, reduction: max(channels // reduction_for_all, 1))


WRONG_BLOCKS = [
    (stub, "Nothing is returned yet"),
    (block(keras.Input((2, 2, 8))), "wants the function itself, and this is a KerasTensor"),
    (with_tensorflow, "a symbolic tensor in the line `return tf.nn.relu(x)`"),
    (lambda inputs: inputs, "Your function stopped with TypeError"),
    (lambda inputs, r: layers.Dense(inputs.shape[-1] / r)(inputs), "Your function stopped with"),
    (lambda inputs, r: layers.Multiply(), "returns a layer, Multiply, and not yet what it makes"),
    (lambda inputs, r: np.ones(3), "something of type ndarray"),
    (lambda inputs, r: inputs, "come back as they went in"),
    (lambda inputs, r: layers.GlobalAveragePooling2D()(inputs), "these are the gates"),
    (other(join=lambda inputs, gates: gates), r"of shape (None, 1, 1, 24): these are the gates"),
    (lambda inputs, r: layers.MaxPooling2D()(inputs), "Yours come out as (None, 2, 2, 24)"),
    (elsewhere, "is not made out of `inputs`"),
    (lambda inputs, r: ops.sigmoid(inputs) * inputs, "There is no layer with weights"),
    (lambda inputs, r: layers.Dense(inputs.shape[-1])(inputs), "There is one layer with weights"),
    (lambda inputs, r: EfficientChannelAttention()(inputs), "There is one layer with weights"),
    (other(use_bias=False), "has 288 parameters. The article's has 288 + 30 = 318"),
    (other(hidden=lambda channels, r: r), "The bottleneck has r units"),
    (other(hidden=lambda channels, r: channels), "There is no bottleneck"),
    (from_fixed(4), "You divided by 4 whatever `reduction` is"),
    (from_fixed(8), "= 6 units, and the second 24. Yours have 3 and 24."),
    (other(activation=None), "There is no ReLU"),
    (other(activation="swish"), "EfficientNet's choice"),
    (other(gate=None), "The sigmoid after the second Dense layer is missing"),
    (other(gate="relu"), "After the second Dense layer stands ReLU"),
    (other(gate="tanh"), "stands tanh"),
    (other(gate="hard_sigmoid"), "MobileNetV3's choice"),
    (other(gate="softmax"), "that is softmax"),
    (other(join=ops.add), "You added the gates"),
    (other(join=lambda inputs, gates: inputs + inputs * gates), "belongs to a residual unit"),
    (other(join=lambda inputs, gates: inputs * gates[:, 0, 0]), "landed on a *column*"),
    (
        other(join=lambda inputs, gates: inputs * gates[:, 0]),
        "it stopped: InvalidArgumentError: Incompatible shapes",
    ),
    (other(pool=layers.GlobalMaxPooling2D), "You squeezed with the maximum"),
    (other(gate="silu"), "and its gate is"),
]


@pytest.mark.parametrize(("wrong", "reply"), WRONG_BLOCKS, ids=[reply for _, reply in WRONG_BLOCKS])
def test_a_wrong_block_is_told_what_is_wrong(wrong, reply):
    verdict = keras_checks.se_block(wrong)
    assert not verdict.passed
    assert reply in verdict.message


def test_the_reply_to_a_wrong_number_has_its_numbers():
    message = keras_checks.se_block(other(gate="tanh")).message
    assert (
        "With 24 channels and 6 hidden units, picture 0, row 0, column 0, channel 0 holds"
        in message
    )
    assert "The answer is" in message


def right_unit(inputs, branch, attention):
    return inputs + attention(branch(inputs))


def with_a_layer(inputs, branch, attention):
    return layers.Add()([attention(branch(inputs)), inputs])


@pytest.mark.parametrize("right", [right_unit, with_a_layer])
def test_a_right_unit_passes(right):
    verdict = keras_checks.residual_unit(right)
    assert verdict.passed, verdict


WRONG_UNITS = [
    (lambda x, f, a: None, "Nothing is returned yet"),
    (lambda x, f: x, "Your function stopped with TypeError"),
    (lambda x, f, a: x + a(f), "Your function stopped with ValueError: Attempt to convert a value"),
    (lambda x, f, a: a(x + f(x)), "also halves the skip"),
    (lambda x, f, a: a(x) + a(f(x)), "also halves the skip"),
    (lambda x, f, a: a(f(x)), "The skip is missing"),
    (lambda x, f, a: a(x) + f(x), "The attention stands on the skip"),
    (lambda x, f, a: x + f(a(x)), "stands before the branch"),
    (lambda x, f, a: x + f(x), "without passing through the attention"),
    (lambda x, f, a: x + a(x), "The branch is missing"),
    (lambda x, f, a: x * a(f(x)), "A residual unit adds"),
    (lambda x, f, a: f(x) + a(f(x)), "What is added is `inputs`"),
    (lambda x, f, a: x, "come back as they went in"),
    (lambda x, f, a: x + a(f(x)) + 1, "Where `inputs` holds"),
    (lambda x, f, a: a, "something of type Rescaling"),
    (lambda x, f, a: ops.mean(x), "should have it too. Yours has ()"),
]


@pytest.mark.parametrize(("wrong", "reply"), WRONG_UNITS, ids=[reply for _, reply in WRONG_UNITS])
def test_a_wrong_unit_is_told_what_is_wrong(wrong, reply):
    verdict = keras_checks.residual_unit(wrong)
    assert not verdict.passed
    assert reply in verdict.message


def test_the_units_reply_calculates_with_the_number_it_names():
    value = keras_checks.UNIT_INPUTS[0, 0, 0, 0]
    message = keras_checks.residual_unit(lambda x, f, a: x + f(x)).message
    assert f"holds {value:.0f}, the branch gives {10 * value + 1:.0f}" in message
    assert f"The answer is {value + (10 * value + 1) / 2:.4g}" in message
