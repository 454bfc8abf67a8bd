"""Checks for notebook 03: scale one map, and scale a batch of them."""

from collections.abc import Callable

import numpy as np

from attention_lib import steps
from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    number,
)
from attention_lib.language import say


def _cases(name: str, *shapes: tuple[int, ...]) -> list[dict[str, np.ndarray]]:
    """Maps of small whole numbers, with gates to two decimals, for each (batch and) channel."""
    rng = np.random.default_rng(5)
    return [
        {
            name: rng.integers(1, 10, shape).astype(float),
            "gates": rng.integers(5, 96, (*shape[:-3], shape[-1])) / 100,
        }
        for shape in shapes
    ]


# In a cube every axis has the length of every other: gates on the wrong axis pass in silence.
SCALE_CASES = _cases(
    "feature_map", (2, 2, 2), (3, 3, 3), (2, 3, 4), (5, 5, 1), (1, 1, 8), (7, 6, 5)
)
SCALE_CASES.append({"feature_map": np.full((2, 3, 4), -2.0), "gates": np.array([0, 1, 0.5, 0.25])})


ON_OR_OFF = say(
    "You rounded the gates: each channel is on or off. A gate of 0.7 passes 0.7 of its "
    "channel. Multiply by the gate itself."
)

SCALE_MISTAKES = (
    Mistake(
        lambda x, s: x + s,
        say(
            "You added the gates. A closed gate, 0, would then leave its channel as it was. A gate "
            "multiplies."
        ),
    ),
    Mistake(
        lambda x, s: x + x * s,
        say(
            "You added the map that came in, so that a gate works as 1 + s and a closed one "
            "changes nothing. (A skip connection adds something, but around the whole block, not "
            "here.)"
        ),
    ),
    Mistake(
        lambda x, s: x * s[:, None],
        say(
            "The gates landed on the columns of the picture. Height, width and channels happen to "
            "be equal here, so NumPy did not object. Channels are the last axis, and NumPy lines "
            "up last axes by itself."
        ),
    ),
    Mistake(
        lambda x, s: x * s[:, None, None],
        say(
            "The gates landed on the rows of the picture. Height, width and channels happen to be "
            "equal here, so NumPy did not object. Channels are the last axis, and NumPy lines up "
            "last axes by itself."
        ),
    ),
    Mistake(lambda x, s: x * (s > 0.5), ON_OR_OFF),
    Mistake(lambda x, s: x * (s >= s.mean()), ON_OR_OFF),
    Mistake(
        lambda x, s: x * (1 - s),
        say("You multiplied by one minus the gate: open gates close and closed ones open."),
    ),
    Mistake(
        lambda x, s: np.moveaxis(x * s, -1, 0),
        say(
            "The numbers are right and stand in the wrong order: your channels come first, (C, H, "
            "W). If you put maps together, put them along the last axis: `np.stack(..., axis=-1)`."
        ),
    ),
    Mistake(
        lambda x, s: x * s[0],
        say("Every channel got the gate of channel 0. Each has its own."),
    ),
    Mistake(
        lambda x, s: x * s.mean(),
        say(
            "Every channel is multiplied by the same number, the mean of the gates. Each has its "
            "own."
        ),
    ),
    Mistake(
        lambda x, s: x * steps.softmax(s),
        say(
            "You sent the gates through softmax first, so that channels compete. They come "
            "finished from the excitation: multiply by them as they are."
        ),
    ),
    Mistake(
        lambda x, s: x * steps.sigmoid(s),
        say(
            "You sent the gates through a sigmoid. They have been through one: a second brings "
            "them all between 0.5 and 0.73."
        ),
    ),
    Mistake(
        lambda x, s: x * s / s.sum(),
        say(
            "You divided the gates by their sum. Gates need not sum to one: all may be open at "
            "once."
        ),
    ),
    Mistake(
        lambda x, s: x * s / s.max(),
        say(
            "You divided by the largest gate, so that one is always fully open. A picture may "
            "close them all: multiply by the gates as they are."
        ),
    ),
    Mistake(lambda x, s: x / s, say("You divided by the gates. A gate multiplies.")),
    Mistake(
        lambda x, s: x,
        say("The map comes back as it went in. Multiply each channel by its gate."),
    ),
    Mistake(
        lambda x, s: x.mean((0, 1)) * s,
        say("You scaled the summary, and the places are gone. The gates go onto the map itself."),
    ),
    Mistake(
        lambda x, s: (x * s).sum(-1),
        say(
            "You multiplied and then added the channels together. Scale keeps them apart: what "
            "comes out has the shape of what went in."
        ),
    ),
)


