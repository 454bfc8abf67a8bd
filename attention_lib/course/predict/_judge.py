"""What is said to a prediction: pure functions from an answer to a Reply."""

import ast
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from attention_lib._words import written
from attention_lib.language import say

RIGHT, BELIEF, NEAR, OTHER = "right", "belief", "near", "other"
NOTED, UNREAD = "noted", "unread"


class Belief(NamedTuple):
    """A common misconception: the sketch that it would give, computed, and what to say to it."""

    value: Any  # (n,)
    words: str
    when: Callable[[np.ndarray], bool] | None = None  # of a sketch: whether it shows this belief


class Truth(NamedTuple):
    """What is revealed: the right answer, why it is right, and what wrong answers mean."""

    value: Any  # a number, an option, or an array (n,)
    because: str
    # What to say to the number or option that a misconception would give, computed, too.
    beliefs: Mapping[Any, str] | Sequence[Belief] = {}
    otherwise: str = ""  # to a wrong answer that none of the beliefs gives; else `because` is said
    shown: str = ""  # the value in words; else made from it


class Reply(NamedTuple):
    """What is said to one answer. `kind` is one of the constants above."""

    kind: str
    words: str
    truth: Any = None  # None as long as nothing is revealed
    shown: str = ""  # the truth in words


def judge_number(
    answer: str,
    reveal: Callable[[], Truth],
    *,
    unit: str = "",
    within: float = 0.0,
    margin: float = 0.0,
) -> Reply:
    """Reply to a number as it was typed; `ask_number` has the arguments.

    Nothing is revealed, and the reply's truth is None, if no number can be read.
    """
    try:
        value = read_number(answer, unit)
    except ValueError as error:
        return Reply(UNREAD, str(error))
    truth = reveal()
    right, slack = float(truth.value), _slack(truth.value, within, margin)
    shown = truth.shown or written(truth.value)
    off = abs(value - right)
    if off <= slack:
        return Reply(RIGHT, truth.because, truth.value, shown)
    believed = [
        belief
        for belief in truth.beliefs
        if abs(value - float(belief)) <= _slack(belief, max(within, 0.01), margin)
    ]
    if believed:
        nearest = min(believed, key=lambda belief: abs(value - float(belief)))
        return Reply(BELIEF, truth.beliefs[nearest], truth.value, shown)
    if off <= max(3 * slack, 0.1 * abs(right)):
        return Reply(NEAR, truth.because, truth.value, shown)
    return Reply(OTHER, truth.otherwise or truth.because, truth.value, shown)


def judge_choice(answer: str, reveal: Callable[[], Truth], options: Sequence[str]) -> Reply:
    """Reply to one of several options; to "", which is none, without revealing the truth."""
    if answer not in options:
        return Reply(UNREAD, say("Choose one of the answers first. A guess is enough."))
    truth = reveal()
    shown = truth.shown or truth.value
    if answer == truth.value:
        return Reply(RIGHT, truth.because, truth.value, shown)
    if answer in truth.beliefs:
        return Reply(BELIEF, truth.beliefs[answer], truth.value, shown)
    return Reply(OTHER, truth.otherwise or truth.because, truth.value, shown)


def judge_bars(
    answer: Sequence[float], reveal: Callable[[], Truth], names: Sequence[str], *, margin: float
) -> Reply:
    """Reply to a sketch, a number for each bar; `ask_bars` has the arguments.

    Nothing is revealed, and the reply's truth is None, if no bar was moved and the sketch is empty.
    """
    if not len(answer):
        return Reply(UNREAD, say("Move at least one of the sliders first. A guess is enough."))
    truth = reveal()
    sketch, right = np.asarray(answer, float), np.asarray(truth.value, float)
    margin += 1e-6  # what the truth lost in rounding
    off = np.abs(sketch - right)
    furthest = int(off.argmax())
    shown = truth.shown or ", ".join(f"{value:.2f}" for value in right)
    if off.max() <= margin:
        return Reply(RIGHT, truth.because, right, shown)
    if (belief := _believed(sketch, truth.beliefs, margin)) is not None:
        return Reply(BELIEF, belief.words, right, shown)
    if off.mean() <= margin and off.max() <= 2.5 * margin:
        kind, why = NEAR, truth.because
    else:
        kind, why = OTHER, truth.otherwise or truth.because
    words = say("Furthest off is {bar}. {why}", bar=names[furthest], why=why)
    return Reply(kind, words, right, shown)


def judge_note(answer: str) -> Reply:
    """Reply to a line in the learner's own words: it is kept, and nothing is said about it."""
    if not answer.strip():
        return Reply(UNREAD, say("Write a line first. A guess is enough."))
    return Reply(NOTED, say("Run the next cell, then open the check and compare."))


