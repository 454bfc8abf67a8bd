"""Check for notebook 06: CBAM out of Keras' layers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from attention_lib import steps
from attention_lib._keras import keras
from attention_lib.course.checks import Verdict
from attention_lib.course.checks._attempt import not_a_function
from attention_lib.course.checks._examine import Mistake, exercise, not_yet, number
from attention_lib.course.keras_checks._block import call, compare, model_of, not_maps, run
from attention_lib.language import say
from attention_lib.steps import SEWeights
from attention_lib.steps.cbam import CBAMWeights, SpatialWeights

BLOCKS = ((8, 4, 3), (6, 3, 5), (12, 2, 7))  # channels, r, k
BATCH = np.random.default_rng(1).normal(0.3, 1, (4, 6, 4, 12)).astype("float32")


def _block(batch: np.ndarray, weights: CBAMWeights, **otherwise: Any) -> np.ndarray:
    """CBAM in NumPy, of a batch; right unless an argument says otherwise."""
    return np.stack([steps.cbam_forward(maps, weights, **otherwise).scaled for maps in batch])


def _by_parts(
    what: Callable = steps.channel_attention, where: Callable = steps.spatial_attention
) -> Callable[[np.ndarray, CBAMWeights], np.ndarray]:
    """CBAM with one half replaced by another."""

    def block(batch: np.ndarray, weights: CBAMWeights) -> np.ndarray:
        scaled = [what(maps, weights.channel).scaled for maps in batch]
        return np.stack([where(maps, weights.spatial).scaled for maps in scaled])

    return block


def _as_it_is(logits: np.ndarray) -> np.ndarray:
    return logits


BLOCK_MISTAKES = (
    Mistake(
        partial(_block, channel_pooling=("average",)),
        say(
            "The channel gates depend on the means alone. The maxima go through the same two Dense "
            "layers, and the two results are added."
        ),
    ),
    Mistake(
        partial(_block, channel_pooling=("max",)),
        say(
            "The channel gates depend on the maxima alone. The means go through the same two Dense "
            "layers, and the two results are added."
        ),
    ),
    Mistake(
        partial(_block, order="spatial_channel"),
        say("Spatial attention comes first here. CBAM gates the channels, then the places."),
    ),
    Mistake(
        partial(_block, order="parallel"),
        say(
            "Spatial attention works on `inputs`. It should work on the maps after their channels "
            "have been scaled."
        ),
    ),
    Mistake(
        partial(_block, spatial_pooling=("average", "max")),
        say(
            "The two maps of spatial attention have changed places: the maximum comes first. The "
            "shapes agree, so that trained weights would load, and go wrong without an error."
        ),
    ),
    Mistake(
        partial(_block, activation=_as_it_is),
        say("There is no ReLU between the two Dense layers. Give the first `activation='relu'`."),
    ),
    Mistake(
        _by_parts(what=partial(steps.channel_attention, gate=_as_it_is)),
        say("The channel gates have no sigmoid. It comes once, after the two results are added."),
    ),
    Mistake(
        _by_parts(where=partial(steps.spatial_attention, gate=_as_it_is)),
        say("The gates of the places have no sigmoid. A real repository forgot it, too."),
    ),
    Mistake(
        partial(_block, gate=_as_it_is),
        say("Neither half has a sigmoid, so that a gate can be any number."),
    ),
    Mistake(
        lambda batch, weights: batch + _block(batch, weights),
        say(
            "You added the maps that came in. That addition belongs to a residual unit, around the "
            "block, not in it."
        ),
    ),
)


@exercise
def cbam_block(yours: Callable) -> Verdict:
    """Check CBAM written with Keras' layers, without batch normalisation, against the NumPy steps.

    Args:
        yours: a function of symbolic `inputs` (batch, H, W, C), `reduction` and `kernel_size`
            that returns symbolic maps of the same shape.
    """
    if reply := not_a_function(yours, "keras_checks.cbam_block(my_cbam)"):
        return Verdict(False, reply)
    for channels, reduction, kernel_size in BLOCKS:
        inputs = keras.Input((*BATCH.shape[1:3], channels))
        given = {"inputs": inputs, "reduction": reduction, "kernel_size": kernel_size}
        answer, reply, printed = call(yours, given)
        reply = (
            reply or not_maps(answer, inputs) or _differs(inputs, answer, reduction, kernel_size)
        )
        if reply:
            return not_yet(reply, printed)
    return Verdict(
        True,
        say(
            "With the same weights your block computes what the NumPy steps compute, for kernels "
            "of 3, 5 and 7: channels first, then places."
        ),
    )


def _differs(
    inputs: keras.KerasTensor, answer: keras.KerasTensor, reduction: int, kernel_size: int
) -> str:
    """Words for a block with other weights, or another result, than CBAM has, else ""."""
    model, reply = model_of(inputs, answer)
    if reply:
        return reply
    channels = inputs.shape[-1]
    hidden = steps.hidden_width(channels, reduction)
    shapes = (channels, hidden), (hidden,), (hidden, channels), (channels,)
    rng = np.random.default_rng(2)
    mlp = SEWeights(*(rng.normal(size=shape).astype("float32") for shape in shapes))
    kernel = rng.normal(size=(kernel_size, kernel_size, 2)).astype("float32") / kernel_size
    reply = _other_weights(model, mlp, kernel)
    if reply:
        return reply
    at = _place_of_kernel(model, kernel)
    values = [*mlp]
    values.insert(at, kernel)
    model.set_weights([v.reshape(w.shape) for v, w in zip(values, model.weights, strict=True)])
    batch = BATCH[..., :channels]
    got, reply = run(model, batch)
    if reply:
        return reply
    weights = CBAMWeights(mlp, SpatialWeights(kernel))

    def example(index: tuple[int, ...]) -> str:
        picture, row, column, channel = index
        trace = steps.cbam_forward(batch[picture], weights)
        return say(
            "With {channels} channels, {hidden} hidden units and k = {kernel_size}, picture "
            "{picture}, row {row}, column {column}, channel {channel} holds {value}. The gate of "
            "the channel is {channel_gate}, that of the place {place_gate}.",
            channels=channels,
            hidden=hidden,
            kernel_size=kernel_size,
            picture=picture,
            row=row,
            column=column,
            channel=channel,
            value=number(batch[index]),
            channel_gate=number(trace.channel.gates[channel]),
            place_gate=number(trace.spatial.gates[row, column]),
        )

    return compare(got, _block(batch, weights), BLOCK_MISTAKES, (batch, weights), example)


def _place_of_kernel(model: keras.Model, kernel: np.ndarray) -> int:
    """Where among the model's weights the spatial kernel is, or -1."""
    shapes = [tuple(weight.shape) for weight in model.weights]
    shape = (*kernel.shape, 1)
    return shapes.index(shape) if shape in shapes else -1


