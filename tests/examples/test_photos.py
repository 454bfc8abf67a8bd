from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from attention_lib.examples.filters import (
    MID_GREY,
    NAMED_FILTERS,
    channel_names,
    feature_maps,
    filter_bank,
)
from attention_lib.examples.photos import PHOTOS, crops, load_photo

DATA = resources.files("attention_lib.data")
CHANNEL = {name: channel for channel, name in enumerate(NAMED_FILTERS)}
DOWN, RIGHT = np.mgrid[:112, :112]


def picture(grey=0.45, red=0.0, green=0.0, blue=0.0):
    """A picture of one colour, or with the brightness that `grey` gives each pixel."""
    return np.broadcast_to(np.expand_dims(grey, -1) + np.array([red, green, blue]), (112, 112, 3))


def summaries(image, **options):
    return feature_maps(image, 16, **options).mean(axis=(0, 1))


@pytest.fixture(scope="module")
def all_cat_maps():
    return feature_maps("cat", 2048)


# The photographs


def test_the_cat_comes_first():
    assert next(iter(PHOTOS)) == "cat"


def test_every_stored_photograph_is_listed_and_has_its_source_beside_it():
    stored = {file.name.removesuffix(".jpg") for file in DATA.iterdir() if ".jpg" in file.name}
    assert stored == set(PHOTOS)
    sources = DATA.joinpath("SOURCES.md").read_text(encoding="utf-8")
    for photo in PHOTOS.values():
        row = next(line for line in sources.splitlines() if f"`{photo.name}.jpg`" in line)
        assert photo.licence in row
        assert photo.licence in ("CC0", "public domain")
        assert photo.source.split(",")[0] in row


@pytest.mark.parametrize("name", PHOTOS)
def test_a_stored_photograph_is_small_and_square(name):
    with DATA.joinpath(f"{name}.jpg").open("rb") as file, Image.open(file) as image:
        assert image.size == (224, 224)
        assert file.seek(0, 2) < 60_000


