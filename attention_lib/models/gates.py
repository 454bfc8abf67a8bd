"""Find the channel gates of any Keras model, and record their values for pictures.

What a channel gate is, in the graph of what the layers of a model do:

- *Multiplied*: a product, element by element, of maps and of one number a channel. Once the axes
  stand as the product lines them up, that number is alike along all places of a map.
- *Made of these maps alone*: all that enters on the way from the maps to the number is weights.
- *Pooled*: on that way the places are summed, averaged, or searched for a maximum, until none is
  kept apart. What becomes of every axis is followed (see `_trace`), so numbers a row, or numbers
  that stand along the wrong axis, gate no channels. Where the channels stand is told by the layer
  that multiplies, by what reads the maps or made them, or else by Keras' setting.
- *Weighed*: weights have a say, if only as a factor. Without them it is a norm.

The mechanism is told by how channels are *mixed* once they are pooled, each unit made of all:

- "SE": mixed at least twice. The width is the fewest units in between.
- "CBAM": the same, for averages and for maxima that meet behind it.
- "ECA": not mixed; one kernel slides along the channels. The width is its size.
- "gate": any other.

Maps are pictures, sequences (batch, T, C) or volumes (batch, D, H, W, C).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

import keras
import numpy as np

from attention_lib import _require
from attention_lib.models._graph import Graph, Step, Unreadable, name_of
from attention_lib.models._trace import Trace, follow

__all__ = ["Reader", "Reading", "Site", "Unreadable", "find", "record"]

SILENT_SECONDS = 2  # work that is done sooner needs no progress bar
BATCH = 4  # the maps of EfficientNetB0 take up to 20 MB a picture
ANY_BATCH, ANY_SIZE = 2, 96  # where a model takes any, to look for gates
SAME_FACTORS = ("Multiply", "Cast")  # what comes has the factors of what goes in


class Site(NamedTuple):
    """A place in a model where channels are gated."""

    path: str  # names of layers from the outside in, the last one multiplies
    mechanism: str  # "SE", "ECA", "CBAM", or "gate" where the form is none of these
    channels: int
    width: int | None  # hidden units of the bottleneck, or ECA's kernel size


class Reading(NamedTuple):
    """What one gated place did with a batch.

    In a layer that is applied to each of T steps, both have an axis T behind the batch.
    """

    gates: np.ndarray  # (batch, C)
    maps: np.ndarray  # (batch, H, W, C), before they were scaled


class _Found(NamedTuple):
    site: Site
    gates: Any  # a symbol
    axes: tuple[str, ...]  # of the gates
    maps: Any  # a symbol
    channel_axis: int  # of the maps


def find(model: keras.Model) -> tuple[Site | Unreadable, ...]:
    """Find every channel gate of a model.

    Gates of places, such as `SpatialAttention`, are not among them.

    Args:
        model: any Keras model that is built. Of a subclassed model, or a layer of your own, what
            is written with Keras' layers and `keras.ops` can be followed.

    Returns:
        The gates in the order of computation, and after them, as `Unreadable`, the layers that
        could not be opened; nothing if there is neither.

    Raises:
        ValueError: if `model` is no Keras model, or not built.
    """
    graph = _graph(model)
    return (*(found.site for found in _search(graph, model)), *graph.unreadable)


def record(
    model: keras.Model,
    images: Any,
    *,
    batch_size: int = BATCH,
) -> dict[str, np.ndarray]:
    """Record the gates of every layer for pictures, a batch at a time.

    Only the gates are kept, so that memory grows with C, and not with H x W. Work that lasts shows
    a progress bar.

    Args:
        model: as for `find`.
        images: (n, H, W, 3), scaled as the model wants them, or an iterable of such batches, such
            as a dataset; of a batch with labels the images are taken. For a model of sequences or
            volumes: what that model takes.
        batch_size: how many pictures go through the model at once.

    Returns:
        (n, C) gates for each path, in the order of `find`.

    Raises:
        ValueError: if the model has no gates, or the images do not fit it.
    """
    batch_size = _require.count(batch_size, "batch_size")
    reader = Reader(model)
    batches, steps = _batches(images, batch_size)
    kept: list[list[np.ndarray]] = [[] for _ in reader.sites]
    for batch in _with_progress(batches, steps):
        for arrays, gates in zip(kept, reader.gates(batch), strict=True):
            arrays.append(gates)
    if not kept[0]:
        raise ValueError(
            "`images` must hold one picture or more. Received: none. Give an array (n, H, W, 3)."
        )
    paths = (site.path for site in reader.sites)
    return dict(zip(paths, map(np.concatenate, kept), strict=True))


class Reader:
    """Reads gates, and the maps they scale, out of one model.

    Args:
        model: as for `find`.

    `sites` are those of `find`, `shape` is that of one picture, with None where any size will do.

    Raises:
        ValueError: if `model` is no Keras model, is not built, or has no gates that can be read.
    """

    def __init__(self, model: keras.Model):
        graph = _graph(model)
        self.sites = tuple(found.site for found in _search(graph, model))
        if not self.sites:
            raise ValueError(_none_found(model, graph.unreadable))
        inputs = keras.tree.flatten(_symbols(model, None, None))
        if len(inputs) != 1:
            raise ValueError(
                "`model` must take one array, such as pictures, and nothing else. "
                f"Received: {model.name!r}, which takes {[tuple(x.shape) for x in inputs]}. "
                "Give the part of it that sees the pictures."
            )
        self.shape = tuple(inputs[0].shape[1:])
        self._input = inputs[0]
        self._model = model
        self._opened: tuple[tuple[int, ...], Graph, list[_Found]] | None = None

    def __call__(self, images: Any) -> list[Reading]:
        """Read a batch (n, H, W, 3), scaled as the model wants it; one reading for each site.

        Raises:
            ValueError: if the images do not fit the model.
        """
        count, found, values = self._run(images, lambda each: [each.gates, each.maps])
        return [
            _reading(each, gates, maps, count)
            for each, gates, maps in zip(found, values[::2], values[1::2], strict=True)
        ]

    def gates(self, images: Any) -> list[np.ndarray]:
        """Read the gates alone, which takes less memory."""
        count, found, values = self._run(images, lambda each: [each.gates])
        return [_gates(*pair, count) for pair in zip(found, values, strict=True)]

    def _run(self, images: Any, wanted: Callable[[_Found], list]) -> tuple[int, list[_Found], list]:
        """How many images there are, the gates, and the values of what is wanted of each."""
        batch = _checked(images, tuple(self._input.shape))
        opened = self._opened  # of another thread, perhaps; it is never changed, only replaced
        if opened is None or opened[0] != batch.shape:
            graph = _graph(self._model, batch.shape)
            self._opened = opened = batch.shape, graph, _search(graph, self._model)
        _, graph, found = opened
        tensors = [tensor for each in found for tensor in wanted(each)]
        values = graph.run(tensors, [batch.astype(self._input.dtype, copy=False)])
        arrays = [keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")) for x in values]
        return len(batch), found, arrays


# -- running --------------------------------------------------------------------------------------


def _batches(images: Any, batch_size: int) -> tuple[Iterator[Any], int | None]:
    if isinstance(images, keras.utils.PyDataset):
        return (images[i] for i in range(len(images))), len(images)
    if isinstance(images, (Mapping, str, bytes)) or not isinstance(images, (np.ndarray, Iterable)):
        raise ValueError(
            "`images` must be an array (n, H, W, 3) or an iterable of such batches. "
            f"Received: {type(images).__name__}. Stack your pictures with `np.stack`."
        )
    if not hasattr(images, "shape"):
        return iter(images), None
    array: Any = images  # NumPy's, or another that can be cut
    starts = range(0, len(array), batch_size)
    return (array[i : i + batch_size] for i in starts), len(starts)


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


def _checked(images: Any, wanted: tuple[int | None, ...]) -> np.ndarray:
    """A batch as an array of the shape that a model takes."""
    first = images[0] if isinstance(images, (tuple, list)) and images else images
    if isinstance(first, Mapping):
        raise ValueError(
            "`images` must give arrays. "
            f"Received: a dictionary with {', '.join(map(repr, first))}. "
            "Choose one of them: `(batch[key] for batch in dataset)`."
        )
    if first is not images and np.ndim(first) == len(wanted):  # images and labels
        images = first
    batch = np.asarray(images)
    fits = batch.ndim == len(wanted) and all(
        size in (None, given) for size, given in zip(wanted[1:], batch.shape[1:], strict=True)
    )
    if not fits or batch.dtype.kind not in "fiu":
        hint = "Resize them to fit."
        if batch.dtype.kind not in "fiu":
            hint = "Convert them by `.astype('float32')`."
        elif batch.ndim == len(wanted) - 1:
            hint = "One alone becomes a batch by `image[None]`."
        raise ValueError(
            f"`images` must be numbers of the shape {wanted} that the model takes. "
            f"Received: {batch.dtype} of shape {batch.shape}. {hint}"
        )
    return batch


def _gates(found: _Found, values: np.ndarray, count: int) -> np.ndarray:
    """(n, C) gates, or (n, T, C), of numbers that may be repeated along other axes."""
    apart = (slice(None) if axis in ("batch", "channel") else 0 for axis in found.axes)
    rows = values[tuple(apart)].reshape(-1, found.site.channels)
    return rows if len(rows) == count else rows.reshape(count, -1, found.site.channels)


def _reading(found: _Found, gates: np.ndarray, maps: np.ndarray, count: int) -> Reading:
    gates = _gates(found, gates, count)
    maps = np.moveaxis(maps, found.channel_axis, -1)
    return Reading(gates, maps.reshape(*gates.shape[:-1], *maps.shape[1:]))


# -- searching ------------------------------------------------------------------------------------


def _graph(model: Any, shape: tuple[int, ...] | None = None) -> Graph:
    """Open a model, for pictures of a shape or of any that it takes."""
    if not isinstance(model, keras.Model):
        raise ValueError(
            f"`model` must be a Keras model. Received: {type(model).__name__}. "
            "Give a `keras.Model`, such as one of `keras.applications`."
        )
    return Graph(model, *_symbols(model, ANY_BATCH, ANY_SIZE, shape))


def _symbols(
    model: Any, batch: int | None, size: int | None, shape: tuple[int, ...] | None = None
) -> tuple[list[Any], dict[str, Any]]:
    """What a model is called on; `batch` and `size` stand where it takes any."""

    def symbol(sizes: Sequence[int | None], dtype: str | None = None) -> Any:
        any_size = (batch if sizes[0] is None else sizes[0], *(n or size for n in sizes[1:]))
        return keras.KerasTensor(shape or any_size, dtype or keras.config.floatx())

    if isinstance(model, keras.Function):
        return [keras.tree.map_structure(lambda x: symbol(x.shape, x.dtype), model.input)], {}
    if isinstance(model, keras.Sequential) and model.built:
        return [symbol(x.shape, x.dtype) for x in model.inputs], {}
    shapes = getattr(model, "_build_shapes_dict", None)
    if not shapes or not model.built:
        raise ValueError(
            "`model` must be built, so that the shape of its input is known. "
            f"Received: {model.name!r}, which is not. Call it once on a picture."
        )
    symbols = keras.tree.map_shape_structure(symbol, shapes)
    if len(symbols) == 1:
        return [*symbols.values()], {}
    return [], {name.removesuffix("_shape"): x for name, x in symbols.items()}


def _none_found(model: Any, unreadable: Sequence[Unreadable]) -> str:
    if not unreadable:
        return (
            f"`model` must have channel gates. Received: {model.name!r}, which has none. "
            "`attention_lib.models.attach` puts attention into a copy of it."
        )
    path, reason = unreadable[0]
    return (
        "`model` must have channel gates that can be read. "
        f"Received: {model.name!r}, in which {path!r} could not be opened: {reason}. "
        "Write it with Keras' layers, made before `call`, and with `keras.ops`."
    )


def _search(graph: Graph, model: Any) -> list[_Found]:
    """The gates of a model, each under a path of its own."""
    found = [each for step in graph.steps for each in _in_product(graph, step)]
    paths: dict[str, int] = {}
    for i, each in enumerate(found):
        path = each.site.path or model.name
        paths[path] = paths.get(path, 0) + 1
        if paths[path] > 1:  # a layer, or a model, that is used several times
            path = f"{path} ({paths[path]})"
        found[i] = each._replace(site=each.site._replace(path=path))
    return found


def _in_product(graph: Graph, step: Step) -> Iterator[_Found]:
    """The gates that are multiplied in a step."""
    factors, operation = graph.given(step), step.operation
    name = name_of(step.node)
    if name == "Multiply":
        for maps, gates in permutations(factors, 2):
            rank = len(maps.shape)
            lined_up = [*range(rank - len(gates.shape), rank)]
            if isinstance(operation, keras.layers.Multiply):  # which keeps the batch in front
                lined_up[:1] = [0]
            yield from _in_factor(graph, step, maps, gates, lined_up)
    if name == "Einsum" and len(factors) == 2:
        subscripts = getattr(operation, "subscripts", step.node.arguments.args[0])
        left, _, result = subscripts.replace(" ", "").partition("->")
        result = _spelled(result, step.node.outputs[0])
        terms = [(x, _spelled(term, x)) for x, term in zip(factors, left.split(","), strict=True)]
        for (maps, of_maps), (gates, of_gates) in permutations(terms):
            if of_maps == result and {*of_gates} <= {*result}:
                lined_up = [*map(result.index, of_gates)]
                yield from _in_factor(graph, step, maps, gates, lined_up)


def _spelled(term: str, tensor: Any) -> str:
    """The letters of a term of `einsum`, with figures, counted from the last, for dots."""
    return term.replace("...", "43210"[len(term) + 2 - len(tensor.shape) :])


def _in_factor(
    graph: Graph, step: Step, maps: Any, gates: Any, lined_up: Sequence[int]
) -> Iterator[_Found]:
    """The gates in one factor of a product; either factor may be a product itself."""
    for part in _parts(graph, maps):
        found = _gate(graph, step, part, gates, lined_up)
        if found:
            yield found
            return
    maker = graph.maker(gates)
    if maker and name_of(maker.node) in SAME_FACTORS:
        for part in graph.given(maker):
            if len(part.shape) == len(gates.shape):
                yield from _in_factor(graph, step, maps, part, lined_up)


def _parts(graph: Graph, tensor: Any) -> Iterator[Any]:
    """A tensor, what it was before a change of precision, and its factors if it is a product."""
    yield tensor
    maker = graph.maker(tensor)
    if maker and name_of(maker.node) in SAME_FACTORS:
        for given in graph.given(maker):
            yield from _parts(graph, given)


def _gate(
    graph: Graph, step: Step, maps: Any, gates: Any, lined_up: Sequence[int]
) -> _Found | None:
    """The gates in a product, if they are those of the maps, on whose axes they are lined up."""
    rank = len(maps.shape)
    steps = graph.between(maps, gates) if 3 <= rank <= 5 and min(lined_up) >= 0 else None
    if not steps:
        return None
    channel_axis = 1 if _channels_first(graph, step, maps, steps) else rank - 1
    axes = ["batch", *["place"] * (rank - 1)]
    axes[channel_axis] = "channel"
    trace = follow([each.node for each in steps], maps, axes, gates, graph.source)
    if trace is None or not trace.pools or not trace.weighed:
        return None
    wanted = ["alike" if axis == "place" else axis for axis in axes]
    found = ["alike"] * rank
    for axis, at in zip(trace.axes, lined_up, strict=True):
        found[at] = axis
    channels = maps.shape[channel_axis]
    if channels == 1:  # and nothing to keep apart
        found[channel_axis] = "channel"
    if found != wanted:
        return None
    mechanism, width = _form(trace)
    site = Site(step.path, mechanism, channels, width)
    return _Found(site, gates, trace.axes, maps, channel_axis)


def _channels_first(graph: Graph, step: Step, maps: Any, steps: Sequence[Step]) -> bool:
    """Where the channels of maps stand."""
    readers = [each.operation for each in steps if any(x is maps for x in graph.given(each))]
    for operation in (*reversed(step.layers), *readers, *graph.makers(maps)):
        data_format = getattr(operation, "data_format", None)
        if data_format in ["channels_first", "channels_last"]:  # a list, as it may be anything
            return data_format == "channels_first"
    return keras.config.image_data_format() == "channels_first"


def _form(trace: Trace) -> tuple[str, int | None]:
    """Mechanism and width."""
    if trace.slides == 1 and not trace.mixings and len(trace.pools) == 1:
        return "ECA", trace.taps
    if trace.slides or trace.mixings < 2:
        return "gate", None
    if trace.pools == {"average", "max"}:
        return "CBAM", trace.width
    return ("SE", trace.width) if len(trace.pools) == 1 else ("gate", None)
