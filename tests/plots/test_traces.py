"""Plots by what they draw: artists, labels and limits, never pixels."""

import re

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from attention_lib.figures.theme import DARK, LIGHT
from attention_lib.plots import (
    plot_feature_maps,
    plot_gates,
    plot_interaction,
    plot_interactions,
    plot_kernel_sizes,
    plot_logits,
    plot_photo,
    plot_side_by_side,
)
from attention_lib.steps import adaptive_kernel_size, choose_kernel, interactions
from attention_lib.steps.eca import staircase

GATES = np.array([0.0, 0.25, 1.0])
MAPS = np.arange(24.0).reshape(2, 4, 3)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    pyplot.close("all")


@pytest.mark.parametrize(
    "plot",
    [
        lambda ax: plot_gates(GATES, ax=ax),
        lambda ax: plot_feature_maps(MAPS, ax=ax),
        lambda ax: plot_photo(np.zeros((4, 6, 3)), ax=ax),
        lambda ax: plot_interaction(np.eye(3), ax=ax),
        lambda ax: plot_kernel_sizes(ax=ax),
    ],
)
def test_every_plot_draws_on_the_axes_it_is_given_or_on_its_own(plot):
    given = Figure().subplots()
    assert plot(given) is given
    assert not pyplot.get_fignums()
    own = plot(None)
    assert pyplot.get_fignums() == [own.figure.number]


# -- gates ----------------------------------------------------------------------------------------


def bars(ax):
    """(left, bottom, right, top) of each track and each bar, and the bars' colours."""
    tracks, gates = ax.collections
    boxes = [
        [np.r_[path.vertices.min(0), path.vertices.max(0)] for path in collection.get_paths()]
        for collection in (tracks, gates)
    ]
    return np.array(boxes[0]), np.array(boxes[1]), gates.get_facecolors()


def test_a_gate_is_a_bar_as_high_as_it_is_open_in_the_colour_of_gates():
    tracks, drawn, colours = bars(plot_gates(GATES))
    np.testing.assert_allclose(drawn[:, 3], GATES)
    np.testing.assert_allclose(tracks[:, 3], 1)
    np.testing.assert_allclose((drawn[:, 0] + drawn[:, 2]) / 2, [0, 1, 2])
    np.testing.assert_allclose(colours, LIGHT.gates(GATES))


