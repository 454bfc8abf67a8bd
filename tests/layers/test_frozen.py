"""What is frozen does not learn: however it was frozen, and through every way of copying it."""

import keras
import numpy as np
import pytest

from attention_lib.layers import CBAM, SqueezeExcite
from tests.layers.tools import every, random_maps, randomise, saves, to_numpy

SHAPE = (4, 5, 8)


def model_of(*layers):
    x = inputs = keras.Input(SHAPE)
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


def before_it_is_built(make):
    layer = make()
    layer.trainable = False
    return model_of(layer)


def after_it_is_built(make):
    model = model_of(make())
    model.layers[1].trainable = False
    return model


def with_its_model(make):
    model = model_of(make())
    model.trainable = False
    return model


def within_a_frozen_model(make):
    inner = model_of(make())
    inner.trainable = False
    return model_of(inner)


FREEZE = {
    "argument": lambda make: model_of(make(trainable=False)),
    "before_build": before_it_is_built,
    "after_build": after_it_is_built,
    "model": with_its_model,
    "nested": within_a_frozen_model,
}
frozen = pytest.mark.parametrize("freeze", FREEZE.values(), ids=FREEZE)


def may_learn(model):
    return [weight.path for weight in model.weights if weight.trainable]


@every
@frozen
def test_nothing_of_a_frozen_layer_may_learn(make, freeze):
    model = freeze(make)
    assert may_learn(model) == []
    assert model.trainable_weights == []


@every
def test_a_frozen_layer_stays_as_it_is_in_training_and_its_neighbours_learn(make):
    layer, after = make(trainable=False), keras.layers.Conv2D(3, 1)
    model = model_of(layer, after)
    randomise(model)
    before, neighbour = layer.get_weights(), after.get_weights()
    model.compile(keras.optimizers.SGD(0.1), "mse")
    maps = random_maps(8, *SHAPE)
    model.fit(maps, maps[..., :3] + 1, epochs=2, verbose=0)
    for weight, unmoved in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, unmoved)
    assert np.abs(after.get_weights()[0] - neighbour[0]).max() > 0


@every
def test_frozen_it_computes_in_training_what_it_computes_in_use(make):
    layer, maps = make(trainable=False), random_maps(3, *SHAPE)
    layer.build(maps.shape)
    randomise(layer)
    np.testing.assert_array_equal(to_numpy(layer(maps, training=True)), to_numpy(layer(maps)))


@saves
@every
@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_a_frozen_model_that_is_loaded_is_frozen(make, ending, tmp_path):
    model = with_its_model(make)
    model.save(tmp_path / f"model{ending}")
    assert may_learn(keras.saving.load_model(tmp_path / f"model{ending}")) == []


@every
def test_copies_of_a_frozen_model_are_frozen(make):
    model = with_its_model(make)
    assert may_learn(keras.models.clone_model(model)) == []
    assert may_learn(keras.models.model_from_json(model.to_json())) == []


@every
def test_what_was_frozen_can_learn_again(make):
    layer = make(trainable=False)
    model = model_of(layer)
    layer.trainable = True
    assert may_learn(model) == may_learn(model_of(make(name=layer.name))) != []


def test_half_of_cbam_may_be_frozen():
    cbam = CBAM(4, 3, name="cbam")
    cbam.channel_attention.trainable = False
    model = model_of(cbam, SqueezeExcite(4, name="se"))
    assert {path.rsplit("/", 2)[0] for path in may_learn(model)} == {"cbam/spatial_attention", "se"}
