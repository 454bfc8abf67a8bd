"""Checks for notebook 02: excitation, and how many parameters it has."""

from collections.abc import Callable

import numpy as np

from attention_lib import steps
from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    listed,
)
from attention_lib.language import say


def _summaries(*sizes: tuple[int, int]) -> list[dict[str, np.ndarray]]:
    """Summaries and weights of C channels and some hidden units, to one decimal."""
    rng = np.random.default_rng(11)
    return [
        {
            "squeezed": rng.random(channels).round(1) + 0.1,
            "reduce": rng.normal(0, 1, (channels, hidden)).round(1),
            "expand": rng.normal(0, 1, (hidden, channels)).round(1),
        }
        for channels, hidden in sizes
    ]


# The first has one hidden unit that says yes and one that says no, so that nothing hides.
EXCITE_CASES = [
    {
        "squeezed": np.array([0.5, 1.0, 0.2]),
        "reduce": np.array([[2.0, -1.0], [1.0, -3.0], [0.0, 1.0]]),
        "expand": np.array([[1.0, -1.0, 0.5], [2.0, 1.0, -1.0]]),
    },
    *_summaries((4, 1), (8, 2), (16, 4), (24, 6), (5, 5), (1, 1), (64, 4)),
    {
        "squeezed": np.array([1.0, 2.0]),
        "reduce": np.array([[400.0], [300.0]]),
        "expand": np.array([[3.0, -3.0]]),
    },
    {"squeezed": np.ones(6), "reduce": np.zeros((6, 2)), "expand": np.zeros((2, 6))},
]


def _logits(squeezed: np.ndarray, reduce: np.ndarray, expand: np.ndarray) -> np.ndarray:
    return steps.relu(squeezed @ reduce) @ expand


STOPS_HALFWAY = say(
    "You stop at the hidden units. They are the questions; the answers, one for each channel, come "
    "from the second layer: `@ expand`, then the sigmoid."
)

