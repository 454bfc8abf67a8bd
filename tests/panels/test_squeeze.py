"""The squeeze panel, driven by its own controls; the numbers shown are the library's."""

import math
import re

import numpy as np
import pytest

from attention_lib._words import number
from attention_lib.examples import filters, photos
from attention_lib.figures import theme
from attention_lib.panels import show_squeeze
from attention_lib.panels.squeeze.scene import MAP, MAXIMA, MEANS, POINTS, SIDE, TOP
from attention_lib.steps.pooling import global_max_pool
from attention_lib.steps.se import squeeze
from tests.panels.readable import unreadable, unreadable_when_narrow

EMPTY = "This filter found nothing here: every value is zero, or rounding."


def scene(panel):
    return panel.figure.scene


def truth(panel):
    """The maps that the controls ask for, before any shuffle."""
    set_to = panel.values()
    return filters.feature_maps(set_to["photo"], set_to["channels"], rectify=set_to["rectify"])


def outline(panel, name):
    """The values along the line of an area, as its height on the page says them."""
    ys = getattr(scene(panel), name).get_xy()[1:-2, 1]  # without the two corners at its base
    top, bottom = scene(panel).height(1.0), scene(panel).height(0.0)
    return (bottom - ys) / (bottom - top)


def drawn_values(panel):
    """The chosen map's values in order, a sample of them: above the mean, and else below."""
    mean = panel.state.squeezed[panel.state.channel]
    return outline(panel, "above") + outline(panel, "missing") - mean


def sampled(values):
    """What is drawn of values in order."""
    ordered = np.sort(values, axis=None)
    return ordered[np.linspace(0, ordered.size - 1, POINTS).round().astype(int)]


def pixel(panel, x, y):
    return tuple(int(part) for part in panel.figure._pixels[y, x, :3])


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


# -- the numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moves",
    [
        {},
        {"photo": "brick", "channel": 11},
        {"channels": 1, "channel": 0},
        {"channels": 24, "channel": 23},
        {"rectify": False, "channel": 5},
        {"photo": "coffee", "channels": 2048, "channel": 1000},
        {"channels": 512, "rectify": False, "channel": 3},
    ],
)
def test_the_numbers_shown_are_the_librarys(moves):
    panel = show_squeeze()
    panel.set(**moves)
    assert panel.message == ""
    maps, channel = truth(panel), panel.values()["channel"]
    z, peaks = squeeze(maps), global_max_pool(maps)
    np.testing.assert_allclose(scene(panel).means.values, z, atol=1e-6)
    np.testing.assert_allclose(scene(panel).maxima.values, peaks, atol=1e-5)
    np.testing.assert_allclose(drawn_values(panel), sampled(maps[..., channel]), atol=1e-5)
    mean, peak = number(z[channel], 3), number(peaks[channel])
    sentence = f"z_{channel} = mean of 56 × 56 = 3136 values = {mean};   max = {peak}"
    assert scene(panel)._mean.get_text() == mean
    assert scene(panel)._peak_words.get_text() == f"max {peak}"
    assert sentence in panel.figure.alt
    assert filters.channel_names(maps.shape[-1])[channel] in panel.figure.alt


@pytest.mark.parametrize(
    "moves", [{"channel": 4}, {"channel": 0}, {"channel": 5, "rectify": False}]
)
def test_the_mean_levels_the_values_what_is_above_fills_what_is_below(moves):
    panel = show_squeeze(**moves)
    mean = float(squeeze(truth(panel))[panel.state.channel])
    level = scene(panel)._level
    assert level.get_y() + level.get_height() / 2 == pytest.approx(scene(panel).height(mean))
    above = (outline(panel, "above") - mean).mean()
    missing = (mean - outline(panel, "missing")).mean()
    assert above == pytest.approx(missing, rel=0.03)  # of a sample of the values


def test_the_ring_is_around_the_brightest_place():
    panel = show_squeeze(photo="rocket", channel=6)
    row, column = np.argwhere(truth(panel)[..., 6] == truth(panel)[..., 6].max())[0]
    for ring in scene(panel)._ring._rings:
        assert ring.get_visible()
        assert ring.center == pytest.approx(
            (MAP + SIDE / 56 * (column + 0.5), TOP + SIDE / 56 * (row + 0.5))
        )


def test_an_empty_map_has_no_brightest_place():
    panel = show_squeeze(photo="brick", channel=13)
    assert truth(panel)[..., 13].max() < 1e-5
    assert not any(ring.get_visible() for ring in scene(panel)._ring._rings)
    assert scene(panel)._remark.get_text() == EMPTY


