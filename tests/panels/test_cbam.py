"""The CBAM panel, driven by its own controls; the numbers shown are the library's."""

import itertools

import numpy as np
import pytest

from attention_lib._words import number
from attention_lib.examples import filters, hand_made, photos
from attention_lib.panels import show_cbam
from attention_lib.panels.cbam.panel import ORDERS
from attention_lib.panels.cbam.scene import CHOSEN, CHOSEN_LEFT, CHOSEN_TOPS
from attention_lib.steps.activations import sigmoid
from attention_lib.steps.cbam import cbam_forward
from attention_lib.steps.se import trace_excitation
from tests.panels.readable import unreadable, unreadable_when_narrow


def scene(panel):
    return panel.figure.scene


def click(panel, x, y):
    panel.figure._on_message(None, {"click": [x, y]}, None)


# -- the numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moves",
    [
        {},
        {"photo": "brick", "channels": 16, "channel": 11, "kernel_size": 3},
        {"photo": "coffee", "order": "spatial_channel"},
        {"photo": "rocket", "order": "parallel", "channel": 6},
        {"channels": 1, "channel": 0},
        {"channels": 64, "channel": 63, "weights": "seeded"},
    ],
)
def test_the_numbers_shown_are_the_librarys(moves):
    panel = show_cbam()
    panel.set(**moves)
    assert panel.message == ""
    set_to = panel.values()
    maps = filters.feature_maps(set_to["photo"], set_to["channels"])
    trace = cbam_forward(maps, panel.state.weights, order=set_to["order"])
    rows = scene(panel).means, scene(panel).maxima, scene(panel).gates
    means, maxima, gates = (row.values for row in rows)
    np.testing.assert_allclose(means, trace.channel.squeezed[0], atol=1e-6)
    np.testing.assert_allclose(maxima, trace.channel.squeezed[1], atol=1e-6)
    np.testing.assert_allclose(gates, trace.channel.gates, atol=1e-6)
    channel, (row, column) = set_to["channel"], panel.state.most_open
    assert trace.spatial.gates[row, column] == trace.spatial.gates.max()
    assert scene(panel)._sentence.get_text().endswith(f"= {number(gates[channel])}.")
    assert scene(panel).after.title.get_text() == (
        f"{number(maps[row, column, channel])} × {number(gates[channel])} × "
        f"{number(trace.spatial.gates.max())} = {number(trace.scaled[row, column, channel])}"
    )
    for words in (scene(panel)._sentence, scene(panel).after.title, scene(panel)._origin):
        assert words.get_text() in panel.figure.alt
    assert scene(panel)._said.text in panel.figure.alt


def test_bars_bear_their_numbers_where_they_fit():
    panel = show_cbam(channels=16)
    channel = panel.state.trace.channel
    for row, values in (
        (scene(panel).means, channel.squeezed[0]),
        (scene(panel).maxima, channel.squeezed[1]),
        (scene(panel).gates, channel.gates),
    ):
        assert row.numbers == [number(value) for value in values]
    panel.set(channels=64)
    assert scene(panel).gates.numbers == []


def test_the_gates_of_places_have_the_colours_of_gates():
    panel = show_cbam()
    gates = panel.state.trace.spatial.gates
    colours = scene(panel).look.gates(gates)[..., :3] * 255
    np.testing.assert_allclose(scene(panel).places.shown, colours, atol=4)  # 256 shades


def test_the_chosen_map_is_shown_before_and_after_on_one_scale_of_grey():
    panel = show_cbam(channel=4)
    trace = panel.state.trace
    pair = trace.feature_map[..., 4], trace.scaled[..., 4]
    for picture, values in zip((scene(panel).before, scene(panel).after), pair, strict=True):
        grey = 255 * values / max(maps.max() for maps in pair)
        np.testing.assert_allclose(picture.shown[..., 0], grey, atol=1)
    assert scene(panel).before.title.get_text() == "map 4"
    assert scene(panel)._sentence.get_text().startswith("Map 4, red − green: one MLP answers")


def test_the_kernel_shown_is_the_one_used_and_rings_stand_where_its_gate_is_largest():
    panel = show_cbam()
    for size in (3, 7):
        panel.controls["kernel_size"].value = size
        assert {kernel.shown.shape for kernel in scene(panel).kernels} == {(size, size, 3)}
        assert scene(panel)._size.get_text() == f"{size} × {size}"
        assert panel.state.weights.spatial.kernel.shape == (size, size, 2)
        row, column = panel.state.most_open
        for ring, top in zip(scene(panel).rings, CHOSEN_TOPS, strict=True):
            assert ring.place == pytest.approx(
                (CHOSEN_LEFT + CHOSEN * (column + 0.5) / 56, top + CHOSEN * (row + 0.5) / 56)
            )
        x, y = scene(panel).ring.place
        assert ((x - 362) / 182 * 56, (y - 292) / 182 * 56) == pytest.approx(
            (column + 0.5, row + 0.5)
        )


def test_a_dash_stands_where_the_mean_alone_would_put_the_gate():
    panel = show_cbam()
    mlp = hand_made.hand_made_cbam(8).channel
    alone = trace_excitation(filters.feature_maps("cat", 8).mean((0, 1)), mlp).gates
    np.testing.assert_allclose(scene(panel).gates.dashes, alone, atol=1e-6)
    assert scene(panel)._order.get_text() == "dash: mean alone"
    panel.set(channels=64)  # whose weights mean nothing
    assert scene(panel).gates.dashes is None
    assert scene(panel)._order.get_text() == ""


