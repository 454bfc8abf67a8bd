"""Checks for notebook 11: the mean that attention weights, and the response that is normalised."""

from collections.abc import Callable

import numpy as np

from attention_lib import steps
from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
)
from attention_lib.language import say
from attention_lib.steps import softmax


def _maps(seed: int, *sizes: tuple[int, int, int]) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(-9, 20, size) / 10 for size in sizes]


SIZES = (1, 2, 2), (2, 3, 3), (3, 3, 3), (4, 5, 2), (5, 2, 6), (3, 4, 1)

CONTEXT_CASES = [
    {"feature_map": x, "attend": np.random.default_rng(i).integers(-12, 13, x.shape[-1]) / 10}
    for i, x in enumerate(_maps(11, *SIZES))
]
CONTEXT_CASES.append({"feature_map": 1000 * CONTEXT_CASES[1]["feature_map"], "attend": np.ones(3)})


def _context(feature_map: np.ndarray, attend: np.ndarray) -> np.ndarray:
    """What GCNet weighs out of the map, by the library."""
    channels = len(attend)
    layers = np.zeros((channels, 1)), None, np.zeros((1, channels)), None
    return steps.gcnet_forward(feature_map, steps.GCNetWeights(attend, *layers)).context


def _weighed(attention: np.ndarray, x: np.ndarray) -> np.ndarray:
    return (attention[..., None] * x).sum((0, 1))


def _flat_softmax(scores: np.ndarray) -> np.ndarray:
    return softmax(scores.ravel()).reshape(scores.shape)


