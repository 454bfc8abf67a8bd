"""Eight checks for a block that multiplies maps by gates. Each says what it saw, with numbers.

A check is given a block and returns a Finding. It never raises: a block that stops is a finding.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from attention_lib.course.museum.blocks import Block
from attention_lib.language import say

SAME = 1e-5  # what rounding may make of two equal gates
SIDE = 8
LARGE = 32  # rows and columns where places matter, so that 7 x 7 leaves a middle
MIDDLE = slice(8, 24)
BRIGHT = 12, 19  # where the bright pixel stands


class Finding(NamedTuple):
    """What a check saw."""

    passed: bool
    words: str
    seen: tuple[np.ndarray, ...] = ()  # gates to compare: (C,) by channel or (H, W) by place
    names: tuple[str, ...] = ()  # of each


class Check(NamedTuple):
    """A check, and what it looks at."""

    name: str
    title: str
    asks: str
    look: Callable[[Block], Finding]

    def __call__(self, block: Block) -> Finding:
        """Look at a block; one that stops is a finding, too."""
        try:
            return self.look(block)
        except Exception as error:  # an exhibit may stop with anything
            return Finding(False, say("It stops: {error}", error=said(error)))


def said(error: Exception) -> str:
    """What an error says, in a line."""
    words = " ".join(str(error).split())
    first = words.split(". ")[0].removesuffix(".") or say("without a message")
    return f"{type(error).__name__}, {first}."


def look_at_shape(block: Block) -> Finding:
    """Maps of the same shape must come out, for C and for 2 C channels."""
    shapes = []
    for channels in (block.channels, 2 * block.channels):
        other = block.again(channels=channels)
        for batch in (1, SIDE):
            x = _maps(batch, SIDE, channels)
            try:
                shape = other(x).shape
            except ValueError:
                gates = other.gates(x).shape
                words = say(
                    "{maps} goes in, and the gates have {gates}: they do not fit.",
                    maps=x.shape,
                    gates=gates,
                )
                return Finding(False, words, *_looks(block))
            if shape != x.shape:
                return Finding(
                    False, say("{maps} goes in, {shape} comes out.", maps=x.shape, shape=shape)
                )
        shapes.append(x.shape)
    one, two = shapes
    words = say("{one} and {two} go in, and come out with the same shapes.", one=one, two=two)
    return Finding(True, words, *_looks(block))


def count_parameters(block: Block) -> Finding:
    """There must be as many weights as the formula says, for C and for 2 C channels."""
    told, passed = [], True
    for channels in (block.channels, 2 * block.channels):
        other = block.again(channels=channels)
        count = sum(weight.size for weight in other.weights.values())
        wanted = other.expected()
        passed &= count == wanted
        if count == wanted:
            told.append(say("{count:,} for C = {channels}", count=count, channels=channels))
        else:
            told.append(
                say(
                    "{count:,} for C = {channels}, and {wanted:,} are right",
                    count=count,
                    channels=channels,
                    wanted=wanted,
                )
            )
    return Finding(
        passed,
        say("Weights, {formula}: {told}.", formula=block.formula, told=say("; ").join(told)),
        *_looks(block),
    )


def permute(block: Block) -> Finding:
    """Rename the channels, their weights too: every gate must move along with its channel."""
    count = block.channels
    if block.in_order:
        order = np.arange(count)[::-1]
        weights = {name: weight[::-1] for name, weight in block.weights.items()}
    else:
        order = np.random.default_rng(3).permutation(count)
        weights = {name: _reordered(weight, order) for name, weight in block.weights.items()}
    x = _maps(1, SIDE // 2, count)
    wanted = gates_of(block, x)[..., order]
    got = gates_of(block.again().load(weights), x[..., order])
    apart = _apart(wanted, got)
    if block.in_order:
        same = say("Channels and kernel mirrored: the gates moved along.")
        other = say(
            "Channels and kernel mirrored: the gates did not move along, and differ by up to "
            "{apart:.3f}.",
            apart=apart,
        )
    else:
        same = say("Channels and weights shuffled: the gates moved along.")
        other = say(
            "Channels and weights shuffled: the gates did not move along, and differ by up to "
            "{apart:.3f}.",
            apart=apart,
        )
    seen, names = (wanted[0, 0, 0], got[0, 0, 0]), (say("gates, moved along"), say("gates found"))
    return Finding(apart < SAME, same if apart < SAME else other, seen, names)


def _reordered(weight: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Every axis as long as there are channels is an axis of channels."""
    for axis, length in enumerate(weight.shape):
        if length == len(order):
            weight = weight.take(order, axis)
    return weight


