"""Artists that move: a bar for each channel, and a matrix of weights.

Each is one image that fills its axes, made at the density of the screen, so that a move costs the
same for 8 channels as for 2048. Where there are more channels than pixels, each line of pixels
shows one of its channels.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, to_rgba
from matplotlib.image import AxesImage

from attention_lib.look import POINTS_PER_INCH, Look


def _fill(ax: Axes) -> tuple[AxesImage, int, int]:
    """An empty image over the whole axes, and its size in pixels: columns, rows."""
    box = ax.get_window_extent()
    image = AxesImage(ax, interpolation="nearest", extent=(0, 1, 0, 1), origin="upper", zorder=2)
    image.set_transform(ax.transAxes)
    image.set_data(np.zeros((1, 1, 4), np.uint8))
    ax.add_image(image)
    return image, max(round(box.width), 1), max(round(box.height), 1)


class Bars:
    """Bars side by side over the width of an axes, or one below the other down its height.

    Args:
        ax: the axes to fill.
        look: the theme.
        low, high: the ends of the value axis, along which bars grow from zero.
        track: whether a pale bar of full length stands behind each bar.
        sideways: bars lie, the first on top, and grow to the right.

    `artist` is the one image; `values` what it shows.
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
        self._low, self._high, self._sideways = low, high, sideways
        self._track = _bytes(look.track) if track else np.zeros(4, np.uint8)
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        self.artist, columns, rows = _fill(ax)
        self._across, self._along = (rows, columns) if sideways else (columns, rows)

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
        ends = self._length(self.values[bar])
        zero = self._length(np.zeros(1))
        along = np.arange(self._along)[:, None] + 0.5
        filled = (along > np.minimum(ends, zero)) & (along < np.maximum(ends, zero))
        image = np.where(filled[..., None], colour, self._track)
        image[:, ~inside] = 0
        self.artist.set_data(image.transpose(1, 0, 2) if self._sideways else image[::-1])

    def _length(self, values: np.ndarray) -> np.ndarray:
        return np.clip((values - self._low) / (self._high - self._low), 0, 1) * self._along


class WeightImage:
    """A matrix in colours around zero, filling an axes.

    Args:
        ax: the axes to fill.
        colours: a diverging colour map.

    `artist` is the one image; `shown` the rows and columns of the matrix on the screen.
    """

    def __init__(self, ax: Axes, colours: Colormap):
        self.shown = np.zeros((1, 1))
        self.artist, self._wide, self._high = _fill(ax)
        self.artist.set_cmap(colours)

    def set(self, matrix: np.ndarray) -> None:
        """Show a matrix (rows, columns); the strongest weight shown has the strongest colour."""
        rows, columns = matrix.shape
        self.shown = matrix[np.ix_(_spread(rows, self._high), _spread(columns, self._wide))]
        limit = max(float(np.abs(self.shown).max()), 1e-12)
        self.artist.set_data(self.shown)
        self.artist.set_clim(-limit, limit)


def _spread(count: int, places: int) -> np.ndarray:
    """At most `places` indices of `count` things, evenly spread."""
    if count <= places:
        return np.arange(count)
    return ((np.arange(places) + 0.5) * count / places).astype(int)


def _bytes(colour: str) -> np.ndarray:
    return (np.array(to_rgba(colour)) * 255).round().astype(np.uint8)
