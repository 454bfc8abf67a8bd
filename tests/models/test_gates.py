"""Gates are found wherever a model has them, and what is recorded is what the layers compute."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from attention_lib.layers import (
    CBAM,
    ChannelAttention,
    EfficientChannelAttention,
    SpatialAttention,
    SqueezeExcite,
    eca_block,
    se_block,
)
from attention_lib.models import gates
from tests.models.tools import SHAPE, model_of, pictures, told


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(0)


class ByHand(layers.Layer):
    """A block as people write it: Keras' layers and operations inside `call`."""

    def build(self, shape):
        self.reduce = layers.Dense(2, activation="relu")
        self.expand = layers.Dense(shape[-1], activation="sigmoid")
        self.reduce.build((None, shape[-1]))
        self.expand.build((None, 2))

    def call(self, x):
        return x * self.expand(self.reduce(ops.mean(x, axis=(1, 2))))[:, None, None]


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__(name="mine")
        self.block = ByHand(name="block")
        self.se = SqueezeExcite(4, name="se")

    def call(self, x):
        return self.se(self.block(x))


# -- found ----------------------------------------------------------------------------------------


def test_our_layers_are_found_in_the_order_of_computation():
    model = model_of(
        SqueezeExcite(4, name="a"),
        EfficientChannelAttention(kernel_size=5, name="b"),
        SpatialAttention(3),  # gates places, no channels
        ChannelAttention(2, name="c"),
        CBAM(8, 3, name="d"),
    )
    assert gates.find(model) == (
        ("a", "SE", 8, 2),
        ("b", "ECA", 8, 5),
        ("c", "CBAM", 8, 4),
        ("d", "CBAM", 8, 1),
    )


def test_the_articles_blocks_are_found_among_their_own_layers():
    assert told(model_of(lambda x: se_block(x, 4), eca_block)) == [("SE", 8, 2), ("ECA", 8, 3)]


