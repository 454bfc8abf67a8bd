import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.examples.filters import NAMED_FILTERS, feature_maps
from attention_lib.examples.hand_made import (
    ANSWERS,
    HIDDEN_NAMES,
    LISTENS,
    hand_made_cbam,
    hand_made_names,
    hand_made_weights,
    local_contrast,
)
from attention_lib.examples.photos import PHOTOS
from attention_lib.steps.cbam import cbam_forward, spatial_attention
from attention_lib.steps.se import squeeze, trace_excitation

TEXTURE, COLOUR = slice(0, 4), slice(4, 8)
UP, ACROSS = 0, 1  # vertical and horizontal edges
FITTING = [(8, r) for r in range(2, 9)] + [(16, r) for r in range(4, 17)]


def excitation(photo, channels=8, reduction=4):
    weights = hand_made_weights(channels, reduction)
    return trace_excitation(squeeze(feature_maps(photo, channels)), weights)


def gates(photo, channels=8, reduction=4):
    return excitation(photo, channels, reduction).gates


def test_the_cat_opens_colour_and_closes_texture():
    found = gates("cat")
    assert ((found[COLOUR] > 0.75) & (found[COLOUR] < 0.95)).all()
    assert ((found[TEXTURE] > 0.1) & (found[TEXTURE] < 0.3)).all()


def test_the_wall_opens_texture_and_closes_colour():
    found = gates("brick")
    assert ((found[TEXTURE] > 0.75) & (found[TEXTURE] < 0.95)).all()
    assert ((found[COLOUR] > 0.1) & (found[COLOUR] < 0.3)).all()


def test_photographs_are_ranked_from_texture_to_colour():
    texture = [gates(name)[0] for name in ("grass", "brick", "leaves", "rocket", "cat", "coffee")]
    np.testing.assert_allclose(texture, [0.93, 0.85, 0.31, 0.29, 0.17, 0.04], atol=0.02)


def test_either_texture_or_colour_is_answered_with_yes_and_never_both():
    for name in PHOTOS:
        texture, colour = excitation(name).hidden
        assert (texture > 0) != (colour > 0)


def test_with_one_question_a_colourful_photograph_leaves_every_gate_half_open():
    np.testing.assert_array_equal(gates("cat", 8, 8), 0.5)
    assert gates("brick", 8, 8)[TEXTURE].min() > 0.75


def test_with_four_questions_stripes_open_the_edges_that_run_their_way():
    wall = gates("brick", 8, 2)
    assert wall[UP] > 0.9
    assert wall[UP] > wall[ACROSS] + 0.3
    leaves = gates("leaves", 8, 2)
    assert leaves[ACROSS] > leaves[UP] + 0.2
    assert leaves[COLOUR].min() > leaves[ACROSS]


@pytest.mark.parametrize("name", ["cat", "grass", "coffee"])
def test_where_no_stripes_run_the_other_questions_decide_alone(name):
    np.testing.assert_array_equal(excitation(name, 8, 2).hidden[2:], 0)


@pytest.mark.parametrize(("channels", "reduction"), FITTING)
def test_gates_are_readable_and_never_shut_or_open_altogether(channels, reduction):
    for name in PHOTOS:
        found = gates(name, channels, reduction)
        assert found.min() > 0.02
        assert found.max() < 0.99


def test_nobody_asks_about_brightness_or_darkness():
    for name in PHOTOS:
        np.testing.assert_array_equal(gates(name, 16, 4)[-2:], 0.5)


def test_a_yes_never_closes_a_channel_that_spoke_for_it():
    assert (LISTENS * ANSWERS >= 0).all()
    assert ANSWERS[LISTENS != 0].all()


def test_every_row_of_the_table_stands_for_the_named_filter():
    open_for = {
        question: {name for name, answer in zip(NAMED_FILTERS, column, strict=True) if answer > 0}
        for question, column in zip(HIDDEN_NAMES, ANSWERS.T, strict=True)
    }
    assert open_for["more colour than texture?"] == {
        *NAMED_FILTERS[COLOUR],
        "colour borders",
    }
    assert open_for["more texture than colour?"] == {
        *NAMED_FILTERS[TEXTURE],
        "bright spots",
        "dark spots",
        "fine texture",
        "broad stripes up",
        "broad stripes across",
    }
    assert open_for["stripes running up?"] == {"vertical edges", "broad stripes up"}
    assert open_for["stripes running across?"] == {"horizontal edges", "broad stripes across"}


