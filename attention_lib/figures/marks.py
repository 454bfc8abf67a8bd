"""Artists that move: a bar for each channel, a matrix of weights, and pictures.

Each fills its axes with pixels made at the density of the screen, so that a move costs the same for
8 channels as for 2048. Where there are more channels than pixels, each line of pixels shows one of
its channels.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, to_rgba
from PIL import Image

from attention_lib.figures.theme import POINTS_PER_INCH, Look

Box = tuple[float, float, float, float]  # left, top, width, height

LEAST_CELL = 4  # CSS pixels a side
SIGNED_CELL = 11  # from here on a cell has room for its sign


class Pixels(Artist):
    """Pixels copied to the canvas as they are, over an axes or a box on it.

    An image of Matplotlib's would be resampled at every draw, though it fits already.

    Args:
        ax: the axes to fill.
        box: left, top, width and height in CSS pixels from the axes' top left corner.
    """

    def __init__(self, ax: Axes, box: Box | None = None):
        super().__init__()
        self.set_zorder(2)
        ax.add_artist(self)
        self.place(box)

    def place(self, box: Box | None) -> None:
        """Fill another box, empty until its pixels are set."""
        whole, scale = self.axes.get_window_extent(), self.axes.figure.dpi / POINTS_PER_INCH
        left, top, width, height = (
            np.multiply(box, scale) if box else (0, 0, whole.width, whole.height)
        )
        self.columns, self.rows = max(round(width), 1), max(round(height), 1)
        self._corner = round(whole.x0 + left), round(whole.y1 - top - height)
        self._rgba = np.zeros((1, 1, 4), np.uint8)

    def set_rgba(self, rgba: np.ndarray) -> None:
        """Show (rows, columns, 4) bytes, the top row first."""
        self._rgba = np.ascontiguousarray(rgba[::-1])  # the canvas counts rows from below

    def remove(self) -> None:
        super().remove()
        self._rgba = np.zeros((1, 1, 4), np.uint8)

    def draw(self, renderer) -> None:
        if self.get_visible():
            renderer.draw_image(renderer.new_gc(), *self._corner, self._rgba)


class Bars:
    """Bars side by side over the width of an axes, or one below the other down its height.

    Args:
        ax: the axes to fill.
        look: the theme.
        low: the value at one end of a bar's axis; bars grow from zero.
        high: the value at the other end; it may be set anew before `set`.
        track: whether a pale bar of full length stands behind each bar, with a tick at 0.5.
        sideways: bars lie, the first on top, and grow to the right.
        gap: how much of its room a bar leaves free on either side, at most, in CSS pixels.
        box: where on the axes, if not all over it, as for `Pixels`.

    `artist` is what moves; `values` what it shows, `dashes` where dashes stand, if they do.
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
        gap: float = 4.0,
        box: Box | None = None,
    ):
        self.values, self._gap = np.zeros(1), gap
        self.dashes: np.ndarray | None = None
        self.artist = Pixels(ax, box)
        self.low, self.high, self._sideways = low, high, sideways
        self._track = _bytes(look.track) if track else np.zeros(4, np.uint8)
        self._half = _bytes(look.quiet) if track else None
        self._ink, self._edge = _bytes(look.ink), _bytes(look.background)
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        self._measure()

    def place(self, box: Box) -> None:
        """Fill another box, empty until `set`."""
        self.artist.place(box)
        self._measure()

    def _measure(self) -> None:
        size = self.artist.columns, self.artist.rows
        self._across, self._along = reversed(size) if self._sideways else size

    def set(
        self, values: np.ndarray, colours: np.ndarray | str, dashes: np.ndarray | None = None
    ) -> None:
        """Show `values` (n,) in `colours`: (n, 4) RGBA from 0 to 1, or one colour for all.

        Dashes (n,) stand across the bars at other values of the same axis.
        """
        self.values, self.dashes = np.asarray(values, float), dashes
        count = len(self.values)
        width = self._across / count
        position = (np.arange(self._across) + 0.5) * count / self._across
        bar = np.minimum(position.astype(int), count - 1)
        gap = min(0.12 * width, self._gap * self._scale) if width >= 4 * self._scale else 0.0
        inside = np.abs(position - bar - 0.5) * width <= width / 2 - gap
        if isinstance(colours, str):
            colour = np.broadcast_to(_bytes(colours), (self._across, 4))
        else:
            colour = (np.asarray(colours)[bar] * 255).round().astype(np.uint8)
        ends, zero = self._length(self.values[bar]), self._length(np.zeros(1))
        along = np.arange(self._along)[:, None] + 0.5
        filled = (along > np.minimum(ends, zero)) & (along < np.maximum(ends, zero))
        image = np.where(filled, _packed(colour), _packed(self._track))
        if self._half is not None:
            beside = np.abs(position - bar - 0.5) > 0.3 if gap else np.ones(len(bar), bool)
            self._tick_halves(image, beside)
        if dashes is not None:
            self._dash(image, np.asarray(dashes, float)[bar])
        image[:, ~inside] = 0
        image = np.ascontiguousarray(image.T if self._sideways else image[::-1])
        self.artist.set_rgba(image.view(np.uint8).reshape(*image.shape, 4))

    def _tick_halves(self, image: np.ndarray, beside: np.ndarray) -> None:
        """A short tick at one half on both sides of every bar, a line where they are thin."""
        middle, thick = self._length(np.array(0.5)), max(round(self._scale), 1)
        rows = slice(round(middle - thick / 2), round(middle - thick / 2) + thick)
        image[rows, beside] = _packed(self._half)

    def _dash(self, image: np.ndarray, dashes: np.ndarray) -> None:
        """A dash at a value of each column, whole at the ends of the axis, too."""
        thick, wide = 1 * self._scale, 2.5 * self._scale  # half of the dash, and with its edge
        middles = np.clip(self._length(dashes), thick, self._along - thick)
        away = np.abs(np.arange(self._along)[:, None] + 0.5 - middles)
        image[away <= wide] = _packed(self._edge)
        image[away <= thick] = _packed(self._ink)

    def _length(self, values: np.ndarray) -> np.ndarray:
        return np.clip((values - self.low) / (self.high - self.low), 0, 1) * self._along


