"""A small CNN into which any attention can be plugged, and a way to read or replace its gates.

image -> [convolution, normalisation, ReLU, attention] x depth -> average -> class
"""

from itertools import count
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._keras import keras
from attention_lib.experiments.runs import Settings
from attention_lib.experiments.tasks import Task, require
from attention_lib.layers import (
    ChannelAttention,
    EfficientChannelAttention,
    SpatialAttention,
    SqueezeExcite,
)
from attention_lib.layers._gating import ChannelGates

BATCH = 500  # pictures at a time, so that memory stays low


@keras.saving.register_keras_serializable(package="attention_lib")
class FixedGates(ChannelGates):
    """Gates that are learnt, but the same for every picture: attention without its input.

    Input shape: (batch, H, W, C), or (batch, C, H, W) if channels come first.

    Output shape: the same.
    """

    def __init__(self, gate="sigmoid", data_format=None, **kwargs):
        super().__init__(gate, data_format, **kwargs)

    def build(self, input_shape):
        self.channels = self.count_channels(input_shape)
        self.positions = self.add_weight(
            shape=(self.channels,), initializer="zeros", dtype=self.variable_dtype, name="positions"
        )

    def logits(self, squeezed):
        """One number a channel, whatever the averages are."""
        return keras.ops.zeros_like(squeezed) + self.positions


class Pass(NamedTuple):
    """What went through a network."""

    gates: tuple[np.ndarray, ...]  # (n, C) for each attention over channels, the first first
    logits: np.ndarray  # (n, classes)

    @property
    def answers(self) -> np.ndarray:
        """(n,) the class with the highest logit."""
        return self.logits.argmax(1)


def build_network(settings: Settings, shape: tuple[int, int, int]) -> keras.Sequential:
    """Build an untrained network; the same settings give the same weights.

    Args:
        settings: the task, which says how many convolutions, the mechanism and the seed.
        shape: (H, W, planes) of a picture.

    Returns:
        The network. Keras' random generators start from the seed.
    """
    task = require(settings.task)
    keras.utils.set_random_seed(settings.seed)
    widths = task.widths
    if settings.mechanism == "wider":
        widths = _wider(task, shape[-1])
    layers = [keras.Input(shape)]
    if task.planes_attended:
        layers += _attention(settings)
    for width in widths:
        layers += [
            keras.layers.Conv2D(width, 3, padding="same", use_bias=False),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.ReLU(),
        ]
        if not task.planes_attended:
            layers += _attention(settings)
    layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(len(task.classes))]
    return keras.Sequential(layers)


def _attention(settings: Settings) -> list[keras.layers.Layer]:
    match settings.mechanism:
        case "fixed":
            return [FixedGates()]
        case "se":
            return [SqueezeExcite(settings.reduction)]
        case "eca":
            return [EfficientChannelAttention(kernel_size=settings.kernel_size)]
        case "cbam":
            return [ChannelAttention(settings.reduction), SpatialAttention()]
    return []


def _wider(task: Task, planes: int) -> tuple[int, ...]:
    """The least widening with which a plain network has at least as many weights as SE, r = 4."""
    wanted = _weights(task.widths, planes, len(task.classes))
    wanted += sum(2 * c * (c // 4) + c // 4 + c for c in task.attended)
    for more in count(1):
        widths = tuple(w + round(more * w / task.widths[0]) for w in task.widths)
        if _weights(widths, planes, len(task.classes)) >= wanted:
            return widths


def _weights(widths: tuple[int, ...], planes: int, classes: int) -> int:
    """How many weights a plain network learns: kernels, scales and shifts, and the last layer."""
    kernels = sum(9 * a * b for a, b in zip((planes, *widths), widths, strict=False))
    return kernels + 2 * sum(widths) + (widths[-1] + 1) * classes


def count_weights(network: keras.Sequential) -> int:
    """How many numbers the network learns."""
    return sum(int(np.prod(weight.shape)) for weight in network.trainable_variables)


def forward(
    network: keras.Sequential,
    pictures: np.ndarray,
    gates: tuple[np.ndarray, ...] | None = None,
) -> Pass:
    """Send pictures through a network, read its gates, or put others in their place.

    Args:
        network: from `build_network`.
        pictures: (n, H, W, planes).
        gates: for each attention over channels (n, C), (C,) or a number to use instead of its own.

    Returns:
        The gates that were used, and the logits.

    Raises:
        ValueError: if there are not as many gates as attentions over channels.
    """
    attentions = [layer for layer in network.layers if isinstance(layer, ChannelGates)]
    if gates is not None:
        _require.one_each(gates, "gates", len(attentions), "attention over channels")
    parts = [
        _look(network, pictures[start : start + BATCH], gates, slice(start, start + BATCH))
        for start in range(0, len(pictures), BATCH)
    ]
    by_depth = zip(*(part.gates for part in parts), strict=True)
    return Pass(
        tuple(np.concatenate(depth) for depth in by_depth),
        np.concatenate([part.logits for part in parts]),
    )


def _look(network, pictures, forced, which: slice) -> Pass:
    used, x = [], keras.ops.convert_to_tensor(pictures)
    for layer in network.layers:
        if isinstance(layer, ChannelGates):
            own = layer.gates(x)
            if forced is not None:
                given = np.asarray(forced[len(used)], np.float32)
                own = np.broadcast_to(given[which] if given.ndim == 2 else given, own.shape)
            used.append(keras.ops.convert_to_numpy(own))
            x = layer.scale(x, used[-1])
        else:
            x = layer(x)
    return Pass(tuple(used), keras.ops.convert_to_numpy(x))