def _believed(sketch: np.ndarray, beliefs: Sequence[Belief], margin: float) -> Belief | None:
    """The first belief that a sketch shows: by its rule, or else drawn nearly as it is."""

    def shows(belief: Belief) -> bool:
        near = np.abs(sketch - belief.value).max() <= margin
        return belief.when(sketch) if belief.when else bool(near)

    return next(filter(shows, beliefs), None)


def _slack(value: float, within: float, margin: float) -> float:
    """How far from a value still counts as the value; whole numbers are exact unless told."""
    if isinstance(value, Integral) and within <= 0.01 and not margin:
        return 1e-6  # what working out may lose
    return max(within * abs(float(value)), margin) * (1 + 1e-9) + 1e-6 * abs(float(value))


_FILLER = re.compile(r"^(about|around|roughly|exactly|大约|约|times|=|~|≈|×|x(?=[\s\d.]))\s*", re.I)
_WIDE = {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)}  # as Chinese keyboards type
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "^": "**", "\xa0": " "})
_THOUSANDS = re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?:[, ]\d{3})+)(?![\d,])")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d+)(?![\d,])")
_WORDS = {"nothing": 0.0, "none": 0.0, "half": 0.5, "a half": 0.5, "a quarter": 0.25}
_WORDS |= {"一半": 0.5}
_WORDS |= {f"{sign}分之一": 1 / i for i, sign in enumerate("二三四五六七八九十", 2)}
_COUNTED = "zero, one, two, three, four, five, six, seven, eight, nine, ten"
_WORDS |= {word: float(i) for i, word in enumerate(_COUNTED.split(", "))}
_WORDS |= {sign: float(i) for i, sign in enumerate("零一二三四五六七八九十")} | {"两": 2.0}
# "三张" is 3, "两个单元" 2
_MEASURED = re.compile(r"(?<=^[零一二两三四五六七八九十])[个张种次件组倍行列层][一-鿿]{0,2}$")
_WORKS_OUT = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def read_number(text: str, unit: str = "") -> float:
    """Read a number as people type one: 3,136 or 0,5 or 1/3136 or 24*6+6, with a unit or without.

    Args:
        text: what was typed.
        unit: in "%", 50 % is 50 and not a half.

    Raises:
        ValueError: with a sentence for whoever typed it, if there is no number in it.
    """
    told = str(text).translate(_WIDE).strip().rstrip(".。")
    told = "".join(str(unicodedata.decimal(sign, sign)) for sign in told)
    if not told:
        raise ValueError(say("Type a number first. A guess is enough."))
    if (number := _WORDS.get(_MEASURED.sub("", told).lower())) is not None:
        return number * (100 if unit == "%" and 0 < number < 1 else 1)
    words = _FILLER.sub("", told).translate(_SIGNS)
    words = _THOUSANDS.sub(lambda found: re.sub("[, ]", "", found[0]), words)
    words = _DECIMAL_COMMA.sub(r"\1.\2", words)
    words, percent = re.subn(r"\s*(%|per ?cent)$", "", words)
    words = re.sub(r"(?<=\d)\s*x\s*(?=\d)", "*", words)
    words = re.sub(r"(?<=[\d)])\s*[a-z一-鿿][a-z一-鿿 ]*\.?$", "", words, flags=re.I)  # "16 个"
    if len(words) > 80:
        raise ValueError(say("That is too long to read as a number. Type one such as 0.5 or 3136."))
    try:
        value = _work_out(ast.parse(words.strip(), mode="eval").body)
    except (SyntaxError, TypeError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            say(
                "“{text}” does not read as a number. Type one such as 0.5, 3136 or 1/4.",
                text=told[:40],
            )
        ) from None
    except (OverflowError, ZeroDivisionError):
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(
            say(
                "“{text}” is not a finite number. Type one such as 0.5, 3136 or 1/4.",
                text=told[:40],
            )
        )
    return value / 100 if percent and unit != "%" else value


def _work_out(node: ast.AST) -> float:
    """The value of an arithmetic expression of numbers; anything else is a ValueError."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    works_out = _WORKS_OUT.get(type(getattr(node, "op", None)))
    if works_out and isinstance(node, ast.BinOp):
        value = works_out(_work_out(node.left), _work_out(node.right))
    elif works_out and isinstance(node, ast.UnaryOp):
        value = works_out(_work_out(node.operand))
    else:
        raise ValueError("not a number")
    if isinstance(value, complex):
        raise ValueError("not a real number")
    return value
