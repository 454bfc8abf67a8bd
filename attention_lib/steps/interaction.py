"""Who influences whom: the C x C matrix from channel summaries to logits, in four designs.

A row is a gate and a column a summary, so that logits = matrix @ z. SE is low rank, ECA is a band.

Reference: Wang et al., "ECA-Net", arXiv:1910.03151, section 3.2.
"""

from typing import NamedTuple

import numpy as np

from attention_lib.steps import _draw, _require
from attention_lib.steps.se import SEWeights, random_weights


class Interactions(NamedTuple):
    """Four ways in which C summaries can decide about C gates, from the most free to the least."""

    full: np.ndarray  # (C, C), each entry a weight of its own: C^2
    low_rank: np.ndarray  # (C, C) of rank C // r: 2 C (C // r) weights
    diagonal: np.ndarray  # (C, C), every channel for itself: C weights
    band: np.ndarray  # (C, C), the same k weights in every row


def low_rank_interaction(weights: SEWeights) -> np.ndarray:
    """The matrix of SE's two layers taken together, without biases and ReLU.

    ReLU only silences hidden units, and so lowers the rank further for some pictures.

    Args:
        weights: the two layers.

    Returns:
        (C, C) of rank C // r at most.

    Raises:
        ValueError: if the shapes do not chain.
    """
    w1 = _require.array(weights.reduce, "reduce", "channels", "hidden")
    w2 = _require.array(weights.expand, "expand", "hidden", "channels")
    if w2.shape != w1.shape[::-1]:
        raise ValueError(
            "`expand` must lead from the hidden units back to the channels. "
            f"Received: reduce of shape {w1.shape}, expand of shape {w2.shape}. "
            f"Give it the shape {w1.shape[::-1]}."
        )
    return (w1 @ w2).T


def band_interaction(kernel: np.ndarray, channels: int) -> np.ndarray:
    """The matrix of ECA's convolution: the kernel on every row, centred on the diagonal.

    Args:
        kernel: (k,) weights, k odd.
        channels: C.

    Returns:
        (C, C), constant along every diagonal (a Toeplitz matrix).

    Raises:
        ValueError: if k is even, or `channels` is not a whole number of 1 or more.
    """
    kernel = _require.array(kernel, "kernel", "kernel_size")
    reach = _require.odd(kernel.size, "kernel_size") // 2
    places = np.arange(_require.count(channels, "channels"))
    offset = places - places[:, None]
    weights = kernel[np.clip(offset + reach, 0, 2 * reach)]
    return np.where(np.abs(offset) <= reach, weights, 0)


def interactions(channels: int, reduction: int, kernel_size: int, *, seed: int = 0) -> Interactions:
    """Draw one untrained example of each design.

    Args:
        channels: C.
        reduction: SE's r, from 1 to C.
        kernel_size: ECA's k, odd.
        seed: which draw.

    Returns:
        The four matrices.

    Raises:
        ValueError: if the sizes do not fit.
    """
    low_rank = low_rank_interaction(random_weights(channels, reduction, seed=seed))
    channels, size = len(low_rank), _require.odd(kernel_size, "kernel_size")

    def draw(*shape: int, layer: int) -> np.ndarray:
        return _draw.weights(shape, fan_in=shape[0], spread=1, seed=seed, layer=layer)

    return Interactions(
        full=draw(channels, channels, layer=4),
        low_rank=low_rank,
        diagonal=np.diag(draw(channels, layer=2)),
        band=band_interaction(draw(size, layer=3), channels),
    )
