"""What the layers share: gates worked out from the input, and multiplied onto it."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from attention_lib import _require

DATA_FORMATS = ("channels_last", "channels_first")
PLACES = {3: ("steps",), 4: ("height", "width"), 5: ("depth", "height", "width")}  # by rank
Shape = Sequence[int | None]


class Gating(keras.layers.Layer):
    """A layer that multiplies its input by gates.

    A subclass gives `squeeze`, from inputs to what `logits` is asked about, and `missing_axes`, the
    axes of the input that its gates lack. `logits` works in the precision of the weights: its
    numbers are few, and under a mixed policy half precision would overflow where a channel is loud.
    """

    ranks: tuple[int, ...] = (4,)  # of the inputs it takes

    def __init__(self, gate: str | Callable, data_format: str | None, **kwargs: Any):
        super().__init__(**kwargs)
        self.gate = curve(gate, "gate")
        self.data_format = keras.config.image_data_format() if data_format is None else data_format
        _require.choice(self.data_format, "data_format", DATA_FORMATS)
        self.channel_axis = 1 if self.data_format == "channels_first" else -1

    def squeeze(self, inputs: Any) -> Any:
        raise NotImplementedError

    def logits(self, squeezed: Any) -> Any:
        raise NotImplementedError

    def missing_axes(self, rank: int) -> tuple[int, ...]:
        raise NotImplementedError

    def child(self, kind: Callable[..., Any], name: str, **options: Any) -> Any:
        """Make a layer of this one: as frozen as it is, and quantised if it was when saved."""
        policy, dtype = self.dtype_policy, self.variable_dtype
        if isinstance(policy, keras.dtype_policies.DTypePolicyMap) and _key(name) in policy:
            dtype = policy[_key(name)]
        return kind(name=name, trainable=self.trainable, dtype=dtype, **options)

    def gates(self, inputs: Any) -> Any:
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

    def scale(self, inputs: Any, gates: Any) -> Any:
        """Multiply the inputs by gates, in the precision of the layer."""
        axes = self.missing_axes(len(inputs.shape))
        gates = ops.expand_dims(ops.cast(gates, self.compute_dtype), axes)
        return ops.cast(inputs, self.compute_dtype) * gates

    def call(self, inputs: Any) -> Any:
        return self.scale(inputs, self.gates(inputs))

    def compute_output_shape(self, input_shape: Shape) -> tuple[int | None, ...]:
        self.check(input_shape)
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        config = {
            "gate": keras.activations.serialize(self.gate),
            "data_format": self.data_format,
        }
        return {**super().get_config(), **config, **self._quantised()}

    def check(self, input_shape: Shape) -> Any:
        """Check that a shape is that of a batch of maps."""
        check_rank(input_shape, self.data_format, self.ranks)

    def _quantised(self) -> dict[str, Any]:
        """Precisions, where Keras has quantised a layer of this one."""
        policies = {
            _key(layer.name): layer.dtype_policy
            for layer in self._flatten_layers(include_self=False)
            if layer.quantization_mode
        }
        if not policies:
            return {}
        default = self.dtype_policy
        default = getattr(default, "default_policy", default)
        policy = keras.dtype_policies.DTypePolicyMap(default, policies)
        return {"dtype": keras.dtype_policies.serialize(policy)}


class ChannelGates(Gating):
    """Gates of channels: the layer is built for a number of channels."""

    ranks = tuple(PLACES)

    def __init__(self, gate: str | Callable, data_format: str | None, **kwargs: Any):
        super().__init__(gate, data_format, **kwargs)
        self.channels: int | None = None  # known once the layer is built

    def missing_axes(self, rank: int) -> tuple[int, ...]:
        return tuple(range(2, rank)) if self.channel_axis == 1 else tuple(range(1, rank - 1))

    def squeeze(self, inputs: Any) -> Any:
        """Average every channel: (batch, C)."""
        return self.over_places(ops.mean, inputs)

    def over_places(self, reduce: Callable, inputs: Any) -> Any:
        """Pool axis by axis: the result is that of all at once, and TensorFlow is faster."""
        for axis in reversed(self.missing_axes(len(inputs.shape))):
            inputs = reduce(inputs, axis)
        return inputs

    def check(self, input_shape: Shape) -> None:
        """Check that the input has channels, and as many as the layer was built for."""
        if not self.built:
            channels_of(input_shape, self.data_format, self.ranks)
            return
        check_rank(input_shape, self.data_format, self.ranks)
        if tuple(input_shape)[self.channel_axis] not in (None, self.channels):
            raise ValueError(
                f"`inputs` must have the {self.channels} channels this layer was built for. "
                f"Received: inputs of shape {tuple(input_shape)}. Make another layer for them."
            )

    def count_channels(self, input_shape: Shape) -> int:
        """The number of channels that the layer is to be built for."""
        self.check(input_shape)
        return channels_of(input_shape, self.data_format, self.ranks)


def _key(name: str) -> str:
    """What a child's precision is kept under: no layer's own path, which Keras looks up, too."""
    return f"//{name}"


def check_filled(shape: Shape) -> None:
    """Check that no axis is empty: an empty map has no maximum."""
    if 0 in tuple(shape):
        raise ValueError(
            "`inputs` must have no empty axis, as an empty map has no maximum. "
            f"Received: inputs of shape {tuple(shape)}. Give one picture of one pixel or more."
        )


def check_rank(shape: Shape, data_format: str, ranks: Sequence[int] = (4,)) -> None:
    """Check that a shape is that of a batch of maps."""
    shape = tuple(shape)
    if len(shape) in ranks:
        return
    if len(shape) == 3:
        hint = (
            "A picture alone becomes a batch by `inputs[None]`; "
            "sequences (batch, steps, channels) become maps of width 1 by `inputs[:, :, None]`."
        )
    else:
        hint = "Give a batch of feature maps."
    raise ValueError(
        f"`inputs` must have the shape {' or '.join(_axes(rank, data_format) for rank in ranks)}. "
        f"Received: inputs of shape {shape}. {hint}"
    )


def _axes(rank: int, data_format: str) -> str:
    places = PLACES[rank]
    axes = (*places, "channels") if data_format == "channels_last" else ("channels", *places)
    return f"({', '.join(('batch', *axes))})"


def channels_of(shape: Shape, data_format: str, ranks: Sequence[int] = (4,)) -> int:
    """Read C off a shape, whose other sizes may be unknown."""
    check_rank(shape, data_format, ranks)
    channels = tuple(shape)[1 if data_format == "channels_first" else -1]
    if channels is None:
        raise ValueError(
            "`inputs` must have a known number of channels, as the weights depend on it. "
            f"Received: inputs of shape {tuple(shape)}. "
            "Set it in `keras.Input`; every other size may be None."
        )
    return channels


def curve(identifier: str | Callable, name: str) -> Callable:
    """Return the activation of that name; raise a ValueError if there is none."""
    try:
        if identifier is not None:  # to Keras None is the identity, so a gate would not be one
            return keras.activations.get(identifier)
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"`{name}` must be the name of a Keras activation, or a function. "
        f"Received: {name}={identifier!r}. Choose 'relu', 'swish', 'sigmoid' or 'hard_sigmoid'."
    )
