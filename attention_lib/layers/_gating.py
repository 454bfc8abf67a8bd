"""What the layers share: gates worked out from the input, and multiplied onto it."""

from collections.abc import Callable

import keras
from keras import ops

AXES = {
    "channels_last": ("batch", "height", "width", "channels"),
    "channels_first": ("batch", "channels", "height", "width"),
}


class Gating(keras.layers.Layer):
    """A layer whose gates have the shape of its input without `missing_axes`.

    A subclass gives `squeeze`, from inputs to what `logits` is asked about, and sets
    `missing_axes`. `logits` works in the precision of the weights: its numbers are few, and under a
    mixed policy half precision would overflow where a channel is loud.
    """

    def __init__(self, gate, data_format, **kwargs):
        super().__init__(**kwargs)
        self.gate = curve(gate, "gate")
        self.data_format = keras.config.image_data_format() if data_format is None else data_format
        if self.data_format not in [*AXES]:  # a list, as a set cannot look up what has no hash
            raise ValueError(
                "`data_format` must be 'channels_last' or 'channels_first'. "
                f"Received: data_format={data_format!r}. Choose one, or None for Keras' setting."
            )
        axes = AXES[self.data_format]
        self.spatial_axes = axes.index("height"), axes.index("width")
        self.channel_axis = axes.index("channels")

    def gates(self, inputs):
        """Read the gates out.

        Args:
            inputs: what the layer is called on; a symbolic input gives symbolic gates, for a
                model that shows them.

        Returns:
            (batch, C) gates of channels, or (batch, H, W) gates of places, in the precision of
            the weights.

        Raises:
            ValueError: if the inputs do not fit the layer.
        """
        inputs = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(tuple(inputs.shape))
        self.check(inputs.shape)
        return self.gate(self.logits(self.squeeze(inputs)))

    def scale(self, inputs, gates):
        """Multiply the inputs by gates, in the precision of the layer."""
        gates = ops.expand_dims(ops.cast(gates, self.compute_dtype), self.missing_axes)
        return ops.cast(inputs, self.compute_dtype) * gates

    def call(self, inputs):
        return self.scale(inputs, self.gates(inputs))

    def compute_output_shape(self, input_shape):
        self.check(input_shape)
        return tuple(input_shape)

    def get_config(self):
        config = {
            "gate": keras.activations.serialize(self.gate),
            "data_format": self.data_format,
        }
        return {**super().get_config(), **config}

    def check(self, input_shape):
        """Refuse what is no batch of maps."""
        check_rank(input_shape, self.data_format)


class ChannelGates(Gating):
    """Gates of channels: the layer is built for a number of channels."""

    def __init__(self, gate, data_format, **kwargs):
        super().__init__(gate, data_format, **kwargs)
        self.missing_axes = self.spatial_axes
        self.channels = None  # known once the layer is built

    def squeeze(self, inputs):
        """Average every channel: (batch, C)."""
        return over_places(ops.mean, inputs, self.spatial_axes)

    def check(self, input_shape):
        """Return C, and refuse another C than the layer was built for."""
        found = channels_of(input_shape, self.data_format, needed=not self.built)
        if self.built and found not in (None, self.channels):
            raise ValueError(
                f"`inputs` must have the {self.channels} channels this layer was built for. "
                f"Received: inputs of shape {tuple(input_shape)}. Make another layer for them."
            )
        return found


def over_places(reduce, inputs, axes):
    """Pool along the width, then the height: what both at once give, and TensorFlow is faster."""
    height, width = axes
    return reduce(reduce(inputs, width), height)


def check_filled(shape) -> None:
    """Refuse an empty batch or an empty map, of which there is no maximum."""
    if 0 in tuple(shape):
        raise ValueError(
            "`inputs` must have no empty axis, as nothing has no maximum. "
            f"Received: inputs of shape {tuple(shape)}. Give one picture of one pixel or more."
        )


def check_rank(shape, data_format: str) -> None:
    """Refuse what is no batch of maps."""
    axes, shape = AXES[data_format], tuple(shape)
    if len(shape) != len(axes):
        raise ValueError(
            f"`inputs` must have the shape ({', '.join(axes)}). "
            f"Received: inputs of shape {shape}. "
            "Give a batch of feature maps; one alone becomes a batch by `inputs[None]`."
        )


def channels_of(shape, data_format: str, *, needed: bool = True) -> int | None:
    """Read C off a shape, whose other sizes may be unknown."""
    check_rank(shape, data_format)
    channels = tuple(shape)[AXES[data_format].index("channels")]
    if channels is None and needed:
        raise ValueError(
            "`inputs` must have a known number of channels, as the weights depend on it. "
            f"Received: inputs of shape {tuple(shape)}. "
            "Set it in `keras.Input`; H and W may be None."
        )
    return channels


def curve(identifier: str | Callable, name: str) -> Callable:
    """Find an activation, or say in words that there is none."""
    try:
        if identifier is not None:  # to Keras None is the identity, so a gate would not be one
            return keras.activations.get(identifier)
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"`{name}` must be the name of a Keras activation, or a function. "
        f"Received: {name}={identifier!r}. Choose 'relu', 'swish', 'sigmoid' or 'hard_sigmoid'."
    )
