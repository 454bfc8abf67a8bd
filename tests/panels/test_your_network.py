"""The panel of your own network, driven by its controls; what it shows is what the layers do."""

import io

import numpy as np
import pytest
from PIL import Image

from attention_lib._keras import keras
from attention_lib._words import number
from attention_lib.examples import photos
from attention_lib.layers import EfficientChannelAttention, SqueezeExcite
from attention_lib.models import pretrained
from attention_lib.panels import show_your_network
from attention_lib.panels.your_network import uploads
from tests.panels.readable import unreadable, unreadable_when_narrow


@pytest.fixture(scope="module")
def network():
    return pretrained.photo_network()


@pytest.fixture(scope="module")
def other():
    """A small model for grey pictures of any size, that takes white as 1."""
    keras.utils.set_random_seed(0)
    x = inputs = keras.Input((None, None, 1))
    for i, width in enumerate((2, 40), start=1):
        x = keras.layers.Conv2D(width, 3, 4, activation="relu")(x)
        x = EfficientChannelAttention(name=f"eca_{i}")(x)
    return keras.Model(inputs, x, name="grey")


def seen(name, side=pretrained.SIDE):
    """A shipped photograph as the network gets it."""
    picture = (photos.load_photo(name, 224) * 255).round().astype(np.uint8)
    return uploads.fit(picture, side, side)[None] * 255


def gates_of(model, name, photo):
    """The gates of a layer of ours, by the layer itself."""
    layer = model.get_layer(name)
    given = keras.Model(model.input, layer.input)(seen(photo), training=False)
    return keras.ops.convert_to_numpy(layer.gates(given))[0]


def upload(panel, name, content):
    """What a browser does."""
    message = {"name": name, "size": len(content)}
    panel.upload._handle_custom_msg(message, [memoryview(content)])


def png(colour, size=(50, 30)):
    stored = io.BytesIO()
    Image.new("RGB", size, colour).save(stored, "PNG")
    return stored.getvalue()


@pytest.mark.parametrize("layer", range(4))
def test_the_gates_shown_are_the_layers_own(network, layer):
    panel = show_your_network(network)
    panel.set(photo="leaves", other="rocket", layer=layer)
    assert (panel.message, unreadable(panel)) == ("", [])
    first, second = (gates_of(network, f"se_{layer + 1}", p) for p in ("leaves", "rocket"))
    order = np.argsort(-first, kind="stable")
    scene = panel.figure.scene
    shown = [row.values for row in scene.rows]
    np.testing.assert_array_equal(scene.rows[1].dashes, shown[0])
    np.testing.assert_allclose(shown[0], np.sort(first)[::-1], atol=1e-5)
    np.testing.assert_allclose(shown[1][0], second[order[0]], atol=1e-3)
    np.testing.assert_allclose(np.sort(shown[1]), np.sort(second), atol=1e-5)
    moved = np.abs(second - first)
    channel = moved.argmax()
    far = (moved > 0.1).sum()
    assert f"{far} of {len(first)} gates change by more than 0.1" in panel.figure.alt
    change = f"{number(first[channel])} → {number(second[channel])}"
    assert f"channel {channel} changes most, {change}" in panel.figure.alt
    reaches = [f"{number(gates.min())} to {number(gates.max())}" for gates in (first, second)]
    assert f"First: gates {reaches[0]}, mean {number(first.mean())}" in panel.figure.alt
    assert [words.get_text() for words in scene._reaches] == reaches
    assert scene._sentence.get_text() in panel.figure.alt


def test_the_most_open_closed_and_different_channels_stand_under_their_maps(network):
    panel = show_your_network(network, layer=3)
    first, second = (gates_of(network, "se_4", photo) for photo in ("cat", "brick"))
    scene = panel.figure.scene
    channels = [[int(t.get_text()[3:]) for t in row] for row in scene.channels]
    assert sorted(first[channels[0]]) == pytest.approx(sorted(first)[-4:], abs=1e-6)
    assert sorted(first[channels[1]]) == pytest.approx(sorted(first)[:4], abs=1e-6)
    assert channels[2][0] == np.abs(second - first).argmax()
    for row, gates in zip(scene.numbers, (first, second), strict=True):
        for texts, group in zip(row, channels, strict=True):
            assert [t.get_text() for t in texts] == [number(gate) for gate in gates[group]]
    given = keras.Model(network.input, network.get_layer("relu_4").output)(seen("cat"))
    maps = keras.ops.convert_to_numpy(given)[0][..., channels[1]]
    other = keras.Model(network.input, network.get_layer("relu_4").output)(seen("brick"))
    top = np.maximum(maps, keras.ops.convert_to_numpy(other)[0][..., channels[1]]).max((0, 1))
    expected = np.moveaxis(maps / np.maximum(top, 1e-12) * 255, -1, 0)
    np.testing.assert_allclose(scene.maps[0][1].shown[..., 0], expected, atol=1.5)


