"""Pictures that learners bring: PNG, JPEG or WebP, and a sentence for everything else."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from attention_lib.language import say

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 10_000_000  # Jupyter's server takes no more from a page
MOST_PIXELS = 50_000_000
LONGEST = 1024  # larger pictures are made smaller; no network here looks at more


def read_picture(content: bytes, name: str = "the file") -> np.ndarray:
    """Read a picture from the bytes of a file.

    It is turned as its camera says. Of an animation the first frame is taken, transparent places
    become white, and grey, CMYK or 16 bits become red, green and blue in bytes.

    Args:
        content: what the file holds.
        name: of the file, for the sentence that says what is wrong with it.

    Returns:
        (H, W, 3) bytes; the longer side has 1024 pixels or fewer.

    Raises:
        ValueError: if it is no PNG, JPEG or WebP, is damaged or cut short, or is too large.
    """
    content = _checked_bytes(content, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures, and of metadata no one asked for
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                return _decoded(image)
    except Image.DecompressionBombError:
        raise ValueError(
            say(
                "A picture must have {most_pixels} megapixels or fewer. Received: {name}, "
                "which has more. Make it smaller first.",
                most_pixels=MOST_PIXELS // 1000000,
                name=name,
            )
        ) from None
    except UnidentifiedImageError:
        raise ValueError(
            say(
                "A picture must be a PNG, JPEG or WebP file. Received: {name}, which is "
                "none of these. Save it as one of them first.",
                name=name,
            )
        ) from None
    except Exception as error:  # decoders raise whatever they like on what is damaged
        raise ValueError(
            say(
                "A picture must be whole. Received: {name}, which is cut short or damaged. "
                "Fetch or save it again.",
                name=name,
            )
        ) from error


def require_size(size: int, name: str) -> None:
    """Refuse a file that is too large to be sent.

    Raises:
        ValueError: if it has more than `MOST_BYTES`.
    """
    if size > MOST_BYTES:
        raise ValueError(
            say(
                "A picture's file must have {most_bytes} MB or less. Received: {name}, "
                "which has {size:.1f} MB. Make it smaller first.",
                most_bytes=MOST_BYTES // 1000000,
                name=name,
                size=size / 1000000.0,
            )
        )


def fit(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Cut the middle out of a picture in the shape that a network takes, and resize it.

    Args:
        picture: (H, W, 3) bytes.
        height: wanted.
        width: wanted.

    Returns:
        (height, width, 3) float32 red, green and blue in [0, 1].
    """
    image = ImageOps.fit(Image.fromarray(picture), (width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float32) / 255


def _checked_bytes(content: bytes, name: str) -> bytes:
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise ValueError(
            say(
                "`content` must be the bytes of a file. Received: {name}. Read it with "
                "`Path(...).read_bytes()`.",
                name=type(content).__name__,
            )
        )
    content = bytes(content)
    if not content:
        raise ValueError(
            say(
                "A picture must hold something. Received: {name}, which is empty. Choose "
                "another file.",
                name=name,
            )
        )
    require_size(len(content), name)
    return content


def _decoded(image: Image.Image) -> np.ndarray:
    image.seek(0)
    image.draft("RGB", (2 * LONGEST, 2 * LONGEST))  # a large JPEG need not be decoded in full
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip at 255
        image = Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.BICUBIC)
    return np.array(image)