def test_named_gates_lie_below_each_other_the_first_on_top():
    ax = plot_gates(GATES, ["a", "b", "c"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert ax.yaxis_inverted()
    _, drawn, _ = bars(ax)
    np.testing.assert_allclose(drawn[:, 2], GATES)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["closed", "½", "open"]


@pytest.mark.parametrize("names", [None, ["a", "b", "c"]])
def test_sets_of_gates_stand_apart_under_their_titles(names):
    two = np.stack([GATES, GATES[::-1]])
    ax = plot_gates(two, names, ["cat", "brick"])
    tracks, drawn, colours = bars(ax)
    along = 0 if names else 1
    lengths = (drawn[:, along + 2] - drawn[:, along]).reshape(2, 3)
    np.testing.assert_allclose(lengths, two)
    starts = tracks[:, along].reshape(2, 3)
    assert (np.ptp(starts, axis=1) == 0).all()
    assert abs(starts[0, 0] - starts[1, 0]) > 1
    np.testing.assert_allclose(colours, LIGHT.gates(two).reshape(-1, 4))
    assert [text.get_text() for text in ax.texts] == ["cat", "brick"]
    for text, start in zip(ax.texts, starts[:, 0], strict=True):
        assert start < text.get_position()[along] < start + 1.1


def test_two_thousand_gates_are_two_artists():
    ax = plot_gates(np.linspace(0, 1, 2048))
    assert len(ax.collections) == 2
    assert ax.get_xlim() == (-0.6, 2047.6)


# -- maps -----------------------------------------------------------------------------------------


def test_maps_stand_on_one_image_in_the_order_of_channels_on_one_scale():
    ax = plot_feature_maps(MAPS)
    (image,) = ax.images
    page = np.asarray(image.get_array())
    for channel in range(3):
        shades = LIGHT.maps(MAPS[..., channel] / 23)[..., :3]
        top, left = find(page, shades)
        assert (top, left) == (0, 5 * channel)


def find(page, picture):
    """Where the picture stands on the page; it has to stand there once."""
    high, wide = picture.shape[:2]
    places = [
        (top, left)
        for top in range(page.shape[0] - high + 1)
        for left in range(page.shape[1] - wide + 1)
        if np.allclose(page[top : top + high, left : left + wide], picture)
    ]
    assert len(places) == 1
    return places[0]


@pytest.mark.parametrize(("channels", "rows", "columns"), [(2, 1, 2), (8, 2, 4), (25, 5, 5)])
def test_few_maps_stand_in_one_row_and_many_in_a_square(channels, rows, columns):
    page = plot_feature_maps(np.ones((2, 2, channels))).images[0].get_array()
    assert page.shape[:2] == (3 * rows - 1, 3 * columns - 1)  # one pixel between two maps


def test_gates_frame_their_maps_and_names_stand_under_them():
    ax = plot_feature_maps(MAPS, ["a", "b", "c"], GATES)
    page = np.asarray(ax.images[0].get_array())
    for channel in range(3):
        top, left = find(page, LIGHT.maps(MAPS[..., channel] / 23)[..., :3])
        frame = LIGHT.gates(GATES[channel])[:3]
        corners = page[[top - 1, top - 1, top + 2, top + 2], [left - 1, left + 4] * 2]
        np.testing.assert_allclose(corners, np.tile(frame, (4, 1)))
        text = ax.texts[channel]
        assert text.get_text() == "abc"[channel]
        assert text.get_position()[0] == left + 2
        assert text.get_position()[1] > top + 2


@pytest.mark.parametrize("look", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("plot", "count"),
    [
        (lambda maps, look: plot_feature_maps(maps, look=look), 3),
        (lambda maps, look: plot_side_by_side({"x": maps}, "abc", look=look)[0], 1),
        (lambda maps, look: plot_photo(maps, look=look), 1),
    ],
)
def test_pictures_that_may_be_of_the_colour_of_the_page_have_an_outline(plot, count, look):
    ax = plot(np.ones((8, 10, 3)), look)
    (outline,) = ax.collections
    boxes = [path.get_extents() for path in outline.get_paths()]
    assert [(box.width, box.height) for box in boxes] == [(10, 8)] * count
    assert boxes[0].p0.tolist() == [-0.5, -0.5]  # where the first pixel begins
    np.testing.assert_allclose(outline.get_edgecolor(), [to_rgba(look.faint)])


def test_no_strip_is_left_empty_below_names():
    ax = plot_feature_maps(np.ones((56, 56, 8)), list("aaaaaaaa"))
    ax.figure.canvas.draw()
    (lowest,) = {text.get_window_extent().y0 for text in ax.texts[4:]}
    assert 0 <= lowest - ax.get_window_extent().y0 < 10


def test_black_maps_are_black():
    page = np.asarray(plot_feature_maps(np.zeros((2, 2, 1))).images[0].get_array())
    assert (page[:2, :2] == 0).all()


# -- logits --------------------------------------------------------------------------------------


def test_every_picture_is_a_dot_placed_by_its_first_two_logits():
    table = np.arange(12.0).reshape(4, 3)
    left, right = plot_logits({"one": table, "two": -table})
    for ax, title, wanted in ((left, "one", table), (right, "two", -table)):
        (dots,) = ax.lines
        np.testing.assert_array_equal(dots.get_xydata(), wanted[:, :2])
        assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == (title, "logit 0", "logit 1")


def test_one_channel_cannot_place_a_dot():
    with pytest.raises(ValueError, match=r"two channels or more.*Received: 'r' of shape \(3, 1\)"):
        plot_logits({"r": np.ones((3, 1))})


# -- who influences whom --------------------------------------------------------------------------


def test_zero_is_in_the_middle_of_an_interactions_colours():
    matrix = np.array([[0.0, -3.0], [1.0, 0.0]])
    ax = plot_interaction(matrix, "band")
    (image,) = ax.images
    np.testing.assert_array_equal(image.get_array(), matrix)
    assert image.get_clim() == (-3, 3)
    assert image.get_cmap() == LIGHT.weights
    assert (ax.get_title(), ax.get_ylabel(), ax.get_xlabel()) == ("band", "gate of", "depends on")


def test_the_four_designs_stand_side_by_side():
    designs = interactions(8, 2, 3)
    axes = plot_interactions(designs)
    assert [ax.get_title().partition(":")[0] for ax in axes] == [
        "full",
        "low rank",
        "diagonal",
        "band",
    ]
    for ax, matrix in zip(axes, designs, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), matrix)


# -- kernel sizes and parameters ------------------------------------------------------------------


@pytest.mark.parametrize("up_to", [1, 3, 24, 64, 2048])
def test_a_staircase_takes_every_step(up_to):
    steps = staircase(2, 1, up_to)
    channels = [step.channels for step in steps]
    assert channels == sorted(set(channels))
    assert channels[0] == 1
    assert channels[-1] == up_to
    assert {2**i for i in range(up_to.bit_length())} <= set(channels)
    assert steps == [choose_kernel(c, 2, 1) for c in channels]


def test_the_staircase_and_t_are_the_librarys():
    ax = plot_kernel_sizes(gamma=1.5, b=-3, up_to=2000)
    t, k = ax.lines
    for channels, size in zip(*k.get_data(), strict=True):
        assert size == adaptive_kernel_size(int(channels), 1.5, -3)
    np.testing.assert_allclose(
        t.get_ydata(), [choose_kernel(int(c), 1.5, -3).t for c in t.get_xdata()]
    )
    assert k.get_drawstyle() == "steps-post"
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_xticklabels()] == [str(2**i) for i in range(11)]
    assert [text.get_text() for text in ax.texts] == ["t, before the cut", "k"]


