"""What becomes of a map's axes on the way to the gates that are made of it.

Each axis of a tensor is one of

- "batch": the pictures,
- "place": rows, columns or steps of the map, or several of them in one,
- "channel": one number a channel, or a unit that channels were mixed into,
- "both": places and channels in one row, as `Flatten` gives them,
- "alike": of size 1, or the same number repeated,
- "?": anything else.

Means, maxima and windows say themselves which axes they take. Every other operation is asked: it
is run on numbers, and again with one picture (or place, or channel) of one tensor raised; a later
one if the first changes nothing. An axis along which only a part of the answer changes, of what
depends on that tensor, keeps that kind apart. An axis that keeps nothing apart is alike if the
answer is alike there; else weights made it. Weights are positive numbers meanwhile, so that nothing
depends on what a model has learnt.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from attention_lib.models._graph import name_of, numbers_in

SUMS = {"Matmul", "Dot", "Einsum", "Tensordot"}  # and all that has a kernel
MOVES = {"Flatten", "Gather", "GetItem", "Moveaxis", "Permute", "Reshape", "Rot90", "Slice"}
MOVES |= {"Split", "Squeeze", "Swapaxes", "Take", "Transpose", "Unstack"}
RAISE = 999  # far above the numbers that are not raised
PLACES, BOTH = {"place", "both"}, {"place", "channel", "both"}
TRIES = 16  # a part of a map, such as a quarter of its channels, depends on some of these


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
        sizes = [size for x in (*numbers_in(node), *node.outputs) for size in x.shape]
        can_tell = known and len(known) == len(given) and None not in sizes
        after = _after(node, known) if can_tell else []
        traces.update(zip(map(id, node.outputs), after, strict=False))  # the others are lost
    return traces.get(id(end))


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
    try:
        answers = _ask(node, given)
    except Exception:  # of an operation that wants other numbers than these, such as positions
        return []
    return [_answered(node, trace, given, bool(weights), answer) for answer in answers]


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
    return None if "batch" in labels else _pooled(trace, node) if PLACES & labels else trace


def _shrunk(node: Any, trace: Trace, shape: Sequence[int]) -> Trace:
    """Windows are summed up, or searched for a maximum; every axis stays where it is."""
    pairs = zip(trace.axes, shape, strict=True)
    axes = ["alike" if axis == "place" and size == 1 else axis for axis, size in pairs]
    trace = trace._replace(axes=tuple(axes))
    return trace if "place" in axes else _pooled(trace, node)


def _ask(node: Any, given: Sequence[Trace]) -> list[_Answer]:
    """Run an operation on numbers, and see what changes where some are raised."""
    random, inputs = np.random.default_rng(0), numbers_in(node)
    run = _runner(node, random)
    first, second = (
        {id(x): _numbers(x, t, random) for x, t in zip(inputs, given, strict=True)}
        for _ in range(2)
    )
    plain = run(first)
    kept: list[list[dict[str, int]]] = [[{} for _ in answer.shape] for answer in plain]
    for x, trace in zip(inputs, given, strict=True):
        others = run({**first, id(x): second[id(x)]})
        depend = [_changed(*pair) for pair in zip(plain, others, strict=True)]
        for kind in {*trace.axes} - {"alike"}:
            raised = ({**first, id(x): y} for y in _raised(first[id(x)], trace, kind))
            for i, parts in _first_changes(plain, map(run, raised)):
                for axis, part in enumerate(parts):
                    if part < depend[i][axis]:
                        kept[i][axis][kind] = part
    return [
        _Answer(x.shape, parts, [bool(np.ptp(x, axis).any()) for axis in range(x.ndim)])
        for x, parts in zip(plain, kept, strict=True)
    ]


def _runner(node: Any, random: Any) -> Callable[[dict[int, np.ndarray]], list[np.ndarray]]:
    """A call of an operation as a function of its symbols; its weights are positive numbers."""
    operation, variables = _whole(node), []
    fixed: dict[int, Any] = {
        id(x): keras.ops.ones(x.shape, "bool") for x in node.input_tensors if x.dtype == "bool"
    }
    for x in _weights(node, operation):
        values = random.uniform(0.1, 1, x.shape) / max(1, math.prod(x.shape[:-1]))
        if isinstance(x, keras.Variable):
            variables.append((x, keras.ops.convert_to_tensor(values, x.dtype)))
        else:
            fixed[id(x)] = keras.ops.convert_to_tensor(values, "float32")

    def run(arrays: dict[int, np.ndarray]) -> list[np.ndarray]:
        tensors = fixed | {key: keras.ops.convert_to_tensor(x) for key, x in arrays.items()}
        args, kwargs = node.arguments.convert(lambda x: tensors.get(id(x), x))
        with keras.StatelessScope(variables):
            outputs = keras.tree.flatten(operation(*args, **kwargs))
        return [keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")) for x in outputs]

    return run


def _numbers(x: Any, trace: Trace, random: Any) -> np.ndarray:
    """Random numbers for a symbol, the same along an axis that is alike."""
    once = [1 if axis == "alike" else n for axis, n in zip(trace.axes, x.shape, strict=True)]
    return np.broadcast_to(random.uniform(0.1, 1, once), x.shape).astype("float32")


def _raised(numbers: np.ndarray, trace: Trace, kind: str) -> Iterator[np.ndarray]:
    """The numbers with one picture (or place, or channel) raised: the first, or a later one."""
    size = min(n for axis, n in zip(trace.axes, numbers.shape, strict=True) if axis == kind)
    stride = math.ceil(size / TRIES)
    for i in range(math.ceil(size / stride)):
        at = min(i * stride + i % stride, size - 1)  # even and odd
        raised = numbers.copy()
        raised[tuple(at if axis == kind else slice(None) for axis in trace.axes)] += RAISE
        yield raised


def _first_changes(
    plain: Sequence[np.ndarray], answers: Iterable[list[np.ndarray]]
) -> Iterator[tuple[int, list[int]]]:
    """Of each of several tensors: how large a part the first answer that differs changes."""
    waiting = {*range(len(plain))}
    for answer in answers:
        for i in [*waiting]:
            parts = _changed(plain[i], answer[i])
            if any(parts):
                waiting.remove(i)
                yield i, parts
        if not waiting:
            return


def _changed(before: np.ndarray, after: np.ndarray) -> list[int]:
    """How large a part of each axis differs."""
    axes, differs = range(before.ndim), before != after
    return [int(differs.any(axis=tuple({*axes} - {axis})).sum()) for axis in axes]


def _answered(
    node: Any, trace: Trace, given: Sequence[Trace], weights: bool, answer: _Answer
) -> Trace | None:
    axes, gone = _axes(node, given, weights, answer)
    if "batch" in gone:
        return None
    trace = trace._replace(axes=tuple(axes))
    if "place" in gone and name_of(node) not in MOVES:
        trace = _pooled(trace, node)
    first = given[0].axes
    taps = _taps(node, first)
    if taps:
        return _met(trace)._replace(slides=trace.slides + 1, taps=taps)
    mixes = weights and _sums(node) and not PLACES & {*axes, *gone}
    if mixes and ("channel" in first or trace.mixings):
        pairs = zip(first, numbers_in(node)[0].shape, strict=True)
        return _mixed(trace, math.prod(n for kind, n in pairs if kind == "channel"), answer)
    return trace


def _axes(
    node: Any, given: Sequence[Trace], weights: bool, answer: _Answer
) -> tuple[list[str], set[str]]:
    """The axes of an answer, and the kinds that none of them keeps apart."""
    gone = {kind for t in given for kind in t.axes} - {x for kept in answer.kept for x in kept}
    gone |= BOTH if "both" in gone else set()
    new = "channel" if weights and ("channel" in gone or not gone & {"place", "?"}) else "?"
    axes = [
        _label(kept) if kept else new if varies else "alike"
        for kept, varies in zip(answer.kept, answer.varies, strict=True)
    ]
    first, sizes = given[0].axes, numbers_in(node)[0].shape
    stay = {"batch"} | ({"place"} if len(axes) == len(first) else set())
    for i, (kind, size) in enumerate(zip(first, sizes, strict=True)):
        if size == 1 and kind in stay and i < len(axes):  # one alone cannot be asked about
            axes[i] = kind if answer.sizes[i] == 1 else axes[i]
            gone -= {kind}
    return axes, gone


def _label(kept: dict[str, int]) -> str:
    """What an axis is that keeps one kind apart, or several."""
    return next(iter(kept)) if len(kept) == 1 else "both" if kept.keys() <= BOTH else "?"


def _mixed(trace: Trace, units: int, answer: _Answer) -> Trace:
    parts = zip(answer.kept, answer.sizes, strict=True)
    if any(kept.get("channel") == 1 and size == units for kept, size in parts):
        return trace  # every channel by itself
    width = min(units, trace.width or units) if trace.mixings else None
    return _met(trace)._replace(mixings=trace.mixings + 1, width=width)


def _joined(traces: Sequence[Trace]) -> Trace:
    """Where tensors meet."""
    return Trace(
        traces[0].axes,
        frozenset(way for t in traces for way in t.pools),
        any(t.weighed for t in traces),
        max(t.mixings for t in traces),
        max((t.width for t in traces if t.width), default=None),
        max(t.slides for t in traces),
        max((t.taps for t in traces if t.taps), default=None),
    )


def _met(trace: Trace) -> Trace:
    """Several ways of pooling are one way if they met before a mixing; in a stack they did not."""
    met = not trace.mixings and not trace.slides and "?" not in trace.axes
    return trace._replace(pools=frozenset(["other"])) if met and len(trace.pools) > 1 else trace


def _pooled(trace: Trace, node: Any) -> Trace:
    name = name_of(node)
    way = "average" if "Av" in name or name in ("Mean", "Sum") else "other"
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
    kernels = [x for x in _weights(node) if len(x.shape) == len(axes)]
    if "Conv" not in name_of(node) or not kernels:
        return None
    places = axes[2:] if _channels_first(operation) else axes[1:-1]
    sizes = zip(places, kernels[0].shape, strict=False)
    return next((size for axis, size in sizes if axis == "channel"), None)


def _channels_first(operation: Any) -> bool:
    data_format = getattr(operation, "data_format", "channels_last")  # TensorFlow's
    return (data_format or keras.config.image_data_format()) == "channels_first"
