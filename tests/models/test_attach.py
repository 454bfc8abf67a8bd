"""A copy with attention computes what the model did as long as every gate is one."""

import keras
import numpy as np
import pytest
from keras import layers

from attention_lib.layers import CBAM, EfficientChannelAttention, SqueezeExcite
from attention_lib.models import gates
from attention_lib.models.attach import attach


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(0)


def small(shape=(8, 8, 3)):
    """Convolutions a and b with a normalisation, and a sequential body with the convolution c."""
    inputs = keras.Input(shape)
    x = layers.Conv2D(4, 3, padding="same", name="a")(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    body = keras.Sequential([keras.Input(x.shape[1:]), layers.Conv2D(6, 3, name="c")], name="body")
    x = body(keras.ops.relu(x) * 2 + 1)
    x = layers.Add(name="sum")([x, layers.Conv2D(6, 1, name="b")(x)])
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(2, name="answer")(x), name="small")


def open_all(model):
    """Set every gate to one."""
    for layer in model._flatten_layers():
        if isinstance(layer, SqueezeExcite):
            layer.expand.kernel.assign(0 * layer.expand.kernel)
            layer.expand.bias.assign(0 * layer.expand.bias + 100)


def images(*shape):
    return np.random.default_rng(0).uniform(0, 255, (2, *shape)).astype("float32")


@pytest.mark.parametrize(
    "where", ["a", "c", ["a", "norm", "b"], lambda layer: isinstance(layer, layers.Conv2D)]
)
def test_with_gates_at_one_it_gives_the_old_output(where):
    model = small()
    model.get_layer("norm").set_weights(np.random.default_rng(0).uniform(0.5, 1, (4, 4)))
    copy = attach(model, SqueezeExcite(2), where)
    x = images(8, 8, 3)
    assert np.abs(copy(x) - model(x)).max() > 0
    open_all(copy)
    np.testing.assert_array_equal(copy(x), model(x))


def test_with_gates_at_one_a_published_network_gives_the_old_output():
    shape = (32, 32, 3)
    model = keras.applications.MobileNetV3Small(weights=None, input_shape=shape, include_top=False)
    copy = attach(model, SqueezeExcite(4), lambda layer: layer.name.endswith("project_bn"))
    assert len(gates.find(copy)) == len(gates.find(model)) + 11
    open_all(copy)
    np.testing.assert_array_equal(copy(images(*shape)), model(images(*shape)))


def test_each_place_has_attention_of_its_own_with_the_settings_of_the_template():
    template = SqueezeExcite(2, use_bias=False, gate="hard_sigmoid", name="se")
    copy = attach(small(), template, ["a", "b", "c"])
    assert [site.path for site in gates.find(copy)] == ["a_se", "body/c_se", "b_se"]
    made = [x for x in copy._flatten_layers() if isinstance(x, SqueezeExcite)]
    assert len({id(layer) for layer in made}) == 3
    assert template not in made
    for layer in made:
        assert {**layer.get_config(), "name": "se"} == template.get_config()


def test_the_model_is_left_as_it_was_and_its_weights_are_not_shared():
    model = small()
    x, names = images(8, 8, 3), [layer.name for layer in model.layers]
    before = np.array(model(x))
    copy = attach(model, EfficientChannelAttention(), "a")
    for weight in copy.weights:
        weight.assign(weight + 1)
    assert [layer.name for layer in model.layers] == names
    np.testing.assert_array_equal(model(x), before)


def test_a_sequential_model_can_be_copied_and_trained():
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(4, 3, name="a"), layers.GlobalMaxPooling2D()]
    )
    copy = attach(model, SqueezeExcite(2), "a")
    copy.compile("sgd", "mse")
    assert np.isfinite(copy.train_on_batch(images(8, 8, 3) / 255, np.zeros((2, 4))))


