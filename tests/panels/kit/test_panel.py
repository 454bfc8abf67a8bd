"""Panel and its controls: one compute and one picture a move, and no mistake loses anything."""

import base64
import math

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from attention_lib.figures.live import Scene
from attention_lib.figures.theme import page
from attention_lib.panels.kit.controls import Number, button, channel_controls, choice, tick
from attention_lib.panels.kit.panel import WIDTH, Panel

HEIGHT = 60


class Block(Scene):
    """A block as wide as the state says."""

    def build(self, figure, look, state):
        self.block = page(figure, look).add_patch(Rectangle((10, 10), 0, 30, color=look.accent))
        return [self.block]

    def update(self, state):
        self.block.set_width(state)
        return f"{state} wide"


class Area:
    """Computes how wide the block is, and counts how often it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, width, times):
        self.asked.append((width, times))
        if width < 0:
            raise ValueError("`width` must be 0 or more. Received: <-1> & such. Choose 3.")
        if width == 13:
            raise RuntimeError("boom")
        return width * times


def made(width=100, times=2, **options):
    compute = Area()
    controls = {"width": Number("width", width, 0, 200), "times": Number("times", times, 1, 4)}
    panel = Panel(
        Block(),
        compute,
        controls,
        [[controls["width"]], [controls["times"]]],
        height=HEIGHT,
        name="test",
    )
    compute.asked.clear()
    return panel, compute


# -- panels ---------------------------------------------------------------------------------------


def test_a_move_computes_once_and_sends_one_picture():
    panel, compute = made()
    sent = panel.figure.sent
    panel.controls["width"].slider.value = 120
    assert compute.asked == [(120, 2)]
    assert panel.figure.sent == sent + 1
    assert panel.state == 240
    assert panel.figure.alt == "240 wide"


def test_a_move_that_another_control_follows_computes_once_and_sends_one_picture():
    compute = Area()
    controls = dict(zip(("width", "times"), channel_controls("C", 100, 4, 200), strict=True))
    panel = Panel(Block(), compute, controls, [["width", "times"]], height=HEIGHT, name="test")
    compute.asked.clear()
    sent = panel.figure.sent
    controls["width"].value = 3
    assert compute.asked == [(3, 2)]
    assert panel.figure.sent == sent + 1
    controls["times"].value = 1
    controls["times"].value = 2
    assert compute.asked == [(3, 2), (3, 1), (3, 2)]


def test_the_picture_goes_to_the_page_before_the_number_in_the_box(monkeypatch):
    panel, _ = made()
    width = panel.controls["width"]
    sent = []
    monkeypatch.setattr(widgets.Widget, "send_state", lambda self, key=None: sent.append(self))
    width.slider.value = 120
    assert sent.index(panel.figure) < sent.index(width.box)


def test_a_panel_starts_at_its_controls_and_says_nothing():
    panel, _ = made(width=30, times=3)
    assert panel.values() == {"width": 30, "times": 3}
    assert panel.state == 90
    assert panel.message == ""
    assert ">" in panel._line.value
    assert "Received" not in panel._line.value
    assert (panel.figure.width, panel.figure.height) == (WIDTH, HEIGHT)


def test_a_start_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="`width` must be 0 or more"):
        made(width=-1)


def test_several_values_are_set_with_one_picture():
    panel, compute = made()
    sent = panel.figure.sent
    panel.set(width=50, times=4)
    assert compute.asked == [(50, 4)]
    assert panel.figure.sent == sent + 1
    assert panel.values() == {"width": 50, "times": 4}


def test_what_is_held_is_drawn_once_at_the_end():
    panel, compute = made()
    with panel.hold():
        panel.controls["width"].value = 10
        panel.set(width=-5, times=3)
        panel.controls["width"].value = 20
        assert compute.asked == []
    assert compute.asked == [(20, 3)]
    panel.controls["width"].value = 30
    assert panel.state == 90


def test_an_error_while_holding_lets_go():
    panel, _ = made()

    def move_and_fail():
        with panel.hold():
            panel.controls["width"].value = 20
            raise KeyError("the caller's own")

    with pytest.raises(KeyError, match="the caller's own"):
        move_and_fail()
    assert panel.state == 40
    panel.controls["width"].value = 30
    assert panel.state == 60


def test_an_unknown_control_gets_a_sentence_and_nothing_moves():
    panel, compute = made()
    sentence = r"belong to a control.*Received: \['wide'\].*\['width', 'times'\]"
    with pytest.raises(ValueError, match=sentence):
        panel.set(width=3, wide=4)
    assert panel.values()["width"] == 100
    assert compute.asked == []


def test_values_that_cannot_be_get_their_sentence_and_the_picture_stays():
    panel, _ = made()
    picture, sent = panel.figure.png(), panel.figure.sent
    panel.controls["width"].box.value = -1
    assert panel.message.startswith("`width` must be 0 or more.")
    assert panel.figure.png() == picture
    assert panel.figure.sent == sent
    assert panel.state == 200
    assert panel.figure.alt == "200 wide"
    panel.controls["width"].box.value = 7
    assert panel.message == ""
    assert panel.state == 14


def test_a_sentence_is_shown_as_words_not_as_markup():
    panel, _ = made()
    panel.controls["width"].box.value = -1
    assert "<code>width</code>" in panel._line.value
    assert "&lt;-1&gt; &amp; such" in panel._line.value


def test_a_fault_fails_a_test():
    panel, _ = made()
    with pytest.raises(RuntimeError, match="boom"):
        panel.controls["width"].value = 13


def test_a_fault_is_said_to_a_learner_and_the_picture_stays(monkeypatch):
    monkeypatch.delenv("ATTENTION_LIB_STRICT")
    panel, _ = made()
    picture = panel.figure.png()
    panel.controls["width"].value = 13
    assert "a fault of its own (RuntimeError: boom)" in panel.message
    assert "last good one" in panel.message
    assert panel.figure.png() == picture
    assert panel.state == 200
    panel.controls["width"].value = 14
    assert panel.message == ""
    assert panel.state == 28


def test_a_fault_of_the_drawing_is_said_too(monkeypatch):
    monkeypatch.delenv("ATTENTION_LIB_STRICT")
    panel, _ = made()
    picture = panel.figure.png()
    with monkeypatch.context() as broken:
        broken.setattr(panel.figure.scene, "update", lambda state: {200: "good"}[state])
        panel.controls["times"].value = 3
    assert "KeyError: 300" in panel.message
    assert panel.state == 200
    panel.controls["times"].value = 2
    assert panel.message == ""
    assert panel.figure.png() == picture


def test_only_what_computes_may_say_that_a_value_cannot_be(monkeypatch):
    panel, _ = made()
    monkeypatch.setattr(panel.figure.scene, "update", lambda state: [].index(state))
    with pytest.raises(ValueError, match="not in list"):
        panel.controls["times"].value = 3
    assert panel.message.startswith("This panel met a fault of its own")


def test_there_is_one_figure_after_many_moves():
    panel, _ = made()
    figure, artists = panel.figure.figure, len(panel.figure.figure.findobj())
    for width in range(60):
        panel.controls["times"].slider.value = 1 + width % 4
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == artists


def test_a_saved_notebook_shows_the_picture_without_a_kernel(outputs_of):
    panel, _ = made()
    panel.controls["width"].value = 70
    still, live = outputs_of(panel)
    assert base64.b64decode(still["image/png"]) == panel.figure.png()
    assert still["text/plain"] == "140 wide"
    assert 'alt="140 wide"' in still["text/html"]
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.model_id


def test_messages_for_a_panel_that_is_gone_do_no_harm():
    panel, _ = made()
    for part in (panel, panel.figure, panel.foot, *panel.controls.values()):
        part.close()
    panel.figure._handle_custom_msg({"scale": 2, "dark": True}, [])
    panel.foot._handle_custom_msg({"restore": "width=7 times=2"}, [])
    panel.controls["times"].value = 3
    assert (panel.state, panel.message) == (21, "")


def test_the_page_finds_the_panel_and_its_rows_by_name():
    panel, _ = made()
    assert "attention-panel" in panel._dom_classes
    assert sum("attention-row" in child._dom_classes for child in panel.children) == 2
    assert any("attention-foot" in child._dom_classes for child in panel.children)


HUB = {"JUPYTERHUB_SERVICE_PREFIX": "/user/ada/", "JUPYTERHUB_BASE_URL": "/"}
BINDER = {"BINDER_LAUNCH_HOST": "https://mybinder.org/", "BINDER_REQUEST": "v2/gh/o/r/HEAD"}


@pytest.mark.parametrize(
    ("environment", "shared"),
    [
        ({}, []),
        (HUB, ["/user/ada/", "/hub/user-redirect/"]),
        (HUB | BINDER, ["/user/ada/", "https://mybinder.org/v2/gh/o/r/HEAD?urlpath="]),
    ],
)
def test_a_link_to_a_server_of_ones_own_becomes_one_for_everybody(monkeypatch, environment, shared):
    for name in (HUB | BINDER).keys() - environment:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert made()[0].foot.shared == shared


# -- numbers --------------------------------------------------------------------------------------


def test_slider_and_box_agree():
    number = Number("r", 4, 1, 16)
    number.slider.value = 7
    assert (number.value, number.box.value) == (7, 7)
    number.box.value = 9
    assert (number.value, number.slider.value) == (9, 9)
    number.value = 3
    assert (number.slider.value, number.box.value) == (3, 3)


def test_a_move_is_heard_once():
    number = Number("r", 4, 1, 16)
    heard = []
    number.observe(lambda change: heard.append(change.new), "value")
    number.slider.value = 7
    number.box.value = 12
    number.value = 2
    assert heard == [7, 12, 2]


def test_a_slider_of_powers_moves_through_them_all():
    number = Number("C", 16, 1, 2048, powers_of_two=True)
    seen = []
    for position in range(number.slider.min, number.slider.max + 1):
        number.slider.value = position
        seen.append(number.value)
        assert number.box.value == number.value
    assert seen == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]


@pytest.mark.parametrize(
    ("typed", "position"), [(24, 5), (512, 9), (1, 0), (3000, 11), (0, 0), (-5, 0), (0.5, 0)]
)
def test_any_number_can_be_typed_and_the_slider_stands_at_the_nearest_power(typed, position):
    number = Number("C", 16, 1, 2048, powers_of_two=True)
    number.box.value = typed
    assert number.value == typed
    assert number.box.value == typed
    assert number.slider.value == position


def test_a_whole_number_is_an_integer_however_it_was_set():
    number = Number("C", 8, 1, 64, powers_of_two=True)
    number.box.value = 24.0
    assert isinstance(number.value, int)
    number.slider.value = 3
    assert isinstance(number.value, int)
    number.box.value = 2.5
    assert number.value == 2.5
    gamma = Number("gamma", 2, 0.5, 4, step=0.5)
    gamma.slider.value = 3.0
    assert isinstance(gamma.value, int)


def test_a_slider_stands_on_its_steps_only_so_that_the_page_does_not_move_it():
    number = Number("spread", 4.3, 0, 10, step=0.5)
    assert (number.value, number.slider.value) == (4.3, 4.5)
    for typed, place in ((3.74, 3.5), (0.001, 0), (99, 10), (-3, 0)):
        number.box.value = typed
        assert number.value == typed
        assert number.slider.value == pytest.approx(place)
    offset = Number("gamma", 1, 0.25, 4, step=0.5)
    offset.box.value = 1.1
    assert offset.slider.value == pytest.approx(1.25)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_is_typed_is_the_value(typed):
    for number in (
        Number("C", 8, 1, 2048, powers_of_two=True),
        Number("r", 4, 1, 64),
        Number("b", 1, -4, 4, step=0.5),
    ):
        number.box.value = typed
        assert number.value == number.box.value == typed
        assert number.slider.min <= number.slider.value <= number.slider.max


@pytest.mark.parametrize("typed", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_reaches_the_panel_and_leaves_the_slider(typed):
    number = Number("C", 16, 1, 2048, powers_of_two=True)
    number.box.value = typed
    np.testing.assert_equal(number.value, typed)
    assert number.slider.value == 4
    number.box.value = 32
    assert (number.value, number.slider.value) == (32, 5)


def test_the_chosen_channel_stays_below_their_count():
    count, chosen = channel_controls("C", 16, 12, 64)
    count.slider.value = 3
    assert chosen.value == chosen.box.value == 7
    for other in (64, 0, 2.5, math.nan):
        count.box.value = other
        assert chosen.value == 7
    count.value = 1
    assert chosen.value == 0


def test_slider_and_box_stand_under_one_label():
    number = Number("C, channels", 8, 1, 64)
    assert number.slider.description == "C, channels"
    assert number.children == (number.slider, number.box)
    assert "attention-control" in number._dom_classes


@pytest.mark.parametrize("start", ["8", None, math.nan, True, math.inf])
def test_a_number_must_start_at_one(start):
    with pytest.raises(ValueError, match=r"`C` must start at a finite number\. Received: .*Choose"):
        Number("C", start, 1, 64)


# -- the other controls ---------------------------------------------------------------------------


def test_a_choice_shows_names_and_gives_values():
    control = choice("photo", {"a cat": "cat", "a wall": "brick"}, "brick")
    assert (control.value, control.label) == ("brick", "a wall")
    assert choice("gate", ["sigmoid", "hard"], "hard").value == "hard"


def test_a_choice_must_start_at_one_of_its_options():
    sentence = r"`photo` must be one of 'cat', 'brick'\. Received: 'dog'\. Choose one of them\."
    with pytest.raises(ValueError, match=sentence):
        choice("photo", {"a cat": "cat", "a wall": "brick"}, "dog")


def test_boxes_and_buttons_say_what_they_are():
    box = tick("signed", True)
    assert isinstance(box, widgets.Checkbox)
    assert (box.value, box.description) == (True, "signed")
    push = button("Next", "One stage on")
    assert (push.description, push.tooltip) == ("Next", "One stage on")
