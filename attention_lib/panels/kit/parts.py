"""What the scenes of panels are made of: a page, words, rows of bars, axes, a matrix, pictures.

A scene names where its parts stand and gives each its numbers. Here is how they look, once for all.
Lengths are CSS pixels from the page's top left corner.
"""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from attention_lib._words import number, sentences
from attention_lib.figures import marks, theme
from attention_lib.figures.live import Scene
from attention_lib.figures.marks import Box
from attention_lib.figures.text import WIDE, Lettering, letter
from attention_lib.figures.theme import RESULT, SMALL, TEXT, Look
from attention_lib.language import say

LINE = 19  # from one line of words to the next
PIECES = re.compile(f"\\s*(?:{WIDE.pattern}|[^\\s{WIDE.pattern[1:]}+)[，。：；？！、）”]*")
WIDE_LETTER = 8.0  # on average, where the picture is narrow and its type as large as ever
PANEL_END = 956  # where the page's words end
MOST_NUMBERED = 16  # bars side by side that have a number each
_STYLES: dict[str, tuple[str, dict[str, Any]]] = {  # the colour's name in a Look, and the type
    "heading": ("ink", {"fontsize": TEXT, "weight": "bold"}),
    "words": ("ink", {"fontsize": TEXT + 0.5}),
    "label": ("quiet", {"fontsize": TEXT}),
    "note": ("quiet", {"fontsize": SMALL}),
    "number": ("ink", {"fontsize": SMALL}),
    "chosen": ("accent", {"fontsize": TEXT, "weight": "bold"}),
    "result": ("accent", {"fontsize": RESULT, "weight": "bold"}),
}


class Page:
    """The page that a scene draws on.

    Args:
        figure: an empty figure.
        look: the theme.

    `axes` is the one axes over all of it, `moving` what is drawn anew at every move. A patch is
    put on it by `add_artist`: `add_patch` would measure it for limits, which are fixed here.
    """

    def __init__(self, figure: Figure, look: Look):
        self.axes = theme.page(figure, look)
        self.look = look
        self.moving: list[Artist] = []

    def add(self, artist: Artist) -> Any:
        """Let an artist that stands on the page move."""
        self.moving.append(artist)
        return artist

    def words(self, x: float, y: float, text: str = "", style: str = "words", **more) -> Lettering:
        """One line of text that may change.

        Args:
            x: where it begins; `ha` says otherwise, as for `Text`.
            y: of its baseline; `va` says otherwise.
            text: what it says at first.
            style: "heading", "words", "label", "note", "number", "chosen" or "result".
            more: other properties of `Text`.
        """
        colour, type_ = _STYLES[style]
        look = {"color": getattr(self.look, colour)} | type_ | more
        return self.add(letter(self.axes, x, y, text, **look))

    def heading(self, x: float, y: float, words: str, note: str = "") -> Lettering:
        """The name of a row beside it, and below the name a note, which is returned to be set."""
        self.words(x, y, words, "heading")
        return self.words(x, y + 18, note, "note")

    def line(self, xs: Sequence[float], ys: Sequence[float], **more) -> Line2D:
        """A thin line that stands still."""
        style = {"color": self.look.faint, "linewidth": 1, "solid_joinstyle": "miter"} | more
        return self.axes.add_line(Line2D(xs, ys, **style))

    def arrow(self, left: float, right: float, y: float) -> FancyArrowPatch:
        """A thin arrow to the right that stands still."""
        style = {"arrowstyle": "-|>,head_width=2.5,head_length=6", "color": self.look.quiet}
        arrow = FancyArrowPatch((left, y), (right, y), shrinkA=0, shrinkB=0, **style)
        return self.axes.add_artist(arrow)

    def block(self, box: Box, colour: str, **more) -> Rectangle:
        """A rectangle of one colour, that may move."""
        left, top, width, height = box
        return self.add(
            self.axes.add_artist(Rectangle((left, top), width, height, facecolor=colour, **more))
        )


