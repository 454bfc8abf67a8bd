"""Checks for notebook 01: squeeze, and a second map with the same squeeze."""

from collections.abc import Callable

import numpy as np

from attention_lib import steps
from attention_lib._words import sentences
from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    listed,
    not_an_array,
    number,
    same,
)
from attention_lib.language import say


def _maps(*shapes: tuple[int, int, int]) -> list[dict[str, np.ndarray]]:
    """Maps of small whole numbers, so that an example can be worked out by hand."""
    rng = np.random.default_rng(7)
    return [{"feature_map": rng.integers(-2, 10, shape).astype(float)} for shape in shapes]


MAPS = [
    *_maps((2, 3, 4), (1, 2, 1), (5, 4, 3), (1, 1, 6), (8, 8, 1), (7, 5, 16), (3, 2, 6)),
    {"feature_map": np.full((4, 6, 2), -3.0)},
    {"feature_map": np.random.default_rng(8).normal(size=(14, 14, 24)).astype(np.float32)},
]


def _worked(index: tuple[int, ...], feature_map: np.ndarray) -> str:
    height, width, _ = feature_map.shape
    channel = index[-1]
    values = feature_map[..., channel].ravel()
    if values.size <= 12:
        return say(
            "In a map of shape {shape}, channel {channel} holds {values}: take the mean of all "
            "{height} × {width}.",
            shape=feature_map.shape,
            channel=channel,
            values=listed(values),
            height=height,
            width=width,
        )
    return say(
        "In a map of shape {shape}, channel {channel} has {size} values: take the mean of all "
        "{height} × {width}.",
        shape=feature_map.shape,
        channel=channel,
        size=values.size,
        height=height,
        width=width,
    )


SQUEEZE_MISTAKES = (
    Mistake(
        lambda x: x.sum((0, 1)),
        say(
            "These are sums, not means. A map with twice as many places would count twice as much. "
            "Divide by the number of places, H × W."
        ),
    ),
    Mistake(
        lambda x: x.max((0, 1)),
        say(
            "This is the brightest place of each channel: max pooling. One bright pixel would "
            "speak for the whole map. Squeeze lets every place have its say: take the mean."
        ),
    ),
    Mistake(
        lambda x: x.mean(2),
        say(
            "You averaged over the channels, and what is left is a map: one number for each place. "
            "That belongs to spatial attention. Average over the places, axes 0 and 1, and keep "
            "the channels."
        ),
    ),
    Mistake(
        lambda x: x.sum((0, 1)) / x.shape[2],
        say(
            "You divided by the number of channels, C. A mean divides by how many numbers were "
            "added up: each channel has one for each place, H × W of them."
        ),
    ),
    Mistake(
        lambda x: x.sum((0, 1)) / x.shape[0],
        say("You divided by the height alone. Each channel has H × W values: divide by both."),
    ),
    Mistake(
        lambda x: x.sum((0, 1)) / x.shape[1],
        say("You divided by the width alone. Each channel has H × W values: divide by both."),
    ),
    Mistake(
        lambda x: x.sum((0, 1)) / x.size,
        say(
            "You divided by H × W × C, the number of values in all channels together. One channel "
            "has H × W of them."
        ),
    ),
    Mistake(
        lambda x: x.mean((0, 1), keepdims=True),
        say(
            "The numbers are right, and stand in an array with two axes too many: height and "
            "width, each of length one. The squeeze has no place left. Leave `keepdims` out."
        ),
    ),
    Mistake(
        lambda x: x.mean(0),
        say(
            "You averaged over the rows only, and a strip of places is left. Average over height "
            "and width together."
        ),
    ),
    Mistake(
        lambda x: x.mean(1),
        say(
            "You averaged over the columns only, and a strip of places is left. Average over "
            "height and width together."
        ),
    ),
    Mistake(
        lambda x: x.mean((1, 2)),
        say(
            "These are the axes for a batch, (batch, H, W, C). This is one map, (H, W, C): its "
            "places are axes 0 and 1."
        ),
    ),
    Mistake(
        lambda x: x.mean(),
        say(
            "You averaged over everything, channels too, and one number is left. Excitation wants "
            "one for each channel."
        ),
    ),
    Mistake(
        lambda x: np.maximum(x, 0).mean((0, 1)),
        say(
            "You took away what is below zero before averaging. That is ReLU's work, done before "
            "the squeeze, and some networks have none there. Average what you are given."
        ),
    ),
    Mistake(
        lambda x: np.abs(x).mean((0, 1)),
        say(
            "You averaged sizes without their signs. Positive and negative values may cancel; that "
            "is what a mean does."
        ),
    ),
    Mistake(
        lambda x: np.median(x, (0, 1)),
        say(
            "This is the median, the value in the middle. Squeeze takes the mean: add all, divide "
            "by how many."
        ),
    ),
    Mistake(
        lambda x: x.sum((0, 1)) // x[..., 0].size,
        say(
            "You cut the means down to whole numbers: `//` and `int` do that. Divide with `/`, and "
            "keep the decimals."
        ),
    ),
    Mistake(
        lambda x: np.round(x.mean((0, 1))),
        say(
            "You rounded the means to whole numbers. Keep the decimals: levels between 0 and 1 "
            "would all be lost."
        ),
    ),
    Mistake(
        lambda x: x.sum((0, 1)) / 3136,
        say(
            "You divided by 3136, which is right for the maps above and for no others. Take H × W "
            "from the map that comes in: `feature_map.shape`."
        ),
    ),
    Mistake(
        lambda x: x[..., 0].mean(),
        say(
            "This is the mean of channel 0 alone. If you go through the channels in a loop: does "
            "`return` stand inside it?"
        ),
    ),
    Mistake(
        lambda x: x[..., -1].mean(),
        say(
            "This is the mean of the last channel alone. If you go through the channels in a loop, "
            "keep every mean: begin with `z = []` and `append`."
        ),
    ),
)


