"""CBAM as Keras layers: channel attention, spatial attention, and one after the other.

The defaults are those of the authors' code and of the ResNets they trained with it.

Reference: Woo et al., "CBAM: Convolutional Block Attention Module", arXiv:1807.06521.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
from keras import ops

from attention_lib import _require
from attention_lib.layers._gating import ChannelGates, Gating, Shape, check_filled, curve
from attention_lib.steps.cbam import ORDERS, check_pooling
from attention_lib.steps.se import hidden_width

POOL = {"average": ops.mean, "max": ops.max}


class CBAMGates(NamedTuple):
    """The gates of both halves."""

    channel: keras.KerasTensor  # (batch, C)
    spatial: keras.KerasTensor  # (batch, H, W)


@keras.saving.register_keras_serializable(package="attention_lib")
class ChannelAttention(ChannelGates):
    """CBAM's channel attention: averages and maxima go through one MLP, and its answers add up.

    Args:
        reduction: r, from 1 to C; the MLP has C // r hidden units.
        pooling: "average", "max" or both; ("average",) alone is Squeeze-and-Excitation.
        shared: whether one MLP serves every pooling; else each has its own.
        use_bias: whether the MLP has biases.
        activation: inside the MLP.
        gate: after the sum.
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, T, C), (batch, H, W, C) or (batch, D, H, W, C); C stands behind the batch
        if channels come first. All but C may vary.

    Output shape: the same.

    Raises:
        ValueError: if an argument is out of range, or, when the layer is built, if r exceeds C.

    Example:
        >>> layer = ChannelAttention(reduction=4)
        >>> layer(keras.Input((56, 56, 24))).shape
        (None, 56, 56, 24)
        >>> layer.count_params()
        318

    `get_weights()` is in the order of `steps.SEWeights`, for one MLP after the other.
    """

    def __init__(
        self,
        reduction: int = 16,
        pooling: tuple[str, ...] = ("average", "max"),
        shared: bool = True,
        use_bias: bool = True,
        activation: str | Callable = "relu",
        gate: str | Callable = "sigmoid",
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(gate, data_format, **kwargs)
        self.reduction = _require.count(reduction, "reduction")
        self.pooling = check_pooling(pooling, "pooling")
        self.shared = bool(shared)
        self.use_bias = bool(use_bias)
        self.activation = curve(activation, "activation")

    def build(self, input_shape: Shape) -> None:
        self.channels = self.count_channels(input_shape)
        hidden = hidden_width(self.channels, self.reduction)
        dense = functools.partial(self.child, keras.layers.Dense, use_bias=self.use_bias)
        self.reduce, self.expand = [], []
        for name in ["mlp"] if self.shared else self.pooling:
            reduce = dense(f"{name}_reduce", units=hidden, activation=self.activation)
            expand = dense(f"{name}_expand", units=self.channels)
            reduce.build((None, self.channels))
            expand.build((None, hidden))
            self.reduce.append(reduce)
            self.expand.append(expand)

    def squeeze(self, inputs: Any) -> Any:
        """Pool every channel: a (batch, C) for each pooling."""
        check_filled(inputs.shape)
        return [self.over_places(POOL[name], inputs) for name in self.pooling]

    def logits(self, squeezed: Any) -> Any:
        """What the gate function is applied to: the sum of what the MLP gives for each pooling."""
        mlps = [*zip(self.reduce, self.expand, strict=True)]
        mlps *= len(squeezed) if self.shared else 1
        answers = [expand(reduce(z)) for z, (reduce, expand) in zip(squeezed, mlps, strict=True)]
        return sum(answers[1:], answers[0])

    def get_config(self) -> dict[str, Any]:
        config = {
            "reduction": self.reduction,
            "pooling": list(self.pooling),
            "shared": self.shared,
            "use_bias": self.use_bias,
            "activation": keras.activations.serialize(self.activation),
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="attention_lib")
class SpatialAttention(Gating):
    """CBAM's spatial attention: a convolution over two maps, the maxima and means of all channels.

    The authors' networks start the normalisation at gamma = 0: so that every new gate is one half.

    Args:
        kernel_size: k, odd.
        pooling: over the channels, in the order of the kernel's planes. Ports and the paper's
            text have ("average", "max").
        batch_norm: whether batch normalisation follows the convolution.
        use_bias: whether the convolution has a bias.
        gate: after the normalisation.
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, H, W, C), or (batch, C, H, W) if channels come first. All sizes may vary.
        The kernel is that of pictures, so sequences and volumes are refused.

    Output shape: the same.

    Raises:
        ValueError: if an argument is out of range.

    Example:
        >>> layer = SpatialAttention()
        >>> layer(keras.Input((56, 56, 24))).shape
        (None, 56, 56, 24)
        >>> layer.count_params()  # 7 x 7 x 2, and 4 of the normalisation
        102

    `get_weights()` is the kernel, (k, k, planes, 1), the bias if there is one, and gamma, beta,
    moving mean and moving variance, each (1,).
    """

    def __init__(
        self,
        kernel_size: int = 7,
        pooling: tuple[str, ...] = ("max", "average"),
        batch_norm: bool = True,
        use_bias: bool = False,
        gate: str | Callable = "sigmoid",
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(gate, data_format, **kwargs)
        self.kernel_size = _require.odd(kernel_size, "kernel_size")
        self.pooling = check_pooling(pooling, "pooling")
        self.batch_norm = bool(batch_norm)
        self.use_bias = bool(use_bias)

    def build(self, input_shape: Shape) -> None:
        self.check(input_shape)
        planes = (None, None, None, len(self.pooling))
        self.slide = self.child(
            keras.layers.Conv2D,
            "slide",
            filters=1,
            kernel_size=self.kernel_size,
            padding="same",
            use_bias=self.use_bias,
            data_format="channels_last",
        )
        self.slide.build(planes)
        self.norm = None
        if self.batch_norm:
            self.norm = self.child(
                keras.layers.BatchNormalization, "norm", epsilon=1e-5, gamma_initializer="zeros"
            )
            self.norm.build((*planes[:3], 1))

    def missing_axes(self, rank: int) -> tuple[int, ...]:
        return (self.channel_axis,)

    def squeeze(self, inputs: Any) -> Any:
        """Pool every place: (batch, H, W, planes), whatever the data format."""
        check_filled(inputs.shape)
        return ops.stack([POOL[name](inputs, self.channel_axis) for name in self.pooling], -1)

    def logits(self, squeezed: Any) -> Any:
        """What the gate function is applied to: (batch, H, W)."""
        convolved = self.slide(squeezed)
        return ops.squeeze(convolved if self.norm is None else self.norm(convolved), -1)

    def get_config(self) -> dict[str, Any]:
        config = {
            "kernel_size": self.kernel_size,
            "pooling": list(self.pooling),
            "batch_norm": self.batch_norm,
            "use_bias": self.use_bias,
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="attention_lib")
class CBAM(keras.layers.Layer):
    """CBAM: channel attention, then spatial attention on what it left.

    In parallel, both see the input and both scale it. The paper does not say how it joined them.
    The spatial half is for pictures, and so is the whole; `ChannelAttention` takes more.

    Args:
        reduction: r, from 1 to C, of the channel attention.
        spatial_kernel_size: k, odd, of the spatial attention.
        order: "channel_spatial", "spatial_channel" or "parallel".
        channel_pooling: over the places; see `ChannelAttention`.
        spatial_pooling: over the channels; see `SpatialAttention`.
        shared: whether one MLP serves every pooling.
        use_bias: whether the MLP has biases.
        batch_norm: whether batch normalisation follows the spatial convolution.
        activation: inside the MLP.
        gate: of both halves.
        data_format: "channels_last", "channels_first", or None for Keras' setting.
        **kwargs: of every Keras layer, such as `name` and `dtype`.

    Input shape: (batch, H, W, C), or (batch, C, H, W) if channels come first. H and W may vary.

    Output shape: the same.

    Raises:
        ValueError: if an argument is out of range, or, when the layer is built, if r exceeds C.

    Example:
        >>> layer = CBAM(reduction=4)
        >>> layer(keras.Input((56, 56, 24))).shape
        (None, 56, 56, 24)
        >>> layer.count_params()  # 318 + 102
        420
    """

    def __init__(
        self,
        reduction: int = 16,
        spatial_kernel_size: int = 7,
        order: str = "channel_spatial",
        channel_pooling: tuple[str, ...] = ("average", "max"),
        spatial_pooling: tuple[str, ...] = ("max", "average"),
        shared: bool = True,
        use_bias: bool = True,
        batch_norm: bool = True,
        activation: str | Callable = "relu",
        gate: str | Callable = "sigmoid",
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.order = _require.choice(order, "order", ORDERS)
        common = {
            "gate": gate,
            "data_format": data_format,
            "dtype": self.dtype_policy,
            "trainable": self.trainable,
        }
        self.channel_attention = ChannelAttention(
            reduction,
            check_pooling(channel_pooling, "channel_pooling"),
            shared,
            use_bias,
            activation,
            name="channel_attention",
            **common,
        )
        self.spatial_attention = SpatialAttention(
            _require.odd(spatial_kernel_size, "spatial_kernel_size"),
            check_pooling(spatial_pooling, "spatial_pooling"),
            batch_norm,
            name="spatial_attention",
            **common,
        )
        self.data_format = self.channel_attention.data_format

    def build(self, input_shape: Shape) -> None:
        self.spatial_attention.check(input_shape)
        self.channel_attention.build(input_shape)
        self.spatial_attention.build(input_shape)

    def gates(self, inputs: Any) -> CBAMGates:
        """Read the gates of both halves out.

        Args:
            inputs: what the layer is called on.

        Returns:
            (batch, C) gates of channels and (batch, H, W) gates of places, in the precision of
            the weights.

        Raises:
            ValueError: if the inputs do not fit the layer.
        """
        channel, spatial = self.channel_attention, self.spatial_attention
        if not self.built:
            self.build(tuple(inputs.shape))
        if self.order == "channel_spatial":
            gates = channel.gates(inputs)
            return CBAMGates(gates, spatial.gates(channel.scale(inputs, gates)))
        gates = spatial.gates(inputs)
        if self.order == "spatial_channel":
            inputs = spatial.scale(inputs, gates)
        return CBAMGates(channel.gates(inputs), gates)

    def call(self, inputs: Any) -> Any:
        channel, spatial = self.channel_attention, self.spatial_attention
        if self.order == "channel_spatial":
            return spatial(channel(inputs))
        if self.order == "spatial_channel":
            return channel(spatial(inputs))
        return spatial.scale(channel(inputs), spatial.gates(inputs))

    def compute_output_shape(self, input_shape: Shape) -> tuple[int | None, ...]:
        self.spatial_attention.check(input_shape)
        return self.channel_attention.compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:
        channel, spatial = (
            half.get_config() for half in (self.channel_attention, self.spatial_attention)
        )
        same = ("reduction", "shared", "use_bias", "activation", "gate", "data_format")
        config = {
            **{key: channel[key] for key in same},
            "spatial_kernel_size": spatial["kernel_size"],
            "order": self.order,
            "channel_pooling": channel["pooling"],
            "spatial_pooling": spatial["pooling"],
            "batch_norm": spatial["batch_norm"],
            "dtype": channel["dtype"],
        }
        return {**super().get_config(), **config}
