"""The scale panel: every map times its own gate, set by SE or by hand on a mixing desk."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib.examples import filters, photos
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.kit.faders import FADERS
from attention_lib.panels.kit.panel import WIDTH
from attention_lib.panels.scale.state import ScaleState, brightness, comment, explain, paint

HEIGHT = 548


# Where things stand on the page, in CSS pixels.
LEFT = 14


MOST_NAMES = 8  # that fit side by side


COLUMNS = 48  # where the first channel's column begins; the last one ends with the page


NAMES, BEFORE, BARS, GATES, AFTER = 16, 26, (84, 40), 141, 154


THUMBNAIL = 48


BORDER = 3


BIG, SIDE = 262, 200


BIG_LEFTS = (14, 270, 518, 746)


class ScaleScene(Scene):
    """Draws a ScaleState: a channel is a column, its map above its gate above its scaled map.

    The static layer depends on nothing, so that another C costs little more than another gate.
    """

    def build(self, figure: Figure, look: Look, state: ScaleState) -> list[Artist]:
        self._look, self._arranged = look, None
        self._page = page(figure, look)
        return [*self._columns(), *self._pairs(), *self._words()]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose column stands at (x, y) on the page, if there is one."""
        if x < COLUMNS or y > AFTER + THUMBNAIL + 8:
            return None
        return min(int((x - COLUMNS) / self._pitch), self._channels - 1)

    def update(self, state: ScaleState) -> str:
        if (state.photo, state.channels) != self._arranged:
            self._arrange(state)
        self._update_columns(state)
        self._update_pairs(state)
        channel = state.channel
        name = filters.channel_names(state.channels)[channel]
        self._title.set_text(f"map {channel}, {name}")
        sentence, remark = explain(state), comment(state)
        self._sentence.set_text(sentence)
        self._remark.set_text(remark)
        gates = ", ".join(f"{gate:.2f}" for gate in state.gates)
        return (
            f"{photos.PHOTOS[state.photo].title}, {state.channels} channels, gates "
            f"{'set by hand' if state.by_hand else 'of SE'}: {gates}. "
            f"Channel {channel}, {name}: {sentence} {remark}"
        )

    def _arrange(self, state: ScaleState) -> None:
        """Set what no gate changes: where the columns stand, and the maps before their gates."""
        self._arranged, self._channels = (state.photo, state.channels), state.channels
        self._pitch = (WIDTH - COLUMNS) / state.channels
        self._light = paint(state.channels)
        brightest = (state.feature_map @ self._light).max(axis=-1)
        self._exposure = 1 / max(float(np.quantile(brightest, 0.95)), 1e-6)
        self._band.set_width(min(self._pitch, 120))
        names = filters.channel_names(state.channels)
        if len(names) > MOST_NAMES:
            names = [str(c) for c in range(len(names))]
        for c in range(FADERS):
            self._names[c].set(text=names[c] if c < len(names) else "", x=self._x(c))
            self._numbers[c].set(text="", x=self._x(c))
        for row in (self._before, self.after):
            row.place(self._x(0) - THUMBNAIL / 2, self._pitch, state.channels)
        self._before.set(marks.shades(state.feature_map, self._look.maps))
        self._tracks.set_verts(self._bar_shapes(np.ones(state.channels)))
        self.pictures[2].set(self._together(state.feature_map))

    # -- a column for each channel ----------------------------------------------------------------

    def _x(self, channel: int) -> float:
        """The middle of a channel's column."""
        return COLUMNS + (channel + 0.5) * self._pitch

    def _columns(self) -> list[Artist]:
        look = self._look
        quiet = {"fontsize": SMALL, "color": look.quiet, "va": "center_baseline"}
        for y, text in (
            (BEFORE + THUMBNAIL / 2, "map"),
            (BARS[0] + BARS[1] / 2, "gate"),
            (AFTER + THUMBNAIL / 2, "scaled"),
        ):
            letter(self._page, 6, y, text, **quiet)
        self._band = self._page.add_patch(Rectangle((0, 4), 0, AFTER + THUMBNAIL + 4, zorder=0))
        self._band.set_facecolor(look.accent_wash)
        centred = {"fontsize": SMALL, "ha": "center", "va": "baseline"}
        self._names, self._numbers = (
            [letter(self._page, 0, y, **centred) for _ in range(FADERS)] for y in (NAMES, GATES)
        )
        self._before, self.after = (
            marks.Pictures(self._page, 0, top, THUMBNAIL, border=BORDER) for top in (BEFORE, AFTER)
        )
        self._tracks, self._bars = (
            self._page.add_collection(PolyCollection([], zorder=zorder), autolim=False)
            for zorder in (1, 2)
        )
        self._tracks.set_facecolor(look.track)
        return [
            self._band,
            *self._names,
            *self._numbers,
            self._before.artist,
            self._tracks,
            self._bars,
            self.after.artist,
        ]

    def _bar_shapes(self, gates: np.ndarray) -> np.ndarray:
        """(C, 4, 2) corners of bars that grow upwards."""
        top, height = BARS
        left = self._x(0) + np.arange(len(gates)) * self._pitch - THUMBNAIL / 2
        xs = left[:, None] + np.array([0, THUMBNAIL, THUMBNAIL, 0])
        ys = top + height * (1 - gates[:, None] * np.array([0, 0, 1, 1]))
        return np.stack([xs, ys], axis=-1)

    def _update_columns(self, state: ScaleState) -> None:
        look, colours = self._look, self._look.gates(state.gates)
        self._band.set_x(self._x(state.channel) - self._band.get_width() / 2)
        self._bars.set(verts=self._bar_shapes(state.gates), facecolor=colours)
        self.after.set(marks.shades(state.scaled, look.maps), colours)
        for c, gate in enumerate(state.gates):
            chosen = c == state.channel
            self._names[c].set_color(look.accent if chosen else look.quiet)
            ink = look.accent if chosen else look.ink
            self._numbers[c].set(text=f"× {gate:.2f}", color=ink)

    # -- the chosen map, and all maps together ----------------------------------------------------

    def _pairs(self) -> list[Artist]:
        look, (left, middle, right, last) = self._look, BIG_LEFTS
        bold = {"fontsize": TEXT, "weight": "bold"}
        plain = {"fontsize": SMALL, "color": look.quiet}
        self._title = letter(self._page, left, BIG - 16, color=look.accent, **bold)
        heading = "all maps added up, colour maps in their colour"
        letter(self._page, right, BIG - 16, heading, color=look.ink, **bold)
        self.pictures = [
            marks.Pictures(self._page, x, BIG, SIDE, border=0 if x != middle else BORDER)
            for x in BIG_LEFTS
        ]
        under = BIG + SIDE + 18
        for x in (left, right):
            letter(self._page, x, under, "before", **plain)
        for x in (middle, last):
            letter(self._page, x, under, "after", **plain)
        self._factor = letter(
            self._page, (left + SIDE + middle - BORDER) / 2, BIG + SIDE / 2 + 5, ha="center", **bold
        )
        self._factor.set_color(look.accent)
        arrow = {"fontsize": 16, "color": look.quiet, "ha": "center"}
        letter(self._page, (right + SIDE + last) / 2, BIG + SIDE / 2 + 5, "→", **arrow)
        self._share = letter(self._page, last + SIDE, under, ha="right", **plain)
        return [self._title, self._factor, self._share, *(mark.artist for mark in self.pictures)]

    def _together(self, maps: np.ndarray) -> np.ndarray:
        """All maps added up as one picture, exposed as the ungated ones need it."""
        light = np.clip(maps @ self._light * self._exposure, 0, 1)
        return (light[None] * 255).round().astype(np.uint8)

    def _update_pairs(self, state: ScaleState) -> None:
        chosen = np.stack(
            [maps[..., state.channel] for maps in (state.feature_map, state.scaled)], axis=-1
        )
        before, after = marks.shades(chosen, self._look.maps)
        border = self._look.gates(state.gates[[state.channel]])
        self.pictures[0].set(before[None])
        self.pictures[1].set(after[None], border)
        self.pictures[3].set(self._together(state.scaled))
        self._factor.set_text(f"× {state.gates[state.channel]:.2f}")
        self._share.set_text(f"{100 * brightness(state):.0f} % of the light")

    def _words(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5, "color": self._look.ink}
        self._sentence = letter(self._page, LEFT, HEIGHT - 34, **plain)
        self._remark = letter(self._page, LEFT, HEIGHT - 10, **plain)
        return [self._sentence, self._remark]
