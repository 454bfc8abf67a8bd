"""Checks for notebook 07: SE's weights in a whole network, and the last stage's share of them."""

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from attention_lib.costs import NETWORKS
from attention_lib.course.checks._examine import (
    Mistake,
    Verdict,
    against,
    examine,
    exercise,
    number,
)
from attention_lib.language import say
from attention_lib.steps import hidden_width

Stages = list[tuple[int, int]]  # blocks, channels


def _resnet(depth: int) -> Stages:
    stages = NETWORKS[f"ResNet-{depth}"].stages
    return [(len(stage.blocks), stage.blocks[0].outputs) for stage in stages]


def _drawn(count: int) -> list[tuple[Stages, int]]:
    rng = np.random.default_rng(1)
    return [
        (
            [tuple(stage) for stage in rng.integers((1, 32), (9, 512), (3, 2)).tolist()],
            int(rng.integers(2, 33)),
        )
        for _ in range(count)
    ]


CASES = [
    {"stages": stages, "reduction": reduction}
    for stages, reduction in (
        ([(3, 8), (2, 16)], 4),
        (_resnet(50), 16),
        ([(1, 24)], 4),
        (_resnet(152), 8),
        (_resnet(18), 16),
        ([(2, 30), (3, 50)], 4),
        ([(5, 64), (1, 96)], 16),
        ([(4, 100), (2, 40), (7, 12)], 8),
        *_drawn(12),
    )
]


def _of_stage(blocks: int, channels: int, reduction: int) -> int:
    return blocks * 2 * channels * hidden_width(channels, reduction)


def _weights(stages: Stages, reduction: int) -> int:
    return sum(_of_stage(n, c, reduction) for n, c in stages)


ONE_BLOCK_A_STAGE = say("You counted one block a stage. Multiply by the number of blocks.")
CUT_TOO_LATE = say(
    "You cut after multiplying. A width is a whole number of units, so cut first: C // r, "
    "and multiply then."
)

