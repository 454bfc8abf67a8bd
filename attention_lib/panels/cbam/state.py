"""The CBAM panel: its state, computed, and the sentences made from it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import number, sentences, total
from attention_lib.examples import filters, hand_made, photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.steps.activations import sigmoid
from attention_lib.steps.cbam import CBAMTrace, CBAMWeights, cbam_forward, random_spatial_weights
from attention_lib.steps.se import random_weights

REDUCTION = 4
OTHER = {"channel_spatial": "spatial_channel", "spatial_channel": "channel_spatial"}
HEADINGS = {
    "channel_spatial": (
        say("first, what: a gate for every channel"),
        say("then, where: a gate for every place"),
    ),
    "spatial_channel": (
        say("then, what: a gate for every channel"),
        say("first, where: a gate for every place"),
    ),
    "parallel": (
        say("at once, what: a gate for every channel"),
        say("at once, where: a gate for every place"),
    ),
}


class CBAMState(NamedTuple):
    """A pass through the block, and what the other order would have given."""

    photo: str
    trace: CBAMTrace
    weights: CBAMWeights
    hand_made: bool
    instead: bool  # seeded, because nobody made weights by hand for this C
    order: str
    swapped: float  # the largest difference that the other order makes
    channel: int

    @property
    def channels(self) -> int:
        return len(self.trace.channel.gates)

    @property
    def gate(self) -> float:
        """The chosen channel's gate."""
        return float(self.trace.channel.gates[self.channel])

    @property
    def by_mean_alone(self) -> np.ndarray:
        """(C,) gates if nothing were known but the means."""
        return sigmoid(self.trace.channel.expanded[0])

    @property
    def most_open(self) -> tuple[int, int]:
        """The row and column of the place with the largest gate."""
        gates = self.trace.spatial.gates
        row, column = np.unravel_index(gates.argmax(), gates.shape)
        return int(row), int(column)


def compute(
    photo: str, weights: str, channels: int, channel: int, kernel_size: int, order: str
) -> CBAMState:
    """Pass a photograph's maps through CBAM; `show_cbam` has the arguments."""
    filters.channel_names(channels)  # a C that cannot be gets its sentence
    _require.count(channel, "channel", least=0, most=channels - 1)
    return _passed(photo, weights, channels, kernel_size, order)._replace(channel=int(channel))


@lru_cache(maxsize=2)
def _passed(photo: str, weights: str, channels: int, kernel_size: int, order: str) -> CBAMState:
    made_by_hand = weights == "hand-made" and channels in hand_made.CBAM_CHANNELS
    maps = sources.feature_maps(photo, channels)
    made = _weights(made_by_hand, channels, kernel_size)
    trace = cbam_forward(maps, made, order=order)
    other = cbam_forward(maps, made, order=OTHER.get(order, "channel_spatial"))
    swapped = float(np.abs(trace.scaled - other.scaled).max())
    instead = weights == "hand-made" and not made_by_hand
    return CBAMState(photo, trace, made, made_by_hand, instead, order, swapped, 0)


def _weights(made_by_hand: bool, channels: int, kernel_size: int) -> CBAMWeights:
    if made_by_hand:
        return hand_made.hand_made_cbam(channels, kernel_size)
    return CBAMWeights(
        random_weights(channels, min(REDUCTION, channels), spread=1, use_bias=False),
        random_spatial_weights(kernel_size, spread=6),
    )


def headings(state: CBAMState) -> tuple[str, str]:
    """What either half does, and when."""
    return HEADINGS[state.order]


def origin(state: CBAMState) -> str:
    """Where the weights come from."""
    if state.hand_made:
        return say("weights made by hand")
    if state.instead:
        return say("none by hand for C = {channels}: seeded, no meaning", channels=state.channels)
    return say("seeded weights, not trained: no meaning")


def product(state: CBAMState) -> str:
    """What the two gates make of the chosen channel at the most open place."""
    trace, at = state.trace, state.most_open
    before, after = (maps[*at, state.channel] for maps in (trace.feature_map, trace.scaled))
    factors = number(before), number(state.gate), number(trace.spatial.gates[at])
    return f"{' × '.join(factors)} = {number(after)}"


def places(state: CBAMState) -> list[str]:
    """What is to be said beside the gates of places, a sentence a line."""
    gates = state.trace.spatial.gates
    low, high, most = (number(float(value)) for value in (gates.min(), gates.max(), state.swapped))
    return [
        say("From {low} to {high}, the same for every channel.", low=low, high=high),
        say("One after the other a value differs by up to {most}.", most=most)
        if state.order == "parallel"
        else say("In the other order a value differs by up to {most}.", most=most),
    ]


def explain(state: CBAMState) -> str:
    """How the chosen channel's gate was made."""
    low, high = (number(answer) for answer in state.trace.channel.expanded[:, state.channel])
    name = filters.channel_names(state.channels)[state.channel]
    return say(
        "Map {channel}, {name}: one MLP answers {low} to its mean, {high} to its "
        "maximum; σ({total}) = {gate}.",
        channel=state.channel,
        name=name,
        low=low,
        high=high,
        total=total([low, high]),
        gate=number(state.gate),
    )


def describe(state: CBAMState) -> str:
    """The whole picture in words."""
    row, column = state.most_open
    return say(
        "{title}, {channels} channels, {origin}; {headings}. {explain} Gates of "
        "places. {places} In the ring, row {row}, column {column}: value × channel "
        "× place: {product}.",
        title=photos.PHOTOS[state.photo].title,
        channels=state.channels,
        origin=origin(state),
        headings=say("; ").join(headings(state)),
        explain=explain(state),
        places=sentences(places(state)),
        row=row,
        column=column,
        product=product(state),
    )
