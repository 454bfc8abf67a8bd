"""GRN, global response normalisation: each channel is scaled by its strength beside the others'.

Reference: Woo et al., "ConvNeXt V2: Co-designing and Scaling ConvNets with Masked Autoencoders",
arXiv:2301.00808, and the authors' code (facebookresearch/ConvNeXt-V2, `models/utils.py`).
"""

from typing import NamedTuple

import numpy as np

from attention_lib import _require

EPSILON = 1e-6  # the authors'


class GRNTrace(NamedTuple):
    """A whole pass through the layer, in the order of the paper."""

    feature_map: np.ndarray  # (H, W, C)
    norms: np.ndarray  # (C,), the root of the sum of squares over all places
    relative: np.ndarray  # (C,), norms over their mean: 1 on average, not bounded by 1
    scaled: np.ndarray  # (H, W, C)
    output: np.ndarray  # (H, W, C)


def grn_forward(feature_map: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> GRNTrace:
    """Return gamma * (x * relative) + beta + x: strong channels gain on weak ones.

    Args:
        feature_map: (H, W, C).
        gamma: (C,). The authors start it at zero, so a new layer changes nothing.
        beta: (C,), which starts at zero, too.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if a shape is wrong.
    """
    feature_map = _require.feature_map(feature_map)
    gamma = _require.vector(gamma, "gamma", feature_map.shape[-1])
    beta = _require.vector(beta, "beta", feature_map.shape[-1])
    norms = np.sqrt((feature_map**2).sum((0, 1)))
    relative = norms / (norms.mean() + EPSILON)
    scaled = feature_map * relative
    return GRNTrace(feature_map, norms, relative, scaled, gamma * scaled + beta + feature_map)
