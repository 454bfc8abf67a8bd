"""A Keras model as one flat graph of what its layers do, and the numbers of any tensor in it.

Keras notes, on the symbols of a functional model, which operation made them of what. A layer is one
operation there, whatever its `call` does. A `Graph` opens the layers that people write: it calls
them on those symbols, with the arguments they had, and notes what happens within. Keras' own layers
do one thing each and stay closed. The graph is made for one full shape, batch and all, so that
every size is known.
"""

import inspect
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras

from attention_lib.layers import CBAM
from attention_lib.models._tensorflow import Function, functions_on_symbols

# Layers of Keras' own that hold others, or what people wrote.
HOLDERS = (
    keras.Model,
    keras.layers.TimeDistributed,
    keras.layers.Lambda,
    keras.layers.TFSMLayer,
    keras.layers.JaxLayer,
    keras.layers.TorchModuleWrapper,
)
# Operations that compute within functions that they are given, where nothing is noted.
HIDING = {"Cond", "ForiLoop", "Map", "Scan", "Switch", "VectorizedMap", "WhileLoop"}
_opening = threading.Lock()  # two threads must not note calls of one layer at a time


class Unreadable(NamedTuple):
    """A layer that cannot be opened, so that nobody knows what is gated within."""

    path: str
    reason: str


class Step(NamedTuple):
    """One call of an operation."""

    node: Any  # Keras' note of it: what was given, what came
    path: str  # names from the outside in, of all that have a name of their own
    layers: tuple[Any, ...]  # that it stands in, the model first

    @property
    def operation(self) -> Any:
        return self.node.operation


def name_of(node: Any) -> str:
    """What an operation of Keras' own, or a function of TensorFlow, is called; else nothing."""
    operation = node.operation
    if isinstance(operation, Function):
        name = operation.function.__name__.removeprefix("reduce_").removesuffix("_v2")
        return name.title().replace("_", "")
    kind = type(operation)
    return kind.__name__ if kind.__module__.split(".")[0] == "keras" else ""


def numbers_in(node: Any) -> list[Any]:
    """The symbols that go into a call; but for a mask beside them, which chooses among numbers."""
    return [x for x in node.input_tensors if x.dtype != "bool"] or [*node.input_tensors]


class Graph:
    """The steps of a model, in the order of computation.

    Args:
        model: any Keras model that is built.
        args: what it is called on, KerasTensors of known shapes in its own structure.
        kwargs: the same, by name.
    """

    def __init__(self, model: Any, args: Sequence[Any], kwargs: Mapping[str, Any]):
        self.steps: list[Step] = []
        self.unreadable: list[Unreadable] = []
        self._inputs = keras.tree.flatten((args, kwargs))
        self._made: dict[int, Step | None] = {id(x): None for x in self._inputs}
        self._within: dict[int, Any] = {}  # what a layer gave: the same, as its insides gave it
        self._weights = {id(weight) for weight in model.weights}
        nodes: list[Any] = []
        stateless = keras.StatelessScope()  # what a call would change in a layer stays as it is
        with _opening, _weights_beside_symbols(), functions_on_symbols(), stateless:
            self._open(model, args, kwargs, "", (), nodes)
            _forget(nodes)

    def source(self, tensor: Any) -> Any:
        """The tensor itself, as the innermost step gave it."""
        while id(tensor) in self._within:
            tensor = self._within[id(tensor)]
        return tensor

    def maker(self, tensor: Any) -> Step | None:
        """The step that gives a tensor; None for an input."""
        return self._made[id(self.source(tensor))]

    def given(self, step: Step) -> list[Any]:
        """The tensors that go into a step."""
        return [self.source(x) for x in step.node.input_tensors]

    def makers(self, tensor: Any) -> Iterator[Any]:
        """The operations that lead to a tensor, the nearest first."""
        tensors, seen = [tensor], set()
        for each in tensors:  # which grows
            step = self.maker(each)
            if step and id(step.node) not in seen:
                seen.add(id(step.node))
                yield step.operation
                tensors += self.given(step)

    def between(self, start: Any, end: Any) -> list[Step] | None:
        """The steps that make `end` of `start`; None if anything else enters, too."""
        steps, stack, seen = [], [end], {id(start)}
        reached = False
        while stack:
            tensor = stack.pop()
            reached = reached or tensor is start
            if id(tensor) in seen:
                continue
            seen.add(id(tensor))
            step = self._made[id(tensor)]
            if step is None:
                return None
            steps.append(step)
            stack += [self.source(x) for x in numbers_in(step.node)]
        if not reached:
            return None
        chosen = {id(step.node) for step in steps}
        return [step for step in self.steps if id(step.node) in chosen]

    def run(self, wanted: Sequence[Any], arrays: Sequence[Any]) -> list[Any]:
        """The values of some tensors; every other is dropped after its last use."""
        uses = {id(x): 1 for x in wanted}
        steps = []
        for step in reversed(self.steps):
            if any(id(x) in uses for x in step.node.outputs):
                steps.append(step)
                for x in self.given(step):
                    uses[id(x)] = uses.get(id(x), 0) + 1
        values = dict(zip(map(id, self._inputs), arrays, strict=True))

        def value(x: Any) -> Any:
            return values[id(self.source(x))] if isinstance(x, keras.KerasTensor) else x

        for step in reversed(steps):
            args, kwargs = step.node.arguments.convert(value)
            outputs = keras.tree.flatten(step.operation(*args, **kwargs))
            values.update(zip(map(id, step.node.outputs), outputs, strict=True))
            for x in self.given(step):
                uses[id(x)] -= 1
                if not uses[id(x)]:
                    del values[id(x)]
        return [values[id(x)] for x in wanted]

    def _open(
        self, layer: Any, args: Any, kwargs: Any, path: str, layers: tuple, nodes: list[Any]
    ) -> list[Any] | None:
        """Note the steps within a layer, and return what it gives; None if it stays closed."""
        layers = (*layers, layer)
        outputs = _on_symbols(layer, args, kwargs)
        if isinstance(outputs, str):
            reason = f"its `call` cannot be followed on symbols: {outputs}"
            self.unreadable.append(Unreadable(path or layer.name, reason))
            return None
        new = _new_nodes(outputs, self._made)
        nodes += new
        foreign = [x for node in new for x in _weights(node) if id(x) not in self._weights]
        if foreign:
            reason = f"its `call` makes weights that the model does not keep: {foreign[0].path}"
            self.unreadable.append(Unreadable(path or layer.name, reason))
            return None
        for name in sorted({name_of(node) for node in new} & HIDING):
            reason = f"a part of its `call` is a function within `{name}`"
            self.unreadable.append(Unreadable(path or layer.name, reason))
        whole = isinstance(layer, CBAM) or not isinstance(layer, keras.Layer)
        parts = () if whole else layer._flatten_layers(include_self=False)
        named = {id(part) for part in parts}  # others are numbered anew in every call
        if isinstance(layer, keras.Function):
            named |= {id(part) for part in layer.operations}
        for node in new:
            operation = node.operation
            parts = (path, operation.name if id(operation) in named else "")
            step = Step(node, "/".join(filter(None, parts)), layers)
            self._made.update((id(x), step) for x in node.outputs)
            inside = None
            if _may_hold_products(operation):
                arguments = node.arguments
                inside = self._open(
                    operation, arguments.args, arguments.kwargs, step.path, layers, nodes
                )
            if inside is None:
                self.steps.append(step)
            else:
                self._within.update(zip(map(id, node.outputs), inside, strict=True))
        return outputs


