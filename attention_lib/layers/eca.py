"""Efficient Channel Attention as a Keras layer, and the article's block out of Keras' own layers.

Reference: Wang et al., "ECA-Net", arXiv:1910.03151.
"""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from attention_lib import _require
from attention_lib.layers._gating import ChannelGates, Shape, channels_of
from attention_lib.steps.eca import adaptive_kernel_size


@keras.saving.register_keras_serializable(package="attention_lib")
class EfficientChannelAttention(ChannelGates):
    """Efficient Channel Attention: gates from one small kernel that slides along the channels.

    Args:
        gamma: of the formula k = odd(|log2(C) / gamma + b / gamma|), above 0.
        b: of the formula.
        kernel_size: an odd k that replaces the formula.
        gate: the paper's is "sigmoid".
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, T, C), (batch, H, W, C) or (batch, D, H, W, C); C stands behind the batch
        if channels come first. All but C may vary.

    Output shape: the same.

    Raises:
        ValueError: if an argument is out of range.

    Example:
        >>> layer = EfficientChannelAttention()
        >>> layer(keras.Input((26, 26, 512))).shape
        (None, 26, 26, 512)
        >>> layer.count_params()
        5

    `get_weights()` is one array of shape (k, 1, 1).

    Reference: Wang et al., "ECA-Net", arXiv:1910.03151.
    """

    def __init__(
        self,
        gamma: float = 2,
        b: float = 1,
        kernel_size: int | None = None,
        gate: str | Callable = "sigmoid",
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(gate, data_format, **kwargs)
        adaptive_kernel_size(1, gamma, b)  # so that a wrong gamma is refused here, not in build
        self.gamma = float(gamma)
        self.b = float(b)
        self.kernel_size = None if kernel_size is None else _require.odd(kernel_size, "kernel_size")

    def build(self, input_shape: Shape) -> None:
        self.channels = self.count_channels(input_shape)
        self.slide = self.child(
            keras.layers.Conv1D,
            "slide",
            filters=1,
            kernel_size=self.kernel_size or adaptive_kernel_size(self.channels, self.gamma, self.b),
            padding="same",
            use_bias=False,
            data_format="channels_last",
        )
        self.slide.build((None, self.channels, 1))

    def logits(self, squeezed: Any) -> Any:
        """What the gate function is applied to: (batch, C) averages in, (batch, C) out."""
        return ops.squeeze(self.slide(ops.expand_dims(squeezed, -1)), -1)

    def get_config(self) -> dict[str, Any]:
        config = {"gamma": self.gamma, "b": self.b, "kernel_size": self.kernel_size}
        return {**super().get_config(), **config}


def eca_block(inputs: keras.KerasTensor, gamma: float = 2, b: float = 1) -> keras.KerasTensor:
    """The article's ECA block for the functional API, every step a layer in `summary()`.

    Args:
        inputs: (batch, H, W, C), channels last.
        gamma: of the kernel size formula, above 0.
        b: of the kernel size formula.

    Returns:
        (batch, H, W, C).

    Raises:
        ValueError: if gamma is not above 0, or the number of channels is not known.
    """
    channels = channels_of(inputs.shape, "channels_last")
    kernel_size = adaptive_kernel_size(channels, gamma, b)
    x = keras.layers.GlobalAveragePooling2D(data_format="channels_last")(inputs)
    x = keras.layers.Reshape((channels, 1))(x)
    x = keras.layers.Conv1D(
        1,
        kernel_size,
        padding="same",
        use_bias=False,
        activation="sigmoid",
        data_format="channels_last",
    )(x)
    x = keras.layers.Reshape((1, 1, channels))(x)
    return keras.layers.Multiply()([inputs, x])