def test_the_chosen_channel_has_the_accent_colour_and_the_others_are_quiet():
    panel = show_squeeze(channel=6)
    places = [round(scene(panel).means.x(c)) for c in (4, 6)]
    foot = sum(MEANS) - 3
    assert pixel(panel, places[0], foot) == rgb(theme.LIGHT.bar)
    assert pixel(panel, places[1], foot) == rgb(theme.LIGHT.accent)
    assert pixel(panel, places[1], sum(MAXIMA) - 3) == rgb(theme.LIGHT.accent)


def test_where_bars_are_thinner_than_a_pixel_a_line_shows_the_chosen_one():
    panel = show_squeeze(channels=2048, channel=1024)
    assert pixel(panel, round(scene(panel).means.x(1024)), MEANS[0] + 4) == rgb(theme.LIGHT.accent)
    assert not scene(show_squeeze()).means._here.get_visible()


# -- what the squeeze does not notice -------------------------------------------------------------


@pytest.mark.parametrize("rectify", [True, False])
def test_shuffling_the_places_of_all_maps_changes_the_picture_and_no_summary(rectify):
    panel = show_squeeze(channel=4, rectify=rectify)
    z, values, picture = scene(panel).means.values, drawn_values(panel), panel.state.picture
    before = scene(panel).map.shown
    panel.controls["shuffle"].value = "maps"
    after = scene(panel).map.shown
    assert (after != before).mean() > 0.3
    np.testing.assert_allclose(scene(panel).means.values, z, atol=1e-5)
    np.testing.assert_allclose(drawn_values(panel), values, atol=1e-6)
    moved = np.abs(squeeze(panel.state.feature_map) - squeeze(truth(panel))).max()
    assert panel.state.moved == moved < 1e-5
    assert f"Largest change of any z: {moved:.7f}, which is rounding." in panel.figure.alt
    assert panel.state.picture.shape != picture.shape or (panel.state.picture != picture).any()


def test_all_channels_are_shuffled_alike_and_the_photo_with_them():
    panel = show_squeeze(shuffle="maps")
    places = np.lexsort(truth(panel).reshape(-1, 16).T)
    shuffled = np.lexsort(panel.state.feature_map.reshape(-1, 16).T)
    ordered, dealt = truth(panel).reshape(-1, 16), panel.state.feature_map.reshape(-1, 16)
    np.testing.assert_array_equal(dealt[shuffled], ordered[places])

    def blocks(image):
        return image.reshape(56, 2, 56, 2, 3).swapaxes(1, 2).reshape(3136, -1)

    photo = blocks(photos.load_photo("cat"))
    np.testing.assert_array_equal(blocks(panel.state.picture)[shuffled], photo[places])


def test_the_same_shuffle_every_time():
    assert show_squeeze(shuffle="maps").figure.png() == show_squeeze(shuffle="maps").figure.png()


def test_shuffling_the_photo_before_the_filters_is_another_matter():
    panel = show_squeeze(shuffle="photo")
    z = squeeze(filters.feature_maps(panel.state.picture, 16))
    np.testing.assert_allclose(scene(panel).means.values, z, atol=1e-6)
    pixels = [image.reshape(-1, 3) for image in (panel.state.picture, photos.load_photo("cat"))]
    np.testing.assert_array_equal(*(np.sort(p.view("f4,f4,f4"), axis=0) for p in pixels))
    moved = np.abs(z - squeeze(truth(panel))).max()
    assert moved > 0.05
    assert f"Largest change of any z: {moved:.3f}." in panel.figure.alt


# -- before and after ReLU ------------------------------------------------------------------------


def test_an_edge_filter_averages_to_about_zero_before_relu_and_not_after():
    panel = show_squeeze(channel=0, rectify=False)
    assert abs(scene(panel).means.values[:4]).max() < 0.02
    numbers = re.findall(r"[+−]?\d\.\d{3}", scene(panel)._remark.get_text())
    above, below, both = (float(n.replace("−", "-")) for n in numbers)
    values = truth(panel)[..., 0]
    assert above == pytest.approx(values[values > 0].sum() / 3136, abs=5e-4)
    assert below == pytest.approx(values[values < 0].sum() / 3136, abs=5e-4)
    assert both == pytest.approx(values.mean(), abs=5e-4)
    panel.controls["rectify"].value = True
    assert scene(panel).means.values[:4].min() > 0.1


def test_bars_below_zero_hang_down():
    panel = show_squeeze(channel=5, rectify=False)  # green − red, of a cat that is reddish
    assert scene(panel).means.values[5] < -0.3
    x, bars = round(scene(panel).means.x(5)), scene(panel).means._bars
    zero = round(MEANS[0] + MEANS[1] * bars.high / (bars.high - bars.low))
    assert pixel(panel, x, zero + 8) == rgb(theme.LIGHT.accent)
    assert pixel(panel, x, zero - 8) != rgb(theme.LIGHT.accent)