def _multiplied(index: tuple[int, ...], feature_map: np.ndarray, gates: np.ndarray) -> str:
    row, column, channel = index
    return say(
        "In a map of shape {shape}, row {row}, column {column}, channel {channel} holds "
        "{value}, and the gate of channel {channel} is {gate}.",
        shape=feature_map.shape,
        row=row,
        column=column,
        channel=channel,
        value=number(feature_map[index]),
        gate=number(gates[channel]),
    )


@exercise
def scale(yours: Callable) -> Verdict:
    """Check a scaling: every channel of a map times its own gate.

    Args:
        yours: a function of `feature_map` (H, W, C) and `gates` (C,).
    """
    return examine(
        yours,
        SCALE_CASES,
        against(steps.scale, _multiplied),
        say(
            "Your maps agree with the library's in {cases} cases, with gates of 0 and 1 and "
            "values below zero, and what came in was left as it was.",
            cases=len(SCALE_CASES),
        ),
        mistakes=SCALE_MISTAKES,
    )


BATCH_CASES = _cases("batch", (2, 2, 2, 2), (3, 3, 3, 3), (2, 2, 2, 3), (4, 2, 3, 5), (1, 5, 4, 3))

BATCH_MISTAKES = (
    Mistake(
        lambda x, s: x * s,
        say(
            "`batch * gates` lines up last axes: (N, C) falls on (W, C). Here the batch is as "
            "large as the width, so NumPy did not object, and each column of every picture got the "
            "gates of some other picture. With one picture more it would have stopped you. Give "
            "the gates the shape (N, 1, 1, C)."
        ),
    ),
    Mistake(
        lambda x, s: x * s[:, None],
        say(
            "(N, 1, C) has three axes and falls on (H, W, C): each row got the gates of some other "
            "picture. The batch is as large as the height here, so NumPy did not object. Two axes "
            "of length one are missing, for height and width."
        ),
    ),
    Mistake(
        lambda x, s: x * s[:, :, None, None],
        say(
            "This is right for maps with channels first, (N, C, H, W). Here channels come last: "
            "the axes of length one belong between N and C."
        ),
    ),
    Mistake(
        lambda x, s: x * s[0],
        say(
            "Every picture got the gates of the first one. Each picture has gates of its own: that "
            "is what makes it attention."
        ),
    ),
    Mistake(
        lambda x, s: x * s.mean(0),
        say(
            "Every picture got the mean of all gates. Each picture has gates of its own: that is "
            "what makes it attention."
        ),
    ),
    Mistake(
        lambda x, s: x * s.T[:, None, None],
        say("The gates are turned on their side: pictures and channels have changed places."),
    ),
    Mistake(
        lambda x, s: x * s.mean(1)[:, None, None, None],
        say("Each picture has one gate for all its channels. There is one for each channel."),
    ),
    Mistake(
        lambda x, s: x + s[:, None, None],
        say("The axes are right, but the gates were added. A gate multiplies."),
    ),
    Mistake(
        lambda x, s: x[0] * s[0],
        say("Only the first picture comes back. All N are wanted, in their order."),
    ),
)


def _multiplied_in_batch(index: tuple[int, ...], batch: np.ndarray, gates: np.ndarray) -> str:
    picture, row, column, channel = index
    return say(
        "In a batch of shape {shape}, picture {picture}, row {row}, column {column}, channel "
        "{channel} holds {value}, and the gate of channel {channel} in picture {picture} is "
        "{gate}.",
        shape=batch.shape,
        picture=picture,
        row=row,
        column=column,
        channel=channel,
        value=number(batch[index]),
        gate=number(gates[picture, channel]),
    )


@exercise
def scale_batch(yours: Callable) -> Verdict:
    """Check the scaling of a batch: each picture by its own gates.

    Args:
        yours: a function of `batch` (N, H, W, C) and `gates` (N, C).
    """
    return examine(
        yours,
        BATCH_CASES,
        against(
            lambda batch, gates: np.stack(
                [steps.scale(*pair) for pair in zip(batch, gates, strict=True)]
            ),
            _multiplied_in_batch,
        ),
        say(
            "Every picture is scaled by its own gates, also where the batch is as large as the "
            "width, and for a batch of one."
        ),
        mistakes=BATCH_MISTAKES,
    )
