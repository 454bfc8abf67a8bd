"""scSE: Squeeze-and-Excitation and its mirror image, which gates the places, side by side.

The spatial half pools nothing and reads no neighbour: each place mixes its own C numbers into one.

Reference: Roy et al., "Concurrent Spatial and Channel 'Squeeze & Excitation' in Fully Convolutional
Networks", arXiv:1803.02579, and the authors' code (ai-med/squeeze_and_excitation), which takes the
larger of the two results; public ports often add them.
"""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps.activations import sigmoid
from attention_lib.steps.cbam import scale_places
from attention_lib.steps.se import SEWeights, se_forward

COMBINATIONS = ("max", "add")


class SCSEWeights(NamedTuple):
    """The weights of both halves."""

    channel: SEWeights
    spatial: np.ndarray  # (C,), a 1 x 1 convolution to one plane
    spatial_bias: float = 0.0


class SCSETrace(NamedTuple):
    """A whole pass through the block. Both halves see the input."""

    feature_map: np.ndarray  # (H, W, C)
    squeezed: np.ndarray  # (C,)
    reduced: np.ndarray  # (hidden,)
    hidden: np.ndarray  # (hidden,)
    channel_logits: np.ndarray  # (C,)
    channel_gates: np.ndarray  # (C,)
    channel_scaled: np.ndarray  # (H, W, C), what SE alone would give
    place_logits: np.ndarray  # (H, W)
    place_gates: np.ndarray  # (H, W)
    place_scaled: np.ndarray  # (H, W, C)
    output: np.ndarray  # (H, W, C)


def scse_forward(
    feature_map: np.ndarray, weights: SCSEWeights, *, combine: str = "max"
) -> SCSETrace:
    """Gate the channels, gate the places, and put the two results together.

    Args:
        feature_map: (H, W, C).
        weights: of both halves.
        combine: "max" takes the larger number, as the authors' code does; "add" the sum.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if a shape is wrong, or `combine` is neither.
    """
    combine = _require.choice(combine, "combine", COMBINATIONS)
    channel = se_forward(feature_map, weights.channel)
    kernel = _require.vector(weights.spatial, "spatial", channel.gates.size)
    place_logits = channel.feature_map @ kernel + weights.spatial_bias
    place_gates = sigmoid(place_logits)
    place_scaled = scale_places(channel.feature_map, place_gates)
    together = np.maximum if combine == "max" else np.add
    output = together(channel.scaled, place_scaled)
    return SCSETrace(*channel, place_logits, place_gates, place_scaled, output)
