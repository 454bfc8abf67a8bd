"""The variants panel: its state, computed, and the sentences made from it."""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import number
from attention_lib.costs import variant_cost
from attention_lib.examples import photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.steps.variants import Variant, draw_variants

MOST_CHANNELS = 64  # squares of more would be grey
SPREAD = 6.0  # of the weights, so that gates use the room between 0 and 1


class VariantsState(NamedTuple):
    """The seven designs, what each makes of a photograph, and where the learner looks."""

    photo: str
    squeezed: np.ndarray  # (C,)
    variants: tuple[Variant, ...]
    gates: tuple[np.ndarray, ...]  # (C,) for each
    groups: int
    chosen: str  # the name of a variant
    channel: int

    @property
    def channels(self) -> int:
        return len(self.squeezed)

    @property
    def place(self) -> int:
        """Which of the seven is chosen."""
        return [variant.name for variant in self.variants].index(self.chosen)


NAMES = ("SE", "SE-Var1", "SE-Var2", "SE-Var3", "SE-GC", "ECA-NS", "ECA")


def compute(
    photo: str,
    variant: str,
    channels: int,
    channel: int,
    reduction: int,
    groups: int,
    kernel_size: int,
    seed: int,
) -> VariantsState:
    """Draw the seven designs and gate a photograph with each; `show_variants` has the args."""
    squeezed = sources.summary(photo, channels)
    if channels > MOST_CHANNELS:
        raise ValueError(
            say(
                "`channels` must be {most_channels} or less, for the squares to be "
                "readable. Received: channels={channels}. Choose 16; the cost panel takes "
                "whole networks.",
                most_channels=MOST_CHANNELS,
                channels=channels,
            )
        )
    _require.count(channel, "channel", least=0, most=channels - 1)
    made = draw_variants(
        channels,
        reduction=reduction,
        groups=groups,
        kernel_size=kernel_size,
        spread=SPREAD,
        seed=seed,
    )
    gates = tuple(design.trace(squeezed).gates for design in made)
    return VariantsState(photo, squeezed, made, gates, groups, variant, channel)


def explain(state: VariantsState) -> str:
    """Which channels the chosen gate depends on in the chosen design."""
    variant, c = state.variants[state.place], state.channel
    used = np.flatnonzero(variant.depends_on[c])
    which = _which(used, c)
    return say("{name}: gate {c} depends on {which}.", name=variant.name, c=c, which=which)


def _which(used: np.ndarray, channel: int) -> str:
    if used.tolist() == [channel]:
        return say("its own mean alone")
    if len(used) and len(used) == used[-1] - used[0] + 1:
        return say(
            "{count} means, of channels {first} to {last}",
            count=len(used),
            first=used[0],
            last=used[-1],
        )
    return say("{count} means", count=len(used))


def arithmetic(state: VariantsState) -> str:
    """What the weights of the chosen design add up to, and its gate."""
    variant, c = state.variants[state.place], state.channel
    size, gate = state.channels, state.gates[state.place][c]
    kernel = state.variants[-1].parameters
    width = state.variants[0].parameters // (2 * size)
    how = {
        "SE": say(
            "2 · {size} · {width} = {parameters:,} weights",
            size=size,
            width=width,
            parameters=variant.parameters,
        ),
        "SE-Var1": say("Nothing to learn"),
        "SE-Var2": say("{size} weights, one a channel", size=size),
        "SE-Var3": say(
            "{size} · {size} = {parameters:,} weights", size=size, parameters=variant.parameters
        ),
        "SE-GC": say(
            "{groups} groups of {size} · {size} = {parameters:,} weights",
            groups=state.groups,
            size=size // state.groups,
            parameters=variant.parameters,
        ),
        "ECA-NS": say(
            "{size} · {kernel} = {parameters:,} weights",
            size=size,
            kernel=kernel,
            parameters=variant.parameters,
        ),
        "ECA": say("{kernel} weights, the same for every gate", kernel=kernel),
    }[variant.name]
    return say("{how}. For this photo gate {c} is {gate}.", how=how, c=c, gate=number(gate))


def compare(state: VariantsState) -> str:
    """What the chosen design would have in a block of a real network."""
    name = state.chosen
    sizes = {"reduction": 16, "groups": 16, "kernel_size": 5}
    weights = variant_cost(name, 512, **sizes).weights
    setting = {
        "SE": say(" and r = 16"),
        "SE-GC": say(" and 16 groups"),
        "ECA-NS": say(" and k = 5"),
        "ECA": say(" and k = 5"),
    }.get(name, "")
    return say(
        "With 512 channels{setting} it has {weights:,} weights.", setting=setting, weights=weights
    )


def describe(state: VariantsState) -> str:
    """The whole picture in words."""
    counts = say(", ").join(f"{variant.name} {variant.parameters:,}" for variant in state.variants)
    return say(
        "{title}, {channels} channels. Weights: {counts}. {explain} {arithmetic} {compare}",
        title=photos.PHOTOS[state.photo].title,
        channels=state.channels,
        counts=counts,
        explain=explain(state),
        arithmetic=arithmetic(state),
        compare=compare(state),
    )
