"""Where panels get their numbers: photographs' summaries and the weights of an excitation."""

import math
from functools import lru_cache

import numpy as np

from attention_lib.examples import filters, hand_made, photos
from attention_lib.language import say
from attention_lib.steps import se

PHOTO_CHOICES = {photo.title: name for name, photo in photos.PHOTOS.items()}
BLOCK = 256  # channels summed up at once
Z_TOP = 0.6  # above the named channels of every shipped photograph
MOST_PICTURED = 16  # channels side by side that have a small picture each
WEIGHT_CHOICES = {say("hand-made"): "hand-made", say("seeded"): "seeded"}


@lru_cache(maxsize=4)
def feature_maps(photo: str, channels: int) -> np.ndarray:
    """The (56, 56, C) feature maps of a shipped photograph, kept while they are in use."""
    maps = filters.feature_maps(photo, channels)
    maps.flags.writeable = False
    return maps


@lru_cache(maxsize=4)
def some_maps(photo: str, channels: tuple[int, ...]) -> np.ndarray:
    """The (56, 56, n) maps of some of its channels, kept while they are in use."""
    maps = filters.some_maps(photo, channels)
    maps.flags.writeable = False
    return maps


def summary(photo: str, channels: int) -> np.ndarray:
    """The (C,) channel averages of a photograph, the paper's z.

    A channel's map does not depend on C, so that all C share one computation; and it is done in
    blocks, for 2048 maps at once are 25 MB.
    """
    channels = len(filters.channel_names(channels))  # a C that cannot be gets its sentence
    first = min(1 << (channels - 1).bit_length(), BLOCK)
    blocks = [(start, start + first) for start in range(0, channels, first)]
    return np.concatenate([_means(photo, *block) for block in blocks])[:channels]


@lru_cache(maxsize=64)
def _means(photo: str, start: int, stop: int) -> np.ndarray:
    return se.squeeze(filters.some_maps(photo, range(start, stop)))


def z_top(squeezed: np.ndarray) -> float:
    """Where the axis of z ends: at Z_TOP, or at the tenth above what goes beyond it."""
    return max(Z_TOP, math.ceil(10 * float(np.max(squeezed))) / 10)


def sample(channels: int) -> list[int]:
    """Which channels have a small picture: all, or an even sample of them."""
    shown = min(channels, MOST_PICTURED)
    return [int((place + 0.5) * channels / shown) for place in range(shown)]


def excitation_weights(
    kind: str, channels: int, reduction: int, *, spread: float = 4.0, seed: int = 0
) -> tuple[se.SEWeights, tuple[str, ...]]:
    """The weights of an excitation, and what each hidden unit asks.

    Args:
        kind: "hand-made", which falls back on seeded weights where no questions were written for
            this C and r, or "seeded".
        channels: C.
        reduction: r.
        spread: of the seeded weights.
        seed: which draw of the seeded weights.

    Returns:
        The weights and one question a hidden unit; no questions for seeded weights.
    """
    filters.channel_names(channels)  # before weights for a million channels are drawn
    if kind == "hand-made" and hand_made.exist_for(channels, reduction):
        made = hand_made.hand_made_weights(channels, reduction)
        return made, hand_made.hand_made_names(channels, reduction)
    return se.random_weights(channels, reduction, spread=spread, seed=seed), ()


# The light in which a map is painted, where it is not white.
PAINT = {
    4: (1.0, 0.25, 0.2),  # red − green
    5: (0.2, 0.9, 0.3),  # green − red
    6: (1.0, 0.85, 0.1),  # yellow − blue
    7: (0.25, 0.45, 1.0),  # blue − yellow
    13: (1.0, 0.6, 0.2),  # colour borders
    15: (0.35, 0.35, 0.6),  # darkness
}


def added_up(maps: np.ndarray, like: np.ndarray) -> np.ndarray:
    """All maps added up to one picture, each in its light.

    Args:
        maps: (H, W, C).
        like: (H, W, C), by whose brightness the picture is exposed: maps before their gates.

    Returns:
        (H, W, 3); what is beyond 1 is overexposed.
    """
    light = np.array([PAINT.get(channel, (1.0, 1.0, 1.0)) for channel in range(maps.shape[-1])])
    brightest = float(np.quantile((like @ light).max(axis=-1), 0.95))
    return maps @ light / max(brightest, 1e-6)


def share_left(before: np.ndarray, after: np.ndarray) -> float:
    """How much of all that the maps add up to is left, from 0 to 1."""
    whole = float(before.sum())
    return float(after.sum()) / whole if whole else 0.0
