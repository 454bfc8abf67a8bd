"""However a model is called, nested, loaded or quantised: its gates are those of that call."""

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from attention_lib.layers import CBAM, SqueezeExcite, se_block
from attention_lib.models import gates
from tests.layers.tools import saves
from tests.models.tools import SHAPE, model_of, pictures, se_gates, shaken, told

SE = ("SE", 8, 2)


class Block(layers.Layer):
    """SE with its two layers at hand; what `call` does is for subclasses."""

    def build(self, *shapes, **named):
        self.reduce, self.expand = layers.Dense(2, activation="relu"), layers.Dense(8)
        self.reduce.build((None, 8))
        self.expand.build((None, 2))

    def gates(self, x, temperature=1.0):
        logits = self.expand(self.reduce(ops.mean(x, axis=(1, 2))))
        return ops.sigmoid(logits / temperature)[:, None, None]

    def call(self, x):
        return x * self.gates(x)


class Tempered(Block):
    def call(self, x, temperature=1.0):
        return x * self.gates(x, temperature)


class Guided(Block):
    """Scales `skip`, whatever the order of the alphabet."""

    def call(self, x, skip=None, guide=None):
        return x + guide + skip * self.gates(skip)


class OfAList(Block):
    def call(self, inputs):
        x, skip = inputs
        return skip + x * self.gates(x)


class OfADictionary(Block):
    def call(self, inputs):
        return inputs["skip"] + inputs["maps"] * self.gates(inputs["maps"])


class TrainingWithoutDefault(Block):
    def call(self, inputs, training):
        return inputs * self.gates(inputs)


class Flagged(Block):
    def call(self, x, use=False):
        return x * self.gates(x) if use else x


def recorded(model, images):
    (values,) = gates.record(model, images).values()
    return values


def expected(model, block, maps, temperature=1.0):
    """The block's gates by NumPy, for a tensor of the model."""
    seen = keras.Model(model.inputs[0], maps)(pictures())
    means = np.mean(seen, axis=(1, 2))
    return se_gates(means, block.reduce, block.expand, temperature)


def called(block, call):
    """A model in which a block is called, and the maps that its gates should scale."""
    inputs = keras.Input(SHAPE)
    first, second = layers.Conv2D(8, 1)(inputs), layers.Conv2D(8, 1)(inputs)
    outputs, maps = call(block, first, second)
    return shaken(keras.Model(inputs, outputs)), maps


CALLS = {
    "keyword": (Tempered(), lambda b, x, y: (b(x, temperature=4.0), x), 4.0),
    "default": (Tempered(), lambda b, x, y: (b(x), x), 1.0),
    "tensors_by_keyword": (Guided(), lambda b, x, y: (b(x, skip=y, guide=x), y), 1.0),
    "tensors_in_another_order": (Guided(), lambda b, x, y: (b(x, guide=x, skip=y), y), 1.0),
    "list": (OfAList(), lambda b, x, y: (b([x, y]), x), 1.0),
    "dictionary": (OfADictionary(), lambda b, x, y: (b({"skip": y, "maps": x}), x), 1.0),
    "training": (TrainingWithoutDefault(), lambda b, x, y: (b(x, training=False), x), 1.0),
    "flag": (Flagged(), lambda b, x, y: (b(x, use=True), x), 1.0),
}


@pytest.mark.parametrize("way", CALLS)
def test_gates_are_those_of_the_call_with_its_arguments(way):
    block, call, temperature = CALLS[way]
    model, maps = called(block, call)
    assert told(model) == [SE]
    want = expected(model, block, maps, temperature)
    np.testing.assert_allclose(recorded(model, pictures()), want, atol=1e-5)
    (reading,) = gates.Reader(model)(pictures())
    seen = keras.Model(model.inputs[0], maps)(pictures())
    np.testing.assert_allclose(reading.maps, seen, atol=1e-5)


def test_a_call_with_an_argument_as_worked_out_by_hand():
    block = Tempered()
    model = model_of(lambda x: block(x, temperature=4.0))
    block.reduce.kernel.assign(np.full((8, 2), 1 / 8))  # eight means of 1 become two units of 1
    block.expand.kernel.assign(np.ones((2, 8)))  # whose sum is 2
    values = recorded(model, np.ones((1, *SHAPE)))
    np.testing.assert_allclose(values, 0.6225, atol=1e-4)  # 1 / (1 + exp(-2 / 4))


def test_two_calls_of_one_layer_keep_their_own_arguments():
    block, inputs = Tempered(name="block"), keras.Input(SHAPE)
    model = shaken(keras.Model(inputs, block(block(inputs, temperature=9.0))))
    values = gates.record(model, pictures())
    assert list(values) == ["block", "block (2)"]
    first = se_gates(pictures().mean((1, 2)), block.reduce, block.expand, 9)
    np.testing.assert_allclose(values["block"], first, atol=1e-5)
    means = (pictures() * first[:, None, None]).mean((1, 2))
    second = se_gates(means, block.reduce, block.expand)
    np.testing.assert_allclose(values["block (2)"], second, atol=1e-5)


