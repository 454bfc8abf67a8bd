"""Checks for notebook 09: what recorded gates tell about a network."""

from collections.abc import Callable

import numpy as np

from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    listed,
    number,
)
from attention_lib.language import say


def _recorded(*shapes: tuple[int, int]) -> list[dict[str, np.ndarray]]:
    """Gates in hundredths, all different within a channel and from channel to channel."""
    rng = np.random.default_rng(9)
    return [{"gates": rng.permutation(99)[: n * c].reshape(n, c) / 100 + 0.01} for n, c in shapes]


GATES = [
    *_recorded((3, 2), (2, 4), (6, 3), (4, 4), (1, 5)),
    {"gates": np.full((5, 3), 0.5)},
    {"gates": np.tile([0.2, 0.9], (4, 1))},
]


def _one_channel(index: tuple[int, ...], gates: np.ndarray) -> str:
    channel = index[-1]
    return say(
        "Gates of shape {shape}: for its {pictures} pictures channel {channel} has the gates "
        "{gates}. Take the standard deviation of these.",
        shape=gates.shape,
        pictures=len(gates),
        channel=channel,
        gates=listed(gates[:, channel]),
    )


MOVEMENT_MISTAKES = (
    Mistake(
        lambda gates: gates.std(1),
        say(
            "You went along the channels: one number a picture, how different its gates are from "
            "each other. What depends on the picture is along the other axis: the same gate, from "
            "picture to picture."
        ),
    ),
    Mistake(
        lambda gates: gates.std(),
        say(
            "You took all gates together. Gates that differ from each other, but never change, "
            "would get a large number. One number a channel is wanted: axis 0."
        ),
    ),
    Mistake(
        lambda gates: gates.mean(0),
        say("These are means: what each gate is on average, not how far it changes."),
    ),
    Mistake(
        lambda gates: gates.var(0),
        say("This is the variance, a square. Its root, `std`, is in the units of a gate."),
    ),
    Mistake(
        lambda gates: np.ptp(gates, axis=0),
        say(
            "This is the distance from the lowest to the highest. One odd picture decides it, and "
            "it grows with the number of pictures. Take the standard deviation."
        ),
    ),
    Mistake(
        lambda gates: gates.std(0, ddof=1),
        say(
            "You divided by n − 1, which estimates the spread of pictures not seen. Here the "
            "spread of these pictures is wanted: `std` as NumPy has it."
        ),
    ),
)


@exercise
def movement(yours: Callable) -> Verdict:
    """Check how far each gate moves from picture to picture: (n, C) to (C,).

    Args:
        yours: a function of `gates`.
    """
    return examine(
        yours,
        GATES,
        against(lambda gates: gates.std(0), _one_channel),
        say(
            "One number a channel: 0 for a gate that never changes, however open it is, and more "
            "the more it depends on the picture."
        ),
        mistakes=MOVEMENT_MISTAKES,
    )


def _pairs(*sizes: int) -> list[dict[str, np.ndarray]]:
    """Gates for two pictures that move by different amounts, up and down."""
    rng = np.random.default_rng(10)
    pairs = []
    for size in sizes:
        moves = (rng.permutation(size) + 1) / (2 * size) * rng.choice([-1, 1], size)
        first = np.where(moves > 0, 0.1, 0.9) + rng.integers(-9, 10, size) / 200
        pairs.append({"first": first, "second": first + moves})
    return pairs


PAIRS = _pairs(3, 4, 6, 10, 1, 16)


def _one_rank(index: tuple[int, ...], first: np.ndarray, second: np.ndarray) -> str:
    moved = np.abs(second - first)
    channel = int(np.argsort(-moved)[index[0]])
    return say(
        "With {channels} channels, place {place} belongs to channel {channel}, which goes from "
        "{before} to {after}.",
        channels=len(first),
        place=index[0],
        channel=channel,
        before=number(first[channel]),
        after=number(second[channel]),
    )


def _ranked(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.argsort(-np.abs(second - first))


CHANGED_MISTAKES = (
    Mistake(
        lambda first, second: np.argsort(-(second - first)),
        say(
            "You ranked by `second - first` with its sign, so that a gate that closes comes last, "
            "however far it changes. Closing is a change, too: take `np.abs`."
        ),
    ),
    Mistake(
        lambda first, second: np.argsort(-(first - second)),
        say(
            "You ranked by `first - second` with its sign, so that a gate that opens comes last, "
            "however far it changes. Opening is a change, too: take `np.abs`."
        ),
    ),
    Mistake(
        lambda first, second: np.argsort(np.abs(second - first)),
        say(
            "The order is right, but it begins at the wrong end: `argsort` has the smallest first."
        ),
    ),
    Mistake(
        lambda first, second: np.sort(np.abs(second - first))[::-1],
        say(
            "These are the distances. Which channels changed so much? `np.argsort` gives their "
            "numbers."
        ),
    ),
    Mistake(
        lambda first, second: np.abs(second - first),
        say(
            "These are the distances, channel by channel. Now put the channels in order: "
            "`np.argsort`."
        ),
    ),
    Mistake(
        lambda first, second: np.argsort(np.argsort(-np.abs(second - first))),
        say(
            "You give each channel its place in the ranking. Wanted is the ranking: the channel "
            "that changed most, then the next."
        ),
    ),
)


@exercise
def most_changed(yours: Callable) -> Verdict:
    """Check a ranking of channels by how far their gates move between two pictures.

    Args:
        yours: a function of `first` and `second`, (C,) each, that gives the (C,) channel numbers,
            the one that moves furthest first.
    """
    return examine(
        yours,
        PAIRS,
        against(_ranked, _one_rank),
        say(
            "The channel that changes most comes first, whether it opens or closes. This is the "
            "third group of maps in the panel."
        ),
        mistakes=CHANGED_MISTAKES,
    )