def test_after_relu_it_tells_how_many_values_are_zero():
    panel = show_squeeze(channel=0)
    zeros = int((truth(panel)[..., 0] == 0).sum())
    assert scene(panel)._remark.get_text().startswith(f"{zeros} of the values are zero.")
    panel.controls["channel"].value = 4
    assert scene(panel)._remark.get_text().startswith("None of the values are zero.")


# -- controls -------------------------------------------------------------------------------------


def test_a_click_on_a_bar_or_a_small_map_chooses_its_channel():
    panel = show_squeeze()
    for channel, y in ((6, 270), (15, 380), (0, 460)):
        x = scene(panel).means.x(channel)
        panel.figure._on_message(panel.figure, {"click": [x, y]}, [])
        assert panel.controls["channel"].value == channel
        assert panel.state.channel == channel
    for x, y in ((100, 400), (950, 400), (400, 100), (400, 510)):
        panel.figure._on_message(panel.figure, {"click": [x, y]}, [])
        assert panel.state.channel == 0


def test_fewer_channels_move_the_chosen_one_inside():
    panel = show_squeeze(channels=16, channel=12)
    panel.controls["channels"].slider.value = 3
    assert (panel.message, panel.state.channel, panel.state.channels) == ("", 7, 8)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("channels", 0, "`channels` must be a whole number from 1 to 2048"),
        ("channels", 2049, "`channels` must be a whole number from 1 to 2048"),
        ("channels", 2.5, "`channels` must be a whole number from 1 to 2048"),
        ("channels", math.nan, "`channels` must be a whole number from 1 to 2048"),
        ("channels", math.inf, "`channels` must be a whole number from 1 to 2048"),
        ("channel", 16, "`channel` must be a whole number from 0 to 15"),
        ("channel", -1, "`channel` must be a whole number from 0 to 15"),
        ("channel", 1.5, "`channel` must be a whole number from 0 to 15"),
        ("channel", math.nan, "`channel` must be a whole number from 0 to 15"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_picture_stays(name, value, sentence):
    panel = show_squeeze()
    picture = panel.figure.png()
    panel.controls[name].box.value = value
    assert sentence in panel.message
    assert panel.figure.png() == picture
    panel.set(channels=16, channel=0)
    assert panel.message == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"photo": "dog"}, "`photo` must be one of 'cat', .* Received: 'dog'"),
        ({"shuffle": "twice"}, "`shuffle` must be one of 'nothing', 'maps', 'photo'"),
        ({"rectify": "no"}, "`maps` must be one of True, False"),
        ({"channels": 0}, "`channels` must be a whole number"),
        ({"channel": 99}, "`channel` must be a whole number from 0 to 15"),
        ({"channels": "many"}, "`C` must start at a finite number"),
    ],
)
def test_a_start_that_cannot_be_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        show_squeeze(**arguments)


@pytest.mark.sweep
def test_every_control_can_go_to_its_ends_and_all_words_can_be_read():
    panel = show_squeeze()
    figure = panel.figure.figure
    panel.figure._on_message(panel.figure, {"scale": 1, "dark": True}, [])

    def well():
        assert panel.message == ""
        assert unreadable(panel) == []

    for channels in (1, 8, 24, 2048, 16):
        panel.set(channels=channels)
        for channel in {0, min(12, channels - 1), channels - 1}:
            panel.controls["channel"].value = channel
            well()
    for name in ("shuffle", "photo", "rectify"):
        for _, value in panel.controls[name]._options_full:
            panel.controls[name].value = value
            well()
    assert panel.figure.figure is figure


@pytest.mark.sweep
@pytest.mark.parametrize("photo", list(photos.PHOTOS))
def test_no_words_stand_on_each_other_whatever_the_photo(photo):
    panel = show_squeeze(photo=photo)
    for rectify in (True, False):
        for channel in (0, 5, 12):
            panel.set(rectify=rectify, channel=channel)
            assert unreadable(panel) == []
    assert unreadable_when_narrow(panel) == []


@pytest.mark.sweep
@pytest.mark.parametrize("channels", [1, 8, 64, 2048])
@pytest.mark.parametrize("rectify", [True, False])
def test_all_words_can_be_read_where_the_page_is_narrow(channels, rectify):
    assert unreadable_when_narrow(show_squeeze(channels=channels, rectify=rectify)) == []


@pytest.mark.sweep
def test_fifty_moves_leave_one_figure_with_the_same_artists():
    panel = show_squeeze()
    figure, artists = panel.figure.figure, len(panel.figure.figure.findobj())
    for move in range(50):
        panel.controls["channel"].box.value = (7 * move + 1) % 16
        if move % 10 == 0:
            panel.controls["rectify"].value = not panel.controls["rectify"].value
    panel.set(rectify=True)
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1
    assert len(figure.findobj()) == artists
