"""The hero, driven by its own controls; the numbers on the page are the library's."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from attention_lib.examples import filters, photos
from attention_lib.examples.hand_made import hand_made_weights
from attention_lib.figures.theme import LIGHT
from attention_lib.panels import show_pipeline
from attention_lib.panels.pipeline.scene import BOTTOM, HEADINGS, TOP
from attention_lib.panels.pipeline.state import STAGES
from attention_lib.steps.se import se_forward
from tests.panels.readable import unreadable, unreadable_when_narrow


def truth(photo="cat", channels=8, reduction=4):
    maps = filters.feature_maps(photo, channels)
    return se_forward(maps, hand_made_weights(channels, reduction))


def scene(panel):
    return panel.figure.scene


def words(texts):
    return [text.get_text() for text in texts]


def test_every_number_on_the_page_is_the_librarys():
    panel, trace = show_pipeline(), truth()
    z, logits, gates = (texts[:8] for texts in scene(panel)._numbers)
    assert words(z) == [f"{value:.2f}" for value in trace.squeezed]
    assert [float(text.replace("−", "-")) for text in words(logits)] == [
        float(f"{value:.1f}") for value in trace.logits
    ]
    assert words(gates) == [f"{value:.2f}" for value in trace.gates]
    np.testing.assert_allclose(scene(panel).z.values, trace.squeezed, rtol=1e-6)
    np.testing.assert_allclose(scene(panel).gates.values, trace.gates, rtol=1e-6)


def test_a_channel_keeps_its_gates_colour_on_bar_and_border():
    panel, trace = show_pipeline(photo="brick"), truth("brick")
    look = scene(panel).look
    np.testing.assert_allclose(scene(panel).after.borders, look.gates(trace.gates), atol=0.01)


def test_next_and_back_walk_through_the_stages_and_stop_at_the_ends():
    panel = show_pipeline(stage=1)
    back, forth = panel.controls["stage"]._back, panel.controls["stage"]._next
    assert scene(panel)._title.get_text() == "photo."
    assert (back.disabled, forth.disabled) == (True, False)
    back.click()
    assert panel.state.stage == 0
    for stage, name in enumerate(STAGES[1:], start=1):
        forth.click()
        assert panel.state.stage == stage
        assert scene(panel)._title.get_text().startswith(f"{name} · channel 4, red − green")
    assert (back.disabled, forth.disabled) == (False, True)
    forth.click()
    assert panel.state.stage == len(STAGES) - 1


def test_at_an_end_there_is_one_way_to_go():
    panel = show_pipeline()
    at = panel.controls["stage"]
    assert (at._back.disabled, at._next.disabled) == (False, True)
    at.value = 4
    assert (at._back.disabled, at._next.disabled) == (False, False)
    panel.restore("stage=1")
    assert (at._back.disabled, at._next.disabled) == (True, False)
    at.box.value = 99  # the picture stays at the first stage
    assert (at._back.disabled, at._next.disabled) == (True, False)


def test_play_and_the_stage_are_one_and_a_hand_stops_it():
    panel = show_pipeline(stage=1)
    play = panel.controls["stage"]._play
    play.playing = True
    play.value = 5
    assert panel.controls["stage"].value == 5
    assert play.playing
    panel.controls["stage"]._back.click()
    assert (panel.state.stage, play.value, play.playing) == (3, 4, False)
    panel.controls["stage"].box.value = 7
    assert play.value == 7


def test_a_click_on_a_heading_goes_to_its_stage():
    panel = show_pipeline(stage=1)
    for stage, (left, right) in enumerate(pairwise(HEADINGS), start=1):
        panel.figure._on_message(panel.figure, {"click": [(left + right) / 2, 20]}, [])
        assert panel.controls["stage"].value == stage
    assert panel.controls["channel"].value == 4


@pytest.mark.parametrize("typed", [2.5, 99, 1e300, -3, float("nan"), float("inf")])
def test_a_stage_that_is_none_gets_a_sentence_and_next_goes_on_from_the_picture(typed):
    panel = show_pipeline(stage=3)
    panel.controls["stage"].box.value = typed
    assert panel.message.startswith("`stage` must be a whole number from 1 to 8")
    assert len(panel.message) < 120
    np.testing.assert_equal(panel.controls["stage"].box.value, typed)
    panel.controls["stage"]._next.click()
    assert (panel.message, panel.state.stage) == ("", 3)


@pytest.mark.parametrize("stage", range(1, len(STAGES) + 1))
def test_a_stage_shows_what_has_been_computed_and_nothing_after_it(stage):
    view = scene(show_pipeline(stage=stage))
    from_stage = [
        (view.before.artist, 2),
        (view.z.artist, 3),
        (view._flows[0], 4),
        (view._circles[0][0], 4),
        (view._circles[1][0], 5),
        (view._flows[1], 6),
        (view._numbers[1][0], 6),
        (view.gates.artist, 7),
        (view.after.artist, 8),
        (view._left, 8),
    ]
    for artist, first in from_stage:
        assert artist.get_visible() == (stage >= first)


def test_the_arithmetic_of_the_chosen_channel_is_written_out():
    trace = truth()
    said = {}
    for stage, name in enumerate(STAGES, start=1):
        said[name] = scene(show_pipeline(stage=stage, channel=6))._sentence.get_text()
    assert said["photo"] == "A tabby cat: 112 × 112 pixels, three colours."
    assert said["squeeze"] == f"z_6 = mean of 56 × 56 = 3136 values = {trace.squeezed[6]:.3f}"
    # yellow − blue speaks against texture (−2) and for colour (+2)
    z = trace.squeezed[6]
    assert said["FC1"] == (
        f"z_6 adds −2.00 · {z:.2f} = −{2 * z:.2f} to unit 0, "
        f"2.00 · {z:.2f} = +{2 * z:.2f} to unit 1"
    )
    assert f"relu({trace.reduced[1]:.2f}) = {trace.hidden[1]:.2f}" in said["ReLU"]
    assert said["ReLU"].endswith("At zero: 1 of 2.")
    assert said["FC2"] == (
        f"logit_6 = −2.00 · 0.00 + 2.00 · {trace.hidden[1]:.2f} = {trace.logits[6]:.2f}"
    )
    assert said["sigmoid"].startswith(f"s_6 = σ({trace.logits[6]:.2f}) = 1 / (1 + exp(−")
    assert f"= {trace.gates[6]:.3f}" in said["sigmoid"]
    assert f"becomes {trace.scaled[..., 6].max():.2f}" in said["scale"]


def test_a_click_on_a_row_follows_that_channel():
    panel = show_pipeline()
    panel.figure._on_message(panel.figure, {"click": [300, 75]}, [])
    assert panel.controls["channel"].value == 0
    panel.figure._on_message(panel.figure, {"click": [800, 420]}, [])
    assert panel.controls["channel"].value == 7
    panel.figure._on_message(panel.figure, {"click": [60, 300]}, [])  # the photo is no channel
    assert panel.controls["channel"].value == 7


@pytest.mark.parametrize("channels", [1, 2, 8, 16, 17, 24, 64, 512, 2048])
def test_every_map_bears_its_number_and_a_click_on_it_chooses_its_channel(channels):
    panel = show_pipeline(channels=channels, reduction=1, channel=channels // 2)
    view = scene(panel)
    names = filters.short_names(channels)
    drawn = [
        (int(index.get_text()), name.get_text(), index.get_position()[1])
        for index, name in zip(view._indices, view._filters, strict=True)
        if index.get_visible()
    ]
    assert channels // 2 in [channel for channel, _, _ in drawn]
    assert len({channel for channel, _, _ in drawn}) == len(drawn) == min(channels, len(drawn))
    for channel, name, y in drawn:
        assert name == (names[channel] if channel < 16 else "")
        assert view.channel_at(290, y) == view.channel_at(820, y) == channel
        if channels <= 16:  # each stands on its line
            assert view.channel_at(400, y) == channel


def test_a_line_is_a_weight_times_what_it_weighs_in_the_colour_of_its_sign():
    panel, trace = show_pipeline(channel=6), truth()
    weights = hand_made_weights(8, 4)
    lines = scene(panel)._flows[0]
    drawn = {}  # by where they begin and end
    rows = zip(lines.get_segments(), lines.get_linewidths(), lines.get_colors(), strict=True)
    for ends, width, colour in rows:
        channel = scene(panel).channel_at(300, ends[0][1])
        unit = int((ends[1][1] - TOP) / (BOTTOM - TOP) * 2)
        drawn[channel, unit] = width, colour
    flows = trace.squeezed[:, None] * weights.reduce
    most = np.abs(flows).max()
    for (channel, unit), (width, colour) in drawn.items():
        flow = flows[channel, unit]
        assert width == pytest.approx(0.4 + 5.6 * abs(flow) / most if flow else 0, abs=1e-4)
        if flow:
            sign = LIGHT.adds if flow > 0 else LIGHT.takes
            np.testing.assert_allclose(colour[:3], to_rgb(sign))
        assert (colour[3] == 1) == (channel == 6)
    answers = scene(panel)._flows[1]
    inactive = trace.hidden == 0
    assert inactive.any()
    widths = [
        width
        for ends, width in zip(answers.get_segments(), answers.get_linewidths(), strict=True)
        if inactive[int((ends[0][1] - TOP) / (BOTTOM - TOP) * 2)]
    ]
    assert widths == [0] * len(widths)  # a unit that is zero sends nothing


@pytest.mark.parametrize("channels", [17, 64, 2048])
@pytest.mark.parametrize("end", [0, -1])
def test_no_map_leaves_the_rows(channels, end):
    panel = show_pipeline(channels=channels, channel=channels - 1 if end else 0)
    for column in (scene(panel).before, scene(panel).after):
        shown = np.flatnonzero(column.artist._rgba[::-1, :, 3].any(axis=1))
        ends = column._top + shown[[0, -1]]
        assert 54 <= ends[0] < ends[1] < 430


@pytest.mark.parametrize("channels", [64, 512, 2048])
def test_no_more_lines_than_the_eye_can_follow(channels):
    panel = show_pipeline(channels=channels, reduction=2)
    for lines in scene(panel)._flows:
        assert len(lines.get_segments()) == 8
    assert scene(panel)._more.get_text() == f"+{channels // 2 - 8} more"


def test_the_result_is_all_maps_before_and_after_their_gates():
    panel, trace = show_pipeline(), truth()
    left = trace.scaled.sum() / trace.feature_map.sum()
    assert scene(panel)._left.get_text() == f"sum: {100 * left:.0f} %"
    assert f"sum: {100 * left:.0f} %" in panel.figure.alt
    before, after = (image.shown.astype(int) for image in scene(panel)._results)
    assert (after <= before).all()
    assert after.mean() < 0.8 * before.mean()


@pytest.mark.sweep
@pytest.mark.parametrize(
    "moves",
    [
        {},
        {"channels": 16, "photo": "brick", "channel": 12},
        {"channels": 1, "channel": 0, "reduction": 1},
        {"channels": 64, "reduction": 16},
        {"channels": 2048, "reduction": 1, "channel": 2047},
        {"channels": 2048, "reduction": 64},
    ],
)
def test_all_words_can_be_read_at_every_stage(moves):
    panel = show_pipeline()
    panel.set(**moves)
    for narrow in (unreadable, unreadable_when_narrow):
        for stage in range(1, len(STAGES) + 1):
            panel.controls["stage"].value = stage
            assert narrow(panel) == []


def test_hand_made_weights_give_way_to_seeded_ones_where_there_are_none():
    panel = show_pipeline()
    assert panel.state.questions == ("more texture than colour?", "more colour than texture?")
    panel.controls["channels"].value = 64
    assert panel.state.questions == ()
    assert panel.message == ""
    panel.controls["channels"].value = 8
    assert len(panel.state.questions) == 2


def test_fewer_channels_move_the_chosen_one_inside():
    panel = show_pipeline(channels=64, channel=60)
    panel.controls["channels"].slider.value = 3
    assert panel.controls["channel"].value == 7
    assert panel.message == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("reduction", 16, "`reduction` must not exceed `channels`. Received: channels=8"),
        ("reduction", 0, "`reduction` must be a whole number of 1 or more"),
        ("channels", 24.5, "`channels` must be a whole number"),
        ("channels", 4096, "`channels` must be a whole number from 1 to 2048"),
        ("channels", 10**9, "`channels` must be a whole number from 1 to 2048"),
        ("channel", 9, "`channel` must be a whole number from 0 to 7. Received: channel=9"),
        ("stage", 12, "`stage` must be a whole number from 1 to 8. Received: stage=12"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_pipeline()
    picture, state = panel.figure.png(), panel.state
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert panel.figure.png() == picture
    assert panel.state is state
    panel.set(channels=8, reduction=4, channel=4, stage=8)
    assert panel.message == ""
    assert panel.figure.png() == picture


def test_every_control_can_go_to_its_ends():
    panel = show_pipeline(channels=64)
    figure = panel.figure.figure
    panel.controls["reduction"].value = 1
    for control in panel.controls.values():
        before = control.value
        if getattr(control, "slider", None):
            for end in (control.slider.min, control.slider.max):
                control.slider.value = end
                assert panel.message == ""
        elif hasattr(control, "box"):
            for end in (1, 8):
                control.box.value = end
                assert panel.message == ""
        else:
            for option in control.options:
                control.value = option[1]
                assert panel.message == ""
        control.value = before
    assert panel.figure.figure is figure


@pytest.mark.sweep
def test_fifty_moves_leave_one_figure_with_the_same_artists():
    panel = show_pipeline()
    artists = len(panel.figure.figure.findobj())
    for move in range(50):
        panel.controls["channel"].value = move % 8
        panel.controls["stage"].value = 1 + move % 8
    assert len(panel.figure.figure.findobj()) == artists


def test_the_alternative_text_carries_the_numbers():
    trace = truth()
    alt = show_pipeline().figure.alt
    assert "Channel 4, red − green" in alt
    assert f"z = {trace.squeezed[4]:.3f}, gate = {trace.gates[4]:.3f}" in alt


@pytest.mark.parametrize("photo", photos.PHOTOS)
def test_no_bar_of_z_is_cut_off(photo):
    view = scene(show_pipeline(photo=photo, channels=512, reduction=16))
    assert view.z.values.max() <= view.z.high