def test_a_layer_that_is_used_twice_gets_attention_after_each_use():
    inputs, shared = keras.Input((8, 8, 4)), layers.Conv2D(4, 3, padding="same", name="a")
    copy = attach(keras.Model(inputs, shared(shared(inputs))), SqueezeExcite(2, name="se"), "a")
    assert [site.path for site in gates.find(copy)] == ["a_se", "a_se_2"]


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("aa", "`where` must name layers of the model. Received: 'aa'. There are 'a'"),
        (["a", "zebra"], "Received: 'zebra'. There are .*`model.summary\\(\\)` shows all"),
        ([], "`where` must choose one layer or more. Received: none"),
        (lambda layer: False, "`where` must choose one layer or more"),
        ("answer", "must choose layers that give a batch of maps. .*gives \\(None, 2\\)"),
        (3, "`where` must be the name of a layer, several names, or a function. Received: 3"),
    ],
)
def test_places_that_cannot_be_get_a_sentence(where, sentence):
    with pytest.raises(ValueError, match=sentence):
        attach(small(), SqueezeExcite(2), where)


class Subclassed(keras.Model):
    pass


@pytest.mark.parametrize("model", [Subclassed(), keras.Sequential(), SqueezeExcite(2), None])
def test_a_model_whose_order_is_not_known_is_refused(model):
    with pytest.raises(ValueError, match="`model` must be a functional or sequential Keras model"):
        attach(model, SqueezeExcite(2), "a")


@pytest.mark.parametrize("attention", [SqueezeExcite, "se", None])
def test_what_is_no_layer_is_refused(attention):
    with pytest.raises(ValueError, match=r"`attention` must be a layer. Received: "):
        attach(small(), attention, "a")


def test_a_reduction_that_does_not_fit_says_so():
    with pytest.raises(ValueError, match="`reduction` must not exceed `channels`"):
        attach(small(), SqueezeExcite(16), "a")


def holding(layer, shape):
    inputs = keras.Input(shape)
    return keras.Model(inputs, layer(inputs))


def test_what_lies_within_a_layer_is_not_reached_and_said_to_be_there():
    frame = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 3, name="c")])
    film = holding(layers.TimeDistributed(frame, name="film"), (5, 8, 8, 3))
    with pytest.raises(ValueError, match="'c', which is within 'film', a TimeDistributed"):
        attach(film, SqueezeExcite(2), "c")
    cbam = CBAM(4, 3, name="cbam")
    model = holding(cbam, (8, 8, 8))
    with pytest.raises(ValueError, match="which is within 'cbam', a CBAM"):
        attach(model, SqueezeExcite(2), cbam.channel_attention.name)
    assert len(gates.find(attach(model, SqueezeExcite(2), "cbam"))) == 2


def test_attention_can_be_attached_twice():
    once = attach(small(), SqueezeExcite(2, name="se"), "a")
    twice = attach(once, SqueezeExcite(2, name="se"), "a")
    assert [site.path for site in gates.find(twice)] == ["a_se_2", "a_se"]
    on_top = attach(once, EfficientChannelAttention(name="eca"), "a_se")
    assert [site.path for site in gates.find(on_top)] == ["a_se", "a_se_eca"]


def test_a_frozen_network_stays_frozen_and_the_attention_learns():
    model = small()
    model.trainable = False
    copy = attach(model, SqueezeExcite(2, name="se"), "a")
    assert {weight.path.split("/")[-3] for weight in copy.trainable_weights} == {"a_se"}
    assert len(copy.trainable_weights) == 4


class Keeps(layers.Layer):
    """A function cannot be told in a configuration."""

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def call(self, x):
        return self.function(x)


class Grows(layers.Layer):
    """Weights that its configuration does not tell of."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.extra = []

    def grow(self):
        self.extra.append(self.add_weight(shape=(1,)))

    def call(self, x):
        return x + sum(self.extra)


def test_a_layer_that_cannot_be_copied_is_named():
    model = holding(Keeps(lambda x: x + 1, name="mine"), (8, 8, 4))
    with pytest.raises(ValueError, match="Received: 'mine', a Keeps, which cannot: "):
        attach(model, SqueezeExcite(2), "mine")


def test_a_layer_whose_copy_has_other_weights_is_named():
    layer = Grows(name="mine")
    layer.grow()
    model = holding(layer, (8, 8, 4))
    with pytest.raises(ValueError, match="Received: 'mine', a Grows, whose copy has others"):
        attach(model, SqueezeExcite(2), "mine")