def test_the_shipped_network_listens(network):
    """Its last gates tell photographs apart, and the panel begins with it."""
    panel = show_your_network()
    assert list(panel.state.sites) == [
        (f"se_{i}", "SE", c, c // 4) for i, c in enumerate(pretrained.WIDTHS, start=1)
    ]
    first, second = (gates_of(network, "se_4", photo) for photo in ("cat", "brick"))
    assert np.abs(first - second).max() > 0.4


def test_the_same_picture_twice_gives_the_same_gates(network):
    panel = show_your_network(network, other="cat")
    assert "The same picture twice: the same gates." in panel.figure.alt
    np.testing.assert_array_equal(*(row.values for row in panel.figure.scene.rows))


def test_another_model_has_other_layers(network, other):
    panel = show_your_network({"photos": network, "grey": other}, layer=3)
    panel.controls["model"].value = "grey"
    assert (panel.message, panel.state.layer, len(panel.state.sites)) == ("", 0, 2)
    assert unreadable(panel) == []
    assert panel.state.pictures[0].shape == (224, 224, 3)
    assert [label for label, _ in panel.controls["layer"].options] == [
        "1: eca_1 (ECA, 2 channels)",
        "2: eca_2 (ECA, 40 channels)",
    ]
    panel.controls["layer"].value = 1
    assert "ECA, 40 channels, k = 3." in panel.figure.alt
    panel.controls["model"].value = "photos"
    assert (panel.message, panel.state.layer, len(panel.state.sites)) == ("", 0, 4)


def test_white_is_what_the_model_takes_it_for(other):
    low = show_your_network(other, white=1, layer=0).state
    high = show_your_network(other, white=255, layer=0).state
    np.testing.assert_allclose(high.maps[0], 255 * low.maps[0], rtol=1e-4, atol=1e-4)


def test_a_model_with_colours_first_is_shown_the_same_picture():
    inputs = keras.Input((3, 20, 24))
    layer = SqueezeExcite(3, data_format="channels_first")
    panel = show_your_network(keras.Model(inputs, layer(inputs)))
    assert panel.state.pictures[0].shape == (20, 24, 3)
    np.testing.assert_allclose(panel.state.maps[0], panel.state.pictures[0] * 255, atol=1e-3)


def test_every_layers_spread_is_wide_where_its_gates_stand(network):
    panel = show_your_network(network)
    spreads = panel.figure.scene.spread.shown
    for half, photo in zip(spreads, ("cat", "brick"), strict=True):
        for layer, widths in enumerate(half):
            gates = gates_of(network, f"se_{layer + 1}", photo)
            near = np.abs((np.arange(64) + 0.5) / 64 - gates[:, None]).min(axis=0)
            assert widths.max() == 1
            assert near[widths.argmax()] < 0.1
            assert (widths[near > 0.15] == 0).all()


@pytest.mark.parametrize("channels", [1, 2, 3, 24, 512, 2048])
def test_few_and_very_many_channels_can_be_looked_at(channels):
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(channels, 1)(inputs)
    panel = show_your_network(keras.Model(inputs, SqueezeExcite(1)(x)))
    scene, most = panel.figure.scene, min(channels, 4)
    assert len(scene.rows[0].values) == channels
    assert (scene.rows[1].dashes is None) == (channels > 200)  # no room for them
    told = [[text.get_text() for text in row if text.get_text()] for row in scene.channels]
    assert [len(row) for row in told] == [most] * 3
    assert [len(maps.shown) for row in scene.maps for maps in row] == [most] * 6
    assert unreadable(panel) == []
    assert unreadable_when_narrow(panel) == []


def test_a_click_on_a_spread_chooses_its_layer(network):
    panel = show_your_network(network)
    for layer, x in ((2, 330 + 2.5 * 154), (0, 400), (3, 940)):
        panel.figure._on_message(panel.figure, {"click": [x, 100]}, [])
        assert (panel.state.layer, panel.controls["layer"].value) == (layer, layer)
    panel.figure._on_message(panel.figure, {"click": [100, 100]}, [])
    assert panel.state.layer == 3


# -- pictures of one's own ------------------------------------------------------------------------


def test_an_uploaded_picture_becomes_the_first(network):
    panel = show_your_network(network, photo="coffee", other="leaves")
    upload(panel, "holiday on the beach.png", png((200, 30, 30)))
    assert (panel.message, unreadable(panel)) == ("", [])
    assert panel.controls["photo"].value == "yours: holiday on the beach.png"
    assert panel.controls["other"].value == "leaves"
    np.testing.assert_allclose(
        panel.state.pictures[0], np.broadcast_to(np.float32((200, 30, 30)) / 255, (96, 96, 3))
    )
    assert "yours: holiday on the beach.png and palm leaves" in panel.figure.alt
    panel.controls["photo"].value = "cat"
    np.testing.assert_allclose(panel.state.pictures[0], seen("cat")[0] / 255)


def test_the_same_name_again_is_the_new_picture(network):
    panel = show_your_network(network)
    for colour in ((255, 0, 0), (0, 0, 255)):
        upload(panel, "cat", png(colour))
        np.testing.assert_allclose(panel.state.pictures[0][0, 0] * 255, colour)
    assert len(panel.controls["photo"].options) == len(photos.PHOTOS) + 1


def test_only_the_last_pictures_are_kept(network):
    panel = show_your_network(network)
    upload(panel, "0.png", png((0, 0, 0)))
    panel.controls["other"].value = "yours: 0.png"
    for i in range(1, 6):
        upload(panel, f"{i}.png", png((i, i, i)))
    assert panel.message == ""
    mine = [name for _, name in panel.controls["photo"].options if name.startswith("yours")]
    assert mine == [f"yours: {i}.png" for i in range(2, 6)]
    assert panel.controls["other"].value == "cat"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (png((1, 2, 3), (300, 300))[:-60], "A picture must be whole. Received: my.png"),
        (b"%PDF-1.7", "A picture must be a PNG, JPEG or WebP file. Received: my.png"),
        (b"", "Received: my.png, which is empty"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_the_picture_stays(
    network, content, sentence
):
    panel = show_your_network(network)
    before = panel.figure.png()
    upload(panel, "my.png", content)
    assert sentence in panel.message
    assert panel.figure.png() == before
    panel.controls["layer"].value = 1
    assert panel.message == ""
    for message in ({}, {"name": "my.png"}, [], None, {"name": 1, "size": "2"}):
        panel.upload._handle_custom_msg(message, [])
    assert panel.message == ""
    panel.upload._handle_custom_msg({"name": "my.png", "size": 12_345_678}, [])
    assert "must have 10 MB or less. Received: my.png, which has 12.3 MB" in panel.message
    assert panel.figure.png() != before  # that of the other layer


# -- what cannot be, and what lasts ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"photo": "dog"}, "`first picture` must be one of 'cat'"),
        ({"other": "dog"}, "`second picture` must be one of 'cat'"),
        ({"layer": 4}, "`layer` must be one of 0, 1, 2, 3. Received: 4"),
        ({"white": 0}, "`white` must be a finite number greater than 0"),
        ({"models": {}}, "`models` must hold one model or more"),
        ({"models": "ResNet50"}, "`model` must be a Keras model. Received: str"),
        ({"models": {"a": None}}, "`model` must be a Keras model. Received: NoneType"),
    ],
)
def test_a_start_that_cannot_be_is_refused(network, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        show_your_network(**{"models": network, **arguments})


def test_a_model_without_gates_is_refused():
    inputs = keras.Input((8, 8, 3))
    with pytest.raises(ValueError, match="`model` must have channel gates"):
        show_your_network(keras.Model(inputs, keras.layers.Conv2D(4, 3)(inputs)))


def test_a_model_for_five_colours_is_refused():
    inputs = keras.Input((8, 8, 5))
    with pytest.raises(ValueError, match="must take one or three colours"):
        show_your_network(keras.Model(inputs, SqueezeExcite(1)(inputs)))


def test_fifty_moves_leave_one_figure_with_the_same_artists(network):
    panel = show_your_network(network)
    panel.figure._on_message(panel.figure, {"scale": 1, "dark": True}, [])
    figure, artists = panel.figure.figure, len(panel.figure.figure.findobj())
    for move in range(50):
        panel.controls["layer"].value = (move + 1) % 4
        if move % 10 == 0:
            panel.controls["photo"].value = list(photos.PHOTOS)[move // 10]
        assert panel.message == ""
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == artists


@pytest.mark.parametrize("readable", [unreadable, unreadable_when_narrow])
@pytest.mark.parametrize("photo", list(photos.PHOTOS))
def test_all_words_can_be_read_whatever_the_photo(network, photo, readable):
    panel = show_your_network(network, photo=photo, other="grass")
    for layer in range(4):
        panel.controls["layer"].value = layer
        assert readable(panel) == []


def test_a_long_name_of_a_layer_is_cut_and_can_be_read():
    inputs = keras.Input((8, 8, 3))
    name = "a_layer_with_a_name_that_" + "goes_on_and_" * 6
    x = keras.layers.Conv2D(64, 1)(inputs)
    panel = show_your_network(keras.Model(inputs, SqueezeExcite(1, name=name)(x)))
    assert panel.figure.scene._title.get_text().endswith("…")
    assert name in panel.figure.alt
    assert unreadable(panel) == []
    assert unreadable_when_narrow(panel) == []
