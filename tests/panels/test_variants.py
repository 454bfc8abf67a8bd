"""The variants panel, driven by its own controls; the numbers shown are the library's."""

import itertools

import numpy as np
import pytest

from attention_lib._words import number
from attention_lib.costs import variant_cost
from attention_lib.panels import show_variants
from attention_lib.panels.kit.sources import summary
from attention_lib.panels.variants.state import NAMES, SPREAD
from attention_lib.steps.activations import sigmoid
from attention_lib.steps.variants import draw_variants
from tests.panels.readable import unreadable, unreadable_when_narrow


@pytest.fixture
def panel():
    return show_variants()


def scene(panel):
    return panel.figure.scene


def lines(panel):
    return [line.get_text() for line in scene(panel)._lines]


def counts(panel):
    return [int(text.get_text().split()[0].replace(",", "")) for text in scene(panel)._counts]


@pytest.mark.parametrize(
    "moves",
    [
        {},
        {"photo": "brick", "channels": 64, "channel": 63, "kernel_size": 9, "groups": 16},
        {"channels": 4, "channel": 0, "reduction": 1, "groups": 1, "kernel_size": 1},
        {"channels": 24, "groups": 3, "reduction": 24, "seed": 7},
    ],
)
def test_the_numbers_shown_are_the_librarys(panel, moves):
    panel.set(**moves)
    assert panel.message == ""
    set_to = panel.values()
    sizes = {name: set_to[name] for name in ("reduction", "groups", "kernel_size")}
    channels = set_to["channels"]
    wanted = [variant_cost(name, channels, **sizes).weights for name in NAMES]
    assert counts(panel) == wanted
    z = summary(set_to["photo"], channels)
    made = draw_variants(channels, seed=set_to["seed"], spread=SPREAD, **sizes)
    for variant, bars in zip(made, scene(panel).bars, strict=True):
        np.testing.assert_allclose(bars.values, variant.trace(z).gates, atol=1e-6)
        if variant.name != "SE":
            np.testing.assert_allclose(bars.values, sigmoid(variant.matrix @ z), atol=1e-6)
    assert all(line in panel.figure.alt for line in lines(panel))


def test_a_square_is_coloured_where_a_gate_hears_and_blank_elsewhere(panel):
    background = np.array([255, 255, 255])
    for variant, square in zip(panel.state.variants, scene(panel).squares, strict=True):
        shown = square.shown[0]
        assert shown.shape == (16, 16, 3)
        rows = np.arange(16) != panel.state.channel
        blank = (shown == background).all(-1)[rows]
        assert blank[~variant.depends_on[rows]].all()
        assert not blank[np.abs(variant.matrix[rows]) > 0.1].any()


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ("SE", "SE: gate 5 depends on 16 means, of channels 0 to 15."),
        ("SE-Var1", "SE-Var1: gate 5 depends on its own mean alone."),
        ("SE-GC", "SE-GC: gate 5 depends on 4 means, of channels 4 to 7."),
        ("ECA-NS", "ECA-NS: gate 5 depends on 3 means, of channels 4 to 6."),
        ("ECA", "ECA: gate 5 depends on 3 means, of channels 4 to 6."),
    ],
)
def test_words_say_what_a_gate_depends_on(panel, variant, said):
    panel.controls["variant"].value = variant
    assert lines(panel)[0] == said
    gate = panel.state.gates[NAMES.index(variant)][5]
    assert lines(panel)[1].endswith(f"For this photo gate 5 is {number(gate)}.")


@pytest.mark.parametrize(
    ("variant", "arithmetic"),
    [
        ("SE", "2 · 16 · 4 = 128 weights."),
        ("SE-Var1", "Nothing to learn."),
        ("SE-Var2", "16 weights, one a channel."),
        ("SE-Var3", "16 · 16 = 256 weights."),
        ("SE-GC", "4 groups of 4 · 4 = 64 weights."),
        ("ECA-NS", "16 · 3 = 48 weights."),
        ("ECA", "3 weights, the same for every gate."),
    ],
)
def test_the_arithmetic_of_the_weights(panel, variant, arithmetic):
    panel.controls["variant"].value = variant
    assert lines(panel)[1].startswith(arithmetic)


def test_what_the_paper_reports_is_called_quoted(panel):
    words = [text.get_text() for text in panel.figure.figure.axes[0].texts]
    assert any(text.startswith("quoted: top-1 accuracy of ResNet-50") for text in words)
    for printed in ("76.71", "76.00", "77.07", "77.42", "76.95", "77.35", "77.43"):
        assert printed in words
    assert "without: 75.20" in words


def test_a_click_on_a_column_chooses_its_design(panel):
    for place, chosen in (((20, 100), "SE"), ((700, 260), "ECA-NS"), ((700, 450), "ECA-NS")):
        panel.figure._on_message(None, {"click": place}, None)
        assert panel.state.chosen == chosen


@pytest.mark.sweep
@pytest.mark.parametrize("dark", [False, True])
def test_every_control_can_go_to_its_ends_and_every_word_can_be_read(panel, dark):
    panel.figure._on_message(None, {"scale": 1, "dark": dark}, None)
    figure = panel.figure.figure
    for channels, variant in itertools.product((4, 16, 64), NAMES):
        panel.set(channels=channels, variant=variant, groups=4, reduction=4)
        for name, ends in (
            ("channel", (0, channels - 1)),
            ("kernel_size", (1, 9)),
            ("seed", (0, 20)),
        ):
            for end in ends:
                panel.controls[name].value = end
        assert panel.message == ""
        assert unreadable(panel) == []
    assert unreadable_when_narrow(panel) == []
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("channels", 0, "`channels` must be a whole number from 1 to 2048."),
        ("channels", 128, "`channels` must be 64 or less, for the squares to be readable."),
        ("channel", 16, "`channel` must be a whole number from 0 to 15."),
        ("reduction", 17, "`reduction` must not exceed `channels`."),
        ("groups", 5, "`groups` must divide `channels`"),
        ("kernel_size", 4, "`kernel_size` must be odd"),
        ("seed", -1, "`seed` must be a whole number of 0 or more."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(panel, name, value, sentence):
    picture, alt = panel.figure.png(), panel.figure.alt
    before = panel.controls[name].value
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert (panel.figure.png(), panel.figure.alt) == (picture, alt)
    panel.controls[name].box.value = before
    assert panel.message == ""


def test_a_panel_cannot_begin_with_a_design_that_there_is_not():
    with pytest.raises(ValueError, match="`design` must be one of"):
        show_variants(variant="SE-Var4")


def test_a_thousand_million_groups_are_refused_at_once(panel):
    panel.controls["groups"].box.value = 10**9
    assert "Received: channels=16, groups=1000000000. Choose 16" in panel.message