class PageScene(Scene):
    """A scene on one page. Subclasses draw their parts on it once, and update them.

    `page` is the page, `look` the theme.
    """

    def build(self, figure: Figure, look: Look, state: Any) -> list[Artist]:
        self.page, self.look = Page(figure, look), look
        self.draw(self.page, state)
        return self.page.moving

    def draw(self, page: Page, state: Any) -> None:
        """Put all parts on an empty page."""
        raise NotImplementedError


class Axis:
    """A value axis on the left of a box, if there are ticks to tell, and a line at zero."""

    MOST = 8

    def __init__(self, page: Page):
        self._lines = page.add(LineCollection([], colors=page.look.faint, zorder=0))
        page.axes.add_collection(self._lines, autolim=False)
        at = {"ha": "right", "va": "center_baseline", "zorder": 0}
        self._texts = [page.words(0, 0, style="note", **at) for _ in range(self.MOST)]

    def set(self, box: Box, low: float, high: float, ticks: int | Sequence[float] = 3) -> None:
        """Stand at a box and reach from low to high, with so many ticks, or with these."""
        left, top, width, height = box
        if isinstance(ticks, int):
            values = MaxNLocator(ticks, steps=[1, 2, 5, 10]).tick_values(low, high)
            values = values[(values >= low) & (values <= high)]
        else:
            values = np.array(ticks, float)
        ys = top + height * (high - values) / (high - low)
        zero = top + height * high / (high - low)
        lines = [[(left, zero), (left + width, zero)], *([(left - 4, y), (left, y)] for y in ys)]
        if len(values):
            lines.append([(left, top), (left, top + height)])
        self._lines.set_segments(lines)
        for text in self._texts[len(values) :]:
            text.set_text("")
        for text, y, value in zip(self._texts, ys, values, strict=False):
            text.set(text=f"{value:g}".replace("-", "−"), x=left - 7, y=y)


class ChannelNumbers:
    """The numbers of channels below a row: all where they fit, else five of them."""

    def __init__(self, page: Page, y: float):
        self._look = page.look
        self._texts = [page.words(0, y, style="note", ha="center") for _ in range(MOST_NUMBERED)]

    def set(self, left: float, width: float, channels: int, chosen: int | None = None) -> None:
        """Stand below a row of so many channels."""
        told = told_channels(channels)
        for text in self._texts[len(told) :]:
            text.set_text("")
        for text, channel in zip(self._texts, told, strict=False):
            colour = self._look.accent if channel == chosen else self._look.quiet
            x = left + width * (channel + 0.5) / channels
            text.set(text=str(channel), x=min(x, PANEL_END - 4 * len(str(channel))), color=colour)


