"""Right and wrong answers to the exercises of notebook 06, and the words for each."""

import numpy as np

from attention_lib.course import checks
from tests.course.checks.answers_00_to_05 import relu, sigmoid


def mlp(pooled, w1, w2):
    return relu(pooled @ w1) @ w2


def answers(x, w1, w2):
    return mlp(x.mean((0, 1)), w1, w2), mlp(x.max((0, 1)), w1, w2)


def two(first, second, axis=-1):
    return np.stack([first, second], axis=axis)


RIGHT = [
    (checks.channel_gates, lambda x, w1, w2: sigmoid(sum(answers(x, w1, w2)))),
    (
        checks.channel_gates,
        lambda x, w1, w2: sigmoid((relu(two(x.mean((0, 1)), x.max((0, 1)), 0) @ w1) @ w2).sum(0)),
    ),
    (checks.two_maps, lambda x: two(x.max(-1), x.mean(-1))),
    (checks.two_maps, lambda x: np.dstack([x.max(2), x.sum(2) / x.shape[2]])),
]

WRONG = [
    *(
        (checks.channel_gates, *wrong)
        for wrong in [
            (lambda x, w1, w2: sum(answers(x, w1, w2)), "they are logits"),
            (lambda x, w1, w2: sigmoid(answers(x, w1, w2)[0]), "the means alone"),
            (lambda x, w1, w2: sigmoid(answers(x, w1, w2)[1]), "the maxima alone"),
            (lambda x, w1, w2: sum(map(sigmoid, answers(x, w1, w2))), "add after the sigmoid"),
            (lambda x, w1, w2: sigmoid(np.stack(answers(x, w1, w2))), "two lists of gates"),
            (lambda x, w1, w2: sum(map(sigmoid, answers(x, w1, w2))) / 2, "the mean of two gates"),
            (
                lambda x, w1, w2: np.prod([*map(sigmoid, answers(x, w1, w2))], 0),
                "multiply two gates",
            ),
            (
                lambda x, w1, w2: sigmoid(mlp(x.mean((0, 1)) + x.max((0, 1)), w1, w2)),
                "before the MLP",
            ),
            (lambda x, w1, w2: sigmoid(sum(answers(x, w1, w2)) / 2), "mean of the two results"),
            (lambda x, w1, w2: sigmoid(2 * answers(x, w1, w2)[0]), "of the means twice"),
            (lambda x, w1, w2: sigmoid(np.maximum(*answers(x, w1, w2))), "the larger of the two"),
            (
                lambda x, w1, w2: sigmoid((x.mean((0, 1)) + x.max((0, 1))) @ w1 @ w2),
                "no ReLU between",
            ),
            (
                lambda x, w1, w2: sigmoid(relu(sum(answers(x, w1, w2)))),
                "ReLU after the second layer",
            ),
            (lambda x, w1, w2: x * sigmoid(sum(answers(x, w1, w2))), "Return the gates alone"),
            (lambda x, w1, w2: sigmoid(sum(answers(x, w1, w2)) + 1), "the sigmoid follows"),
            (lambda x, w1, w2: ..., "Nothing is returned yet"),
        ]
    ),
    *(
        (checks.two_maps, *wrong)
        for wrong in [
            (lambda x: two(x.mean(-1), x.max(-1)), "have changed places"),
            (lambda x: two(x.max((0, 1)), x.mean((0, 1))), "pooled over the places"),
            (lambda x: two(x.max((0, 1)), x.mean((0, 1)), 0), "pooled over the places"),
            (lambda x: two(x.max(-1), x.mean(-1), 0), "come first"),
            (lambda x: np.concatenate([x.max(-1), x.mean(-1)], -1), "side by side"),
            (lambda x: two(x.max(-1), x.sum(-1)), "is a sum"),
            (lambda x: two(abs(x).max(-1), x.mean(-1)), "without its sign"),
            (lambda x: two(x.max(-1), x.max(-1)), "Both maps are the maximum"),
            (lambda x: two(x.mean(-1), x.mean(-1)), "Both maps are the mean"),
            (lambda x: x.max(-1), "the maximum alone"),
            (lambda x: x.mean(-1), "the mean alone"),
            (lambda x: two(x.max(-1), x.mean(-1)) + 1, "The answer is"),
            (lambda x: ..., "Nothing is returned yet"),
        ]
    ),
]
