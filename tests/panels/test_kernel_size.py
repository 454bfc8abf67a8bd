"""The kernel size panel, driven by its own controls; the numbers shown are the library's."""

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.panels import show_kernel_size
from attention_lib.panels.kernel_size.state import compute, explain
from attention_lib.steps.eca import adaptive_kernel_size, choose_kernel, neighbours
from tests.panels.readable import unreadable, unreadable_when_narrow


@pytest.fixture(scope="module")
def panel():
    return show_kernel_size()


def scene(panel):
    return panel.figure.scene


def window(panel):
    """The words in the cells that lines lead from to the gate."""
    starts = [segment[0][0] for segment in scene(panel).fan.get_segments()]
    labels = {label.get_position()[0]: label.get_text() for label in scene(panel).labels}
    return [labels[x] for x in starts]


# -- the formula ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channels", "gamma", "b", "line"),
    [
        (512, 2, 1, "t = |log₂(512)/2 + 1/2| = |9/2 + 1/2| = 5.0  →  5, odd, kept: k = 5"),
        (128, 2, 1, "t = |log₂(128)/2 + 1/2| = |7/2 + 1/2| = 4.0  →  4, even, raised to k = 5"),
        (24, 2, 1, "t = |log₂(24)/2 + 1/2| = |4.585/2 + 1/2| = 2.79  →  2, even, raised to k = 3"),
        (1, 6, -4, "t = |log₂(1)/6 − 4/6| = |0/6 − 4/6| = 0.67  →  0, even, raised to k = 1"),
        (
            2048,
            0.5,
            7.5,
            "t = |log₂(2048)/0.5 + 7.5/0.5| = |11/0.5 + 7.5/0.5| = 37.0  →  37, odd, kept: k = 37",
        ),
    ],
)
def test_the_formula_stands_in_one_line_with_its_numbers_put_in(channels, gamma, b, line):
    assert explain(choose_kernel(channels, gamma, b)) == line


def test_t_has_as_many_decimals_as_it_takes_to_see_where_it_is_cut():
    nearly_five = explain(choose_kernel(512, 2, 1 - 1e-5))
    assert nearly_five.endswith("= 4.999995  →  4, even, raised to k = 5")


@given(st.integers(1, 10**5), st.floats(0.05, 10), st.floats(-20, 20))
def test_the_line_never_contradicts_itself(channels, gamma, b):
    choice = choose_kernel(channels, gamma, b)
    t, cut, k = re.search(r"= ([\d.]+)  →  ([\d,]+), .*k = ([\d,]+)$", explain(choice)).groups()
    assert int(float(t)) == int(cut.replace(",", "")) == choice.truncated
    assert int(k.replace(",", "")) == choice.kernel_size


# -- the picture ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("gamma", "b"), [(2, 1), (0.5, 8), (6, -4), (1.3, -3.5)])
def test_the_staircase_is_the_librarys(panel, gamma, b):
    panel.set(channels=512, channel=3, gamma=gamma, b=b)
    octaves, sizes = scene(panel).stairs.get_data()
    shown = dict(zip(np.exp2(octaves).round().astype(int).tolist(), sizes, strict=True))
    assert {2**octave for octave in range(13)} <= shown.keys()
    for channels, size in shown.items():
        assert size == adaptive_kernel_size(channels, gamma, b)
    np.testing.assert_allclose(
        scene(panel).t_line.get_ydata(), [choose_kernel(c, gamma, b).t for c in shown]
    )


def test_the_point_stands_on_the_staircase_and_t_on_its_line(panel):
    panel.set(channels=24, channel=3, gamma=2, b=1)
    assert scene(panel).here.get_xydata().tolist() == [[math.log2(24), 3]]
    assert scene(panel).here_t.get_xydata().tolist() == [[math.log2(24), choose_kernel(24).t]]
    assert scene(panel).k.get_text() == "k = 3"


def test_an_even_t_is_seen_to_be_raised(panel):
    panel.set(channels=128, channel=3, gamma=2, b=1)
    assert scene(panel).parity.get_text() == "4: even, raised by one"
    assert scene(panel).raised.get_visible()
    panel.set(channels=512)
    assert scene(panel).parity.get_text() == "5: odd, kept"
    assert not scene(panel).raised.get_visible()
    panel.set(channels=24)
    assert scene(panel).parity.get_text() == "cut to 2: even, raised by one"


def test_what_lies_beyond_the_axes_is_said_in_words(panel):
    panel.set(channels=100_000, channel=0, gamma=0.5, b=8)
    notes = [note.get_text() for note in scene(panel).notes]
    assert notes == ["k = 49 is above the axis, up at 13", "C = 100,000 is beyond the axis"]
    (point,) = scene(panel).here.get_xydata()
    assert point[0] == 12
    assert 13 < point[1] < 14
    assert all(note in panel.figure.alt for note in notes)
    panel.set(channels=512, gamma=2, b=1)
    assert [note.get_text() for note in scene(panel).notes] == ["", ""]


