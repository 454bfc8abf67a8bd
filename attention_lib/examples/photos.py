"""Photographs, and the bank of filters that turns one into C feature maps.

The maps stand for what an early layer of a CNN sees: 7 x 7 filters with stride 2, then ReLU, as in
the first layer of a ResNet. The first sixteen filters have names; the others are drawn from a seed.
"""

from importlib import resources
from typing import NamedTuple

import numpy as np

from attention_lib import _extras, _require
from attention_lib.language import say

SIDE = 112  # of the photograph that the filters see
PUBLIC = "public domain"


class Photo(NamedTuple):
    """A photograph that ships with the library."""

    name: str
    title: str
    source: str
    licence: str


PHOTOS = {
    photo.name: photo
    for photo in (
        Photo("cat", say("a tabby cat"), "Stéfan van der Walt, by way of scikit-image", "CC0"),
        Photo("brick", say("a brick wall"), "CC0Textures, Bricks25, by way of scikit-image", "CC0"),
        Photo("leaves", say("palm leaves"), "public-domain-image.com, by way of SciPy", PUBLIC),
        Photo("rocket", say("a rocket at dusk"), "SpaceX, by way of scikit-image", PUBLIC),
        Photo("grass", say("grass in grey"), "linolafett, by way of scikit-image", "CC0"),
        Photo("coffee", say("a cup of coffee"), "Rachel Michetti, by way of scikit-image", "CC0"),
    )
}


def load_photo(name: str, size: int = SIDE) -> np.ndarray:
    """Read a photograph as an array.

    Args:
        name: a key of `PHOTOS`.
        size: its height and width in pixels, up to the stored 224; smaller ones average areas.

    Returns:
        (size, size, 3) float32 red, green and blue in [0, 1].

    Raises:
        ValueError: if there is no such photograph, or `size` is not a whole number from 1 to 224.
    """
    _require.choice(name, "name", PHOTOS)
    size = _require.count(size, "size", most=2 * SIDE)
    _extras.need("panels", "PIL")
    from PIL import Image

    with (
        resources.files("attention_lib.data").joinpath(f"{name}.jpg").open("rb") as file,
        Image.open(file) as image,
    ):
        pixels = image.convert("RGB").resize((size, size), Image.Resampling.BOX)
    return np.asarray(pixels, dtype=np.float32) / 255


def crops(count: int, seed: int = 0) -> np.ndarray:
    """Cut pieces out of the stored photographs, each photograph in its turn.

    Args:
        count: how many, 1 or more.
        seed: which places.

    Returns:
        (count, 112, 112, 3) float32 red, green and blue in [0, 1]: a quarter of a photograph each.

    Raises:
        ValueError: if `count` is not a whole number of 1 or more.
    """
    count = _require.count(count, "count")
    stored = [load_photo(name, 2 * SIDE) for name in PHOTOS]
    corners = np.random.default_rng(seed).integers(0, SIDE + 1, (count, 2))
    return np.stack(
        [
            stored[index % len(stored)][top : top + SIDE, left : left + SIDE]
            for index, (top, left) in enumerate(corners)
        ]
    )
