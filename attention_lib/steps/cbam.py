"""CBAM: which channels matter, then which places.

The defaults are those of the authors' code, which departs from the equations of their paper twice:
it stacks the pooled planes as [max, mean] and normalises after the spatial convolution.

Reference: Woo et al., "CBAM: Convolutional Block Attention Module", arXiv:1807.06521.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from attention_lib import _require
from attention_lib.steps import _random
from attention_lib.steps.activations import Curve, relu, sigmoid
from attention_lib.steps.pooling import global_average_pool, global_max_pool
from attention_lib.steps.se import SEWeights, scale, trace_excitation

POOLINGS = ("average", "max")
ORDERS = ("channel_spatial", "spatial_channel", "parallel")

_OVER_PLACES = {"average": global_average_pool, "max": global_max_pool}
_OVER_CHANNELS: dict[str, Callable[..., np.ndarray]] = {"average": np.mean, "max": np.max}


class BatchNorm(NamedTuple):
    """What batch normalisation has learnt about the one plane of the spatial convolution."""

    gamma: float = 1.0
    beta: float = 0.0
    mean: float = 0.0
    variance: float = 1.0
    epsilon: float = 1e-5


class SpatialWeights(NamedTuple):
    """The spatial convolution, and the normalisation after it."""

    kernel: np.ndarray  # (k, k, P), one plane per pooling, k odd
    bias: float | None = None
    norm: BatchNorm | None = None


class CBAMWeights(NamedTuple):
    """The weights of both halves."""

    channel: SEWeights | tuple[SEWeights, ...]  # one MLP for every pooling, or one for each
    spatial: SpatialWeights


class ChannelTrace(NamedTuple):
    """Channel attention; a row stands for a pooling."""

    feature_map: np.ndarray  # (H, W, C)
    squeezed: np.ndarray  # (P, C)
    reduced: np.ndarray  # (P, hidden), before the activation
    hidden: np.ndarray  # (P, hidden)
    expanded: np.ndarray  # (P, C), what the second layer gives for each
    logits: np.ndarray  # (C,), their sum
    gates: np.ndarray  # (C,)
    scaled: np.ndarray  # (H, W, C)


class SpatialTrace(NamedTuple):
    """Spatial attention."""

    feature_map: np.ndarray  # (H, W, C)
    squeezed: np.ndarray  # (H, W, P), a plane for each pooling
    convolved: np.ndarray  # (H, W)
    logits: np.ndarray  # (H, W), after the normalisation
    gates: np.ndarray  # (H, W)
    scaled: np.ndarray  # (H, W, C)


class CBAMTrace(NamedTuple):
    """A whole pass through the block. Where the order is reversed, spatial comes first."""

    feature_map: np.ndarray  # (H, W, C)
    channel: ChannelTrace
    spatial: SpatialTrace
    scaled: np.ndarray  # (H, W, C)


def channel_attention(
    feature_map: np.ndarray,
    weights: SEWeights | tuple[SEWeights, ...],
    *,
    pooling: tuple[str, ...] = ("average", "max"),
    activation: Curve = relu,
    gate: Curve = sigmoid,
) -> ChannelTrace:
    """Gate the channels: sigmoid(MLP(averages) + MLP(maxima)), with one and the same MLP.

    Args:
        feature_map: (H, W, C).
        weights: one MLP that every pooled vector goes through, or a tuple of one for each.
        pooling: "average", "max" or both; ("average",) alone is Squeeze-and-Excitation.
        activation: inside the MLP.
        gate: after the sum.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if a shape is wrong, or `pooling` is.
    """
    feature_map = _require.feature_map(feature_map)
    pooling = check_pooling(pooling, "pooling")
    _require.function(gate, "gate")
    mlps = [weights] * len(pooling) if isinstance(weights, SEWeights) else [*weights]
    if len(mlps) != len(pooling) or len({np.shape(mlp.reduce) for mlp in mlps}) > 1:
        raise ValueError(
            "`weights` must be one MLP, or one for each pooling, all of the same width. "
            f"Received: pooling={pooling}, reduce of shape {[np.shape(m.reduce) for m in mlps]}. "
            "Give one `SEWeights`, which all of them share."
        )
    excitations = [
        trace_excitation(_OVER_PLACES[name](feature_map), mlp, activation=activation)
        for name, mlp in zip(pooling, mlps, strict=True)
    ]
    squeezed, reduced, hidden, expanded, _ = map(np.stack, zip(*excitations, strict=True))
    logits = expanded.sum(0)
    gates = gate(logits)
    scaled = scale(feature_map, gates)
    return ChannelTrace(feature_map, squeezed, reduced, hidden, expanded, logits, gates, scaled)


def spatial_attention(
    feature_map: np.ndarray,
    weights: SpatialWeights,
    *,
    pooling: tuple[str, ...] = ("max", "average"),
    gate: Curve = sigmoid,
) -> SpatialTrace:
    """Gate the places: sigmoid(norm(conv([max, mean]))), one gate for all channels of a place.

    Args:
        feature_map: (H, W, C).
        weights: the convolution, zero padded and not flipped, and its normalisation.
        pooling: over the channels, in the order of the kernel's planes.
        gate: after the normalisation.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if a shape is wrong, the kernel is even or not square, or `pooling` is wrong.
    """
    feature_map = _require.feature_map(feature_map)
    pooling = check_pooling(pooling, "pooling")
    _require.function(gate, "gate")
    kernel = _require.array(weights.kernel, "kernel", "kernel_size", "kernel_size", "planes")
    size = _require.odd(kernel.shape[0], "kernel_size")
    wanted = size, size, len(pooling)
    _require.shape(kernel, "kernel", wanted, "be square, with one plane for each pooling")
    squeezed = np.stack([_OVER_CHANNELS[name](feature_map, -1) for name in pooling], -1)
    convolved = _convolve(squeezed, kernel)
    if weights.bias is not None:
        convolved = convolved + weights.bias
    logits = convolved if weights.norm is None else _normalise(convolved, weights.norm)
    gates = gate(logits)
    scaled = scale_places(feature_map, gates)
    return SpatialTrace(feature_map, squeezed, convolved, logits, gates, scaled)


def _convolve(planes: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    size = len(kernel)
    around = (size // 2, size // 2)
    windows = sliding_window_view(np.pad(planes, (around, around, (0, 0))), (size, size), (0, 1))
    return np.tensordot(windows, kernel.transpose(2, 0, 1), 3)


def _normalise(values: np.ndarray, norm: BatchNorm) -> np.ndarray:
    return (values - norm.mean) * norm.gamma / (norm.variance + norm.epsilon) ** 0.5 + norm.beta


def scale_places(feature_map: np.ndarray, gates: np.ndarray) -> np.ndarray:
    """Multiply every place by its own gate, in all channels alike.

    Args:
        feature_map: (H, W, C).
        gates: (H, W), one number per place.

    Returns:
        (H, W, C).

    Raises:
        ValueError: if there is not exactly one gate per place.
    """
    feature_map = _require.feature_map(feature_map)
    gates = _require.array(gates, "gates", "height", "width")
    _require.shape(gates, "gates", feature_map.shape[:2], "hold one number per place")
    return feature_map * gates[..., None]


def cbam_forward(
    feature_map: np.ndarray,
    weights: CBAMWeights,
    *,
    order: str = "channel_spatial",
    channel_pooling: tuple[str, ...] = ("average", "max"),
    spatial_pooling: tuple[str, ...] = ("max", "average"),
    activation: Curve = relu,
    gate: Curve = sigmoid,
) -> CBAMTrace:
    """Gate the channels, then the places.

    In parallel, both see the input and both scale it. The paper does not say how it joined them.

    Args:
        feature_map: (H, W, C).
        weights: of both halves.
        order: "channel_spatial", "spatial_channel" or "parallel".
        channel_pooling: over the places; see `channel_attention`.
        spatial_pooling: over the channels; see `spatial_attention`.
        activation: inside the MLP.
        gate: of both halves.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if a shape is wrong, or an argument is none of those it may be.
    """
    order = _require.choice(order, "order", ORDERS)
    what = partial(
        channel_attention,
        weights=weights.channel,
        pooling=check_pooling(channel_pooling, "channel_pooling"),
        activation=activation,
        gate=gate,
    )
    where = partial(
        spatial_attention,
        weights=weights.spatial,
        pooling=check_pooling(spatial_pooling, "spatial_pooling"),
        gate=gate,
    )
    if order == "channel_spatial":
        channel = what(feature_map)
        spatial = where(channel.scaled)
        scaled = spatial.scaled
    elif order == "spatial_channel":
        spatial = where(feature_map)
        channel = what(spatial.scaled)
        scaled = channel.scaled
    else:
        channel, spatial = what(feature_map), where(feature_map)
        scaled = scale_places(channel.scaled, spatial.gates)
    first = spatial if order == "spatial_channel" else channel
    return CBAMTrace(first.feature_map, channel, spatial, scaled)


def check_pooling(pooling: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return `pooling` as a tuple if it names one or both poolings, each once."""
    names = tuple(pooling) if isinstance(pooling, list | tuple) else ()
    if not names or len(names) != len({*map(str, names)} & {*POOLINGS}):
        raise ValueError(
            f"`{name}` must be a tuple of 'average', 'max' or both, each once. "
            f"Received: {name}={pooling!r}. Write ('average', 'max'), or ('max',) for one alone."
        )
    return names


def random_spatial_weights(
    kernel_size: int = 7, *, planes: int = 2, spread: float = 1.0, seed: int = 0
) -> SpatialWeights:
    """Draw an untrained spatial convolution, without bias and normalisation.

    Args:
        kernel_size: k, odd.
        planes: how many poolings there are.
        spread: standard deviation of the output for inputs of size one; 0 gives zeros.
        seed: which draw.

    Returns:
        float32 weights.

    Raises:
        ValueError: if k is even, or another argument is out of range.
    """
    size = _require.odd(kernel_size, "kernel_size")
    planes = _require.count(planes, "planes")
    shape = (size, size, planes)
    return SpatialWeights(
        _random.weights(shape, fan_in=size * size * planes, spread=spread, seed=seed)
    )