class BarRow:
    """A bar for each channel, from left to right, on a line, each with its number where they fit.

    Args:
        page: where it stands.
        box: left, top, width and height of the bars.
        numbered: whether bars bear their numbers, where they fit.
        axis: whether a value axis stands on the left.
        gap: between bars that are wide, on either side of each.
        pale: whether it stands back behind another row.

    `values` is what it shows, `numbers` what is written of it. A row of gates is a `GateRow`.
    """

    _tracks = False

    def __init__(
        self,
        page: Page,
        box: Box,
        *,
        numbered: bool = True,
        axis: bool = True,
        gap: float = 4,
        pale: bool = False,
    ):
        self._page, self._box = page, box
        self._colour = mixed(page.look.bar, page.look.background, 0.6 if pale else 1.0)
        self._axis = self._make_axis() if axis else None
        self._bars = marks.Bars(page.axes, page.look, track=self._tracks, gap=gap, box=box)
        page.add(self._bars.artist)
        count = MOST_NUMBERED if numbered else 0
        self._texts = [page.words(0, 0, style="number", ha="center") for _ in range(count)]
        self._here = page.block(box, page.look.accent, visible=False, zorder=3)

    def _make_axis(self) -> Axis | None:
        return Axis(self._page)

    @property
    def values(self) -> np.ndarray:
        return self._bars.values

    @property
    def numbers(self) -> list[str]:
        return [text.get_text() for text in self._texts if text.get_text()]

    def x(self, channel: int) -> float:
        """The middle of a channel's bar."""
        left, _, width, _ = self._box
        return left + width * (channel + 0.5) / len(self.values)

    def channel_at(self, x: float, y: float, above: float = 0, below: float = 0) -> int | None:
        """The channel whose bar stands at a place, or so far above or below it; or none."""
        left, top, width, height = self._box
        if not (left <= x < left + width and top - above <= y < top + height + below):
            return None
        return int((x - left) / width * len(self.values))

    def place(self, box: Box) -> None:
        """Stand elsewhere, empty until `set`."""
        self._box = box
        self._bars.place(box)

    @property
    def dashes(self) -> np.ndarray | None:
        """Where dashes stand across the bars, if they do."""
        return self._bars.dashes

    def set(
        self,
        values: np.ndarray,
        *,
        low: float = 0.0,
        high: float = 1.0,
        chosen: int | None = None,
        dashes: np.ndarray | None = None,
    ) -> None:
        """Show values (n,) on an axis from low to high, the chosen one in the accent colour.

        Dashes (n,) stand across the bars at other values, while bars are wide enough for them.
        """
        self._bars.low, self._bars.high = low, high
        wide = self._wide(len(values))
        self._bars.set(values, self._colours(values, chosen), dashes if wide else None)
        if self._axis:
            self._axis.set(self._box, low, high, () if self._all_numbered else 2)
        self._mark(chosen)
        self._write(values, chosen)

    def _wide(self, count: int) -> bool:
        """Whether a bar can be told from the next."""
        return self._box[2] / count >= 4

    @property
    def _all_numbered(self) -> bool:
        count = len(self.values)
        return count <= len(self._texts) and self._box[2] / count >= 26

    def _colours(self, values: np.ndarray, chosen: int | None) -> np.ndarray:
        colours = np.tile(self._colour, (len(values), 1))
        if chosen is not None:
            colours[chosen] = to_rgba(self._page.look.accent)
        return colours

    def _mark(self, chosen: int | None) -> None:
        """Where a bar is too thin to be seen, a line stands in its place."""
        thin = chosen is not None and self._box[2] / len(self.values) < 8
        self._here.set_visible(thin)
        if thin:
            _, top, _, height = self._box
            self._here.set(x=self.x(chosen) - 0.5, y=top, width=1, height=height)

    def _write(self, values: np.ndarray, chosen: int | None) -> None:
        _, top, _, height = self._box
        shown = values if self._all_numbered else values[:0]
        for text in self._texts[len(shown) :]:
            text.set_text("")
        for channel, (text, value) in enumerate(zip(self._texts, shown, strict=False)):
            part = self._part(value)
            below = self._part(0.0) - part > 0.08  # a shorter bar has room for its number above
            end = top + height * (1 - (part if below else max(part, self._part(0.0))))
            ink = self._page.look.accent if channel == chosen else self._page.look.ink
            text.set(text=number(value), x=self.x(channel), color=ink)
            text.set_y(end + (13 if below else -4))

    def _part(self, value: float) -> float:
        """How far up the row a value stands, from 0 to 1."""
        low, high = self._bars.low, self._bars.high
        return float(np.clip((value - low) / (high - low), 0, 1))


