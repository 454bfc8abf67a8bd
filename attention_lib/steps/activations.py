"""The functions inside an attention block: activations, gates, and the softmax."""

from collections.abc import Callable

import numpy as np

Curve = Callable[[np.ndarray], np.ndarray]  # from any array to one of the same shape


def relu(x: np.ndarray) -> np.ndarray:
    """Keep what is positive: max(x, 0)."""
    return np.maximum(x, 0)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Map any number to a gate between 0 and 1: 1 / (1 + exp(-x))."""
    decay = np.exp(-np.abs(x))  # never above 1, so a large |x| cannot overflow
    return np.where(np.less(x, 0), decay, 1) / (1 + decay)


def swish(x: np.ndarray) -> np.ndarray:
    """A smooth relu: x * sigmoid(x). EfficientNet's choice.

    Reference: Ramachandran et al., "Searching for Activation Functions", arXiv:1710.05941.
    """
    return x * sigmoid(x)


def hard_sigmoid(x: np.ndarray) -> np.ndarray:
    """Sigmoid out of straight lines: relu6(x + 3) / 6. MobileNetV3's choice.

    Keras 2 meant another line by this name, clip(0.2 x + 0.5); Keras 3 agrees with the paper.

    Reference: Howard et al., "Searching for MobileNetV3", arXiv:1905.02244.
    """
    return np.clip(np.add(x, 3), 0, 6) / 6


def hard_swish(x: np.ndarray) -> np.ndarray:
    """Swish out of straight lines and a parabola: x * relu6(x + 3) / 6.

    Reference: Howard et al., "Searching for MobileNetV3", arXiv:1905.02244.
    """
    return x * hard_sigmoid(x)


def softmax(x: np.ndarray) -> np.ndarray:
    """Positive weights that sum to one along the last axis: exp(x) / sum(exp(x))."""
    rise = np.exp(x - np.max(x, axis=-1, keepdims=True))  # never above 1, so none overflows
    return rise / rise.sum(axis=-1, keepdims=True)


ACTIVATIONS = {"relu": relu, "swish": swish}
GATES = {"sigmoid": sigmoid, "hard_sigmoid": hard_sigmoid}
