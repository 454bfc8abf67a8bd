"""The excitation panel, driven by its own controls; the numbers shown are the library's."""

import numpy as np
import pytest

from attention_lib.examples import filters, photos
from attention_lib.panels import show_excitation
from attention_lib.steps.activations import ACTIVATIONS, GATES
from attention_lib.steps.se import random_weights, squeeze, trace_excitation
from tests.panels.readable import unreadable, unreadable_when_narrow


def shown(panel):
    return panel.figure.scene


def truth(panel):
    """The excitation of what the controls say, worked out beside the panel."""
    set_to = panel.values()
    z = squeeze(filters.feature_maps(set_to["photo"], set_to["channels"]))
    weights = random_weights(
        set_to["channels"], set_to["reduction"], spread=set_to["spread"], seed=set_to["seed"]
    )
    activation, gate = ACTIVATIONS[set_to["activation"]], GATES[set_to["gate"]]
    return weights, trace_excitation(z, weights, activation=activation, gate=gate)


def beside(units):
    """The words that stand beside hidden units."""
    return [words.get_text() for words in units._words]


def agree(panel):
    weights, trace = truth(panel)
    np.testing.assert_allclose(shown(panel).z.values, trace.squeezed, atol=1e-5)
    np.testing.assert_allclose(shown(panel).gates.values, trace.gates, atol=1e-4)
    most = max(np.abs(trace.reduced).max(), 1e-9)
    np.testing.assert_allclose(shown(panel).hidden.values, trace.hidden / most, atol=1e-3)
    parameters = sum(part.size for part in weights)
    assert shown(panel)._total.get_text() == f"= {parameters:,}"
    assert f"{parameters} parameters" in panel.figure.alt


@pytest.mark.parametrize(
    "moves",
    [
        {"channels": 1, "reduction": 1},
        {"channels": 24, "reduction": 4},
        {"channels": 2048, "reduction": 256},
        {"channels": 64, "reduction": 3},
        {"photo": "brick", "gate": "hard_sigmoid", "activation": "swish"},
        {"spread": 0},
        {"spread": 10, "seed": 20},
    ],
)
def test_the_numbers_shown_are_the_librarys(moves):
    panel = show_excitation(weights="seeded")
    panel.set(**moves)
    assert panel.message == ""
    agree(panel)


def test_very_many_gates_stand_by_size_and_say_so():
    panel = show_excitation(channels=512, weights="seeded")
    agree(panel)
    drawn = shown(panel).gates._bars.values
    assert (np.diff(drawn) >= 0).all()
    assert shown(panel)._gates_note.get_text().startswith("512 gates by size, sum ")
    assert [text.get_text() for text in shown(panel)._channels._texts if text.get_text()] == []


def test_zero_weights_leave_every_gate_half_open():
    panel = show_excitation(weights="seeded", channels=64, reduction=8)
    panel.controls["spread"].slider.value = 0
    assert (shown(panel).gates.values == 0.5).all()


def test_the_learner_is_told_where_the_weights_come_from():
    panel = show_excitation()
    assert "1: more colour than texture?" in panel.figure.alt
    assert beside(shown(panel).reduced)[1] == "more colour than texture?"
    panel.controls["weights"].value = "seeded"
    assert "Seeded weights: nobody trained them" in panel.figure.alt
    assert "colour" not in panel.figure.alt
    assert beside(shown(panel).reduced)[:4] == ["unit 0", "unit 1", "unit 2", "unit 3"]


def test_a_unit_that_relu_leaves_at_zero_is_told_to_have_no_effect():
    panel = show_excitation(photo="brick")
    hidden = panel.state.trace.hidden
    told = beside(shown(panel).hidden)[: len(hidden)]
    assert [words == "no: no effect" for words in told] == (hidden == 0).tolist()
    assert "yes, so row 0 counts" in told
    panel.set(weights="seeded", channels=512, reduction=16)
    inactive = int((panel.state.trace.hidden == 0).sum())
    assert beside(shown(panel).hidden)[0] == f"{inactive} of 32 units are 0:"


