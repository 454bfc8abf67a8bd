"""Right and wrong answers to the exercises of notebook 09, and the words for each."""

import numpy as np

from attention_lib.course import checks

RIGHT = [
    (checks.movement, lambda gates: gates.std(axis=0)),
    (checks.movement, lambda gates: np.sqrt(((gates - gates.mean(0)) ** 2).mean(0))),
    (checks.most_changed, lambda a, b: np.argsort(-np.abs(b - a))),
    (checks.most_changed, lambda a, b: np.argsort(np.abs(a - b))[::-1]),
    (checks.most_changed, lambda a, b: np.argsort((a - b) ** 2)[::-1]),
]

WRONG = [
    (checks.movement, lambda g: g.std(axis=1), "You went along the channels"),
    (checks.movement, lambda g: np.std(g), "You took all gates together"),
    (checks.movement, lambda g: g.mean(axis=0), "what each gate is on average"),
    (checks.movement, lambda g: g.var(axis=0), "This is the variance"),
    (checks.movement, lambda g: g.max(0) - g.min(0), "from the lowest to the highest"),
    (checks.movement, lambda g: g.std(0, ddof=1), "You divided by n − 1"),
    (checks.movement, lambda g: g.std(0) + 1, "Take the standard deviation of these"),
    (checks.movement, lambda g: None, "Nothing is returned yet"),
    (checks.most_changed, lambda a, b: np.argsort(a - b), "`second - first` with its sign"),
    (checks.most_changed, lambda a, b: np.argsort(b - a), "`first - second` with its sign"),
    (checks.most_changed, lambda a, b: np.argsort(np.abs(b - a)), "begins at the wrong end"),
    (checks.most_changed, lambda a, b: np.abs(b - a), "the distances, channel by channel"),
    (
        checks.most_changed,
        lambda a, b: -np.sort(-np.abs(b - a)),
        "Which channels changed so much",
    ),
    (
        checks.most_changed,
        lambda a, b: np.argsort(np.argsort(-np.abs(b - a))),
        "its place in the ranking",
    ),
    (checks.most_changed, lambda a, b: np.argsort(-np.abs(b - a))[:1], "has the shape"),
]
