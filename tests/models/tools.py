"""What the tests of any Keras model share."""

import keras
import numpy as np

from attention_lib.models import gates

SHAPE = (6, 5, 8)


def model_of(*steps, shape=SHAPE, name=None):
    """A functional model of steps one after the other."""
    x = inputs = keras.Input(shape)
    for step in steps:
        x = step(x)
    return keras.Model(inputs, x, name=name)


def pictures(count=3, shape=SHAPE):
    return np.random.default_rng(0).normal(size=(count, *shape)).astype("float32")


def told(model):
    """What is found, without the paths."""
    return [site[1:] for site in gates.find(model)]


def shaken(layer, seed=0):
    """Random weights, biases too, for a layer or model; variances stay above 0."""
    rng = np.random.default_rng(seed)
    for weight in layer.weights:
        value = rng.normal(0, 1, weight.shape)
        weight.assign(np.abs(value) if "variance" in weight.name else value)
    return layer


def se_gates(means, reduce, expand, temperature=1.0):
    """SE's gates by NumPy, of two layers with kernel and bias, the first with relu."""
    (w1, b1), (w2, b2) = (layer.get_weights() for layer in (reduce, expand))
    hidden = np.maximum(means @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2) / temperature))
