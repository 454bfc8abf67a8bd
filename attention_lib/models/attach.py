"""Put attention into a copy of a Keras model, and keep its weights."""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import keras

GRAPHS = (keras.Function, keras.Sequential)  # models that are known as a graph


def attach(
    model: keras.Model,
    attention: keras.Layer,
    where: str | Iterable[str] | Callable[[keras.Layer], bool],
) -> keras.Model:
    """Copy a model, with attention after the chosen layers.

    The weights of the model are kept; those of the attention are new, so that the copy is to be
    trained, or trained further. While every gate is one, it computes what the model did. In a
    residual unit choose the last layer before the addition. What is frozen stays frozen, and the
    attention is free to learn.

    Args:
        model: a functional or sequential Keras model. It is not changed.
        attention: the layer to put in, such as `SqueezeExcite(16)`; each place has its own.
        where: the name of a layer, several names, or a function that is true for the layers to
            choose. Models within the model are searched, too; layers within a layer are not.

    Returns:
        The copy, not compiled.

    Raises:
        ValueError: if the model cannot be copied in this way, a name belongs to no layer, nothing
            is chosen, or what a chosen layer gives are no maps.
    """
    if not isinstance(attention, keras.Layer):
        raise ValueError(
            "`attention` must be a layer. "
            f"Received: {attention!r}. Choose `SqueezeExcite(16)`, for example."
        )
    if not isinstance(model, GRAPHS) or not model.built:
        raise ValueError(
            "`model` must be a functional or sequential Keras model that is built, as the order "
            f"of its layers must be known. Received: {type(model).__name__}. In a model that you "
            "wrote as a class, call the attention in its `call`."
        )
    chosen = _chosen(model, where)
    taken = {operation.name for operation in _operations(model)}
    copies: list[tuple[Any, Any]] = []

    def copy(layer: Any) -> Any:
        if isinstance(layer, GRAPHS):
            return clone(layer)
        if isinstance(layer, keras.layers.Lambda):  # Keras does not copy its function, nor need we
            return layer
        made = _copied(layer, "model", "be made of layers")
        if isinstance(layer, keras.Layer):  # and no bare operation, which has no weights
            copies.append((layer, made))
        return made

    def clone(model: Any) -> Any:
        if isinstance(model, keras.Sequential):  # whose calls Keras would not let us change
            model = keras.Model(model.inputs[0], model.outputs[0], name=model.name)
        return keras.models.clone_model(model, clone_function=copy, call_function=call)

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        outputs = layer(*args, **kwargs)
        if layer.name not in chosen:
            return outputs
        if not isinstance(outputs, keras.KerasTensor) or not 3 <= len(outputs.shape) <= 5:
            raise ValueError(
                "`where` must choose layers that give a batch of maps. "
                f"Received: {layer.name!r}, which gives {_shape(outputs)}. "
                "Choose a convolution, or what follows one."
            )
        made = _copied(attention, "attention", "be a layer", _free(layer.name, attention, taken))
        return made(outputs)

    made = clone(model)
    for old, new in copies:
        _keep_state(old, new)
    return made


def _free(layer: str, attention: Any, taken: set[str]) -> str:
    """A name for new attention that no operation of the model has."""
    first = name = f"{layer}_{attention.name}"
    count = 1
    while name in taken:
        count += 1
        name = f"{first}_{count}"
    taken.add(name)
    return name


def _copied(layer: Any, argument: str, must: str, name: str | None = None) -> Any:
    try:
        config = layer.get_config()
        return type(layer).from_config({**config, "name": name or layer.name})
    except Exception as error:  # of code that is not ours
        reason = str(error).strip().partition("\n")[0]
        raise ValueError(
            f"`{argument}` must {must} that can be copied. "
            f"Received: {layer.name!r}, a {type(layer).__name__}, which cannot: {reason} "
            "Give its class a `get_config` with all arguments of its constructor."
        ) from error


def _keep_state(old: Any, new: Any) -> None:
    """Weights, and what is frozen, of a layer and of the layers within."""
    try:
        new.set_weights(old.get_weights())
    except ValueError as error:
        raise ValueError(
            "`model` must be made of layers whose copies have the same weights. "
            f"Received: {old.name!r}, a {type(old).__name__}, whose copy has others. "
            "Make its weights in `build`, from its configuration alone."
        ) from error
    for before, after in zip(old._flatten_layers(), new._flatten_layers(), strict=True):
        after.trainable = before.trainable
    for before, after in zip(old.weights, new.weights, strict=True):
        after.trainable = before.trainable


def _operations(model: Any) -> Iterator[Any]:
    """The operations of a model, and of models within, that copying reaches."""
    graph = (
        keras.Model(model.inputs, model.outputs) if isinstance(model, keras.Sequential) else model
    )
    for operation in graph.operations:
        yield operation
        if isinstance(operation, GRAPHS):
            yield from _operations(operation)


def _chosen(model: Any, where: Any) -> set[str]:
    """The names of the chosen layers."""
    layers = {
        operation.name: operation
        for operation in _operations(model)
        if isinstance(operation, keras.Layer)
        and not isinstance(operation, (keras.layers.InputLayer, *GRAPHS))
    }
    within = {
        part.name: layer
        for layer in layers.values()
        for part in layer._flatten_layers(include_self=False)
        if part.name not in layers
    }
    if callable(where):
        chosen = {name for name, layer in layers.items() if where(layer)}
    elif isinstance(where, Iterable):
        chosen = {where} if isinstance(where, str) else set(where)
    else:
        raise ValueError(
            "`where` must be the name of a layer, several names, or a function. "
            f"Received: {where!r}. `model.summary()` shows all names."
        )
    hidden = sorted(chosen & within.keys())
    if hidden:
        layer = within[hidden[0]]
        raise ValueError(
            "`where` must name layers that the model calls itself. "
            f"Received: {hidden[0]!r}, which is within {layer.name!r}, a {type(layer).__name__}. "
            "Attach attention to what is within first, and build the model of that."
        )
    unknown = sorted(chosen - layers.keys())
    if unknown:
        near = get_close_matches(unknown[0], layers, 3) or list(layers)[:3]
        raise ValueError(
            "`where` must name layers of the model. "
            f"Received: {', '.join(map(repr, unknown))}. "
            f"There are {', '.join(map(repr, near))}, for example; `model.summary()` shows all."
        )
    if not chosen:
        raise ValueError(
            "`where` must choose one layer or more. Received: none. "
            f"Give a name, such as {next(iter(layers), 'conv2d')!r}."
        )
    return chosen


def _shape(outputs: Any) -> str:
    shapes = [tuple(x.shape) for x in keras.tree.flatten(outputs)]
    return ", ".join(map(str, shapes))
