"""Channel attention as Keras layers, and the article's two blocks out of Keras' own layers.

The layers compute what `attention_lib.steps` computes, for batches and with trainable weights.
Import this module before loading a saved model that has them.
"""

from collections.abc import Callable

import keras
from keras import ops

from attention_lib.steps import _require
from attention_lib.steps.eca import adaptive_kernel_size
from attention_lib.steps.se import hidden_width

__all__ = ["EfficientChannelAttention", "SqueezeExcite", "eca_block", "se_block"]

AXES = {
    "channels_last": ("batch", "height", "width", "channels"),
    "channels_first": ("batch", "channels", "height", "width"),
}


class _ChannelGates(keras.layers.Layer):
    """What the layers share: average every channel, ask `logits` for an answer, scale.

    `logits` works in the precision of the weights: C numbers are cheap, and under a mixed policy
    half precision would overflow where a channel is loud.
    """

    def __init__(self, gate, data_format, **kwargs):
        super().__init__(**kwargs)
        self.gate = _curve(gate, "gate")
        self.data_format = keras.config.image_data_format() if data_format is None else data_format
        if self.data_format not in [*AXES]:  # a list, as a set cannot look up what has no hash
            raise ValueError(
                "`data_format` must be 'channels_last' or 'channels_first'. "
                f"Received: data_format={data_format!r}. Choose one, or None for Keras' setting."
            )
        axes = AXES[self.data_format]
        self._spatial_axes = axes.index("height"), axes.index("width")
        self.channels = None  # known once the layer is built

    def gates(self, inputs):
        """Read the gates out, one per picture and channel.

        Args:
            inputs: what the layer is called on; a symbolic input gives symbolic gates, for a
                model that shows them.

        Returns:
            (batch, C), in the precision of the weights.

        Raises:
            ValueError: if the inputs do not fit the layer.
        """
        inputs = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(tuple(inputs.shape))
        self._check_channels(inputs.shape)
        return self.gate(self.logits(ops.mean(inputs, self._spatial_axes)))

    def call(self, inputs):
        gates = ops.cast(self.gates(inputs), self.compute_dtype)
        return ops.cast(inputs, self.compute_dtype) * ops.expand_dims(gates, self._spatial_axes)

    def compute_output_shape(self, input_shape):
        self._check_channels(input_shape)
        return tuple(input_shape)

    def get_config(self):
        config = {
            "gate": keras.activations.serialize(self.gate),
            "data_format": self.data_format,
        }
        return {**super().get_config(), **config}

    def _check_channels(self, input_shape):
        found = _channels(input_shape, self.data_format, needed=not self.built)
        if self.built and found not in (None, self.channels):
            raise ValueError(
                f"`inputs` must have the {self.channels} channels this layer was built for. "
                f"Received: inputs of shape {tuple(input_shape)}. Make another layer for them."
            )
        return found


