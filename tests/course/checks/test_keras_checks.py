"""The Keras checks, fed with right answers and with wrong ones, and the words for each."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib.course import keras_checks
from attention_lib.course.keras_checks import _block, _se
from attention_lib.layers import (
    ChannelAttention,
    EfficientChannelAttention,
    SqueezeExcite,
    se_block,
)


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


def flattened(inputs, reduction=4):
    x = layers.Dense(inputs.shape[-1] // reduction, activation="relu")(layers.Flatten()(inputs))
    return inputs * layers.Dense(inputs.shape[-1], activation="sigmoid")(x)[:, None, None]


def other(**changes):
    return lambda inputs, reduction=4: block(inputs, reduction, **changes)


RIGHT_BLOCKS = [
    block,
    with_convolutions,
    without_keepdims,
    se_block,
    lambda inputs, reduction: SqueezeExcite(reduction)(inputs),
]


def stub(inputs, reduction=4):
    """To be filled in."""
    ...


def with_tensorflow(inputs, reduction=4):
    x = layers.Dense(inputs.shape[-1] // reduction)(inputs)
    return tf.nn.relu(x)


def elsewhere(inputs, reduction=4):
    return block(keras.Input(inputs.shape[1:]), reduction)


def of_24_channels(inputs, reduction=4):
    x = layers.GlobalAveragePooling2D(keepdims=True)(inputs)
    x = layers.Dense(24 // reduction, activation="relu")(x)
    return layers.Multiply()([inputs, layers.Dense(24, activation="sigmoid")(x)])


def from_fixed(reduction_for_all):
    return other(hidden=lambda channels, reduction: max(channels // reduction_for_all, 1))


WRONG_BLOCKS = [
    (stub, "Nothing is returned yet"),
    (block(keras.Input((2, 2, 8))), "wants the function itself, and this is something of type"),
    (with_tensorflow, "a symbolic tensor in the line `return tf.nn.relu(x)`"),
    (lambda inputs: inputs, "takes `inputs`, and the check gives it `inputs`, `reduction`"),
    (lambda inputs, r: layers.Dense(inputs.shape[-1] / r)(inputs), "`//` gives an integer"),
    (lambda inputs, r: layers.Dense(2)(layers.Dense(6)), "called with a second, as in `Dense(6)"),
    (lambda inputs, r: layers.Multiply()(inputs, inputs), "in a list: `Multiply()([a, b])`"),
    (lambda inputs, r: layers.Multiply([inputs, inputs]), "are made with empty brackets"),
    (lambda inputs, r: layers.Multiply(), "returns a layer, Multiply, and not yet what it makes"),
    (lambda inputs, r: np.ones(3), "something of type `ndarray`"),
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
    (of_24_channels, "Received shapes (5, 4, 6) and (1, 1, 24)"),
    (of_24_channels, "With 24 channels and a reduction of 4 your block is right."),
    (from_fixed(8), "= 6 units, and the second 24. Yours have 3 and 24."),
    (flattened, "(24, 6) and (6, 24). Yours have (480, 6) and (6, 24)."),
    (other(activation=None), "There is no ReLU"),
    (other(activation=None, gate=None), "Neither Dense layer has a curve"),
    (other(activation="sigmoid"), "A sigmoid follows the first Dense layer too"),
    (other(activation="sigmoid", gate="relu"), "The two curves stand the wrong way round"),
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


def right_unit(inputs, branch, attention):
    return inputs + attention(branch(inputs))


def with_a_layer(inputs, branch, attention):
    return layers.Add()([attention(branch(inputs)), inputs])


WRONG_UNITS = [
    (lambda x, f, a: None, "Nothing is returned yet"),
    (lambda x, f: x, "takes `x`, `f`, and the check gives it `inputs`"),
    (lambda x, f, a: x + a(f), "been made already: `branch(x)`"),
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


def eca(
    *,
    pool=lambda x: ops.mean(x, (1, 2)),
    strip=lambda z: z[..., None],
    gate=ops.sigmoid,
    join=lambda x, gates: x * gates[:, None, None, :, 0],
    slide=None,
    settings=True,
):
    """A class of ECA layers, right unless an argument says otherwise."""

    class ECA(layers.Layer):
        def __init__(self, kernel_size=3, **named):
            super().__init__(**named)
            make = slide or (lambda k: layers.Conv1D(1, k, padding="same", use_bias=False))
            self.slide = make(kernel_size)

        def call(self, inputs):
            return join(inputs, gate(self.slide(strip(pool(inputs)))))

    class Forgetful(ECA):
        def get_config(self):
            return {}

    return ECA if settings else Forgetful


def of_size(kernel_size):
    return EfficientChannelAttention(kernel_size=kernel_size)


class Stub(layers.Layer):
    def __init__(self, kernel_size=3, **named):
        super().__init__(**named)

    def call(self, inputs): ...


class NoKernel(Stub):
    def call(self, inputs):
        return inputs * ops.sigmoid(ops.mean(inputs, (1, 2), keepdims=True))


class NotForSymbols(eca()):
    def call(self, inputs):
        return super().call(inputs) + 0 * inputs.numpy()


def flat(inputs, gates):
    return inputs * gates[..., 0]


def across(z):
    return z[:, None]  # (batch, 1, C)


WRONG_LAYERS = [
    (Stub, "Nothing is returned yet"),
    (eca()(), "This is one layer. The check wants the class"),
    (np.ones(3), "wants the function itself"),
    (lambda: 0, "takes no arguments, and the check gives it `kernel_size`"),
    (lambda kernel_size: kernel_size, "and no layer. Let the first line be"),
    (NoKernel, "and yours has none. Either the kernel is not used"),
    (NotForSymbols, "given symbols, with a shape and no numbers, and there it fails, in the line"),
    (eca(settings=False), "a saved model could not be loaded"),
    (eca(gate=lambda x: x), "The sigmoid is missing"),
    (eca(gate=ops.relu), "After the kernel stands ReLU"),
    (eca(gate=lambda x: ops.sigmoid(ops.relu(x))), "There is a ReLU before the sigmoid"),
    (eca(gate=lambda x: ops.sigmoid(ops.sigmoid(x))), "The sigmoid is applied twice"),
    (eca(gate=lambda x: ops.softmax(x, 1)), "that is softmax"),
    (eca(gate=ops.tanh), "there is tanh"),
    (eca(pool=lambda x: ops.max(x, (1, 2))), "You squeezed with the maximum"),
    (eca(pool=lambda x: ops.sum(x, (1, 2))), "You squeezed with the sum"),
    (eca(join=lambda x, s: x + s[:, None, None, :, 0]), "You added the gates"),
    (eca(join=lambda x, s: x + x * s[:, None, None, :, 0]), "That addition belongs to a residual"),
    (eca(join=flat), "landed on a *column*"),
    (eca(join=lambda x, s: s[..., 0]), "numbers a picture, of shape (4, 8): these are the gates"),
    (eca(join=lambda x, s: x + 0 * s[:, None, None, :, 0]), "come back as they went in"),
    (eca(join=lambda x, s: x[:, 0]), "Yours come out as (4, 4, 8)"),
    (eca(join=lambda x, s: "maps"), "something of type `str`, and maps are wanted"),
    (eca(strip=across, join=lambda x, s: x * s[:, None]), "takes the channels as features"),
    (
        eca(slide=lambda k: layers.Conv1D(1, k, padding="same")),
        "and yours has a bias, too",
    ),
    (
        eca(slide=lambda k: layers.Conv1D(1, 3, padding="same", use_bias=False)),
        "and yours has 3, whatever `kernel_size` is",
    ),
    (
        eca(
            slide=lambda k: layers.Dense(8),
            strip=lambda z: z,
            join=lambda x, s: x * s[:, None, None],
        ),
        "a Dense layer uses all channels",
    ),
    (eca(slide=lambda k: layers.Conv1D(1, k, use_bias=False)), "Which shape does that step want"),
    (eca(gate=lambda x: ops.sigmoid(2 * x)), "and its gate is"),
]


def cbam(
    inputs,
    reduction=4,
    kernel_size=7,
    *,
    pools=(layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D),
    shared=True,
    activation="relu",
    gate=ops.sigmoid,
    look=lambda inputs, x: x,
    maps=(ops.max, ops.mean),
    where="sigmoid",
    use_bias=False,
    dense_bias=True,
    size=lambda k: k,
    filters=1,
    join=lambda inputs, x: x,
):
    """CBAM, right unless an argument says otherwise."""
    channels = inputs.shape[-1]

    def mlp():
        first = layers.Dense(channels // reduction, activation=activation, use_bias=dense_bias)
        second = layers.Dense(channels, use_bias=dense_bias)
        return lambda z: second(first(z))

    one = mlp()
    answers = [(one if shared else mlp())(pool(keepdims=True)(inputs)) for pool in pools]
    x = inputs * gate(sum(answers[1:], answers[0]))
    seen = ops.concatenate([f(look(inputs, x), -1, keepdims=True) for f in maps], -1)
    lamp = layers.Conv2D(
        filters, size(kernel_size), padding="same", use_bias=use_bias, activation=where
    )
    return join(inputs, x * lamp(seen))


def other_cbam(**changes):
    return lambda inputs, reduction, kernel_size: cbam(inputs, reduction, kernel_size, **changes)


def swapped(inputs, reduction, kernel_size):
    maps = [f(inputs, -1, keepdims=True) for f in (ops.max, ops.mean)]
    lamp = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    x = inputs * lamp(ops.concatenate(maps, -1))
    first = layers.Dense(inputs.shape[-1] // reduction, activation="relu")
    second = layers.Dense(inputs.shape[-1])
    return x * ops.sigmoid(sum(second(first(f(x, (1, 2), keepdims=True))) for f in FIRST_HALF))


FIRST_HALF = (ops.mean, ops.max)


def half_of_it(inputs, reduction, kernel_size):
    return block(inputs, reduction)


def all_channels(inputs, reduction, kernel_size):
    x = block(inputs, reduction)
    lamp = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    return x * lamp(x)


def library(inputs, reduction, kernel_size):
    x = ChannelAttention(reduction)(inputs)
    seen = ops.stack([ops.max(x, -1), ops.mean(x, -1)], -1)
    return x * ops.sigmoid(layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(seen))


WRONG_CBAMS = [
    (lambda inputs, reduction, kernel_size: ..., "Nothing is returned yet"),
    (lambda inputs: inputs, "takes `inputs`, and the check gives it `inputs`, `reduction`"),
    (lambda x, r, k: x, "come back as they went in"),
    (lambda x, r, k: x * ops.sigmoid(x), "There is no layer with weights"),
    (half_of_it, "the second half of CBAM is still missing"),
    (all_channels, "it sees all channels"),
    (swapped, "Spatial attention comes first here"),
    (other_cbam(pools=(layers.GlobalAveragePooling2D,)), "depend on the means alone"),
    (other_cbam(pools=(layers.GlobalMaxPooling2D,)), "depend on the maxima alone"),
    (other_cbam(shared=False), "two pairs of Dense layers"),
    (other_cbam(activation=None), "There is no ReLU"),
    (other_cbam(gate=lambda x: x), "The channel gates have no sigmoid"),
    (other_cbam(where=None), "The gates of the places have no sigmoid"),
    (other_cbam(where=None, gate=lambda x: x), "Neither half has a sigmoid"),
    (other_cbam(look=lambda inputs, x: inputs), "Spatial attention works on `inputs`"),
    (other_cbam(maps=(ops.mean, ops.max)), "have changed places"),
    (other_cbam(maps=(ops.mean,)), "it sees one map. There are two"),
    (other_cbam(use_bias=True), "The convolution has a bias"),
    (other_cbam(dense_bias=False), "The two Dense layers have no biases"),
    (other_cbam(size=lambda k: 7), "`kernel_size` comes as an argument"),
    (
        lambda x, r, k: cbam(x, r, k, filters=x.shape[-1]),
        "a map of places for each channel",
    ),
    (
        lambda x, r, k: cbam(x, 1, k),
        "two Dense layers, of 2 units and of 8. Yours have 8",
    ),
    (other_cbam(join=lambda inputs, x: inputs + x), "belongs to a residual unit"),
    (other_cbam(join=lambda inputs, x: 2 * x), "that of the place"),
]

TABLE = {
    keras_checks.se_block: (RIGHT_BLOCKS, WRONG_BLOCKS),
    keras_checks.residual_unit: ([right_unit, with_a_layer], WRONG_UNITS),
    keras_checks.eca_layer: ([eca(), of_size], WRONG_LAYERS),
    keras_checks.cbam_block: ([cbam, library], WRONG_CBAMS),
}
RIGHT = [(check, right) for check, (rights, _) in TABLE.items() for right in rights]
WRONG = [(check, *row) for check, (_, wrongs) in TABLE.items() for row in wrongs]


def by_name(value):
    return value if isinstance(value, str) else getattr(value, "__name__", None)


def test_every_check_is_tried_with_five_wrong_answers_at_least():
    assert {check.__name__ for check in TABLE} == set(keras_checks.__all__)
    for _, wrongs in TABLE.values():
        assert len({reply for _, reply in wrongs}) > 5
        assert wrongs[0][1] == "Nothing is returned yet"


@pytest.mark.parametrize(("check", "right"), RIGHT, ids=by_name)
def test_a_right_answer_passes_however_it_is_written(check, right):
    verdict = check(right)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("check", "wrong", "reply"), WRONG, ids=by_name)
def test_a_wrong_answer_gets_the_words_meant_for_it(check, wrong, reply):
    verdict = check(wrong)
    assert not verdict.passed
    assert reply in verdict.message


def test_an_endless_loop_is_stopped(monkeypatch):
    monkeypatch.setattr(_block, "SECONDS", 0.2)

    def endless(inputs, branch, attention):
        while True:
            pass

    assert "still at work" in keras_checks.residual_unit(endless).message


def test_the_reply_to_a_wrong_number_has_its_numbers():
    message = keras_checks.se_block(other(gate="tanh")).message
    assert (
        "With 24 channels and 6 hidden units, picture 0, row 0, column 0, channel 0 holds"
        in message
    )
    assert "The answer is" in message


def test_the_units_reply_calculates_with_the_number_it_names():
    value = _se.UNIT_INPUTS[0, 0, 0, 0]
    message = keras_checks.residual_unit(lambda x, f, a: x + f(x)).message
    assert f"holds {value:.0f}, the branch gives {10 * value + 1:.0f}" in message
    assert f"The answer is {value + (10 * value + 1) / 2:.4g}" in message
