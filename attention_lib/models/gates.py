"""Find the channel gates of any Keras model, and record what they say to pictures.

A gate is found where it can be seen in the model's graph: a layer of ours, or two tensors
multiplied of which one is a map and the other, one number a channel, is made of that map alone.
Models and layers within the model are opened by calling them on symbols.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._keras import keras
from attention_lib.layers import CBAM, ChannelAttention, EfficientChannelAttention, SqueezeExcite

OURS = {
    SqueezeExcite: "SE",
    EfficientChannelAttention: "ECA",
    ChannelAttention: "CBAM",
    CBAM: "CBAM",
}
SILENT_SECONDS = 2  # work that is done sooner needs no progress bar
BATCH = 4  # while Keras runs a model it keeps all its maps: 90 MB a picture in EfficientNetB0
PRODUCTS = ("Conv", "Dot", "Einsum", "Matmul", "Tensordot")


class Site(NamedTuple):
    """A place in a model where channels are gated."""

    path: str  # names of layers from the outside in, the last one multiplies
    mechanism: str  # "SE", "ECA", "CBAM", or "gate" where the form is none of these
    channels: int
    width: int | None  # hidden units of the bottleneck, or ECA's kernel size


class Reading(NamedTuple):
    """What one gated place did with a batch."""

    gates: np.ndarray  # (batch, C)
    maps: np.ndarray  # (batch, H, W, C), before they were scaled


class _GatesOf(keras.layers.Layer):
    """The channel gates of a layer of ours, as a layer: one node, whatever happens within."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def call(self, inputs):
        gates = self.layer.gates(inputs)
        return gates.channel if isinstance(self.layer, CBAM) else gates


class _Found(NamedTuple):
    site: Site
    gates: Any  # symbolic (batch, C)
    maps: Any  # symbolic (batch, H, W, C)


def find(model: keras.Model) -> tuple[Site, ...]:
    """Find every channel gate of a model.

    Gates of places, such as `SpatialAttention`, are not among them.

    Args:
        model: any Keras model that is built. Of a subclassed model, or a layer of your own, what
            is written with Keras' layers and `keras.ops` can be seen.

    Returns:
        The gates in the order of computation; none if there are none.

    Raises:
        ValueError: if `model` is no Keras model, or not built.
    """
    return tuple(found.site for found in _search(model)[1])


def record(
    model: keras.Model,
    images: np.ndarray | Iterable[np.ndarray],
    *,
    batch_size: int = BATCH,
) -> dict[str, np.ndarray]:
    """Record the gates of every layer for pictures, a batch at a time.

    Only the gates are kept, so that memory grows with C, and not with H x W. Work that lasts shows
    a progress bar.

    Args:
        model: as for `find`.
        images: (n, H, W, 3), scaled as the model wants them, or an iterable of such batches.
        batch_size: how many pictures go through the model at once.

    Returns:
        (n, C) gates for each path, in the order of `find`.

    Raises:
        ValueError: if the model has no gates, or the images do not fit it.
    """
    batch_size = _require.count(batch_size, "batch_size")
    inputs, found = _search_one_input(model)
    reader = keras.Model(inputs, [each.gates for each in found])
    batches, steps = _batches(images, batch_size)
    kept: list[list[np.ndarray]] = [[] for _ in found]
    for batch in _with_progress(batches, steps):
        for arrays, gates in zip(kept, _run(reader, batch), strict=True):
            arrays.append(gates)
    if not kept[0]:
        raise ValueError(
            "`images` must hold one picture or more. Received: none. Give an array (n, H, W, 3)."
        )
    gates = (np.concatenate(arrays) for arrays in kept)
    return dict(zip((each.site.path for each in found), gates, strict=True))


