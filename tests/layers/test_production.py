"""Every layer as it is deployed: saved, exported, converted, quantised, and served by threads."""

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.layers.tools import MAKERS, random_maps, randomise, saves, to_numpy

pytestmark = [
    saves,
    pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize` method"),
    pytest.mark.filterwarnings(r"ignore:.*tf\.lite\.Interpreter is deprecated"),
]
MAPS = random_maps(2, 6, 5, 8)
FORMS = {"sequence": (30, 8), "volume": (3, 2, 5, 8)}  # of the same numbers
OF_FORMS = [f"{name}_{form}" for name in ("se", "eca", "channel") for form in FORMS]
each = pytest.mark.parametrize("name", MAKERS)


def branches(names=(*MAKERS, *OF_FORMS), **options):
    """One model with a branch for each layer, so that it is exported and converted once."""
    inputs = keras.Input(MAPS.shape[1:])

    def branch(name):
        kind, _, form = name.rpartition("_")
        if form not in FORMS:
            return MAKERS[name](name=name, **options)(inputs)
        return MAKERS[kind](name=name, **options)(keras.layers.Reshape(FORMS[form])(inputs))

    return randomise(keras.Model(inputs, {name: branch(name) for name in names}))


def answers(model):
    return {name: to_numpy(answer) for name, answer in model(MAPS).items()}


@pytest.fixture(scope="module")
def model():
    return branches()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("production")


def load(model, file):
    model.save(file)
    return keras.saving.load_model(file)


@pytest.fixture(scope="module")
def served(model, folder):
    """What each way of production makes of the maps."""
    saved_model = str(folder / "saved_model")
    model.export(saved_model, verbose=False)
    lite = tf.lite.TFLiteConverter.from_saved_model(saved_model).convert()
    runner = tf.lite.Interpreter(model_content=lite).get_signature_runner()
    (given,) = runner.get_input_details()
    exported = tf.saved_model.load(saved_model)
    return {
        "keras": answers(load(model, folder / "model.keras")),
        "h5": answers(load(model, folder / "model.h5")),
        "saved_model": {name: x.numpy() for name, x in exported.serve(MAPS).items()},
        "tflite": runner(**{given: MAPS}),
    }


@pytest.mark.parametrize("name", [*MAKERS, *OF_FORMS])
@pytest.mark.parametrize("way", ["keras", "h5", "saved_model", "tflite"])
def test_saved_exported_or_converted_it_computes_the_same(way, name, model, served):
    np.testing.assert_allclose(served[way][name], answers(model)[name], atol=1e-5)


@pytest.fixture(scope="module", params=["float32", "mixed_bfloat16"])
def quantised(request):
    """A model of 8-bit integers, wherever Keras' own Dense and convolutions have them."""
    names = ("se", "eca", "channel_unshared", "cbam", "se_sequence", "channel_volume")
    model = branches(names, dtype=request.param)
    full = answers(model)
    model.quantize("int8")
    return model, full


def of_integers(model):
    return [weight.path for weight in model.weights if weight.dtype == "int8"]


def test_every_dense_layer_is_quantised_and_the_answers_stay_near(quantised):
    model, full = quantised
    assert len(of_integers(model)) == 2 + 0 + 4 + 2 + 2 + 2
    for name, answer in answers(model).items():
        assert np.abs(answer.astype("float32") - full[name].astype("float32")).max() < 0.2


WAYS = {
    "keras": lambda model, folder: load(load(model, folder / "1.keras"), folder / "2.keras"),
    "h5": lambda model, folder: load(model, folder / "quantised.h5"),
    "json": lambda model, folder: keras.models.model_from_json(model.to_json()),
    "clone": lambda model, folder: keras.models.clone_model(model),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_quantised_can_be_saved_loaded_and_copied(way, quantised, folder):
    model, _ = quantised
    copy = WAYS[way](model, folder)
    assert of_integers(copy) == of_integers(model)
    if way in ("json", "clone"):  # which carry no weights
        copy.set_weights(model.get_weights())
    for name, answer in answers(model).items():
        np.testing.assert_array_equal(answers(copy)[name], answer)


def test_weights_of_integers_can_be_saved_alone(quantised, folder):
    model, _ = quantised
    model.save_weights(folder / "quantised.weights.h5")
    copy = keras.models.clone_model(model)
    copy.load_weights(folder / "quantised.weights.h5")
    for weight, loaded in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(loaded, weight)


def test_a_layer_may_have_the_name_of_one_inside_it(folder):
    inputs = keras.Input(MAPS.shape[1:])
    model = keras.Model(inputs, MAKERS["se"](name="reduce")(inputs))
    model.quantize("int8")
    loaded = load(model, folder / "named.keras")
    assert loaded.layers[1].compute_dtype == "float32"
    np.testing.assert_array_equal(to_numpy(loaded(MAPS)), to_numpy(model(MAPS)))


@each
def test_threads_that_share_a_layer_get_their_own_answers(name):
    layer = MAKERS[name]()
    batches = [random_maps(n, 6, 5, 8, seed=n) for n in range(1, 9)]
    layer.build(batches[0].shape)
    randomise(layer)
    with ThreadPoolExecutor(8) as threads:
        together = [*threads.map(lambda maps: to_numpy(layer(maps)), batches * 4)]
    for maps, answer in zip(batches * 4, together, strict=True):
        np.testing.assert_allclose(answer, to_numpy(layer(maps)), atol=1e-6)