WEIGHT_MISTAKES = (
    Mistake(lambda s, r: sum(2 * c * (c // r) for _, c in s), ONE_BLOCK_A_STAGE),
    Mistake(
        lambda s, r: sum(n * c * (c // r) for n, c in s),
        say(
            "You counted one layer a block. There are two: C × C // r down, and C // r × C up "
            "again."
        ),
    ),
    Mistake(
        lambda s, r: sum(n * (2 * c * (c // r) + c // r + c) for n, c in s),
        say(
            "You counted the biases, too. They are there in many networks, but the papers' tables "
            "leave them out, and so do we here."
        ),
    ),
    Mistake(lambda s, r: sum(n * (2 * c * c // r) for n, c in s), CUT_TOO_LATE),
    Mistake(lambda s, r: sum(n * 2 * c * c // r for n, c in s), CUT_TOO_LATE),
    Mistake(
        lambda s, r: sum(n * 2 * c * c / r for n, c in s),
        say("You divided with `/`. A width is a whole number of units: C // r."),
    ),
    Mistake(
        lambda s, r: sum(n * 2 * c * r for n, c in s),
        say("You took r for the width of the bottleneck. The width is C // r."),
    ),
    Mistake(
        lambda s, r: sum(n * 2 * c * c for n, c in s),
        say(
            "The reduction is missing: these are two full layers. The width between them is C // r."
        ),
    ),
    Mistake(
        lambda s, r: _of_stage(*s[-1], r),
        say("This is the last stage alone. Add up all of them."),
    ),
    Mistake(
        lambda s, r: _of_stage(*s[0], r),
        say("This is the first stage alone. Does `return` stand inside the loop?"),
    ),
    Mistake(
        lambda s, r: 2 * sum(n * c for n, c in s) * (sum(n * c for n, c in s) // r),
        say(
            "You added up the channels first. A block's cost grows with the square of its own C, "
            "so count each stage, then add."
        ),
    ),
)


def _stage_by_stage(index: tuple[int, ...], stages: Stages, reduction: int) -> str:
    terms = [f"{n} × 2 · {c} · {hidden_width(c, reduction)}" for n, c in stages]
    return say(
        "With stages = {stages} and reduction = {reduction}: {terms}.",
        stages=stages,
        reduction=reduction,
        terms=" + ".join(terms),
    )


@exercise
def network_weights(yours: Callable) -> Verdict:
    """Check SE's weights in a network: blocks × 2 · C · (C // r), added up over the stages.

    Args:
        yours: a function of `stages`, a list of (blocks, channels), and `reduction`, to an int.
    """
    return examine(
        yours,
        CASES,
        against(_weights, _stage_by_stage),
        say(
            "Your count is right for ResNet-18, 50 and 152, and for channels that r does not "
            "divide."
        ),
        mistakes=WEIGHT_MISTAKES,
    )


def _share(stages: Stages, reduction: int) -> float:
    return _of_stage(*stages[-1], reduction) / _weights(stages, reduction)


TOP = 10**9

SHARE_MISTAKES = (
    Mistake(
        lambda s, r: 100 * _share(s, r),
        say("This is in percent. Return the share itself, from 0 to 1."),
    ),
    Mistake(
        lambda s, r: 1 - _share(s, r),
        say("This is what all the other stages have. It is the last one that is asked for."),
    ),
    Mistake(
        lambda s, r: s[-1][0] / sum(n for n, _ in s),
        say("This is the last stage's share of the blocks. Its blocks are wider than the others."),
    ),
    Mistake(
        lambda s, r: s[-1][0] * s[-1][1] / sum(n * c for n, c in s),
        say("You let the cost grow with C. It grows with C · (C // r), nearly the square."),
    ),
    Mistake(
        lambda s, r: s[-1][1] * (s[-1][1] // r) / sum(c * (c // r) for _, c in s),
        ONE_BLOCK_A_STAGE,
    ),
    Mistake(lambda s, r: s[-1][1] ** 2 / sum(c**2 for _, c in s), ONE_BLOCK_A_STAGE),
    Mistake(
        lambda s, r: _of_stage(*s[-1], r) // _weights(s, r),
        say("You divided with `//`, which leaves no fraction. A share is divided with `/`."),
    ),
    Mistake(
        lambda s, r: _weights(s, r) / _of_stage(*s[-1], r),
        say("You divided the whole by the part. A share is the part divided by the whole."),
    ),
    Mistake(
        _weights,
        say("These are the weights of all stages. How many of them are in the last one?"),
    ),
    Mistake(
        lambda s, r: _of_stage(*s[0], r) / _weights(s, r),
        say("This is the share of the first stage. `stages[-1]` is the last."),
    ),
    Mistake(
        lambda s, r: s[-1][0] * s[-1][1] ** 2 / sum(n * c**2 for n, c in s),
        say("Nearly: where r does not divide C the width is cut to C // r. Count with that."),
    ),
    Mistake(
        lambda s, r: _of_stage(*s[-1], r),
        say("These are the last stage's weights. Divide by those of all stages."),
    ),
)


def _wrong_share(answer: Any, stages: Stages, reduction: int) -> str:
    """Words for a share that is not right, else ""."""
    if not isinstance(answer, Real) or isinstance(answer, bool):
        return say(
            "Your function returns something of type `{kind}`, and one number from 0 to 1 is "
            "wanted.",
            kind=type(answer).__name__,
        )
    wanted = _share(stages, reduction)
    answer = min(max(answer, -TOP), TOP)  # no number is too large to be answered
    if abs(answer - wanted) <= 1e-6:
        return ""
    last, whole = _of_stage(*stages[-1], reduction), _weights(stages, reduction)
    return say(
        "With stages = {stages} and reduction = {reduction}, the last stage has {last:,} of "
        "{whole:,} weights. The answer is {wanted}, and yours is {answer}.",
        stages=stages,
        reduction=reduction,
        last=last,
        whole=whole,
        wanted=number(wanted),
        answer=number(answer),
    )


@exercise
def last_share(yours: Callable) -> Verdict:
    """Check the last stage's share of SE's weights.

    Args:
        yours: a function of `stages`, a list of (blocks, channels), and `reduction`, to a number
            from 0 to 1.
    """
    return examine(
        yours,
        CASES,
        _wrong_share,
        say(
            "Your share is right: 62.5 % for ResNet-50, and only 23.9 % for ResNet-152, where "
            "stage 4 has 36 blocks."
        ),
        mistakes=SHARE_MISTAKES,
    )
