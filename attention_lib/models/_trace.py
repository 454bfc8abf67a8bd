"""What becomes of a map's axes on the way to the gates that are made of it.

Each axis of a tensor is one of

- "batch": the pictures,
- "place": rows, columns or steps of the map, or several of them in one,
- "channel": one number a channel, or a unit that channels were mixed into,
- "alike": of size 1, or the same number repeated,
- "?": anything else.

Means, maxima and windows say themselves which axes they take. Every other operation is asked: it
is run on numbers, and once more with one picture (or place, or channel) raised. An axis along which
only a part of the answer changes keeps that kind apart. An axis that keeps nothing apart is alike
if the answer is alike there; else weights made it. Weights are positive numbers meanwhile, so that
nothing depends on what a model has learnt.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from attention_lib.models._graph import name_of

KINDS = ("batch", "place", "channel", "?")
SUMS = {"Matmul", "Dot", "Einsum", "Tensordot"}  # and all that has a kernel
MOVES = {"Flatten", "GetItem", "Moveaxis", "Permute", "Reshape", "Rot90", "Slice", "Split"}
MOVES |= {"Squeeze", "Swapaxes", "Take", "Transpose", "Unstack"}
RAISE = 999  # far above the numbers that are not raised


class Trace(NamedTuple):
    """What is known of a tensor that is made of a map."""

    axes: tuple[str, ...]
    pools: frozenset[str] = frozenset()  # ways in which places were pooled
    weighed: bool = False  # whether weights had a say
    mixings: int = 0  # how often units were made of all channels, after the pooling
    width: int | None = None  # the fewest units between two mixings
    slides: int = 0  # how often a kernel slid along the channels
    taps: int | None = None  # of that kernel


class _Answer(NamedTuple):
    """How an answer depends on what was given, axis by axis."""

    sizes: tuple[int, ...]
    kept: list[dict[str, int]]  # kinds that a part of the axis tells apart, and how large a part
    varies: list[bool]


def follow(
    nodes: Iterable[Any],
    maps: Any,
    axes: Sequence[str],
    end: Any,
    source: Callable[[Any], Any],
) -> Trace | None:
    """Follow maps, whose axes are known, along the nodes that make a tensor of them.

    Returns:
        What is known of the tensor; None if its axes are lost.
    """
    traces: dict[int, Trace | None] = {id(maps): Trace(tuple(axes))}
    for node in nodes:
        given = [traces.get(id(source(x))) for x in numbers_in(node)]
        known = [trace for trace in given if trace is not None]
        after = _after(node, known) if len(known) == len(given) else []
        traces.update(zip(map(id, node.outputs), after, strict=False))  # the others are lost
    return traces.get(id(end))


def numbers_in(node: Any) -> list[Any]:
    """The symbols that go into a call, but for masks, which choose among numbers."""
    return [x for x in node.input_tensors if x.dtype != "bool"]


def _after(node: Any, given: Sequence[Trace]) -> list[Trace | None]:
    """The traces of what an operation gives; none if they are lost."""
    name, weights, inputs = name_of(node), _weights(node), numbers_in(node)
    trace = _joined(given)._replace(weighed=bool(weights) or any(t.weighed for t in given))
    shape, before = node.outputs[0].shape, inputs[0].shape
    if name and hasattr(node.operation, "keepdims"):
        return [_reduced(node, trace)] * len(node.outputs)
    if "Pool" in name and len(shape) == len(before):
        return [_shrunk(node, trace, shape)]
    alone = len(inputs) == len(node.outputs) == 1
    if name and alone and shape == before and name not in MOVES and not _sums(node):
        return [trace]  # element by element, or a normalisation
    return [_answered(node, trace, given, bool(weights), answer) for answer in _ask(node, given)]


def _reduced(node: Any, trace: Trace) -> Trace | None:
    """Axes are summed up, or searched for a maximum."""
    operation, rank = node.operation, len(trace.axes)
    if "Global" in name_of(node):
        axis = {*range(1, rank)} - {1 if _channels_first(operation) else rank - 1}
    else:
        axis = operation.axis if hasattr(operation, "axis") else operation.axes
    axis = range(rank) if axis is None else [axis] if isinstance(axis, int) else axis
    gone = {each % rank for each in axis}
    labels = {trace.axes[each] for each in gone}
    axes = ["alike" if i in gone else label for i, label in enumerate(trace.axes)]
    if not operation.keepdims:
        axes = [label for i, label in enumerate(axes) if i not in gone]
    trace = trace._replace(axes=tuple(axes))
    return None if "batch" in labels else _pooled(trace, node) if "place" in labels else trace


def _shrunk(node: Any, trace: Trace, shape: Sequence[int]) -> Trace:
    """Windows are summed up, or searched for a maximum; every axis stays where it is."""
    pairs = zip(trace.axes, shape, strict=True)
    axes = ["alike" if axis == "place" and size == 1 else axis for axis, size in pairs]
    trace = trace._replace(axes=tuple(axes))
    return trace if "place" in axes else _pooled(trace, node)


def _ask(node: Any, given: Sequence[Trace]) -> list[_Answer]:
    random = np.random.default_rng(0)
    operation = _whole(node)
    numbers, variables = {}, []
    for x in _weights(node, operation):
        values = random.uniform(0.1, 1, x.shape) / max(1, math.prod(x.shape[:-1]))
        if isinstance(x, keras.Variable):
            variables.append((x, keras.ops.convert_to_tensor(values, x.dtype)))
        else:
            numbers[id(x)] = values
    for x, trace in zip(numbers_in(node), given, strict=True):
        once = [1 if axis == "alike" else n for axis, n in zip(trace.axes, x.shape, strict=True)]
        numbers[id(x)] = np.broadcast_to(random.uniform(0.1, 1, once), x.shape)

    def answers(kind: str) -> list[np.ndarray]:
        arrays = {key: array.astype("float32") for key, array in numbers.items()}
        for x, trace in zip(numbers_in(node), given, strict=True):
            if kind in trace.axes:
                corner = tuple(0 if axis == kind else slice(None) for axis in trace.axes)
                arrays[id(x)][corner] += RAISE
        tensors = {key: keras.ops.convert_to_tensor(array) for key, array in arrays.items()}
        masks = (x for x in node.input_tensors if x.dtype == "bool")
        tensors |= {id(x): keras.ops.ones(x.shape, "bool") for x in masks}
        args, kwargs = node.arguments.convert(lambda x: tensors.get(id(x), x))
        with keras.StatelessScope(variables):
            outputs = keras.tree.flatten(operation(*args, **kwargs))
        return [keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")) for x in outputs]

    try:
        plain = answers("")
    except Exception:  # of an operation that is not ours, and wants other numbers than these
        return []
    raised = {kind: answers(kind) for kind in KINDS if any(kind in t.axes for t in given)}
    found = []
    for i, answer in enumerate(plain):
        kept: list[dict[str, int]] = [{} for _ in answer.shape]
        for kind, others in raised.items():
            for axis, size in enumerate(answer.shape):
                rows = np.moveaxis(others[i] != answer, axis, 0).reshape(size, -1)
                part = int(rows.any(axis=1).sum())
                if 0 < part < size:
                    kept[axis][kind] = part
        varies = [bool(np.ptp(answer, axis).any()) for axis in range(answer.ndim)]
        found.append(_Answer(answer.shape, kept, varies))
    return found


def _answered(
    node: Any, trace: Trace, given: Sequence[Trace], weights: bool, answer: _Answer
) -> Trace | None:
    first, sizes = given[0].axes, numbers_in(node)[0].shape
    gone = {kind for t in given for kind in t.axes} - {x for kept in answer.kept for x in kept}
    new = "channel" if weights and ("channel" in gone or not gone & {"place", "?"}) else "?"
    axes = [
        (next(iter(kept)) if len(kept) == 1 else "?") if kept else new if varies else "alike"
        for kept, varies in zip(answer.kept, answer.varies, strict=True)
    ]
    stay = {"batch"} | ({"place"} if len(axes) == len(first) else set())
    for i, (kind, size) in enumerate(zip(first, sizes, strict=True)):
        if size == 1 and kind in stay and i < len(axes):  # one alone cannot be asked about
            axes[i] = kind if answer.sizes[i] == 1 else axes[i]
            gone -= {kind}
    if "batch" in gone:
        return None
    trace = trace._replace(axes=tuple(axes))
    if "place" in gone and name_of(node) not in MOVES:
        trace = _pooled(trace, node)
    taps = _taps(node, first)
    if taps:
        return trace._replace(slides=trace.slides + 1, taps=taps)
    if weights and _sums(node) and "place" not in (*axes, *gone):
        units = math.prod(n for kind, n in zip(first, sizes, strict=True) if kind == "channel")
        return _mixed(trace, units, answer) if "channel" in first or trace.mixings else trace
    return trace


def _mixed(trace: Trace, units: int, answer: _Answer) -> Trace:
    parts = zip(answer.kept, answer.sizes, strict=True)
    if any(kept.get("channel") == 1 and size == units for kept, size in parts):
        return trace  # every channel by itself
    width = min(units, trace.width or units) if trace.mixings else None
    return trace._replace(mixings=trace.mixings + 1, width=width)


def _joined(traces: Sequence[Trace]) -> Trace:
    """Where tensors meet. Several ways of pooling that meet before a mixing are one way."""
    mixings, slides = max(t.mixings for t in traces), max(t.slides for t in traces)
    pools = frozenset(way for t in traces for way in t.pools)
    return Trace(
        traces[0].axes,
        frozenset(["other"]) if len(pools) > 1 and not mixings and not slides else pools,
        any(t.weighed for t in traces),
        mixings,
        max((t.width for t in traces if t.width), default=None),
        slides,
        max((t.taps for t in traces if t.taps), default=None),
    )


def _pooled(trace: Trace, node: Any) -> Trace:
    name = name_of(node)
    way = "average" if "Average" in name or name in ("Mean", "Sum") else "other"
    way = "max" if "Max" in name or name == "Amax" else way
    return _joined([trace, trace._replace(pools=frozenset([way]))])


# -- what an operation is -------------------------------------------------------------------------


def _whole(node: Any) -> Any:
    """The operation; for a layer of a few bits, one like it of real numbers."""
    layer = node.operation
    if not getattr(layer, "quantization_mode", None):
        return layer
    config = {**layer.get_config(), "dtype": "float32"}
    config.pop("quantization_config", None)
    whole = type(layer).from_config(config)
    whole.build(numbers_in(node)[0].shape)
    return whole


def _weights(node: Any, operation: Any = None) -> list[Any]:
    """Variables that a call uses, and arrays of different numbers."""
    given = keras.tree.flatten((node.arguments.args, node.arguments.kwargs))
    arrays = [x for x in given if hasattr(x, "shape") and not isinstance(x, keras.KerasTensor)]
    return [
        x
        for x in (*arrays, *getattr(operation or node.operation, "weights", ()))
        if isinstance(x, keras.Variable)
        or ("float" in str(x.dtype) and np.ptp(keras.ops.convert_to_numpy(x)) > 0)
    ]


def _sums(node: Any) -> bool:
    """Whether products with weights are summed up."""
    return name_of(node) in SUMS or any(len(x.shape) > 1 for x in _weights(node))


def _taps(node: Any, axes: Sequence[str]) -> int | None:
    """The size of a convolution's kernel along the channels, if it slides there."""
    operation = node.operation
    if "Conv" not in name_of(node):
        return None
    kernel = getattr(operation, "kernel", node.arguments.args[-1])
    places = axes[2:] if _channels_first(operation) else axes[1:-1]
    sizes = zip(places, kernel.shape, strict=False)
    return next((size for axis, size in sizes if axis == "channel"), None)


def _channels_first(operation: Any) -> bool:
    return (operation.data_format or keras.config.image_data_format()) == "channels_first"
