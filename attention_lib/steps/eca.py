"""Efficient Channel Attention: one small kernel slides along the channels.

Reference: Wang et al., "ECA-Net", arXiv:1910.03151.
"""

import math
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.steps import _random
from attention_lib.steps.activations import Curve, sigmoid
from attention_lib.steps.pooling import global_average_pool
from attention_lib.steps.se import scale


class KernelChoice(NamedTuple):
    """How the kernel size was chosen, step by step."""

    channels: int
    gamma: float
    b: float
    log2_channels: float
    t: float  # |(log2(C) + b) / gamma|, before it is cut to a whole number
    truncated: int
    raised: bool  # whether the whole number was even, so that one was added
    kernel_size: int


class ECAExcitation(NamedTuple):
    """From summaries to gates, with everything between."""

    squeezed: np.ndarray  # (C,)
    padded: np.ndarray  # (C + k - 1,), zeros at both ends
    logits: np.ndarray  # (C,)
    gates: np.ndarray  # (C,)


class ECATrace(NamedTuple):
    """A whole pass through the block, in the order of the paper."""

    feature_map: np.ndarray  # (H, W, C)
    squeezed: np.ndarray  # (C,)
    padded: np.ndarray  # (C + k - 1,)
    logits: np.ndarray  # (C,)
    gates: np.ndarray  # (C,)
    scaled: np.ndarray  # (H, W, C)


def choose_kernel(channels: int, gamma: float = 2, b: float = 1) -> KernelChoice:
    """Choose the kernel size from the number of channels, and show the working.

    t = int(|log2(C) / gamma + b / gamma|), and k = t if that is odd, else t + 1: the nearest odd
    number, ties going up. Fewer than 8 channels give k = 1 at the paper's gamma and b.

    Args:
        channels: C, 1 or more.
        gamma: above 0; a larger gamma gives a smaller kernel.
        b: any finite number.

    Returns:
        Every step from C to k.

    Raises:
        ValueError: if an argument is out of range.
    """
    channels = _require.count(channels, "channels")
    slope, offset = _require.finite(gamma, "gamma", above=0), _require.finite(b, "b")
    log2_channels = math.log2(channels)
    t = abs((log2_channels + offset) / slope)  # one division, so that a tie is exact
    if not math.isfinite(t):
        raise ValueError(
            "`gamma` must be large enough beside `b` for a finite kernel. "
            f"Received: gamma={_require.plain(gamma)}, b={_require.plain(b)}. "
            "The paper's choice is 2 and 1."
        )
    truncated = int(t)
    raised = truncated % 2 == 0
    return KernelChoice(channels, gamma, b, log2_channels, t, truncated, raised, truncated + raised)


def adaptive_kernel_size(channels: int, gamma: float = 2, b: float = 1) -> int:
    """Kernel size for C channels: int(|log2(C) / gamma + b / gamma|), plus one if that is even.

    Args:
        channels: C, 1 or more.
        gamma: above 0.
        b: any finite number.

    Returns:
        An odd number, 1 or more.

    Raises:
        ValueError: if an argument is out of range.
    """
    return choose_kernel(channels, gamma, b).kernel_size


def neighbours(channel: int, channels: int, kernel_size: int) -> np.ndarray:
    """The channels that one channel's gate depends on.

    Args:
        channel: from 0 to C - 1.
        channels: C.
        kernel_size: k, odd.

    Returns:
        (k,) indices around `channel`; one outside 0 to C - 1 stands for the zero padding.

    Raises:
        ValueError: if an argument is out of range.
    """
    channels = _require.count(channels, "channels")
    reach = _require.odd(kernel_size, "kernel_size") // 2
    channel = _require.count(channel, "channel", least=0, most=channels - 1)
    return np.arange(channel - reach, channel + reach + 1)


def trace_interaction(
    squeezed: np.ndarray, kernel: np.ndarray, *, gate: Curve = sigmoid
) -> ECAExcitation:
    """Slide the kernel along the channel summaries and keep every intermediate.

    The same k weights serve every channel, as Conv1D has it: not flipped, and zeros past the ends.

    Args:
        squeezed: (C,) channel averages.
        kernel: (k,) weights, k odd.
        gate: the paper's is sigmoid.

    Returns:
        The trace, from `squeezed` to `gates`.

    Raises:
        ValueError: if a shape is wrong or k is even.
    """
    _require.function(gate, "gate")
    z = _require.array(squeezed, "squeezed", "channels")
    kernel = _require.array(kernel, "kernel", "kernel_size")
    padded = np.pad(z, _require.odd(kernel.size, "kernel_size") // 2)
    logits = np.correlate(padded, kernel, "valid")
    return ECAExcitation(z, padded, logits, gate(logits))


def eca_forward(feature_map: np.ndarray, kernel: np.ndarray, *, gate: Curve = sigmoid) -> ECATrace:
    """Average, slide the kernel along the channels, scale.

    Args:
        feature_map: (H, W, C).
        kernel: (k,) weights, k odd.
        gate: the paper's is sigmoid.

    Returns:
        The trace of every intermediate.

    Raises:
        ValueError: if a shape is wrong or k is even.
    """
    feature_map = _require.feature_map(feature_map)
    excitation = trace_interaction(global_average_pool(feature_map), kernel, gate=gate)
    return ECATrace(feature_map, *excitation, scale(feature_map, excitation.gates))


def random_kernel(kernel_size: int, *, spread: float = 1.0, seed: int = 0) -> np.ndarray:
    """Draw an untrained kernel.

    Args:
        kernel_size: k, odd.
        spread: standard deviation of the output for inputs of size one; 0 gives zeros.
        seed: which draw.

    Returns:
        (k,) float32.

    Raises:
        ValueError: if k is even, spread is negative, or seed is below 0.
    """
    size = _require.odd(kernel_size, "kernel_size")
    return _random.weights((size,), fan_in=size, spread=spread, seed=seed)


STEPS_AN_OCTAVE = 48  # of a staircase: one a pixel, or nearly


def staircase(gamma: float, b: float, up_to: int) -> list[KernelChoice]:
    """The choice of kernel for channels from 1 to `up_to`, closely spaced on a logarithmic axis.

    Args:
        gamma: of the kernel size formula.
        b: of the kernel size formula.
        up_to: the largest number of channels.

    Returns:
        The working for each, in rising order, every power of two among them.

    Raises:
        ValueError: if gamma or b is out of range, or `up_to` is not a whole number of 1 or more.
    """
    up_to = _require.count(up_to, "up_to")
    octaves = np.arange(np.log2(up_to) * STEPS_AN_OCTAVE + 1) / STEPS_AN_OCTAVE
    channels = np.unique(np.append(np.exp2(octaves).round().astype(int), up_to))
    return [choose_kernel(int(count), gamma, b) for count in channels[channels <= up_to]]
