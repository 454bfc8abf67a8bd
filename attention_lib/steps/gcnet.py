"""GCNet's global context block: a weighted mean of the places, transformed, and added everywhere.

Its three steps are SE's. What differs is the mean, which is weighted by the places themselves, the
layer normalisation in the bottleneck, and that the result is added, not multiplied.

Reference: Cao et al., "GCNet: Non-local Networks Meet Squeeze-Excitation Networks and Beyond",
arXiv:1904.11492, and the authors' code (xvjiarui/GCNet, `context_block.py`).
"""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps._linear import add_bias, linear
from attention_lib.steps.activations import relu, softmax

EPSILON = 1e-5  # of the layer normalisation, as PyTorch has it


class GCNetWeights(NamedTuple):
    """The attention over places, and the two layers with a normalisation between them.

    The 1 x 1 convolution of the attention has no bias here: the softmax would cancel it.
    """

    attend: np.ndarray  # (C,)
    reduce: np.ndarray  # (C, hidden)
    reduce_bias: np.ndarray | None  # (hidden,)
    expand: np.ndarray  # (hidden, C)
    expand_bias: np.ndarray | None  # (C,)
    gamma: np.ndarray | None = None  # (hidden,), what the normalisation has learnt; None is ones
    beta: np.ndarray | None = None  # (hidden,), None is zeros


class GCNetTrace(NamedTuple):
    """A whole pass through the block, in the order of the paper."""

    feature_map: np.ndarray  # (H, W, C)
    scores: np.ndarray  # (H, W)
    attention: np.ndarray  # (H, W), sums to one over all places
    context: np.ndarray  # (C,), the mean that it weights
    reduced: np.ndarray  # (hidden,)
    normalised: np.ndarray  # (hidden,)
    hidden: np.ndarray  # (hidden,)
    added: np.ndarray  # (C,), the same at every place
    output: np.ndarray  # (H, W, C)


def gcnet_forward(feature_map: np.ndarray, weights: GCNetWeights) -> GCNetTrace:
    """Attend to the places, pass their mean through a bottleneck, add the result to every place.

    Args:
        feature_map: (H, W, C).
        weights: of all layers. The authors start `expand` at zero, so a new block changes nothing.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if the shapes do not chain.
    """
    feature_map = _require.feature_map(feature_map)
    channels = feature_map.shape[-1]
    scores = feature_map @ _require.vector(weights.attend, "attend", channels)
    attention = softmax(scores.ravel()).reshape(scores.shape)
    context = np.tensordot(attention, feature_map, 2)
    reduced = linear(context, weights.reduce, weights.reduce_bias, "reduce")
    normalised = (reduced - reduced.mean()) / np.sqrt(reduced.var() + EPSILON)
    if weights.gamma is not None:
        normalised = normalised * _require.vector(weights.gamma, "gamma", reduced.size, "unit")
    normalised = add_bias(normalised, weights.beta, "beta")
    hidden = relu(normalised)
    added = linear(hidden, weights.expand, weights.expand_bias, "expand", outputs=channels)
    context_steps = scores, attention, context, reduced, normalised, hidden, added
    return GCNetTrace(feature_map, *context_steps, feature_map + added)