def test_the_window_holds_the_neighbours_and_zeros_beyond_the_ends(panel):
    panel.set(channels=8, channel=0, gamma=1, b=2)
    assert window(panel) == ["zero", "zero", "0", "1", "2"]
    panel.set(channel=5)
    assert window(panel) == ["3", "4", "5", "6", "7"]
    panel.set(channels=2048, channel=1024, gamma=2, b=1)
    assert window(panel) == [str(c) for c in neighbours(1024, 2048, 7)]
    panel.set(channels=4, channel=0)
    assert window(panel) == ["0"]
    assert scene(panel).heard.get_text() == "The gate of channel 0 depends on that channel alone"


def test_only_as_much_padding_is_drawn_as_there_is(panel):
    panel.set(channels=8, channel=3, gamma=1, b=2)
    words = [label.get_text() for label in scene(panel).labels]
    assert words == [""] * 5 + ["zero"] * 2 + list("01234567") + ["zero"] * 2 + [""] * 6


@given(st.integers(1, 3000), st.floats(0.3, 6), st.floats(-4, 8), st.data())
def test_the_words_agree_with_the_librarys_neighbours(channels, gamma, b, data):
    channel = data.draw(st.integers(0, channels - 1))
    state = compute(channels, gamma, b, channel)
    heard = neighbours(channel, channels, state.choice.kernel_size)
    real = heard[(heard >= 0) & (heard < channels)]
    assert state.window == (real[0], real[-1])
    assert state.zeros == len(heard) - len(real)


def test_a_kernel_wider_than_the_channels_is_called_so(panel):
    panel.set(channels=4, channel=1, gamma=1, b=8)
    wide = "The kernel is wider than the 4 channels: 7 of its 11 weights meet zeros"
    assert scene(panel).wide.get_text() == wide
    assert wide in panel.figure.alt
    panel.set(channels=512, channel=1, gamma=2, b=1)
    assert scene(panel).wide.get_text() == "1 of the 5 weights meets the zero padding"
    panel.set(channel=10)
    assert scene(panel).wide.get_text() == ""


def test_five_weights_stand_against_32768(panel):
    panel.set(channels=512, channel=3, gamma=2, b=1)
    assert [line.get_text() for line in scene(panel).costs] == [
        "ECA: 5 weights",
        "SE with r = 16: 32,768 weights",
    ]


def test_a_click_on_a_cell_chooses_its_channel(panel):
    panel.set(channels=8, channel=3, gamma=2, b=1)
    label = next(label for label in scene(panel).labels if label.get_text() == "6")
    for place, chosen in ((label.get_position(), 6), ((20, 403), 6), ((480, 100), 6)):
        panel.figure._on_message(None, {"click": place}, None)
        assert panel.state.channel == chosen


# -- the controls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("gamma", 0, "`gamma` must be a finite number greater than 0. Received: gamma=0."),
        ("gamma", -2, "`gamma` must be a finite number greater than 0. Received: gamma=-2."),
        ("gamma", math.nan, "`gamma` must be a finite number greater than 0."),
        ("gamma", math.inf, "`gamma` must be a finite number greater than 0."),
        ("b", -math.inf, "`b` must be a finite number."),
        ("channels", 0, "`channels` must be a whole number of 1 or more."),
        ("channels", 24.5, "`channels` must be a whole number of 1 or more."),
        ("channel", 512, "`channel` must be a whole number from 0 to 511."),
        ("channel", -1, "`channel` must be a whole number from 0 to 511."),
        ("channel", 2.5, "`channel` must be a whole number from 0 to 511."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_kernel_size()
    picture, alt = panel.figure.png(), panel.figure.alt
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert (panel.figure.png(), panel.figure.alt) == (picture, alt)
    panel.controls[name].box.value = 1
    assert panel.message == ""


def test_the_channel_stays_within_c(panel):
    panel.set(channels=512, channel=300, gamma=2, b=1)
    panel.controls["channels"].box.value = 24
    assert panel.message == ""
    assert panel.state.channel == panel.controls["channel"].value == 23


def test_every_control_can_go_to_its_ends_and_no_word_leaves_the_page(panel):
    figure = panel.figure.figure
    panel.set(channels=512, channel=3, gamma=2, b=1)
    artists = len(figure.findobj())
    sliders = [panel.controls[name].slider for name in ("channels", "gamma", "b")]
    for *ends, last in itertools.product((0, 1), repeat=4):
        for slider, end in zip(sliders, ends, strict=True):
            slider.value = slider.max if end else slider.min
        panel.controls["channel"].value = last * (panel.controls["channels"].value - 1)
        assert panel.message == ""
        assert unreadable(panel) == []
    for ends in ((512, 2, 1), (1, 0.5, -4), (4096, 0.5, 8)):
        panel.set(**dict(zip(("channels", "gamma", "b"), ends, strict=True)), channel=0)
        assert unreadable_when_narrow(panel) == []
    panel.figure._on_message(None, {"scale": 1, "dark": False, "zoom": 1}, None)
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == artists


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_typed_beyond_all_sliders_are_shown(dark):
    panel = show_kernel_size(channels=10**12, gamma=1e-6, b=-123.456, channel=10**11)
    panel.figure._on_message(None, {"scale": 2, "dark": dark}, None)
    k = adaptive_kernel_size(10**12, 1e-6, -123.456)
    assert panel.figure.alt.startswith("t = |log₂(1000000000000)/1e−06 − 123.456/1e−06|")
    assert f"k = {k:,} is above the axis" in panel.figure.alt
    assert "c−1" in [label.get_text() for label in scene(panel).labels]
