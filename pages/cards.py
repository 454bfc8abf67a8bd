"""What a card replies to every answer, asked of its real judge.

An option is asked for as it is. A number is asked for at many places, and between two that get
different replies the border is sought by halving. A sketch has the truth, and the sketches of the
common misconceptions, beside it, and for every sketch that its sliders can make the misconception
whose rule it fits.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from attention_lib import language
from attention_lib.course.predict._ask import Card
from attention_lib.course.predict._judge import Belief
from pages.words import WORDS

NO_NUMBER = "qqq"  # stands for whatever cannot be read (judge.js knows it)
FAR = 9.0  # from any sketch
NOTCHES = 20  # of a slider of a sketch, above 0: card.js has its step
STEPS = np.geomspace(1e-9, 1e3, 73)  # distances from a value, as parts of it


def recorded(card: Card) -> dict[str, Any]:
    """A card's question, and its replies to all answers."""
    question, form = card.question, card.form
    if form["kind"] != "note":
        truth = question.reveal()
        question.reveal = lambda: truth  # computed once for the many times that it is asked for
    replies = {"number": _numbers, "choice": _choices, "bars": _sketches, "note": _notes}
    return {"asks": card.asks, "form": form, **replies[form["kind"]](card)}


def _reply(card: Card, answer: Any) -> dict[str, str]:
    """What the card says to an answer."""
    card.commit(answer)
    return {key: card.said[key] for key in ("kind", "title", "words", "truth")}


def _choices(card: Card) -> dict[str, Any]:
    options = ["", *card.form["options"]]
    return {"replies": {option: _reply(card, option) for option in options}}


def _notes(card: Card) -> dict[str, Any]:
    kept = _reply(card, "a line") | {"words": WORDS[language.chosen]["compare"]}
    return {"replies": {"": _reply(card, ""), "any": kept}}


def _numbers(card: Card) -> dict[str, Any]:
    """Replies, and from which number on each holds: `borders[i]` ends the i-th stretch."""
    reply = _kept(lambda value: _reply(card, repr(float(value))))
    borders, replies = [], []
    places = _places(card)
    for low, high in itertools.pairwise(places):
        if not replies:
            replies.append(reply(low))
        while reply(low) != reply(high):  # there may be more than one border between the two
            low = _border(reply, low, high)
            borders.append(low)
            replies.append(reply(low))
    return {
        "borders": borders,
        "replies": replies,
        "empty": _reply(card, ""),
        "unread": _reply(card, NO_NUMBER),
        "infinite": _reply(card, "1/0"),
        "long": _reply(card, "1" * 100),
    }


def _places(card: Card) -> list[float]:
    """Where to ask: around the truth and each belief, near and far, and around 0."""
    truth = card.question.reveal()
    values = [float(truth.value), *map(float, truth.beliefs)]
    places = {0.0, -1e9, 1e9}
    for value in values:
        steps = STEPS * (abs(value) or 1.0)
        places |= {value, *(value + steps), *(value - steps)}
    for one in values:
        for other in values:
            places |= set(np.linspace(one, other, 65))
    return sorted(map(float, places))


def _border(reply: Callable[[float], Any], low: float, high: float) -> float:
    """Where the reply changes between two places."""
    below = reply(low)
    for _ in range(80):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if reply(middle) == below else (low, middle)
    return high


def _sketches(card: Card) -> dict[str, Any]:
    """Replies to the truth, to each belief by its rule or else as it is drawn, and by the bar that
    is furthest off."""
    truth = card.question.reveal()
    ruled = _ruled(truth.beliefs, len(truth.value))
    beliefs = [
        {
            "value": list(map(float, belief.value)),
            "ruled": belief.when is not None,
            **_reply(card, list(belief.value)),
        }
        for belief in truth.beliefs
    ]
    truth = truth._replace(beliefs=())
    card.question.reveal = lambda: truth
    right = [float(value) for value in truth.value]
    margin = _margin(card, right)

    def off(by: float) -> list[dict[str, str]]:
        """The reply to each bar being off by so much."""
        bars = range(len(right))
        changed = [[value + by * (i == bar) for i, value in enumerate(right)] for bar in bars]
        return [_reply(card, sketch) for sketch in changed]

    return {
        "truth": right,
        "margin": margin,
        "right": _reply(card, right),
        "near": off(1.5 * margin),
        "other": off(FAR),
        "beliefs": beliefs,
        "ruled": ruled,
        "empty": _reply(card, []),
    }


def _ruled(beliefs: Sequence[Belief], bars: int) -> str:
    """The number, from 1, of the first belief whose rule (`Belief.when`) each sketch fits, or 0: a
    digit for each sketch that the sliders can make, 194,481 of four bars."""
    rules = [(str(number), belief.when) for number, belief in enumerate(beliefs, 1) if belief.when]
    if not rules:
        return ""
    heights = [notch / NOTCHES for notch in range(NOTCHES + 1)]
    sketches = map(np.array, itertools.product(heights, repeat=bars))
    return "".join(next((n for n, fits in rules if fits(s)), "0") for s in sketches)


def _margin(card: Card, right: list[float]) -> float:
    """How far off the first bar may be."""

    def kind(off: float) -> str:
        return card.question.judge([right[0] + off, *right[1:]]).kind

    return _border(kind, 0.0, FAR)


def _kept(function: Callable[[float], Any]) -> Callable[[float], Any]:
    found: dict[float, Any] = {}

    def ask(value: float) -> Any:
        if value not in found:
            found[value] = function(value)
        return found[value]

    return ask
