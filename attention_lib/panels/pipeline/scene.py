"""The hero's picture.

A channel is one straight line from its map to its scaled map; hidden units stand between the lines
that the two layers draw. With more channels than rows fit, a sample of the maps is shown, each at
the height of its channel, and the bars close up on the same axis.
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from attention_lib.examples import filters, photos
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import Lettering, letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.words import number
from attention_lib.panels.pipeline.state import (
    FC1,
    FC2,
    GATE,
    MAPS,
    MOST_ROWS,
    RELU,
    SAMPLED,
    SCALE,
    SQUEEZE,
    STAGES,
    PipelineState,
    explain,
)

HEIGHT = 568
MOST_NODES = 8  # hidden units that fit as circles
MOST_LINES = 64  # lines drawn from one channel

# Where things stand on the page, in CSS pixels.
TOP, BOTTOM = 80, 476
RIGHT = 950
PHOTO_BOX = (12, 214, 128)  # left, top, side
INDEX, MAP = 178, 186
Z_BAR, Z_NUMBER = (250, 318), 350
FC1_FROM, NODES, FC2_TO = 356, (450, 518), 608
LOGIT, GATE_BAR, GATE_NUMBER = 644, (654, 722), 754
SCALED = 764
MOST_SIDE, BORDERS = 46, (1.5, 3)  # of the maps, before and after
UNIT_BARS = 40
HEADINGS = (76, 206, 300, 450, 518, 620, 690, 787)


class PipelineScene(Scene):
    """Draws a PipelineState; `channel_at` says which channel's line passes a place.

    The static layer depends on nothing, so that another C costs no more than another channel.
    """

    def build(self, figure: Figure, look: Look, state: PipelineState) -> list[Artist]:
        self._look = look
        paper = page(figure, look)
        moving = self._photo(paper) + self._under(paper) + self._headings(paper)
        moving += self._lines(paper) + self._maps(paper) + self._bars(paper) + self._units(paper)
        bold = {"fontsize": TEXT + 1, "weight": "bold", "color": look.accent}
        self._title = letter(paper, PHOTO_BOX[0], 526, **bold)
        self._sentence = letter(paper, PHOTO_BOX[0], 551, fontsize=TEXT + 0.5, color=look.ink)
        return [*moving, self._title, self._sentence]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose line passes (x, y) on the page, if there is one."""
        if x < INDEX - 20 or not TOP <= y < BOTTOM:
            return None
        return int((y - TOP) / (BOTTOM - TOP) * self._channels)

    def update(self, state: PipelineState) -> str:
        self._channels, self._hidden = state.channels, state.hidden
        self._rows = state.channels if state.all_shown else SAMPLED
        self._update_photo(state)
        self._update_under(state)
        self._update_headings(state)
        self._update_maps(state)
        self._update_bars(state)
        self._update_lines(state)
        self._update_units(state)
        name = filters.channel_names(state.channel + 1)[-1]
        title = f"{STAGES[state.stage]} · channel {state.channel}, {name}"
        self._title.set_text(title if state.stage >= MAPS else STAGES[state.stage])
        sentence = explain(state)
        self._sentence.set_text(sentence)
        z, gate = state.trace.squeezed[state.channel], state.trace.gates[state.channel]
        return (
            f"Stage {state.stage + 1} of {len(STAGES)}, {STAGES[state.stage]}. "
            f"{photos.PHOTOS[state.photo].title}, C = {state.channels}, r = {state.reduction}. "
            f"Channel {state.channel}, {name}: z = {z:.3f}, gate = {gate:.3f}. {sentence}"
        )

    # -- places -----------------------------------------------------------------------------------

    def _channel_y(self, channel: np.ndarray | float) -> np.ndarray:
        return TOP + (np.asarray(channel) + 0.5) * (BOTTOM - TOP) / self._channels

    def _unit_y(self, unit: np.ndarray | float) -> np.ndarray:
        return TOP + (np.asarray(unit) + 0.5) * (BOTTOM - TOP) / self._hidden

    # -- photograph, and what stands under the rows -----------------------------------------------

    def _photo(self, paper: Axes) -> list[Artist]:
        left, top, side = PHOTO_BOX
        self._photo_shown = None
        self.photo = marks.Pictures(paper, left, top, side, smooth=True)
        style = {"fontsize": SMALL, "color": self._look.quiet, "ha": "center"}
        self._caption = letter(paper, left + side / 2, top + side + 20, **style)
        return [self.photo.artist, self._caption]

    def _update_photo(self, state: PipelineState) -> None:
        if state.photo != self._photo_shown:
            self._photo_shown = state.photo
            self.photo.set((255 * photos.load_photo(state.photo, 224)[None]).astype(np.uint8))
            self._caption.set_text(photos.PHOTOS[state.photo].title)

    def _under(self, paper: Axes) -> list[Artist]:
        """Where the weights come from, and the one scale of gate colours."""
        left, right = GATE_BAR
        style = {"fontsize": SMALL, "color": self._look.quiet, "va": "center_baseline"}
        y = BOTTOM + 15
        self._source = letter(paper, sum(NODES) / 2, y, ha="center", **style)
        scale = marks.Pixels(paper, (left, BOTTOM + 12, right - left, 6))
        colours = self._look.gates(np.linspace(0, 1, scale.columns))
        scale.set_rgba(np.tile((colours * 255).round().astype(np.uint8), (scale.rows, 1, 1)))
        closed = letter(paper, left - 6, y, "closed", ha="right", **style)
        opened = letter(paper, right + 6, y, "open", **style)
        self._scale = [scale, closed, opened]
        return [self._source, *self._scale]

    def _update_under(self, state: PipelineState) -> None:
        source = "hand-made weights" if state.questions else "seeded weights, nobody trained them"
        self._source.set(text=source, visible=state.stage >= FC1)
        for artist in self._scale:
            artist.set_visible(state.stage >= GATE)

    # -- headings ---------------------------------------------------------------------------------

    def _headings(self, paper: Axes) -> list[Artist]:
        style = {"ha": "center", "va": "baseline"}
        self._names = [
            letter(paper, x, 28, name, fontsize=TEXT, weight="bold", **style)
            for x, name in zip(HEADINGS, STAGES, strict=True)
        ]
        self._shapes = [letter(paper, x, 47, fontsize=SMALL, **style) for x in HEADINGS]
        return [*self._names, *self._shapes]

    def _update_headings(self, state: PipelineState) -> None:
        look, channels, hidden = self._look, state.channels, state.hidden
        height, width, _ = state.maps.shape
        shapes = (
            f"{photos.SIDE} × {photos.SIDE} × 3",
            f"{height} × {width} × {channels}",
            f"{channels}",
            f"{channels} / {state.reduction} = {hidden}",
            f"{hidden}",
            f"{channels}",
            f"{channels} gates",
            f"{height} × {width} × {channels}",
        )
        headings = zip(self._names, self._shapes, shapes, strict=True)
        for stage, (name, shape, words) in enumerate(headings):
            reached = stage <= state.stage
            ink = look.ink if reached else look.faint
            name.set_color(look.accent if stage == state.stage else ink)
            shape.set(text=words, color=look.quiet if reached else look.faint)

    # -- maps before and after --------------------------------------------------------------------

    def _maps(self, paper: Axes) -> list[Artist]:
        look = self._look
        self._band = paper.add_patch(Rectangle((INDEX - 28, 0), 0, 0, zorder=0))
        self._band.set(facecolor=look.accent_wash, width=RIGHT - INDEX + 28)
        self.before, self.after = (
            marks.Column(paper, left, TOP, BOTTOM, MOST_SIDE, border=border)
            for left, border in zip((MAP, SCALED), BORDERS, strict=True)
        )
        rows, middle = range(MOST_ROWS), {"fontsize": SMALL, "va": "center_baseline"}
        self._indices = [letter(paper, INDEX, 0, ha="right", **middle) for _ in rows]
        self._filters = [letter(paper, 0, 0, **middle) for _ in rows]
        columns = self.before.artist, self.after.artist
        return [self._band, *columns, *self._indices, *self._filters]

    def _update_maps(self, state: PipelineState) -> None:
        look, shown = self._look, np.array(state.shown)
        thick = max((BOTTOM - TOP) / state.channels, 3)
        self._band.set(y=float(self._channel_y(state.channel)) - thick / 2, height=thick)
        self._band.set_visible(state.stage >= MAPS)
        ys = self._channel_y(shown)
        side = min((BOTTOM - TOP) / self._rows - 5, MOST_SIDE)
        for column, maps, stage, borders in (
            (self.before, state.maps, MAPS, self._one_in_accent(state.channel, shown, look.faint)),
            (self.after, state.scaled, SCALE, look.gates(state.trace.gates[shown])),
        ):
            column.artist.set_visible(state.stage >= stage)
            if state.stage >= stage:
                column.set(marks.shades(maps, look.maps), ys, side, borders)
        names = filters.channel_names(state.channels)
        for row, texts in enumerate(zip(self._indices, self._filters, strict=True)):
            there = row < len(shown)
            for text in texts:
                text.set_visible(there and state.stage >= MAPS)
            if there:
                channel, (index, name) = shown[row], texts
                quiet, ink = look.quiet, look.ink
                if channel == state.channel:
                    quiet = ink = look.accent
                self._write(index, str(channel), ys[row], quiet)
                self._write(name, names[channel], ys[row], ink)
                name.set_x(SCALED + side + 12)

    def _write(self, text: Lettering, words: str, y: float, colour: str) -> None:
        """Put words into a row."""
        text.set(text=words, y=float(y), color=colour)

    # -- bars and their numbers -------------------------------------------------------------------

    def _bars(self, paper: Axes) -> list[Artist]:
        look, (z, gate) = self._look, (Z_BAR, GATE_BAR)
        z, gate = ((left, TOP, right - left, BOTTOM - TOP) for left, right in (z, gate))
        self.z = marks.Bars(paper, look, sideways=True, box=z)
        self.gates = marks.Bars(paper, look, sideways=True, track=True, box=gate)
        style = {"fontsize": SMALL, "ha": "right", "va": "center_baseline"}
        self._numbers = [
            [letter(paper, x, 0, **style) for _ in range(MOST_ROWS)]
            for x in (Z_NUMBER, LOGIT, GATE_NUMBER)
        ]
        numbers = [text for texts in self._numbers for text in texts]
        return [self.z.artist, self.gates.artist, *numbers]

    def _update_bars(self, state: PipelineState) -> None:
        look, trace, channels = self._look, state.trace, np.arange(state.channels)
        self.z.high = sources.z_top(trace.squeezed)
        self.z.set(trace.squeezed, self._one_in_accent(state.channel, channels, look.bar))
        self.gates.set(trace.gates, look.gates(trace.gates))
        self.z.artist.set_visible(state.stage >= SQUEEZE)
        self.gates.artist.set_visible(state.stage >= GATE)
        columns = (trace.squeezed, 2, SQUEEZE), (trace.logits, 1, FC2), (trace.gates, 2, GATE)
        numbered = state.channels if state.all_shown else 0
        ys = self._channel_y(channels)
        for texts, (values, decimals, stage) in zip(self._numbers, columns, strict=True):
            for channel, text in enumerate(texts):
                there = channel < numbered
                text.set_visible(there and state.stage >= stage)
                if there:
                    ink = look.accent if channel == state.channel else look.ink
                    self._write(text, number(values[channel], decimals), ys[channel], ink)

    def _one_in_accent(self, chosen: int, channels: np.ndarray, rest: str) -> np.ndarray:
        colours = np.tile(to_rgba(rest), (len(channels), 1))
        colours[channels == chosen] = to_rgba(self._look.accent)
        return colours

    # -- the two layers ---------------------------------------------------------------------------

    def _lines(self, paper: Axes) -> list[Artist]:
        """Two collections a layer: what adds, drawn solid, and what takes away, dashed."""
        self._flows = []
        for _ in (FC1, FC2):
            solid = LineCollection([], zorder=1, capstyle="butt")
            dashed = LineCollection([], zorder=1, linestyles=(0, (3, 2)))
            for lines in (solid, dashed):
                paper.add_collection(lines, autolim=False)
            self._flows.append((solid, dashed))
        return [lines for pair in self._flows for lines in pair]

    def _update_lines(self, state: PipelineState) -> None:
        """A line is as thick as what flows along it: a weight times what it weighs.

        Where the lines of all channels would be a tangle, those of the chosen one are drawn.
        """
        trace, weights = state.trace, state.weights
        few = state.all_shown and self._hidden <= MOST_NODES
        channels = np.arange(self._channels) if few else np.array([state.channel])
        units = np.linspace(0, self._hidden - 1, min(self._hidden, MOST_LINES)).round().astype(int)
        channel, unit = (grid.ravel() for grid in np.meshgrid(channels, units, indexing="ij"))
        heard = trace.squeezed[channel] * weights.reduce[channel, unit]
        answered = trace.hidden[unit] * weights.expand[unit, channel]
        y_channel, y_unit = self._channel_y(channel), self._unit_y(unit)
        self._draw_flow(FC1, state, channel, heard, (FC1_FROM, NODES[0]), (y_channel, y_unit))
        self._draw_flow(FC2, state, channel, answered, (NODES[1], FC2_TO), (y_unit, y_channel))

    def _draw_flow(self, layer, state, channel, flow, xs, ys) -> None:
        look = self._look
        ends = [np.stack([np.full(len(flow), x), y], axis=-1) for x, y in zip(xs, ys, strict=True)]
        segments = np.stack(ends, axis=1)
        thickest = 5 if len(np.unique(channel)) > 1 else 2.5
        widths = 0.3 + thickest * np.abs(flow) / max(float(np.abs(flow).max()), 1e-9)
        colours = self._one_in_accent(state.channel, channel, look.bar)
        colours[channel != state.channel, 3] = 0.6
        on_top = np.argsort(channel == state.channel, kind="stable")
        solid, dashed = self._flows[0 if layer == FC1 else 1]
        for lines, mine in ((solid, flow >= 0), (dashed, flow < 0)):
            order = on_top[mine[on_top]]
            lines.set(segments=segments[order], linewidths=widths[order], colors=colours[order])
            lines.set_visible(state.stage >= layer)

    # -- hidden units -----------------------------------------------------------------------------

    def _units(self, paper: Axes) -> list[Artist]:
        """Circles with their numbers, or bars where there are many: before ReLU and after."""
        look = self._look
        boxes = [(x - UNIT_BARS / 2, TOP, UNIT_BARS, BOTTOM - TOP) for x in NODES]
        self._bars_of_units = [
            marks.Bars(paper, look, low=-1, sideways=True, box=box) for box in boxes
        ]
        circle = {"facecolor": look.background, "linewidth": 1.4, "zorder": 5}
        middle = {"ha": "center", "va": "center_baseline", "fontsize": SMALL}
        self._circles, self._values = (
            [[make(x) for _ in range(MOST_NODES)] for x in NODES]
            for make in (
                lambda x: paper.add_patch(Circle((x, 0), **circle)),
                lambda x: letter(paper, x, 0, zorder=6, **middle),
            )
        )
        asked = {"style": "italic", "color": look.ink, "plate": look.background, "zorder": 6}
        self._asked = [
            letter(paper, sum(NODES) / 2, 0, **asked, **middle) for _ in range(MOST_NODES)
        ]
        drawn = [artist for column in self._circles + self._values for artist in column]
        return [*(bars.artist for bars in self._bars_of_units), *drawn, *self._asked]

    def _update_units(self, state: PipelineState) -> None:
        trace, few = state.trace, self._hidden <= MOST_NODES
        most = max(float(np.abs(trace.reduced).max()), 1e-9)
        for column, (values, stage) in enumerate(((trace.reduced, FC1), (trace.hidden, RELU))):
            bars = self._bars_of_units[column]
            bars.artist.set_visible(not few and state.stage >= stage)
            bars.set(values / most, self._look.bar)
            self._update_circles(column, values if few else values[:0], state.stage, stage)
        y = self._unit_y(np.arange(MOST_NODES)) - self._radius - 14
        for unit, text in enumerate(self._asked):
            there = unit < len(state.questions)
            text.set_visible(there and state.stage >= FC1)
            if there:
                text.set(text=state.questions[unit], y=float(y[unit]))

    @property
    def _radius(self) -> float:
        return min(20, (BOTTOM - TOP) / self._hidden / 2 - 4)

    def _update_circles(self, column: int, values: np.ndarray, stage: int, first: int) -> None:
        look = self._look
        rows = zip(self._circles[column], self._values[column], strict=True)
        for unit, (circle, text) in enumerate(rows):
            there = unit < len(values)
            for artist in (circle, text):
                artist.set_visible(there and stage >= first)
            if there:
                y = float(self._unit_y(unit))
                silent = first == RELU and values[unit] <= 0
                circle.set(radius=self._radius, edgecolor=look.faint if silent else look.ink)
                circle.set_center((circle.get_center()[0], y))
                text.set(text=number(values[unit]), y=y)
                text.set_color(look.quiet if silent else look.ink)
