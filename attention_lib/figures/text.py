"""Text that moves. Matplotlib 3.11 places every letter in Python, 60 µs each, and a panel has
hundreds of them; Pillow sets the whole line at once, in the same font, twenty times as fast.
"""

import re
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import ImageFont

from attention_lib.figures.theme import FONTS

WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")  # Chinese letters and punctuation
_RUNS = re.compile(f"{WIDE.pattern}+|[^{WIDE.pattern[1:]}+")

# How far below its place a line's baseline runs, in font sizes, as Matplotlib has it.
_DROP = {"baseline": 0.0, "center_baseline": 0.38, "center": 0.26}
_EDGE = 2.0  # of a plate around the letters, in points
_SHIFT = {"left": 0.0, "center": 0.5, "right": 1.0}


class Lettering(Text):
    """A Matplotlib text of one level line, drawn by Pillow.

    Args:
        plate: a colour that hides what the line stands on, all but a little of it.
        others: as for `Text`.
    """

    def __init__(self, *place: Any, plate: str | None = None, **style: Any):
        super().__init__(*place, **style)
        self._plate = plate

    @property
    def end(self) -> float:
        """Where the line ends, in the page's coordinates, if it begins at its place."""
        dots = self.figure.dpi / 72
        mask, left, _ = _mask(self.get_text(), self.get_fontproperties(), self.get_size() * dots)
        return self.get_position()[0] + (left + mask.shape[1]) / dots

    def draw(self, renderer: RendererBase) -> None:
        if not (self.get_text() and self.get_visible()):
            return
        mask, x, y = self._laid_out(renderer)
        context = renderer.new_gc()
        if self._plate:
            edge = round(renderer.points_to_pixels(_EDGE))
            plate = np.empty([side + 2 * edge for side in mask.shape] + [4], np.uint8)
            plate[:] = np.multiply(to_rgba(self._plate, 0.8), 255).round()
            renderer.draw_image(context, x - edge, y - edge, plate)
        image = np.empty((*mask.shape, 4), np.uint8)
        colour = np.multiply(to_rgba(self.get_color(), self.get_alpha()), 255).round()
        image[..., :3] = colour[:3]
        image[..., 3] = mask[::-1] * (colour[3] / 255)  # the lowest row first
        renderer.draw_image(context, x, y, image)
        context.restore()

    def get_window_extent(self, renderer: RendererBase, dpi: float | None = None) -> Bbox:
        """The pixels that the letters cover."""
        mask, x, y = self._laid_out(renderer)
        return Bbox.from_bounds(x, y, mask.shape[1], mask.shape[0])

    def _laid_out(self, renderer: RendererBase) -> tuple[np.ndarray, int, int]:
        """How much of each pixel the letters cover, and where the lowest left one stands."""
        size = renderer.points_to_pixels(self.get_size())
        font = self.get_fontproperties().copy()  # what is kept by it must not change its size
        mask, left, top = _mask(self.get_text(), font, size)
        x, y = self.get_transform().transform(self.get_unitless_position())
        drop = _DROP[self.get_verticalalignment()] * size
        width = mask.shape[1] + left
        x = round(x - _SHIFT[self.get_horizontalalignment()] * width) + left
        y = round(y - drop) - top - mask.shape[0]
        return mask, x, y


def letter(ax: Axes, x: float, y: float, text: str = "", **style: Any) -> Lettering:
    """Put a line of text on an axes, as `ax.text` does, where it is going to change.

    Args:
        ax: the axes.
        x: in data coordinates.
        y: in data coordinates.
        text: one line.
        style: as for `Text`; aligned left, center or right, and to the baseline, or centred.
    """
    return ax.add_artist(Lettering(x, y, text, **style))


@lru_cache(maxsize=512)
def _mask(text: str, properties: FontProperties, size: float) -> tuple[np.ndarray, int, int]:
    """How much of each pixel the letters cover, and where the picture begins from the baseline."""
    parts, x = [], 0.0
    for run in _RUNS.findall(text) or [""]:
        font = _font(_path(run, properties), size)
        mask, (left, top) = font.getmask2(run, mode="L", anchor="ls")
        width, height = mask.size
        parts.append((np.array(mask, np.uint8).reshape(height, width), round(x) + left, top))
        x += font.getlength(run)
    return parts[0] if len(parts) == 1 else _joined(parts)


def _path(run: str, properties: FontProperties) -> str:
    """The file of the font that has these letters."""
    if not WIDE.match(run):
        return findfont(properties)
    return str(FONTS["Bold" if properties.get_weight() in ("bold", 700) else "Regular"])


def _joined(parts: list[tuple[np.ndarray, int, int]]) -> tuple[np.ndarray, int, int]:
    """Several masks as one."""
    left, top = (min(part[i] for part in parts) for i in (1, 2))
    right = max(x + mask.shape[1] for mask, x, _ in parts)
    bottom = max(y + mask.shape[0] for mask, _, y in parts)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    for mask, x, y in parts:
        rows, columns = mask.shape
        place = whole[y - top : y - top + rows, x - left : x - left + columns]
        np.maximum(place, mask, out=place)
    return whole, left, top


@lru_cache(maxsize=32)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