def test_a_layer_that_was_told_to_do_nothing_has_no_gates():
    block = Flagged()
    assert told(called(block, lambda b, x, y: (b(x) + y, x))[0]) == []


@pytest.mark.parametrize(
    "given",
    [lambda x, y: {"b": y, "a": x}, lambda x, y: {"a": x, "b": y}],
    ids=["b_first", "a_first"],
)
def test_a_model_within_is_given_its_dictionary(given):
    a, b = keras.Input(SHAPE, name="a"), keras.Input(SHAPE, name="b")
    block = Block()
    inner = keras.Model({"b": b, "a": a}, block(a) + b, name="inner")
    model, maps = called(inner, lambda m, x, y: (m(given(x, y)), x))
    want = expected(model, block, maps)
    np.testing.assert_allclose(recorded(model, pictures()), want, atol=1e-5)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm, self.block = layers.BatchNormalization(), Block(name="block")

    def call(self, inputs, training):
        return self.block(self.norm(inputs, training=training))


class OfTwo(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.block = Block(name="block")

    def call(self, maps, guide):
        return guide + self.block(maps)


class OfTwoShapes(OfTwo):
    def build(self, maps_shape, guide_shape):
        self.block.build(maps_shape)


def test_a_subclassed_model_may_want_to_be_told_whether_it_is_trained():
    model = Subclassed()
    model(pictures(), training=False)
    assert gates.find(model) == (("block", *SE),)
    want = se_gates(
        pictures().mean((1, 2)) / np.sqrt(1.001), model.block.reduce, model.block.expand
    )
    np.testing.assert_allclose(recorded(model, pictures()), want, atol=1e-4)


def test_a_subclassed_model_may_take_several_tensors():
    model = OfTwoShapes()
    model(pictures(), guide=pictures())
    assert gates.find(model) == (("block", *SE),)


def test_where_keras_keeps_one_shape_of_several_the_missing_tensor_is_named():
    model = OfTwo(name="net")
    model(pictures(), guide=pictures())
    (unreadable,) = gates.find(model)
    assert unreadable.path == "net"
    assert "missing 1 required positional argument: 'guide'" in unreadable.reason


def test_a_layer_for_every_step_gives_gates_for_every_step():
    block = Block(name="block")
    inner = model_of(layers.Conv2D(8, 1), block, name="inner")
    model = model_of(layers.TimeDistributed(inner, name="film"), shape=(4, *SHAPE))
    assert gates.find(model) == (("film/inner/block", *SE),)
    film = pictures(shape=(4, *SHAPE))
    (reading,) = gates.Reader(model)(film)
    assert reading.gates.shape == (3, 4, 8)
    assert reading.maps.shape == film.shape
    alone = recorded(inner, film[:, 2])
    np.testing.assert_allclose(reading.gates[:, 2], alone, atol=1e-5)
    np.testing.assert_array_equal(recorded(model, film), reading.gates)


@pytest.mark.parametrize("order", ["channel_spatial", "parallel", "spatial_channel"])
def test_the_maps_of_cbam_are_those_that_its_channel_gates_scale(order):
    cbam = CBAM(4, 3, order=order, name="cbam")
    model = shaken(model_of(cbam))
    (reading,) = gates.Reader(model)(pictures())
    seen = pictures()
    if order == "spatial_channel":
        seen = cbam.spatial_attention(seen)
    np.testing.assert_allclose(reading.maps, seen, atol=1e-5)
    np.testing.assert_allclose(reading.gates, cbam.channel_attention.gates(seen), atol=1e-5)
    assert [site.path for site in gates.find(model)] == ["cbam"]


# loaded, and left alone


@saves
@pytest.mark.parametrize("clear", [True, False], ids=["fresh", "used"])
def test_a_loaded_model_is_read_at_once(clear, tmp_path):
    model = model_of(layers.Conv2D(8, 3), lambda x: se_block(x, 4), lambda x: se_block(x, 4))
    want = gates.record(model, pictures())
    model.save(tmp_path / "model.keras")
    if clear:
        keras.backend.clear_session()  # names are counted from the start, as in a fresh kernel
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for values, again in zip(want.values(), gates.record(loaded, pictures()).values(), strict=True):
        np.testing.assert_allclose(values, again, atol=1e-6)


def test_two_models_whose_layers_have_the_same_names_are_read():
    block = se_block
    first = model_of(lambda x: block(x, 4))
    keras.backend.clear_session()
    second = model_of(lambda x: block(x, 4))
    outer = model_of(first, second)
    assert told(outer) == [SE, SE]
    assert len(gates.record(outer, pictures())) == 2


def calls_noted(model):
    return [
        (len(part._inbound_nodes), len(part._outbound_nodes))
        for part in [*model._flatten_layers(), *model.operations]
    ]


def test_nothing_is_left_behind_in_the_layers_of_a_model():
    model = model_of(SqueezeExcite(4), Block(), lambda x: se_block(x, 4))
    before = calls_noted(model)
    gates.record(model, pictures())
    assert calls_noted(model) == before


def test_several_threads_may_read_one_model():
    model = shaken(model_of(SqueezeExcite(4), Block()))
    reader = gates.Reader(model)
    batches = [pictures(n) for n in (1, 2, 3, 4)] * 3
    with ThreadPoolExecutor(4) as threads:
        together = [*threads.map(lambda batch: reader(batch)[1].gates, batches)]
    for batch, values in zip(batches, together, strict=True):
        np.testing.assert_allclose(values, reader(batch)[1].gates, atol=1e-6)


# neighbours with odd attributes


class Odd(layers.Layer):
    """Attributes that other layers use for something else."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.outputs = self.kernel = self.axis = self.keepdims = self.operations = 5
        self.data_format = ["channels_first"]

    def call(self, x):
        return x + 0


class OddPool(Odd):
    def call(self, x):
        return ops.mean(x, (1, 2), keepdims=True)


def test_attributes_of_other_layers_say_nothing():
    model = model_of(
        Odd(),
        SqueezeExcite(4),
        lambda x: x * layers.Dense(8)(layers.Dense(2)(OddPool()(x))),
    )
    assert told(model) == [SE, SE]


# what cannot be opened


class Lazy(layers.Layer):
    """Its weights are made anew in every call, and the model has none of them."""

    def call(self, x):
        z = layers.Dense(2, activation="relu")(ops.mean(x, (1, 2)))
        return x * layers.Dense(8, activation="sigmoid")(z)[:, None, None]


class InNumPy(layers.Layer):
    def call(self, x):
        return ops.convert_to_tensor(np.asarray(x) * 2)

    def compute_output_spec(self, x):
        return keras.KerasTensor(x.shape, x.dtype)


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (Lazy(name="mine"), "makes weights that the model does not keep"),
        (InNumPy(name="mine"), "cannot be followed on symbols"),
    ],
)
def test_what_cannot_be_opened_is_told_with_the_reason(layer, reason):
    model = model_of(layer, name="net")
    (unreadable,) = gates.find(model)
    assert isinstance(unreadable, gates.Unreadable)
    assert unreadable.path == "mine"
    assert reason in unreadable.reason
    for read in (lambda: gates.record(model, pictures()), lambda: gates.Reader(model)):
        with pytest.raises(ValueError, match=r"that can be read. Received: 'net', in which 'mine'"):
            read()


def test_beside_what_cannot_be_opened_the_rest_is_found_and_recorded():
    model = model_of(SqueezeExcite(4, name="se"), Lazy(name="mine"))
    site, unreadable = gates.find(model)
    assert site == ("se", *SE)
    assert unreadable.path == "mine"
    assert list(gates.record(model, pictures())) == ["se"]


# data


@pytest.fixture(scope="module")
def read():
    model = model_of(SqueezeExcite(4, name="se"))
    return lambda images: gates.record(model, images)["se"]


class Sequence(keras.utils.PyDataset):
    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, i):
        return self.batches[i]


def test_data_with_labels_is_read_as_images(read):
    images, labels = pictures(4), np.arange(4)
    batches = [(images[:2], labels[:2]), (images[2:], labels[2:])]
    want = read(images)
    for data in (
        batches,
        [[*batch] for batch in batches],  # as PyTorch's loaders give them
        ((*batch, np.ones(2)) for batch in batches),  # and weights
        Sequence(batches),
        tf.data.Dataset.from_tensor_slices((images, labels)).batch(2),
    ):
        np.testing.assert_allclose(read(data), want, atol=1e-6)


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        ([{"image": 1, "label": 2}], "must give arrays. Received: a dictionary with 'image', 'lab"),
        ([({"image": 1}, 2)], "must give arrays. Received: a dictionary with 'image'"),
        ([np.array([["a"]])], r"Received: <U1 of shape \(1, 1\). Convert them by"),
        (np.ones((2, 6, 5, 8), complex), r"Received: complex128 of .* Convert them by"),
        (np.ones((2, 4, 4, 8)), "Resize them to fit"),
        ([np.ones(SHAPE)], r"One alone becomes a batch by `image\[None\]`"),
    ],
)
def test_what_is_wrong_with_the_images_is_what_is_said(read, images, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(images)