def _other_weights(model: keras.Model, mlp: SEWeights, kernel: np.ndarray) -> str:
    """Words for weights that are not two Dense layers and one convolution, else ""."""
    sizes = [int(np.prod(weight.shape)) for weight in model.weights]
    at = _place_of_kernel(model, kernel)
    wanted = [part.size for part in mlp]
    if at >= 0:
        del sizes[at]
    if at >= 0 and sizes == wanted:
        return ""
    k, _, planes = kernel.shape
    channels, hidden = mlp.reduce.shape
    if sorted(sizes) == sorted(wanted * 2):
        return say(
            "There are two pairs of Dense layers, one for the means and one for the maxima. CBAM "
            "has one pair for both: make the two layers once, and call each of them twice."
        )
    if not model.weights:
        return say("There is no layer with weights in your block. There are three.")
    if at < 0:
        return _no_kernel(model, k, planes)
    if sizes == [*wanted, 1]:
        return say("The convolution has a bias, and ours has none here: `use_bias=False`.")
    if sizes == [mlp.reduce.size, mlp.expand.size]:
        return say("The two Dense layers have no biases here, and they should keep them.")
    widths = [weight.shape[-1] for weight in model.weights if len(weight.shape) == 2]
    yours = say(" and ").join(map(str, widths)) or say("none")
    return say(
        "With {channels} channels and a reduction of {reduction} there are two Dense layers, of "
        "{hidden} units and of {channels}. Yours have {yours}.",
        channels=channels,
        reduction=channels // hidden,
        hidden=hidden,
        yours=yours,
    )


def _no_kernel(model: keras.Model, k: int, planes: int) -> str:
    """Words for a block whose spatial attention has another kernel, or none."""
    found = [tuple(w.shape) for w in model.weights if len(w.shape) == 4 and w.shape[0] > 1]
    here = say("The spatial kernel should have the shape {shape}", shape=(k, k, planes, 1))
    if not found:
        return say(
            "{here}, and there is no such kernel: the second half of CBAM is still missing.",
            here=here,
        )
    height, _, seen, filters = found[0]
    if height != k:
        return say(
            "{here}, and yours has {yours}. `kernel_size` comes as an argument: use it.",
            here=here,
            yours=found[0],
        )
    if filters != 1:
        return say(
            "{here}, and yours has {yours}: a map of places for each channel. CBAM has one for all "
            "channels.",
            here=here,
            yours=found[0],
        )
    if seen == 1:
        return say(
            "{here}, and yours has {yours}: it sees one map. There are two.",
            here=here,
            yours=found[0],
        )
    return say(
        "{here}, and yours has {yours}: it sees all channels. It should see two maps only, the "
        "maximum and the mean over the channels.",
        here=here,
        yours=found[0],
    )