@pytest.mark.parametrize(("gamma", "b"), [(2, 1), (0.5, 8), (6, -4)])
def test_ticks_of_k_are_odd_and_the_axis_holds_every_step(gamma, b):
    ax = plot_kernel_sizes(gamma, b)
    ticks = ax.get_yticks()
    assert (ticks % 2 == 1).all()
    assert len(ticks) <= 13
    bottom, top = ax.get_ylim()
    assert bottom == 0
    assert top > max(ax.lines[1].get_ydata())


def test_the_dark_look_is_dark():
    ax = plot_gates(GATES, look=DARK)
    assert ax.get_facecolor() == ax.figure.get_facecolor()
    assert sum(ax.get_facecolor()[:3]) < 0.3
    np.testing.assert_allclose(bars(ax)[2], DARK.gates(GATES))


# -- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: plot_gates(GATES, ["a"]),
            "`names` must have one entry for each channel. Received: 1 for 3. Give 3.",
        ),
        (
            lambda: plot_gates(GATES, titles=["cat", "brick"]),
            "`titles` must have one entry for each set of gates. Received: 2 for 1. Give 1.",
        ),
        (
            lambda: plot_gates(np.ones(64), ["a"] * 64),
            "`names` must be 32 or fewer, to be read beside the bars. Received: 64. "
            "Leave them out.",
        ),
        (
            lambda: plot_gates(np.ones((2, 2, 2))),
            "`gates` must have the shape (n, channels), no axis empty.",
        ),
        (
            lambda: plot_gates([[1, 2], [1]]),
            "`gates` must be an array of shape (n, channels). Received: list",
        ),
        (
            lambda: plot_feature_maps(np.ones((2, 2))),
            "`maps` must have the shape (height, width, channels), no axis empty.",
        ),
        (
            lambda: plot_feature_maps(MAPS, gates=np.ones(2)),
            "`gates` must have one entry for each channel. Received: 2 for 3.",
        ),
        (
            lambda: plot_feature_maps(MAPS, names="ab"),
            "`names` must have one entry for each channel. Received: 2 for 3.",
        ),
        (
            lambda: plot_interaction(np.ones((2, 3))),
            "`matrix` must have a row and a column for every channel. Received: matrix of shape "
            "(2, 3). Take one from `interactions`.",
        ),
        (lambda: plot_kernel_sizes(gamma=0), "`gamma` must be a finite number greater than 0."),
        (lambda: plot_kernel_sizes(up_to=0), "`up_to` must be a whole number of 1 or more."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_no_figure(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
    assert not pyplot.get_fignums()


def test_a_photo_is_drawn_as_it_is_and_feature_maps_are_no_photo():
    photo = np.random.default_rng(0).random((4, 6, 3))
    ax = plot_photo(photo, "noise")
    assert np.array_equal(ax.images[0].get_array(), photo)
    assert ax.get_title() == "noise"
    with pytest.raises(ValueError, match=r"3 colours. Received: shape=\(2, 4, 8\)"):
        plot_photo(np.zeros((2, 4, 8)))


# -- side by side ---------------------------------------------------------------------------------


def test_methods_stand_side_by_side_a_row_for_each_channel():
    before = np.arange(8.0).reshape(2, 2, 2)
    axes = plot_side_by_side({"input": before, "half": before / 2, "less": before - 9}, ["a", "b"])
    assert [ax.get_title() for ax in axes] == ["input", "half", "less", "", "", ""]
    for i, ax in enumerate(axes):
        shown = (before, before / 2, before - 9)[i % 3][..., i // 3]
        (image,) = ax.images
        np.testing.assert_array_equal(image.get_array(), shown)
        assert image.get_clim() == (0, before[..., i // 3].max())  # of the input, in every column
        low, high = (f"{value:.2f}".replace("-", "−") for value in (shown.min(), shown.max()))
        assert ax.texts[-1].get_text() == f"{low} to {high}"
    assert [axes[i].texts[0].get_text() for i in (0, 3)] == ["a", "b"]


def test_a_black_map_is_drawn_black():
    (ax,) = plot_side_by_side({"input": np.zeros((2, 2, 1))}, ["a"])
    assert ax.images[0].get_clim()[0] == 0
    assert ax.texts[-1].get_text() == "0.00 to 0.00"


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ({"input": np.zeros((2, 2, 3))}, "`names` must have one entry for each channel"),
        ({"input": np.zeros((2, 2))}, "`input` must have the shape (height, width, n)"),
        (
            {"input": np.zeros((2, 2, 2)), "SE": np.zeros((2, 2, 1))},
            "`names` must have one entry for each channel",
        ),
    ],
)
def test_what_cannot_stand_side_by_side_gets_a_sentence(results, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        plot_side_by_side(results, ["a", "b"])
