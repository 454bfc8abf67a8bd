"""The panel of the family: what each method pools, mixes, gates and gives back.

Who talks to whom is not told but tried: one number of the input is nudged, and what changes is
looked at, in all channels and at all places.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import number
from attention_lib.examples import family, filters
from attention_lib.language import say
from attention_lib.panels.kit import sources

NUDGE = 0.1
NOTHING = 1e-9  # what changes less is rounding
COARSE = 14  # rows and columns of places that self-attention sees: 56 x 56 would make 10 million


class Method(NamedTuple):
    """One of the attentions, in words that fit a line each."""

    name: str
    year: int
    pooled: str
    mixing: str
    gated: str
    back: str


METHODS = (
    Method(
        "SE",
        2017,
        say("the mean of each channel"),
        say("all channels, through C/r hidden units"),
        say("each channel"),
        say("x × gate"),
    ),
    Method(
        "self-attention",
        2017,
        say("nothing"),
        say("every place with every place; the weights are made from the input"),
        say("each pair of places, by softmax"),
        say("a weighted mean of values from all places"),
    ),
    Method(
        "GE",
        2018,
        say("the mean of each channel, or of neighbourhoods in it"),
        say("nobody, or places of one channel by depthwise convolutions"),
        say("each channel, in blocks of places"),
        say("x × gate"),
    ),
    Method(
        "BAM",
        2018,
        say("the mean of each channel; for the places nothing"),
        say("all channels, through C/r hidden units; places around, by dilated convolutions"),
        say("each number, by one sigmoid of the sum"),
        say("x + x × gate"),
    ),
    Method(
        "CBAM",
        2018,
        say("mean and maximum: over the places, then over the channels"),
        say("all channels, through C/r hidden units; 7 × 7 places, by a convolution"),
        say("each channel, then each place"),
        say("x × gate × gate"),
    ),
    Method(
        "scSE",
        2018,
        say("the mean of each channel; for the places nothing"),
        say("all channels, through C/r hidden units; at a place, its own C numbers"),
        say("each channel, and each place, side by side"),
        say("the larger of two x × gate"),
    ),
    Method(
        "SK",
        2019,
        say("the mean of each channel, after branches are summed"),
        say("all channels, through C/r hidden units"),
        say("each branch in each channel, by softmax over branches"),
        say("the weighted sum of the branches"),
    ),
    Method(
        "GCNet",
        2019,
        say("a mean of the places, weighted by a softmax over them"),
        say("all channels, through C/r hidden units with layer normalisation"),
        say("nothing"),
        say("x + a number for each channel"),
    ),
    Method(
        "ECA",
        2019,
        say("the mean of each channel"),
        say("each channel with its neighbours, k in all"),
        say("each channel"),
        say("x × gate"),
    ),
    Method(
        "Triplet",
        2020,
        say("maximum and mean along each of the three axes in turn"),
        say("7 × 7 convolutions, on the two axes that are left"),
        say("each pair of axes, in three branches"),
        say("the mean of three x × gate"),
    ),
    Method(
        "FcaNet",
        2020,
        say("one cosine frequency of each channel"),
        say("all channels, through C/r hidden units"),
        say("each channel"),
        say("x × gate"),
    ),
    Method(
        "Coordinate",
        2021,
        say("the mean of each row and of each column, in each channel"),
        say("all channels, through hidden units that rows and columns share"),
        say("each row and each column of each channel"),
        say("x × gate × gate"),
    ),
    Method(
        "SimAM",
        2021,
        say("mean and variance of each channel"),
        say("no channels; a number with the mean and variance of its own"),
        say("each number"),
        say("x × gate"),
    ),
    Method(
        "GRN",
        2023,
        say("the root of each channel's sum of squares"),
        say("all channels, as each is divided by their mean"),
        say("each channel, with no upper bound of 1"),
        say("γ × x × ratio + β + x"),
    ),
)
BY_NAME = {method.name: method for method in METHODS}

# What a trace says that each number is multiplied by, (H, W, C) or what broadcasts to it. GCNet
# adds instead, and self-attention puts something else in its place.
EFFECTS: dict[str, Callable[[Any], np.ndarray]] = {
    "SE": lambda trace: trace.gates,
    "self-attention": lambda trace: trace.output,
    "CBAM": lambda trace: trace.spatial.gates[..., None] * trace.channel.gates,
    "scSE": lambda trace: np.maximum(trace.channel_gates, trace.place_gates[..., None]),
    "GCNet": lambda trace: trace.added,
    "ECA": lambda trace: trace.gates,
    "FcaNet": lambda trace: trace.gates,
    "Coordinate": lambda trace: trace.row_gates[:, None] * trace.column_gates,
    "SimAM": lambda trace: trace.gates,
    "GRN": lambda trace: 1 + trace.relative,  # with gamma = 1 and beta = 0
}
SIGNS = {"GCNet": "+", "self-attention": "→"}  # of the others it is "×"


class FamilyState(NamedTuple):
    """A method on a photograph, and what a nudge at one place changes."""

    method: Method
    photo: str
    channel: int
    place: tuple[int, int]  # row and column, in the maps as the method sees them
    maps: np.ndarray  # (H, W, C)
    trace: Any
    effect: np.ndarray  # (H, W, C), what each number is multiplied by, or what is added
    changes: np.ndarray  # (C, H, W, C), of the effect, when a channel is nudged at the place

    @property
    def sign(self) -> str:
        """How the effect acts on a number: ×, +, or → where it takes its place."""
        return SIGNS.get(self.method.name, "×")

    @property
    def output(self) -> np.ndarray:
        """(H, W, C), what comes back."""
        return self.trace[-1]

    @property
    def effect_shown(self) -> np.ndarray:
        """(H, W), the effect on the chosen channel; of self-attention, the ring's own weights."""
        if self.sign != "→":
            return self.effect[..., self.channel]
        (row, column), (height, width) = self.place, self.maps.shape[:2]
        return self.trace.attention[row * width + column].reshape(height, width)

    @property
    def channels_reached(self) -> np.ndarray:
        """(C, C) sizes of changes: of which channel (row), when which is nudged (column)."""
        return self.changes.max(axis=(1, 2)).T

    @property
    def places_reached(self) -> np.ndarray:
        """(H, W) sizes of the chosen channel's changes when it is nudged itself."""
        return self.changes[self.channel, ..., self.channel]


