"""TensorFlow's functions on Keras' symbols, while a model is opened.

Many layers that people write call `tf.reshape` or `tf.reduce_mean`, which refuse symbols. Here each
such call becomes one operation of the graph. On other backends there is nothing to do.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

_here = threading.local()  # whether this thread opens a model


class Function(keras.Operation):
    """A function of TensorFlow, called on symbols."""

    def __init__(self, function: Any):
        super().__init__()
        self.function = function

    def call(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


@contextmanager
def functions_on_symbols() -> Iterator[None]:
    """Let TensorFlow's functions take symbols, in this thread."""
    _here.opens = True
    try:
        yield
    finally:
        _here.opens = False


if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    class _OnSymbols(tf.__internal__.dispatch.GlobalOpDispatcher):
        """What TensorFlow asks when a function has refused its arguments."""

        def handle(self, function: Any, args: Any, kwargs: Any) -> Any:
            given = keras.tree.flatten((args, kwargs))
            if not any(isinstance(x, keras.KerasTensor) for x in given):
                return self.NOT_SUPPORTED
            if not getattr(_here, "opens", False):
                return self.NOT_SUPPORTED
            if function.__name__ in ("shape", "shape_v2"):  # which is known here
                return np.array(given[0].shape)
            return Function(function)(*args, **kwargs)

    _OnSymbols().register()
