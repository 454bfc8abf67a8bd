"""The scale panel, driven by its own controls and faders; the numbers shown are the library's."""

import math

import numpy as np
import pytest
from ipywidgets import Button

from attention_lib.examples import filters, photos
from attention_lib.figures import marks, theme
from attention_lib.panels import show_scale
from attention_lib.panels.kit import sources
from attention_lib.panels.scale.scene import BARS_END, CHOSEN, HEIGHT, SCALED
from attention_lib.steps.se import scale, se_forward, squeeze
from tests.panels.readable import unreadable, unreadable_when_narrow


def scene(panel):
    return panel.figure.scene


def faders(panel):
    return panel.controls["gates"]


def press(panel, name):
    """Press the button of that name."""
    (button,) = [b for b in inside(panel) if isinstance(b, Button) and b.description == name]
    button.click()


def inside(widget):
    """Every widget in a widget."""
    for child in getattr(widget, "children", ()):
        yield child
        yield from inside(child)


def click(panel, x, y):
    panel.figure._on_message(panel.figure, {"click": [x, y]}, [])


def se_gates(photo="cat", channels=8):
    """What SE makes of a photo, worked out beside the panel."""
    weights, _ = sources.excitation_weights("hand-made", channels, min(4, channels))
    return se_forward(filters.feature_maps(photo, channels), weights).gates


def agree(panel, gates):
    """The panel shows these gates, and what the library makes of them."""
    state, channel = panel.state, panel.controls["channel"].value
    maps = filters.feature_maps(panel.controls["photo"].value, len(gates))
    scaled = scale(maps, np.asarray(gates))
    np.testing.assert_allclose(state.gates, gates, atol=1e-6)
    np.testing.assert_allclose(state.scaled, scaled, atol=1e-5)
    np.testing.assert_allclose(scene(panel).gates.values, gates, atol=1e-6)
    assert scene(panel).gates.numbers == [f"{gate:.2f}" for gate in state.gates]
    shown = [fader.value for fader in faders(panel).faders if fader.layout.display != "none"]
    np.testing.assert_allclose(shown, gates, atol=0.005 + 1e-9)
    assert faders(panel).gate.value == pytest.approx(gates[channel], abs=0.005 + 1e-9)
    np.testing.assert_array_equal(
        scene(panel).after.shown, marks.shades(state.scaled, theme.LIGHT.maps)
    )
    before, after = (picture.shown for picture in scene(panel).chosen)
    np.testing.assert_array_equal(before, marks.shades(maps, theme.LIGHT.maps)[channel])
    np.testing.assert_array_equal(after, marks.shades(state.scaled, theme.LIGHT.maps)[channel])
    peaks = maps[..., channel].max(), state.scaled[..., channel].max()
    sentence = (
        f"All 3136 values × {state.gates[channel]:.2f}. The brightest, {peaks[0]:.2f}, becomes "
        f"{peaks[1]:.2f}. Shapes stay 56 × 56 × {len(gates)}."
    )
    assert scene(panel)._words.text.startswith(sentence)
    assert sentence in panel.figure.alt
    assert ", ".join(f"{gate:.2f}" for gate in state.gates) in panel.figure.alt


# -- SE's own gates -------------------------------------------------------------------------------


@pytest.mark.parametrize("photo", list(photos.PHOTOS))
@pytest.mark.parametrize("channels", [8, 16])
def test_the_faders_follow_the_photo(photo, channels):
    panel = show_scale(channels=channels)
    panel.controls["photo"].value = photo
    agree(panel, se_gates(photo, channels))
    assert not panel.state.by_hand
    assert faders(panel).value is None


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 12])
def test_where_there_are_no_questions_the_panel_says_that_gates_mean_nothing(channels):
    panel = show_scale(channels=channels, channel=0)
    agree(panel, se_gates(channels=channels))
    assert "drawn from a seed and mean nothing" in panel.figure.alt


def test_the_questions_that_the_photo_answers_are_named():
    panel = show_scale()
    weights, questions = sources.excitation_weights("hand-made", 8, 4)
    trace = se_forward(filters.feature_maps("cat", 8), weights)
    assert trace.hidden[0] == 0 < trace.hidden[1]
    words = scene(panel)._words.text
    assert f"“{questions[1]}” ({trace.hidden[1]:.2f})" in words
    assert questions[0] not in words
    quiet = panel.state._replace(answers=dict.fromkeys(questions, 0.0))
    assert "so every gate is 0.5" in scene(panel).update(quiet)


# -- set by hand ----------------------------------------------------------------------------------


def test_a_hand_on_a_fader_takes_over_from_the_gates_as_they_stand():
    panel = show_scale(channel=4)
    gates = se_gates()
    faders(panel).faders[1].value = 0.9
    gates[1] = 0.9
    assert panel.state.by_hand
    assert panel.controls["channel"].value == 1
    agree(panel, gates)
    faders(panel).faders[6].value = 0
    gates[6] = 0
    agree(panel, gates)
    assert "Set by hand." in panel.figure.alt


