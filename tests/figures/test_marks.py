"""Marks: what stands in the pixels is the numbers, at every density."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from attention_lib.figures import marks
from attention_lib.figures.theme import DARK, LIGHT, page, place

WIDTH, HEIGHT = 200, 100
BAR = (np.array(to_rgb(LIGHT.bar)) * 255).round()
TRACK = (np.array(to_rgb(LIGHT.track)) * 255).round()


def paper(density=1.0):
    figure = Figure((WIDTH / 72, HEIGHT / 72), dpi=72 * density)
    FigureCanvasAgg(figure)
    return page(figure, LIGHT)


def drawn(ax):
    """The figure's pixels, (rows, columns, 3)."""
    ax.figure.canvas.draw()
    return np.array(ax.figure.canvas.buffer_rgba())[..., :3]


def ink(ax, colour=BAR):
    """Where on the page a colour stands."""
    return (np.abs(drawn(ax).astype(int) - colour).max(axis=-1) <= 1).astype(int)


# -- bars -----------------------------------------------------------------------------------------


def test_bars_are_as_high_as_their_values():
    ax = paper()
    bars = marks.Bars(ax, LIGHT)
    bars.set(np.array([0, 0.25, 0.5, 1]), LIGHT.bar)
    heights = ink(ax).sum(axis=0)
    assert heights[[25, 75, 125, 175]].tolist() == [0, 25, 50, 100]
    assert heights[49:51].tolist() == [0, 0]  # a gap between two bars
    assert bars.values.tolist() == [0, 0.25, 0.5, 1]


def test_bars_grow_from_zero_to_either_side():
    ax = paper()
    marks.Bars(ax, LIGHT, low=-1, high=3).set(np.array([2.0, -1, 0, 9]), LIGHT.bar)
    columns = ink(ax)[:, [25, 75, 125, 175]]
    where = [np.flatnonzero(column) for column in columns.T]
    assert (where[0].min(), where[0].max()) == (25, 74)  # from 2 down to 0, which is at 75
    assert (where[1].min(), where[1].max()) == (75, 99)
    assert where[2].size == 0
    assert (where[3].min(), where[3].max()) == (0, 74)  # as far as the axis goes


def test_bars_that_lie_have_the_first_on_top_and_grow_to_the_right():
    ax = paper()
    marks.Bars(ax, LIGHT, sideways=True).set(np.array([0.5, 1]), LIGHT.bar)
    lengths = ink(ax).sum(axis=1)
    assert lengths[[25, 75]].tolist() == [100, 200]
    assert ink(ax)[25, :100].all()


def test_a_track_shows_how_long_a_bar_could_be():
    ax = paper()
    marks.Bars(ax, LIGHT, track=True).set(np.array([0.25, 0]), LIGHT.bar)
    assert ink(ax)[:, 50].sum() == 25
    assert ink(ax, TRACK)[:, 50].sum() == 75
    assert ink(ax, TRACK)[:, 150].sum() == 100


@pytest.mark.parametrize(("value", "middle"), [(0.75, 25), (0.0, 99), (1.0, 1)])
def test_a_dash_stands_across_its_bar_at_a_value_of_the_same_axis(value, middle):
    ax, dash = paper(), (np.array(to_rgb(LIGHT.ink)) * 255).round()
    bars = marks.Bars(ax, LIGHT)
    bars.set(np.array([0.2, 0.2]), LIGHT.bar, dashes=np.array([value, 0.5]))
    rows = np.flatnonzero(ink(ax, dash)[:, 50])
    assert len(rows) == 2  # pixels: whole at the ends of the axis, too
    assert rows.mean() + 0.5 == middle
    assert bars.dashes.tolist() == [value, 0.5]
    bars.set(np.array([0.2, 0.2]), LIGHT.bar)
    assert bars.dashes is None
    assert not ink(ax, dash).any()


def test_every_bar_has_its_colour():
    ax = paper()
    colours = np.array([[1, 0, 0, 1], [0, 0, 1, 1]])
    marks.Bars(ax, LIGHT).set(np.ones(2), colours)
    assert drawn(ax)[50, 50].tolist() == [255, 0, 0]
    assert drawn(ax)[50, 150].tolist() == [0, 0, 255]


@settings(max_examples=30)
@given(st.integers(1, 3000), st.sampled_from([1, 1.25, 2]), st.booleans())
def test_each_line_of_pixels_shows_one_of_its_own_channels(count, density, sideways):
    ax = paper(density)
    values = np.random.default_rng(count).uniform(size=count)
    bars = marks.Bars(ax, LIGHT, sideways=sideways)
    bars.set(values, LIGHT.bar)
    lines = ink(ax).T if not sideways else ink(ax)
    lengths = lines.sum(axis=1)
    across, along = lines.shape
    channel = (np.arange(across) + 0.5) * count / across
    expected = values[np.minimum(channel.astype(int), count - 1)] * along
    shown = lengths > 0 if count < across / 4 else slice(None)
    assert np.abs(lengths - expected)[shown].max(initial=0) <= 1