@exercise
def squeeze(yours: Callable) -> Verdict:
    """Check a squeeze: from a map (H, W, C) to the mean of each channel, (C,).

    Args:
        yours: a function of `feature_map`.
    """
    return examine(
        yours,
        MAPS,
        against(steps.squeeze, _worked),
        say(
            "Your squeeze agrees with the library's on {maps} maps, from a single pixel to 14 × 14 "
            "× 24, and leaves the map as it was.",
            maps=len(MAPS),
        ),
        mistakes=SQUEEZE_MISTAKES,
    )


def _not_a_twin(answer: object, feature_map: np.ndarray) -> str:
    if reply := not_an_array(answer):
        return reply
    twin_map, shape = np.asarray(answer), feature_map.shape
    if twin_map.shape != shape:
        return say(
            "A twin has the shape of the map that it is a twin of. It was given {shape}; yours has "
            "{yours}.",
            shape=shape,
            yours=twin_map.shape,
        )
    if np.array_equal(twin_map, feature_map):
        same_map = say("For a map of shape {shape} yours is the same map.", shape=shape)
        if shape[0] == 1:
            same_map = say(
                "For a map of shape {shape} yours is the same map: it has one row only, so moving "
                "rows changes nothing.",
                shape=shape,
            )
        hint = say(
            "A twin must differ from it in at least one place, and still have the same means. What "
            "may you move without changing a mean?"
        )
        return sentences((same_map, hint))
    before, after = steps.squeeze(feature_map), steps.squeeze(twin_map)
    if same(after, before):
        return ""
    if same(np.sort(after), np.sort(before)):
        return say(
            "You have moved whole channels: the numbers of the squeeze are still there, but each "
            "now belongs to another channel. Excitation knows a channel by its position. Stay "
            "within each channel."
        )
    channel = int(np.argmax(~np.isclose(after, before, rtol=1e-4, atol=1e-7)))
    return say(
        "The squeeze notices: the mean of channel {channel} was {before} and is now {after}. What "
        "you add in one place must be taken away in another of the same channel.",
        channel=channel,
        before=number(before[channel]),
        after=number(after[channel]),
    )


@exercise
def other_map(yours: Callable) -> Verdict:
    """Check another map of the same shape whose squeeze is the same.

    Args:
        yours: a function of `feature_map`.
    """
    cases = [case for case in MAPS if np.ptp(case["feature_map"]) > 0]
    cases = [case for case in cases if case["feature_map"].shape[:2] != (1, 1)]
    return examine(
        yours,
        cases,
        _not_a_twin,
        say(
            "On {cases} maps yours gave another map with the same squeeze. Nothing that comes "
            "after the squeeze can tell the two apart: both get the same gates.",
            cases=len(cases),
        ),
        steady=False,
    )