EXCITE_MISTAKES = (
    Mistake(
        lambda z, w1, w2: z @ w1 @ w2,
        say(
            "Both curves are missing: ReLU after the first layer, and the sigmoid at the end, "
            "which makes gates between 0 and 1."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(z @ w1 @ w2),
        say(
            "There is no ReLU between the two layers. Without it they are one matrix, W1 @ W2, and "
            "a negative sum changes the gates as strongly as a positive one, the other way."
        ),
    ),
    Mistake(
        _logits,
        say(
            "These are the logits: any numbers, above one and below zero. A gate lies between 0 "
            "and 1. The sigmoid is still to come."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.softmax(_logits(z, w1, w2)),
        say(
            "These sum to one: that is softmax, and channels would compete for a fixed amount. "
            "Each gate decides for itself, and all may be open at once. Use the sigmoid."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(steps.sigmoid(_logits(z, w1, w2))),
        say(
            "The sigmoid is applied twice. All gates then lie between 0.5 and 0.73: none can close."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(steps.relu(z @ w1 @ w2)),
        say(
            "ReLU stands after the second layer. There it lets no logit be below zero, so that no "
            "gate falls below 0.5. It belongs between the two layers."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(steps.relu(_logits(z, w1, w2))),
        say(
            "There is a ReLU after the second layer, too. It lets no logit be below zero, so that "
            "no gate falls below 0.5. After the second layer comes the sigmoid alone."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.relu(_logits(z, w1, w2)),
        say(
            "You end with ReLU. It has no upper end, and a gate lies between 0 and 1. After the "
            "second layer comes the sigmoid."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(steps.sigmoid(z @ w1) @ w2),
        say(
            "You have a sigmoid where ReLU belongs: between the two layers. A negative sum must "
            "become 0, and a sigmoid never gives 0."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.relu(steps.sigmoid(z @ w1) @ w2),
        say(
            "The two curves have changed places. ReLU belongs between the layers, where it makes a "
            "no 0; the sigmoid comes last and makes gates between 0 and 1."
        ),
    ),
    Mistake(
        lambda z, w1, w2: 1 - steps.sigmoid(_logits(z, w1, w2)),
        say(
            "Every gate is one minus what it should be: open where it should be closed. Look at "
            "the sign in the exponent: the sigmoid is 1 / (1 + exp(−x))."
        ),
    ),
    Mistake(
        lambda z, w1, w2: np.tanh(_logits(z, w1, w2)),
        say(
            "This is tanh. It goes from −1 to 1 and would turn maps upside down. A gate lies "
            "between 0 and 1: use the sigmoid."
        ),
    ),
    Mistake(
        lambda z, w1, w2: z * steps.sigmoid(_logits(z, w1, w2)),
        say(
            "You multiplied the gates by the summary. That is scaling, and it is done to the "
            "feature map, in the next step. Return the gates alone."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(z),
        say(
            "Each gate looks at its own channel only, and the weights are not used. Excitation "
            "lets every gate depend on all channels, by way of the hidden units."
        ),
    ),
    Mistake(
        lambda z, w1, w2: 1 + np.exp(-_logits(z, w1, w2)),
        say(
            "Brackets are missing: `1 / 1 + ...` divides first and adds then. All that is below "
            "the line belongs into one pair: `1 / (1 + ...)`."
        ),
    ),
    Mistake(
        lambda z, w1, w2: np.round(steps.sigmoid(_logits(z, w1, w2))),
        say("You rounded the gates, so that each is open or shut. A gate may lie in between."),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(steps.relu(z @ w1) @ w1.T),
        say(
            "You went back with `reduce`, turned on its side. The second layer has weights of its "
            "own, `expand`: what a unit asks and what it opens are two things."
        ),
    ),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(np.abs(z @ w1) @ w2),
        say(
            "You took the size without its sign, so that a clear no counts as a clear yes. ReLU "
            "makes it 0."
        ),
    ),
    Mistake(lambda z, w1, w2: steps.relu(z @ w1), STOPS_HALFWAY),
    Mistake(lambda z, w1, w2: steps.sigmoid(steps.relu(z @ w1)), STOPS_HALFWAY),
    Mistake(
        lambda z, w1, w2: steps.sigmoid(_logits(z, w1, w2))[None],
        say(
            "The numbers are right, and stand in a row of their own. One axis is wanted, not two: "
            "take the row out with `[0]`."
        ),
    ),
)


def _asked(index: tuple[int, ...], squeezed, reduce, expand) -> str:
    if squeezed.size > 3:
        return say(
            "Take {channels} channels and {units} hidden units: gate {gate}.",
            channels=squeezed.size,
            units=reduce.shape[1],
            gate=index[0],
        )
    before = squeezed @ reduce
    return say(
        "With z = {squeezed} the hidden units are {before} before ReLU; now follow gate {gate}, "
        "which weights them with {weights}.",
        squeezed=listed(squeezed),
        before=listed(before),
        gate=index[0],
        weights=listed(expand[:, index[0]]),
    )


@exercise
def excite(yours: Callable) -> Verdict:
    """Check an excitation without biases: sigmoid(relu(z @ W1) @ W2).

    Args:
        yours: a function of `squeezed` (C,), `reduce` (C, hidden) and `expand` (hidden, C).
    """
    return examine(
        yours,
        EXCITE_CASES,
        against(steps.excite, _asked),
        say(
            "Your gates agree with the library's in {cases} cases, with hidden units at 0, "
            "with very large logits, and with weights that are all zero (every gate 0.5).",
            cases=len(EXCITE_CASES),
        ),
        mistakes=EXCITE_MISTAKES,
    )


PARAMETER_CASES = [
    {"channels": channels, "reduction": reduction}
    for channels, reduction in (
        *((24, 4), (30, 4), (20, 16), (256, 16), (2048, 16), (8, 1), (1, 1)),
        *np.random.default_rng(1).integers((32, 1), (1024, 33), (12, 2)).tolist(),
    )
]


def _parameters(channels: int, reduction: int) -> int:
    hidden = steps.hidden_width(channels, reduction)
    return channels * hidden + hidden + hidden * channels + channels


PARAMETER_MISTAKES = (
    Mistake(
        lambda c, r: 2 * c * (c // r),
        say(
            "These are the weights of both layers. The biases are missing: one number for each "
            "hidden unit and one for each gate."
        ),
    ),
    Mistake(
        lambda c, r: c * (c // r) + c // r,
        say(
            "This is the first layer alone. The second leads back from the hidden units to the "
            "channels, with weights and biases of its own."
        ),
    ),
    Mistake(
        lambda c, r: c * (c // r) + c,
        say(
            "This is the second layer alone. The first leads from the channels to the hidden "
            "units, with weights and biases of its own."
        ),
    ),
    Mistake(
        lambda c, r: 2 * c * (c // r) + c,
        say("The biases of the hidden units are missing: one for each of the C // r."),
    ),
    Mistake(
        lambda c, r: (2 * c + 1) * (c // r),
        say("The biases of the second layer are missing: one for each gate, C of them."),
    ),
    Mistake(
        lambda c, r: 2 * (c + 1) * (c // r),
        say(
            "Both layers have the biases of the first. A layer has one bias for each of its "
            "outputs, and the second layer has C outputs."
        ),
    ),
    Mistake(
        lambda c, r: 2 * c * (c // r) + 2 * c,
        say(
            "Both layers have the biases of the second. A layer has one bias for each of its "
            "outputs, and the first layer has C // r outputs."
        ),
    ),
    Mistake(
        lambda c, r: 2 * c * (c // r) + 2,
        say(
            "You counted one bias for each layer. There is one for each *output* of a layer: C // "
            "r in the first, C in the second."
        ),
    ),
    Mistake(
        lambda c, r: 2 * c * (c % r) + c % r + c,
        say("`%` is what is left over when C is divided by r. How often r fits in is `//`."),
    ),
    Mistake(
        lambda c, r: 2 * c * r + r + c,
        say(
            "You took r for the number of hidden units. r divides: there are C // r of them. (A "
            "well-known repository shipped this.)"
        ),
    ),
    Mistake(
        lambda c, r: 2 * c * c + 2 * c,
        say(
            "These are two full layers, C to C. The first leads to C // r hidden units only: this "
            "is what r saves."
        ),
    ),
    Mistake(
        lambda c, r: c * c + c,
        say("This is one full layer, C to C. There are two thin ones: C to C // r, and back to C."),
    ),
    Mistake(
        lambda c, r: 2 * c * (c / r) + c / r + c,
        say(
            "Where r does not divide C, a hidden unit in part is no hidden unit: the width is C // "
            "r, a whole number."
        ),
    ),
    Mistake(
        lambda c, r: int(2 * c * (c / r) + c / r + c),
        say(
            "You cut to a whole number at the end. Cut first: the width is C // r, and everything "
            "else is counted from it."
        ),
    ),
    Mistake(
        lambda c, r: 2 * c * round(c / r) + round(c / r) + c,
        say("You round the width to the nearest whole number. It is cut down, C // r."),
    ),
    Mistake(
        lambda c, r: 2 * c * int(np.ceil(c / r)) + int(np.ceil(c / r)) + c,
        say("You round the width up. It is cut down, C // r."),
    ),
)


def _layers(index: tuple[int, ...], channels: int, reduction: int) -> str:
    hidden = steps.hidden_width(channels, reduction)
    return say(
        "Take C = {channels} and r = {reduction}. Layer one leads from {channels} to {hidden}, "
        "layer two from {hidden} to {channels}, and every output has a bias.",
        channels=channels,
        reduction=reduction,
        hidden=hidden,
    )


@exercise
def parameters(yours: Callable) -> Verdict:
    """Check a count of the parameters of an SE block with biases.

    Args:
        yours: a function of `channels` and `reduction`.
    """
    return examine(
        yours,
        PARAMETER_CASES,
        against(_parameters, _layers),
        say(
            "Your count is right for 24 channels and r = 4, for the blocks of ResNet-50, and where "
            "r does not divide C."
        ),
        mistakes=PARAMETER_MISTAKES,
    )
