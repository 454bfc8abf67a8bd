"""Right and wrong answers to the exercises of notebook 07, and the words for each."""

import numpy as np

from attention_lib.course import checks


def weights(stages, r):
    return sum(n * 2 * c * (c // r) for n, c in stages)


def share(stages, r):
    return weights(stages[-1:], r) / weights(stages, r)


def by_loop(stages, r):
    found = 0
    for n, c in stages:
        found += n * (c * (c // r) + (c // r) * c)
    return found


RIGHT = [
    (checks.network_weights, weights),
    (checks.network_weights, by_loop),
    (checks.network_weights, lambda s, r: np.int64(weights(s, r))),
    (checks.last_share, share),
    (checks.last_share, lambda s, r: np.float64(share(s, r))),
]

WRONG = [
    *(
        (checks.network_weights, *wrong)
        for wrong in [
            (lambda s, r: sum(2 * c * (c // r) for _, c in s), "one block a stage"),
            (lambda s, r: sum(n * c * (c // r) for n, c in s), "one layer a block"),
            (
                lambda s, r: sum(n * (2 * c * (c // r) + c // r + c) for n, c in s),
                "the biases, too",
            ),
            (lambda s, r: sum(n * (2 * c * c // r) for n, c in s), "cut after multiplying"),
            (lambda s, r: sum(n * 2 * c * c // r for n, c in s), "cut after multiplying"),
            (lambda s, r: sum(n * 2 * c * r for n, c in s), "You took r"),
            (lambda s, r: sum(n * 2 * c * c for n, c in s), "two full layers"),
            (lambda s, r: weights(s[-1:], r), "the last stage alone"),
            (lambda s, r: weights(s[:1], r), "the first stage alone"),
            (
                lambda s, r: 2 * sum(n * c for n, c in s) * (sum(n * c for n, c in s) // r),
                "added up the channels first",
            ),
            (lambda s, r: sum(n * 2 * c * c / r for n, c in s), "a decimal number"),
            (lambda s, r: weights(s, r) + 1, "3 × 2 · 8 · 2 + 2 × 2 · 16 · 4. The answer is 352"),
            (lambda s, r: ..., "Nothing is returned yet"),
        ]
    ),
    *(
        (checks.last_share, *wrong)
        for wrong in [
            (lambda s, r: 100 * share(s, r), "in percent"),
            (lambda s, r: 1 - share(s, r), "all the other stages"),
            (lambda s, r: s[-1][0] / sum(n for n, _ in s), "share of the blocks"),
            (lambda s, r: s[-1][0] * s[-1][1] / sum(n * c for n, c in s), "grow with C."),
            (
                lambda s, r: s[-1][1] * (s[-1][1] // r) / sum(c * (c // r) for _, c in s),
                "one block a stage",
            ),
            (lambda s, r: s[-1][1] ** 2 / sum(c**2 for _, c in s), "one block a stage"),
            (lambda s, r: weights(s[-1:], r) // weights(s, r), "divided with `//`"),
            (lambda s, r: weights(s, r) / weights(s[-1:], r), "the whole by the part"),
            (weights, "weights of all stages"),
            (lambda s, r: weights(s[:1], r) / weights(s, r), "the first stage"),
            (
                lambda s, r: s[-1][0] * s[-1][1] ** 2 / sum(n * c**2 for n, c in s),
                "Nearly: where r",
            ),
            (lambda s, r: weights(s[-1:], r), "Divide by those of all stages"),
            (lambda s, r: share(s, r) + 0.01, "the last stage has 256 of 352 weights"),
            (lambda s, r: float("nan"), "yours is nan"),
            (lambda s, r: "62.5 %", "something of type `str`"),
            (lambda s, r: True, "something of type `bool`"),
            (lambda s, r: ..., "Nothing is returned yet"),
        ]
    ),
]