class Reader:
    """Reads gates, and the maps they scale, out of one model.

    Args:
        model: as for `find`.

    `sites` is what `find` gives, `shape` that of one picture, with None where any size will do.

    Raises:
        ValueError: if the model is none, is not built, or has no gates.
    """

    def __init__(self, model: keras.Model):
        inputs, found = _search_one_input(model)
        self.sites = tuple(each.site for each in found)
        self.shape = tuple(inputs[0].shape[1:])
        tensors = [tensor for each in found for tensor in (each.gates, each.maps)]
        self._model = keras.Model(inputs, tensors)

    def __call__(self, images: np.ndarray) -> list[Reading]:
        """Read a batch (n, H, W, 3), scaled as the model wants it; one reading for each site.

        Raises:
            ValueError: if the images do not fit the model.
        """
        arrays = _run(self._model, np.asarray(images))
        return [Reading(*pair) for pair in zip(arrays[::2], arrays[1::2], strict=True)]


# -- running --------------------------------------------------------------------------------------


def _batches(images, batch_size: int) -> tuple[Iterator[np.ndarray], int | None]:
    if isinstance(images, (Mapping, str, bytes)) or not isinstance(images, (np.ndarray, Iterable)):
        raise ValueError(
            "`images` must be an array (n, H, W, 3) or an iterable of such batches. "
            f"Received: {type(images).__name__}. Stack your pictures with `np.stack`."
        )
    if not hasattr(images, "shape"):
        return (np.asarray(batch) for batch in images), None
    starts = range(0, len(images), batch_size)
    return (np.asarray(images[i : i + batch_size]) for i in starts), len(starts)


def _run(reader: keras.Model, batch: np.ndarray) -> list[np.ndarray]:
    wanted = tuple(reader.inputs[0].shape)
    fits = batch.ndim == len(wanted) and all(
        size in (None, given) for size, given in zip(wanted[1:], batch.shape[1:], strict=True)
    )
    if not fits or batch.dtype.kind not in "fiu":
        hint = " One picture alone becomes a batch by `image[None]`." * (
            batch.ndim == len(wanted) - 1
        )
        raise ValueError(
            f"`images` must be numbers of the shape {wanted} that the model takes. "
            f"Received: {batch.dtype} of shape {batch.shape}. Resize them to fit.{hint}"
        )
    outputs = reader([batch.astype(np.float32, copy=False)], training=False)
    return [
        keras.ops.convert_to_numpy(keras.ops.cast(x, "float32"))
        for x in keras.tree.flatten(outputs)
    ]


def _with_progress(batches: Iterator[np.ndarray], steps: int | None) -> Iterator[np.ndarray]:
    """Pass batches on; once it has taken a while, show how many are done."""
    began, bar = time.monotonic(), None
    for done, batch in enumerate(batches):
        if bar is None and done and time.monotonic() - began > SILENT_SECONDS:
            bar = keras.utils.Progbar(steps, unit_name="batch")
        if bar is not None:
            bar.update(done)
        yield batch
    if bar is not None:
        bar.update(done + 1, finalize=True)


# -- searching ------------------------------------------------------------------------------------


def _search(model: keras.Model) -> tuple[list, list[_Found]]:
    """The symbols that go into a model, and the gates as functions of them."""
    if not isinstance(model, keras.Model):
        raise ValueError(
            f"`model` must be a Keras model. Received: {type(model).__name__}. "
            "Give a `keras.Model`, such as one of `keras.applications`."
        )
    inputs, found = _opened(model)
    paths: dict[str, int] = {}
    named = []
    for each in found:
        path = each.site.path or model.name
        paths[path] = paths.get(path, 0) + 1
        if paths[path] > 1:  # a layer, or a model, that is used several times
            path = f"{path} ({paths[path]})"
        named.append(each._replace(site=each.site._replace(path=path)))
    return inputs, named


