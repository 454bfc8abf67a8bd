"""Put attention into a copy of a Keras model, and keep its weights."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from attention_lib._keras import keras


def attach(
    model: keras.Model,
    attention: keras.Layer,
    where: str | Iterable[str] | Callable[[keras.Layer], bool],
) -> keras.Model:
    """Copy a model, with attention after the chosen layers.

    The weights of the model are kept; those of the attention are new, so that the copy is to be
    trained, or trained further. While every gate is one, it computes what the model did. In a
    residual unit choose the last layer before the addition.

    Args:
        model: a functional or sequential Keras model. It is not changed.
        attention: the layer to put in, such as `SqueezeExcite(16)`; each place has its own.
        where: the name of a layer, several names, or a function of a layer that says yes. Models
            within the model are searched, too.

    Returns:
        The copy, not compiled.

    Raises:
        ValueError: if the model cannot be copied in this way, a name belongs to no layer, nothing
            is chosen, or what a chosen layer gives is no batch of maps.
    """
    if not isinstance(attention, keras.Layer):
        raise ValueError(
            "`attention` must be a layer. "
            f"Received: {attention!r}. Choose `SqueezeExcite(16)`, for example."
        )
    if not isinstance(model, keras.Model) or not getattr(model, "outputs", None):
        raise ValueError(
            "`model` must be a functional or sequential Keras model that is built, as the order "
            f"of its layers must be known. Received: {type(model).__name__}. In a model that you "
            "wrote as a class, call the attention in its `call`."
        )
    chosen = _chosen(model, where)
    copies = []

    def copy(layer: Any) -> Any:
        if getattr(layer, "outputs", None):
            return clone(layer)
        made = type(layer).from_config(layer.get_config())
        if isinstance(layer, keras.Layer):  # and no bare operation, which has no weights
            copies.append((layer, made))
        return made

    def clone(model: keras.Model) -> keras.Model:
        if isinstance(model, keras.Sequential):  # whose calls Keras would not let us change
            model = keras.Model(model.inputs[0], model.outputs[0], name=model.name)
        return keras.models.clone_model(model, clone_function=copy, call_function=call)

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        outputs = layer(*args, **kwargs)
        if layer.name not in chosen:
            return outputs
        if not isinstance(outputs, keras.KerasTensor) or len(outputs.shape) != 4:
            raise ValueError(
                "`where` must choose layers that give a batch of maps. "
                f"Received: {layer.name!r}, which gives {_shape(outputs)}. "
                "Choose a convolution, or what follows one."
            )
        config = attention.get_config()
        name = f"{layer.name}_{config['name']}"
        calls[name] = calls.get(name, 0) + 1
        name += f"_{calls[name]}" if calls[name] > 1 else ""
        return type(attention).from_config({**config, "name": name})(outputs)

    calls: dict[str, int] = {}
    made = clone(model)
    for old, new in copies:
        new.set_weights(old.get_weights())
    return made


def _chosen(model: keras.Model, where: Any) -> set[str]:
    """The names of the chosen layers."""
    layers = {
        layer.name: layer
        for layer in model._flatten_layers(include_self=False)
        if not isinstance(layer, (keras.Model, keras.layers.InputLayer))
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