def test_bars_fill_a_box_of_the_page_and_no_more():
    ax = paper(2)
    marks.Bars(ax, LIGHT, box=(20, 30, 100, 40)).set(np.ones(1), LIGHT.bar)
    rows, columns = (np.flatnonzero(ink(ax).any(axis=axis)) for axis in (1, 0))
    assert (rows.min(), rows.max()) == (60, 139)
    assert columns.min() >= 40
    assert columns.max() <= 239


def test_bars_fill_their_axes():
    ax = paper()
    inner = place(ax.figure, 50, 10, 100, 60)
    inner.set_axis_off()
    marks.Bars(inner, LIGHT).set(np.ones(60), LIGHT.bar)
    rows = np.flatnonzero(ink(ax).any(axis=1))
    assert (rows.min(), rows.max()) == (10, 69)
    assert not ink(ax)[:, :50].any()


def test_what_is_hidden_is_not_drawn():
    ax = paper()
    bars = marks.Bars(ax, LIGHT)
    bars.set(np.ones(3), LIGHT.bar)
    bars.artist.set_visible(False)
    assert not ink(ax).any()


# -- spreads --------------------------------------------------------------------------------------


def test_a_spread_is_wide_where_values_stand_and_its_halves_are_two_sets():
    ax = paper()
    spreads = marks.Spreads(ax, LIGHT)
    left, right = np.zeros((2, 2, 10))
    left[0, 9] = left[1, 9] = right[1, 0] = 1.0  # high on the left, low on the right
    spreads.set(left, right)
    drawn_at = spreads.artist._rgba[::-1, :, 3] > 0  # the top row first
    assert drawn_at[2, 50:100].sum() == 0  # the first shape has no right half
    assert drawn_at[2, :50].sum() == pytest.approx(0.42 * 100, abs=2)
    assert not drawn_at[50].any()
    assert drawn_at[97, 150:].sum() == pytest.approx(0.42 * 100, abs=2)
    assert not drawn_at[97, :150].any()
    top = np.array(LIGHT.gates((100 - 2.5) / 100)) * 255
    np.testing.assert_allclose(spreads.artist._rgba[::-1][2, 40], top, atol=1)


# -- weights --------------------------------------------------------------------------------------


def test_a_matrix_that_fits_is_shown_whole():
    ax = paper()
    image = marks.WeightImage(ax, LIGHT)
    matrix = np.array([[1.0, -2], [0, 0.5]])
    image.set(matrix)
    np.testing.assert_array_equal(image.shown, matrix)
    ends = (np.array([LIGHT.weights(0.0), LIGHT.weights(1.0)])[:, :3] * 255).round()
    assert (drawn(ax)[12, 150] == ends[0]).all()  # -2, the strongest; its sign is in the middle
    corner = drawn(ax)[25, 50].astype(int)
    middle = (np.array(LIGHT.weights(0.75))[:3] * 255).round()
    assert np.abs(corner - middle).max() <= 3  # 1 is half as strong, on the other side
    white = drawn(ax)[75, 50]
    assert white.min() >= 245


@settings(max_examples=30)
@given(st.integers(1, 700), st.integers(1, 700))
def test_a_cell_keeps_a_size_that_can_be_seen(rows, columns):
    image = marks.WeightImage(paper(), LIGHT)
    matrix = np.arange(rows * columns, dtype=float).reshape(rows, columns)
    image.set(matrix)
    assert image.shown.shape == (min(rows, 25), min(columns, 50))
    of_rows, of_columns = image.shown[:, 0] // columns, image.shown[0] % columns
    for sample, count in ((of_rows, rows), (of_columns, columns)):
        steps = np.diff(sample)
        assert (steps >= 1).all()
        assert steps.max(initial=0) - steps.min(initial=count) <= 1  # an even sample
    np.testing.assert_array_equal(image.shown, of_rows[:, None] * columns + of_columns % columns)


def test_a_scale_of_colours_can_be_kept_while_weights_change():
    ax = paper()
    marks.WeightImage(ax, LIGHT).set(np.array([[1.0, -2]]), strongest=4)
    middle = (np.array(LIGHT.weights(0.25))[:3] * 255).round()
    assert np.abs(drawn(ax)[20, 150].astype(int) - middle).max() <= 3  # -2 of 4


def test_no_weights_at_all_are_as_pale_as_zero():
    ax = paper()
    marks.WeightImage(ax, LIGHT).set(np.zeros((3, 3)))
    assert drawn(ax).min() >= 245


def test_cells_below_zero_bear_a_minus_where_they_have_room_for_one():
    ax = paper()  # 200 x 100
    marks.WeightImage(ax, LIGHT).set(np.array([[-1.0, 1, 0, -0.5]]))
    paper_, ink = ((np.array(to_rgb(c)) * 255).round() for c in (LIGHT.background, LIGHT.ink))
    middles = [drawn(ax)[50, 25 + 50 * cell] for cell in range(4)]
    assert [(middle == paper_).all() for middle in middles] == [True, False, False, False]
    assert [(middle == ink).all() for middle in middles] == [False, False, False, True]
    marks.WeightImage(paper(), LIGHT).set(-np.ones((20, 40)))  # 5 pixels each: no room


