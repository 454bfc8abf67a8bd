"""Checks for notebook 05: the kernel size, and the kernel that slides along the channels."""

import math
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
    number,
)
from attention_lib.language import say

SIZE_CASES = [
    {"channels": channels, "gamma": gamma, "b": b}
    for channels, gamma, b in (
        *((channels, 2, 1) for channels in (512, 24, 64, 128, 1024, 2048, 8, 4, 2, 1)),
        *((16, 4, 1), (256, 1, 0), (96, 3, 2), (300, 1.5, 1), (8, 2, -11)),
        *np.random.default_rng(1).integers((1, 1, -3), (4096, 5, 6), (12, 3)).tolist(),
    )
]


def _t(channels: float, gamma: float, b: float, *, log: Callable = math.log2) -> float:
    return abs((log(channels) + b) / gamma)


def _odd(whole: int) -> int:
    return whole if whole % 2 else whole + 1


SIZE_MISTAKES = (
    Mistake(
        lambda c, gamma, b: int(_t(c, gamma, b)),
        say(
            "Where the whole number is even it must be raised by one: an even kernel has no "
            "channel in its middle."
        ),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, gamma, b)) - 1),
        say("You lowered an even number to the odd one below. The paper raises it by one."),
    ),
    Mistake(
        lambda c, gamma, b: int(_t(c, gamma, b)) + int(_t(c, gamma, b)) % 2,
        say(
            "Odd and even have changed places: an odd number is kept, an even one is raised by "
            "one. (The article's comments have this slip; its code is right.)"
        ),
    ),
    Mistake(
        lambda c, gamma, b: _odd(round(_t(c, gamma, b))),
        say(
            "You rounded t. It is cut with `int`, and an even number is raised after that. "
            "Rounding first raises some numbers twice."
        ),
    ),
    Mistake(
        lambda c, gamma, b: _odd(math.ceil(_t(c, gamma, b))),
        say("You rounded t up. It is cut with `int`, and an even number is raised after that."),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, gamma, b, log=math.log))),
        say(
            "This is the natural logarithm. The paper's is to base 2: every doubling of C adds "
            "one. `math.log2` has it."
        ),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, gamma, b, log=math.log10))),
        say(
            "This is the logarithm to base 10. The paper's is to base 2: every doubling of C adds "
            "one. `math.log2` has it."
        ),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(abs(math.log2(c) / gamma + b))),
        say("You divided the logarithm by γ, but not b. It is log2(C) / γ + b / γ."),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, b, gamma))),
        say("γ and b have changed places. γ divides, b is added."),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, 1 / gamma, b))),
        say("You multiplied by γ. It divides: a larger γ gives a smaller kernel."),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, gamma, b, log=float))),
        say("The logarithm is missing. k grows with log2(C), not with C."),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int(_t(c, gamma, 0))),
        say("b is missing. It is log2(C) / γ + b / γ."),
    ),
    Mistake(
        lambda c, gamma, b: _odd(int((math.log2(c) + b) / gamma)),
        say(
            "With a large negative b the number before cutting is negative. The bars in the "
            "formula mean its absolute value: `abs`."
        ),
    ),
    Mistake(
        lambda c, gamma, b: 3, say("This is always 3. It should grow with the number of channels.")
    ),
    Mistake(
        lambda c, gamma, b: steps.adaptive_kernel_size(c),
        say("γ and b are fixed at 2 and 1. They come as arguments: use them."),
    ),
)


def _before_cutting(index: tuple[int, ...], channels: int, gamma: float, b: float) -> str:
    return say(
        "Take C = {channels}, γ = {gamma} and b = {b}: the number before cutting is {t}.",
        channels=channels,
        gamma=gamma,
        b=b,
        t=number(_t(channels, gamma, b)),
    )


@exercise
def adaptive_kernel_size(yours: Callable) -> Verdict:
    """Check a kernel size: t = int(|log2(C) / γ + b / γ|), then t if odd, else t + 1.

    Args:
        yours: a function of `channels`, `gamma` and `b`.
    """
    return examine(
        yours,
        SIZE_CASES,
        against(steps.adaptive_kernel_size, _before_cutting),
        say(
            "Your kernel size is right from 1 to 2048 channels, at 64 and 1024 where `round` goes "
            "wrong, at 128 where t is exactly 4, and for other γ and b."
        ),
        mistakes=SIZE_MISTAKES,
    )


