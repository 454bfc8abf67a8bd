"""FcaNet: the mean of a channel is the lowest frequency of its cosine transform; take others, too.

Reference: Qin et al., "FcaNet: Frequency Channel Attention Networks", arXiv:2012.11879, and the
authors' code (cfzd/FcaNet, `model/layer.py`), whose normalised basis this is. There a frequency
belongs to a grid of 7 x 7 and is scaled up to larger maps; here it belongs to the map itself.
"""

import math
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps.se import SEWeights, scale, trace_excitation

MEAN = ((0, 0),)


class FcaNetTrace(NamedTuple):
    """A whole pass through the block, in the order of the paper."""

    feature_map: np.ndarray  # (H, W, C)
    bases: np.ndarray  # (H, W, frequencies)
    squeezed: np.ndarray  # (C,), the first C / frequencies of them by the first basis
    reduced: np.ndarray  # (hidden,)
    hidden: np.ndarray  # (hidden,)
    logits: np.ndarray  # (C,)
    gates: np.ndarray  # (C,)
    scaled: np.ndarray  # (H, W, C)


def dct_basis(height: int, width: int, frequency: tuple[int, int]) -> np.ndarray:
    """One picture of the two-dimensional cosine transform (DCT-II), its squares summing to one.

    cos(pi u (i + 1/2) / H) * cos(pi v (j + 1/2) / W), times sqrt(1 / H) for u = 0 and sqrt(2 / H)
    for others, and likewise for v and W. The basis of (0, 0) is constant, 1 / sqrt(H W).

    Args:
        height: H, 1 or more.
        width: W, 1 or more.
        frequency: (u, v), half waves down and across, from 0 to H - 1 and to W - 1.

    Returns:
        (H, W).

    Raises:
        ValueError: if a size is not a whole number of 1 or more, or a frequency is too high for
            the map.
    """
    height, width = _require.count(height, "height"), _require.count(width, "width")
    sizes = height, width
    pair = frequency if isinstance(frequency, list | tuple) and len(frequency) == 2 else (-1, -1)
    if not all(map(_is_below, pair, sizes)):
        raise ValueError(
            f"A frequency must be two whole numbers (u, v), with u from 0 to {height - 1} and v "
            f"from 0 to {width - 1}, as the map is {height} x {width}. "
            f"Received: frequency={frequency!r}. Take (0, 0) for the mean."
        )
    return np.outer(*map(_cosine, pair, sizes))


def _is_below(value: Any, size: int) -> bool:
    return isinstance(value, Integral) and int(value) in range(size)


def _cosine(frequency: int, size: int) -> np.ndarray:
    wave = np.cos(math.pi * frequency * (np.arange(size) + 0.5) / size)
    return wave * math.sqrt((2 if frequency else 1) / size)


def fcanet_forward(
    feature_map: np.ndarray,
    weights: SEWeights,
    *,
    frequencies: tuple[tuple[int, int], ...] = MEAN,
) -> FcaNetTrace:
    """Summarise each group of channels by a frequency of its own, then excite and scale as SE does.

    With ((0, 0),) alone it is SE on sums: the summaries are the means times sqrt(H W).

    Args:
        feature_map: (H, W, C).
        weights: the two layers, as SE has them.
        frequencies: (u, v) for each group; their number must divide C. The authors take 16.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if the shapes do not chain, or the frequencies do not fit the map.
    """
    feature_map = _require.feature_map(feature_map)
    height, width, channels = feature_map.shape
    pairs = frequencies if isinstance(frequencies, list | tuple) else [frequencies]
    if not pairs or channels % len(pairs):
        raise ValueError(
            "The number of frequencies must divide that of the channels, so that each has a group "
            f"of the same size. Received: {len(pairs)} frequencies, {channels} channels. "
            "Take ((0, 0),) for the mean alone."
        )
    bases = np.stack([dct_basis(height, width, pair) for pair in pairs], axis=-1)
    bases = bases.astype(feature_map.dtype)
    squeezed = np.einsum(
        "ijc,ijc->c", feature_map, np.repeat(bases, channels // len(pairs), axis=-1)
    )
    excitation = trace_excitation(squeezed, weights)
    return FcaNetTrace(feature_map, bases, *excitation, scale(feature_map, excitation.gates))
