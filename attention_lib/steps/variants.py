"""The excitations that the ECA paper compares: sigmoid(W @ z), with one W or another.

They differ in which entries of W may be other than zero, and which must be equal. SE alone is not
of this form: a ReLU stands between its two layers.

Reference: Wang et al., "ECA-Net", arXiv:1910.03151, section 3.2 and Table 2.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps import _random
from attention_lib.steps.activations import Curve, sigmoid
from attention_lib.steps.se import SEExcitation, SEWeights, random_weights, trace_excitation


class LinearExcitation(NamedTuple):
    """From summaries to gates by one matrix."""

    squeezed: np.ndarray  # (C,)
    logits: np.ndarray  # (C,)
    gates: np.ndarray  # (C,)


class Variant(NamedTuple):
    """One of the designs, with untrained weights."""

    name: str  # as in the paper's Table 2
    rule: str  # what is free in W
    parameters: int
    matrix: np.ndarray  # (C, C), a row a gate; SE's as if it had no ReLU
    trace: Callable[[np.ndarray], LinearExcitation | SEExcitation]  # from (C,) summaries

    @property
    def depends_on(self) -> np.ndarray:
        """(C, C) booleans: whether a gate (row) depends on a summary (column)."""
        return self.matrix != 0


def trace_linear(
    squeezed: np.ndarray, matrix: np.ndarray, *, gate: Curve = sigmoid
) -> LinearExcitation:
    """Turn channel summaries into gates by one matrix.

    SE-Var1 is `np.eye(C)`, SE-Var2 `np.diag(weights)`, SE-Var3 any matrix, SE-GC
    `group_interaction(blocks)`, ECA-NS `unshared_band_interaction(kernels)`, and ECA
    `band_interaction(kernel, C)`.

    Args:
        squeezed: (C,) channel averages.
        matrix: (C, C), a row for each gate.
        gate: the paper's is sigmoid.

    Returns:
        The trace, from `squeezed` to `gates`.

    Raises:
        ValueError: if the shapes do not fit.
    """
    _require.function(gate, "gate")
    z = _require.array(squeezed, "squeezed", "channels")
    matrix = _require.array(matrix, "matrix", "gates", "channels")
    wanted = z.size, z.size
    _require.shape(matrix, "matrix", wanted, "have a row and a column for each channel")
    logits = matrix @ z
    return LinearExcitation(z, logits, gate(logits))


def group_interaction(blocks: np.ndarray) -> np.ndarray:
    """The matrix of a group convolution: a gate depends on its own group alone.

    Args:
        blocks: (G, C / G, C / G), a full matrix for each group.

    Returns:
        (C, C), block diagonal.

    Raises:
        ValueError: if the blocks are not square.
    """
    blocks = _require.array(blocks, "blocks", "groups", "gates", "channels")
    groups, size, _ = blocks.shape
    wanted = groups, size, size
    _require.shape(blocks, "blocks", wanted, "be square, as many gates as channels in each group")
    matrix = np.zeros((groups, size, groups, size), blocks.dtype)
    matrix[np.arange(groups), :, np.arange(groups)] = blocks
    return matrix.reshape(groups * size, groups * size)


def unshared_band_interaction(kernels: np.ndarray) -> np.ndarray:
    """The matrix of ECA-NS ("not shared"): ECA's band, but each gate has k weights of its own.

    Args:
        kernels: (C, k), a kernel for each gate, k odd.

    Returns:
        (C, C), zero beyond (k - 1) / 2 neighbours.

    Raises:
        ValueError: if k is even.
    """
    kernels = _require.array(kernels, "kernels", "channels", "kernel_size")
    channels, size = kernels.shape
    reach = _require.odd(size, "kernel_size") // 2
    places = np.arange(channels)
    offset = places - places[:, None]
    weights = np.take_along_axis(kernels, np.clip(offset + reach, 0, 2 * reach), axis=1)
    return np.where(np.abs(offset) <= reach, weights, 0)


def draw_variants(
    channels: int,
    *,
    reduction: int = 16,
    groups: int = 16,
    kernel_size: int = 3,
    spread: float = 1.0,
    seed: int = 0,
) -> tuple[Variant, ...]:
    """Draw one untrained example of each design in the paper's Table 2.

    Args:
        channels: C.
        reduction: SE's r, from 1 to C.
        groups: G of the group convolution; it must divide C.
        kernel_size: k of ECA-NS and ECA, odd.
        spread: of all weights; 1 is that of a fresh Keras layer.
        seed: which draw.

    Returns:
        SE, SE-Var1, SE-Var2, SE-Var3, SE-GC, ECA-NS, ECA.

    Raises:
        ValueError: if the sizes do not fit.
    """
    full, low_rank, diagonal, band = interactions(
        channels, reduction, kernel_size, spread=spread, seed=seed
    )
    channels = len(full)
    size = _require.quotient(channels, "channels", groups, "groups")
    draw = partial(_random.weights, spread=spread, seed=seed)
    blocks = draw((channels // size, size, size), fan_in=size, layer=4)
    kernels = draw((channels, kernel_size), fan_in=kernel_size, layer=5)
    se = random_weights(channels, reduction, spread=spread, seed=seed, use_bias=False)

    def linear(name: str, rule: str, parameters: int, matrix: np.ndarray) -> Variant:
        return Variant(name, rule, parameters, matrix, partial(trace_linear, matrix=matrix))

    return (
        Variant(
            "SE",
            "every summary, through C // r questions",
            se.reduce.size + se.expand.size,
            low_rank,
            partial(trace_excitation, weights=se),
        ),
        linear("SE-Var1", "its own summary, unweighted", 0, np.eye(channels)),
        linear("SE-Var2", "its own summary, weighted", channels, diagonal),
        linear("SE-Var3", "every summary", full.size, full),
        linear("SE-GC", "the summaries of its group", blocks.size, group_interaction(blocks)),
        linear(
            "ECA-NS",
            "its neighbours, with weights of its own",
            kernels.size,
            unshared_band_interaction(kernels),
        ),
        linear("ECA", "its neighbours, with weights that all share", kernels.shape[1], band),
    )


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
    _require.shape(w2, "expand", w1.shape[::-1], "lead from the hidden units back to the channels")
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
    return unshared_band_interaction(np.tile(kernel, (_require.count(channels, "channels"), 1)))


def interactions(
    channels: int, reduction: int, kernel_size: int, *, spread: float = 1.0, seed: int = 0
) -> Interactions:
    """Draw one untrained example of each design.

    Args:
        channels: C.
        reduction: SE's r, from 1 to C.
        kernel_size: ECA's k, odd.
        spread: of all weights.
        seed: which draw.

    Returns:
        The four matrices.

    Raises:
        ValueError: if the sizes do not fit.
    """
    low_rank = low_rank_interaction(random_weights(channels, reduction, spread=spread, seed=seed))
    channels, size = len(low_rank), _require.odd(kernel_size, "kernel_size")

    def draw(*shape: int, layer: int) -> np.ndarray:
        return _random.weights(shape, fan_in=shape[0], spread=spread, seed=seed, layer=layer)

    return Interactions(
        full=draw(channels, channels, layer=4),
        low_rank=low_rank,
        diagonal=np.diag(draw(channels, layer=2)),
        band=band_interaction(draw(size, layer=3), channels),
    )
