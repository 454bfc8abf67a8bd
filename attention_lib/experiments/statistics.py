"""Means over seeds, with intervals, and differences between them."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from attention_lib.language import say

# 97.5 % points of Student's t for 1, 2, ... degrees of freedom.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179)


class Interval(NamedTuple):
    """A mean over seeds, with its 95 % confidence interval."""

    mean: float
    low: float
    high: float
    runs: int

    @property
    def half(self) -> float:
        return (self.high - self.low) / 2

    @property
    def verdict(self) -> str:
        """In words, for a difference."""
        if self.low > 0:
            return say("higher")
        return say("lower") if self.high < 0 else say("within noise")


def mean_interval(values: Iterable[float]) -> Interval:
    """The mean of some runs with its 95 % interval, by Student's t.

    Args:
        values: one number for each seed, two or more.

    Returns:
        The mean and the interval.

    Raises:
        ValueError: if there are fewer than two: one run says nothing of the spread.
    """
    values = np.asarray([*values], float)
    if not 2 <= len(values) <= len(STUDENT) + 1:
        raise ValueError(
            f"`values` must hold 2 to {len(STUDENT) + 1} runs. Received: {len(values)}. "
            "One run says nothing of how much runs differ: take more seeds."
        )
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    half = STUDENT[len(values) - 2] * spread / math.sqrt(len(values))
    return Interval(mean, mean - half, mean + half, len(values))


def difference(these: Sequence[float], those: Sequence[float]) -> Interval:
    """How much higher `these` are than `those`, seed by seed.

    Args:
        these: one number for each seed.
        those: numbers for the same seeds, in the same order: the same examples and test pictures.

    Returns:
        The mean difference with its 95 % interval.

    Raises:
        ValueError: if there are not as many of each, or fewer than two.
    """
    these, those = np.asarray(these, float), np.asarray(those, float)
    if these.shape != those.shape:
        raise ValueError(
            "`these` and `those` must be of the same seeds. "
            f"Received: {len(these)} and {len(those)} runs. Leave out what has no partner."
        )
    return mean_interval(these - those)