def feed_constant(block: Block) -> Finding:
    """Uniform maps, dark and bright: all places alike within each, other gates for the bright."""
    found = []
    for levels in _levels(block.channels):
        uniform = np.broadcast_to(levels, (1, LARGE, LARGE, block.channels))
        dark, bright = gates_of(block, 0.4 * uniform), gates_of(block, uniform)
        if uneven := _spread(bright[0, MIDDLE, MIDDLE]):
            return Finding(
                False,
                say(
                    "A uniform map, and places far from every edge have gates of their own: they "
                    "differ by up to {uneven:.3f}.",
                    uneven=uneven,
                ),
                (bright[0, ..., 0],),
                (say("gates of places"),),
            )
        found.append((_apart(dark, bright), dark, bright))
    moved, dark, bright = max(found, key=lambda pair: pair[0])
    at = dark[0, LARGE // 2, LARGE // 2], bright[0, LARGE // 2, LARGE // 2]
    words = say(
        "Places that are alike have the same gate, and from dark to bright a gate changes by "
        "{moved:.3f}.",
        moved=moved,
    )
    if moved < SAME:
        words = say(
            "A dark map and a bright one get the same gates, {gates:.3f}: they depend on nothing.",
            gates=at[0].min(),
        )
    return Finding(moved >= SAME, words, at, (say("dark map"), say("bright map")))


def compare_batch(block: Block) -> Finding:
    """A picture must get the same gates alone and among others."""
    x = _maps(SIDE, SIDE, block.channels)
    together = gates_of(block, x)
    alone = np.concatenate([gates_of(block, x[i : i + 1]) for i in range(SIDE)])
    seen, names = (
        (alone[0, ..., 0], together[0, ..., 0]),
        (say("alone"), say("one of {pictures}", pictures=SIDE)),
    )
    apart = _apart(alone, together)
    words = say("Alone or among {pictures} pictures, the gates are the same.", pictures=SIDE)
    if apart >= SAME:
        words = say(
            "Alone and among {pictures} pictures, the same picture gets other gates: they differ "
            "by up to {apart:.3f}.",
            pictures=SIDE,
            apart=apart,
        )
    return Finding(apart < SAME, words, seen, names)


def zero_weights(block: Block) -> Finding:
    """With all weights zero every gate must be exactly one half."""
    zeros = {name: np.zeros_like(weight) for name, weight in block.weights.items()}
    gates = gates_of(block.again().load(zeros), _maps(1, SIDE, block.channels))
    low, high = gates.min(), gates.max()
    half = max(abs(low - 0.5), abs(high - 0.5)) < SAME
    if half:
        words = say("All weights zero: every gate is 0.5.")
    elif high - low < SAME:
        words = say("All weights zero, and the gates are {low:.3f}, not 0.5.", low=low)
    else:
        words = say(
            "All weights zero, and the gates run from {low:.3f} to {high:.3f}, not 0.5.",
            low=low,
            high=high,
        )
    return Finding(half, words, (gates[0, 0, 0],), (say("gates"),))


def save_and_load(block: Block) -> Finding:
    """What comes back from the disk must do what was saved."""
    x = _maps(1, SIDE, block.channels)
    before, after = gates_of(block, x), gates_of(block.reloaded(), x)
    seen, names = (before[0, 0, 0], after[0, 0, 0]), (say("saved"), say("loaded"))
    apart = _apart(before, after)
    words = say("Saved and loaded, it makes the same gates.")
    if apart >= SAME:
        words = say(
            "Saved and loaded, it makes other gates: they differ by up to {apart:.3f}.", apart=apart
        )
    return Finding(apart < SAME, words, seen, names)


def light_one_pixel(block: Block) -> Finding:
    """Make one pixel bright: the means stay, the maximum changes, one place is unlike others."""
    found = []
    for levels in _levels(block.channels):
        uniform = np.broadcast_to(levels, (1, LARGE, LARGE, block.channels))
        lit = 0.98 * uniform
        lit[0, *BRIGHT] += 0.02 * LARGE**2 * levels
        before, after = gates_of(block, uniform), gates_of(block, lit)
        found.append((_apart(before, after), before[0, ..., 0], after[0, ..., 0], after[0]))
    moved, *seen, after = max(found, key=lambda four: four[0])
    seen, names = tuple(seen), (say("uniform map"), say("one bright pixel"))
    if block.depends_on == "places":
        rows, columns = np.indices((LARGE, LARGE))[:, MIDDLE, MIDDLE]
        far = np.maximum(abs(rows - BRIGHT[0]), abs(columns - BRIGHT[1])) > 3
        uneven = _spread(after[MIDDLE, MIDDLE][far])
        words = say("Places more than 3 away from the bright pixel keep gates alike.")
        if uneven:
            words = say(
                "Places more than 3 away from the bright pixel differ by up to {uneven:.3f}.",
                uneven=uneven,
            )
        return Finding(not uneven, words, seen, names)
    if uneven := _spread(after):
        words = say(
            "One bright pixel, and places of one map get gates that differ by {uneven:.3f}.",
            uneven=uneven,
        )
        return Finding(False, words, seen, names)
    still = moved < SAME
    if block.depends_on == "means":
        words = say("One bright pixel, and the means are as before: the gates stay.")
        if not still:
            words = say(
                "One bright pixel, and the means are as before: but a gate changes by {moved:.3f}.",
                moved=moved,
            )
        return Finding(still, words, seen, names)
    words = say(
        "One bright pixel, and the means are as before: no gate changes, so none depends on the "
        "maximum."
    )
    if not still:
        words = say(
            "One bright pixel, and the means are as before: the larger maximum changes a gate by "
            "{moved:.3f}.",
            moved=moved,
        )
    return Finding(not still, words, seen, names)


CHECKS = {
    instrument.name: instrument
    for instrument in (
        Check(
            "shape",
            say("shape"),
            say("Does what comes out have the shape of what went in?"),
            look_at_shape,
        ),
        Check(
            "parameters",
            say("parameter count"),
            say("Are there as many weights as the formula says?"),
            count_parameters,
        ),
        Check(
            "permutation",
            say("permutation"),
            say("If channels are renamed, do the gates follow?"),
            permute,
        ),
        Check(
            "constant",
            say("constant input"),
            say("Do places that are alike get the same gate, and does brightness matter?"),
            feed_constant,
        ),
        Check(
            "batch",
            say("one against many"),
            say("Is a picture treated alike alone and in a batch?"),
            compare_batch,
        ),
        Check(
            "zero",
            say("zero weights"),
            say("Without weights, is every gate one half?"),
            zero_weights,
        ),
        Check(
            "save",
            say("save and load"),
            say("Does what is loaded do what was saved?"),
            save_and_load,
        ),
        Check(
            "pixel",
            say("one bright pixel"),
            say("What do the gates depend on: the mean, the maximum, a place?"),
            light_one_pixel,
        ),
    )
}


def gates_of(block: Block, x: np.ndarray) -> np.ndarray:
    """What every number of the maps is multiplied by: (batch, H, W, C)."""
    return np.asarray(block(x)) / x


def _looks(block: Block) -> tuple[tuple[np.ndarray, ...], tuple[str, ...]]:
    """The gates for a picture, to look at: they look like gates."""
    return (gates_of(block, _maps(1, SIDE, block.channels))[0, 0, 0],), (
        say("its gates for a picture"),
    )


def _maps(batch: int, side: int, channels: int) -> np.ndarray:
    """Maps without zeros, each channel and each picture with a level of its own."""
    rng = np.random.default_rng([batch, channels])
    levels = rng.uniform(0.2, 1.5, (batch, 1, 1, channels))
    return levels * rng.uniform(0.5, 1.5, (batch, side, side, channels))


def _levels(channels: int) -> np.ndarray:
    """A few levels for every channel: one alone might fall where a ReLU is shut."""
    return np.random.default_rng(4).uniform(0.2, 1, (4, channels))


def _apart(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).max())


def _spread(gates: np.ndarray) -> float:
    """How far the gates of one channel differ from place to place; 0 if by rounding alone."""
    channels = gates.reshape(-1, gates.shape[-1])
    spread = float(np.ptp(channels, axis=0).max())
    return spread if spread >= SAME else 0.0
