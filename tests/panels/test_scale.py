"""The scale panel, driven by its own controls and faders; the numbers shown are the library's."""

import math

import numpy as np
import pytest
from ipywidgets import Button

from attention_lib.examples import filters, photos
from attention_lib.figures import marks, theme
from attention_lib.panels import show_scale
from attention_lib.panels.kit import sources
from attention_lib.panels.scale.state import brightness
from attention_lib.steps.se import scale, se_forward, squeeze
from tests.panels.readable import unreadable


def scene(panel):
    return panel.figure.scene


def desk(panel):
    return panel.controls["gates"]


def press(panel, name):
    """Press the button of that name."""
    buttons = [child for row in panel.children for child in getattr(row, "children", ())]
    (button,) = [b for b in buttons if isinstance(b, Button) and b.description == name]
    button.click()


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
    corners = scene(panel)._bars.get_paths()
    heights = [np.ptp(path.vertices[:, 1]) / 40 for path in corners]
    np.testing.assert_allclose(heights, gates, atol=1e-6)
    texts = [text.get_text() for text in scene(panel)._numbers]
    assert texts == [f"× {gate:.2f}" for gate in gates] + [""] * (16 - len(gates))
    shown = [fader.value for fader in desk(panel).faders if fader.layout.display != "none"]
    np.testing.assert_allclose(shown, gates, atol=0.005 + 1e-9)
    assert desk(panel).gate.value == pytest.approx(gates[channel], abs=0.005 + 1e-9)
    np.testing.assert_array_equal(
        scene(panel).after.shown, marks.shades(state.scaled, theme.LIGHT.maps)
    )
    before, after = (pictures.shown for pictures in scene(panel).pictures[:2])
    np.testing.assert_array_equal(before[0], marks.shades(maps, theme.LIGHT.maps)[channel])
    np.testing.assert_array_equal(after[0], marks.shades(state.scaled, theme.LIGHT.maps)[channel])
    peaks = maps[..., channel].max(), state.scaled[..., channel].max()
    sentence = (
        f"every one of the 3136 values of map {channel} × {state.gates[channel]:.2f}: the "
        f"brightest, {peaks[0]:.2f}, becomes {peaks[1]:.2f}; shapes stay 56 × 56 × {len(gates)}"
    )
    assert scene(panel)._sentence.get_text() == sentence
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
    assert desk(panel).value is None


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
    words = scene(panel)._remark.get_text()
    assert f"“{questions[1]}” ({trace.hidden[1]:.2f})" in words
    assert questions[0] not in words
    quiet = panel.state._replace(answers=dict.fromkeys(questions, 0.0))
    assert "so every gate is half open" in scene(panel).update(quiet)


# -- set by hand ----------------------------------------------------------------------------------


def test_a_hand_on_a_fader_takes_over_from_the_gates_as_they_stand():
    panel = show_scale(channel=4)
    gates = se_gates()
    desk(panel).faders[1].value = 0.9
    gates[1] = 0.9
    assert panel.state.by_hand
    assert panel.controls["channel"].value == 1
    agree(panel, gates)
    desk(panel).faders[6].value = 0
    gates[6] = 0
    agree(panel, gates)
    assert "Set by hand." in panel.figure.alt


def test_the_gate_of_the_chosen_channel_is_set_by_slider_and_typed():
    panel = show_scale(channel=4)
    gates = se_gates()
    desk(panel).gate.slider.value = 0.25
    gates[4] = 0.25
    agree(panel, gates)
    desk(panel).gate.box.value = 0.333
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
        ("all half", 0.5, "all alike: only darker"),
        ("all closed", 0, "nothing is left"),
    ],
)
@pytest.mark.parametrize("channels", [1, 8, 16])
def test_presets_set_every_fader(preset, gate, words, channels):
    panel = show_scale(channels=channels, channel=0)
    press(panel, preset)
    agree(panel, [gate] * channels)
    assert words in panel.figure.alt
    assert brightness(panel.state) == pytest.approx(gate)
    assert scene(panel)._share.get_text() == f"{100 * gate:.0f} % of the light"


def test_further_channels_come_in_open():
    panel = show_scale(channels=4, channel=0, gates=[0.2, 0.4, 0.6, 0.8])
    panel.controls["channels"].value = 8
    agree(panel, [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1])
    panel.controls["channels"].value = 2
    agree(panel, [0.2, 0.4])


def test_a_fader_that_is_not_there_moves_nothing():
    panel = show_scale(channels=8)
    sent = panel.figure.sent
    desk(panel).faders[12].value = 0.3
    assert panel.figure.sent == sent
    assert panel.message == ""
    assert desk(panel).value is None


def test_there_are_as_many_faders_as_channels():
    panel = show_scale(channels=8)
    for channels in (1, 16, 5):
        panel.controls["channels"].value = channels
        shown = [fader.layout.display != "none" for fader in desk(panel).faders]
        assert shown == [True] * channels + [False] * (16 - channels)
    assert [fader.description for fader in desk(panel).faders[:2]] == ["gate 0", "gate 1"]


