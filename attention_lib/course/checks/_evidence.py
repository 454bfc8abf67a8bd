"""Checks for notebook 08: an honest difference, and gates that are the same for all pictures."""

from collections.abc import Callable
from typing import Any

import numpy as np

from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    number,
)
from attention_lib.language import say

T = 2.776  # Student's t for five runs, 95 %


def _runs(*spreads: float) -> list[dict[str, np.ndarray]]:
    """Accuracies of five seeds with attention and without; a hard seed is hard for both."""
    rng = np.random.default_rng(3)
    cases = []
    for spread in spreads:
        seeds = 0.9 + spread * rng.normal(size=5)
        these, those = (seeds + 0.005 * rng.normal(size=5) + more for more in (0.02, 0.0))
        cases.append({"these": these.round(3), "those": those.round(3)})
    return cases


DIFFERENCE_CASES = [
    {
        "these": np.array([0.95, 0.97, 0.96, 0.98, 0.94]),
        "those": np.array([0.90, 0.93, 0.92, 0.91, 0.94]),
    },
    *_runs(0.03, 0.002, 0.01, 0.05),
]


def _interval(values: np.ndarray, *, t: float = T, ddof: int = 1, root: bool = True) -> np.ndarray:
    half = t * values.std(ddof=ddof) / (np.sqrt(len(values)) if root else 1)
    return np.array([values.mean() - half, values.mean() + half])


def _interval_of_difference(these: np.ndarray, those: np.ndarray) -> np.ndarray:
    return _interval(these - those)


def _unpaired(these: np.ndarray, those: np.ndarray) -> np.ndarray:
    """As if the runs of one kind had nothing to do with those of the other."""
    half = T * np.sqrt((these.var(ddof=1) + those.var(ddof=1)) / len(these))
    mean = these.mean() - those.mean()
    return np.array([mean - half, mean + half])


DIFFERENCE_MISTAKES = (
    Mistake(
        lambda these, those: _interval(these - those, ddof=0),
        say(
            "NumPy's `std` divides by n unless told otherwise. The mean was taken from the same "
            "five numbers, so that they lie a little too close to it: divide by n − 1, with "
            "`ddof=1`."
        ),
    ),
    Mistake(
        lambda these, those: _interval(these - those, root=False),
        say(
            "You say between what a single run's difference lies. A mean of five varies less: "
            "divide the standard deviation by the square root of 5."
        ),
    ),
    Mistake(
        lambda these, those: _interval(these - those, t=1.96),
        say(
            "1.96 is for many runs. With five, the standard deviation itself is uncertain, and "
            "Student's t makes up for that: {t}.",
            t=T,
        ),
    ),
    Mistake(
        _unpaired,
        say(
            "You compared the two sets as wholes. But run i of each had the same seed: the same "
            "examples, the same order. Subtract seed by seed first, and what both share falls away."
        ),
    ),
    Mistake(
        lambda these, those: _interval(those - these),
        say("The signs are the other way round: take `those` away from `these`."),
    ),
    Mistake(
        lambda these, those: _interval(these),
        say("This is the interval of `these` alone. Take the differences first, seed by seed."),
    ),
    Mistake(
        lambda these, those: np.array([(these - those).min(), (these - those).max()]),
        say(
            "These are the smallest and the largest difference. They say what was seen, and not "
            "how sure the mean is."
        ),
    ),
    Mistake(
        lambda these, those: (these - those).mean(),
        say(
            "This is the mean difference alone, and it hides how much five runs differ. Return two "
            "numbers: where the interval begins and where it ends."
        ),
    ),
)


@exercise
def difference(yours: Callable[..., Any]) -> Verdict:
    """Check a function of accuracies `these` and `those`, (5,) each, to (low, high).

    Args:
        yours: the learner's function.
    """

    def example(index: tuple[int, ...], these: np.ndarray, those: np.ndarray) -> str:
        differences = say(", ").join(number(value) for value in (these - those).round(4))
        if index[0] == 0:
            return say(
                "The differences, seed by seed, are {differences}. Take the low end.",
                differences=differences,
            )
        return say(
            "The differences, seed by seed, are {differences}. Take the high end.",
            differences=differences,
        )

    return examine(
        yours,
        DIFFERENCE_CASES,
        against(_interval_of_difference, example),
        say(
            "Seed by seed, with Student's t. If the interval holds 0, the difference is within "
            "noise, however good the mean looks."
        ),
        mistakes=DIFFERENCE_MISTAKES,
    )


def _gates(*shapes: tuple[int, int]) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(4)
    return [{"gates": rng.integers(5, 96, shape) / 100} for shape in shapes]


GATE_CASES = _gates((2, 3), (3, 3), (4, 2), (5, 8), (1, 4), (20, 6))


def _mean_row(gates: np.ndarray) -> np.ndarray:
    return np.broadcast_to(gates.mean(0), gates.shape)


MEAN_MISTAKES = (
    Mistake(
        lambda gates: gates.mean(0),
        say(
            "The means are right. But the network wants gates for every picture: (n, C), with the "
            "same row n times over. `np.tile` or `np.broadcast_to` repeats a row."
        ),
    ),
    Mistake(
        lambda gates: np.broadcast_to(gates.mean(1, keepdims=True), gates.shape),
        say(
            "You averaged over the channels, so that each picture keeps a level of its own and all "
            "its channels are alike. Average over the pictures, axis 0: each channel keeps its "
            "mean."
        ),
    ),
    Mistake(
        lambda gates: np.full(gates.shape, gates.mean()),
        say(
            "One number for everything: then the channels do not differ either, and two things are "
            "lost at once. Each channel keeps its own mean."
        ),
    ),
    Mistake(
        np.ones_like,
        say(
            "All ones: that takes the gates away altogether, and with them the average values that "
            "the next layer has learnt to expect. Keep each channel's mean."
        ),
    ),
    Mistake(
        lambda gates: np.full(gates.shape, 0.5),
        say(
            "All one half: that takes the gates away, and with them the average values that the "
            "next layer has learnt to expect. Keep each channel's mean."
        ),
    ),
    Mistake(
        lambda gates: np.roll(gates, 1, axis=0),
        say(
            "These are other pictures' gates. They still depend on a picture, but on the wrong "
            "one. Here every picture gets the same row."
        ),
    ),
    Mistake(
        lambda gates: np.broadcast_to(gates[0], gates.shape),
        say(
            "Every picture gets the first one's gates. That is one picture alone; take the mean of "
            "all of them."
        ),
    ),
    Mistake(
        lambda gates: np.broadcast_to(np.median(gates, 0), gates.shape),
        say("This is the median. Take the mean."),
    ),
    Mistake(
        lambda gates: gates,
        say("The gates come back as they were, and still depend on the picture."),
    ),
)


@exercise
def mean_gates(yours: Callable[..., Any]) -> Verdict:
    """Check a function of `gates`, (n, C), to the same shape with every row the mean row.

    Args:
        yours: the learner's function.
    """

    def example(index: tuple[int, ...], gates: np.ndarray) -> str:
        column = say(", ").join(number(value) for value in gates[:, index[-1]][:8])
        more = say(", ") + "..." if len(gates) > 8 else ""
        return say(
            "Channel {channel} has the gates {column}{more}: every picture gets their mean.",
            channel=index[-1],
            column=column,
            more=more,
        )

    return examine(
        yours,
        GATE_CASES,
        against(_mean_row, example),
        say(
            "Every channel keeps its mean, and no gate depends on the picture. What a network "
            "loses with these gates, it had gained by that."
        ),
        mistakes=MEAN_MISTAKES,
    )