def compute(method: str, photo: str, channel: int, row: int, column: int) -> FamilyState:
    """Pass a photograph's maps through a method; `show_family` has the arguments."""
    _require.count(channel, "channel", least=0, most=family.CHANNELS - 1)
    for name, value in (("row", row), ("column", column)):
        if value not in range(56):
            raise ValueError(
                say(
                    "`{name}` must be one of the 56 of a map. Received: {name}={value}. Choose "
                    "0 to 55, or click on the map.",
                    name=name,
                    value=value,
                )
            )
    return _passed(method, photo, int(row), int(column))._replace(channel=int(channel))


@lru_cache(maxsize=4)
def _passed(name: str, photo: str, row: int, column: int) -> FamilyState:
    maps = sources.feature_maps(photo, family.CHANNELS).astype(np.float64)
    if name == "self-attention":
        size = len(maps) // COARSE
        maps = maps.reshape(COARSE, size, COARSE, size, -1).mean((1, 3))
        row, column = row // size, column // size
    forward, effect_of = family.FORWARD[name], EFFECTS[name]
    trace = forward(maps)
    effect = np.broadcast_to(effect_of(trace), maps.shape)
    changes = []
    for channel in range(maps.shape[-1]):
        nudged = maps.copy()
        nudged[row, column, channel] += NUDGE
        changes.append(np.abs(np.broadcast_to(effect_of(forward(nudged)), maps.shape) - effect))
    reached = np.stack(changes)
    reached[reached < NOTHING] = 0
    return FamilyState(BY_NAME[name], photo, 0, (row, column), maps, trace, effect, reached)


def explain(state: FamilyState) -> str:
    """What becomes of the number in the ring."""
    row, column = state.place
    c, name = state.channel, filters.channel_names(family.CHANNELS)[state.channel]
    value, effect = state.maps[row, column, c], state.effect[row, column, c]
    after = number(state.output[row, column, c])
    where = say(
        "Channel {c}, {name}, in the ring (row {row}, column {column}): ",
        c=c,
        name=name,
        row=row,
        column=column,
    )
    if state.sign == "→":
        return say(
            "{where}{value} becomes {after}, a weighted mean of {count} places.",
            where=where,
            value=number(value),
            after=after,
            count=COARSE**2,
        )
    joined = f"{number(value)} {state.sign} {number(effect)}".replace("+ −", "− ")
    return say("{where}{joined} = {after}.", where=where, joined=joined, after=after)


def reach(state: FamilyState) -> str:
    """How far the nudge is noticed."""
    c = state.channel
    channels = int((state.channels_reached[:, c] > 0).sum())
    places = int((state.places_reached > 0).sum())
    what = {
        "+": say("what is added changes"),
        "→": say("what comes back changes"),
    }.get(state.sign, say("gates change"))
    return say(
        "Raise this number by {nudge}, and {what} in {channels} of {all} channels; in channel "
        "{c} at {places:,} of {total:,} places.",
        nudge=NUDGE,
        what=what,
        channels=channels,
        all=family.CHANNELS,
        c=c,
        places=places,
        total=state.places_reached.size,
    )
