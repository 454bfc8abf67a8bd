"""Right and wrong answers to the exercises of notebook 08, and the words for each."""

import numpy as np

from attention_lib.course import checks
from attention_lib.experiments import statistics


def interval(differences, t=2.776, ddof=1, root=True):
    half = t * np.std(differences, ddof=ddof) / (np.sqrt(5) if root else 1)
    return np.array([np.mean(differences) - half, np.mean(differences) + half])


def unpaired(a, b):
    half = 2.776 * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 5)
    return np.array([a.mean() - b.mean() - half, a.mean() - b.mean() + half])


def by_the_library(these, those):
    found = statistics.difference(these, those)
    return np.array([found.low, found.high])


RIGHT = [
    *((checks.difference, right) for right in [lambda a, b: interval(a - b), by_the_library]),
    *(
        (checks.mean_gates, right)
        for right in [
            lambda gates: np.tile(gates.mean(0), (len(gates), 1)),
            lambda gates: np.broadcast_to(gates.mean(axis=0), gates.shape),
            lambda gates: gates * 0 + gates.mean(0),
        ]
    ),
]

WRONG = [
    *(
        (checks.difference, *wrong)
        for wrong in [
            (lambda a, b: interval(a - b, ddof=0), "with `ddof=1`"),
            (lambda a, b: interval(a - b, root=False), "the square root of 5"),
            (lambda a, b: interval(a - b, t=1.96), "1.96 is for many runs"),
            (unpaired, "Subtract seed by seed first"),
            (lambda a, b: interval(b - a), "the other way round"),
            (lambda a, b: interval(a), "`these` alone"),
            (lambda a, b: np.array([(a - b).min(), (a - b).max()]), "the smallest and the largest"),
            (lambda a, b: (a - b).mean(), "the mean difference alone"),
            (lambda a, b: interval(a - b) + 0.01, "seed by seed, are 0.05, 0.04, 0.04, 0.07, 0"),
            (lambda a, b: tuple(interval(a - b)), "Wrap it: `np.array(...)`"),
            (lambda a, b: ..., "Nothing is returned yet"),
        ]
    ),
    *(
        (checks.mean_gates, *wrong)
        for wrong in [
            (lambda g: g.mean(0), "gates for every picture"),
            (lambda g: np.tile(g.mean(1), (g.shape[1], 1)).T, "averaged over the channels"),
            (lambda g: np.full(g.shape, g.mean()), "One number for everything"),
            (lambda g: np.ones(g.shape), "All ones"),
            (lambda g: np.full(g.shape, 0.5), "All one half"),
            (lambda g: g[[-1, *range(len(g) - 1)]], "other pictures' gates"),
            (lambda g: np.tile(g[0], (len(g), 1)), "the first one's gates"),
            (lambda g: np.tile(np.median(g, 0), (len(g), 1)), "the median"),
            (lambda g: g, "still depend on the picture"),
            (lambda g: np.tile(g.mean(0) / 2, (len(g), 1)), "every picture gets their mean"),
            (lambda g: None, "Nothing is returned yet"),
        ]
    ),
]
