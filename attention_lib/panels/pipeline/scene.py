"""The pipeline's picture: a channel is one straight line from its map to its scaled map.

Hidden units stand between the lines that the two layers draw. With more channels than rows fit, a
sample of the maps is shown, each in a row of its own, and the bars close up.
"""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from attention_lib._words import number
from attention_lib.examples import filters, photos
from attention_lib.figures import marks
from attention_lib.figures.text import Lettering
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import GateScale, Image, Page, PageScene
from attention_lib.panels.pipeline.state import (
    FC1,
    FC2,
    GATE,
    MAPS,
    MOST_ROWS,
    RELU,
    SCALE,
    SQUEEZE,
    STAGES,
    PipelineState,
    describe,
    explain,
    largest_flows,
    result,
    shapes,
)

HEIGHT = 484
MOST_NODES = 8  # hidden units that fit as circles

TOP, BOTTOM = 54, 430  # of the rows
HEADINGS = (10, 136, 312, 410, 528, 592, 692, 796, 950)  # where the stages begin, and the last ends
PHOTO = (12, 188, 108)  # left, top, side
NAME, INDEX, MAP = 236, 256, 266
Z_BAR, Z_NUMBER = (322, 362), 400
FC1_FROM, NODES, FC2_TO = 406, (498, 560), 646
LOGIT, GATE_BAR, GATE_NUMBER = 686, (696, 756), 792
SCALED = 803
RESULT, RESULT_TOPS, RESULT_SIDE = 858, (150, 272), 92
MOST_SIDE, BORDERS = 42, (1, 3)  # of the maps, before and after
UNIT_BARS = 40


