"""Checks for notebook 06: channel gates from means and maxima, and the two maps of the places."""

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


def _blocks(*sizes: tuple[int, int, int, int]) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(6)
    return [
        {
            "feature_map": rng.integers(-9, 20, (height, width, channels)) / 10,
            "w1": rng.integers(-12, 13, (channels, hidden)) / 10,
            "w2": rng.integers(-12, 13, (hidden, channels)) / 10,
        }
        for height, width, channels, hidden in sizes
    ]


GATE_CASES = _blocks((2, 3, 4, 2), (5, 4, 6, 3), (3, 3, 8, 2), (4, 4, 4, 4), (1, 1, 3, 2))

_sigmoid, _relu = steps.sigmoid, steps.relu
_mean, _max = steps.global_average_pool, steps.global_max_pool


def _mlp(z: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> np.ndarray:
    return _relu(z @ w1) @ w2


def _expanded(x: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> np.ndarray:
    return _mlp(_mean(x), w1, w2) + _mlp(_max(x), w1, w2)


GATE_MISTAKES = (
    Mistake(
        _expanded,
        say(
            "The sums are right, but they are logits: any numbers. The sigmoid that makes gates of "
            "them is still to come."
        ),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_mlp(_mean(x), w1, w2)),
        say(
            "You use the means alone. That is Squeeze-and-Excitation. CBAM adds what the same MLP "
            "makes of the maxima."
        ),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_mlp(_max(x), w1, w2)),
        say("You use the maxima alone. CBAM adds what the same MLP makes of the means."),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_mlp(_mean(x), w1, w2)) + _sigmoid(_mlp(_max(x), w1, w2)),
        say(
            "You add after the sigmoid, so that a gate can rise above 1. Add the two results of "
            "the MLP first; the sigmoid comes once."
        ),
    ),
    Mistake(
        lambda x, w1, w2: (_sigmoid(_mlp(_mean(x), w1, w2)) + _sigmoid(_mlp(_max(x), w1, w2))) / 2,
        say(
            "You take the mean of two gates. Add the two results of the MLP first; the sigmoid "
            "comes once."
        ),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_mlp(_mean(x), w1, w2)) * _sigmoid(_mlp(_max(x), w1, w2)),
        say(
            "You multiply two gates. Add the two results of the MLP first; the sigmoid comes once."
        ),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_mlp(_mean(x) + _max(x), w1, w2)),
        say(
            "You add mean and maximum before the MLP. Each goes through it alone, as the ReLU "
            "between the layers makes a difference; then the two results are added."
        ),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_expanded(x, w1, w2) / 2),
        say("You take the mean of the two results. CBAM takes their sum."),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(2 * _mlp(_mean(x), w1, w2)),
        say(
            "You add what the MLP makes of the means twice. A real repository did. One of the two "
            "is for the maxima."
        ),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(np.maximum(_mlp(_mean(x), w1, w2), _mlp(_max(x), w1, w2))),
        say("You take the larger of the two results. CBAM takes their sum."),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid((_mean(x) + _max(x)) @ w1 @ w2),
        say("There is no ReLU between the two layers. It belongs after `w1`."),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_relu(_expanded(x, w1, w2))),
        say("There is a ReLU after the second layer, too. It lets no gate fall below 0.5."),
    ),
    Mistake(
        lambda x, w1, w2: _sigmoid(_mlp(np.stack([_mean(x), _max(x)]), w1, w2)),
        say(
            "These are two lists of gates, one for each pooled vector. Add the two results of the "
            "MLP first; the sigmoid comes once, after the sum."
        ),
    ),
    Mistake(
        lambda x, w1, w2: x * _sigmoid(_expanded(x, w1, w2)),
        say("You scaled the map already. Return the gates alone, one for each channel."),
    ),
)