def _strips(*sizes: tuple[int, int]) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    return [
        {
            "squeezed": rng.integers(1, 10, channels) / 10,
            "kernel": rng.integers(-20, 21, kernel_size) / 10,
        }
        for channels, kernel_size in sizes
    ]


STRIP_CASES = [
    {"squeezed": np.array([0.3, 0.9, 0.5, 0.2]), "kernel": np.array([2.0, 1.0, -1.0])},
    *_strips((8, 3), (4, 1), (16, 5), (2, 3), (1, 3), (512, 5)),
]


def _slid(squeezed: np.ndarray, kernel: np.ndarray, *, mode: str | None = "constant") -> np.ndarray:
    reach = kernel.size // 2
    padded = np.pad(squeezed, reach, mode=mode) if mode else squeezed
    return np.array(
        [padded[i : i + kernel.size] @ kernel for i in range(padded.size - kernel.size + 1)]
    )


STRIP_MISTAKES = (
    Mistake(
        _slid,
        say(
            "The sums are right, but they are logits: any numbers. The sigmoid that makes gates of "
            "them is still to come."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(_slid(z, w[::-1])),
        say(
            "The kernel is turned round: its last weight meets the channel before. `np.convolve` "
            "does that. A convolution layer does not turn it: `np.correlate`."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(_slid(z, w, mode=None)),
        say(
            "There are fewer gates than channels: the kernel never reaches past the ends. Put "
            "zeros there, (k − 1) / 2 at each end, so that every channel gets its gate."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(np.convolve(z, w)),
        say(
            "There are more gates than channels: the kernel goes on past the ends until one weight "
            "is left. Every channel gets one gate, where the kernel's middle is over it."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(np.correlate(z, w, "same")),
        say(
            "Nearly: NumPy's `same` means as long as the *longer* of the two, and a kernel may be "
            "longer than the list. Put the zeros there yourself, with `np.pad`, and ask for "
            "`valid`."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(_slid(z, w, mode="wrap")),
        say(
            "The ends meet each other: the gate of channel 0 depends on the last channel. The "
            "channels are a list, not a ring. Past the ends there are zeros."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(_slid(z, w, mode="edge")),
        say("Past the ends you repeat the last value. There are zeros there."),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(_slid(z, w, mode="reflect")),
        say("Past the ends you mirror the channels. There are zeros there."),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(z * w[w.size // 2]),
        say("Each gate depends on its own channel only. The kernel covers its neighbours, too."),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(z * w.sum()),
        say(
            "Each gate depends on its own channel only, with all the weights together. Each weight "
            "belongs to another neighbour."
        ),
    ),
    Mistake(
        lambda z, w: z * steps.sigmoid(_slid(z, w)),
        say(
            "You multiplied the gates by the means. Return the gates alone: they multiply the "
            "feature map."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(_slid(z, w) / w.size),
        say(
            "You divided by k. The kernel's weights are not a mean: take their sum of products as "
            "it is."
        ),
    ),
    Mistake(
        lambda z, w: steps.sigmoid(steps.relu(_slid(z, w))),
        say("There is a ReLU before the sigmoid, and no gate falls below 0.5. ECA has none."),
    ),
    Mistake(
        lambda z, w: steps.softmax(_slid(z, w)),
        say("These sum to one: that is softmax, and channels would compete. Use the sigmoid."),
    ),
)


def _heard(index: tuple[int, ...], squeezed: np.ndarray, kernel: np.ndarray) -> str:
    (channel,) = index
    window = np.pad(squeezed, kernel.size // 2)[channel : channel + kernel.size]
    return say(
        "With {channels} channels and the kernel {kernel}, at channel {channel} the kernel meets "
        "{window}: the products add up to {products}, and the sigmoid follows.",
        channels=squeezed.size,
        kernel=listed(kernel),
        channel=channel,
        window=listed(window),
        products=number(window @ kernel),
    )


@exercise
def interact(yours: Callable) -> Verdict:
    """Check ECA's excitation: a kernel slides along the channels, zeros past the ends, sigmoid.

    Args:
        yours: a function of `squeezed` (C,) and `kernel` (k,), k odd, to gates (C,).
    """
    return examine(
        yours,
        STRIP_CASES,
        against(
            lambda squeezed, kernel: steps.trace_interaction(squeezed, kernel).gates,
            _heard,
        ),
        say(
            "Your gates agree with the library's in {cases} cases, at both ends, for k = 1, "
            "and for a kernel that is longer than the list.",
            cases=len(STRIP_CASES),
        ),
        mistakes=STRIP_MISTAKES,
    )
