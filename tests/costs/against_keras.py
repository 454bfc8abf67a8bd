"""Build networks with Keras and count them.

The tests build some. `python -m tests.costs.against_keras` builds all that Keras has, and takes
some minutes.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import keras
import numpy as np

from attention_lib.costs import NETWORKS, own_attention

IN_KERAS = {
    name: name.replace("-", "") for name in NETWORKS if name not in ("ResNet-18", "ResNet-34")
}


class Count(NamedTuple):
    trained: int  # without biases of convolutions that batch normalisation follows
    running_statistics: int
    multiply_adds: int


@cache
def build(name: str) -> keras.Model:
    """Make the network with random weights."""
    make = getattr(keras.applications, IN_KERAS[name])
    return make(weights=None, input_shape=(NETWORKS[name].size, NETWORKS[name].size, 3))


def convolutions(model: keras.Model) -> Iterator[keras.layers.Layer]:
    kinds = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.Dense)
    return (layer for layer in model.layers if isinstance(layer, kinds))


def count(model: keras.Model) -> Count:
    """Count a model that Keras has built, layer by layer."""
    trained = sum(np.prod(weight.shape) for weight in model.trainable_weights)
    if model.name.startswith("resnet"):  # whose convolutions have biases that do nothing
        trained -= sum(layer.bias.shape[0] for layer in [*convolutions(model)][:-1])
    running = sum(
        2 * layer.gamma.shape[0]
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    )
    multiply_adds = sum(
        np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:-1])
        for layer in convolutions(model)
    )
    return Count(int(trained), running, int(multiply_adds))


def expected(name: str) -> Count:
    """The closed form, with the SE that the network has of its own; Keras pools apart."""
    network, own = NETWORKS[name], own_attention(NETWORKS[name]).total
    return Count(
        network.parameters + own.parameters,
        network.running_statistics,
        network.multiply_adds + own.excite,
    )


if __name__ == "__main__":
    for name in IN_KERAS:
        found = count(build(name))
        print(f"{name:18} {'agrees' if found == expected(name) else 'DIFFERS'} {found}", flush=True)