# -- the picture ----------------------------------------------------------------------------------


def test_open_gates_leave_the_picture_as_it_is_and_closed_ones_leave_it_black():
    panel = show_scale(gates=[1] * 8)
    before, after = (pictures.shown for pictures in scene(panel).pictures[2:])
    np.testing.assert_array_equal(before, after)
    press(panel, "all closed")
    assert scene(panel).pictures[3].shown.max() == 0
    np.testing.assert_array_equal(scene(panel).pictures[2].shown, before)


def test_closing_the_colours_leaves_white_edges():
    panel = show_scale(gates=[1, 1, 1, 1, 0, 0, 0, 0])
    red, green, blue = np.moveaxis(scene(panel).pictures[3].shown[0].astype(int), -1, 0)
    assert (red == green).all()
    assert (red == blue).all()
    assert red.max() > 200
    before = scene(panel).pictures[2].shown[0].astype(int)
    assert (before[..., 0] - before[..., 2]).mean() > 20  # the cat's warm colours


def test_the_light_is_that_of_the_gated_maps():
    panel = show_scale(gates=[1, 0, 0, 0, 0.5, 0, 0, 0])
    maps = filters.feature_maps("cat", 8)
    share = (maps[..., 0].sum() + maps[..., 4].sum() / 2) / maps.sum()
    assert brightness(panel.state) == pytest.approx(share, rel=1e-4)
    assert scene(panel)._share.get_text() == f"{100 * share:.0f} % of the light"


def test_a_gate_has_one_colour_on_bar_and_borders():
    panel = show_scale(channel=3)
    for gate in (0.0, 0.3, 1.0):
        desk(panel).gate.value = gate
        colour = theme.LIGHT.gates(gate)
        assert tuple(scene(panel)._bars.get_facecolor()[3]) == colour
        middle = round(48 + 3.5 * (960 - 48) / 8)
        for x, y in ((middle, 152), (370, 260)):  # over the scaled map, small and large
            border = panel.figure._pixels[y, x, :3] / 255
            np.testing.assert_allclose(border, colour[:3], atol=0.01)


# -- controls -------------------------------------------------------------------------------------


def test_a_click_on_a_column_chooses_its_channel():
    panel = show_scale()
    for channel in (7, 0, 5):
        click(panel, 48 + (channel + 0.3) * (960 - 48) / 8, 100)
        assert panel.controls["channel"].value == panel.state.channel == channel
    for x, y in ((20, 100), (500, 300)):
        click(panel, x, y)
        assert panel.state.channel == 5
    click(panel, 960, 100)
    assert panel.state.channel == 7


def test_choosing_a_channel_moves_no_gate():
    panel = show_scale()
    for channel in range(8):
        panel.controls["channel"].value = channel
        assert desk(panel).value is None
        agree(panel, se_gates())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("channels", 17, "This desk has 16 faders. Received: channels=17."),
        ("channels", 0, "`channels` must be a whole number"),
        ("channels", math.nan, "`channels` must be a whole number"),
        ("channel", 8, "`channel` must be one of the 8 channels"),
        ("channel", -1, "`channel` must be one of the 8 channels"),
        ("channel", 0.5, "`channel` must be one of the 8 channels"),
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
    desk(panel).gate.box.value = gate
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
        ({"channels": "8"}, "`C, channels` must start at a finite number"),
        ({"channel": 8}, "`channel` must be one of the 8 channels"),
        ({"gates": [1, 1]}, "`gates` must hold one number per channel.*Give 8 gates"),
        ({"gates": ["open"] * 8}, "`gates` must hold real numbers"),
        ({"gates": [2] * 8}, "A gate must be a number from 0, closed, to 1, open"),
    ],
)
def test_a_start_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        show_scale(**arguments)


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
    for preset in ("all open", "all half", "all closed", "SE's own"):
        press(panel, preset)
        well()
    for fader in desk(panel).faders:
        for end in (0, 1):
            fader.value = end
            assert panel.message == ""
    well()


def test_fifty_moves_leave_one_figure_with_the_same_artists():
    panel = show_scale()
    figure, artists = panel.figure.figure, len(panel.figure.figure.findobj())
    for move in range(50):
        desk(panel).faders[move % 8].value = (37 * move % 100) / 100
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1
    assert len(figure.findobj()) == artists


def test_a_move_of_a_fader_sends_one_picture_once_its_channel_is_chosen():
    panel = show_scale(channel=2)
    sent = panel.figure.sent
    for move in range(1, 6):
        desk(panel).faders[2].value = move / 10
        assert panel.figure.sent == sent + move


def test_the_summary_that_se_reads_is_of_the_maps_before_scaling():
    panel = show_scale(gates=[0] * 8)
    assert squeeze(panel.state.feature_map).max() > 0.1
    press(panel, "SE's own")
    agree(panel, se_gates())
