"""The CBAM panel: its state, computed, and the sentences made from it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib._words import number
from attention_lib.examples import filters, hand_made
from attention_lib.panels.kit import sources
from attention_lib.steps.activations import sigmoid
from attention_lib.steps.cbam import CBAMTrace, CBAMWeights, cbam_forward, random_spatial_weights
from attention_lib.steps.se import random_weights

REDUCTION = 4


OTHER = {"channel_spatial": "spatial_channel", "spatial_channel": "channel_spatial"}


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
    sources.require_channel(channel, channels)
    return _passed(photo, weights, channels, kernel_size, order)._replace(channel=channel)


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
        random_spatial_weights(kernel_size, spread=2),
    )


def explain_channel(state: CBAMState) -> str:
    """How the chosen channel's gate was made."""
    channel, c = state.trace.channel, state.channel
    low, high = channel.expanded[:, c]
    name = filters.channel_names(state.channels)[c]
    joined = f"{number(low)} + {number(high)}".replace("+ −", "− ")
    return (
        f"Channel {c}, {name}: the one MLP answers {number(low)} to the means and {number(high)} "
        f"to the maxima. Gate = σ({joined}) = {number(channel.gates[c])}"
    )


def explain_place(state: CBAMState) -> str:
    """What the two gates make of the chosen channel at the most open place."""
    trace, c = state.trace, state.channel
    row, column = state.most_open
    value, scaled = trace.feature_map[row, column, c], trace.scaled[row, column, c]
    return (
        f"In the ring (row {row}, column {column}): value {number(value)} × channel "
        f"{number(trace.channel.gates[c])} × place {number(trace.spatial.gates[row, column])} "
        f"= {number(scaled)}. Every channel has the same gates of places."
    )


def comment(state: CBAMState) -> str:
    """Where the weights come from, and what the order matters."""
    made = "Weights drawn from a seed, not trained: they mean nothing."
    if state.hand_made:
        made = "Weights made by hand: two questions, and a place’s contrast with what is around it."
    if state.instead:
        made = f"Nobody made weights by hand for C = {state.channels}: these are from a seed."
    against = "One after the other" if state.order == "parallel" else "In the other order"
    return f"{made} {against} a value would differ by up to {number(state.swapped, 3)}."