@pytest.mark.parametrize("name", PHOTOS)
def test_a_smaller_photograph_averages_areas(name):
    blocks = load_photo(name, 224).reshape(56, 4, 56, 4, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(load_photo(name, 56), blocks, atol=1.1 / 255)


def test_a_photograph_has_112_pixels_a_side_unless_asked_otherwise():
    np.testing.assert_array_equal(load_photo("leaves"), load_photo("leaves", 112))


@pytest.mark.parametrize("name", PHOTOS)
def test_values_lie_between_black_and_white_and_use_the_range(name):
    photo = load_photo(name)
    assert photo.dtype == np.float32
    assert photo.min() >= 0
    assert photo.max() <= 1
    assert np.ptp(photo) > 0.4


@pytest.mark.parametrize("name", ["brick", "grass"])
def test_grey_photographs_have_three_equal_colours(name):
    photo = load_photo(name)
    assert np.ptp(photo, axis=-1).max() == 0


@pytest.mark.parametrize("name", ["dog", "", "Cat", None, 3])
def test_an_unknown_photograph_is_answered_with_the_names(name):
    with pytest.raises(ValueError, match=r"`name` must be 'cat', 'brick', .*. Received: name=.*"):
        load_photo(name)


def test_maps_of_an_unknown_photograph_are_answered_with_the_names():
    with pytest.raises(ValueError, match=r"'cat', 'brick', .* Received: name='dog'. Choose one"):
        feature_maps("dog", 8)


@pytest.mark.parametrize("size", [0, -1, 225, 11.5, 112.0, True, "112", None])
def test_a_size_that_cannot_be_is_answered_in_words(size):
    with pytest.raises(ValueError, match=r"`size` must be a whole number from 1 to 224\. Received"):
        load_photo("cat", size)


def test_crops_are_pieces_of_each_photograph_in_turn():
    pieces = crops(2 * len(PHOTOS))
    assert len(np.unique(pieces, axis=0)) == len(pieces)
    for piece, name in zip(pieces, 2 * list(PHOTOS), strict=True):
        photo = load_photo(name, 224)
        alike = np.argwhere((photo[:113, :113] == piece[0, 0]).all(axis=-1))
        windows = [photo[top : top + 112, left : left + 112] for top, left in alike]
        assert any(np.array_equal(window, piece) for window in windows)


def test_the_same_seed_cuts_the_same_crops_and_more_of_them_go_on():
    np.testing.assert_array_equal(crops(3, seed=4), crops(9, seed=4)[:3])
    assert (crops(3, seed=4) != crops(3, seed=5)).any()


@pytest.mark.parametrize("count", [0, -3, 2.5, True, "100"])
def test_a_number_of_crops_that_cannot_be_is_answered_in_words(count):
    with pytest.raises(ValueError, match=r"`count` must be a whole number of 1 or more\. Received"):
        crops(count)


# The filters


def test_the_first_eight_are_edges_by_direction_and_colours_against_each_other():
    assert NAMED_FILTERS[:8] == (
        "vertical edges",
        "horizontal edges",
        "rising diagonals",
        "falling diagonals",
        "red − green",
        "green − red",
        "yellow − blue",
        "blue − yellow",
    )


def test_sixteen_filters_have_names_of_their_own_and_the_others_numbers():
    assert channel_names(18) == [*NAMED_FILTERS, "filter 16", "filter 17"]
    assert len(set(NAMED_FILTERS)) == 16
    assert channel_names(3) == list(NAMED_FILTERS[:3])


def test_filters_sum_to_zero_except_brightness_and_darkness():
    sums = filter_bank(2048).sum(axis=(0, 1, 2), dtype=np.float64)
    lit = [CHANNEL["brightness"], CHANNEL["darkness"]]
    np.testing.assert_allclose(sums[lit], [2, -2], atol=1e-5)
    np.testing.assert_allclose(np.delete(sums, lit), 0, atol=1e-5)


def test_no_two_filters_are_alike():
    filters = filter_bank(2048).reshape(-1, 2048)
    filters = filters / np.linalg.norm(filters, axis=0)
    likeness = filters.T @ filters
    np.fill_diagonal(likeness, 0)
    assert likeness.max() < 0.999
    assert likeness[:16, :16].max() < 0.9


def test_a_smaller_bank_is_the_beginning_of_a_larger_one():
    np.testing.assert_array_equal(filter_bank(40), filter_bank(2048)[..., :40])


def test_the_drawn_filters_are_the_same_on_every_machine():
    centres = filter_bank(2048)[3, 3][:, [16, 20, 2047]]
    np.testing.assert_allclose(
        centres,
        [
            [-0.03034, 0.11341, 0.36564],
            [-0.03034, -0.05572, -0.08739],
            [-0.03034, -0.14856, 0.31064],
        ],
        atol=1e-5,
    )


def test_what_a_caller_does_to_the_bank_changes_no_map():
    before = feature_maps("cat", 8)
    filter_bank(8)[:] = 0
    np.testing.assert_array_equal(feature_maps("cat", 8), before)


# What the named filters see


GRATINGS = {  # stripes 8 pixels wide from bright to bright
    "vertical edges": RIGHT,
    "horizontal edges": DOWN,
    "rising diagonals": (RIGHT + DOWN) / np.sqrt(2),
    "falling diagonals": (RIGHT - DOWN) / np.sqrt(2),
}


@pytest.mark.parametrize(("name", "across"), GRATINGS.items(), ids=list(GRATINGS))
def test_stripes_are_answered_most_by_edges_of_their_direction(name, across):
    z = summaries(picture(0.5 + 0.4 * np.cos(2 * np.pi * across / 8)))[:4]
    assert z.argmax() == CHANNEL[name]
    assert z.max() > 1.4 * np.sort(z)[-2]


def test_broad_stripes_tell_up_from_across():
    up, across = CHANNEL["broad stripes up"], CHANNEL["broad stripes across"]
    z = summaries(picture(0.5 + 0.4 * np.cos(2 * np.pi * RIGHT / 8)))
    assert z[up] > 5 * z[across]
    z = summaries(picture(0.5 + 0.4 * np.cos(2 * np.pi * DOWN / 8)))
    assert z[across] > 5 * z[up]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ({"red": 0.3}, "red − green"),
        ({"green": 0.3}, "green − red"),
        ({"red": 0.3, "green": 0.3}, "yellow − blue"),
        ({"blue": 0.3}, "blue − yellow"),
    ],
)
def test_a_colour_is_answered_most_by_its_own_filter(colour, name):
    assert summaries(picture(**colour))[:14].argmax() == CHANNEL[name]


