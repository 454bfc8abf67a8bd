"""The squeeze panel: how a map becomes one number, and what that number does not tell."""

import numpy as np
from matplotlib.patches import Circle, Polygon

from attention_lib._words import many, number
from attention_lib.examples import filters, photos
from attention_lib.language import say
from attention_lib.panels.kit.parts import (
    Axis,
    BarRow,
    ChannelNumbers,
    Image,
    Page,
    PageScene,
    Paragraph,
    Ring,
    Strip,
    mixed,
)
from attention_lib.panels.squeeze.state import ROUNDING, SqueezeState, comment, describe

HEIGHT = 518
TOP, SIDE = 28, 200  # the photo, the chosen map and its values
PHOTO, MAP, VALUES = 14, 236, (500, 262)  # where they begin; how wide the values are
RESULT = 780
LEFT, WIDTH = 152, 794  # the rows of channels, one channel a column
STRIP, STRIP_SIDE = 250, 38
MEANS, MAXIMA = (308, 84), (418, 54)  # tops and heights of the bars
POINTS = 400  # of the curve
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class SqueezeScene(PageScene):
    """Above: one map, and its values in order. Below: all maps, their means and their maxima."""

    def layout(self, state: SqueezeState) -> tuple:
        return state.photo, state.rectify, state.shuffle

    def draw(self, page: Page, state: SqueezeState) -> None:
        signed = {"colours": page.look.weights, "low": -1.0, "high": 1.0}
        self._colours = {} if state.rectify else signed
        self._draw_photo(page, state)
        self._draw_map(page)
        self._draw_values(page, state)
        self._draw_rows(page)
        self._remark = page.words(14, HEIGHT - 8)

    def update(self, state: SqueezeState) -> str:
        self._update_map(state)
        self._update_values(state)
        self._update_rows(state)
        self._remark.set_text(comment(state))
        return describe(state)

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose bar or small map stands at (x, y), if there is one."""
        return self.means.channel_at(x, y, above=MEANS[0] - STRIP, below=sum(MAXIMA) - sum(MEANS))

    # -- the photo and the chosen map -------------------------------------------------------------

    def _draw_photo(self, page: Page, state: SqueezeState) -> None:
        as_it_is = state.shuffle == "nothing"
        Image(page, PHOTO, TOP, SIDE, say("photo"), smooth=as_it_is).set(state.picture)
        note = f"{photos.SIDE} × {photos.SIDE} × 3" if as_it_is else say("shuffled")
        page.words(PHOTO + SIDE, TOP - 8, note, "note", ha="right")

    def _draw_map(self, page: Page) -> None:
        self.map = Image(page, MAP, TOP, SIDE, style="chosen")
        self._ring = Ring(page)

    def _update_map(self, state: SqueezeState) -> None:
        name = filters.channel_names(state.channels)[state.channel]
        self.map.title.set_text(say("{name}: {value}", name=state.channel, value=name))
        self.map.set_map(state.chosen, **self._colours)
        row, column = np.unravel_index(state.chosen.argmax(), state.chosen.shape)
        place = SIDE / len(state.chosen)
        found = bool(np.abs(state.chosen).max() > ROUNDING)
        self._ring.set(MAP + (column + 0.5) * place, TOP + (row + 0.5) * place, visible=found)

    # -- its values in order: the mean levels them, the maximum is the last -----------------------

    def _draw_values(self, page: Page, state: SqueezeState) -> None:
        look, (left, width) = page.look, VALUES
        page.words(
            left - 28,
            TOP - 8,
            say("its {size} values, in order", size=state.chosen.size),
            "heading",
        )
        self._axis = Axis(page)
        red = mixed(look.accent, look.background, 0.7), mixed(look.accent, look.background, 0.3)
        self.kept, self.above, self.missing = (
            page.add(page.axes.add_artist(Polygon([[0, 0]], facecolor=colour, zorder=zorder)))
            for colour, zorder in ((look.bar, 1), (red[0], 2), (red[1], 2))
        )
        self._level = page.block((left, 0, width, 2), look.accent, zorder=3)
        self._peak = page.add(page.axes.add_artist(Circle((0, 0), 4, color=look.accent, zorder=4)))
        self._peak_words = page.words(
            0, 0, color=look.accent, ha="right", plate=look.background, zorder=5
        )
        self._equal = Paragraph(page, RESULT, TOP + 12, 166, 4, style="label")
        self._equal.set(say("Two equal areas: what is above the line fills the gap below it."))
        self._name = page.words(RESULT, TOP + SIDE - 36, style="chosen")
        self._mean = page.words(RESULT, TOP + SIDE - 8, style="result")

    def _update_values(self, state: SqueezeState) -> None:
        (left, width), values = VALUES, state.values
        mean, peak = float(state.squeezed[state.channel]), float(state.peaks[state.channel])
        low, high = 1.12 * min(0.0, float(values[0])), 1.12 * peak
        self._low, self._high = low, max(high, -0.3 * low, 0.1)
        self._axis.set((left, TOP, width, SIDE), self._low, self._high, 5)
        shown = np.linspace(0, len(values) - 1, POINTS).round().astype(int)
        xs, curve = left + width * shown / (len(values) - 1), values[shown]
        self._fill(self.kept, xs, nearer(curve, mean), 0.0)
        self._fill(self.above, xs, np.maximum(curve, mean), mean)
        self._fill(self.missing, xs, np.minimum(curve, mean), mean)
        self._level.set_y(self.height(mean) - 1)
        self._peak.set_center((left + width, self.height(peak)))
        self._peak_words.set(
            text=say("max {peak}", peak=number(peak)), x=left + width - 10, y=self.height(peak) + 4
        )
        self._name.set_text(say("{z} = mean", z=f"z{state.channel}".translate(LOWERED)))
        self._mean.set_text(number(mean, 3))

    def height(self, value: np.ndarray | float) -> np.ndarray | float:
        """Where on the page a value stands."""
        return TOP + SIDE * (self._high - value) / (self._high - self._low)

    def _fill(self, area: Polygon, xs: np.ndarray, values: np.ndarray, base: float) -> None:
        """Let an area reach from a base to the values."""
        line, level = self.height(values), self.height(base)
        area.set_xy([[xs[0], level], *np.stack([xs, line], axis=1), [xs[-1], level]])

    # -- all channels -----------------------------------------------------------------------------

    def _draw_rows(self, page: Page) -> None:
        self._shape, self._count, _ = (
            page.heading(14, y, heading, text)
            for y, heading, text in (
                (STRIP + 15, say("feature maps"), ""),
                (sum(MEANS) - 32, say("squeeze z"), ""),
                (sum(MAXIMA) - 32, say("max pooling"), say("the largest value")),
            )
        )
        self._band = page.block((0, STRIP - 5, 0, sum(MAXIMA) - STRIP + 24), page.look.accent_wash)
        self._band.set_zorder(-1)
        self._strip = Strip(page, STRIP, STRIP_SIDE)
        self.means = BarRow(page, (LEFT, MEANS[0], WIDTH, MEANS[1]))
        self.maxima = BarRow(page, (LEFT, MAXIMA[0], WIDTH, MAXIMA[1]), pale=True)
        self._channels = ChannelNumbers(page, sum(MAXIMA) + 16)

    def _update_rows(self, state: SqueezeState) -> None:
        channels, shown = state.channels, state.sample.shape[-1]
        wide = min(WIDTH, 110 * channels)
        self._shape.set_text(" × ".join(map(str, (*state.chosen.shape, channels))))
        self._count.set_text(many(channels, "mean"))
        self._strip.place(LEFT, wide / shown, shown)
        self._strip.set(state.sample, **self._colours)
        for row, values, (top, height) in (
            (self.means, state.squeezed, MEANS),
            (self.maxima, state.peaks, MAXIMA),
        ):
            row.place((LEFT, top, wide, height))
            row.set(values, **ends(values), chosen=state.channel)
        self._channels.set(LEFT, wide, channels, state.channel)
        pitch = wide / channels
        self._band.set(x=LEFT + state.channel * pitch, width=pitch, visible=pitch >= 8)


def nearer(curve: np.ndarray, mean: float) -> np.ndarray:
    """What the mean shares with the curve: of the two, whichever is nearer to zero."""
    return np.clip(curve, 0.0, mean) if mean > 0 else np.clip(curve, mean, 0.0)


def ends(values: np.ndarray) -> dict[str, float]:
    """Where the axis of a row ends: with room for the numbers of bars that hang down."""
    low, high = min(0.0, float(values.min())), max(float(values.max()), 0.01)
    return {"low": low - 0.28 * (high - low) if low < 0 else 0.0, "high": high}
