"""The look is readable by everybody: contrast in both themes, and gates without red and green."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from attention_lib.figures.theme import DARK, LIGHT

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])

# What somebody without green cones sees of linear RGB.
# Machado et al., "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


def linear(colour):
    """Linear RGB of a colour, (3,)."""
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(rgb):
    """The relative luminance of linear RGB, as WCAG has it."""
    return float(np.clip(rgb, 0, 1) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_measures_are_the_known_ones():
    black, white = luminance(linear("black")), luminance(linear("white"))
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(luminance(linear("#767676")), white) == pytest.approx(4.54, abs=0.01)
    assert np.allclose(DEUTERANOPIA.sum(axis=1), 1, atol=1e-4)  # greys stay what they are


@LOOKS
@pytest.mark.parametrize("words", ["ink", "quiet", "accent"])
def test_words_stand_out_from_the_page(look, words):
    for ground in (look.background, look.accent_wash):
        if ground == look.accent_wash and words == "quiet":
            continue  # nothing quiet is written on the chosen row
        assert contrast(luminance(linear(getattr(look, words))), luminance(linear(ground))) >= 4.5


@LOOKS
def test_open_and_closed_differ_in_lightness_with_and_without_green(look):
    colours = [linear(look.gates(gate)[:3]) for gate in np.linspace(0, 1, 11)]
    for seen in (np.eye(3), DEUTERANOPIA):
        light = [luminance(seen @ colour) for colour in colours]
        assert light == sorted(light)
        assert contrast(light[0], light[-1]) > 4.5
        assert min(np.diff(light)) > 0.005


@LOOKS
def test_no_weight_is_the_page_and_signs_are_two_colours_without_green_too(look):
    page = luminance(linear(look.background))
    for strong in (0.0, 1.0):  # of either sign
        between = [look.weights(0.5 + (strong - 0.5) * part)[:3] for part in np.linspace(0, 1, 11)]
        away = [contrast(luminance(linear(colour)), page) for colour in between]
        assert away == sorted(away)
        assert away[0] < 1.5
        assert away[-1] > 4.5
    for seen in (np.eye(3), DEUTERANOPIA):
        for part in (0.1, 0.5, 1):  # of the strongest weight
            blue, orange = (seen @ linear(look.weights(0.5 + 0.5 * w)[:3]) for w in (-part, part))
            assert blue[2] > 1.05 * blue[:2].mean()
            assert orange[2] < 0.95 * orange[:2].mean()


@LOOKS
def test_of_two_weights_as_strong_the_one_that_takes_away_is_darker_in_grey(look):
    for part in (0.25, 0.5, 1):
        takes, adds = (luminance(linear(look.weights(0.5 + 0.5 * w)[:3])) for w in (-part, part))
        assert contrast(takes, adds) > 1.15
        assert takes < adds


@LOOKS
def test_lines_that_add_and_lines_that_take_away_are_told_apart_in_grey(look):
    adds, takes, page = (
        luminance(linear(colour)) for colour in (look.adds, look.takes, look.background)
    )
    assert contrast(adds, takes) > 2
    assert min(contrast(line, page) for line in (adds, takes)) > 2.5