def test_a_colour_response_is_twice_the_difference_of_the_colours():
    z = summaries(picture(red=0.3, green=0.1))
    np.testing.assert_allclose(z[CHANNEL["red − green"]], 0.4, atol=1e-4)
    np.testing.assert_allclose(z[CHANNEL["yellow − blue"]], 0.4, atol=1e-4)
    assert z[CHANNEL["green − red"]] == 0


@pytest.mark.parametrize("name", ["brick", "grass"])
def test_colour_filters_see_nothing_in_a_grey_photograph(name):
    colours = [*range(4, 8), CHANNEL["colour borders"]]
    assert feature_maps(name, 16)[..., colours].max() < 1e-6


@pytest.mark.parametrize(("sign", "name"), [(1, "bright spots"), (-1, "dark spots")])
def test_spots_are_told_by_their_brightness(sign, name):
    spots = np.zeros((112, 112))
    spots[::8, ::8] = 0.4
    z = summaries(picture(0.5 + sign * spots))
    other = {"bright spots": "dark spots", "dark spots": "bright spots"}[name]
    assert z[CHANNEL[name]] > 1.5 * z[CHANNEL[other]]


def test_fine_texture_prefers_a_chessboard_of_pixels_to_broad_squares():
    def board(side):
        return picture(0.5 + 0.3 * (-1.0) ** (RIGHT // side + DOWN // side))

    fine = CHANNEL["fine texture"]
    assert summaries(board(1))[fine] > 3 * summaries(board(8))[fine]


def test_brightness_and_darkness_measure_the_distance_from_mid_grey():
    bright, dark = CHANNEL["brightness"], CHANNEL["darkness"]
    np.testing.assert_allclose(summaries(picture(0.75))[[bright, dark]], [0.6, 0], atol=1e-4)
    np.testing.assert_allclose(summaries(picture(0.25))[[bright, dark]], [0, 0.4], atol=1e-4)


def test_colour_borders_see_borders_of_colour_and_not_its_fields():
    borders = CHANNEL["colour borders"]
    orange, sky = picture(red=0.3, blue=-0.3), picture(red=-0.3, blue=0.3)
    half = np.where((RIGHT < 56)[..., None], orange, sky)
    row = feature_maps(half, 16)[28, :, borders]
    assert row.max() > 0.3
    assert row[:20].max() < 1e-5
    assert summaries(orange)[borders] < 1e-5


def test_turning_a_picture_over_its_diagonal_swaps_vertical_and_horizontal():
    photo = load_photo("coffee")
    maps, turned = feature_maps(photo, 4), feature_maps(photo.transpose(1, 0, 2), 4)
    np.testing.assert_allclose(turned[..., 0], maps[..., 1].T, atol=1e-5)
    np.testing.assert_allclose(turned[..., 2], maps[..., 2].T, atol=1e-5)


@pytest.mark.parametrize("name", PHOTOS)
def test_edges_cancel_before_relu_and_not_after(name):
    edges = CHANNEL["vertical edges"]
    assert abs(summaries(name, rectify=False)[edges]) < 0.03
    assert summaries(name)[edges] > 0.05


def test_each_photograph_is_strong_in_something_else():
    z = {name: dict(zip(NAMED_FILTERS, summaries(name), strict=True)) for name in PHOTOS}
    assert z["brick"]["vertical edges"] > 2 * z["brick"]["horizontal edges"]
    assert z["leaves"]["horizontal edges"] > 1.7 * z["leaves"]["vertical edges"]

    def strongest(name):
        return max(z, key=lambda photo: z[photo][name])

    assert strongest("red − green") == "coffee"
    assert strongest("green − red") == "leaves"
    assert strongest("blue − yellow") == "rocket"
    assert strongest("vertical edges") in ("brick", "grass")
    assert strongest("broad stripes up") == "brick"
    assert strongest("fine texture") == "grass"


# The maps


def test_a_map_is_the_sum_of_weights_times_mirrored_pixels_at_every_second_place():
    photo = load_photo("cat").astype(np.float64)
    bank = filter_bank(20).astype(np.float64)
    mirrored = np.abs(np.arange(-3, 115))
    mirrored = np.where(mirrored > 111, 222 - mirrored, mirrored)
    maps = feature_maps("cat", 20, rectify=False)
    for down, right in [(0, 0), (0, 31), (17, 55), (55, 55), (28, 28)]:
        rows, columns = (mirrored[2 * place : 2 * place + 7] for place in (down, right))
        seen = photo[np.ix_(rows, columns)] - MID_GREY
        expected = (seen[..., None] * bank).sum(axis=(0, 1, 2))
        np.testing.assert_allclose(maps[down, right], expected, atol=1e-5)


def test_relu_keeps_what_is_above_zero():
    signed = feature_maps("rocket", 24, rectify=False)
    assert signed.min() < 0
    np.testing.assert_array_equal(feature_maps("rocket", 24), np.maximum(signed, 0))


@settings(max_examples=20, deadline=None)
@given(channels=st.integers(1, 2048))
def test_a_channel_is_the_same_however_many_others_there_are(all_cat_maps, channels):
    np.testing.assert_allclose(
        feature_maps("cat", channels), all_cat_maps[..., :channels], atol=1e-5
    )


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photograph_gives_the_same_maps_by_name_and_as_an_array(name):
    np.testing.assert_array_equal(feature_maps(name, 32), feature_maps(load_photo(name), 32))


def test_what_a_caller_does_to_the_maps_changes_no_later_ones():
    maps = feature_maps("cat", 8)
    before = maps.copy()
    maps[:] = 7
    np.testing.assert_array_equal(feature_maps("cat", 8), before)


def test_maps_use_the_range_from_black_to_white():
    maps = np.stack([feature_maps(name, 256) for name in PHOTOS])
    means = maps.mean(axis=(0, 1, 2))
    assert means.min() > 0.01
    assert means.max() < 0.5
    assert 0.08 < np.median(means) < 0.2
    brightest = np.quantile(maps, 0.995, axis=(1, 2)).max(axis=0)
    assert brightest.min() > 0.2
    assert brightest.max() < 4


def test_the_cat_has_the_summaries_that_the_notebooks_speak_of():
    np.testing.assert_allclose(
        summaries("cat")[:8], [0.13, 0.12, 0.12, 0.12, 0.31, 0, 0.38, 0], atol=0.01
    )


@pytest.mark.parametrize("channels", [0, -8, 2049, 2.5, 8.0, True, "8", None, np.float32(8)])
@pytest.mark.parametrize("call", [channel_names, filter_bank, lambda c: feature_maps("cat", c)])
def test_channels_that_cannot_be_are_answered_in_words(call, channels):
    with pytest.raises(
        ValueError,
        match=r"`channels` must be a whole number from 1 to 2048\. Received: channels=.*\. Choose",
    ):
        call(channels)


def test_whole_numbers_of_numpy_are_welcome():
    assert len(channel_names(np.int64(8))) == 8
    np.testing.assert_array_equal(feature_maps("cat", np.int64(8)), feature_maps("cat", 8))


@pytest.mark.parametrize(
    ("image", "complaint"),
    [
        (np.zeros((112, 112)), r"Received: float64 of shape \(112, 112\)\. Resize"),
        (np.zeros((224, 224, 3)), r"Received: float64 of shape \(224, 224, 3\)\. Resize"),
        (np.zeros((1, 112, 112, 3)), r"Received: float64 of shape \(1, 112, 112, 3\)\. Resize"),
        (np.zeros((112, 112, 3), np.uint8), r"Received: uint8 of shape .* divide bytes by 255"),
        (np.full((112, 112, 3), 255.0), r"in \[0, 1\]\. Received: values from 255 to 255\. Divide"),
        (np.full((112, 112, 3), -0.5), r"Received: values from -0\.5 to -0\.5"),
        (np.full((112, 112, 3), np.nan), r"Received: values from nan to nan.*not a number"),
        (None, r"Received: NoneType\. Choose one of cat, brick"),
        ([[1, 2], [3]], r"Received: list\. Choose one of cat, brick"),
    ],
)
def test_an_array_that_is_no_photograph_is_answered_in_words(image, complaint):
    with pytest.raises(ValueError, match=r"`photo` must be the name .*" + complaint):
        feature_maps(image, 8)
