"""Squeeze-and-Excitation as a Keras layer, and the article's block out of Keras' own layers.

Reference: Hu et al., "Squeeze-and-Excitation Networks", arXiv:1709.01507.
"""

import functools
from collections.abc import Callable
from typing import Any

import keras

from attention_lib import _require
from attention_lib.layers._gating import ChannelGates, Shape, channels_of, curve
from attention_lib.steps.se import hidden_width


@keras.saving.register_keras_serializable(package="attention_lib")
class SqueezeExcite(ChannelGates):
    """Squeeze-and-Excitation: gates from two dense layers with a bottleneck between them.

    Args:
        reduction: r, from 1 to C; the bottleneck has C // r units.
        use_bias: whether the dense layers have biases; the papers' tables count none.
        activation: inside the bottleneck. EfficientNet has "swish".
        gate: after the second layer. MobileNetV3 has "hard_sigmoid".
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        width: how many units the bottleneck has, in place of C // r, for networks with another
            rule: see `steps.efficientnet_width` and `steps.mobilenet_v3_width`.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, T, C), (batch, H, W, C) or (batch, D, H, W, C); C stands behind the batch
        if channels come first. All but C may vary.

    Output shape: the same.

    Raises:
        ValueError: if an argument is out of range, or, when the layer is built, if r exceeds C.

    Example:
        >>> layer = SqueezeExcite(reduction=4)
        >>> layer(keras.Input((56, 56, 24))).shape
        (None, 56, 56, 24)
        >>> layer.count_params()
        318

    `get_weights()` is in the order of `steps.SEWeights`.

    Reference: Hu et al., "Squeeze-and-Excitation Networks", arXiv:1709.01507.
    """

    def __init__(
        self,
        reduction: int = 16,
        use_bias: bool = True,
        activation: str | Callable = "relu",
        gate: str | Callable = "sigmoid",
        data_format: str | None = None,
        width: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(gate, data_format, **kwargs)
        self.reduction = _require.count(reduction, "reduction")
        self.width = None if width is None else _require.count(width, "width")
        self.use_bias = bool(use_bias)
        self.activation = curve(activation, "activation")

    def build(self, input_shape: Shape) -> None:
        self.channels = self.count_channels(input_shape)
        hidden = self.width or hidden_width(self.channels, self.reduction)
        dense = functools.partial(self.child, keras.layers.Dense, use_bias=self.use_bias)
        self.reduce = dense("reduce", units=hidden, activation=self.activation)
        self.expand = dense("expand", units=self.channels)
        self.reduce.build((None, self.channels))
        self.expand.build((None, hidden))

    def logits(self, squeezed: Any) -> Any:
        """What the gate function is applied to: (batch, C) averages in, (batch, C) out."""
        return self.expand(self.reduce(squeezed))

    def get_config(self) -> dict[str, Any]:
        config = {
            "reduction": self.reduction,
            "width": self.width,
            "use_bias": self.use_bias,
            "activation": keras.activations.serialize(self.activation),
        }
        return {**super().get_config(), **config}


def se_block(inputs: keras.KerasTensor, reduction: int = 4) -> keras.KerasTensor:
    """The article's SE block for the functional API, every step a layer in `summary()`.

    Args:
        inputs: (batch, H, W, C), channels last.
        reduction: r, from 1 to C.

    Returns:
        (batch, H, W, C).

    Raises:
        ValueError: if r exceeds C, or the number of channels is not known.
    """
    channels = channels_of(inputs.shape, "channels_last")
    x = keras.layers.GlobalAveragePooling2D(data_format="channels_last")(inputs)
    x = keras.layers.Reshape((1, 1, channels))(x)
    x = keras.layers.Dense(hidden_width(channels, reduction), activation="relu")(x)
    x = keras.layers.Dense(channels, activation="sigmoid")(x)
    return keras.layers.Multiply()([inputs, x])