def test_mean_and_maximum_say_opposite_things_of_the_cat():
    panel = show_cbam(photo="cat")
    by_mean, by_max = sigmoid(panel.state.trace.channel.expanded)
    assert (by_mean[:4] < 0.2).all()
    assert (by_max[:4] > 0.8).all()
    assert (
        "one MLP answers −1.92 to its mean, 2.96 to its maximum; σ(−1.92 + 2.96) = 0.74."
        in panel.figure.alt
    )


def test_the_order_shows_in_headings_and_its_effect_in_words():
    panel = show_cbam()
    one = panel.state.trace.scaled
    panel.controls["order"].value = "spatial_channel"
    assert scene(panel)._what.get_text() == "then, what: a gate for every channel"
    assert scene(panel)._where.get_text() == "first, where: a gate for every place"
    apart = float(np.abs(one - panel.state.trace.scaled).max())
    assert apart > 0.1
    assert scene(panel)._said.text.endswith(
        f"In the other order a value differs by up to {apart:.2f}."
    )
    panel.controls["order"].value = "parallel"
    assert "One after the other a value differs" in scene(panel)._said.text


def test_weights_are_called_what_they_are():
    panel = show_cbam()
    assert scene(panel)._origin.get_text() == "weights made by hand"
    panel.controls["weights"].value = "seeded"
    assert scene(panel)._origin.get_text() == "seeded weights, not trained: no meaning"
    panel.set(weights="hand-made", channels=24)
    assert scene(panel)._origin.get_text() == "none by hand for C = 24: seeded, no meaning"
    assert panel.preset.split()[2] == "weights=hand-made"
    made, _ = (title for title, _ in panel.controls["weights"].options)
    assert made.endswith("if C is {} or {}".format(*hand_made.CBAM_CHANNELS))


def test_rounding_in_an_empty_map_stays_black():
    panel = show_cbam(photo="brick", channel=5)
    assert filters.feature_maps("brick", 8)[..., 5].max() < 1e-4
    assert scene(panel).before.shown.max() <= 1


@pytest.mark.parametrize("channels", [8, 2048])
@pytest.mark.parametrize("photo", photos.PHOTOS)
def test_no_photo_has_a_bar_higher_than_its_row(photo, channels):
    panel = show_cbam(photo=photo, channels=channels)
    for row in (scene(panel).means, scene(panel).maxima):
        assert row.values.max() <= row._bars.high


# -- the controls ---------------------------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize("readable", [unreadable, unreadable_when_narrow])
@pytest.mark.parametrize("photo", photos.PHOTOS)
def test_every_control_can_go_to_its_ends_and_every_word_can_be_read(photo, readable):
    panel = show_cbam(photo=photo)
    figure = panel.figure.figure
    sizes = (1, 8, 16, 64)
    for channels, weights, size, order in itertools.product(
        sizes, ("hand-made", "seeded"), (3, 7), ORDERS.values()
    ):
        panel.set(channels=channels, weights=weights, kernel_size=size, order=order)
        panel.controls["channel"].box.value = channels - 1
        assert panel.message == ""
        assert readable(panel) == []
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1


@pytest.mark.sweep
@pytest.mark.parametrize("readable", [unreadable, unreadable_when_narrow])
def test_the_longest_names_fit(readable):
    panel = show_cbam(channels=16)
    for channel in range(16):
        panel.controls["channel"].value = channel
        assert readable(panel) == []


def test_very_many_channels_can_be_read():
    panel = show_cbam(channels=2048, channel=2047)
    assert unreadable(panel) == []
    assert unreadable_when_narrow(panel) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("channels", 0, "`channels` must be a whole number from 1 to 2048."),
        ("channels", 10**9, "`channels` must be a whole number from 1 to 2048."),
        ("channel", 8, "`channel` must be a whole number from 0 to 7."),
        ("channel", 0.5, "`channel` must be a whole number from 0 to 7."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_cbam()
    picture, alt = panel.figure.png(), panel.figure.alt
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert (panel.figure.png(), panel.figure.alt) == (picture, alt)
    panel.controls[name].box.value = 1
    assert panel.message == ""


@pytest.mark.parametrize("wrong", [{"kernel_size": 5}, {"order": "both"}, {"weights": "trained"}])
def test_a_panel_cannot_begin_with_what_there_is_not(wrong):
    with pytest.raises(ValueError, match="must be one of"):
        show_cbam(**wrong)


def test_a_click_on_a_column_chooses_its_channel():
    panel = show_cbam()
    for x, y, chosen in ((160, 40, 0), (690, 220, 7), (430, 245, 4), (430, 400, 4), (60, 100, 4)):
        click(panel, x, y)
        assert panel.state.channel == panel.controls["channel"].value == chosen


def test_very_many_gates_stand_by_size_and_a_click_chooses_the_one_that_stands_there():
    panel = show_cbam(channels=512, channel=7)
    gates = panel.state.trace.channel.gates
    row = scene(panel).gates
    np.testing.assert_allclose(row.values, gates, atol=1e-6)
    assert row.sorted
    assert scene(panel)._order.get_text() == "from closed to open"
    click(panel, 699, 200)  # the right end
    assert panel.state.channel == gates.argmax()
    click(panel, 152.5, 200)
    assert panel.state.channel == gates.argmin()
    click(panel, 152.5, 100)  # the means stand in the order of the channels
    assert panel.state.channel == 0
    panel.set(channels=64)
    assert not row.sorted


def test_both_themes_are_drawn():
    panel = show_cbam()
    light = panel.figure.png()
    panel.figure._on_message(None, {"scale": 1, "dark": True}, None)
    assert panel.figure.png() != light
    assert unreadable(panel) == []
