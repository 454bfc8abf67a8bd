"""Checks for notebook 00: eight gates set by hand, and a rule that sets them."""

from collections.abc import Callable

import numpy as np

from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    listed,
    not_an_array,
    number,
)
from attention_lib.language import say

OPEN, SHUT = 0.9, 0.1


def _not_the_stripes(answer: object) -> str:
    if reply := not_an_array(answer):
        return reply
    gates = np.asarray(answer, dtype=float)
    if gates.shape != (8,):
        return say(
            "There are eight channels, so eight numbers are wanted. Yours have the shape {shape}.",
            shape=gates.shape,
        )
    if (gates > 1).any() or (gates < 0).any():
        beyond = number(gates[(gates > 1) | (gates < 0)][0])
        return say(
            "One of yours is {beyond}. A gate lies between 0 and 1. Here the mixing desk is unlike "
            "a real one: its faders only turn down.",
            beyond=beyond,
        )
    if np.ptp(gates) < 0.05:
        return say(
            "All eight are about {mean}. The picture gets darker or lighter as a whole, and no "
            "channel stands out. What speaks is the difference between gates.",
            mean=number(gates.mean()),
        )
    edges, colours = gates[:4], gates[4:]
    if edges.mean() < colours.mean():
        return say(
            "The colours are more open than the edges: the other way round. Channels 0 to 3 answer "
            "to edges, 4 to 7 to colours."
        )
    if edges.min() < 0.8:
        channel = int(edges.argmin())
        return say(
            "Channel {channel} answers to edges and stands at {gate}. Stripes run in all "
            "directions here: open all four to 0.8 or more.",
            channel=channel,
            gate=number(edges[channel]),
        )
    if colours.max() > 0.2:
        channel = int(colours.argmax()) + 4
        return say(
            "Channel {channel} answers to a colour and still stands at {gate}. Turn all four down "
            "to 0.2 or less.",
            channel=channel,
            gate=number(gates[channel]),
        )
    return ""


@exercise
def gates_by_hand(yours: Callable) -> Verdict:
    """Check eight gates set by hand: the four edge channels open, the four colours shut.

    Args:
        yours: a function without arguments.
    """
    return examine(
        yours,
        [{}],
        _not_the_stripes,
        say(
            "The edges pass and the colours are held back. You set these for this cat; attention "
            "sets them anew for every picture."
        ),
    )


RULE_CASES = [
    {"levels": np.array(levels)}
    for levels in (
        [0.1, 0.7, 0.1, 0.3],
        [0.02, 0.05, 0.03],
        [0.6, 0.9, 0.8, 0.8, 0.6],
        [5.0, 1.0],
        [0.2, 0.1, 0.1, 0.1, 0.4, 0.0, 0.3, 0.0],
        [0.3, 0.3, 0.3],
    )
]


def _open_where(test: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    return lambda levels: np.where(test(levels), OPEN, SHUT)


THE_OTHER_WAY = say("Low levels open their channels and high ones close them: the other way round.")

RULE_MISTAKES = (
    Mistake(
        _open_where(lambda levels: levels == levels.max()),
        say(
            "Only the channel with the highest level opens. Every channel above the mean should: "
            "there may be more than one."
        ),
    ),
    Mistake(_open_where(lambda levels: levels < levels.mean()), THE_OTHER_WAY),
    Mistake(_open_where(lambda levels: levels <= levels.mean()), THE_OTHER_WAY),
    Mistake(
        _open_where(lambda levels: levels >= levels.mean()),
        say("A channel that stands exactly at the mean should stay shut: above means above, `>`."),
    ),
    Mistake(
        _open_where(lambda levels: levels > np.median(levels)),
        say(
            "You compare with the median. It opens half the channels, whatever they are. Compare "
            "with the mean."
        ),
    ),
    Mistake(
        lambda levels: (levels > levels.mean()) * 1.0,
        say("These gates are 0 or 1. The rule asks for 0.1 or 0.9: nearly shut, nearly open."),
    ),
    Mistake(
        lambda levels: levels,
        say(
            "The levels come back as they were. A gate is not a level: a rule stands between them. "
            "Compare each level with the mean of all."
        ),
    ),
    Mistake(
        lambda levels: np.full(levels.shape, OPEN),
        say("Every gate is 0.9, whatever the levels. A hand that listens looks at them."),
    ),
    Mistake(
        lambda levels: np.full(levels.shape, SHUT),
        say(
            "Every gate is 0.1, whatever the levels. Look at them: above the mean of all, a gate "
            "is 0.9. A fixed limit misses pictures that are dim all over."
        ),
    ),
    Mistake(
        _open_where(lambda levels: levels > 0.5),
        say(
            "You compare with 0.5. In a dim picture no channel would ever open. Compare with the "
            "mean of this picture's levels: this is what makes the rule listen."
        ),
    ),
    Mistake(
        _open_where(lambda levels: levels > levels.max() / 2),
        say("You compare with half of the highest level. Compare with the mean of all levels."),
    ),
)


def _levels(index: tuple[int, ...], levels: np.ndarray) -> str:
    return say(
        "The levels {levels} have the mean {mean}; look at channel {channel}, {level}.",
        levels=listed(levels),
        mean=number(levels.mean()),
        channel=index[0],
        level=number(levels[index]),
    )


@exercise
def rule(yours: Callable) -> Verdict:
    """Check a rule: 0.9 for the channels above the mean of all levels, 0.1 for the others.

    Args:
        yours: a function of `levels` (C,).
    """
    return examine(
        yours,
        RULE_CASES,
        against(lambda levels: np.where(levels > levels.mean(), OPEN, SHUT), _levels),
        say(
            "Your gates follow the picture: other levels, other gates. It is a small excitation, "
            "with one question for all."
        ),
        mistakes=RULE_MISTAKES,
    )