def _search_one_input(model: keras.Model) -> tuple[list, list[_Found]]:
    """Search a model that pictures can be shown to."""
    inputs, found = _search(model)
    if not found:
        raise ValueError(
            f"`model` must have channel gates. Received: {model.name!r}, in which none were found. "
            "`attention_lib.models.attach` puts attention into a copy of it."
        )
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        raise ValueError(
            "`model` must take pictures, and nothing else. "
            f"Received: {model.name!r}, which takes {[tuple(x.shape) for x in inputs]}. "
            "Give the part of it that sees the pictures."
        )
    return inputs, found


def _opened(model: keras.Model) -> tuple[list, list[_Found]]:
    """The symbols that go into a model, and the gates that are made of them."""
    if getattr(model, "outputs", None):
        return model.inputs, _in_graph(model.outputs)
    shape = getattr(model, "_build_shapes_dict", None) or {}
    if len(shape) != 1 or not model.built:
        raise ValueError(
            "`model` must be built, so that the shape of its input is known. "
            f"Received: {model.name!r}, which is not. Call it once on a picture."
        )
    (shape,) = shape.values()
    inputs = [keras.Input(tuple(shape)[1:])]
    return inputs, _called(model, inputs)


def _called(layer, inputs: Sequence) -> list[_Found]:
    """The gates that can be seen by calling a model or layer on symbols.

    Steps that have no name of their own there are numbered anew by every call; they go without.
    """
    try:
        outputs = keras.tree.flatten(layer.call(*inputs))
        found = _in_graph([x for x in outputs if isinstance(x, keras.KerasTensor)])
    except Exception:  # written for something other than symbols: nothing can be seen in it
        return []
    named = {part.name for part in layer._flatten_layers(include_self=False)}
    return [
        each
        if each.site.path.split("/")[0] in named
        else each._replace(site=each.site._replace(path=""))
        for each in found
    ]


def _in_graph(outputs: Sequence) -> list[_Found]:
    """The gates among the nodes that lead to `outputs`, in the order of computation."""
    found = []
    for operation, node in _nodes(outputs):
        if type(operation) in OURS:
            found.append(_ours(operation, node))
        elif type(operation).__name__ == "Multiply":
            found += _written_by_hand(operation, node)
        elif _may_hold_gates(operation):
            found += _inside(operation, node)
    return found


def _nodes(outputs: Sequence) -> list[tuple[Any, Any]]:
    """Each operation with its node, every one after those that it needs."""
    ordered, seen = [], set()
    stack = [(tensor, False) for tensor in reversed(outputs)]
    while stack:
        tensor, ready = stack.pop()
        operation, index, _ = tensor._keras_history
        if ready:
            ordered.append((operation, operation._inbound_nodes[index]))
        elif (id(operation), index) not in seen:
            seen.add((id(operation), index))
            stack.append((tensor, True))
            stack += [
                (given, False) for given in reversed(operation._inbound_nodes[index].input_tensors)
            ]
    return ordered


def _ours(layer, node) -> _Found:
    (given,) = node.input_tensors
    half = layer.channel_attention if isinstance(layer, CBAM) else layer
    if isinstance(layer, EfficientChannelAttention):
        width = layer.slide.kernel_size[0]
    else:
        reduce = half.reduce[0] if isinstance(half.reduce, list) else half.reduce
        width = reduce.units
    site = Site(layer.name, OURS[type(layer)], half.channels, width)
    return _Found(site, _GatesOf(layer)(given), _last(given, layer.data_format == "channels_first"))


def _written_by_hand(operation, node) -> list[_Found]:
    """A map times a vector that is made of this map alone."""
    if len(node.input_tensors) != 2:
        return []
    for maps, gates in (node.input_tensors, node.input_tensors[::-1]):
        axis = _channel_axis(maps, gates, isinstance(operation, keras.layers.Multiply))
        between = _between(maps, gates) if axis else None
        if not between:
            continue
        pooled = any(_pools(step) for step in between)
        if not pooled and _spatial(maps, axis) == (1, 1):  # then a vector need not be pooled
            continue
        form = _form(between)
        if form is None:
            continue
        channels = maps.shape[axis]
        site = Site(operation.name, form[0], channels, form[1])
        gates = keras.layers.Reshape((channels,))(gates)
        return [_Found(site, gates, _last(maps, axis == 1))]
    return []


