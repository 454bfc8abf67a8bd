"""Hand-made weights for the relatives of SE, ECA and CBAM, on the first eight named filters.

They ask what the other hand-made weights ask, texture or colour, so that only the mechanism
differs. The first four filters are edges, the next four colours.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from attention_lib import steps
from attention_lib.examples.hand_made import hand_made_cbam, hand_made_weights

CHANNELS = 8
REDUCTION = 4
LEAN = np.repeat(np.float32([2, -2]), 4)  # for edges and against colours, at one place
BAND = np.full(3, 2, np.float32)  # of ECA: a channel and its two neighbours
WAVE = (0, 1)  # of FcaNet: the left half against the right half
ADDED = 1 / 8  # how softly GCNet answers: what it adds is below 1, where the maps reach 2


def scse_weights() -> steps.SCSEWeights:
    """SE's two questions for the channels; a place opens where edges outweigh colours."""
    return steps.SCSEWeights(hand_made_weights(CHANNELS, REDUCTION), LEAN)


def gcnet_weights() -> steps.GCNetWeights:
    """The context is taken where edges outweigh colours; then four questions, answered softly.

    Of two hidden units layer normalisation would leave 1 and -1, whatever they say.
    """
    reduce, reduce_bias, expand, expand_bias = hand_made_weights(CHANNELS, REDUCTION // 2)
    return steps.GCNetWeights(LEAN, reduce, reduce_bias, expand * ADDED, expand_bias)


def fcanet_weights(places: int) -> steps.SEWeights:
    """SE's two questions, for summaries that are sums over sqrt(H W) and not means.

    Args:
        places: H * W.
    """
    weights = hand_made_weights(CHANNELS, REDUCTION)
    return weights._replace(reduce=weights.reduce / np.sqrt(np.float32(places)))


def coordinate_weights() -> steps.CoordinateWeights:
    """SE's two questions, asked of every row and of every column."""
    reduce, reduce_bias, *answers = hand_made_weights(CHANNELS, REDUCTION)
    return steps.CoordinateWeights(reduce, reduce_bias, *answers, *answers)


def self_attention_weights() -> steps.SelfAttentionWeights:
    """A place asks for places like itself, and takes their numbers as they are."""
    alike = np.eye(CHANNELS, dtype=np.float32)
    return steps.SelfAttentionWeights(30 * alike, alike, alike)


def _fcanet(maps: np.ndarray) -> steps.FcaNetTrace:
    weights = fcanet_weights(maps[..., 0].size)
    return steps.fcanet_forward(maps, weights, frequencies=(WAVE,))


def _grn(maps: np.ndarray) -> steps.GRNTrace:
    ones = np.ones(CHANNELS, np.float32)
    return steps.grn_forward(maps, ones, 0 * ones)


# From (H, W, 8) maps to the trace of each, with hand-made weights where it has any.
FORWARD: dict[str, Callable[[np.ndarray], Any]] = {
    "SE": partial(steps.se_forward, weights=hand_made_weights(CHANNELS, REDUCTION)),
    "CBAM": partial(steps.cbam_forward, weights=hand_made_cbam(CHANNELS)),
    "scSE": partial(steps.scse_forward, weights=scse_weights()),
    "GCNet": partial(steps.gcnet_forward, weights=gcnet_weights()),
    "ECA": partial(steps.eca_forward, kernel=BAND),
    "FcaNet": _fcanet,
    "Coordinate": partial(steps.coordinate_forward, weights=coordinate_weights()),
    "SimAM": steps.simam_forward,
    "GRN": _grn,
    "self-attention": partial(steps.self_attention_forward, weights=self_attention_weights()),
}
