"""The cost panel, driven by its own controls; the numbers shown are the library's."""

import itertools
from functools import partial

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from attention_lib import costs
from attention_lib._words import short
from attention_lib.figures.theme import LIGHT
from attention_lib.panels import show_cost
from attention_lib.panels.cost.scene import LEFT, WIDTH
from attention_lib.panels.cost.state import kernels, percent
from tests.panels.readable import unreadable, unreadable_when_narrow


@pytest.fixture(scope="module")
def panel():
    return show_cost()


@pytest.fixture(autouse=True)
def as_at_the_start(panel):
    panel.set(
        network="ResNet-50",
        mechanism="SE",
        stages="all",
        reduction=16,
        gamma=2,
        b=1,
        use_bias=False,
    )
    panel.figure._on_message(None, {"scale": 1, "dark": False}, None)


def scene(panel):
    return panel.figure.scene


def words(panel):
    """What is said of the arithmetic, and what is quoted."""
    return scene(panel)._words.text, scene(panel)._quoted.text


def truth(panel):
    set_to = panel.values()
    made = {
        "SE": partial(costs.se_cost, reduction=set_to["reduction"], use_bias=set_to["use_bias"]),
        "ECA": partial(costs.eca_cost, gamma=set_to["gamma"], b=set_to["b"]),
        "CBAM": partial(
            costs.cbam_cost, reduction=set_to["reduction"], use_bias=set_to["use_bias"]
        ),
    }[set_to["mechanism"]]
    network = costs.NETWORKS[set_to["network"]]
    numbers = [stage.number for stage in network.stages]
    stages = None if set_to["stages"] == "all" else numbers[:-1]
    return costs.added(network, made, stages=stages)


@pytest.mark.parametrize("mechanism", ["SE", "ECA", "CBAM"])
@pytest.mark.parametrize("stages", ["all", "not last"])
@pytest.mark.parametrize("network", costs.NETWORKS)
def test_the_numbers_shown_are_the_librarys(panel, network, stages, mechanism):
    panel.set(network=network, stages=stages, mechanism=mechanism)
    assert panel.message == ""
    wanted = truth(panel)
    total = wanted.total
    assert scene(panel)._total.get_text() == f"+{total.parameters:,} parameters"
    for what, bars in scene(panel).bars.items():
        by_stage = [
            getattr(wanted.stages[stage.number], what) if stage.number in wanted.stages else 0
            for stage in costs.NETWORKS[network].stages
        ]
        np.testing.assert_allclose(bars.values, np.array(by_stage) / max(by_stage))
        shares = [text.get_text() for text in scene(panel).shares[what]]
        assert shares == [
            f"{100 * cost / sum(by_stage):.1f} %" if cost else "" for cost in by_stage
        ]
        counts = [text.get_text() for text in scene(panel).counts[what]]
        write = "{:,}".format if what == "parameters" else short
        has = [bool(widths) for _, widths in panel.state.stages]
        assert counts == [
            write(cost) if cost or not there else "left out"
            for cost, there in zip(by_stage, has, strict=True)
        ]
    part = scene(panel).part
    assert part.get_width() / WIDTH == pytest.approx(wanted.share / (1 + wanted.share))
    assert part.get_x() + part.get_width() == pytest.approx(LEFT + WIDTH)
    assert scene(panel)._share.get_text() == f"+{percent(wanted.share)}"
    assert f"+{total.parameters:,} parameters, +{percent(wanted.share)}" in panel.figure.alt


def test_the_last_stage_pays_and_without_it_se_is_cheap(panel):
    last = scene(panel).counts["parameters"][-1], scene(panel).shares["parameters"][-1]
    assert [text.get_text() for text in last] == ["1,572,864", "62.5 %"]
    assert last[1].get_weight() == "bold"
    assert words(panel)[0] == (
        "Most in stage 5: 3 blocks × (2 · 2048 · 128 weights) = 1,572,864 parameters. "
        "Without the last stage +9.8 % would be +3.7 %."
    )
    panel.controls["stages"].value = "not last"
    assert scene(panel)._share.get_text() == "+3.7 %"
    assert "ResNet-50 has 25,557,032." in scene(panel)._beside.get_text()
    assert last[0].get_text() == "left out"
    assert words(panel)[0].endswith("The last stage would add 1,572,864 more: 62.5 % of all.")


def test_multiply_adds_are_most_elsewhere(panel):
    shares = [text.get_text() for text in scene(panel).shares["multiply_adds"]]
    assert shares == ["35.7 %", "24.7 %", "23.6 %", "16.0 %"]
    weights = [text.get_weight() for text in scene(panel).shares["multiply_adds"]]
    assert weights == ["bold", "normal", "normal", "normal"]


def test_the_accent_means_what_is_added_and_nothing_else(panel):
    accent = to_rgba(LIGHT.accent)
    page = panel.figure.figure.axes[0]
    marked = {text.get_text() for text in page.texts if to_rgba(text.get_color()) == accent}
    assert marked == {"+9.8 %"}
    blocks = [patch for patch in page.patches if patch.get_facecolor() == accent]
    assert blocks == [scene(panel).part]
    for bars in scene(panel).bars.values():
        assert not (bars.artist._rgba == np.multiply(accent, 255).round()).all(-1).any()


