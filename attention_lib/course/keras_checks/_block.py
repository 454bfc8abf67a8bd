"""What the Keras checks share: careful calls, symbolic maps, and the first number that is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from attention_lib._keras import keras
from attention_lib.course.checks._attempt import IN_THE_LINE, Attempt, attempt, line_of
from attention_lib.course.checks._examine import Mistake, first_wrong
from attention_lib.course.checks._limits import TooLong
from attention_lib.language import say

SECONDS = 5  # Keras takes its time where many share a machine
IN_A_LINE = say(" in the line `{line}`")
ANSWERED_ALREADY = (TooLong, RecursionError, MemoryError, NameError, SystemExit)
LOOK = (  # what Keras says, and what to do about it
    (
        r"positive integer\. Received: units=[\d.]+\.",
        say(
            "In Python `/` gives a float, even where nothing is left over. Units are counted: `//` "
            "gives an integer."
        ),
    ),
    (
        r"Only input tensors may be passed|unsupported type \(<class 'keras",
        say(
            "A layer stands where what it makes is wanted. A layer is made with one pair of "
            "brackets and called with a second, as in `Dense(6)(x)`; one that you are handed has "
            "been made already: `branch(x)`."
        ),
    ),
    (
        r"too many positional arguments|__init__\(\) takes 1 positional",
        say(
            "`Multiply` and `Add` are made with empty brackets, and then called with their two in "
            "a list: `Multiply()([a, b])`."
        ),
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
        return say(
            "Your function returns a layer, {kind}, and not yet what it makes. Call it: the "
            "brackets after the brackets, as in `Dense(6)(x)`.",
            kind=type(answer).__name__,
        )
    if not isinstance(answer, keras.KerasTensor):
        return say(
            "Your function returns something of type `{kind}`. What is wanted is the symbolic "
            "tensor that the last layer gives.",
            kind=type(answer).__name__,
        )
    if answer is inputs:
        return say("The maps come back as they went in. Return what the last layer gives.")
    channels = inputs.shape[-1]
    shape, wanted = tuple(answer.shape), tuple(inputs.shape)
    if shape == wanted:
        return ""
    if shape in ((None, channels), (None, 1, 1, channels)):
        return say(
            "Your block returns {channels} numbers a picture, of shape {shape}: these are the "
            "gates. The last step is missing, which multiplies the maps by them.",
            channels=channels,
            shape=shape,
        )
    return say(
        "Maps of shape {wanted} go in, and should come out. Yours come out as {shape}.",
        wanted=wanted,
        shape=shape,
    )


def model_of(inputs: keras.KerasTensor, answer: keras.KerasTensor) -> tuple[Any, str]:
    """A model from the inputs to the answer, or words if one does not lead to the other."""
    try:
        return keras.Model(inputs, answer), ""
    except ValueError:
        return None, say(
            "What your function returns is not made out of `inputs`. Each step takes what the "
            "step before gave: `x = some_layer(x)`, the first one `some_layer(inputs)`."
        )


def run(model: keras.Model, batch: np.ndarray) -> tuple[Any, str]:
    """What a model makes of a batch, or words if it stops."""
    try:
        return keras.ops.convert_to_numpy(model(batch)), ""
    except Exception as error:  # of the backend, whichever it is
        return None, say(
            "Built out of symbols your block looked right, and with a batch of shape {shape} "
            "it stopped: {fault}. Do the gates keep two axes of length one, for height and "
            "width?",
            shape=batch.shape,
            fault=fault(error),
        )


def compare(
    got: np.ndarray,
    wanted: np.ndarray,
    mistakes: Iterable[Mistake],
    arguments: Sequence[Any],
    example: Callable[[tuple[int, ...]], str],
) -> str:
    """Words for the first number that is wrong, after the mistake that it comes from, else ""."""
    here = first_wrong(got, wanted, example, 1e-5)
    if not here:
        return ""
    known = [
        mistake.reply
        for mistake in mistakes
        if np.allclose(got, mistake.makes(*arguments), rtol=1e-4, atol=1e-5)
    ]
    return "\n\n".join([*known[:1], here])


def _stopped(error: BaseException) -> str:
    """Words for an exception in Keras, or "" where the usual ones do."""
    line = line_of(error)
    if "KerasTensor cannot be used as input to a TensorFlow function" in str(error):
        where = IN_A_LINE.format(line=line) if line else ""
        return say(
            "One of TensorFlow's own functions was given a symbolic tensor{where}. It has a shape "
            "and no numbers yet, so only Keras can take it: a layer, or a function of `keras.ops`.",
            where=where,
        )
    if isinstance(error, ANSWERED_ALREADY) or (isinstance(error, TypeError) and not line):
        return ""
    look = say(
        "Write `print(x.shape)` before that line, for what it works on: the check shows what is "
        "printed. Which shape does that step want, and which does it get?"
    )
    look = next((words for said, words in LOOK if re.search(said, str(error))), look)
    stopped = fault(error).rstrip(".")
    where = IN_THE_LINE.format(line=line) if line else ""
    return say(
        "Your function stopped with {stopped}{where}.\n\n{look}",
        stopped=stopped,
        where=where,
        look=look,
    )


def where_of(reply: str) -> str:
    """What a reply says of the line in which the learner's code stopped, or ""."""
    forms = (re.escape(form).replace(r"\{line\}", "[^`]*") for form in (IN_THE_LINE, IN_A_LINE))
    found = re.search("|".join(forms), reply)
    return found.group() if found else ""


def fault(error: BaseException) -> str:
    """The kind of an exception and what it says, without frames and colours."""
    lines = re.sub(r"\x1b\[\d+m|\{\{.*?\}\} ?", "", str(error)).splitlines()
    said = [line for line in lines if line and not line.startswith("Exception encountered")]
    return ": ".join([type(error).__name__, *said[:1]])
