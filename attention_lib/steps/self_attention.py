"""Self-attention, one head: every place takes a weighted mean over all places.

Left out is what a transformer puts around it: several heads and the layer that joins them, codes
for the position, normalisation, the residual connection.

Reference: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762, equation 1.
"""

import math
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps._linear import linear
from attention_lib.steps.activations import softmax


class SelfAttentionWeights(NamedTuple):
    """What makes a query, a key and a value of each place's C numbers."""

    query: np.ndarray  # (C, d)
    key: np.ndarray  # (C, d)
    value: np.ndarray  # (C, D)


class SelfAttentionTrace(NamedTuple):
    """A whole pass, in the order of the paper. N = H * W places, row by row."""

    feature_map: np.ndarray  # (H, W, C)
    queries: np.ndarray  # (N, d)
    keys: np.ndarray  # (N, d)
    values: np.ndarray  # (N, D)
    scores: np.ndarray  # (N, N), a row for the place that asks
    attention: np.ndarray  # (N, N), each row sums to one
    output: np.ndarray  # (H, W, D)


def self_attention_forward(
    feature_map: np.ndarray, weights: SelfAttentionWeights
) -> SelfAttentionTrace:
    """Mix the places: softmax(Q K^T / sqrt(d)) V.

    Args:
        feature_map: (H, W, C). Memory grows with (H W)^2: 14 x 14 makes 38,416 scores, 56 x 56
            nearly ten million.
        weights: of queries, keys and values.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if the shapes do not chain.
    """
    feature_map = _require.feature_map(feature_map)
    height, width, channels = feature_map.shape
    places = feature_map.reshape(-1, channels)
    queries = linear(places, weights.query, None, "query")
    depth = queries.shape[1]
    keys = linear(places, weights.key, None, "key", outputs=depth)
    values = linear(places, weights.value, None, "value")
    scores = queries @ keys.T / math.sqrt(depth)
    attention = softmax(scores)
    output = (attention @ values).reshape(height, width, -1)
    return SelfAttentionTrace(feature_map, queries, keys, values, scores, attention, output)