def _channel_axis(maps, gates, aligned: bool) -> int | None:
    """The axis of the channels if `gates` has one number for each, else None.

    Args:
        maps: symbolic.
        gates: symbolic.
        aligned: whether (batch, C) is multiplied onto channels, as the layer `Multiply` does;
            the sign `*` would line it up with columns.
    """
    if len(maps.shape) != 4:
        return None
    shape = tuple(gates.shape[1:])
    if aligned and len(shape) == 1 and shape[0] == maps.shape[-1]:
        return 3
    for axis, wanted in ((3, (1, 1, maps.shape[3])), (1, (maps.shape[1], 1, 1))):
        if shape == wanted and wanted[axis - 1] is not None:
            return axis
    return None


def _between(maps, gates) -> list | None:
    """The operations that make `gates` out of `maps`; None if something else enters, too."""
    steps, stack, seen, reached = [], [gates], set(), False
    while stack:
        tensor = stack.pop()
        if tensor is maps:
            reached = True
            continue
        operation, index, _ = tensor._keras_history
        if (id(operation), index) in seen:
            continue
        seen.add((id(operation), index))
        given = operation._inbound_nodes[index].input_tensors
        if not given:
            return None
        steps.append(operation)
        stack += given
    return steps[::-1] if reached else None


def _pools(operation) -> bool:
    name = type(operation).__name__
    return name in ("Mean", "Max", "Amax") or (name.startswith("Global") and "Pooling" in name)


def _spatial(maps, axis: int) -> tuple:
    return tuple(maps.shape[1:3] if axis == 3 else maps.shape[2:4])


def _form(between: Sequence) -> tuple[str, int | None] | None:
    """Mechanism and width, told by the layers with kernels; None if nothing is weighed."""
    layers = {
        id(layer): layer
        for operation in between
        if isinstance(operation, keras.Layer)
        for layer in operation._flatten_layers()
        if getattr(layer, "kernel", None) is not None
    }
    kernels = [*layers.values()]
    slides = [isinstance(layer, keras.layers.Conv1D) for layer in kernels]
    if slides == [True]:
        return "ECA", kernels[0].kernel_size[0]
    if len(kernels) > 1 and not any(slides):
        poolings = {type(step).__name__ for step in between if _pools(step)}
        width = min(layer.kernel.shape[-1] for layer in kernels)
        return ("CBAM" if len(poolings) > 1 else "SE"), int(width)
    weighed = kernels or any(type(step).__name__ in PRODUCTS for step in between)
    return ("gate", None) if weighed else None


def _may_hold_gates(operation) -> bool:
    """Models, and layers that are not Keras' own, may have gates inside."""
    if isinstance(operation, keras.Model):
        return True
    own = type(operation).__module__.split(".")[0] not in ("keras", "attention_lib")
    return isinstance(operation, keras.Layer) and own


def _inside(layer, node) -> list[_Found]:
    """The gates within a model or layer, as functions of what its caller gave it."""
    if getattr(layer, "outputs", None):
        inputs, found = layer.inputs, _in_graph(layer.outputs)
    else:
        inputs = [keras.Input(batch_shape=x.shape, dtype=x.dtype) for x in node.input_tensors]
        found = _called(layer, inputs)
    if not found:
        return []
    reader = keras.Model(inputs, [tensor for each in found for tensor in (each.gates, each.maps)])
    tensors = reader([*node.input_tensors])
    return [
        _Found(each.site._replace(path=f"{layer.name}/{each.site.path}".rstrip("/")), gates, maps)
        for each, gates, maps in zip(found, tensors[::2], tensors[1::2], strict=True)
    ]


def _last(maps, first: bool):
    """Maps with their channels last."""
    return keras.layers.Permute((2, 3, 1))(maps) if first else maps
