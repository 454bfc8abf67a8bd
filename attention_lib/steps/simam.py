"""SimAM: a gate for every number, from how far it is from its channel's mean. No weights at all.

The paper measures by an energy how well a line separates one number from the others of its
channel, and has its minimum in closed form: the lower the energy, the more the number stands out.

Reference: Yang et al., "SimAM: A Simple, Parameter-Free Attention Module for Convolutional Neural
Networks", ICML 2021, and the authors' code (ZjjConan/SimAM), which divides the variance by HW - 1.
"""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps.activations import sigmoid


class SimAMTrace(NamedTuple):
    """A whole pass through the block, in the order of the authors' code."""

    feature_map: np.ndarray  # (H, W, C)
    means: np.ndarray  # (C,)
    deviations: np.ndarray  # (H, W, C), squared distances from the mean
    variances: np.ndarray  # (C,)
    inverse_energies: np.ndarray  # (H, W, C), one half or more
    gates: np.ndarray  # (H, W, C)
    scaled: np.ndarray  # (H, W, C)


def simam_forward(feature_map: np.ndarray, *, regularisation: float = 1e-4) -> SimAMTrace:
    """Gate every number by sigmoid((x - mean)^2 / (4 (variance + lambda)) + 1/2).

    Mean and variance are the channel's. No gate is below sigmoid(1/2) = 0.62, and it makes no
    difference on which side of the mean a number lies.

    Args:
        feature_map: (H, W, C), two places or more.
        regularisation: the paper's lambda, above 0.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if there are not three axes, there is one place only, or lambda is not above 0.
    """
    feature_map = _require.feature_map(feature_map)
    regularisation = _require.finite(regularisation, "regularisation", above=0)
    others = feature_map[..., 0].size - 1
    if not others:
        raise ValueError(
            "`feature_map` must have two places or more, as each is compared with the others. "
            f"Received: feature_map of shape {feature_map.shape}. Give a larger map."
        )
    means = feature_map.mean((0, 1))
    deviations = (feature_map - means) ** 2
    variances = deviations.sum((0, 1)) / others
    inverse_energies = deviations / (4 * (variances + regularisation)) + 0.5
    gates = sigmoid(inverse_energies)
    statistics = means, deviations, variances
    return SimAMTrace(feature_map, *statistics, inverse_energies, gates, feature_map * gates)
