"""The panel of the family, driven by its own controls; the numbers shown are the library's."""

import re

import numpy as np
import pytest

from attention_lib._words import number
from attention_lib.examples import family, filters
from attention_lib.panels import open_panel, show_family
from attention_lib.panels.family import scene as places
from attention_lib.panels.family.panel import METHODS
from attention_lib.panels.family.state import BY_NAME, EFFECTS
from attention_lib.panels.family.state import METHODS as ALL
from tests.panels.readable import unreadable, unreadable_when_narrow

COMPUTED = list(METHODS.values())
each = pytest.mark.parametrize("method", COMPUTED)


def lines(panel):
    return [line.get_text() for line in panel.figure.scene._lines]


def answers(panel):
    return [text.get_text() for text in panel.figure.scene._answers]


def test_every_computed_method_can_be_chosen():
    assert set(COMPUTED) == set(family.FORWARD) == set(EFFECTS)
    assert set(COMPUTED) <= set(BY_NAME)
    assert [method.year for method in ALL] == sorted(method.year for method in ALL)


@each
def test_the_numbers_shown_are_the_librarys(method):
    panel = show_family(method, channel=6, row=40, column=12)
    maps = filters.feature_maps("cat", 8)
    row, column = 40, 12
    if method == "self-attention":
        maps, row, column = maps.reshape(14, 4, 14, 4, 8).mean((1, 3)), 10, 3
    trace = family.FORWARD[method](maps)
    np.testing.assert_allclose(panel.state.output, trace[-1], atol=1e-4)
    before, after = maps[row, column, 6], trace[-1][row, column, 6]
    assert lines(panel)[0].startswith(
        f"Channel 6, yellow − blue, in the ring (row {row}, column {column}): {number(before)} "
    )
    assert number(after) in lines(panel)[0]
    assert answers(panel) == list(BY_NAME[method][2:])
    assert all(words in panel.figure.alt for words in (*lines(panel), *answers(panel), method))


@each
def test_what_each_number_is_multiplied_by_or_what_is_added_is_what_happened(method):
    state = show_family(method).state
    if state.sign == "×":
        np.testing.assert_allclose(state.maps * state.effect, state.output, atol=1e-9)
    elif state.sign == "+":
        np.testing.assert_allclose(state.maps + state.effect, state.output, atol=1e-9)
    else:
        np.testing.assert_array_equal(state.effect, state.output)


# -- who talks to whom ----------------------------------------------------------------------------


def reached(method, **where):
    """Which channels (row) another (column) reaches, and which places the ring."""
    state = show_family(method, **where).state
    return state.channels_reached > 0, state.places_reached > 0


def test_se_reaches_all_eca_the_neighbours_and_simam_nobody_else():
    neighbours = np.abs(np.subtract.outer(range(8), range(8))) <= 1
    np.testing.assert_array_equal(reached("SE")[0], True)
    np.testing.assert_array_equal(reached("ECA")[0], neighbours)
    np.testing.assert_array_equal(reached("SimAM")[0], np.eye(8))


def test_what_is_pooled_over_all_places_reaches_all_places():
    for method in ("SE", "ECA", "GCNet", "FcaNet", "GRN", "SimAM", "CBAM", "self-attention"):
        assert reached(method)[1].all()


def test_coordinate_attention_reaches_a_row_and_a_column():
    cross = np.zeros((56, 56), bool)
    cross[20] = cross[:, 7] = True
    np.testing.assert_array_equal(reached("Coordinate", row=20, column=7)[1], cross)


def test_a_place_of_scse_reaches_itself_and_where_the_channels_gate_is_the_larger():
    state = show_family("scSE", row=33, column=41).state
    trace = state.trace
    by_channel = trace.channel_gates[0] > trace.place_gates
    assert state.places_reached[33, 41] > 0
    np.testing.assert_array_equal(state.places_reached[by_channel] > 0, True)
    assert (state.places_reached > 0).sum() == by_channel.sum() + 1


