"""The squeeze panel: its state, computed, and the sentences made from it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import number, sentences
from attention_lib.examples import filters, photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.steps.pooling import global_max_pool
from attention_lib.steps.se import squeeze

ROUNDING = 1e-5  # what a colour filter finds in a grey photo


class SqueezeState(NamedTuple):
    """Maps, the two numbers that pooling makes of each, and where the learner looks."""

    photo: str
    picture: np.ndarray  # (H, W, 3), the photo as shuffled
    chosen: np.ndarray  # (56, 56), the chosen map, as shuffled
    sample: np.ndarray  # (56, 56, n), the maps with a small picture: all, or an even sample
    squeezed: np.ndarray  # (C,) means
    peaks: np.ndarray  # (C,) maxima
    moved: float  # the largest change of any mean that the shuffle made
    shuffle: str
    rectify: bool
    channel: int

    @property
    def channels(self) -> int:
        return len(self.squeezed)

    @property
    def values(self) -> np.ndarray:
        """The chosen map's values from the smallest to the largest."""
        return np.sort(self.chosen, axis=None)

    @property
    def feature_map(self) -> np.ndarray:
        """All maps (56, 56, C), made when asked for: 2048 of them are 25 MB."""
        return _maps(self.photo, range(self.channels), self.rectify, self.shuffle)


def compute(photo: str, channels: int, channel: int, rectify: bool, shuffle: str) -> SqueezeState:
    """Squeeze a photograph's maps; `show_squeeze` has the arguments."""
    channels = len(filters.channel_names(channels))  # a C that cannot be gets its sentence
    _require.count(channel, "channel", least=0, most=channels - 1)
    count = min(1 << (channels - 1).bit_length(), sources.BLOCK)
    blocks = [
        _pooled(photo, start, start + count, rectify, shuffle)
        for start in range(0, channels, count)
    ]
    squeezed, ordered, peaks = np.concatenate(blocks, axis=-1)[:, :channels]
    shown = [int(channel), *sources.sample(channels)]
    maps = _maps(photo, shown, rectify, shuffle)
    return SqueezeState(
        photo=photo,
        picture=_picture(photo, shuffle),
        chosen=maps[..., 0],
        sample=maps[..., 1:],
        squeezed=squeezed,
        peaks=peaks,
        moved=float(np.abs(squeezed - ordered).max()),
        shuffle=shuffle,
        rectify=rectify,
        channel=int(channel),
    )


@lru_cache(maxsize=32)
def _pooled(photo: str, start: int, stop: int, rectify: bool, shuffle: str) -> np.ndarray:
    """(3, n): means as shuffled and as they were, and maxima, of a block of channels."""
    which = range(start, stop)
    ordered = _maps(photo, which, rectify, "nothing")
    maps = ordered if shuffle == "nothing" else _maps(photo, which, rectify, shuffle)
    return np.stack([squeeze(maps), squeeze(ordered), global_max_pool(maps)])


def _maps(photo: str, which: Sequence[int], rectify: bool, shuffle: str) -> np.ndarray:
    """The maps of some channels."""
    seen = _picture(photo, shuffle) if shuffle == "photo" else photo
    maps = filters.some_maps(seen, which, rectify=rectify)
    return _deal(maps, len(maps)) if shuffle == "maps" else maps


@lru_cache(maxsize=2)
def _picture(photo: str, shuffle: str) -> np.ndarray:
    """The photo as shuffled."""
    if shuffle == "nothing":
        return photos.load_photo(photo, 2 * photos.SIDE)
    places = photos.SIDE // filters.STRIDE if shuffle == "maps" else photos.SIDE
    return _deal(photos.load_photo(photo), places)


def _deal(image: np.ndarray, places: int) -> np.ndarray:
    """Deal the `places` x `places` square blocks of an image out anew, always in the same way."""
    side, depth = image.shape[0] // places, image.shape[-1]
    dealt = np.random.default_rng(0).permutation(places * places)
    blocks = image.reshape(places, side, places, side, depth).swapaxes(1, 2)
    blocks = blocks.reshape(places * places, -1)[dealt]
    blocks = blocks.reshape(places, places, side, side, depth).swapaxes(1, 2)
    return blocks.reshape(image.shape)


def explain(state: SqueezeState) -> str:
    """The chosen channel's arithmetic."""
    height, width = state.chosen.shape
    mean, peak = state.squeezed[state.channel], state.peaks[state.channel]
    return say(
        "z_{channel} = mean of {height} × {width} = {count} values = {mean};   max = {peak}",
        channel=state.channel,
        height=height,
        width=width,
        count=height * width,
        mean=number(mean, 3),
        peak=number(peak),
    )


def comment(state: SqueezeState) -> str:
    """What the present picture shows of the squeeze."""
    values = state.values
    if state.shuffle == "maps":
        return say(
            "All maps shuffled alike: another picture, the same values. Largest change "
            "of any z: {moved:.7f}, which is rounding.",
            moved=state.moved,
        )
    if state.shuffle == "photo":
        return say(
            "Shuffled before the filters, which now see other patches: other maps, "
            "other values. Largest change of any z: {moved:.3f}.",
            moved=state.moved,
        )
    if np.abs(values).max() <= ROUNDING:
        return say("This filter found nothing here: every value is zero, or rounding.")
    if state.rectify:
        counts = say(
            "Every place counts the same for the mean; for the max only the one in the ring."
        )
        return sentences((_zeros(int((values == 0).sum())), counts))
    above, below = values[values > 0].sum() / values.size, values[values < 0].sum() / values.size
    return say(
        "What is above zero adds {above} to the mean, what is below {below}: together {both}.",
        above=number(above, 3, sign=True),
        below=number(below, 3, sign=True),
        both=number(above + below, 3),
    )


def _zeros(count: int) -> str:
    if count == 0:
        return say("None of the values are zero.")
    return (
        say("{count} of the values are zero.", count=count)
        if count > 1
        else say("1 of the values is zero.")
    )


def describe(state: SqueezeState) -> str:
    """The whole picture in words."""
    name = filters.channel_names(state.channels)[state.channel]
    channels = (  # said here, since Babel finds no text inside another
        say("{count} channels after ReLU", count=state.channels)
        if state.rectify
        else say("{count} channels before ReLU", count=state.channels)
    )
    return say(
        "{title}, {channels}. Channel {channel}, {name}: {explain} {comment}",
        title=photos.PHOTOS[state.photo].title,
        channels=channels,
        channel=state.channel,
        name=name,
        explain=explain(state),
        comment=comment(state),
    )
