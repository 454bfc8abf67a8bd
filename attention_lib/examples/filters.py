"""A bank of fixed filters that turns a photograph into feature maps, for any number of channels."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from attention_lib import _require
from attention_lib.examples.photos import PHOTOS, SIDE, load_photo
from attention_lib.language import say

MOST_CHANNELS = 2048
KERNEL = 7
STRIDE = 2
MID_GREY = 0.45  # what networks for photographs subtract, about the mean of ImageNet

# Offsets from the centre of a filter.
DOWN, RIGHT = np.mgrid[-3:4, -3:4].astype(np.float64)
GREY = (1 / 3, 1 / 3, 1 / 3)
RED_GREEN = (1, -1, 0)
YELLOW_BLUE = (1 / 2, 1 / 2, -1)


def _blur(sigma: float) -> np.ndarray:
    bell = np.exp(-(RIGHT**2 + DOWN**2) / (2 * sigma**2))
    return bell / bell.sum()


def _edges(right: float, down: float) -> np.ndarray:
    """Dark to bright in the direction (right, down), so edges that run across it; sums to zero."""
    across = (right * RIGHT + down * DOWN) / np.hypot(right, down)
    along = (right * DOWN - down * RIGHT) / np.hypot(right, down)
    kernel = across * np.exp(-(across**2) / (2 * 1.1**2) - along**2 / (2 * 1.7**2))
    return kernel / np.abs(kernel).sum() * 2  # a step from black to white gives 1


def _stripes(offset: np.ndarray) -> np.ndarray:
    """A bright band through the middle with dark ones at its sides; sums to zero."""
    wave = np.cos(2 * np.pi * offset / KERNEL)
    kernel = _blur(2.2) * (wave - (_blur(2.2) * wave).sum())
    return kernel / np.abs(kernel).sum() * 2


# name: (7 x 7 pattern, weights of red, green and blue, gain)
# The gains bring the means over the photographs near to each other, about 0.1, and maxima near 1.
_NAMED = {
    say("vertical edges"): (_edges(1, 0), GREY, 5),
    say("horizontal edges"): (_edges(0, 1), GREY, 5),
    say("rising diagonals"): (_edges(1, 1), GREY, 5),
    say("falling diagonals"): (_edges(1, -1), GREY, 5),
    say("red − green"): (_blur(1.2), RED_GREEN, 2),
    say("green − red"): (-_blur(1.2), RED_GREEN, 2),
    say("yellow − blue"): (_blur(1.2), YELLOW_BLUE, 2),
    say("blue − yellow"): (-_blur(1.2), YELLOW_BLUE, 2),
    say("bright spots"): (_blur(1.1) - _blur(2.5), GREY, 12),
    say("dark spots"): (_blur(2.5) - _blur(1.1), GREY, 12),
    say("fine texture"): (_blur(0.5) - _blur(1.0), GREY, 10),
    say("broad stripes up"): (_stripes(RIGHT), GREY, 6),
    say("broad stripes across"): (_stripes(DOWN), GREY, 6),
    say("colour borders"): (_blur(1.1) - _blur(2.5), (1, 0, -1), 12),
    say("brightness"): (_blur(1.2), GREY, 2),
    say("darkness"): (-_blur(1.2), GREY, 2),
}

NAMED_FILTERS = tuple(_NAMED)

SHORT_NAMES = (
    say("vertical"),
    say("horizontal"),
    say("rising"),
    say("falling"),
    say("red"),
    say("green"),
    say("yellow"),
    say("blue"),
)


def channel_names(channels: int) -> list[str]:
    """Name the first `channels` filters.

    Args:
        channels: how many, from 1 to 2048.

    Returns:
        "vertical edges", ..., "darkness", "filter 16", "filter 17", ...

    Raises:
        ValueError: if `channels` is not a whole number from 1 to 2048.
    """
    channels = _checked_channels(channels)
    drawn = [
        say("filter {number}", number=channel) for channel in range(len(NAMED_FILTERS), channels)
    ]
    return [*NAMED_FILTERS[:channels], *drawn]


def short_names(channels: int) -> list[str]:
    """Name the first `channels` filters in a word or so: "vertical", "red" for red − green."""
    return [
        *SHORT_NAMES[: _checked_channels(channels)],
        *channel_names(channels)[len(SHORT_NAMES) :],
    ]


def filter_bank(channels: int) -> np.ndarray:
    """Make the first `channels` filters.

    All sum to zero except brightness and darkness. The named colour filters do so over red, green
    and blue at every place, so grey is nothing to them.

    Args:
        channels: how many, from 1 to 2048.

    Returns:
        (7, 7, 3, channels) float32 weights, laid out as Keras lays out a kernel.

    Raises:
        ValueError: if `channels` is not a whole number from 1 to 2048.
    """
    return _all_filters()[..., : _checked_channels(channels)].copy()


def feature_maps(photo: str | np.ndarray, channels: int, *, rectify: bool = True) -> np.ndarray:
    """Turn a photograph into feature maps: filters with stride 2, mirrored borders, then ReLU.

    Mid grey (0.45) counts as zero, as it does for networks; else no filter could see darkness. A
    channel is the same however many others are asked for.

    Args:
        photo: a key of `PHOTOS`, or a (112, 112, 3) array of decimals in [0, 1].
        channels: how many maps, from 1 to 2048.
        rectify: whether ReLU follows; without it responses keep their sign.

    Returns:
        (56, 56, channels) float32 maps.

    Raises:
        ValueError: if there is no such photograph, the array is not as above, or
            `channels` is not a whole number from 1 to 2048.
    """
    channels = _checked_channels(channels)
    return _filtered(photo, _all_filters()[..., :channels], rectify)


def some_maps(
    photo: str | np.ndarray, channels: Sequence[int], *, rectify: bool = True
) -> np.ndarray:
    """Make the maps of some channels only, as `feature_maps` would.

    Args:
        photo: as for `feature_maps`.
        channels: which, each from 0 to 2047.
        rectify: whether ReLU follows.

    Returns:
        (56, 56, len(channels)) float32 maps.

    Raises:
        ValueError: if there is no such photograph or the array is none.
    """
    return _filtered(photo, _all_filters()[..., list(channels)], rectify)


def _filtered(photo: str | np.ndarray, filters: np.ndarray, rectify: bool) -> np.ndarray:
    patches = _photo_patches(photo) if isinstance(photo, str) else _patches(_checked_image(photo))
    maps = patches @ filters.reshape(-1, filters.shape[-1])
    if rectify:
        np.maximum(maps, 0, out=maps)
    return maps.reshape(SIDE // STRIDE, SIDE // STRIDE, -1)


@lru_cache(maxsize=1)
def _all_filters() -> np.ndarray:
    named = [
        gain * kernel[..., None] * np.array(colour) for kernel, colour, gain in _NAMED.values()
    ]
    drawn = _drawn_filters(MOST_CHANNELS - len(named))
    return np.concatenate([np.stack(named, axis=-1), drawn], axis=-1).astype(np.float32)


def _drawn_filters(count: int) -> np.ndarray:
    """Draw Gabor patches of all directions and colours, as trained first layers have them."""
    rng = np.random.default_rng(1709)
    angle, phase = rng.uniform(0, np.pi, count), rng.uniform(0, 2 * np.pi, count)
    wavelength = np.exp(rng.uniform(np.log(3), np.log(12), count))
    width, length = rng.uniform(0.9, 2.2, count), rng.uniform(1.2, 2.6, count)
    colour = np.where(rng.random(count) < 0.5, 1, rng.normal(size=(3, count)))

    right, down = (
        RIGHT[..., None] - rng.normal(0, 0.5, count),
        DOWN[..., None] - rng.normal(0, 0.5, count),
    )
    across = right * np.cos(angle) + down * np.sin(angle)
    along = down * np.cos(angle) - right * np.sin(angle)
    bell = np.exp(-(across**2) / (2 * width**2) - along**2 / (2 * length**2))
    pattern = bell * np.cos(2 * np.pi * across / wavelength + phase)
    filters = pattern[:, :, None] * colour
    filters -= filters.mean(axis=(0, 1, 2))

    # In photographs neighbouring pixels are alike, and so are the three colours, so a fine or a
    # colourful filter has less to see. Dividing by the spread to be expected evens the maps out.
    places = np.stack([RIGHT.ravel(), DOWN.ravel()])
    distance = np.hypot(*(places[:, :, None] - places[:, None, :]))
    alike = np.kron(np.exp(-distance / 8), np.where(np.eye(3), 1, 0.4))
    flat = filters.reshape(-1, count)
    return 2 * filters / np.sqrt((flat * (alike @ flat)).sum(axis=0))


def _patches(image: np.ndarray) -> np.ndarray:
    """(112, 112, 3) -> (56 * 56, 7 * 7 * 3): what each filter sees at each place."""
    border = KERNEL // 2
    padded = np.pad(image - MID_GREY, ((border, border), (border, border), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (KERNEL, KERNEL), axis=(0, 1))
    windows = windows[::STRIDE, ::STRIDE].transpose(0, 1, 3, 4, 2)
    return windows.reshape(-1, KERNEL * KERNEL * 3)


@lru_cache(maxsize=2)  # 2 MB each
def _photo_patches(name: str) -> np.ndarray:
    return _patches(load_photo(name))


def _checked_channels(channels: int) -> int:
    return _require.count(channels, "channels", most=MOST_CHANNELS)


def _checked_image(image: np.ndarray) -> np.ndarray:
    wanted = f"`photo` must be the name of a photograph or a ({SIDE}, {SIDE}, 3) array of decimals"
    if not isinstance(image, np.ndarray):
        raise ValueError(
            f"{wanted}. Received: {type(image).__name__}. Choose one of {', '.join(PHOTOS)}."
        )
    if image.shape != (SIDE, SIDE, 3) or image.dtype.kind != "f":
        raise ValueError(
            f"{wanted}. Received: {image.dtype} of shape {image.shape}. "
            f"Resize the picture to {SIDE} x {SIDE} and divide bytes by 255."
        )
    if not ((image >= -1e-6) & (image <= 1 + 1e-6)).all():
        raise ValueError(
            f"{wanted} in [0, 1]. Received: values from {image.min():g} to {image.max():g}. "
            "Divide bytes by 255; replace what is not a number."
        )
    return image.astype(np.float32)