class PipelineScene(PageScene):
    """Draws a PipelineState; what a stage has not reached yet is not there."""

    def draw(self, page: Page, state: PipelineState) -> None:
        self._draw_headings(page)
        self._draw_photo(page)
        self._draw_lines(page)
        self._draw_maps(page)
        self._draw_bars(page)
        self._draw_units(page)
        self._draw_result(page)
        self._draw_legend(page)
        self._title = page.words(12, HEIGHT - 10, style="chosen")
        self._sentence = page.words(0, HEIGHT - 10)

    def update(self, state: PipelineState) -> str:
        self._channels, self._hidden, self._shown = state.channels, state.hidden, state.shown
        self._update_headings(state)
        self._update_photo(state)
        self._update_lines(state)
        self._update_maps(state)
        self._update_bars(state)
        self._update_units(state)
        self._update_result(state)
        self._update_legend(state)
        self._title.set_text(explain(state)[0])
        self._sentence.set(text=explain(state)[1], x=self._title.end + 12)
        return describe(state)

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose map stands at (x, y), or whose line passes there, if there is one."""
        if not (PHOTO[0] + PHOTO[2] < x < RESULT - 8 and TOP <= y < BOTTOM):
            return None
        between = Z_BAR[0] <= x < SCALED - BORDERS[1]
        channels = range(self._channels) if between else self._shown
        return channels[int((y - TOP) / (BOTTOM - TOP) * len(channels))]

    def stage_at(self, x: float, y: float) -> int | None:
        """The stage, from 1, whose heading stands at (x, y), if there is one."""
        if y >= TOP or not HEADINGS[0] <= x < HEADINGS[-1]:
            return None
        return int(np.searchsorted(HEADINGS, x, side="right"))

    def _channel_y(self, channel: np.ndarray | float) -> np.ndarray:
        return TOP + (np.asarray(channel) + 0.5) * (BOTTOM - TOP) / self._channels

    def _unit_y(self, unit: np.ndarray | float) -> np.ndarray:
        return TOP + (np.asarray(unit) + 0.5) * (BOTTOM - TOP) / self._hidden

    def _inks(self, state: PipelineState, channels: np.ndarray, rest: str) -> np.ndarray:
        """(n, 4) colours: the chosen channel has the accent, the others are alike."""
        inks = np.tile(to_rgba(rest), (len(channels), 1))
        inks[channels == state.channel] = to_rgba(self.look.accent)
        return inks

    # -- the headings are the stages: a click goes there ------------------------------------------

    def _draw_headings(self, page: Page) -> None:
        look = page.look
        self._here = page.block((0, 5, 0, 25), look.accent, zorder=0)
        ends = HEADINGS[0], HEADINGS[-1]
        for y in (5, 30):
            page.line(ends, (y, y))
        for x in HEADINGS:
            page.line((x, x), (5, 30))
        middles = [sum(sides) / 2 for sides in pairwise(HEADINGS)]
        self._names = [
            page.words(x, 22, name, "heading", ha="center")
            for x, name in zip(middles, STAGES, strict=True)
        ]
        self._shapes = [page.words(x, 46, style="note", ha="center") for x in middles]

    def _update_headings(self, state: PipelineState) -> None:
        look = self.look
        left, right = HEADINGS[state.stage : state.stage + 2]
        self._here.set(x=left, width=right - left)
        for stage, (name, shape, words) in enumerate(
            zip(self._names, self._shapes, shapes(state), strict=True)
        ):
            reached = look.ink if stage <= state.stage else look.faint
            name.set_color(look.background if stage == state.stage else reached)
            shape.set(text=words, color=look.quiet if stage <= state.stage else look.faint)

    # -- the photograph ---------------------------------------------------------------------------

    def _draw_photo(self, page: Page) -> None:
        left, top, side = PHOTO
        self._photo, self._photo_shown = Image(page, left, top, side, smooth=True), None
        self._caption = page.words(left + side / 2, top + side + 18, style="note", ha="center")

    def _update_photo(self, state: PipelineState) -> None:
        if state.photo != self._photo_shown:
            self._photo_shown = state.photo
            self._photo.set(photos.load_photo(state.photo, 2 * photos.SIDE))
            self._caption.set_text(photos.PHOTOS[state.photo].title)

    # -- the two layers: what flows along a line is a weight times what it weighs -----------------

    def _draw_lines(self, page: Page) -> None:
        self._flows = [
            page.add(page.axes.add_collection(LineCollection([], zorder=1), autolim=False))
            for _ in (FC1, FC2)
        ]
        self._more = page.words(568, BOTTOM + 20, style="note")

    def _update_lines(self, state: PipelineState) -> None:
        """Lines as thick as what flows: of all channels where they are few, else of the chosen."""
        channel, unit, into, out, more = largest_flows(state, few=self._few(state))
        channel_y, unit_y = self._channel_y(channel), self._unit_y(unit)
        self._draw_flow(FC1, state, channel, into, (FC1_FROM, NODES[0]), (channel_y, unit_y))
        self._draw_flow(FC2, state, channel, out, (NODES[1], FC2_TO), (unit_y, channel_y))
        self._more.set(
            text=say("+{more} more", more=more) if more else "", visible=state.stage >= FC1
        )

    def _few(self, state: PipelineState) -> bool:
        return state.all_shown and state.hidden <= MOST_NODES

    def _draw_flow(self, layer, state, channel, flow, xs, ys) -> None:
        lines, look = self._flows[0 if layer == FC1 else 1], self.look
        ends = [np.stack([np.full(len(flow), x), y], axis=-1) for x, y in zip(xs, ys, strict=True)]
        size = np.abs(flow) / max(float(np.abs(flow).max(initial=0)), 1e-9)
        colours = np.where(flow[:, None] >= 0, to_rgba(look.adds), to_rgba(look.takes))
        mine = channel == state.channel
        colours[~mine, 3] = 0.4
        order = np.argsort(mine, kind="stable")  # the chosen one's on top
        lines.set(
            segments=np.stack(ends, axis=1)[order],
            linewidths=np.where(size > 0, 0.4 + 5.6 * size, 0)[order],
            colors=colours[order],
            visible=state.stage >= layer,
        )

    # -- maps before and after --------------------------------------------------------------------

    def _draw_maps(self, page: Page) -> None:
        left = PHOTO[0] + PHOTO[2] + 4
        self._band = page.block((left, 0, RESULT - 6 - left, 0), page.look.accent_wash, zorder=0)
        self.before, self.after = (
            marks.Column(page.axes, x, TOP, BOTTOM, MOST_SIDE, border=border)
            for x, border in zip((MAP, SCALED), BORDERS, strict=True)
        )
        page.add(self.before.artist)
        page.add(self.after.artist)
        right = {"ha": "right", "va": "center_baseline"}
        rows = range(MOST_ROWS)
        self._filters = [page.words(NAME, 0, style="number", **right) for _ in rows]
        self._indices = [page.words(INDEX, 0, style="number", **right) for _ in rows]

    def _update_maps(self, state: PipelineState) -> None:
        look, shown = self.look, np.array(state.shown)
        thick = max((BOTTOM - TOP) / state.channels, 3)
        self._band.set(y=float(self._channel_y(state.channel)) - thick / 2, height=thick)
        self._band.set_visible(state.stage >= MAPS)
        pitch = (BOTTOM - TOP) / len(shown)
        ys, side = TOP + (np.arange(len(shown)) + 0.5) * pitch, min(pitch - 6, MOST_SIDE)
        for column, maps, stage, borders in (
            (self.before, state.maps, MAPS, self._inks(state, shown, look.faint)),
            (self.after, state.scaled, SCALE, look.gates(state.trace.gates[shown])),
        ):
            column.artist.set_visible(state.stage >= stage)
            if state.stage >= stage:
                column.set(marks.shades(maps, look.maps), ys, side, borders)
        named = filters.short_names(state.channels)[: len(filters.NAMED_FILTERS)]
        names = [*named, *[""] * (state.channels - len(named))]
        there = state.stage >= MAPS
        self._write(self._indices, [str(c) for c in shown], ys, shown, state, there)
        self._write(self._filters, [names[c] for c in shown], ys, shown, state, there)

    def _write(
        self,
        texts: list[Lettering],
        words: list[str],
        ys: np.ndarray,
        channels: np.ndarray,
        state: PipelineState,
        visible: bool,
    ) -> None:
        """Put words into the rows of some channels."""
        for row, text in enumerate(texts):
            text.set_visible(visible and row < len(words))
            if row < len(words):
                chosen = channels[row] == state.channel
                ink = self.look.accent if chosen else self.look.ink
                text.set(text=words[row], y=float(ys[row]), color=ink)

    # -- bars and their numbers -------------------------------------------------------------------

    def _draw_bars(self, page: Page) -> None:
        boxes = [(left, TOP, right - left, BOTTOM - TOP) for left, right in (Z_BAR, GATE_BAR)]
        self.z = marks.Bars(page.axes, page.look, sideways=True, box=boxes[0])
        self.gates = marks.Bars(page.axes, page.look, sideways=True, track=True, box=boxes[1])
        page.add(self.z.artist)
        page.add(self.gates.artist)
        right = {"ha": "right", "va": "center_baseline"}
        self._numbers = [
            [page.words(x, 0, style="number", **right) for _ in range(MOST_ROWS)]
            for x in (Z_NUMBER, LOGIT, GATE_NUMBER)
        ]

    def _update_bars(self, state: PipelineState) -> None:
        look, trace, channels = self.look, state.trace, np.arange(state.channels)
        self.z.high = sources.z_top(trace.squeezed)
        self.z.set(trace.squeezed, self._inks(state, channels, look.bar))
        self.gates.set(trace.gates, look.gates(trace.gates))
        self.z.artist.set_visible(state.stage >= SQUEEZE)
        self.gates.artist.set_visible(state.stage >= GATE)
        numbered = channels if state.all_shown else channels[:0]
        ys = self._channel_y(numbered)
        columns = (trace.squeezed, 2, SQUEEZE), (trace.logits, 1, FC2), (trace.gates, 2, GATE)
        for texts, (values, decimals, stage) in zip(self._numbers, columns, strict=True):
            words = [number(values[c], decimals) for c in numbered]
            self._write(texts, words, ys, numbered, state, state.stage >= stage)

    # -- hidden units: circles with their numbers, or bars where there are many -------------------

    def _draw_units(self, page: Page) -> None:
        look = page.look
        boxes = [(x - UNIT_BARS / 2, TOP, UNIT_BARS, BOTTOM - TOP) for x in NODES]
        self._unit_bars = [
            marks.Bars(page.axes, look, low=-1, sideways=True, box=box) for box in boxes
        ]
        for bars in self._unit_bars:
            page.add(bars.artist)
        circle = {"facecolor": look.background, "linewidth": 1.4, "zorder": 5}
        middle = {"ha": "center", "va": "center_baseline", "zorder": 6}
        self._circles = [
            [page.add(page.axes.add_artist(Circle((x, 0), **circle))) for _ in range(MOST_NODES)]
            for x in NODES
        ]
        self._values = [
            [page.words(x, 0, style="number", **middle) for _ in range(MOST_NODES)] for x in NODES
        ]
        asked = middle | {"fontstyle": "italic", "plate": look.background}
        self._asked = [
            page.words(sum(NODES) / 2, 0, style="number", **asked) for _ in range(MOST_NODES)
        ]

    def _update_units(self, state: PipelineState) -> None:
        trace, few = state.trace, self._hidden <= MOST_NODES
        most = max(float(np.abs(trace.reduced).max()), 1e-9)
        for column, (values, stage) in enumerate(((trace.reduced, FC1), (trace.hidden, RELU))):
            bars = self._unit_bars[column]
            bars.artist.set_visible(not few and state.stage >= stage)
            bars.set(values / most, self.look.bar)
            self._update_circles(column, values if few else values[:0], state.stage, stage)
        for unit, text in enumerate(self._asked):
            there = unit < len(state.questions)
            text.set_visible(there and state.stage >= FC1)
            if there:
                text.set_text(state.questions[unit])
                text.set_y(float(self._unit_y(unit)) - self._radius - 13)

    @property
    def _radius(self) -> float:
        return min(20, (BOTTOM - TOP) / self._hidden / 2 - 4)

    def _update_circles(self, column: int, values: np.ndarray, stage: int, first: int) -> None:
        look = self.look
        rows = zip(self._circles[column], self._values[column], strict=True)
        for unit, (circle, text) in enumerate(rows):
            there = unit < len(values)
            for artist in (circle, text):
                artist.set_visible(there and stage >= first)
            if there:
                y = float(self._unit_y(unit))
                inactive = first == RELU and values[unit] <= 0
                circle.set(radius=self._radius, edgecolor=look.faint if inactive else look.ink)
                circle.set_center((circle.get_center()[0], y))
                ink = look.quiet if inactive else look.ink
                text.set(text=number(values[unit]), y=y, color=ink)

    # -- what comes of it all ---------------------------------------------------------------------

    def _draw_result(self, page: Page) -> None:
        self._results = [Image(page, RESULT, top, RESULT_SIDE, style="note") for top in RESULT_TOPS]
        below = RESULT_TOPS[1] + RESULT_SIDE + 17
        self._left = page.words(RESULT + RESULT_SIDE / 2, below, style="number", ha="center")

    def _update_result(self, state: PipelineState) -> None:
        titles, pictures, left = result(state)
        for image, title, picture in zip(self._results, titles, pictures, strict=True):
            image.title.set_text(title)
            image.set(picture)
        self._left.set_text(left)
        for image in self._results:
            image.set_visible(state.stage >= SCALE)
        self._left.set_visible(state.stage >= SCALE)

    # -- what the colours mean, and where the weights come from -----------------------------------

    def _draw_legend(self, page: Page) -> None:
        y = BOTTOM + 20
        self._legend = []
        for x, colour, word in (
            (380, page.look.adds, say("adds")),
            (452, page.look.takes, say("takes away")),
        ):
            self._legend.append(page.block((x, y - 6, 22, 4), colour))
            self._legend.append(page.words(x + 28, y, word, "note"))
        self._source = page.words(12, y, style="note")
        self._scale = GateScale(page, 720, y - 10, 56)

    def _update_legend(self, state: PipelineState) -> None:
        source = (
            say("weights made by hand")
            if state.questions
            else say("weights from a seed, not trained")
        )
        self._source.set(text=source, visible=state.stage >= FC1)
        for artist in self._legend:
            artist.set_visible(state.stage >= FC1)
        self._scale.set_visible(state.stage >= GATE)
