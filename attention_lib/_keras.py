"""Keras, loaded without the lines about processors that TensorFlow writes as it starts.

`from attention_lib._keras import keras` is `import keras`. What was held back is written after
all if Keras cannot be loaded. Import this before other modules that load Keras.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


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


with _stderr_held_back():
    import keras

__all__ = ["keras"]