def inverted(*stages):
    """(C, width) in each block of stages of (blocks, maps in, maps out, expansion).

    The maps in between are gated; a quarter as many units as maps came in are hidden.
    """
    given = [(n, ex) for count, n, out, ex in stages for n in (n, *[out] * (count - 1))]
    return [(maps * expansion, maps // 4) for maps, expansion in given]


def pairs(channels, widths):
    return [*zip(channels, widths, strict=True)]


NETWORKS = {  # worked out from the tables of the papers
    "MobileNetV3Small": pairs(
        [16, 96, 240, 240, 120, 144, 288, 576, 576], [8, 24, 64, 64, 32, 40, 72, 144, 144]
    ),
    "MobileNetV3Large": pairs(
        [72, 120, 120, 480, 672, 672, 960, 960], [24, 32, 32, 120, 168, 168, 240, 240]
    ),
    "EfficientNetB0": inverted(
        *[(1, 32, 16, 1), (2, 16, 24, 6), (2, 24, 40, 6), (3, 40, 80, 6)],
        *[(3, 80, 112, 6), (4, 112, 192, 6), (1, 192, 320, 6)],
    ),
    "EfficientNetB1": inverted(
        *[(2, 32, 16, 1), (3, 16, 24, 6), (3, 24, 40, 6), (4, 40, 80, 6)],
        *[(4, 80, 112, 6), (5, 112, 192, 6), (2, 192, 320, 6)],
    ),
    # the first stages of version 2 have no SE
    "EfficientNetV2B0": inverted((3, 48, 96, 4), (5, 96, 112, 6), (8, 112, 192, 6)),
    "EfficientNetV2S": inverted((6, 64, 128, 4), (9, 128, 160, 6), (15, 160, 256, 6)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_applications_have_been_doing_this_all_along(name):
    # 32 x 32, so that the last maps are 1 x 1 and only the pooling tells which is the vector
    model = getattr(keras.applications, name)(
        weights=None, include_top=False, input_shape=(32, 32, 3)
    )
    found = gates.find(model)
    assert [site[2:] for site in found] == NETWORKS[name]
    assert {site.mechanism for site in found} == {"SE"}
    assert all("excit" in site.path for site in found)


def pooled_by_both(x):
    """CBAM's channel attention, written by hand."""
    reduce, expand = layers.Dense(2, activation="relu"), layers.Dense(8)
    pools = layers.GlobalAveragePooling2D(), layers.GlobalMaxPooling2D()
    answers = [expand(reduce(pool(x))) for pool in pools]
    return x * layers.Reshape((1, 1, 8))(layers.Activation("sigmoid")(answers[0] + answers[1]))


def pooled_by_convolutions(x):
    """As EfficientNet has it, except that the two factors are the other way round."""
    z = ops.mean(x, axis=(1, 2), keepdims=True)
    z = layers.Conv2D(4, 1, activation="swish")(z)
    return layers.Multiply()([layers.Conv2D(8, 1, activation="sigmoid")(z), x])


def excited_by_a_model(x):
    """A vector (batch, C) that the layer Multiply lines up with the channels."""
    excite = keras.Sequential([layers.Dense(3, activation="relu"), layers.Dense(8)])
    return layers.Multiply()([x, excite(layers.GlobalAveragePooling2D()(x))])


def one_dense_layer(x):
    return x * layers.Dense(8)(layers.GlobalAveragePooling2D(keepdims=True)(x))


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (pooled_by_both, ("CBAM", 8, 2)),
        (pooled_by_convolutions, ("SE", 8, 4)),
        (excited_by_a_model, ("SE", 8, 3)),
        (one_dense_layer, ("gate", 8, None)),
        (ByHand(), ("SE", 8, 2)),
    ],
)
def test_blocks_written_by_hand_are_found(block, found):
    assert told(model_of(block)) == [found]


def test_channels_may_come_first():
    def block(x):
        z = layers.GlobalAveragePooling2D(data_format="channels_first")(x)
        z = layers.Dense(8, activation="sigmoid")(layers.Dense(2, activation="relu")(z))
        return x * layers.Reshape((8, 1, 1))(z)

    model = model_of(block, SqueezeExcite(4, data_format="channels_first"), shape=(8, 6, 5))
    assert told(model) == [("SE", 8, 2)] * 2
    images = pictures(shape=(8, 6, 5))
    reading = gates.Reader(model)(images)[0]
    np.testing.assert_array_equal(reading.maps, images.transpose(0, 2, 3, 1))


def gated_by_another(x):
    """Gates made of another map than the one they scale."""
    gates = layers.Dense(8)(layers.GlobalAveragePooling2D(keepdims=True)(x))
    return layers.Conv2D(8, 1)(x) * gates


@pytest.mark.parametrize(
    "block",
    [
        lambda x: layers.Multiply()([x, layers.Conv2D(8, 1)(x)]),  # places gated, too
        lambda x: x * layers.Conv2D(1, 1)(x),  # places gated, channels alike
        lambda x: x * 0.5,
        lambda x: x * ops.mean(x, axis=(1, 2), keepdims=True),  # nothing is weighed: a norm
        lambda x: x * ops.sigmoid(ops.mean(x, axis=(1, 2), keepdims=True)),  # the same: SE-Var1
        gated_by_another,
        layers.Conv2D(8, 3),
    ],
)
def test_what_is_no_channel_gate_is_not_found(block):
    assert gates.find(model_of(block)) == ()


def test_nested_models_are_searched_at_any_depth_and_every_time_they_are_used():
    inner = model_of(SqueezeExcite(4, name="se"), ByHand(name="hand"), name="inner")
    outer = model_of(inner, layers.Conv2D(8, 3, padding="same"), inner, name="outer")
    sequence = keras.Sequential([keras.Input(SHAPE), outer])
    assert [site.path for site in gates.find(sequence)] == [
        "outer/inner/se",
        "outer/inner/hand",
        "outer/inner/se (2)",
        "outer/inner/hand (2)",
    ]


def test_a_subclassed_model_is_opened_by_calling_it_on_symbols():
    model = Subclassed()
    with pytest.raises(ValueError, match=r"`model` must be built, .* Call it once on a picture"):
        gates.find(model)
    model(pictures())
    assert [site.path for site in gates.find(model)] == ["block", "se"]
    assert gates.find(model) == gates.find(model)


def test_a_layer_that_takes_no_symbols_is_told_beside_the_gates():
    class Opaque(layers.Layer):
        def call(self, x):
            return float(x) * x  # which no symbol has

        def compute_output_spec(self, x):
            return keras.KerasTensor(x.shape, x.dtype)

    site, opaque = gates.find(model_of(Opaque(name="opaque"), SqueezeExcite(4)))
    assert site[1:] == ("SE", 8, 2)
    assert isinstance(opaque, gates.Unreadable)
    assert opaque.path == "opaque"
    assert "cannot be followed on symbols: A KerasTensor is symbolic" in opaque.reason


def test_finding_leaves_the_model_as_it_was():
    model = model_of(SqueezeExcite(4), ByHand())
    before = model(pictures())
    names = [layer.name for layer in model.layers]
    gates.find(model)
    assert [layer.name for layer in model.layers] == names
    np.testing.assert_array_equal(model(pictures()), before)


# -- recorded -------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 2, 7])
def test_what_is_recorded_is_what_the_layers_compute(batch_size):
    first, second = SqueezeExcite(4, name="first"), EfficientChannelAttention(name="second")
    images = pictures(5)
    recorded = gates.record(model_of(first, second), images, batch_size=batch_size)
    assert list(recorded) == ["first", "second"]
    np.testing.assert_allclose(recorded["first"], first.gates(images), atol=1e-6)
    np.testing.assert_allclose(recorded["second"], second.gates(first(images)), atol=1e-6)


def test_gates_are_recorded_within_nested_models_and_layers():
    hand, se, other = ByHand(name="hand"), SqueezeExcite(4, name="se"), SqueezeExcite(2, name="x")
    inner = model_of(se, hand, name="inner")
    images = pictures()
    recorded = gates.record(model_of(other, inner, inner), images)
    given = other(images)
    np.testing.assert_allclose(recorded["inner/se"], se.gates(given), atol=1e-6)
    given = inner(given)
    np.testing.assert_allclose(recorded["inner/se (2)"], se.gates(given), atol=1e-6)
    z = ops.mean(se(given), axis=(1, 2))
    expected = hand.expand(hand.reduce(z))
    np.testing.assert_allclose(recorded["inner/hand (2)"], expected, atol=1e-6)


@pytest.mark.parametrize("block", [pooled_by_both, pooled_by_convolutions, excited_by_a_model])
def test_gates_times_maps_is_what_the_block_gives(block):
    model = model_of(block)
    (reading,) = gates.Reader(model)(pictures())
    scaled = reading.maps * reading.gates[:, None, None]
    np.testing.assert_allclose(scaled, model(pictures()), atol=1e-6)


def test_a_model_gives_the_gates_it_has_when_it_is_used_not_trained():
    model = model_of(layers.Dropout(0.9), SqueezeExcite(4, name="se"))
    first, second = (gates.record(model, pictures())["se"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_batches_may_come_one_by_one_and_only_gates_are_kept():
    def stream():
        for i in range(4):
            yield np.full((2, *SHAPE), i, "float32")

    model = model_of(SqueezeExcite(4, name="se"))
    whole = np.concatenate([*stream()])
    np.testing.assert_array_equal(
        gates.record(model, stream())["se"], gates.record(model, whole)["se"]
    )


def test_an_interrupt_leaves_the_model_usable():
    def interrupted():
        yield pictures()
        raise KeyboardInterrupt

    model = model_of(SqueezeExcite(4, name="se"))
    before = gates.record(model, pictures())["se"]
    with pytest.raises(KeyboardInterrupt):
        gates.record(model, interrupted())
    np.testing.assert_array_equal(gates.record(model, pictures())["se"], before)


def test_no_more_than_a_batch_is_asked_for_at_once():
    class Watched(np.ndarray):
        largest = 0

        def __getitem__(self, key):
            part = super().__getitem__(key)
            if isinstance(key, slice):
                Watched.largest = max(Watched.largest, len(part))
            return np.asarray(part)

    gates.record(model_of(SqueezeExcite(4)), pictures(7).view(Watched), batch_size=2)
    assert Watched.largest == 2


def test_long_work_shows_its_progress_and_short_work_does_not(capsys, monkeypatch):
    model = model_of(SqueezeExcite(4))
    gates.record(model, pictures(3), batch_size=1)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(gates, "SILENT_SECONDS", -1)
    gates.record(model, pictures(3), batch_size=1)
    assert "3/3" in capsys.readouterr().out
    gates.record(model, iter([pictures(1)] * 3))
    assert "3/Unknown" in capsys.readouterr().out


# -- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("thing", [None, "ResNet50", SqueezeExcite(4), np.ones(3)])
def test_what_is_no_model_is_refused(thing):
    with pytest.raises(ValueError, match=r"`model` must be a Keras model. Received: "):
        gates.find(thing)


def test_a_model_without_gates_has_none_to_record():
    model = model_of(layers.Conv2D(4, 3), name="plain")
    for call in (lambda: gates.record(model, pictures()), lambda: gates.Reader(model)):
        with pytest.raises(ValueError, match=r"must have channel gates. Received: 'plain'.*attach"):
            call()


def test_a_model_that_takes_more_than_pictures_is_refused():
    first, second = keras.Input(SHAPE), keras.Input((3,))
    model = keras.Model([first, second], [SqueezeExcite(4)(first), second])
    assert told(model) == [("SE", 8, 2)]
    with pytest.raises(ValueError, match="`model` must take one array, such as pictures, and"):
        gates.record(model, pictures())


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.ones(SHAPE), "becomes a batch by `image\\[None\\]`"),
        (np.ones((2, 6, 5, 3)), "Received: float64 of shape \\(2, 6, 5, 3\\). Resize"),
        (np.array([["a"]]), "`images` must be numbers of the shape"),
        ("cat.jpg", "`images` must be an array .* Received: str. Stack"),
        (None, "`images` must be an array .* Received: NoneType"),
        (np.ones((0, *SHAPE)), "must hold one picture or more"),
        ([], "must hold one picture or more"),
    ],
)
def test_images_that_do_not_fit_get_a_sentence(images, sentence):
    with pytest.raises(ValueError, match=sentence):
        gates.record(model_of(SqueezeExcite(4)), images)


@pytest.mark.parametrize("size", [0, 1.5, True])
def test_a_batch_holds_one_picture_or_more(size):
    with pytest.raises(ValueError, match="`batch_size` must be a whole number of 1 or more"):
        gates.record(model_of(SqueezeExcite(4)), pictures(), batch_size=size)