def test_the_gate_of_the_chosen_channel_is_typed():
    panel = show_scale(channel=4)
    gates = se_gates()
    faders(panel).gate.box.value = 0.25
    gates[4] = 0.25
    agree(panel, gates)
    faders(panel).gate.box.value = 0.333
    gates[4] = 0.333
    agree(panel, gates)
    assert panel.state.gates[4] == 0.333
    panel.controls["channel"].value = 6
    agree(panel, gates)


def test_a_hand_stays_on_the_faders_when_the_photo_changes_until_se_takes_over_again():
    panel = show_scale(gates=[0.1 * c for c in range(8)])
    panel.controls["photo"].value = "brick"
    agree(panel, [0.1 * c for c in range(8)])
    press(panel, "SE's own")
    assert not panel.state.by_hand
    agree(panel, se_gates("brick"))


@pytest.mark.parametrize(
    ("preset", "gate", "words"),
    [
        ("all open", 1, "nothing changes"),
        ("half", 0.5, "all alike: the picture is only darker"),
        ("closed", 0, "nothing is left"),
    ],
)
@pytest.mark.parametrize("channels", [1, 8, 16])
def test_presets_set_every_fader(preset, gate, words, channels):
    panel = show_scale(channels=channels, channel=0)
    press(panel, preset)
    agree(panel, [gate] * channels)
    assert words in panel.figure.alt
    assert sources.share_left(panel.state.feature_map, panel.state.scaled) == pytest.approx(gate)
    assert scene(panel)._left.get_text() == f"{100 * gate:.0f} %"


def test_further_channels_come_in_open():
    panel = show_scale(channels=4, channel=0, gates=[0.2, 0.4, 0.6, 0.8])
    panel.controls["channels"].value = 8
    agree(panel, [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1])
    panel.controls["channels"].value = 2
    agree(panel, [0.2, 0.4])


def test_a_fader_that_is_not_there_moves_nothing():
    panel = show_scale(channels=8)
    sent = panel.figure.sent
    faders(panel).faders[12].value = 0.3
    assert panel.figure.sent == sent
    assert panel.message == ""
    assert faders(panel).value is None


def test_there_are_as_many_faders_as_channels():
    panel = show_scale(channels=8)
    for channels in (1, 16, 5):
        panel.controls["channels"].value = channels
        shown = [fader.layout.display != "none" for fader in faders(panel).faders]
        assert shown == [True] * channels + [False] * (16 - channels)
    assert [fader.description for fader in faders(panel).faders[:2]] == ["gate 0", "gate 1"]


# -- the picture ----------------------------------------------------------------------------------


def test_open_gates_leave_the_picture_as_it_is_and_closed_ones_leave_it_black():
    panel = show_scale(gates=[1] * 8)
    before, after = (picture.shown for picture in scene(panel).all)
    np.testing.assert_array_equal(before, after)
    press(panel, "closed")
    assert scene(panel).all[1].shown.max() == 0
    np.testing.assert_array_equal(scene(panel).all[0].shown, before)


def test_closing_the_colours_leaves_white_edges():
    panel = show_scale(gates=[1, 1, 1, 1, 0, 0, 0, 0])
    red, green, blue = np.moveaxis(scene(panel).all[1].shown.astype(int), -1, 0)
    assert (red == green).all()
    assert (red == blue).all()
    assert red.max() > 200
    before = scene(panel).all[0].shown.astype(int)
    assert (before[..., 0] - before[..., 2]).mean() > 20  # the cat's warm colours


def test_the_light_is_that_of_the_gated_maps():
    panel = show_scale(gates=[1, 0, 0, 0, 0.5, 0, 0, 0])
    maps = filters.feature_maps("cat", 8)
    share = (maps[..., 0].sum() + maps[..., 4].sum() / 2) / maps.sum()
    assert sources.share_left(panel.state.feature_map, panel.state.scaled) == pytest.approx(
        share, rel=1e-4
    )
    assert scene(panel)._left.get_text() == f"{100 * share:.0f} %"


def test_a_gate_has_one_colour_on_bar_and_borders():
    panel = show_scale(channel=3)
    for gate in (0.1, 0.3, 1.0):
        faders(panel).gate.value = gate
        colour = theme.LIGHT.gates(gate)
        middle = round(scene(panel).gates.x(3))
        # on the bar, and over the scaled map, small and large
        for x, y in ((middle, BARS_END - 5), (middle, SCALED - 2), (300, CHOSEN - 2)):
            border = panel.figure._pixels[y, x, :3] / 255
            np.testing.assert_allclose(border, colour[:3], atol=0.01)


