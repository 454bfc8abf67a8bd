"""Coordinate attention: a mean for each row and each column, so that gates know where.

The authors normalise by batch after the shared layer. That is left out here: once trained, it
scales and shifts each hidden unit, which `shared` and `shared_bias` can do as well.

Reference: Hou et al., "Coordinate Attention for Efficient Mobile Network Design", arXiv:2103.02907,
and the authors' code (houqb/CoordAttention).
"""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps._linear import linear
from attention_lib.steps.activations import Curve, hard_swish, sigmoid


class CoordinateWeights(NamedTuple):
    """One 1 x 1 convolution that rows and columns share, then one for each of them.

    The authors' hidden width is C / 32, but 8 or more.
    """

    shared: np.ndarray  # (C, hidden)
    shared_bias: np.ndarray | None  # (hidden,)
    rows: np.ndarray  # (hidden, C)
    rows_bias: np.ndarray | None  # (C,)
    columns: np.ndarray  # (hidden, C)
    columns_bias: np.ndarray | None  # (C,)


class CoordinateTrace(NamedTuple):
    """A whole pass through the block, in the order of the paper."""

    feature_map: np.ndarray  # (H, W, C)
    squeezed: np.ndarray  # (H + W, C), the means of the rows, then of the columns
    reduced: np.ndarray  # (H + W, hidden)
    hidden: np.ndarray  # (H + W, hidden)
    row_logits: np.ndarray  # (H, C)
    column_logits: np.ndarray  # (W, C)
    row_gates: np.ndarray  # (H, C)
    column_gates: np.ndarray  # (W, C)
    scaled: np.ndarray  # (H, W, C)


def coordinate_forward(
    feature_map: np.ndarray, weights: CoordinateWeights, *, activation: Curve = hard_swish
) -> CoordinateTrace:
    """Gate every number by the gate of its row times the gate of its column, in its own channel.

    Args:
        feature_map: (H, W, C).
        weights: of the three layers.
        activation: after the shared layer; the authors' is hard_swish.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if the shapes do not chain.
    """
    _require.function(activation, "activation")
    feature_map = _require.feature_map(feature_map)
    height, _, channels = feature_map.shape
    squeezed = np.concatenate([feature_map.mean(1), feature_map.mean(0)])
    reduced = linear(squeezed, weights.shared, weights.shared_bias, "shared")
    hidden = activation(reduced)
    rows, columns = hidden[:height], hidden[height:]
    row_logits = linear(rows, weights.rows, weights.rows_bias, "rows", outputs=channels)
    column_logits = linear(
        columns, weights.columns, weights.columns_bias, "columns", outputs=channels
    )
    row_gates, column_gates = sigmoid(row_logits), sigmoid(column_logits)
    scaled = feature_map * row_gates[:, None] * column_gates
    gating = row_logits, column_logits, row_gates, column_gates
    return CoordinateTrace(feature_map, squeezed, reduced, hidden, *gating, scaled)
