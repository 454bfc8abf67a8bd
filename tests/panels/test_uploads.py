"""Pictures that learners bring are read, or refused in a sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from attention_lib.panels.your_network import uploads
from attention_lib.panels.your_network.uploads import fit, read_picture

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def corners(width=40, height=24, mode="RGB"):
    """A picture whose upper left quarter is red, the upper right green, the rest blue."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    return image.convert(mode)


def file_of(image, kind="PNG", **options):
    stored = io.BytesIO()
    image.save(stored, kind, **options)
    return stored.getvalue()


def png_that_says(width, height):
    """A PNG whose header promises a size, and which holds next to nothing."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 99)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def near(colour, wanted, tolerance=12):
    return np.abs(colour.astype(int) - wanted).max() <= tolerance


# -- read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95, "subsampling": 0}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"quality": 95}),
    ],
)
def test_a_picture_is_read(kind, options):
    picture = read_picture(file_of(corners(), kind, **options))
    assert picture.shape == (24, 40, 3)
    assert picture.dtype == np.uint8
    assert near(picture[4, 4], RED, 40)
    assert near(picture[4, 35], GREEN, 40)
    assert near(picture[20, 20], BLUE, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_90),
        (8, Image.Transpose.ROTATE_270),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
    ],
)
def test_it_is_turned_as_the_camera_says(kind, orientation, turned):
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = corners().transpose(turned)  # as the sensor held it
    options = {"quality": 100} if kind != "PNG" else {}
    picture = read_picture(file_of(lying, kind, exif=exif, **options))
    assert picture.shape == (24, 40, 3)
    assert near(picture[5, 8], RED, 60)
    assert near(picture[5, 32], GREEN, 60)


def test_of_an_animation_the_first_frame_is_taken():
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True})):
        content = file_of(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        assert near(read_picture(content)[4, 4], RED)


def test_cmyk_becomes_red_green_and_blue():
    picture = read_picture(file_of(corners(mode="CMYK"), "JPEG", quality=95))
    assert near(picture[4, 4], RED, 60)
    assert near(picture[20, 20], BLUE, 60)


def test_sixteen_bits_of_grey_keep_their_shades():
    shades = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    picture = read_picture(file_of(Image.fromarray(shades)))
    np.testing.assert_array_equal(picture[..., 0], shades >> 8)
    np.testing.assert_array_equal(picture[..., 0], picture[..., 2])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_places_become_white(mode):
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 4, 8))
    picture = read_picture(file_of(image.convert(mode)))
    assert near(picture[4, 1], (255, 255, 255))
    assert near(picture[4, 6], (0, 0, 0))


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_black_and_white_and_palettes_are_read(mode):
    picture = read_picture(file_of(corners(mode=mode)))
    assert picture.shape == (24, 40, 3)
    assert (picture[4, 35] @ [3, 6, 1]) > (picture[20, 20] @ [3, 6, 1])  # green is brighter


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_made_smaller_in_its_own_proportions(kind):
    picture = read_picture(file_of(corners(3000, 1500), kind))
    assert picture.shape == (512, 1024, 3)
    assert near(picture[100, 100], RED, 10)


def test_one_pixel_is_a_picture():
    assert read_picture(file_of(Image.new("RGB", (1, 1), RED))).tolist() == [[[255, 0, 0]]]


# -- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_file_gets_a_sentence(kind, part):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    content = file_of(noise, kind)
    sentence = r"A picture must be (whole|a PNG).* Received: cat\.png, which is"
    with pytest.raises(ValueError, match=sentence):
        read_picture(content[: int(part * len(content))], "cat.png")


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        file_of(corners(mode="P"), "GIF"),
        file_of(corners(), "BMP"),
        file_of(corners(), "TIFF"),
    ],
)
def test_another_type_of_file_gets_a_sentence(content):
    with pytest.raises(ValueError, match=r"must be a PNG, JPEG or WebP file. Received: my.png"):
        read_picture(content, "my.png")


@pytest.mark.parametrize(("width", "height"), [(20000, 10000), (10000, 9000), (8000, 6251)])
def test_a_bomb_is_not_decoded(width, height):
    with pytest.raises(ValueError, match=r"must have 50 megapixels or fewer. Received: bomb"):
        read_picture(png_that_says(width, height), "bomb")


def test_an_empty_file_and_a_huge_one_get_a_sentence():
    with pytest.raises(ValueError, match="Received: the file, which is empty"):
        read_picture(b"")
    with pytest.raises(ValueError, match=r"10 MB or less. Received: a, which has 11.0 MB"):
        read_picture(bytes(uploads.MOST_BYTES + 1_000_000), "a")


@pytest.mark.parametrize("content", ["cat.jpg", None, 3])
def test_what_is_no_bytes_is_refused(content):
    with pytest.raises(ValueError, match=r"`content` must be the bytes of a file. Received: "):
        read_picture(content)


STORED = [
    file_of(image, kind, **options)
    for kind, options in (("PNG", {}), ("JPEG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}))
    for image in (corners(), corners(mode="L"), corners(mode="CMYK"), corners(mode="RGBA"))
    if (kind, image.mode) not in {("PNG", "CMYK"), ("JPEG", "RGBA")}
]


@pytest.mark.parametrize("content", STORED)
def test_a_file_cut_anywhere_is_a_picture_of_its_size_or_a_sentence(content):
    assert len([end for end in range(len(content)) if reads(content[:end])]) <= 20  # checksums


def reads(content):
    """Whether it is a picture; if not, the sentence is looked at."""
    try:
        picture = read_picture(content)
    except ValueError as error:
        said = str(error)
    else:
        return picture.shape == (24, 40, 3)
    assert "Received: the file, which is" in said
    return False


def test_what_stands_after_a_picture_and_what_it_is_called_do_not_matter():
    for kind in ("PNG", "JPEG", "WEBP"):
        content = file_of(corners(), kind) + b"<script>alert(1)</script>PK\x03\x04"
        assert near(read_picture(content, "../x.png\0.exe")[20, 20], BLUE, 40)
    with pytest.raises(ValueError, match="which is none of these"):
        read_picture(b"<html>" + file_of(corners()), "cat.png")


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.data())
def test_whatever_is_damaged_gives_a_picture_or_a_sentence(kind, data):
    content = bytearray(file_of(corners(), kind))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=5)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        said, picture = "", read_picture(bytes(content))
    except ValueError as error:
        said, picture = str(error), None
    assert "Received: the file" in said or picture.ndim == 3


# -- fitted ---------------------------------------------------------------------------------------


def test_the_middle_is_cut_out_and_nothing_is_squeezed():
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, 100:200] = 255
    np.testing.assert_allclose(fit(picture, 50, 50)[:, 2:-2], 1)
    assert fit(picture, 20, 60).shape == (20, 60, 3)
    assert fit(picture, 20, 60).mean() == pytest.approx(1 / 3, abs=0.02)
