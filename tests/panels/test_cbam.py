"""The CBAM panel, driven by its own controls; the numbers shown are the library's."""

import itertools

import numpy as np
import pytest

from attention_lib._words import number
from attention_lib.examples import filters, hand_made, photos
from attention_lib.panels import show_cbam
from attention_lib.panels.cbam.panel import ORDERS
from attention_lib.panels.cbam.scene import TALLEST
from attention_lib.steps.activations import sigmoid
from attention_lib.steps.cbam import cbam_forward
from attention_lib.steps.se import trace_excitation
from tests.panels.readable import unreadable


def scene(panel):
    return panel.figure.scene


def lines(panel):
    return [line.get_text() for line in scene(panel)._lines]


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
    means, maxima, gates = (bars.values for bars in scene(panel).bars)
    np.testing.assert_allclose(means, trace.channel.squeezed[0], atol=1e-6)
    np.testing.assert_allclose(maxima, trace.channel.squeezed[1], atol=1e-6)
    np.testing.assert_allclose(gates, trace.channel.gates, atol=1e-6)
    channel, (row, column) = set_to["channel"], panel.state.most_open
    assert trace.spatial.gates[row, column] == trace.spatial.gates.max()
    assert lines(panel)[0].endswith(f"= {number(gates[channel])}")
    assert lines(panel)[1].startswith(
        f"In the ring (row {row}, column {column}): value {number(maps[row, column, channel])} × "
        f"channel {number(gates[channel])} × place {number(trace.spatial.gates.max())} "
        f"= {number(trace.scaled[row, column, channel])}."
    )
    assert all(line in panel.figure.alt for line in lines(panel))


def test_the_gates_of_places_have_the_colours_of_gates():
    panel = show_cbam()
    gates = panel.state.trace.spatial.gates
    colours = scene(panel)._look.gates(gates)[..., :3] * 255
    np.testing.assert_allclose(scene(panel).gates.shown[0], colours, atol=4)  # 256 shades


def test_the_kernel_shown_is_the_one_used_and_the_ring_stands_where_its_gate_is_largest():
    panel = show_cbam()
    for size in (3, 7):
        panel.controls["kernel_size"].value = size
        assert {mark.shown.shape for mark in scene(panel).kernels} == {(1, size, size, 3)}
        assert panel.state.weights.spatial.kernel.shape == (size, size, 2)
        row, column = panel.state.most_open
        small, _, large, _ = (ring.center for ring in scene(panel)._rings)
        assert small == pytest.approx(
            (452 + 148 * (column + 0.5) / 56, 326 + 148 * (row + 0.5) / 56)
        )
        assert large == pytest.approx(
            (740 + 206 * (column + 0.5) / 56, 36 + 206 * (row + 0.5) / 56)
        )


def test_a_dash_stands_where_the_mean_alone_would_put_the_gate():
    panel = show_cbam()
    mlp = hand_made.hand_made_cbam(8).channel
    alone = trace_excitation(filters.feature_maps("cat", 8).mean((0, 1)), mlp).gates
    np.testing.assert_allclose(panel.state.by_mean_alone, alone, atol=1e-6)
    dashes = [segment[0][1] for segment in scene(panel)._ticks[1].get_segments()]
    np.testing.assert_allclose((242 - np.array(dashes)) / 50, alone, atol=1e-6)


def test_mean_and_maximum_say_opposite_things_of_the_cat():
    panel = show_cbam(photo="cat")
    by_mean, by_max = sigmoid(panel.state.trace.channel.expanded)
    assert (by_mean[:4] < 0.2).all()
    assert (by_max[:4] > 0.8).all()
    assert "−1.92 to the means and 2.96 to the maxima" in panel.figure.alt


def test_the_order_shows_in_headings_and_its_effect_in_words():
    panel = show_cbam()
    one = panel.state.trace.scaled
    panel.controls["order"].value = "spatial_channel"
    assert scene(panel)._what.get_text() == "then, what: a gate for every channel"
    assert scene(panel)._where.get_text() == "first, where: a gate for every place"
    apart = float(np.abs(one - panel.state.trace.scaled).max())
    assert apart > 0.1
    assert lines(panel)[2].endswith(
        f"In the other order a value would differ by up to {apart:.3f}."
    )
    panel.controls["order"].value = "parallel"
    assert "One after the other" in lines(panel)[2]


def test_weights_are_called_what_they_are():
    panel = show_cbam()
    assert lines(panel)[2].startswith("Weights made by hand")
    panel.controls["weights"].value = "seeded"
    assert lines(panel)[2].startswith("Weights drawn from a seed, not trained")
    panel.set(weights="hand-made", channels=24)
    assert lines(panel)[2].startswith("Nobody made weights by hand for C = 24: these are from")
    assert panel.preset.split()[2] == "weights=hand-made"
    made, _ = (title for title, _ in panel.controls["weights"].options)
    assert made.endswith("if C is {} or {}".format(*hand_made.CBAM_CHANNELS))


def test_rounding_in_an_empty_map_stays_black():
    panel = show_cbam(photo="brick", channel=5)
    assert filters.feature_maps("brick", 8)[..., 5].max() < 1e-4
    assert scene(panel).before.shown.max() <= 1


def test_no_photo_has_a_bar_higher_than_its_row():
    for photo in photos.PHOTOS:
        maps = filters.feature_maps(photo, 2048)
        assert maps.mean((0, 1)).max() < TALLEST[0]
        assert maps.max() < TALLEST[1]


# -- the controls ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("photo", photos.PHOTOS)
def test_every_control_can_go_to_its_ends_and_every_word_can_be_read(photo, dark):
    panel = show_cbam(photo=photo)
    panel.figure._on_message(None, {"scale": 1, "dark": dark}, None)
    figure = panel.figure.figure
    sizes = (1, 8, 16, 64)
    for channels, weights, size, order in itertools.product(
        sizes, ("hand-made", "seeded"), (3, 7), ORDERS.values()
    ):
        panel.set(channels=channels, weights=weights, kernel_size=size, order=order)
        panel.controls["channel"].slider.value = panel.controls["channel"].slider.max
        assert panel.message == ""
        assert unreadable(panel) == []
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1


def test_the_longest_names_fit():
    panel = show_cbam(channels=16)
    for channel in range(16):
        panel.controls["channel"].value = channel
        assert unreadable(panel) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("channels", 0, "`channels` must be a whole number from 1 to 2048."),
        ("channels", 10**9, "`channels` must be a whole number from 1 to 2048."),
        ("channel", 8, "`channel` must be one of the 8 channels."),
        ("channel", 0.5, "`channel` must be one of the 8 channels."),
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


def test_a_click_on_a_bar_chooses_its_channel():
    panel = show_cbam()
    for place, chosen in (((280, 80), 0), ((715, 230), 7), ((480, 400), 7)):
        panel.figure._on_message(None, {"click": place}, None)
        assert panel.state.channel == chosen
