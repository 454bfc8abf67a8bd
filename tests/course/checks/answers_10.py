"""Right and wrong answers to the exercises of notebook 10, and the words for each."""

import numpy as np

from attention_lib.course import checks
from tests.course.checks.answers_00_to_05 import relu, sigmoid


def even(level=1.0):
    return np.full((4, 4, 8), level)


def lit(by=8.0):
    """As bright as `even` in the mean, most of it at one pixel."""
    maps = np.full((4, 4, 8), 1 - by / 16)
    maps[1, 2] += by
    return maps


def moved(gates, first, second):
    return not np.allclose(gates(first), gates(second))


def moves_light_about(gates):
    maps = np.random.default_rng(0).uniform(0, 2, (6, 5, 8))
    other = maps * maps
    return bool(
        np.abs(gates(maps) - gates(other * maps.mean((0, 1)) / other.mean((0, 1)))).max() > 1e-6
    )


def block(x, w1, w2, *, squeeze=lambda x: x.mean((1, 2), keepdims=True), relu=relu, gate=sigmoid):
    return x * gate(relu(squeeze(x) @ w1) @ w2)


def other(**changes):
    return lambda x, w1, w2: block(x, w1, w2, **changes)


def twice(x):
    return sigmoid(sigmoid(x))


RIGHT = [
    (checks.uses_maximum, lambda gates: moved(gates, even(), lit())),
    (checks.uses_maximum, moves_light_about),
    (checks.repaired, lambda x, w1, w2: block(x, w1, w2)),
    (
        checks.repaired,
        lambda x, w1, w2: x * sigmoid(relu(x.mean((1, 2)) @ w1) @ w2)[:, None, None],
    ),
]

WRONG = [
    *(
        (checks.uses_maximum, *wrong)
        for wrong in [
            (lambda gates: True, "It never called `gates`"),
            (lambda gates: False, "It never called `gates`"),
            (lambda gates: gates(lit()).shape == (8,), "one map alone"),
            (lambda gates: bool(gates(lit()).max() < 2), "one map alone"),
            (lambda gates: moved(gates, even(), even(2)), "the mean of a channel changes by 1,"),
            (lambda gates: moved(gates, even(), 2 * lit()), "the mean of a channel changes by 1,"),
            (lambda gates: moved(gates, lit(), lit()[::-1]), "have the same maximum"),
            (lambda gates: moved(gates, even(), even()), "have the same maximum"),
            (lambda gates: not moved(gates, even(), lit()), "though the means had not"),
            (
                lambda gates: bool((gates(even(0.3)) != gates(0.3 * lit(7.3))).any()),
                "which is rounding",
            ),
            (lambda gates: gates(even()) == gates(lit()), "returns 8 answers"),
            (lambda gates: gates(even()) - gates(lit()), "It must decide"),
            (lambda gates: "yes", "It must decide"),
            (lambda gates: gates(np.ones((4, 4, 3))), "wants maps of shape (H, W, 8)"),
            (lambda gates: gates(np.ones((4, 4))), "had been given the function `gates`"),
            (lambda gates: ..., "Nothing is returned yet"),
        ]
    ),
    *(
        (checks.repaired, *wrong)
        for wrong in [
            (other(squeeze=lambda x: x, gate=twice), "what the block did before"),
            (other(squeeze=lambda x: x), "every place has gates of its own"),
            (other(gate=twice), "no gate can be below 0.5"),
            (other(squeeze=lambda x: x.mean((1, 2)), gate=twice), "two mistakes are left"),
            (other(squeeze=lambda x: x.mean((1, 2))), "the one that hides"),
            (other(squeeze=lambda x: x.mean((0, 1, 2))), "average over the pictures"),
            (other(squeeze=lambda x: x.mean((0, 1, 2), keepdims=True)), "over the pictures"),
            (other(relu=lambda x: x), "The ReLU between the two layers has gone"),
            (other(gate=lambda x: x), "no sigmoid at all"),
            (
                (lambda x, w1, w2: (block(x, w1, w2) / x)[:, :1, :1]),
                "The maps are still to be multiplied",
            ),
            (lambda x, w1, w2: (block(x, w1, w2) / x)[:, 0, 0], "still to be multiplied"),
            (other(squeeze=lambda x: x.max((1, 2), keepdims=True)), "by the maximum"),
            (lambda x, w1, w2: block(x, w1, w2) + 1, "The answer is"),
            (lambda x, w1, w2: ..., "Nothing is returned yet"),
        ]
    ),
]
