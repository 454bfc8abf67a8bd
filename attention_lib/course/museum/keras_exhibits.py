"""The exhibits of the bug museum that need Keras, under the same checks as the others.

They have a module of their own, as they load TensorFlow.
"""

import inspect
import tempfile
from pathlib import Path

from attention_lib._keras import keras
from attention_lib.course.museum import Block, Exhibit, Source
from attention_lib.language import say
from attention_lib.layers import SqueezeExcite

__all__ = ["EXHIBITS", "FloatWidth", "KerasBlock", "OtherKey"]

_SOURCE = Source(
    "vinayak19th/Visual_attention_tf, channel_attention.py",
    "https://github.com/vinayak19th/Visual_attention_tf/blob/"
    "1169d8279bdca926e592c44db7631d47721b71f7/src/visual_attention/channel_attention.py",
)


class FloatWidth(keras.layers.Layer):
    def __init__(self, channels, reduction=4, **kwargs):
        super().__init__(**kwargs)
        self.channels, self.reduction = channels, reduction
        self.reduce = keras.layers.Dense(channels / reduction, activation="relu")
        self.expand = keras.layers.Dense(channels, activation="sigmoid")

    def call(self, x):
        z = keras.ops.mean(x, axis=(1, 2), keepdims=True)
        return x * self.expand(self.reduce(z))


class OtherKey(keras.layers.Layer):
    def __init__(self, channels, reduction=4, **kwargs):
        super().__init__(**kwargs)
        self.channels, self.reduction = channels, reduction
        self.reduce = keras.layers.Dense(channels // reduction, activation="relu")
        self.expand = keras.layers.Dense(channels, activation="sigmoid")

    def call(self, x):
        z = keras.ops.mean(x, axis=(1, 2), keepdims=True)
        return x * self.expand(self.reduce(z))

    def get_config(self):
        return {**super().get_config(), "filters": self.channels}


class KerasBlock(Block):
    """A Keras layer as the museum's checks know a block."""

    depends_on = "means"
    formula = "2 · C · (C // r) + C // r + C"

    def __init__(self, channels: int = 24, reduction: int = 4, seed: int = 0):
        super().__init__(channels, reduction, seed)
        self.layer = self.make(channels, reduction)

    @staticmethod
    def make(channels: int, reduction: int) -> keras.layers.Layer:
        """The layer, for maps of so many channels."""
        return SqueezeExcite(reduction)

    def __call__(self, x):
        return keras.ops.convert_to_numpy(self.layer(x.astype("float32")))

    def gates(self, x):
        return self(x) / x  # a layer gives no more away

    def built(self):
        super().built()  # calls the layer, which makes its weights then
        self.weights = {weight.path: weight.numpy() for weight in self.layer.weights}
        return self

    def expected(self):
        hidden = self.channels // self.reduction
        return 2 * self.channels * hidden + hidden + self.channels

    def load(self, weights):
        self.layer.set_weights([*weights.values()])
        self.weights = dict(weights)
        return self

    def reloaded(self):
        inputs = keras.Input((None, None, self.channels))
        model = keras.Model(inputs, self.layer(inputs))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "saved.keras"
            model.save(path)
            layers = {type(self.layer).__name__: type(self.layer)}
            try:
                loaded = keras.models.load_model(path, custom_objects=layers)
            except TypeError as error:  # long; the reason comes last
                raise TypeError(str(error).rpartition("Exception encountered: ")[2]) from error
        other = type(self)(self.channels, self.reduction)
        other.layer = loaded.layers[-1]
        return other

    @classmethod
    def code(cls) -> str:
        return inspect.getsource(type(cls.make(24, 4)))


class FloatWidthBlock(KerasBlock):
    make = FloatWidth

    @classmethod
    def code(cls):
        return inspect.getsource(FloatWidth)


class OtherKeyBlock(KerasBlock):
    make = OtherKey


EXHIBITS = {
    exhibit.name: exhibit
    for exhibit in (
        Exhibit(
            "float width",
            say("The width that was a decimal number"),
            say(
                "`channels / reduction` is 6.0, and a layer cannot have 6.0 units. Older versions "
                "of Keras cut it to 6 without a message. Keras 3 refuses, so this exhibit no "
                "longer runs."
            ),
            say(
                "Where r divides C the cut changes nothing, and where it does not, it does what "
                "`//` would have done."
            ),
            FloatWidthBlock,
            KerasBlock,
            (_SOURCE,),
        ),
        Exhibit(
            "other key",
            say("The key that nobody takes"),
            say(
                "`get_config` writes down `filters`, and `__init__` takes `channels`. r is not "
                "written down at all. The layer trains, and saves. It cannot be loaded."
            ),
            say(
                "One saves after training, and loads on another day. Weights alone load well, into "
                "a layer that is made by hand."
            ),
            OtherKeyBlock,
            KerasBlock,
            (_SOURCE,),
        ),
    )
}
