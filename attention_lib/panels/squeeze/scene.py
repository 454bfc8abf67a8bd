"""The squeeze panel: how a map becomes one number, and what that number does not tell."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle

from attention_lib.examples import filters, photos
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import Lettering, letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.kit.parts import Axis
from attention_lib.panels.kit.words import number
from attention_lib.panels.squeeze.state import MOST_SINGLY, ROUNDING, SqueezeState, comment, explain

HEIGHT = 580


# Where things stand on the page, in CSS pixels.
LEFT, RIGHT = 14, 944


TOP, SIDE = 40, 224


MAP = 264


VALUES = (548, 926)


BARS = 300


THUMBNAIL = 284, 36  # top and side


ROW = 326, 84  # top and height of the bars of means; those of maxima stand below


MAX_ROW = 418, 84


class SqueezeScene(Scene):
    """Draws a SqueezeState; another C moves the axes, and lays nothing out anew."""

    def layout(self, state: SqueezeState) -> tuple:
        return state.photo, state.rectify, state.shuffle

    def build(self, figure: Figure, look: Look, state: SqueezeState) -> list[Artist]:
        self._look, self._channels = look, 0
        self._shades = (look.maps, 0, 1) if state.rectify else (look.weights, -1, 1)
        self._page = page(figure, look)
        self._headings(state)
        photo = marks.Pictures(self._page, LEFT, TOP, SIDE, smooth=state.shuffle == "nothing")
        photo.set((state.picture[None] * 255).round().astype(np.uint8))
        under = self._under()
        return [*under, *self._map(), *self._values(), *self._rows(), *self._words()]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose bar or small map stands at (x, y) on the page, if there is one."""
        if not (BARS <= x < BARS + self._wide and THUMBNAIL[0] <= y < sum(MAX_ROW)):
            return None
        return int((x - BARS) / self._wide * self._channels)

    def update(self, state: SqueezeState) -> str:
        channel = state.channel
        if state.channels != self._channels:
            self._arrange(state)
        self._update_map(state.chosen)
        self._update_values(state.values, state.squeezed[channel], state.peaks[channel])
        self._update_rows(state)
        name = filters.channel_names(state.channels)[channel]
        self._map_title.set_text(f"map {channel}")
        self._title.set_text(f"channel {channel}, {name}")
        sentence, remark = explain(state), comment(state)
        self._sentence.set_text(sentence)
        self._remark.set_text(remark)
        return (
            f"{photos.PHOTOS[state.photo].title}, {state.channels} channels "
            f"{'after' if state.rectify else 'before'} ReLU. Channel {channel}, {name}: "
            f"{sentence} {remark}"
        )

    # -- headings and words -----------------------------------------------------------------------

    def _headings(self, state: SqueezeState) -> None:
        height, width = state.chosen.shape
        shuffled = "" if state.shuffle == "nothing" else ", shuffled"
        bold = {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}
        quiet = {"fontsize": SMALL, "color": self._look.quiet}
        letter(self._page, LEFT, 26, f"photo{shuffled}", **bold)
        letter(
            self._page, LEFT + SIDE, 26, f"{photos.SIDE} × {photos.SIDE} × 3", ha="right", **quiet
        )
        letter(self._page, MAP + SIDE, 26, f"{height} × {width}", ha="right", **quiet)
        heading = f"its {height * width} values, from the smallest to the largest"
        letter(self._page, VALUES[0] - 30, 26, heading, **bold)
        for y, heading, text in (
            (THUMBNAIL[0] + 14, "feature maps", ""),
            (ROW[0] + 18, "squeeze", "z, the mean of every map"),
            (MAX_ROW[0] + 18, "max pooling", "the largest value of every map"),
        ):
            letter(self._page, LEFT, y, heading, **bold)
            letter(self._page, LEFT, y + 19, text, **quiet)

    def _words(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5, "color": self._look.ink}
        bold = {"fontsize": TEXT + 1, "weight": "bold", "color": self._look.accent}
        self._title = letter(self._page, LEFT, 542, **bold)
        self._sentence = letter(self._page, 292, 542, **plain)
        self._remark = letter(self._page, LEFT, 567, **plain)
        return [self._title, self._sentence, self._remark]

    # -- what another C changes, and another channel does not -------------------------------------

    def _under(self) -> list[Artist]:
        """What `_arrange` sets, drawn under all else that moves."""
        look, (_, right) = self._look, VALUES
        quiet = {"fontsize": SMALL, "color": look.quiet}
        self._shapes = [
            letter(self._page, LEFT, y, **quiet) for y in (THUMBNAIL[0] + 33, ROW[0] + 56)
        ]
        self._axes = [Axis(self._page, look) for _ in range(3)]
        self._strip = marks.Pixels(self._page, (right + 9, TOP, 9, SIDE))
        self._small = marks.Pictures(self._page, BARS, *THUMBNAIL)
        self._indices, *self._numbers = (
            [
                letter(self._page, 0, 0, fontsize=SMALL, color=colour, ha="center")
                for _ in range(MOST_SINGLY)
            ]
            for colour in (look.quiet, look.ink, look.ink)
        )
        under = [
            *self._shapes,
            *(artist for axis in self._axes for artist in axis.artists),
            self._strip,
            self._small.artist,
            *(text for texts in self._numbers for text in texts),
            *self._indices,
        ]
        for artist in under:
            artist.set_zorder(0)
        return under

    def _arrange(self, state: SqueezeState) -> None:
        """Set the axes for another C."""
        self._channels = channels = state.channels
        self._wide = min(RIGHT - BARS, 110 * channels)
        shape = " × ".join(map(str, (*state.chosen.shape, channels)))
        for text, words in zip(self._shapes, (shape, f"{shape} → {channels}"), strict=True):
            text.set_text(words)
        low, high = min(0.0, state.low), float(state.peaks.max())
        self._low, self._high = 1.12 * low, max(1.12 * high, -0.3 * low, 0.1)
        self._axes[0].set((*VALUES, TOP, SIDE), self._low, self._high, ticks=6)
        rows = np.linspace(self._high, self._low, self._strip.rows)[:, None, None]
        shade = marks.shades(np.repeat(rows, self._strip.columns, axis=1), *self._shades)[0]
        self._strip.set_rgba(np.dstack([shade, np.full(shade.shape[:2], 255, np.uint8)]))
        shown = state.sample.shape[-1]
        step = self._wide / shown
        self._small.place(BARS + (step - THUMBNAIL[1]) / 2, step, shown)
        self._small.set(marks.shades(state.sample, *self._shades))
        singly = channels <= MOST_SINGLY
        self._frame.set_visible(singly)
        told = range(0, channels, 1 if singly else channels // 8)
        for text in self._indices[len(told) :]:
            text.set_text("")
        for text, channel in zip(self._indices, told, strict=False):
            text.set(text=str(channel), x=self._x(channel), y=sum(MAX_ROW) + 15)
        self._arrange_bars(self.means, state.squeezed, ROW, self._axes[1], self._numbers[0])
        self._arrange_bars(self.maxima, state.peaks, MAX_ROW, self._axes[2], self._numbers[1])

    def _arrange_bars(
        self,
        bars: marks.Bars,
        values: np.ndarray,
        row: tuple[float, float],
        axis: "Axis",
        numbers: list[Lettering],
    ) -> None:
        """Set one row of bars, with its axis and, where they fit, its numbers."""
        (top, height), singly = row, len(values) <= MOST_SINGLY
        room = 1.36 if singly else 1.08
        least, most = min(0.0, float(values.min())), float(values.max())
        if singly and least < 0:
            least -= 0.04 * (most - least)  # a short bar, too, has its number below it
        bars.low = low = room * least
        bars.high = high = max(room * most, -0.3 * low, 0.01)
        bars.place((BARS, top, self._wide, height))
        axis.set((BARS, BARS + self._wide, top, height), low, high, ticks=3)
        numbered = values if singly else values[:0]
        for text in numbers[len(numbered) :]:
            text.set_text("")
        for text, value, x in zip(numbers, numbered, self._x(np.arange(MOST_SINGLY)), strict=False):
            under = value < -0.08 * (high - low)  # a shorter bar has room for its number above
            end = top + height * (high - (value if under else max(value, 0))) / (high - low)
            text.set(text=number(value), x=x, y=end + (12 if under else -3))

    def _x(self, channel: np.ndarray | float) -> np.ndarray | float:
        """Where on the page a channel stands."""
        return BARS + (channel + 0.5) * self._wide / self._channels

    # -- the chosen map, and the brightest place on it --------------------------------------------

    def _map(self) -> list[Artist]:
        look = self._look
        bold = {"fontsize": TEXT, "weight": "bold", "color": look.accent}
        self._map_title = letter(self._page, MAP, 26, **bold)
        self.map = marks.Pictures(self._page, MAP, TOP, SIDE)
        self._rings = [
            self._page.add_patch(
                Circle((0, 0), 6, fill=False, edgecolor=colour, linewidth=width, zorder=3)
            )
            for colour, width in ((look.background, 5), (look.accent, 2))
        ]
        return [self._map_title, self.map.artist, *self._rings]

    def _update_map(self, chosen: np.ndarray) -> None:
        self.map.set(marks.shades(chosen[..., None], *self._shades))
        row, column = np.unravel_index(chosen.argmax(), chosen.shape)
        place = SIDE / len(chosen)
        for ring in self._rings:
            ring.set_center((MAP + (column + 0.5) * place, TOP + (row + 0.5) * place))
            ring.set_visible(bool(np.abs(chosen).max() > ROUNDING))

    # -- its values in order: the mean levels them, the maximum is the last -----------------------

    def _values(self) -> list[Artist]:
        look, (left, right) = self._look, VALUES
        frame = Rectangle((right + 8.5, TOP - 0.5), 10, SIDE + 1, fill=False, edgecolor=look.faint)
        self._page.add_patch(frame)

        self.area = self._page.add_patch(Polygon([[0, 0]], facecolor=look.bar, zorder=2))
        self._level, self._line = (
            self._page.add_patch(Rectangle((left, 0), right - left, 0, facecolor=c, zorder=z))
            for c, z in ((look.accent_wash, 1), (look.accent, 3))
        )
        self._peak = self._page.add_patch(Circle((right, 0), 4, facecolor=look.accent, zorder=4))
        style = {"fontsize": TEXT, "color": look.accent, "zorder": 5}
        self._mean_words = letter(self._page, left + 8, 0, **style)
        self._peak_words = letter(
            self._page, right - 12, 0, ha="right", plate=look.background, **style
        )
        moving = self.area, self._level, self._line, self._peak
        return [*moving, self._mean_words, self._peak_words]

    def _height(self, value: np.ndarray | float) -> np.ndarray | float:
        """Where on the page a value stands."""
        return TOP + SIDE * (self._high - value) / (self._high - self._low)

    def _update_values(self, values: np.ndarray, mean: float, peak: float) -> None:
        left, right = VALUES
        xs = np.linspace(left, right, len(values))
        zero, mean_y, peak_y = self._height(0.0), self._height(mean), self._height(peak)
        outline = np.stack([xs, self._height(values)], axis=1)
        self.area.set_xy([[left, zero], *outline, [right, zero]])
        self._level.set(y=mean_y, height=zero - mean_y)
        self._line.set(y=mean_y - 1, height=2)
        # Values rise to the right: above the line there is room on the left, below on the right.
        side, x, y = ("left", left + 8, -5) if mean >= 0 else ("right", right - 12, 14)
        self._mean_words.set(text=f"mean = {number(mean, 3)}", ha=side, x=x, y=mean_y + y)
        self._peak.set_center((right, peak_y))
        self._peak_words.set(text=f"max = {number(peak)}", y=peak_y - 5)

    # -- all channels -----------------------------------------------------------------------------

    def _rows(self) -> list[Artist]:
        """Bars of all means, below them of all maxima, and what shows the chosen channel there."""
        look, (top, side) = self._look, THUMBNAIL
        self._frame = Rectangle((0, top - 1), side + 2, side + 2, fill=False, linewidth=2.5)
        self._page.add_patch(self._frame).set_edgecolor(look.accent)
        self.means, self.maxima = (
            marks.Bars(self._page, look, box=(BARS, top, 1, height))
            for top, height in (ROW, MAX_ROW)
        )
        self._here = [
            self._page.add_patch(Rectangle((0, top), 1, height, facecolor=look.accent))
            for top, height in (ROW, MAX_ROW)
        ]
        return [self._frame, self.means.artist, self.maxima.artist, *self._here]

    def _update_rows(self, state: SqueezeState) -> None:
        look, channel, pitch = self._look, state.channel, self._wide / state.channels
        colours = np.tile(to_rgba(look.bar), (state.channels, 1))
        colours[channel] = to_rgba(look.accent)
        self.means.set(state.squeezed, colours)
        self.maxima.set(state.peaks, colours)
        at = self._x(channel)
        self._frame.set_x(at - THUMBNAIL[1] / 2 - 1)
        for line in self._here:  # where a bar is too thin to be seen
            line.set(x=at - 0.5, visible=pitch < 8)
