import numpy as np
import pytest

from attention_lib import steps
from attention_lib.examples import family, filters, hand_made


@pytest.fixture(scope="module")
def cat():
    return filters.feature_maps("cat", family.CHANNELS)


def test_every_method_takes_the_eight_maps(cat):
    for name, forward in family.FORWARD.items():
        maps = cat[::4, ::4] if name == "self-attention" else cat
        trace = forward(maps)
        assert trace.feature_map is maps
        assert trace[-1].shape == maps.shape
        assert np.isfinite(trace[-1]).all()


def test_all_ask_what_se_asks():
    se = hand_made.hand_made_weights(8, 4)
    scse, gcnet, fcanet = family.scse_weights(), family.gcnet_weights(), family.fcanet_weights(4)
    coordinate = family.coordinate_weights()
    np.testing.assert_array_equal(scse.channel.reduce, se.reduce)
    np.testing.assert_array_equal(gcnet.reduce[:, :2], se.reduce)
    np.testing.assert_array_equal(8 * gcnet.expand[:2], se.expand)
    np.testing.assert_array_equal(fcanet.reduce * 2, se.reduce)
    np.testing.assert_array_equal(coordinate.shared, se.reduce)
    np.testing.assert_array_equal(coordinate.rows, se.expand)
    np.testing.assert_array_equal(coordinate.columns, se.expand)


def test_gcnet_asks_four_questions_as_two_would_say_the_same_of_every_photograph(cat):
    wall = filters.feature_maps("brick", 8)
    assert len(family.gcnet_weights().expand) == 4
    cat_hears, wall_hears = (family.FORWARD["GCNet"](x).normalised for x in (cat, wall))
    assert np.abs(cat_hears - wall_hears).max() > 0.02
    two = family.gcnet_weights()
    two = two._replace(
        reduce=two.reduce[:, :2], reduce_bias=two.reduce_bias[:2], expand=two.expand[:2]
    )
    for x in (cat, wall):
        np.testing.assert_allclose(steps.gcnet_forward(x, two).normalised, [1, -1], atol=1e-4)


def test_at_frequency_zero_fcanet_gives_ses_gates(cat):
    weights = family.fcanet_weights(cat[..., 0].size)
    np.testing.assert_allclose(
        steps.fcanet_forward(cat, weights).gates, family.FORWARD["SE"](cat).gates, atol=1e-5
    )


def test_places_open_and_are_attended_to_where_there_are_edges(cat):
    edges = cat[..., :4].sum(-1) > cat[..., 4:].sum(-1)
    assert (family.FORWARD["scSE"](cat).place_gates[edges] > 0.5).all()
    attention = family.FORWARD["GCNet"](cat).attention
    assert attention[edges].mean() > 10 * attention[~edges].mean()


def test_coordinate_attention_can_open_edges_here_and_colours_there(cat):
    trace = family.FORWARD["Coordinate"](cat)
    gates = trace.row_gates[:, None] * trace.column_gates
    assert np.linalg.matrix_rank(gates.reshape(-1, 8)) == 2  # of CBAM's it is 1, see notebook 06


def test_a_place_asks_for_places_like_itself():
    maps = np.zeros((1, 3, 8), np.float32)
    maps[0, [0, 2], 0] = maps[0, 1, 5] = 1
    attention = family.FORWARD["self-attention"](maps).attention
    np.testing.assert_allclose(attention, [[0.5, 0, 0.5], [0, 1, 0], [0.5, 0, 0.5]], atol=1e-4)