CONTEXT_MISTAKES = (
    Mistake(
        lambda x, a: x.mean((0, 1)),
        say(
            "This is the plain mean, SE's squeeze: every place counts alike. Here a place counts "
            "by its score, and `attend` makes the scores."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(softmax(x @ a), x),
        say(
            "Your softmax runs along each row of the map alone, so that every row sums to one. All "
            "places compete here: flatten the scores before the softmax."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(softmax((x @ a).T).T, x),
        say(
            "Your softmax runs along each column of the map alone, so that every column sums to "
            "one. All places compete here: flatten the scores before the softmax."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(steps.sigmoid(x @ a), x),
        say(
            "You weigh the places by sigmoids. They do not sum to one, so that a larger map would "
            "give a larger result. A softmax shares one out among all places."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(steps.sigmoid(x @ a), x) / x[..., 0].size,
        say(
            "You take the mean of gated places. Here the weights themselves sum to one: a softmax "
            "over all places."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(np.exp(x @ a), x),
        say(
            "The weights are not divided by their sum. `exp` is half of a softmax; then all of "
            "them are made to sum to one."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(x @ a, x),
        say(
            "You weigh each place by its score as it is, and scores can be negative. A softmax "
            "makes weights of them."
        ),
    ),
    Mistake(
        lambda x, a: _weighed(_flat_softmax(x @ a), x) / x[..., 0].size,
        say(
            "You divide by the number of places, too. The weights sum to one already: add up what "
            "they weigh."
        ),
    ),
    Mistake(
        lambda x, a: softmax(x.reshape(-1, len(a)) * a).mean(0),
        say(
            "Your softmax runs over the channels of a place. It is the places that compete: one "
            "score for each, `feature_map @ attend`."
        ),
    ),
    Mistake(
        lambda x, a: (softmax(x.reshape(-1, len(a)).T) * x.reshape(-1, len(a)).T).sum(-1),
        say(
            "Each channel has weights of its own here. There is one score for a place, "
            "`feature_map @ attend`, and all channels are weighed by it."
        ),
    ),
    Mistake(
        lambda x, a: _flat_softmax(x @ a),
        say(
            "These are the weights of the places. With them the places' numbers are still to be "
            "added up, channel by channel."
        ),
    ),
    Mistake(
        lambda x, a: x + _weighed(_flat_softmax(x @ a), x),
        say("You add the context to the map. That is a later step: return the C numbers alone."),
    ),
    Mistake(
        lambda x, a: x.reshape(-1, len(a))[np.argmax(x @ a)],
        say(
            "You take the place with the highest score alone. That is hard attention; here all "
            "places count, by their softmax."
        ),
    ),
)


@exercise
def context(yours: Callable) -> Verdict:
    """Check GCNet's context: a mean over all places, weighted by a softmax of their scores.

    Args:
        yours: a function of `feature_map` (H, W, C) and `attend` (C,) to (C,).
    """
    return examine(
        yours,
        CONTEXT_CASES,
        against(_context),
        say(
            "Your context is right for {cases} maps, also where scores are in the "
            "thousands. With `attend` at zero it would be SE's squeeze.",
            cases=len(CONTEXT_CASES),
        ),
        mistakes=CONTEXT_MISTAKES,
    )


RESPONSE_CASES = [
    {
        "feature_map": x,
        "gamma": np.random.default_rng(i).integers(-12, 13, x.shape[-1]) / 10,
        "beta": np.random.default_rng(i + 50).integers(-5, 6, x.shape[-1]) / 10,
    }
    for i, x in enumerate(_maps(12, *SIZES))
]


def _respond(
    norms: Callable[[np.ndarray], np.ndarray],
    ratio: Callable[[np.ndarray], np.ndarray] = lambda n: n / n.mean(),
    residual: bool = True,
) -> Callable[..., np.ndarray]:
    """GRN with other norms, another ratio, or without its residual."""

    def response(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> np.ndarray:
        return gamma * x * ratio(norms(x)) + beta + residual * x

    return response


def _norms(x: np.ndarray) -> np.ndarray:
    return np.sqrt((x**2).sum((0, 1)))


RESPONSE_MISTAKES = (
    Mistake(
        _respond(_norms, residual=False),
        say(
            "The last `+ x` is missing. With gamma and beta at zero your layer gives back zeros; "
            "GRN gives back its input."
        ),
    ),
    Mistake(
        _respond(_norms, lambda n: n / n.sum()),
        say(
            "You divide by the sum over the channels, so that the ratios sum to one. GRN divides "
            "by their mean: a channel of average strength has a ratio of 1."
        ),
    ),
    Mistake(
        _respond(_norms, lambda n: n / n.max()),
        say(
            "You divide by the strongest channel. GRN divides by the mean of all: the strong ones "
            "come above 1."
        ),
    ),
    Mistake(
        _respond(_norms, lambda n: n),
        say("The norms are not yet compared: divide each by the mean over the channels."),
    ),
    Mistake(
        _respond(lambda x: (x**2).sum((0, 1))),
        say("The root is missing: a norm is the root of the sum of squares."),
    ),
    Mistake(
        _respond(lambda x: np.abs(x).sum((0, 1))),
        say("You add up sizes. The norm here is of the second kind: squares, their sum, the root."),
    ),
    Mistake(
        _respond(lambda x: x.mean((0, 1))),
        say(
            "You compare means. GRN compares norms, in which negative numbers count, too: squares, "
            "their sum, the root."
        ),
    ),
    Mistake(
        _respond(lambda x: x.max((0, 1))),
        say(
            "You compare maxima. GRN compares norms: squares, their sum over the places, the root."
        ),
    ),
    Mistake(
        _respond(lambda x: np.sqrt((x**2).sum(-1, keepdims=True)), lambda n: n / n.mean((0, 1))),
        say(
            "Your norms run over the channels of a place, so that places compete. Here channels "
            "do: one norm for each, over all its places."
        ),
    ),
    Mistake(
        lambda x, gamma, beta: gamma * (x * _norms(x) / _norms(x).mean() + x) + beta,
        say("gamma multiplies the last x, too. It belongs to x times the ratio alone."),
    ),
    Mistake(
        lambda x, gamma, beta: _norms(x) / _norms(x).mean(),
        say("These are the ratios. They are still to multiply x, then gamma, beta and x come in."),
    ),
    Mistake(
        lambda x, gamma, beta: x * _norms(x) / _norms(x).mean(),
        say("This is x times the ratio. Then comes gamma, and beta and x are added."),
    ),
)


@exercise
def response(yours: Callable) -> Verdict:
    """Check GRN: x times its channel's strength beside the others', then gamma, beta, and + x.

    Args:
        yours: a function of `feature_map` (H, W, C), `gamma` (C,) and `beta` (C,) to (H, W, C).
    """
    return examine(
        yours,
        RESPONSE_CASES,
        against(
            lambda feature_map, gamma, beta: steps.grn_forward(feature_map, gamma, beta).output
        ),
        say(
            "Your layer is right for {cases} maps, with one channel and with six. A new "
            "one, gamma and beta at zero, changes nothing.",
            cases=len(RESPONSE_CASES),
        ),
        mistakes=RESPONSE_MISTAKES,
    )