def _on_symbols(layer: Any, args: Any, kwargs: Any) -> list[Any] | str:
    """What a layer's `call` gives for symbols, when it is not trained; or why it gives none."""
    kwargs = {"training": False, **kwargs}
    if "training" not in inspect.signature(layer.call).parameters:
        del kwargs["training"]
    try:
        outputs = _call(layer)(*args, **kwargs)
    except Exception as error:  # of code that is not ours, and was written for numbers
        return _said(error)
    outputs = keras.tree.flatten(outputs)
    if all(isinstance(x, keras.KerasTensor) for x in outputs):
        return outputs
    return "it gives something else than tensors"


def _said(error: Exception) -> str:
    """The first line of an error that is its own, not what Keras puts around it."""
    lines = re.sub(r"\x1b\[\d*m", "", str(error)).splitlines()
    own = (x.strip() for x in lines if not x.startswith("Exception encountered when calling"))
    return next(filter(None, own), type(error).__name__)


@contextmanager
def _weights_beside_symbols() -> Iterator[None]:
    """Let `weight * symbol` be what `symbol * weight` is: Keras' variables only know numbers."""
    names = ("__add__", "__sub__", "__mul__", "__truediv__", "__pow__", "__matmul__")
    methods = {name: getattr(keras.Variable, name) for name in names}

    def beside(method: Any) -> Any:
        def operate(weight: Any, other: Any) -> Any:
            symbol = isinstance(other, keras.KerasTensor)
            return NotImplemented if symbol else method(weight, other)

        return operate

    for name, method in methods.items():
        setattr(keras.Variable, name, beside(method))
    try:
        yield
    finally:
        for name, method in methods.items():
            setattr(keras.Variable, name, method)


def _call(layer: Any) -> Any:
    """What is called in a layer; a layer for every step of a sequence sees all steps as a batch."""
    if not isinstance(layer, keras.layers.TimeDistributed):
        return layer.call

    def call(inputs: Any, **kwargs: Any) -> Any:
        batch, steps, *shape = inputs.shape
        outputs = layer.layer(keras.ops.reshape(inputs, (batch * steps, *shape)))
        return keras.ops.reshape(outputs, (batch, steps, *outputs.shape[1:]))

    return call


def _may_hold_products(operation: Any) -> bool:
    own = type(operation).__module__.split(".")[0] == "keras"
    return isinstance(operation, HOLDERS) if own else not isinstance(operation, Function)


def _weights(node: Any) -> list[Any]:
    """The weights that a call uses."""
    given = keras.tree.flatten((node.arguments.args, node.arguments.kwargs))
    variables = [x for x in given if isinstance(x, keras.Variable)]
    return [*variables, *getattr(node.operation, "weights", ())]


def _new_nodes(outputs: Sequence[Any], known: dict[int, Any]) -> list[Any]:
    """The nodes that lead to `outputs` from what is known, each after those that it needs."""
    ordered, seen = [], set()
    stack = [(tensor, False) for tensor in reversed(outputs)]
    while stack:
        tensor, ready = stack.pop()
        history = getattr(tensor, "_keras_history", None)  # symbols that nothing made have none
        if id(tensor) in known or history is None or history.operation is None:
            continue
        node = history.operation._inbound_nodes[history.node_index]
        if ready:
            ordered.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((tensor, True))
            stack += [(given, False) for given in reversed(node.input_tensors)]
    return ordered


def _forget(nodes: Sequence[Any]) -> None:
    """Take back what Keras noted in the model's own layers, which stay as they were."""
    for node in reversed(nodes):
        for given in node.input_tensors:
            maker = given._keras_history.operation
            if maker is not None:
                maker._outbound_nodes.remove(node)
        node.operation._inbound_nodes.remove(node)
