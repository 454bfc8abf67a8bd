"""Checks for notebook 10: a check of the learner's own, and a block to repair."""

from collections.abc import Callable
from typing import Any

import numpy as np

from attention_lib import steps
from attention_lib._words import sentences
from attention_lib.course.checks._attempt import Foreign, typed
from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    number,
)
from attention_lib.language import say

_relu, _sigmoid = steps.relu, steps.sigmoid


class Gates:
    """The gates of a block under test: called on maps (H, W, C) it gives (C,), and takes notes.

    Args:
        channels: C.
        uses_maximum: whether the block uses means and maxima, or the means twice.
        seed: which draw of its weights.
    """

    def __init__(self, channels: int, uses_maximum: bool, seed: int):
        self.channels, self.uses_maximum = channels, uses_maximum
        rng = np.random.default_rng(seed)
        self._w1 = rng.normal(0.4, 1, (channels, 3)) / channels**0.5
        self._w2 = rng.normal(0, 1, (3, channels))
        self.asked: list[tuple[np.ndarray, np.ndarray]] = []  # maps and their gates

    def __call__(self, feature_map: np.ndarray) -> np.ndarray:
        x = np.asarray(feature_map, float)
        if x.ndim != 3 or x.shape[-1] != self.channels:
            raise ValueError(
                f"`gates` wants maps of shape (H, W, {self.channels}), and was given {x.shape}"
            )
        second = x.max((0, 1)) if self.uses_maximum else x.mean((0, 1))
        gates = _sigmoid(sum(_relu(z @ self._w1) @ self._w2 for z in (x.mean((0, 1)), second)))
        self.asked.append((x.copy(), gates))
        return gates.copy()

    def notes(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked


BLOCKS = [(8, True), (8, False), (8, True), (8, False), (8, False), (8, True)]
WANTED = say("True for a block that uses the maximum, False for one that does not")


@exercise
def uses_maximum(yours: Callable) -> Verdict:
    """Check a check: does it tell CBAM's channel half from one that adds the means twice?

    Args:
        yours: a function of `gates`, itself a function of maps (H, W, 8), to True or False.
    """
    cases = [{"gates": Gates(*block, seed)} for seed, block in enumerate(BLOCKS)]
    right = sum(hears for _, hears in BLOCKS)
    return examine(
        yours,
        cases,
        _misjudged,
        say(
            "Your check lets {right} right blocks pass, and finds the mistake in {wrong} others, "
            "which no look at shapes or numbers of weights could tell apart.",
            right=right,
            wrong=len(BLOCKS) - right,
        ),
    )


def _misjudged(answer: Any, gates: Gates) -> str:
    notes = gates.notes()
    if not isinstance(answer, bool | np.bool_):
        if isinstance(answer, np.ndarray) and answer.dtype.kind == "b":
            return say(
                "Your check returns {answers} answers, one for each number, and one is wanted for "
                "the block. `np.allclose` compares two lists and gives one.",
                answers=answer.size,
            )
        if isinstance(answer, np.ndarray | list | tuple | Foreign):
            return say(
                "Your check returns {what}. It must decide: {wanted}.",
                what=typed(answer),
                wanted=WANTED,
            )
        return say(
            "Your check returns {answer!r:.60}. It must decide: {wanted}.",
            answer=answer,
            wanted=WANTED,
        )
    if answer == gates.uses_maximum:
        return ""
    verdict = (
        say("Your check says {answer} of a block that uses means and maxima.", answer=answer)
        if gates.uses_maximum
        else say("Your check says {answer} of a block that uses the means twice.", answer=answer)
    )
    return sentences((verdict, _why(bool(answer), notes)))


def _why(answer: bool, notes: list[tuple[np.ndarray, np.ndarray]]) -> str:
    if not notes:
        return say(
            "It never called `gates`, so it cannot know. Make maps, and ask for their gates."
        )
    if len(notes) == 1:
        return say(
            "It asked for the gates of one map alone. What a gate depends on shows when something "
            "changes: take two maps."
        )
    (first, before), (second, after) = notes[0], notes[-1]
    means, maxima = (
        np.abs(pool(first) - pool(second)).max()
        for pool in (steps.global_average_pool, steps.global_max_pool)
    )
    moved = np.abs(before - after).max()
    if maxima < 1e-9:
        return say(
            "Your first map and your last have the same maximum in every channel, so nothing that "
            "it could depend on has changed. Let one pixel be brighter, and the others a little "
            "darker."
        )
    if answer and moved < 1e-9:
        return (
            say(
                "Its gates changed by {moved:.0e}, which is rounding. Two decimal numbers are "
                "compared with `np.allclose`, not with `==`.",
                moved=moved,
            )
            if moved
            else say("Its gates did not change at all. Which of the two should be called True?")
        )
    if means > 1e-9:
        return say(
            "Between your first map and your last the mean of a channel changes by {means}, and "
            "then gates change whether the maximum is used or not. Keep every mean as it was, and "
            "change the maximum alone.",
            means=number(means),
        )
    return say(
        "Its gates changed by {moved}, though the means had not. What may have changed them?",
        moved=number(moved),
    )


def _batches(*sizes: tuple[int, int, int, int, int]) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(10)
    return [
        {
            "x": rng.integers(1, 20, (batch, height, width, channels)) / 10,
            "w1": rng.integers(-9, 13, (channels, hidden)) / 10,
            "w2": rng.integers(-12, 13, (hidden, channels)) / 10,
        }
        for batch, height, width, channels, hidden in sizes
    ]


# As many pictures as columns: gates that land on columns then give no error.
REPAIR_CASES = _batches(
    (2, 3, 2, 4, 2), (3, 2, 3, 6, 3), (4, 4, 4, 4, 2), (3, 5, 3, 8, 2), (4, 2, 4, 5, 5),
    (1, 3, 4, 6, 2), (2, 4, 5, 8, 3),
)  # fmt: skip


def _block(
    squeeze: Callable, *, activation: Callable = _relu, gate: Callable = _sigmoid
) -> Callable:
    return lambda x, w1, w2: x * gate(activation(squeeze(x) @ w1) @ w2)


def _kept(x: np.ndarray) -> np.ndarray:
    return x.mean((1, 2), keepdims=True)


def _twice(x: np.ndarray) -> np.ndarray:
    return _sigmoid(_sigmoid(x))


OVER_THE_PICTURES = say(
    "You average over the pictures, too, so that all of a batch get the same gates. Alone, "
    "a picture would get others. Leave axis 0 out."
)

GATES_ALONE = say("These are the gates. The maps are still to be multiplied by them.")

_repaired = _block(_kept)
REPAIR_MISTAKES = (
    Mistake(
        _block(lambda x: x, gate=_twice),
        say(
            "This does what the block did before. There are three mistakes in it: read each line "
            "and ask what it works on."
        ),
    ),
    Mistake(
        _block(lambda x: x),
        say(
            "One mistake is fixed: the sigmoid comes once. But the first layer still works on the "
            "maps and not on their means, so every place has gates of its own. One bright pixel "
            "would show it."
        ),
    ),
    Mistake(
        _block(_kept, gate=_twice),
        say(
            "The summary is right now. But sigmoid comes twice, and no gate can be below 0.5. Zero "
            "weights would show it."
        ),
    ),
    Mistake(
        _block(lambda x: x.mean((1, 2)), gate=_twice),
        say(
            "The first layer works on the means now, and two mistakes are left: gates of shape "
            "(batch, C) land on columns, and sigmoid comes twice."
        ),
    ),
    Mistake(
        _block(lambda x: x.mean((1, 2))),
        say(
            "One mistake is left, the one that hides: your gates have the shape (batch, C), and "
            "`*` lines the batch up with the columns. Here there are as many pictures as columns, "
            "so there is no error. Keep two axes of length one."
        ),
    ),
    Mistake(_block(lambda x: x.mean((0, 1, 2))), OVER_THE_PICTURES),
    Mistake(_block(lambda x: x.mean((0, 1, 2), keepdims=True)), OVER_THE_PICTURES),
    Mistake(
        _block(_kept, activation=lambda x: x),
        say("The ReLU between the two layers has gone. It was right."),
    ),
    Mistake(
        _block(_kept, gate=lambda x: x),
        say(
            "Now there is no sigmoid at all, and a gate can be any number. One of the two was "
            "right."
        ),
    ),
    Mistake(lambda x, w1, w2: _sigmoid(_relu(_kept(x) @ w1) @ w2), GATES_ALONE),
    Mistake(lambda x, w1, w2: _sigmoid(_relu(_kept(x) @ w1) @ w2)[:, 0, 0], GATES_ALONE),
    Mistake(
        _block(lambda x: x.max((1, 2), keepdims=True)),
        say("You squeeze by the maximum. SE takes the mean."),
    ),
)


@exercise
def repaired(yours: Callable) -> Verdict:
    """Check the block that was to be repaired: Squeeze-and-Excitation on a batch.

    Args:
        yours: a function of `x` (batch, H, W, C), `w1` (C, hidden) and `w2` (hidden, C) to maps
            of the same shape as `x`.
    """
    return examine(
        yours,
        REPAIR_CASES,
        against(lambda x, w1, w2: _repaired(x, w1, w2)),
        say(
            "Repaired: {cases} batches agree with the library, and so does a single picture.",
            cases=len(REPAIR_CASES),
        ),
        mistakes=REPAIR_MISTAKES,
    )
