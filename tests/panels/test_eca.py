"""The ECA panel, driven by its own controls; the numbers shown are the library's."""

import numpy as np
import pytest

from attention_lib import costs
from attention_lib.examples import filters
from attention_lib.examples.hand_made import hand_made_weights
from attention_lib.panels import show_eca
from attention_lib.panels.eca.scene import CELL, LEFT
from attention_lib.panels.eca.state import compute, make_kernel, shuffle
from attention_lib.steps.eca import adaptive_kernel_size, eca_forward, random_kernel
from attention_lib.steps.se import random_weights, se_forward
from tests.panels.readable import unreadable, unreadable_when_narrow

PLAIN = {
    "photo": "cat",
    "kernel": "against",
    "channels": 16,
    "channel": 4,
    "gamma": 2,
    "b": 1,
    "by_hand": False,
    "kernel_size": 5,
    "reduction": 4,
    "seed": 0,
    "shuffled": False,
}


@pytest.fixture(scope="module")
def one():
    return show_eca()


@pytest.fixture
def panel(one):
    one.set(**PLAIN)
    return one


def scene(panel):
    return panel.figure.scene


def gates(panel, block):
    return scene(panel).gates[block].values


def said(panel, name):
    return getattr(scene(panel), name).get_text()


# -- against the library --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moves",
    [
        {},
        {"channels": 1, "channel": 0, "reduction": 1},
        {"channels": 24, "photo": "brick", "kernel": "average"},
        {"channels": 64, "channel": 63, "reduction": 16, "kernel": "seeded", "seed": 3},
        {"channels": 2048, "channel": 1500, "reduction": 256, "gamma": 1.3, "b": -2},
        {"by_hand": True, "kernel_size": 7, "kernel": "alone"},
    ],
)
def test_the_gates_are_those_of_the_whole_blocks(panel, moves):
    panel.set(**moves)
    assert panel.message == ""
    v = panel.values()
    channels, k = v["channels"], v["kernel_size"]
    k = k if v["by_hand"] else adaptive_kernel_size(channels, v["gamma"], v["b"])
    maps = filters.feature_maps(v["photo"], channels)
    eca = eca_forward(maps, make_kernel(v["kernel"], k, v["seed"]))
    weights = (
        hand_made_weights(channels, v["reduction"])
        if channels in (8, 16)
        else random_weights(channels, v["reduction"], spread=4, seed=v["seed"])
    )
    se = se_forward(maps, weights)
    seen = scene(panel)._seen
    places = seen.places[seen.real]
    assert v["channel"] in places
    z = scene(panel).bars["z"].values[seen.real] * seen.tops["z"]
    np.testing.assert_allclose(z, eca.squeezed[places], atol=1e-5)
    np.testing.assert_allclose(gates(panel, "ECA"), eca.gates[places], atol=1e-4)
    np.testing.assert_allclose(gates(panel, "SE"), se.gates[places], atol=1e-4)
    np.testing.assert_allclose(scene(panel)._all.values, eca.gates, atol=1e-4)
    for picture, block_maps in ((scene(panel).before, maps), (scene(panel).after, eca.scaled)):
        told = picture.shown[..., 0] / 255
        np.testing.assert_allclose(told, block_maps[..., v["channel"]].clip(0, 1), atol=0.003)


def test_parameters_are_the_costs(panel):
    panel.set(channels=512, reduction=16)
    eca, se = costs.eca_cost(512).parameters, costs.se_cost(512, 16).parameters
    assert (eca, se) == (5, 33_312)
    says = {block: text.get_text() for block, text in scene(panel).costs.items()}
    assert says == {"ECA": "k = 5", "SE": "r = 16"}
    assert [text.get_text() for text in scene(panel)._sizes] == ["ECA 5", "SE 33,312"]
    areas = {block: square.get_width() ** 2 for block, square in scene(panel).areas.items()}
    assert areas["SE"] > 5000 > 1 == areas["ECA"]  # a pixel at least
    panel.set(channels=8, reduction=4)
    areas = {block: square.get_width() ** 2 for block, square in scene(panel).areas.items()}
    assert areas["SE"] / areas["ECA"] == pytest.approx(42 / 3)


# -- the kernel -----------------------------------------------------------------------------------


def test_kernels_one_can_read():
    assert make_kernel("average", 3, 0).tolist() == [2, 2, 2]
    assert make_kernel("alone", 3, 0).tolist() == [0, 6, 0]
    assert make_kernel("against", 5, 0).tolist() == [-1.5, -1.5, 6, -1.5, -1.5]
    assert {make_kernel(kind, 1, 0)[0] for kind in ("average", "alone", "against")} == {6}
    np.testing.assert_array_equal(make_kernel("seeded", 5, 2), random_kernel(5, spread=4, seed=2))