def test_the_arithmetic_in_words_comes_out(panel):
    panel.set(mechanism="CBAM", use_bias=True)
    assert 3 * (2 * 2048 * 128 + 128 + 2048 + 100) == 1_579_692
    assert words(panel)[0].startswith(
        "Most in stage 5: 3 blocks × (2 · 2048 · 128 weights + 128 + 2048 biases + 100 of the "
        "spatial half) = 1,579,692 parameters."
    )


def test_the_formula_gives_86_where_the_paper_says_80(panel):
    panel.controls["mechanism"].value = "ECA"
    assert scene(panel)._total.get_text() == "+86 parameters"
    assert words(panel)[0].endswith("By stage, k = 5, 5, 5, 7.")
    assert words(panel)[1].endswith("It says that this adds 80 parameters.")
    assert kernels(panel.state) == [5, 5, 5, 7]


@pytest.mark.parametrize(("gamma", "b", "sizes"), [(2, 0, [5, 5, 5, 5]), (1.2, -3.5, [3, 5, 5, 7])])
def test_some_gamma_and_b_give_80_too(panel, gamma, b, sizes):
    panel.set(mechanism="ECA", gamma=gamma, b=b)
    assert scene(panel)._total.get_text() == "+80 parameters"
    assert kernels(panel.state) == sizes


# -- what is quoted -------------------------------------------------------------------------------


def test_what_the_papers_report_is_called_quoted_and_stands_as_printed(panel):
    accuracy = (
        "ECA paper, Table 3: top-1 accuracy 75.20 % without, 76.71 % with SE (r = 16), both taken "
        "from other work."
    )
    error = "SE paper, Table 10: top-1 error 23.30 % without, 22.28 % with r = 16."
    assert words(panel)[1] == f"{accuracy} {error}"
    headings = [text.get_text() for text in panel.figure.figure.axes[0].texts]
    assert "Quoted from the papers, not computed here (it takes training):" in headings
    panel.controls["reduction"].box.value = 24  # the paper did not train it
    assert words(panel)[1] == accuracy
    panel.set(network="MobileNetV2", reduction=8)
    assert words(panel)[1].endswith("72.42 % with SE (r = 8).")
    panel.set(network="ResNet-50", mechanism="ECA")
    assert "77.48 % with ECA, the first taken over. It says that this adds 80" in words(panel)[1]
    panel.set(mechanism="SE")
    panel.set(network="EfficientNet-B0")
    assert words(panel)[1] == "The tables that we quote say nothing of SE in EfficientNet-B0."


def test_a_network_with_se_of_its_own_is_told(panel):
    panel.set(network="MobileNetV3-Large", reduction=4)
    own = costs.own_attention(costs.NETWORKS["MobileNetV3-Large"]).total.parameters
    assert f"The published network has SE of its own, with {own:,}" in words(panel)[0]
    counts = [text.get_text() for text in scene(panel).counts["parameters"]]
    assert counts[0] == "0"  # takes none, and is not left out


# -- the controls ---------------------------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize("readable", [unreadable, unreadable_when_narrow])
@pytest.mark.parametrize("network", costs.NETWORKS)
def test_every_control_can_go_to_its_ends_and_every_word_can_be_read(panel, network, readable):
    panel.set(network=network)
    figure = panel.figure.figure
    most = min(
        getattr(block, figure_place)
        for figure_place in [costs.NETWORKS[network].place]
        for block in costs.NETWORKS[network].blocks
    )
    for mechanism, stages, bias in itertools.product(
        ("SE", "CBAM"), ("all", "not last"), (False, True)
    ):
        panel.set(mechanism=mechanism, stages=stages, use_bias=bias)
        for reduction in (1, min(most, 64)):
            panel.controls["reduction"].value = reduction
            assert panel.message == ""
            assert readable(panel) == []
    panel.controls["mechanism"].value = "ECA"
    for name in ("gamma", "b"):
        slider = panel.controls[name].slider
        for end in (slider.min, slider.max):
            slider.value = end
            assert panel.message == ""
            assert readable(panel) == []
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1


def test_only_the_numbers_that_count_are_shown(panel):
    def shown():
        return [
            name
            for name in ("reduction", "use_bias", "gamma", "b")
            if panel.controls[name].layout.visibility != "hidden"
        ]

    assert shown() == ["reduction", "use_bias"]
    panel.controls["mechanism"].value = "ECA"
    assert shown() == ["gamma", "b"]
    panel.controls["mechanism"].value = "CBAM"
    assert shown() == ["reduction", "use_bias"]


@pytest.mark.parametrize(
    ("mechanism", "name", "value", "sentence"),
    [
        ("SE", "reduction", 0, "`reduction` must be a whole number of 1 or more."),
        ("SE", "reduction", 2.5, "`reduction` must be a whole number of 1 or more."),
        ("CBAM", "reduction", 257, "ResNet-50 has one of 256. Received: reduction=257."),
        ("ECA", "gamma", 0, "`gamma` must be a finite number greater than 0."),
        ("ECA", "b", float("inf"), "`b` must be a finite number."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(
    panel, mechanism, name, value, sentence
):
    panel.controls["mechanism"].value = mechanism
    picture, alt = panel.figure.png(), panel.figure.alt
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert (panel.figure.png(), panel.figure.alt) == (picture, alt)
    panel.controls[name].box.value = 1
    assert panel.message == ""


def test_a_panel_cannot_begin_with_a_network_that_there_is_not():
    with pytest.raises(ValueError, match="`network` must be one of"):
        show_cost(network="VGG-16")