@exercise
def channel_gates(yours: Callable) -> Verdict:
    """Check CBAM's channel gates: sigmoid(MLP(means) + MLP(maxima)), one and the same MLP.

    Args:
        yours: a function of `feature_map` (H, W, C), `w1` (C, hidden) and `w2` (hidden, C) to
            gates (C,).
    """
    return examine(
        yours,
        GATE_CASES,
        against(
            lambda feature_map, w1, w2: _sigmoid(_expanded(feature_map, w1, w2)),
            _how_gated,
        ),
        say(
            "Your gates agree with the library's on {cases} maps, negative values and a map "
            "of a single place among them.",
            cases=len(GATE_CASES),
        ),
        mistakes=GATE_MISTAKES,
    )


def _how_gated(
    index: tuple[int, ...], feature_map: np.ndarray, w1: np.ndarray, w2: np.ndarray
) -> str:
    (channel,) = index
    low, high = (_mlp(pool(feature_map), w1, w2)[channel] for pool in (_mean, _max))
    return say(
        "For a map of shape {shape}, the MLP makes {low} of the means and {high} of the maxima, "
        "for channel {channel}: together {both}, and the sigmoid follows.",
        shape=feature_map.shape,
        low=number(low),
        high=number(high),
        channel=channel,
        both=number(low + high),
    )


def _maps(*shapes: tuple[int, int, int]) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(7)
    return [{"feature_map": rng.integers(-9, 20, shape) / 10} for shape in shapes]


MAP_CASES = _maps((2, 3, 4), (4, 4, 4), (5, 2, 8), (3, 4, 1), (1, 1, 6))

OVER_THE_PLACES = say(
    "You pooled over the places: that is channel attention. Spatial attention needs a "
    "number for every place, so pool over the channels, the last axis."
)

MAP_MISTAKES = (
    Mistake(
        lambda x: np.stack([x.mean(-1), x.max(-1)], -1),
        say(
            "The two maps have changed places: the maximum comes first. With trained weights this "
            "would go wrong without an error, as the shapes agree. (The paper's Equation 3 has the "
            "mean first; the authors' code, and this exercise, the maximum.)"
        ),
    ),
    Mistake(lambda x: np.stack([_max(x), _mean(x)], -1), OVER_THE_PLACES),
    Mistake(lambda x: np.stack([_max(x), _mean(x)]), OVER_THE_PLACES),
    Mistake(
        lambda x: np.stack([x.max(-1), x.mean(-1)]),
        say(
            "The two maps come first, (2, H, W). Channels come last here: `axis=-1` in `np.stack`."
        ),
    ),
    Mistake(
        lambda x: np.concatenate([x.max(-1), x.mean(-1)], -1),
        say(
            "The two maps are side by side, as one that is twice as wide. They are stacked along a "
            "new last axis: `np.stack(..., axis=-1)`."
        ),
    ),
    Mistake(
        lambda x: np.stack([x.max(-1), x.sum(-1)], -1),
        say("The second map is a sum. Divide by the number of channels, or use `mean`."),
    ),
    Mistake(
        lambda x: np.stack([np.abs(x).max(-1), x.mean(-1)], -1),
        say("You took the largest value without its sign. The maximum of −3 and 1 is 1."),
    ),
    Mistake(
        lambda x: np.stack([x.max(-1), x.max(-1)], -1),
        say("Both maps are the maximum. The second one is the mean over the channels."),
    ),
    Mistake(
        lambda x: np.stack([x.mean(-1), x.mean(-1)], -1),
        say("Both maps are the mean. The first one is the maximum over the channels."),
    ),
    Mistake(lambda x: x.max(-1), say("This is the maximum alone. The mean belongs beside it.")),
    Mistake(lambda x: x.mean(-1), say("This is the mean alone. The maximum belongs beside it.")),
)


@exercise
def two_maps(yours: Callable) -> Verdict:
    """Check the maps that CBAM's spatial kernel looks at: maximum and mean over the channels.

    Args:
        yours: a function of `feature_map` (H, W, C) to (H, W, 2).
    """
    return examine(
        yours,
        MAP_CASES,
        against(lambda feature_map: np.stack([feature_map.max(-1), feature_map.mean(-1)], -1)),
        say(
            "Your two maps are right for {cases} stacks, with one channel and with eight: "
            "maximum first, then the mean.",
            cases=len(MAP_CASES),
        ),
        mistakes=MAP_MISTAKES,
    )
