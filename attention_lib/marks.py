"""Artists that move: a bar for each channel, and a matrix of weights.

Each fills its axes with pixels made at the density of the screen, so that a move costs the same for
8 channels as for 2048. Where there are more channels than pixels, each line of pixels shows one of
its channels.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, to_rgba

from attention_lib.look import POINTS_PER_INCH, Look

LEAST_CELL = 4  # CSS pixels a side


class Pixels(Artist):
    """An axes' worth of pixels, copied to the canvas as they are.

    An image of Matplotlib's would be resampled at every draw, though it fits already.
    """

    def __init__(self, ax: Axes):
        super().__init__()
        box = ax.get_window_extent()
        self.columns, self.rows = max(round(box.width), 1), max(round(box.height), 1)
        self._corner = round(box.x0), round(box.y0)
        self._rgba = np.zeros((1, 1, 4), np.uint8)
        self.set_zorder(2)
        ax.add_artist(self)

    def set_rgba(self, rgba: np.ndarray) -> None:
        """Show (rows, columns, 4) bytes, the top row first."""
        self._rgba = np.ascontiguousarray(rgba[::-1])  # the canvas counts rows from below

    def draw(self, renderer) -> None:
        if self.get_visible():
            renderer.draw_image(renderer.new_gc(), *self._corner, self._rgba)


class Bars:
    """Bars side by side over the width of an axes, or one below the other down its height.

    Args:
        ax: the axes to fill.
        look: the theme.
        low: the value at one end of a bar's axis; bars grow from zero.
        high: the value at the other end.
        track: whether a pale bar of full length stands behind each bar.
        sideways: bars lie, the first on top, and grow to the right.

    `artist` is what moves; `values` what it shows.
    """

    def __init__(
        self,
        ax: Axes,
        look: Look,
        *,
        low: float = 0.0,
        high: float = 1.0,
        track: bool = False,
        sideways: bool = False,
    ):
        self.values = np.zeros(1)
        self.artist = Pixels(ax)
        self._low, self._high, self._sideways = low, high, sideways
        self._track = _bytes(look.track) if track else np.zeros(4, np.uint8)
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        size = self.artist.columns, self.artist.rows
        self._across, self._along = reversed(size) if sideways else size

    def set(self, values: np.ndarray, colours: np.ndarray | str) -> None:
        """Show `values` (n,) in `colours`: (n, 4) RGBA from 0 to 1, or one colour for all."""
        self.values = np.asarray(values, float)
        count = len(self.values)
        width = self._across / count
        position = (np.arange(self._across) + 0.5) / width
        bar = np.minimum(position.astype(int), count - 1)
        gap = min(0.12 * width, 4 * self._scale) if width >= 4 * self._scale else 0.0
        inside = np.abs(position - bar - 0.5) * width <= width / 2 - gap
        if isinstance(colours, str):
            colour = np.broadcast_to(_bytes(colours), (self._across, 4))
        else:
            colour = (np.asarray(colours)[bar] * 255).round().astype(np.uint8)
        ends, zero = self._length(self.values[bar]), self._length(np.zeros(1))
        along = np.arange(self._along)[:, None] + 0.5
        filled = (along > np.minimum(ends, zero)) & (along < np.maximum(ends, zero))
        image = np.where(filled, _packed(colour), _packed(self._track))
        image[:, ~inside] = 0
        image = np.ascontiguousarray(image.T if self._sideways else image[::-1])
        self.artist.set_rgba(image.view(np.uint8).reshape(*image.shape, 4))

    def _length(self, values: np.ndarray) -> np.ndarray:
        return np.clip((values - self._low) / (self._high - self._low), 0, 1) * self._along


class WeightImage:
    """A matrix in colours around zero, filling an axes.

    Args:
        ax: the axes to fill.
        colours: a diverging colour map.

    A cell keeps a size that the eye can tell from its neighbours: of a larger matrix an even sample
    of the rows and columns is shown.

    `artist` is what moves; `shown` the part of the matrix on the screen.
    """

    def __init__(self, ax: Axes, colours: Colormap):
        self.shown = np.zeros((1, 1))
        self.artist = Pixels(ax)
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        self._palette = (colours(np.linspace(0, 1, 255)) * 255).round().astype(np.uint8)

    def set(self, matrix: np.ndarray) -> None:
        """Show a matrix (rows, columns); the strongest weight shown has the strongest colour."""
        rows, columns = self.artist.rows, self.artist.columns
        cell = LEAST_CELL * self._scale
        of_rows = _spread(matrix.shape[0], int(rows // cell))
        of_columns = _spread(matrix.shape[1], int(columns // cell))
        self.shown = matrix[np.ix_(of_rows, of_columns)]
        limit = max(float(np.abs(self.shown).max()), 1e-12)
        shade = (127 * (1 + self.shown / limit)).round().astype(np.uint8)
        high, wide = self.shown.shape
        row, column = np.arange(rows) * high // rows, np.arange(columns) * wide // columns
        self.artist.set_rgba(self._palette[shade[np.ix_(row, column)]])


def _spread(count: int, places: int) -> np.ndarray:
    """At most `places` indices of `count` things, evenly spread."""
    if count <= places:
        return np.arange(count)
    return ((np.arange(places) + 0.5) * count / places).astype(int)


def _bytes(colour: str) -> np.ndarray:
    return (np.array(to_rgba(colour)) * 255).round().astype(np.uint8)


def _packed(rgba: np.ndarray) -> np.ndarray:
    """Four bytes a colour as one number, which copies four times as fast."""
    return np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