class GateRow(BarRow):
    """Gates from 0 to 1: bars in the colours of gates, on pale tracks with a tick at a half.

    Args:
        by_size: whether they stand from the smallest to the largest where there are so many that
            no bar can be told from the next; `sorted` says whether they do.
        more: as for `BarRow`.
    """

    _tracks = True

    def __init__(self, page: Page, box: Box, *, by_size: bool = False, **more):
        super().__init__(page, box, **more)
        self._by_size, self._order, self.sorted = by_size, np.zeros(1, int), False

    @property
    def values(self) -> np.ndarray:
        """(n,) in the order of the channels, wherever they stand."""
        return self._bars.values[np.argsort(self._order)]

    def channel_at(self, x: float, y: float, above: float = 0, below: float = 0) -> int | None:
        place = super().channel_at(x, y, above, below)
        return None if place is None else int(self._order[place])

    def _make_axis(self) -> None:
        """Stands still: gates reach from 0 to 1."""
        left, top, width, height = self._box
        bottom = top + height
        self._page.line([left, left, left + width], [top, bottom, bottom])
        for value in (0, 0.5, 1):
            y = bottom - value * height
            self._page.line([left - 4, left], [y, y])
            at = {"ha": "right", "va": "center_baseline"}
            self._page.words(left - 7, y, f"{value:g}", style="note", **at)

    def set(
        self, values: np.ndarray, *, chosen: int | None = None, dashes: np.ndarray | None = None
    ) -> None:
        """Show gates (n,), the number of the chosen one in the accent colour."""
        self.sorted = self._by_size and not self._wide(len(values))
        order = np.argsort(values, kind="stable") if self.sorted else np.arange(len(values))
        self._order = order
        place = None if chosen is None else int(np.argsort(order)[chosen])
        super().set(values[order], chosen=place, dashes=dashes)

    def _colours(self, values: np.ndarray, chosen: int | None) -> np.ndarray:
        return self._page.look.gates(values)

    def _write(self, values: np.ndarray, chosen: int | None) -> None:
        super()._write(values, chosen)
        _, top, _, height = self._box
        for text in self._texts:
            text.set_y(top + height + 15)  # below: a bar may be of any height


class Matrix:
    """Weights in colours around zero, with a heading and their shape above.

    `shown` is the part of the matrix that is on the screen.
    """

    def __init__(self, page: Page, box: Box, title: str):
        left, top, width, _ = box
        page.words(left, top - 8, title, style="heading")
        self._shape = page.words(left + width, top - 8, style="note", ha="right")
        self._image = marks.WeightImage(page.axes, page.look, box=box)
        page.add(self._image.artist)

    @property
    def shown(self) -> np.ndarray:
        return self._image.shown

    @property
    def shape_told(self) -> str:
        """What is written of its shape."""
        return self._shape.get_text()

    def set(self, matrix: np.ndarray, shape: tuple[int, int], strongest: float | None) -> None:
        """Show a matrix (rows, columns) that maps so many numbers to so many."""
        self._image.set(matrix, strongest)
        sampled = say("a sample of ") if self.shown.size < matrix.size else ""
        self._shape.set_text(f"{sampled}{shape[0]} → {shape[1]}")


class UnitRows:
    """A lying bar for each hidden unit, one below the other, with its number and words beside it.

    Args:
        page: where it stands.
        box: left, top, width and height of the bars.
        words: where the words begin.

    `values` is what it shows, the largest of them in size being 1.
    """

    MOST = 5  # that have a number and words each

    def __init__(self, page: Page, box: Box, words: float):
        self._page, self._box = page, box
        left, top, width, height = box
        page.line([left + width / 2] * 2, [top, top + height])
        self._bars = marks.Bars(page.axes, page.look, low=-1, sideways=True, box=box)
        page.add(self._bars.artist)
        middle = {"va": "center_baseline"}
        self._numbers = [
            page.words(words - 10, 0, style="number", ha="right", **middle)
            for _ in range(self.MOST)
        ]
        self._words = [page.words(words, 0, **middle) for _ in range(self.MOST)]

    @property
    def values(self) -> np.ndarray:
        return self._bars.values

    def set(self, values: np.ndarray, most: float, words: Sequence[str]) -> None:
        """Show values (n,) on an axis from -most to most, and beside each its words, if any.

        With more units than have a number each, the words stand in lines of their own.
        """
        look, (_, top, _, height) = self._page.look, self._box
        self._bars.set(values / most, look.bar)
        singly = len(values) <= self.MOST
        step = height / len(values) if singly else LINE
        for unit, (text, said) in enumerate(zip(self._numbers, self._words, strict=True)):
            there = singly and unit < len(values)
            y = top + (unit + 0.5) * step
            ink = look.ink if not there or values[unit] > 0 else look.quiet
            text.set(text=number(values[unit]) if there else "", y=y, color=ink)
            said.set(text=words[unit] if unit < len(words) else "", y=y, color=ink)


