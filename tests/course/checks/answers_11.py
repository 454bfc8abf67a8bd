"""Right and wrong answers to the exercises of notebook 11, and the words for each."""

import numpy as np

from attention_lib import steps
from attention_lib.course import checks
from tests.course.checks.answers_00_to_05 import sigmoid


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def share(x, attend):
    return softmax((x @ attend).ravel()).reshape(x.shape[:2])


def weigh(shares, x):
    return np.einsum("ij,ijc->c", shares, x)


def norms(x):
    return np.sqrt(np.square(x).sum((0, 1)))


def ratios(x):
    return norms(x) / norms(x).mean()


def scores_of_channels(x):
    return x.reshape(-1, x.shape[-1]).T


def shares_without_care(x, attend):
    powers = np.exp(x @ attend)
    return powers / powers.sum()


def responds(to, over=None):
    """GRN with what it compares, divided by its mean, or by what is given."""

    def response(x, gamma, beta):
        compared = to(x)
        return gamma * x * compared / (over or np.mean)(compared) + beta + x

    return response


RIGHT = [
    (checks.context, lambda x, attend: weigh(share(x, attend), x)),
    (
        checks.context,
        lambda x, attend: steps.softmax((x @ attend).ravel()) @ x.reshape(-1, x.shape[-1]),
    ),
    (checks.response, lambda x, gamma, beta: gamma * x * ratios(x) + beta + x),
    (
        checks.response,
        lambda x, gamma, beta: (
            (1 + gamma * (n := np.linalg.norm(x, axis=(0, 1))) / n.mean()) * x + beta
        ),
    ),
]

WRONG = [
    *(
        (checks.context, *wrong)
        for wrong in [
            (lambda x, attend: x.mean((0, 1)), "the plain mean"),
            (lambda x, attend: weigh(softmax(x @ attend), x), "each row of the map"),
            (lambda x, attend: weigh(softmax((x @ attend).T).T, x), "each column of the map"),
            (lambda x, attend: weigh(sigmoid(x @ attend), x), "do not sum to one"),
            (
                lambda x, attend: (sigmoid(x @ attend)[..., None] * x).mean((0, 1)),
                "the mean of gated places",
            ),
            (lambda x, attend: weigh(np.exp(x @ attend), x), "not divided by their sum"),
            (lambda x, attend: weigh(x @ attend, x), "scores can be negative"),
            (
                lambda x, attend: (share(x, attend)[..., None] * x).mean((0, 1)),
                "divide by the number of places",
            ),
            (
                lambda x, attend: softmax(x.reshape(-1, len(attend)) * attend).mean(0),
                "over the channels of a place",
            ),
            (
                lambda x, attend: (softmax(scores_of_channels(x)) * scores_of_channels(x)).sum(-1),
                "Each channel has weights of its own",
            ),
            (share, "the weights of the places"),
            (lambda x, attend: x + weigh(share(x, attend), x), "add the context to the map"),
            (
                lambda x, attend: x.reshape(-1, len(attend))[(x @ attend).argmax()],
                "hard attention",
            ),
            (
                lambda x, attend: weigh(shares_without_care(x, attend), x),
                "not a number",  # where scores are in the thousands
            ),
            (lambda x, attend: weigh(share(x, attend), x) + 1, "The answer is"),
            (lambda x, attend: ..., "Nothing is returned yet"),
        ]
    ),
    *(
        (checks.response, *wrong)
        for wrong in [
            (lambda x, gamma, beta: gamma * x * ratios(x) + beta, "The last `+ x` is missing"),
            (responds(norms, np.sum), "the sum over the channels"),
            (responds(norms, np.max), "the strongest channel"),
            (responds(norms, lambda compared: 1), "not yet compared"),
            (responds(lambda x: np.square(norms(x))), "The root is missing"),
            (responds(lambda x: abs(x).sum((0, 1))), "You add up sizes"),
            (responds(lambda x: x.mean((0, 1))), "You compare means"),
            (responds(lambda x: x.max((0, 1))), "You compare maxima"),
            (responds(lambda x: np.linalg.norm(x, axis=-1, keepdims=True)), "places compete"),
            (
                lambda x, gamma, beta: gamma * (x * ratios(x) + x) + beta,
                "gamma multiplies the last x",
            ),
            (lambda x, gamma, beta: ratios(x), "These are the ratios"),
            (lambda x, gamma, beta: x * ratios(x), "x times the ratio"),
            (lambda x, gamma, beta: gamma * x * ratios(x) + beta + x + 1, "The answer is"),
            (lambda x, gamma, beta: ..., "Nothing is returned yet"),
        ]
    ),
]