class Spreads:
    """How values from 0 to 1 spread, side by side: the left half of a shape one set, the right half
    another; wide where many values stand, in the colours of gates.

    Args:
        ax: the axes to fill.
        look: the theme.
        box: where on the axes, if not all over it, as for `Pixels`.

    `artist` is what moves; `shown` the two sets.
    """

    LEAST = 0.01  # of the widest: where fewer values stand, nothing is drawn

    def __init__(self, ax: Axes, look: Look, *, box: Box | None = None):
        self.artist, self._look = Pixels(ax, box), look
        self.shown = np.zeros((2, 1, 1))

    def set(self, left: np.ndarray, right: np.ndarray) -> None:
        """Show widths (n, k), from 0 to 1, at k heights that are evenly spaced from 0 to 1."""
        self.shown = np.stack([left, right])
        rows, columns, count = self.artist.rows, self.artist.columns, len(left)
        heights = (np.arange(rows)[::-1] + 0.5) / rows
        at = (np.arange(left.shape[1]) + 0.5) / left.shape[1]
        widths = np.array(
            [[np.interp(heights, at, one) for one in half] for half in self.shown]
        )  # (2, n, rows)
        shape = np.arange(columns) * count // columns
        across = (np.arange(columns) + 0.5) * count / columns - shape - 0.5
        of_column = widths[(across > 0).astype(int), shape].T
        inside = np.abs(across) < np.maximum(0.42 * of_column, 0.004)
        inside &= of_column > self.LEAST
        rgba = np.zeros((rows, columns, 4), np.uint8)
        rgba[:] = (self._look.gates(heights) * 255).round().astype(np.uint8)[:, None]
        rgba[~inside] = 0
        self.artist.set_rgba(rgba)


