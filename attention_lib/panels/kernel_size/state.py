"""The kernel-size panel: its state, computed, and the sentences made from it."""

from typing import NamedTuple

from attention_lib import _require
from attention_lib._words import many, written
from attention_lib.language import say
from attention_lib.steps import eca
from attention_lib.steps.eca import KernelChoice, choose_kernel

MOST_CHANNELS = 4096  # where the staircase ends


class KernelSizeState(NamedTuple):
    """How k was chosen, and which channels the chosen gate depends on."""

    choice: KernelChoice
    stairs: list[KernelChoice]
    channel: int

    @property
    def reach(self) -> int:
        return self.choice.kernel_size // 2

    @property
    def window(self) -> tuple[int, int]:
        """The first and the last channel in the window; padding left out."""
        last = self.choice.channels - 1
        return max(self.channel - self.reach, 0), min(self.channel + self.reach, last)

    @property
    def zeros(self) -> int:
        """How many of the k weights meet padding."""
        first, last = self.window
        return self.choice.kernel_size - (last - first + 1)


def compute(channels: int, gamma: float, b: float, channel: int) -> KernelSizeState:
    """Choose k, here and along the whole staircase; `show_kernel_size` has the arguments."""
    choice = choose_kernel(channels, gamma, b)
    _require.count(channel, "channel", least=0, most=channels - 1)
    return KernelSizeState(choice, eca.staircase(gamma, b, MOST_CHANNELS), int(channel))


def explain(choice: KernelChoice) -> str:
    """The formula with its numbers put in, in one line."""
    _, gamma, b, log2_channels, t, truncated, raised, k = choice
    sign = "−" if b < 0 else "+"
    offset = f"{sign} {written(abs(b), 6)}/{written(gamma, 6)}"
    kept = (
        say("even, raised to k = {k}", k=count(k))
        if raised
        else say("odd, kept: k = {k}", k=count(k))
    )
    return say(
        "t = |log₂({channels})/{gamma} {offset}| = |{log}/{gamma} {offset}| = {t}  "
        "→  {truncated}, {kept}",
        channels=choice.channels,
        gamma=written(gamma, 6),
        offset=offset,
        log=written(round(log2_channels, 3), 6),
        t=before_cut(t),
        truncated=count(truncated),
        kept=kept,
    )


def tell_window(state: KernelSizeState) -> str:
    """Which channels the chosen gate depends on."""
    first, last = state.window
    if first == last:
        return say(
            "The gate of channel {channel} depends on that channel alone", channel=state.channel
        )
    return say(
        "The gate of channel {channel} depends on channels {first} to {last}",
        channel=state.channel,
        first=first,
        last=last,
    )


def meets_zeros(state: KernelSizeState) -> str:
    """How many of the kernel's weights meet padding; "" if none does."""
    k, zeros = count(state.choice.kernel_size), count(state.zeros)
    if state.choice.kernel_size > state.choice.channels:
        return say(
            "The kernel is wider than the {channels}: {zeros} of its {k} weights meet zeros",
            channels=many(state.choice.channels, "channel"),
            zeros=zeros,
            k=k,
        )
    if state.zeros == 1:
        return say("1 of the {k} weights meets the zero padding", k=k)
    if state.zeros:
        return say("{zeros} of the {k} weights meet the zero padding", zeros=zeros, k=k)
    return ""


def beside(offset: int) -> str:
    """The name of a channel so far from the chosen one: c−1, c, c+1."""
    return f"c{offset:+d}".replace("-", "−") if offset else "c"


def before_cut(t: float) -> str:
    """t with two decimals, or with as many as it takes to see why it is cut where it is."""
    if t == round(t, 1):
        return f"{t:.1f}" if t < 1e10 else f"{t:.3g}"
    if t >= 1e10:
        return f"{t:.3g}"
    decimals = next((d for d in range(2, 16) if int(float(f"{t:.{d}f}")) == int(t)), 16)
    return f"{t:.{decimals}f}"


def count(value: float) -> str:
    """A whole number with commas, or to three digits if it is too long."""
    return f"{int(value):,}" if abs(value) < 1e10 else f"{value:.3g}"
