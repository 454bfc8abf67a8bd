"""Trained networks: a small one that ships with the library, and ImageNet's by explicit call."""

from importlib import resources

import keras
import numpy as np

from attention_lib import _require
from attention_lib.examples import photos
from attention_lib.layers import SqueezeExcite

SIDE = 96
WIDTHS = (16, 32, 48, 64)

# Megabytes of the files with weights, as served for Keras.
IMAGENET = {
    "MobileNetV3Small": 10,
    "MobileNetV3Large": 23,
    "EfficientNetB0": 22,
    "EfficientNetV2B0": 29,
}


def build_photo_network() -> keras.Model:
    """Build the small network without its training: four convolutions, each followed by SE.

    Returns:
        A model from (batch, 96, 96, 3) colours from 0 to 255 to logits of the six photographs.
    """
    x = inputs = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.Rescaling(1 / 127.5, offset=-1, name="rescale")(x)
    for i, width in enumerate(WIDTHS, start=1):
        stride = 1 if i == len(WIDTHS) else 2
        x = keras.layers.Conv2D(
            width, 3, strides=stride, padding="same", use_bias=False, name=f"conv_{i}"
        )(x)
        x = keras.layers.BatchNormalization(momentum=0.9, name=f"norm_{i}")(x)
        x = keras.layers.ReLU(name=f"relu_{i}")(x)
        x = SqueezeExcite(4, name=f"se_{i}")(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    outputs = keras.layers.Dense(len(photos.PHOTOS), name="photo")(x)
    return keras.Model(inputs, outputs, name="photo_network")


def photo_network() -> keras.Model:
    """Load the small network that ships with the library.

    It was trained to tell from a crop which of the six shipped photographs it was cut out of, by
    `tools/train_photo_network.py`. It knows these and nothing else.

    Returns:
        The model, from (batch, 96, 96, 3) colours from 0 to 255 to logits in the order of
        `photos.PHOTOS`.
    """
    model = build_photo_network()
    file = resources.files("attention_lib.data").joinpath("photo_network.npz")
    with file.open("rb") as stored, np.load(stored) as arrays:
        model.set_weights([arrays[f"weight_{i:02}"] for i in range(len(model.weights))])
    return model


def imagenet(name: str) -> keras.Model:
    """Fetch a published network with its weights for ImageNet. This downloads.

    Keras keeps the file in your home directory, so that the second call needs no network.

    Args:
        name: a key of `IMAGENET`, which tells the size of the download in megabytes.

    Returns:
        The model, for colours from 0 to 255.

    Raises:
        ValueError: if there is no such network here, or its weights cannot be fetched.
    """
    _require.choice(name, "name", IMAGENET)
    make = getattr(keras.applications, name)
    print(f"{name}: about {IMAGENET[name]} MB of weights, fetched unless Keras has them already.")
    try:
        return make(weights="imagenet")
    except Exception as error:  # a bare one is what Keras raises where there is no network
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(
            f"The weights of {name} must be fetched over the network, once. "
            f"Received: {reason} Try again where there is a network; "
            "`photo_network()` ships with the library and needs none."
        ) from error


def fetch(*names: str) -> dict[str, keras.Model]:
    """Fetch several networks as `imagenet` does, and go on without those that cannot be fetched.

    Args:
        names: keys of `IMAGENET`.

    Returns:
        The networks that are there, by name; of the others it prints why they are not.
    """
    networks = {}
    for name in names:
        try:
            networks[name] = imagenet(name)
        except ValueError as error:
            print(error)
    return networks