@keras.saving.register_keras_serializable(package="attention_lib")
class SqueezeExcite(_ChannelGates):
    """Squeeze-and-Excitation: gates from two dense layers with a bottleneck between them.

    Args:
        reduction: r, from 1 to C; the bottleneck has C // r units.
        use_bias: whether the dense layers have biases; the papers' tables count none.
        activation: inside the bottleneck. EfficientNet has "swish".
        gate: after the second layer. MobileNetV3 has "hard_sigmoid".
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, H, W, C), or (batch, C, H, W) if channels come first. H and W may vary.

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
        **kwargs,
    ):
        super().__init__(gate, data_format, **kwargs)
        self.reduction = _require.count(reduction, "reduction")
        self.use_bias = bool(use_bias)
        self.activation = _curve(activation, "activation")

    def build(self, input_shape):
        self.channels = self._check_channels(input_shape)
        hidden = hidden_width(self.channels, self.reduction)
        common = {"use_bias": self.use_bias, "dtype": self.variable_dtype}
        self.reduce = keras.layers.Dense(
            hidden, activation=self.activation, name="reduce", **common
        )
        self.expand = keras.layers.Dense(self.channels, name="expand", **common)
        self.reduce.build((None, self.channels))
        self.expand.build((None, hidden))

    def logits(self, squeezed):
        """What the gate function is applied to: (batch, C) averages in, (batch, C) out."""
        return self.expand(self.reduce(squeezed))

    def get_config(self):
        config = {
            "reduction": self.reduction,
            "use_bias": self.use_bias,
            "activation": keras.activations.serialize(self.activation),
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="attention_lib")
class EfficientChannelAttention(_ChannelGates):
    """Efficient Channel Attention: gates from one small kernel that slides along the channels.

    Args:
        gamma: of the formula k = odd(|log2(C) / gamma + b / gamma|), above 0.
        b: of the formula.
        kernel_size: an odd k that replaces the formula.
        gate: the paper's is "sigmoid".
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, H, W, C), or (batch, C, H, W) if channels come first. H and W may vary.

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
        **kwargs,
    ):
        super().__init__(gate, data_format, **kwargs)
        adaptive_kernel_size(1, gamma, b)  # so that a wrong gamma is refused here, not in build
        self.gamma = float(gamma)
        self.b = float(b)
        self.kernel_size = None if kernel_size is None else _require.odd(kernel_size, "kernel_size")

    def build(self, input_shape):
        self.channels = self._check_channels(input_shape)
        self.slide = keras.layers.Conv1D(
            filters=1,
            kernel_size=self.kernel_size or adaptive_kernel_size(self.channels, self.gamma, self.b),
            padding="same",
            use_bias=False,
            data_format="channels_last",
            dtype=self.variable_dtype,
            name="slide",
        )
        self.slide.build((None, self.channels, 1))

    def logits(self, squeezed):
        """What the gate function is applied to: (batch, C) averages in, (batch, C) out."""
        return ops.squeeze(self.slide(ops.expand_dims(squeezed, -1)), -1)

    def get_config(self):
        config = {"gamma": self.gamma, "b": self.b, "kernel_size": self.kernel_size}
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
    channels = _channels(inputs.shape, "channels_last")
    x = keras.layers.GlobalAveragePooling2D(data_format="channels_last")(inputs)
    x = keras.layers.Reshape((1, 1, channels))(x)
    x = keras.layers.Dense(hidden_width(channels, reduction), activation="relu")(x)
    x = keras.layers.Dense(channels, activation="sigmoid")(x)
    return keras.layers.Multiply()([inputs, x])


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
    channels = _channels(inputs.shape, "channels_last")
    kernel_size = adaptive_kernel_size(channels, gamma, b)
    x = keras.layers.GlobalAveragePooling2D(data_format="channels_last")(inputs)
    x = keras.layers.Reshape((channels, 1))(x)
    x = keras.layers.Conv1D(
        1, kernel_size, padding="same", use_bias=False, data_format="channels_last"
    )(x)
    x = keras.layers.Activation("sigmoid")(x)
    x = keras.layers.Reshape((1, 1, channels))(x)
    return keras.layers.Multiply()([inputs, x])


def _channels(shape, data_format: str, *, needed: bool = True) -> int | None:
    """Read C off a shape, whose other sizes may be unknown."""
    axes, shape = AXES[data_format], tuple(shape)
    if len(shape) != len(axes):
        raise ValueError(
            f"`inputs` must have the shape ({', '.join(axes)}). "
            f"Received: inputs of shape {shape}. "
            "Give a batch of feature maps; one alone becomes a batch by `inputs[None]`."
        )
    channels = shape[axes.index("channels")]
    if channels is None and needed:
        raise ValueError(
            "`inputs` must have a known number of channels, as the weights depend on it. "
            f"Received: inputs of shape {shape}. Set it in `keras.Input`; H and W may be None."
        )
    return channels


def _curve(identifier: str | Callable, name: str) -> Callable:
    try:
        if identifier is not None:  # to Keras None is the identity, so a gate would not be one
            return keras.activations.get(identifier)
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"`{name}` must be the name of a Keras activation, or a function. "
        f"Received: {name}={identifier!r}. Choose 'relu', 'swish', 'sigmoid' or 'hard_sigmoid'."
    )
