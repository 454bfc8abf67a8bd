"""What the Keras checks share: careful calls, symbolic maps, and the first number that is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from attention_lib._keras import keras
from attention_lib.course.checks._attempt import Attempt, attempt, line_of
from attention_lib.course.checks._examine import Mistake, number
from attention_lib.course.checks._limits import TooLong

SECONDS = 5  # Keras takes its time where many share a machine
ANSWERED_ALREADY = (TooLong, RecursionError, MemoryError, NameError, SystemExit)
LOOK = (  # what Keras says, and what to do about it
    (
        r"positive integer\. Received: units=[\d.]+\.",
        "In Python `/` gives a float, even where nothing is left over. Units are counted: `//` "
        "gives an integer.",
    ),
    (
        r"Only input tensors may be passed|unsupported type \(<class 'keras",
        "A layer stands where what it makes is wanted. A layer is made with one pair of brackets "
        "and called with a second, as in `Dense(6)(x)`; one that you are handed has been made "
        "already: `branch(x)`.",
    ),
    (
        r"too many positional arguments|__init__\(\) takes 1 positional",
        "`Multiply` and `Add` are made with empty brackets, and then called with their two in a "
        "list: `Multiply()([a, b])`.",
    ),
)


def call(yours: Callable[..., Any], given: Mapping[str, Any]) -> Attempt:
    """Call the learner's function, or a layer; its answer comes as it is."""
    return attempt(
        yours,
        given,
        keep=lambda answer: answer,
        seconds=SECONDS,
        limited=False,  # TensorFlow reserves more than it uses
        explain=_stopped,
    )


def not_maps(answer: Any, inputs: keras.KerasTensor) -> str:
    """Words for an answer that is not symbolic maps of the inputs' shape, else ""."""
    if isinstance(answer, keras.Layer):
        return (
            f"Your function returns a layer, {type(answer).__name__}, and not yet what it makes. "
            "Call it: the brackets after the brackets, as in `Dense(6)(x)`."
        )
    if not isinstance(answer, keras.KerasTensor):
        return (
            f"Your function returns something of type `{type(answer).__name__}`. What is wanted is "
            "the symbolic tensor that the last layer gives."
        )
    if answer is inputs:
        return "The maps come back as they went in. Return what the last layer gives."
    channels = inputs.shape[-1]
    shape, wanted = tuple(answer.shape), tuple(inputs.shape)
    if shape == wanted:
        return ""
    if shape in ((None, channels), (None, 1, 1, channels)):
        return (
            f"Your block returns {channels} numbers a picture, of shape {shape}: these are the "
            "gates. The last step is missing, which multiplies the maps by them."
        )
    return f"Maps of shape {wanted} go in, and should come out. Yours come out as {shape}."


def model_of(inputs: keras.KerasTensor, answer: keras.KerasTensor) -> tuple[Any, str]:
    """A model from the inputs to the answer, or words if one does not lead to the other."""
    try:
        return keras.Model(inputs, answer), ""
    except ValueError:
        return None, (
            "What your function returns is not made out of `inputs`. Each step takes what the "
            "step before gave: `x = some_layer(x)`, the first one `some_layer(inputs)`."
        )


def run(model: keras.Model, batch: np.ndarray) -> tuple[Any, str]:
    """What a model makes of a batch, or words if it stops."""
    try:
        return keras.ops.convert_to_numpy(model(batch)), ""
    except Exception as error:  # of the backend, whichever it is
        return None, (
            "Built out of symbols your block looked right, and with a batch of shape "
            f"{batch.shape} it stopped: {fault(error)}. Do the gates keep two axes of length "
            "one, for height and width?"
        )


def compare(
    got: np.ndarray,
    wanted: np.ndarray,
    mistakes: Iterable[Mistake],
    arguments: Sequence[Any],
    example: Callable[[tuple[int, ...]], str],
) -> str:
    """Words for the first number that is wrong, after the mistake that it comes from, else ""."""
    close = np.isclose(got, wanted, rtol=1e-4, atol=1e-5)
    if close.all():
        return ""
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    here = (
        f"{example(index)} The answer is {number(wanted[index])}, and yours is "
        f"{number(got[index])}."
    )
    known = [
        mistake.reply
        for mistake in mistakes
        if np.allclose(got, mistake.makes(*arguments), rtol=1e-4, atol=1e-5)
    ]
    return "\n\n".join([*known[:1], here])


def _stopped(error: BaseException) -> str:
    """Words for an exception in Keras, or "" where the usual ones do."""
    line = line_of(error)
    where = f" in the line `{line}`" if line else ""
    if "KerasTensor cannot be used as input to a TensorFlow function" in str(error):
        return (
            f"One of TensorFlow's own functions was given a symbolic tensor{where}. It has a shape "
            "and no numbers yet, so only Keras can take it: a layer, or a function of `keras.ops`."
        )
    if isinstance(error, ANSWERED_ALREADY) or (isinstance(error, TypeError) and not line):
        return ""
    look = (
        "Write `print(x.shape)` before that line, for what it works on: the check shows what is "
        "printed. Which shape does that step want, and which does it get?"
    )
    look = next((words for said, words in LOOK if re.search(said, str(error))), look)
    stopped = fault(error).rstrip(".")
    return f"Your function stopped with {stopped}{',' * bool(where)}{where}.\n\n{look}"


def fault(error: BaseException) -> str:
    """The kind of an exception and what it says, without frames and colours."""
    lines = re.sub(r"\x1b\[\d+m|\{\{.*?\}\} ?", "", str(error)).splitlines()
    said = [line for line in lines if line and not line.startswith("Exception encountered")]
    return ": ".join([type(error).__name__, *said[:1]])