def test_the_products_add_up_to_the_logit_in_one_line(panel):
    assert said(panel, "title") == "channel 4, red − green"
    sentence = "−3.00·0.12 + 6.00·0.31 − 3.00·0.00 = 1.49,   s = σ(1.49) = 0.82"
    assert said(panel, "sentence") == sentence
    assert sentence in panel.figure.alt
    panel.set(by_hand=True, kernel_size=9)
    assert " + 6 smaller terms = " in said(panel, "sentence")


def test_the_axis_of_z_holds_the_brightest_channel(panel):
    panel.set(photo="coffee", channels=24, channel=20)
    assert panel.state.eca.squeezed[20] > 0.8
    assert scene(panel).bars["z"].values.max() <= 1
    assert scene(panel)._seen.tops["z"] == 0.9


@pytest.mark.parametrize("channel", [0, 4, 15])
def test_the_kernel_slides_to_stand_over_the_chosen_channel(panel, channel):
    panel.controls["channel"].value = channel
    seen = scene(panel)._seen
    assert seen.places[np.flatnonzero(seen.w)].tolist() == [channel - 1, channel, channel + 1]
    assert seen.wz.sum() == pytest.approx(panel.state.eca.logits[channel], abs=1e-6)
    left = LEFT + (channel - 1 - seen.places[0]) * CELL
    assert scene(panel).window.get_x() == left
    assert scene(panel).window.get_width() == 3 * CELL


def test_the_numbers_of_the_window_are_written_under_its_bars(panel):
    rows = {
        name: [words.get_text() for words in texts if words.get_text()]
        for name, texts in scene(panel).numbers.items()
    }
    assert rows["w"] == ["−3.00", "6.00", "−3.00"]
    assert rows["w · z"] == ["−0.36", "1.85", "0.00"]
    assert len(rows["z"]) == 18  # sixteen and the padding
    indices = [words.get_text() for words in scene(panel).indices]
    assert indices == ["zero", *map(str, range(16)), "zero"]


# -- the shuffle ----------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [2, 3, 16, 2048])
def test_a_shuffle_leaves_nobody_in_place(channels):
    order = shuffle(channels)
    assert sorted(order) == list(range(channels))
    assert (order != np.arange(channels)).all()


def test_one_channel_has_nowhere_to_go():
    assert shuffle(1).tolist() == [0]


@pytest.mark.parametrize(("channels", "reduction"), [(16, 4), (256, 16)])
def test_ses_gates_come_along_and_ecas_change(panel, channels, reduction):
    panel.set(channels=channels, reduction=reduction)
    before = {"ECA": panel.state.eca.gates, "SE": panel.state.se.gates}
    panel.controls["shuffled"].value = True
    order = panel.state.order
    np.testing.assert_allclose(panel.state.se.gates, before["SE"][order], atol=1e-5)
    apart = np.abs(panel.state.eca.gates - before["ECA"][order]).max()
    seen = scene(panel)._seen
    places = seen.places[seen.real]
    assert apart > 0.1
    assert f"ECA {apart:.3f} (new neighbours), SE 0.000." in said(panel, "shuffle")
    assert said(panel, "shuffle") in panel.figure.alt
    for block, row in scene(panel).gates.items():
        np.testing.assert_allclose(row.dashes, before[block][order][places], atol=1e-6)


def test_the_chosen_channel_keeps_its_name_when_it_moves(panel):
    panel.controls["shuffled"].value = True
    assert said(panel, "title") == "channel 4, red − green"
    place = panel.state.place
    assert panel.state.order[place] == 4
    indices = [words.get_text() for words in scene(panel).indices]
    assert indices == ["zero", *map(str, panel.state.order), "zero"]
    neighbours = panel.state.order[place - 1 : place + 2]
    terms = filters.feature_maps("cat", 16).mean((0, 1))[neighbours] * [-3, 6, -3]
    assert panel.state.eca.logits[place] == pytest.approx(terms.sum(), abs=1e-4)


def test_a_kernel_of_one_does_not_notice_the_shuffle_either(panel):
    panel.set(shuffled=True, by_hand=True, kernel_size=1)
    assert "ECA 0.000 (neighbours do not count here), SE 0.000" in said(panel, "shuffle")


def test_before_the_shuffle_the_learner_is_asked(panel):
    assert said(panel, "shuffle").endswith("Whose gates will change, ECA’s or SE’s?")
    assert all(row.dashes is None for row in scene(panel).gates.values())


# -- the controls ---------------------------------------------------------------------------------


