"""Squeeze-and-Excitation: average every channel, pass a bottleneck, scale by gates.

Reference: Hu et al., "Squeeze-and-Excitation Networks", arXiv:1709.01507.
"""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps import _random
from attention_lib.steps._linear import linear
from attention_lib.steps.activations import Curve, relu, sigmoid
from attention_lib.steps.pooling import global_average_pool


class SEWeights(NamedTuple):
    """The two fully connected layers, in the order in which Keras keeps them."""

    reduce: np.ndarray  # (C, hidden), the paper's W1
    reduce_bias: np.ndarray | None  # (hidden,)
    expand: np.ndarray  # (hidden, C), the paper's W2
    expand_bias: np.ndarray | None  # (C,)


class SEExcitation(NamedTuple):
    """From summaries to gates, with everything between."""

    squeezed: np.ndarray  # (C,)
    reduced: np.ndarray  # (hidden,), before the activation
    hidden: np.ndarray  # (hidden,)
    logits: np.ndarray  # (C,)
    gates: np.ndarray  # (C,)


class SETrace(NamedTuple):
    """A whole pass through the block, in the order of the paper."""

    feature_map: np.ndarray  # (H, W, C)
    squeezed: np.ndarray  # (C,)
    reduced: np.ndarray  # (hidden,)
    hidden: np.ndarray  # (hidden,)
    logits: np.ndarray  # (C,)
    gates: np.ndarray  # (C,)
    scaled: np.ndarray  # (H, W, C)


def hidden_width(channels: int, reduction: int) -> int:
    """Number of hidden units: channels // reduction.

    Args:
        channels: C, 1 or more.
        reduction: r, from 1 to C.

    Returns:
        The width of the bottleneck, 1 or more.

    Raises:
        ValueError: if either is not a whole number of 1 or more, or if r exceeds C.
    """
    channels = _require.count(channels, "channels")
    reduction = _require.count(reduction, "reduction")
    if reduction > channels:
        raise ValueError(
            f"`reduction` must not exceed `channels`. Received: channels={channels}, "
            f"reduction={reduction}. Choose a reduction of {channels} or less."
        )
    return channels // reduction


def squeeze(feature_map: np.ndarray) -> np.ndarray:
    """Summarise every channel by its mean, the paper's z.

    Args:
        feature_map: (H, W, C).

    Returns:
        (C,) channel averages.

    Raises:
        ValueError: if there are not three axes, or one of them is empty.
    """
    return global_average_pool(feature_map)


def trace_excitation(
    squeezed: np.ndarray, weights: SEWeights, *, activation: Curve = relu, gate: Curve = sigmoid
) -> SEExcitation:
    """Turn channel summaries into gates and keep every intermediate.

    Args:
        squeezed: (C,) channel averages, the paper's z.
        weights: the two layers; a bias may be None.
        activation: between the layers; the paper's is relu.
        gate: after the second layer; the paper's is sigmoid.

    Returns:
        The trace, from `squeezed` to `gates`.

    Raises:
        ValueError: if the shapes do not chain.
    """
    _require.function(activation, "activation")
    _require.function(gate, "gate")
    z = _require.array(squeezed, "squeezed", "channels")
    reduced = linear(z, weights.reduce, weights.reduce_bias, "reduce")
    hidden = activation(reduced)
    logits = linear(hidden, weights.expand, weights.expand_bias, "expand", outputs=z.size)
    return SEExcitation(z, reduced, hidden, logits, gate(logits))


def excite(
    squeezed: np.ndarray,
    reduce: np.ndarray,
    expand: np.ndarray,
    *,
    reduce_bias: np.ndarray | None = None,
    expand_bias: np.ndarray | None = None,
    activation: Curve = relu,
    gate: Curve = sigmoid,
) -> np.ndarray:
    """Turn channel summaries into gates: sigmoid(relu(z @ W1 + b1) @ W2 + b2).

    Args:
        squeezed: (C,) channel averages, the paper's z.
        reduce: (C, C // r) weights, the paper's W1.
        expand: (C // r, C) weights, the paper's W2.
        reduce_bias: (C // r,), or None as in the paper.
        expand_bias: (C,), or None as in the paper.
        activation: between the layers.
        gate: after the second layer.

    Returns:
        (C,) gates between 0 and 1.

    Raises:
        ValueError: if the shapes do not chain.
    """
    weights = SEWeights(reduce, reduce_bias, expand, expand_bias)
    return trace_excitation(squeezed, weights, activation=activation, gate=gate).gates


def scale(feature_map: np.ndarray, gates: np.ndarray) -> np.ndarray:
    """Multiply every channel by its own gate.

    Args:
        feature_map: (H, W, C).
        gates: (C,), one number per channel.

    Returns:
        (H, W, C).

    Raises:
        ValueError: if there is not exactly one gate per channel. Broadcasting would let other
            shapes through and silently gate rows or places.
    """
    feature_map = _require.feature_map(feature_map)
    return feature_map * _require.vector(gates, "gates", feature_map.shape[-1])


def se_forward(
    feature_map: np.ndarray, weights: SEWeights, *, activation: Curve = relu, gate: Curve = sigmoid
) -> SETrace:
    """Squeeze, excite, scale.

    Args:
        feature_map: (H, W, C).
        weights: the two layers of the excitation.
        activation: between the layers.
        gate: after the second layer.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if the shapes do not chain.
    """
    feature_map = _require.feature_map(feature_map)
    excitation = trace_excitation(squeeze(feature_map), weights, activation=activation, gate=gate)
    return SETrace(feature_map, *excitation, scale(feature_map, excitation.gates))


def random_weights(
    channels: int, reduction: int, *, spread: float = 1.0, seed: int = 0, use_bias: bool = True
) -> SEWeights:
    """Draw untrained weights, so that a larger reduction only takes hidden units away.

    Hidden unit j has the same input weights at every reduction that has it, and output weights in
    the same proportions. As in a fresh Keras layer the draws are uniform and the biases
    zero.

    Args:
        channels: C.
        reduction: r, from 1 to C.
        spread: standard deviation of a layer's output for inputs of size one; 0 gives zero weights.
        seed: which draw.
        use_bias: zeros for biases, or None.

    Returns:
        float32 weights.

    Raises:
        ValueError: if channels and reduction do not fit, spread is negative, or seed is below 0.
    """
    hidden = hidden_width(channels, reduction)
    channels = int(channels)
    reduce, expand = (
        _random.weights((hidden, channels), fan_in=fan_in, spread=spread, seed=seed, layer=layer)
        for layer, fan_in in enumerate((channels, hidden))
    )
    biases = np.zeros(hidden, np.float32), np.zeros(channels, np.float32)
    reduce_bias, expand_bias = biases if use_bias else (None, None)
    return SEWeights(reduce.T, reduce_bias, expand, expand_bias)