def test_what_has_no_effect_is_out_of_sight_and_its_place_kept():
    panel = show_excitation()
    hidden = [panel.controls[name].layout.visibility for name in ("spread", "seed")]
    assert hidden == ["hidden", "hidden"]
    panel.controls["weights"].value = "seeded"
    shown_ = [panel.controls[name].layout.visibility for name in ("spread", "seed")]
    assert shown_ == [None, None]


def test_the_weights_are_shown_as_they_are_while_they_fit():
    panel = show_excitation(weights="seeded", channels=16, reduction=4)
    weights, _ = truth(panel)
    np.testing.assert_array_equal(shown(panel).w1.shown, weights.reduce.T)
    np.testing.assert_array_equal(shown(panel).w2.shown, weights.expand)
    assert shown(panel).w1.shape_told == "16 → 4"
    panel.set(channels=2048, reduction=2)
    assert shown(panel).w1.shown.size < 2048 * 1024
    assert shown(panel).w1.shape_told == "a sample of 2048 → 1024"


def test_a_question_keeps_its_colour_when_others_leave():
    panel = show_excitation(weights="hand-made", channels=16, reduction=4)
    first = shown(panel).w1._image.artist._rgba[-1, 0].copy()
    panel.set(reduction=8)
    np.testing.assert_array_equal(shown(panel).w1._image.artist._rgba[-1, 0], first)


def test_a_larger_reduction_only_takes_hidden_units_away():
    panel = show_excitation(weights="seeded", channels=16, reduction=4)
    four = shown(panel).w1.shown
    panel.controls["reduction"].slider.value = 3
    np.testing.assert_array_equal(shown(panel).w1.shown, four[:2])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("reduction", 32, "`reduction` must not exceed `channels`"),
        ("reduction", 2.5, "`reduction` must be a whole number"),
        ("channels", 0, "`channels` must be a whole number"),
        ("channels", 3000, "`channels` must be a whole number from 1 to 2048"),
        ("channels", 10**9, "`channels` must be a whole number from 1 to 2048"),
        ("spread", -1, "`spread` must be a finite number from 0 to 1,000,000"),
        ("seed", 1.5, "`seed` must be a whole number"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_excitation(weights="seeded")
    picture = panel.figure.png()
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert panel.figure.png() == picture


def test_every_control_can_go_to_its_ends():
    panel = show_excitation(weights="seeded", channels=256)
    figure, artists = panel.figure.figure, None
    for control in panel.controls.values():
        before = control.value
        if getattr(control, "slider", None):
            ends = (control.slider.min, control.slider.max)
            if control is panel.controls["channels"]:
                panel.controls["reduction"].value = 1
            for end in ends:
                control.slider.value = end
                assert panel.message == ""
        elif hasattr(control, "box"):
            for value in (0, 20):
                control.box.value = value
                assert panel.message == ""
        else:
            for _, option in control._options_full:
                control.value = option
                assert panel.message == ""
        control.value = before
        artists = artists or len(figure.findobj())
    for move in range(50):
        panel.controls["reduction"].slider.value = move % 8
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == artists


@pytest.mark.parametrize(
    "moves",
    [
        {},
        {"photo": "brick", "reduction": 8},
        {"channels": 1, "reduction": 1},
        {"channels": 64, "reduction": 16, "weights": "seeded"},
        {"channels": 512, "reduction": 2, "weights": "seeded"},
        {"channels": 2048, "reduction": 1, "weights": "seeded"},
        {"channels": 2048, "reduction": 256, "weights": "seeded"},
    ],
)
def test_all_words_can_be_read(moves):
    panel = show_excitation()
    panel.set(**moves)
    assert unreadable(panel) == []
    assert unreadable_when_narrow(panel) == []


@pytest.mark.parametrize("photo", photos.PHOTOS)
def test_no_bar_of_z_is_cut_off(photo):
    panel = show_excitation(photo=photo, channels=2048, reduction=256, weights="seeded")
    assert shown(panel).z.values.max() <= shown(panel).z._bars.high