class WeightImage:
    """A matrix in colours around zero, filling an axes.

    Args:
        ax: the axes to fill.
        look: the theme.
        box: where on the axes, if not all over it, as for `Pixels`.

    A cell keeps a size that the eye can tell from its neighbours: of a larger matrix an even sample
    of the rows and columns is shown. Where cells are large enough, those below zero bear a minus.

    `artist` is what moves; `shown` the part of the matrix on the screen.
    """

    def __init__(self, ax: Axes, look: Look, *, box: Box | None = None):
        self.shown = np.zeros((1, 1))
        self.artist = Pixels(ax, box)
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        self._palette = (look.weights(np.linspace(0, 1, 255)) * 255).round().astype(np.uint8)
        self._paper, self._ink = _bytes(look.background), _bytes(look.ink)

    def set(self, matrix: np.ndarray, strongest: float | None = None) -> None:
        """Show a matrix.

        Args:
            matrix: (rows, columns).
            strongest: the weight, of either sign, that has the strongest colour; the strongest one
                shown, if not given.
        """
        rows, columns = self.artist.rows, self.artist.columns
        cell = LEAST_CELL * self._scale
        of_rows = _spread(matrix.shape[0], int(rows // cell))
        of_columns = _spread(matrix.shape[1], int(columns // cell))
        self.shown = matrix[np.ix_(of_rows, of_columns)]
        limit = strongest or max(float(np.abs(self.shown).max()), 1e-12)
        shade = (127 * (1 + self.shown / limit)).round().astype(np.uint8)
        high, wide = self.shown.shape
        row, column = np.arange(rows) * high // rows, np.arange(columns) * wide // columns
        image = self._palette[shade[np.ix_(row, column)]]
        self._rule(image, row)
        if min(rows / high, columns / wide) >= SIGNED_CELL * self._scale:
            self._sign(image, row, column, limit)
        self.artist.set_rgba(image)

    def _rule(self, image: np.ndarray, row: np.ndarray) -> None:
        """A line of the page's colour between rows that are high enough to be told apart."""
        first = np.flatnonzero(np.diff(row)) + 1
        if len(row) / (len(first) + 1) >= SIGNED_CELL * self._scale:
            image[first] = self._paper

    def _sign(self, image: np.ndarray, row: np.ndarray, column: np.ndarray, limit: float) -> None:
        """A minus in the middle of every cell below zero, for who sees no colour."""
        across, down = _from_middle(column), _from_middle(row)
        dash = (np.abs(across) <= 3 * self._scale)[None] & (np.abs(down) <= 0.6 * self._scale)[
            :, None
        ]
        weights = self.shown[np.ix_(row, column)]
        image[dash & (weights < 0)] = self._ink
        image[dash & (weights < -0.7 * limit)] = self._paper  # on a strong colour


class Pictures:
    """Square pictures side by side on the page, each in a border of its own colour.

    Args:
        ax: the page.
        left: where the first picture begins, in CSS pixels.
        top: where they all begin.
        side: of a picture.
        step: from one picture to the next.
        count: how many there are.
        border: how wide a border stands around each.
        smooth: whether pixels run into each other where a picture is enlarged.

    `artist` is what moves; `shown` the pictures as they were given.
    """

    def __init__(
        self,
        ax: Axes,
        left: float,
        top: float,
        side: float,
        *,
        step: float = 0,
        count: int = 1,
        border: float = 0,
        smooth: bool = False,
    ):
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        self._top, self._margin = top - border, border
        self._border = round(border * self._scale)
        self._way = Image.Resampling.BICUBIC if smooth else Image.Resampling.BOX
        self.artist = Pixels(ax)
        self.place(left, side, step, count)

    def place(self, left: float, side: float, step: float = 0, count: int = 1) -> None:
        """Show another number of pictures, elsewhere in the row; there are none until `set`."""
        self.shown = np.zeros((count, 1, 1, 3), np.uint8)
        self._side, high = round(side * self._scale), side + 2 * self._margin
        self.artist.place((left - self._margin, self._top, step * (count - 1) + high, high))
        self._lefts = [round(step * self._scale * i) for i in range(count)]

    def set(self, pictures: np.ndarray, borders: np.ndarray | None = None) -> None:
        """Show (count, H, W, 3) bytes, in borders of colours (count, 4) from 0 to 1."""
        self.shown = pictures
        side, border = self._side, self._border
        whole = side + 2 * border
        page = np.zeros((whole, self._lefts[-1] + whole), np.uint32)
        for i, (left, picture) in enumerate(zip(self._lefts, pictures, strict=True)):
            if borders is not None:
                colour = np.multiply(borders[i], 255).round().astype(np.uint8)
                page[:, left : left + whole] = _packed(colour)
            image = Image.fromarray(picture).resize((side, side), self._way).convert("RGBA")
            left += border
            page[border : border + side, left : left + side] = _packed(np.asarray(image))
        self.artist.set_rgba(page.view(np.uint8).reshape(*page.shape, 4))


class Column:
    """Square pictures one below the other, each in a border of its own colour.

    Args:
        ax: the page.
        left: where the pictures begin, in CSS pixels.
        top: of the column.
        bottom: of the column.
        side: of the largest picture there will be.
        border: how wide a border stands around each.

    `artist` is what moves; `shown` the pictures as they were given, `borders` their colours.
    """

    def __init__(
        self, ax: Axes, left: float, top: float, bottom: float, side: float, *, border: float
    ):
        self.shown = np.zeros((0, 1, 1, 3), np.uint8)
        self.borders = np.zeros((0, 4))
        self._top = top - side / 2 - border  # the first may stand at the very top
        whole = side + 2 * border
        self.artist = Pixels(ax, (left - border, self._top, whole, bottom - top + whole))
        self._scale = ax.figure.dpi / POINTS_PER_INCH
        self._border = round(border * self._scale)

    def set(
        self, pictures: np.ndarray, middles: np.ndarray, side: float, borders: np.ndarray
    ) -> None:
        """Show (n, H, W, 3) bytes at heights (n,), in borders of colours (n, 4) from 0 to 1."""
        self.shown, self.borders = pictures, borders
        side, border = round(side * self._scale), self._border
        whole = side + 2 * border
        page = np.zeros((self.artist.rows, self.artist.columns), np.uint32)
        colours = _packed(np.multiply(borders, 255).round().astype(np.uint8))
        tops = np.round((middles - self._top) * self._scale - whole / 2).astype(int)
        for picture, top, colour in zip(pictures, tops, colours, strict=True):
            page[top : top + whole, :whole] = colour
            image = Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC)
            inside = page[top + border : top + border + side, border : border + side]
            inside[:] = _packed(np.asarray(image.convert("RGBA")))
        self.artist.set_rgba(page.view(np.uint8).reshape(*page.shape, 4))


def shades(maps: np.ndarray, colours: Colormap, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Maps (H, W, n) as pictures, (n, H, W, 3) bytes, the same colour for the same value."""
    palette = (colours(np.linspace(0, 1, 256))[:, :3] * 255).round().astype(np.uint8)
    place = np.clip((maps - low) * (255 / (high - low)), 0, 255).round().astype(np.uint8)
    return palette[np.moveaxis(place, -1, 0)]


def _from_middle(index: np.ndarray) -> np.ndarray:
    """How far each pixel stands from the middle of those that show the same row or column."""
    first, count = np.searchsorted(index, index), np.bincount(index)[index]
    return np.arange(len(index)) - first - (count - 1) / 2


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