def test_the_sentence_counts_what_the_pictures_show():
    panel = show_family("Coordinate", channel=2)
    assert lines(panel)[1] == (
        "Raise this number by 0.1, and gates change in 8 of 8 channels; in channel 2 at 111 of "
        "3,136 places."
    )
    panel.set(method="GCNet")
    assert "what is added changes in 8 of 8 channels" in lines(panel)[1]
    panel.set(method="self-attention")
    assert "what comes back changes in" in lines(panel)[1]
    assert "at 196 of 196 places" in lines(panel)[1]


# -- drawing and moving ---------------------------------------------------------------------------


@each
def test_everything_can_be_read(method):
    panel = show_family(method)
    for photo in ("cat", "grass"):
        for channel in (0, 5, 7):
            panel.set(photo=photo, channel=channel, row=55, column=0)
            assert not unreadable(panel)


@each
def test_everything_can_be_read_where_the_page_is_narrow(method):
    panel = show_family(method, channel=3, row=55, column=55)
    assert unreadable_when_narrow(panel) == []


def test_the_panel_fits_a_small_screen():
    assert show_family().figure.height + 2 * 40 + 60 <= 620  # two rows of controls, and the foot


def test_gates_have_the_colours_of_gates_and_maps_one_scale():
    panel = show_family("SE")
    scene, state = panel.figure.scene, panel.state
    colour = scene.look.gates(state.trace.gates[0])[:3]
    np.testing.assert_allclose(scene.images[3].shown[0, 0], np.multiply(colour, 255), atol=4)
    before, after = (scene.images[i].shown[..., 0].astype(float) for i in (0, 4))
    assert before.max() == 255
    np.testing.assert_allclose(after, before * state.trace.gates[0], atol=1)


def test_a_click_on_the_map_chooses_the_place_and_elsewhere_nothing():
    panel = show_family("Coordinate")
    clicked = panel.figure.scene.place_at
    assert clicked(places.LEFT, places.TOP) == (0, 0)
    edge = places.SIDE - 0.01
    assert clicked(places.LEFT + edge, places.TOP + edge) == (55, 55)
    assert clicked(places.LEFT - 1, places.TOP) is None
    assert clicked(places.LEFT, places.TOP + places.SIDE) is None
    at = places.LEFT + places.SIDE * 10.5 / 56, places.TOP + places.SIDE * 30.5 / 56
    panel.figure._on_message(panel.figure, {"click": [*at]}, [])
    assert (panel.controls["row"].value, panel.controls["column"].value) == (30, 10)
    assert panel.state.place == (30, 10)
    panel.figure._on_message(panel.figure, {"click": [500, 20]}, [])
    assert panel.state.place == (30, 10)


def test_the_rings_stand_on_the_place_in_every_picture_of_places():
    panel = show_family("SE", row=0, column=55)
    rings = panel.figure.scene._rings.values()
    centres = {circle.center for ring in rings for circle in ring._rings}
    half = places.SIDE / 112
    wanted = {(places.LEFTS[i] + places.SIDE - half, places.TOP + half) for i in (0, 2, 3, 4)}
    np.testing.assert_allclose(sorted(centres), sorted(wanted))


def test_it_opens_from_a_line():
    panel = open_panel("family method=GRN photo=brick channel=3")
    assert panel.state.method.name == "GRN"
    assert panel.state.photo == "brick"
    assert panel.state.channel == 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"channel": 8}, "`channel` must be a whole number from 0 to 7. Received: channel=8."),
        ({"row": 56}, "`row` must be one of the 56 of a map. Received: row=56. Choose 0 to 55, or"),
        ({"column": -1}, "`column` must be one of the 56 of a map. Received: column=-1."),
        ({"column": 2.5}, "Received: column=2.5."),
        ({"method": "BAM"}, "`method` must be one of 'SE', 'self-attention', 'CBAM'"),
        ({"photo": "dog"}, "`photo` must be one of"),
    ],
)
def test_what_cannot_be_gets_a_sentence(values, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        show_family(**values)


def test_a_place_that_cannot_be_is_told_and_the_picture_stays():
    panel = show_family()
    before = panel.figure.alt
    panel.controls["row"].box.value = 99
    assert panel.message.startswith("`row` must be one of the 56 of a map.")
    assert panel.figure.alt == before
