"""Check for notebook 05: an ECA layer of one's own."""

from collections.abc import Callable
from typing import Any

import numpy as np

from attention_lib import steps
from attention_lib._keras import keras
from attention_lib.course.checks import Verdict
from attention_lib.course.checks._attempt import not_a_function
from attention_lib.course.checks._examine import Mistake, exercise, not_yet, number
from attention_lib.course.keras_checks._block import call, compare, where_of
from attention_lib.language import say

SIZES = ((8, 3), (4, 3), (16, 5), (6, 1))  # channels, k
# As many pictures as columns: gates on the wrong axes then pass in silence.
BATCH = np.random.default_rng(5).normal(0.5, 1, (4, 5, 4, 16)).astype("float32")


def _layer(
    *,
    squeeze: Callable = steps.squeeze,
    gate: Callable = steps.sigmoid,
    join: Callable = np.multiply,
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """ECA in NumPy, of a batch and a kernel; right unless an argument says otherwise."""

    def layer(batch: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        traces = [steps.trace_interaction(squeeze(maps), kernel, gate=gate) for maps in batch]
        return join(batch, np.stack([trace.gates for trace in traces])[:, None, None])

    return layer


LAYER_MISTAKES = (
    Mistake(
        _layer(gate=lambda x: x),
        say("The sigmoid is missing, so that a gate can be any number, below zero too."),
    ),
    Mistake(
        _layer(gate=steps.relu),
        say(
            "After the kernel stands ReLU, so that a gate can be as large as it likes. Sigmoid "
            "keeps it between 0 and 1."
        ),
    ),
    Mistake(
        _layer(gate=lambda x: steps.sigmoid(steps.relu(x))),
        say("There is a ReLU before the sigmoid, so that no gate falls below 0.5. ECA has none."),
    ),
    Mistake(
        _layer(gate=lambda x: steps.sigmoid(steps.sigmoid(x))),
        say(
            "The sigmoid is applied twice. All gates then lie between 0.5 and 0.73: none can close."
        ),
    ),
    Mistake(
        _layer(gate=steps.softmax),
        say(
            "These gates sum to one: that is softmax, and channels would compete. Sigmoid lets all "
            "of them be open."
        ),
    ),
    Mistake(
        _layer(gate=np.tanh),
        say(
            "After the kernel there is tanh, so that a gate can be negative and turn its map over."
        ),
    ),
    Mistake(
        _layer(squeeze=steps.global_max_pool),
        say("You squeezed with the maximum. ECA takes the mean over height and width."),
    ),
    Mistake(
        _layer(squeeze=lambda maps: maps.sum((0, 1))),
        say("You squeezed with the sum. A larger picture would open other gates: take the mean."),
    ),
    Mistake(_layer(join=np.add), say("You added the gates to the maps. A gate multiplies.")),
    Mistake(
        _layer(join=lambda batch, gates: batch + batch * gates),
        say(
            "You added the maps that came in, so that a closed gate changes nothing. That addition "
            "belongs to a residual unit, around the layer, not in it."
        ),
    ),
    Mistake(
        _layer(join=lambda batch, gates: batch * gates[:, 0, 0]),
        say(
            "Your gates have the shape (batch, C) and the maps (batch, H, W, C). `*` lines up last "
            "axes, so each picture's gates landed on a *column* of every picture. The batch is as "
            "large as the maps are wide here, so there was no error. Give the gates two axes of "
            "length one."
        ),
    ),
    Mistake(
        lambda batch, kernel: batch,
        say("The maps come back as they went in. Multiply them by the gates."),
    ),
)


@exercise
def eca_layer(yours: Any) -> Verdict:
    """Check an ECA layer written as a class, against the NumPy steps.

    Args:
        yours: a class of layers that takes `kernel_size`; called with maps (batch, H, W, C) it
            returns maps of the same shape.
    """
    if isinstance(yours, keras.Layer):
        return Verdict(
            False,
            say("This is one layer. The check wants the class, to make layers of its own from."),
        )
    if reply := not_a_function(yours, "keras_checks.eca_layer(MyECA)"):
        return Verdict(False, reply)
    for channels, kernel_size in SIZES:
        reply, printed = _problem(yours, channels, kernel_size)
        if reply:
            return not_yet(reply, printed)
    return Verdict(
        True,
        say(
            "With the same kernel your layer computes what the NumPy steps compute, for k = 1, 3 "
            "and 5. It takes symbols as well as numbers, and can be made anew from its own "
            "settings: so it can stand in a model, and be saved."
        ),
    )


def _problem(yours: Any, channels: int, kernel_size: int) -> tuple[str, str]:
    """Words for a layer that is not ECA, else "", and what it printed."""
    layer, reply, printed = call(yours, {"kernel_size": kernel_size})
    if reply or not isinstance(layer, keras.Layer):
        return reply or say(
            "What your class makes is something of type `{kind}`, and no layer. Let the first "
            "line be `class MyECA(keras.layers.Layer):`.",
            kind=type(layer).__name__,
        ), printed
    batch = BATCH[..., :channels]
    answer, reply, printed = call(layer, {"inputs": keras.ops.convert_to_tensor(batch)})
    reply = reply or _not_like(answer, batch) or _other_weights(layer, channels, kernel_size)
    if reply:
        return reply, printed
    kernel = np.random.default_rng(3).integers(-20, 21, kernel_size).astype("float32") / 10
    layer.set_weights([kernel.reshape(kernel_size, 1, 1)])
    got = keras.ops.convert_to_numpy(layer(batch))

    def example(index: tuple[int, ...]) -> str:
        picture, row, column, channel = index
        gate = steps.eca_forward(batch[picture], kernel).gates[channel]
        return say(
            "With {channels} channels and k = {kernel_size}, picture {picture}, row {row}, column "
            "{column}, channel {channel} holds {value}, and its gate is {gate}.",
            channels=channels,
            kernel_size=kernel_size,
            picture=picture,
            row=row,
            column=column,
            channel=channel,
            value=number(batch[index]),
            gate=number(gate),
        )

    reply = compare(got, _layer()(batch, kernel), LAYER_MISTAKES, (batch, kernel), example)
    return reply or _not_for_models(layer, channels, kernel_size), printed


def _not_like(answer: Any, batch: np.ndarray) -> str:
    """Words for an answer that is no maps of the batch's shape, else ""."""
    shape = getattr(answer, "shape", None)
    if shape is None:
        return say(
            "`call` returns something of type `{kind}`, and maps are wanted. Look at what stands "
            "behind `return`.",
            kind=type(answer).__name__,
        )
    shape, (pictures, _, _, channels) = tuple(shape), batch.shape
    if shape == batch.shape:
        return ""
    if shape in (
        (pictures, channels),
        (pictures, channels, 1),
        (pictures, 1, channels),
        (pictures, 1, 1, channels),
    ):
        return say(
            "`call` returns {channels} numbers a picture, of shape {shape}: these are the gates. "
            "The last step is missing, which multiplies the maps by them.",
            channels=channels,
            shape=shape,
        )
    return say(
        "Maps of shape {wanted} go in, and should come out. Yours come out as {shape}.",
        wanted=batch.shape,
        shape=shape,
    )


def _other_weights(layer: keras.Layer, channels: int, kernel_size: int) -> str:
    """Words for weights that are not one kernel of k numbers, else ""."""
    shapes = [tuple(weight.shape) for weight in layer.weights]
    if shapes == [(kernel_size, 1, 1)]:
        return ""
    here = say(
        "With k = {kernel_size} the layer should have one weight of shape {shape}",
        kernel_size=kernel_size,
        shape=(kernel_size, 1, 1),
    )
    if not shapes:
        return say(
            "{here}, and yours has none. Either the kernel is not used in `call`, or it is made "
            "where Keras cannot see it: keep it as `self.slide`, in `__init__`.",
            here=here,
        )
    if (kernel_size, channels, 1) in shapes:
        return say(
            "{here}, and yours has {yours}: the kernel runs over a strip of one place and takes "
            "the channels as features, a weight for each. Turn the summary from (batch, C) into "
            "(batch, C, 1), so that it runs along the channels.",
            here=here,
            yours=(kernel_size, channels, 1),
        )
    if len(shapes) == 2 and shapes[1] == (1,):
        return say("{here}, and yours has a bias, too. ECA has none: `use_bias=False`.", here=here)
    if shapes == [(3, 1, 1)]:
        return say(
            "{here}, and yours has 3, whatever `kernel_size` is. It comes as an argument.",
            here=here,
        )
    if any(len(shape) == 2 for shape in shapes):
        return say(
            "{here}. Yours has {shapes}: a Dense layer uses all channels, not k.",
            here=here,
            shapes=shapes,
        )
    return say("{here}. Yours has {shapes}.", here=here, shapes=shapes)


def _not_for_models(layer: keras.Layer, channels: int, kernel_size: int) -> str:
    """Words for a layer that takes numbers only, or forgets its settings, else ""."""
    _, reply, _ = call(layer, {"inputs": keras.Input((None, None, channels))})
    if reply:
        return say(
            "With numbers it is right. In a model the layer is first given symbols, with a shape "
            "and no numbers, and there it fails{where}. Let `call` use `keras.ops` and layers "
            "alone: no `np.`, and no `.numpy()`.",
            where=where_of(reply),
        )
    again, reply, _ = call(lambda: type(layer).from_config(layer.get_config()), {})
    if not reply:
        again(BATCH[..., :channels])
        if again.weights[0].shape == layer.weights[0].shape:
            return ""
    return say(
        "A layer made anew from the settings of yours, `get_config()`, has not its k = "
        "{kernel_size}: a saved model could not be loaded. Let `__init__` take `kernel_size` and "
        "`**kwargs`, and hand the latter to `super().__init__`; then Keras remembers them.",
        kernel_size=kernel_size,
    )