@given(st.sampled_from(FITTING))
def test_there_is_one_question_for_each_hidden_unit_the_most_important_first(fitting):
    channels, reduction = fitting
    questions = hand_made_names(channels, reduction)
    weights = hand_made_weights(channels, reduction)
    assert questions == HIDDEN_NAMES[: channels // reduction]
    assert weights.reduce.shape == (channels, len(questions))
    assert weights.expand.shape == (len(questions), channels)


@given(st.sampled_from(FITTING))
def test_fewer_questions_or_channels_change_nothing_in_those_that_remain(fitting):
    channels, reduction = fitting
    weights, most = hand_made_weights(channels, reduction), hand_made_weights(16, 4)
    hidden = channels // reduction
    np.testing.assert_array_equal(weights.reduce, most.reduce[:channels, :hidden])
    np.testing.assert_array_equal(weights.reduce_bias, most.reduce_bias[:hidden])
    np.testing.assert_array_equal(weights.expand, most.expand[:hidden, :channels])
    np.testing.assert_array_equal(weights.expand_bias, most.expand_bias[:channels])


def test_what_a_caller_does_to_the_weights_changes_no_later_ones():
    before = gates("cat")
    for part in hand_made_weights(8, 4):
        part[:] = 9
    np.testing.assert_array_equal(gates("cat"), before)


@pytest.mark.parametrize("call", [hand_made_weights, hand_made_names])
@pytest.mark.parametrize(("channels", "reduction"), [(64, 16), (8, 1), (16, 3), (16, 1), (4, 2)])
def test_where_there_are_no_hand_made_weights_it_says_where_there_are(call, channels, reduction):
    with pytest.raises(
        ValueError,
        match=r"for 8 channels with a reduction of 2 to 8, and for 16 channels with one of "
        rf"4 to 16\. Received: channels={channels}, reduction={reduction}\. Choose one of these",
    ):
        call(channels, reduction)


@pytest.mark.parametrize(
    ("channels", "reduction", "complaint"),
    [
        (8, 16, r"`reduction` must not exceed `channels`"),
        (8, 0, r"`reduction` must be a whole number"),
        (8, 2.5, r"`reduction` must be a whole number"),
        (8.0, 4, r"`channels` must be a whole number"),
    ],
)
def test_a_reduction_that_cannot_be_is_answered_as_everywhere(channels, reduction, complaint):
    with pytest.raises(ValueError, match=complaint):
        hand_made_weights(channels, reduction)


# -- for CBAM -------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [8, 16])
@pytest.mark.parametrize("photo", PHOTOS)
def test_the_mlp_of_cbam_gives_colours_one_gate_and_edges_the_opposite(photo, channels):
    trace = cbam_forward(feature_maps(photo, channels), hand_made_cbam(channels))
    edges, colours = trace.channel.gates[TEXTURE], trace.channel.gates[COLOUR]
    np.testing.assert_allclose(edges, edges[0])
    np.testing.assert_allclose(colours, 1 - edges[0], atol=1e-6)


def test_grey_photos_open_edges_and_the_mean_alone_would_open_the_cats_colours():
    assert cbam_forward(feature_maps("grass", 8), hand_made_cbam(8)).channel.gates[0] > 0.9
    answers = cbam_forward(feature_maps("cat", 8), hand_made_cbam(8)).channel.expanded
    assert answers[0, 0] < 0 < answers[1, 0]


@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
def test_an_even_surface_leaves_every_inner_place_half_open(kernel_size):
    weights = local_contrast(kernel_size)
    np.testing.assert_allclose(weights.kernel.sum((0, 1)), 0, atol=1e-6)
    gates = spatial_attention(np.full((12, 12, 4), 0.7), weights).gates
    inside = slice(kernel_size // 2, 12 - kernel_size // 2)
    np.testing.assert_allclose(gates[inside, inside], 0.5, atol=1e-5)


@pytest.mark.parametrize("kernel_size", [3, 7])
def test_a_place_that_stands_out_is_opened_and_what_is_around_it_closed(kernel_size):
    maps = np.zeros((15, 15, 4))
    maps[7, 7] = 1
    gates = spatial_attention(maps, local_contrast(kernel_size)).gates
    assert gates[7, 7] == gates.max() > 0.8
    edge = kernel_size // 2
    assert gates[7 - edge, 7 - edge] < 0.5
    assert gates[0, 0] == 0.5


@pytest.mark.parametrize("channels", [4, 24, "8"])
def test_cbam_was_made_by_hand_for_8_and_16_channels(channels):
    with pytest.raises(ValueError, match="of CBAM for 8 and for 16 channels"):
        hand_made_cbam(channels)


def test_an_even_kernel_has_no_middle():
    with pytest.raises(ValueError, match="`kernel_size` must be odd"):
        local_contrast(4)