def test_a_gate_has_a_tick_at_half_of_its_track_and_a_bar_has_none():
    for track in (True, False):
        ax = paper()
        marks.Bars(ax, LIGHT, track=track).set(np.array([0.0, 1.0]), LIGHT.bar)
        ticks = (np.array(to_rgb(LIGHT.quiet)) * 255).round()
        ticked = (drawn(ax)[48:52] == ticks).all(axis=-1)
        assert ticked.any() == track


# -- pictures -------------------------------------------------------------------------------------


def checks(count, side=2):
    """Pictures whose every pixel is another colour."""
    return np.random.default_rng(count).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


@pytest.mark.parametrize("density", [1, 2])
def test_a_picture_is_enlarged_pixel_by_pixel(density):
    ax = paper(density)
    picture = checks(1, side=4)
    mark = marks.Pictures(ax, 10, 20, 40)
    mark.set(picture)
    x, y, side = 10 * density, 20 * density, 40 * density
    enlarged = picture[0].repeat(10 * density, axis=0).repeat(10 * density, axis=1)
    np.testing.assert_array_equal(drawn(ax)[y : y + side, x : x + side], enlarged)
    assert (drawn(ax)[: y - 1] == 255).all()
    assert mark.shown is picture


def test_a_smaller_picture_averages_areas():
    ax = paper()
    picture = np.zeros((1, 40, 40, 3), np.uint8)
    picture[0, ::2] = 200  # lines that every second row would miss, or show alone
    marks.Pictures(ax, 0, 0, 20).set(picture)
    assert (drawn(ax)[:20, :20] == 100).all()


def test_a_photograph_may_be_smooth():
    ax = paper()
    picture = np.zeros((1, 2, 2, 3), np.uint8)
    picture[0, :, 1] = 255
    marks.Pictures(ax, 0, 0, 40, smooth=True).set(picture)
    across = drawn(ax)[20, :40, 0].astype(int)
    assert (np.diff(across) >= 0).all()
    assert len(np.unique(across)) > 5


def test_pictures_stand_side_by_side_in_borders_of_their_colours():
    ax = paper()
    pictures = checks(3, side=1)
    colours = LIGHT.gates(np.array([0.0, 0.5, 1.0]))
    mark = marks.Pictures(ax, 10, 20, 30, step=50, count=3, border=4)
    mark.set(pictures, colours)
    seen = drawn(ax)
    for i, left in enumerate((10, 60, 110)):
        colour = (colours[i, :3] * 255).round()
        assert (seen[20:50, left : left + 30] == pictures[i, 0, 0]).all()
        assert (seen[16:20, left - 4 : left + 34] == colour).all()
        assert (seen[50:54, left - 4 : left + 34] == colour).all()
        assert (seen[20:50, left + 30 : left + 34] == colour).all()
        assert (seen[16:54, left + 34 : left + 46] == 255).all()


def test_without_borders_their_place_stays_free():
    ax = paper()
    marks.Pictures(ax, 10, 20, 30, border=4).set(np.zeros((1, 1, 1, 3), np.uint8))
    assert (drawn(ax)[16:20] == 255).all()
    assert (drawn(ax)[20:50, 10:40] == 0).all()


@settings(max_examples=30)
@given(
    st.floats(1, 2),
    st.integers(1, 16),
    st.floats(5, 30),
    st.floats(0, 4),
    st.floats(0, 20),
)
def test_any_density_has_room_for_all_pictures(density, count, side, border, spare):
    ax = paper(density)
    step = side + 2 * border + spare
    mark = marks.Pictures(ax, 20, 30, side, step=step, count=count, border=border)
    mark.set(checks(count), np.tile([0.0, 0, 0, 1], (count, 1)))
    drawn(ax)


def test_pictures_must_be_as_many_as_there_are_places():
    mark = marks.Pictures(paper(), 0, 0, 10, step=12, count=3)
    with pytest.raises(ValueError, match="shorter"):
        mark.set(checks(2))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_same_value_has_the_same_shade_on_every_map(theme):
    maps = np.array([[[0.0, 0.5], [1.0, 7.0]]])  # (1, 2, 2): two maps of one row
    shaded = marks.shades(maps, theme.maps)
    assert shaded.shape == (2, 1, 2, 3)
    assert shaded[0, 0].tolist() == [[0, 0, 0], [255, 255, 255]]
    assert shaded[1, 0, 1].tolist() == [255, 255, 255]  # beyond the scale: as bright as can be
    assert abs(int(shaded[1, 0, 0, 0]) - 128) <= 1


def test_a_scale_may_have_a_below():
    shaded = marks.shades(np.array([[[-1.0, 0.0, 1.0]]]), LIGHT.weights, -1, 1)[:, 0, 0]
    ends = (np.array([LIGHT.weights(0.0), LIGHT.weights(1.0)])[:, :3] * 255).round()
    assert shaded[0].tolist() == ends[0].tolist()
    assert shaded[2].tolist() == ends[1].tolist()
    assert shaded[1].min() > 230