def test_every_fader_lies_on_its_bar():
    panel = show_scale()
    for channels in (1, 8, 12, 16):
        panel.controls["channels"].value = channels
        layout = faders(panel).layout
        left, width = (960 * float(side.rstrip("%")) / 100 for side in (layout.left, layout.width))
        for channel in range(channels):
            middle = left + width * (channel + 0.5) / channels
            assert middle == pytest.approx(scene(panel).gates.x(channel), abs=0.5)
        top, height = (
            HEIGHT * float(side.rstrip("%")) / 100 for side in (layout.top, layout.height)
        )
        _, bars_top, _, bars_height = scene(panel).gates._box
        assert (top, height) == pytest.approx((bars_top, bars_height), abs=0.5)


# -- controls -------------------------------------------------------------------------------------


def test_a_click_on_a_column_chooses_its_channel():
    panel = show_scale()
    for channel in (7, 0, 5):
        click(panel, scene(panel).gates.x(channel) + 20, 100)
        assert panel.controls["channel"].value == panel.state.channel == channel
    for x, y in ((20, 100), (500, 340), (720, 100)):
        click(panel, x, y)
        assert panel.state.channel == 5


def test_choosing_a_channel_moves_no_gate():
    panel = show_scale()
    for channel in range(8):
        panel.controls["channel"].value = channel
        assert faders(panel).value is None
        agree(panel, se_gates())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("channels", 17, "This desk has 16 faders. Received: channels=17."),
        ("channels", 0, "`channels` must be a whole number"),
        ("channels", math.nan, "`channels` must be a whole number"),
        ("channel", 8, "`channel` must be a whole number from 0 to 7"),
        ("channel", -1, "`channel` must be a whole number from 0 to 7"),
        ("channel", 0.5, "`channel` must be a whole number from 0 to 7"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_scale()
    picture = panel.figure.png()
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert panel.figure.png() == picture
    panel.set(channels=8, channel=4)
    assert panel.message == ""
    assert panel.figure.png() == picture


@pytest.mark.parametrize("gate", [1.5, -0.01, math.nan, math.inf])
def test_a_gate_only_turns_down(gate):
    panel = show_scale()
    picture = panel.figure.png()
    faders(panel).gate.box.value = gate
    assert panel.message.startswith("A gate must be a number from 0, closed, to 1, open")
    assert f"Received: {gate:g} for channel 4." in panel.message
    assert panel.figure.png() == picture
    panel.controls["channel"].value = 2  # the learner goes on elsewhere
    assert panel.message == ""
    agree(panel, se_gates())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"photo": "dog"}, "`photo` must be one of 'cat'"),
        ({"channels": 24}, "This desk has 16 faders"),
        ({"channels": 0}, "`channels` must be a whole number"),
        ({"channels": "8"}, "`C` must start at a finite number"),
        ({"channel": 8}, "`channel` must be a whole number from 0 to 7"),
        ({"gates": [1, 1]}, "`gates` must hold one number per channel.*Give it the shape"),
        ({"gates": ["open"] * 8}, "`gates` must hold real numbers"),
        ({"gates": [2] * 8}, "A gate must be a number from 0, closed, to 1, open"),
    ],
)
def test_a_start_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        show_scale(**arguments)


@pytest.mark.sweep
def test_every_control_can_go_to_its_ends_and_all_words_can_be_read():
    panel = show_scale()

    def well():
        assert panel.message == ""
        assert unreadable(panel) == []

    for channels in (1, 2, 8, 9, 12, 16):
        panel.set(channels=channels)
        for channel in {0, min(12, channels - 1), channels - 1}:
            panel.controls["channel"].value = channel
            well()
    for _, photo in panel.controls["photo"]._options_full:
        panel.controls["photo"].value = photo
        well()
    for preset in ("all open", "half", "closed", "SE's own"):
        press(panel, preset)
        well()
    for fader in faders(panel).faders:
        for end in (0, 1):
            fader.value = end
            assert panel.message == ""
    well()
    for channels in (1, 8, 16):
        panel.set(channels=channels, channel=0)
        assert unreadable_when_narrow(panel) == []


@pytest.mark.sweep
def test_fifty_moves_leave_one_figure_with_the_same_artists():
    panel = show_scale()
    figure, artists = panel.figure.figure, len(panel.figure.figure.findobj())
    for move in range(50):
        faders(panel).faders[move % 8].value = (37 * move % 100) / 100
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1
    assert len(figure.findobj()) == artists


def test_a_move_of_a_fader_sends_one_picture_once_its_channel_is_chosen():
    panel = show_scale(channel=2)
    sent = panel.figure.sent
    for move in range(1, 6):
        faders(panel).faders[2].value = move / 10
        assert panel.figure.sent == sent + move


def test_the_summary_that_se_reads_is_of_the_maps_before_scaling():
    panel = show_scale(gates=[0] * 8)
    assert squeeze(panel.state.feature_map).max() > 0.1
    press(panel, "SE's own")
    agree(panel, se_gates())