class Image:
    """A square picture with a heading above.

    Args:
        page: where it stands.
        left, top, side: of the picture.
        title: the heading; `title` may be set anew.
        border: how wide the frame is, in the colour of a gate.
        smooth: whether pixels run into each other where it is enlarged.
    """

    def __init__(
        self,
        page: Page,
        left: float,
        top: float,
        side: float,
        title: str = "",
        *,
        style: str = "heading",
        border: float = 0,
        smooth: bool = False,
    ):
        self.title = page.words(left, top - 8, title, style=style)
        self._pictures = marks.Pictures(page.axes, left, top, side, border=border, smooth=smooth)
        page.add(self._pictures.artist)
        self._look = page.look

    @property
    def shown(self) -> np.ndarray:
        """(H, W, 3) bytes."""
        return self._pictures.shown[0]

    def set_visible(self, visible: bool) -> None:
        for artist in (self.title, self._pictures.artist):
            artist.set_visible(visible)

    def set(self, picture: np.ndarray, gate: float | None = None) -> None:
        """Show (H, W, 3), bytes or numbers from 0 to 1, in the frame of a gate."""
        frame = None if gate is None else self._look.gates(np.array([gate]))
        self._pictures.set(_in_bytes(picture)[None], frame)

    def set_map(
        self,
        values: np.ndarray,
        gate: float | None = None,
        *,
        colours: Colormap | None = None,
        low: float = 0.0,
        high: float = 1.0,
    ) -> None:
        """Show a map (H, W), in grey if nothing else is said, black at `low`, white at `high`."""
        self.set(marks.shades(values[..., None], colours or self._look.maps, low, high)[0], gate)


class Strip:
    """Small pictures side by side, each in the middle of its channel's column.

    Args:
        page: where it stands.
        top: of the pictures.
        side: of a picture; where columns are narrow, pictures are smaller.
        border: how wide the frames are, in the colours of gates.
    """

    def __init__(self, page: Page, top: float, side: float, *, border: float = 0):
        self._look, self._side, self._border = page.look, side, border
        self._pictures = marks.Pictures(page.axes, 0, top, side, border=border)
        page.add(self._pictures.artist)

    @property
    def shown(self) -> np.ndarray:
        """(n, H, W, 3) bytes."""
        return self._pictures.shown

    def place(self, left: float, pitch: float, count: int) -> None:
        """Let so many columns, each so wide, begin at the left; they are empty until `set`."""
        side = min(self._side, pitch - 2 * self._border - 1)
        self._pictures.place(left + (pitch - side) / 2, side, pitch, count)

    def set(
        self,
        maps: np.ndarray,
        gates: np.ndarray | None = None,
        *,
        colours: Colormap | None = None,
        low: float = 0.0,
        high: float = 1.0,
    ) -> None:
        """Show maps (H, W, n), in grey if nothing else is said, in the frames of their gates."""
        frames = None if gates is None else self._look.gates(gates)
        self._pictures.set(marks.shades(maps, colours or self._look.maps, low, high), frames)

    def set_pictures(self, pictures: np.ndarray) -> None:
        """Show (n, H, W, 3), bytes or numbers from 0 to 1."""
        self._pictures.set(_in_bytes(pictures))


class Ring:
    """A ring around a place of a picture; `place` is its middle."""

    def __init__(self, page: Page):
        look = page.look
        style = {"fill": False, "zorder": 3}
        self._rings = [
            page.add(page.axes.add_artist(Circle((0, 0), 6, edgecolor=colour, lw=wide, **style)))
            for colour, wide in ((look.background, 5), (look.accent, 2))
        ]

    @property
    def place(self) -> tuple[float, float]:
        return self._rings[0].center

    def set(self, x: float, y: float, *, visible: bool = True) -> None:
        """Stand around (x, y)."""
        for ring in self._rings:
            ring.set_center((x, y))
            ring.set_visible(visible)


