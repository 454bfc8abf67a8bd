"""Pooling over the whole map: one number per channel."""

import numpy as np

from attention_lib import _require


def global_average_pool(feature_map: np.ndarray) -> np.ndarray:
    """Average every channel over all its places: z_c = sum_ij x_ijc / (H * W).

    Args:
        feature_map: (H, W, C).

    Returns:
        (C,) means.

    Raises:
        ValueError: if there are not three axes, or one of them is empty.
    """
    return _require.feature_map(feature_map).mean((0, 1))


def global_max_pool(feature_map: np.ndarray) -> np.ndarray:
    """Take the largest value of every channel.

    Args:
        feature_map: (H, W, C).

    Returns:
        (C,) maxima.

    Raises:
        ValueError: if there are not three axes, or one of them is empty.
    """
    return _require.feature_map(feature_map).max((0, 1))
