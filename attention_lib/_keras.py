"""Keras, loaded without the lines about processors that TensorFlow writes as it starts.

`from attention_lib._keras import keras` is `import keras`. What was held back is written after
all if Keras cannot be loaded. Import this before other modules that load Keras.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from attention_lib import _extras


@contextmanager
def _stderr_held_back() -> Iterator[None]:
    """Keep what native code writes to stderr, and write it after all if something fails."""
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.seek(0)
            os.write(stderr, kept.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


_extras.need("layers", "keras")
with _stderr_held_back():
    try:
        import keras
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package not in ("tensorflow", "jax", "torch"):  # what Keras may run on
            raise
        raise _extras.missing_package(package, "layers") from error

__all__ = ["keras"]