def test_only_what_has_an_effect_is_in_sight(panel):
    def hidden():
        controls = panel.controls.items()
        return {name for name, control in controls if control.layout.visibility == "hidden"}

    assert hidden() == {"kernel_size", "seed"}
    panel.controls["by_hand"].value = True
    assert hidden() == {"gamma", "b", "seed"}
    assert panel.state.kernel_size == 5
    panel.set(by_hand=False, kernel="seeded")
    assert hidden() == {"kernel_size"}
    assert panel.state.kernel_size == 3
    panel.set(kernel="against", channels=24)  # no hand-made weights for SE
    assert hidden() == {"kernel_size"}


def test_an_even_k_is_said_to_be_impossible_not_rounded(panel):
    panel.controls["by_hand"].value = True
    panel.controls["kernel_size"].box.value = 4
    assert "`kernel_size` must be odd" in panel.message
    assert "Received: kernel_size=4. Choose 3 or 5." in panel.message


def test_a_click_on_a_column_chooses_its_channel(panel):
    for y, cell, chosen in ((60, 7, 6), (320, 9, 8), (400, 1, 0), (180, 16, 15)):
        panel.figure._on_message(None, {"click": (LEFT + (cell + 0.5) * CELL, y)}, None)
        assert panel.state.channel == chosen  # behind one cell of padding
    for nowhere in ((20, 60), (LEFT + 3.5 * CELL, 262), (LEFT + 0.5 * CELL, 60), (900, 60)):
        panel.figure._on_message(None, {"click": nowhere}, None)
        assert panel.state.channel == 15


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ({"gamma": 0}, "`gamma` must be a finite number greater than 0. Received: gamma=0."),
        ({"gamma": -1}, "`gamma` must be a finite number greater than 0."),
        ({"gamma": 1e-4}, "`kernel_size` must not exceed 4095, beyond which a kernel meets only"),
        ({"by_hand": True, "kernel_size": 4}, "`kernel_size` must be odd, so that every channel"),
        ({"by_hand": True, "kernel_size": 2.5}, "`kernel_size` must be a whole number"),
        ({"by_hand": True, "kernel_size": 10**9 + 1}, "`kernel_size` must not exceed 4095"),
        ({"by_hand": True, "kernel_size": -3}, "`kernel_size` must be a whole number of 1 or more"),
        ({"channels": 0}, "`channels` must be a whole number"),
        ({"channels": 3000}, "`channels` must be a whole number from 1 to 2048"),
        ({"channel": 16}, "`channel` must be a whole number from 0 to 15."),
        ({"reduction": 32}, "`reduction` must not exceed `channels`"),
        ({"seed": -1, "kernel": "seeded"}, "`seed` must be a whole number of 0 or more"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(panel, moves, sentence):
    picture, alt = panel.figure.png(), panel.figure.alt
    panel.set(**moves)
    assert sentence in panel.message
    assert (panel.figure.png(), panel.figure.alt) == (picture, alt)
    panel.set(**PLAIN)
    assert panel.message == ""


def test_every_control_can_go_to_its_ends_and_no_word_leaves_the_page(panel):
    figure = panel.figure.figure
    panel.set(channels=1024, reduction=16)
    before = len(figure.findobj())
    ends = {"channel": (0, 1023), "gamma": (0.5, 6), "b": (-4, 8), "seed": (0, 20)}
    ends |= {"kernel_size": (1, 15), "reduction": (1, 256), "channels": (256, 2048)}
    for name, values in ends.items():
        panel.controls["by_hand"].value = name == "kernel_size"
        kept = panel.controls[name].value
        for end in values:
            panel.controls[name].value = end
            assert panel.message == "", name
            assert unreadable(panel) == []
        panel.controls[name].value = kept
    for name in ("photo", "kernel"):
        for _, option in panel.controls[name]._options_full:
            panel.controls[name].value = option
            assert panel.message == ""
    assert panel.figure.figure is figure
    assert len(figure.findobj()) == before


@pytest.mark.parametrize("channels", [1, 2, 2048])
def test_any_number_of_channels_can_be_shuffled(panel, channels):
    panel.set(channels=channels, channel=channels - 1, reduction=1, shuffled=True)
    assert panel.message == ""
    assert panel.state.moved["SE"] < 1e-4
    assert unreadable_when_narrow(panel) == []
    panel.figure._on_message(None, {"scale": 1, "dark": channels > 1}, None)


@pytest.mark.parametrize("k", [1, 7, 15])
def test_all_words_can_be_read_where_the_page_is_narrow(panel, k):
    panel.set(by_hand=True, kernel_size=k, kernel="seeded")
    assert unreadable_when_narrow(panel) == []
    panel.figure._on_message(None, {"scale": 1, "dark": False}, None)


def test_the_state_can_be_computed_without_a_widget():
    state = compute(**PLAIN)
    assert state.kernel_size == 3
    assert state.parameters == {"ECA": 3, "SE": 148}