class Paragraph:
    """Some lines of words, broken where the room ends.

    Args:
        page: where they stand.
        left: where every line begins.
        top: the baseline of the first.
        width: the room, in CSS pixels.
        lines: how many there may be.
    """

    def __init__(
        self, page: Page, left: float, top: float, width: float, lines: int, style: str = "words"
    ):
        self._characters = int(width / WIDE_LETTER)
        self._lines = [page.words(left, top + LINE * i, style=style) for i in range(lines)]

    @property
    def text(self) -> str:
        """What it says, its lines joined."""
        return sentences(line.get_text() for line in self._lines)

    def set(self, *sentences: str) -> None:
        """Say this, each sentence on a line of its own."""
        shown = [line for words in sentences for line in broken(words, self._characters)]
        for i, line in enumerate(self._lines):
            line.set_text(shown[i] if i < len(shown) else "")


def broken(text: str, letters: int) -> list[str]:
    """A text in lines of so many letters; a Chinese one takes the room of two, and may end a line.

    Args:
        text: one paragraph.
        letters: how many Latin ones fit.
    """
    if not WIDE.search(text):
        return wrap(text, letters)
    lines, room = [""], letters
    for piece in PIECES.findall(text):
        size = sum(2 if WIDE.match(letter) else 1 for letter in piece)
        if size > room and lines[-1]:
            lines.append("")
            room, piece = letters, piece.lstrip()
        lines[-1] += piece
        room -= size
    return [line.rstrip() for line in lines]


class GateScale:
    """The colours of gates, from closed to open, as a legend."""

    def __init__(self, page: Page, left: float, top: float, width: float = 64):
        strip = page.add(marks.Pixels(page.axes, (left, top, width, 11)))
        shades = page.look.gates(np.linspace(0, 1, strip.columns))
        strip.set_rgba(np.tile((shades * 255).round().astype(np.uint8), (strip.rows, 1, 1)))
        closed = page.words(left - 6, top + 10, say("closed"), style="note", ha="right")
        self._artists = (
            strip,
            closed,
            page.words(left + width + 6, top + 10, say("open"), style="note"),
        )

    def set_visible(self, visible: bool) -> None:
        for artist in self._artists:
            artist.set_visible(visible)


def _in_bytes(pictures: np.ndarray) -> np.ndarray:
    """Pictures as bytes, where they are numbers from 0 to 1."""
    if pictures.dtype == np.uint8:
        return pictures
    return (np.clip(pictures, 0, 1) * 255).round().astype(np.uint8)


def mixed(colour: str, other: str, part: float) -> np.ndarray:
    """(4,) a colour of which so much is the first, and the rest the other."""
    return part * np.array(to_rgba(colour)) + (1 - part) * np.array(to_rgba(other))


def told_channels(channels: int) -> list[int]:
    """Which channels of a row are numbered: all where they fit, else five from end to end."""
    if channels <= MOST_NUMBERED:
        return list(range(channels))
    return sorted({round(part * (channels - 1) / 4) for part in range(5)})


def first_shown(channel: int, channels: int, reach: int, places: int) -> int:
    """The index at the left of a padded row of so many places around the chosen channel.

    Args:
        channel: the chosen channel.
        channels: C.
        reach: how many zeros stand at either end.
        places: how many fit side by side.

    Returns:
        An index; below 0 it is padding. Where everything fits, it stands in the middle and keeps
        still. Elsewhere the row scrolls to have the chosen channel in its middle, but not past
        the padding.
    """
    spare = places - (channels + 2 * reach)
    if spare >= 0:
        return -reach - spare // 2
    return min(max(channel - places // 2, -reach), channels + reach - places)
