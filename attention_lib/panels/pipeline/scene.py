"""The hero's picture.

A channel is one straight line from its map to its scaled map; hidden units stand between the lines
that the two layers draw. With more channels than rows fit, a sample of the maps is shown, each at
the height of its channel, and the bars close up on the same axis.
"""

from itertools import chain

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text

from attention_lib import marks, photos
from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, page, place
from attention_lib.panels import sources
from attention_lib.panels.pipeline.state import (
    FC1,
    FC2,
    GATE,
    MAPS,
    RELU,
    SCALE,
    SQUEEZE,
    STAGES,
    PipelineState,
)
from attention_lib.panels.pipeline.words import explain
from attention_lib.panels.words import number

HEIGHT = 568
MOST_ROWS = 16  # maps that fit below each other
MOST_NODES = 8  # hidden units that fit as circles
SAMPLED = 10  # maps shown where not all of them fit
MOST_LINES = 64  # lines drawn from one channel

# Where things stand on the page, in CSS pixels.
TOP, BOTTOM = 80, 476
RIGHT = 950
PHOTO_BOX = (12, 140)
INDEX, MAP = 178, 186
Z_BAR, Z_NUMBER = (250, 318), 350
FC1_FROM, NODES, FC2_TO = 356, (450, 518), 608
LOGIT, GATE_BAR, GATE_NUMBER = 644, (654, 722), 754
SCALED = 764
BORDERS = 1.5, 3
HEADINGS = (76, 206, 300, 450, 518, 620, 690, 787)


class PipelineScene(Scene):
    """Draws a PipelineState; `channel_at` says which channel's line passes a place."""

    def layout(self, state: PipelineState) -> tuple:
        return state.channels, state.reduction, state.photo, state.questions

    def build(self, figure: Figure, look: Look, state: PipelineState) -> list[Artist]:
        self._look = look
        self._channels, self._hidden = state.channels, state.hidden
        self._every = state.channels <= MOST_ROWS
        self._rows = state.channels if self._every else SAMPLED
        self._pitch = (BOTTOM - TOP) / self._rows
        self._side = min(self._pitch - 5, 46)
        self._small = SMALL if self._rows <= 12 else SMALL - 1
        paper = page(figure, look)
        left, right = PHOTO_BOX
        middle, half = (TOP + BOTTOM) / 2, (right - left) / 2
        picture = place(figure, left, middle - half, right - left, right - left)
        picture.imshow(photos.load_photo(state.photo, 224))
        picture.set_axis_off()
        title = photos.PHOTOS[state.photo].title
        caption = {"fontsize": SMALL, "color": look.quiet, "ha": "center"}
        paper.text((left + right) / 2, middle + half + 20, title, **caption)
        source = "hand-made weights" if state.questions else "seeded weights, nobody trained them"
        caption["va"] = "center_baseline"
        self._source = letter(paper, sum(NODES) / 2, BOTTOM + 15, source, **caption)
        moving = [self._source, *self._gate_scale(figure, paper)]
        moving += self._headings(paper, state) + self._lines(paper) + self._maps(paper)
        moving += self._bars(figure, paper, state) + self._units(figure, paper, state)
        self._title = letter(paper, PHOTO_BOX[0], 526, "", fontsize=TEXT + 1, weight="bold")
        self._title.set_color(look.accent)
        self._sentence = letter(paper, PHOTO_BOX[0], 551, "", fontsize=TEXT + 0.5, color=look.ink)
        return [*moving, self._title, self._sentence]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose line passes (x, y) on the page, if there is one."""
        if x < INDEX - 20 or not TOP <= y < BOTTOM:
            return None
        return int((y - TOP) / (BOTTOM - TOP) * self._channels)

    def update(self, state: PipelineState) -> str:
        shown = self._shown(state.channel)
        self._update_headings(state)
        self._update_maps(state, shown)
        self._update_bars(state, shown)
        self._update_lines(state)
        self._update_units(state)
        self._source.set_visible(state.stage >= FC1)
        for artist in self._scale:
            artist.set_visible(state.stage >= GATE)
        name = photos.channel_names(state.channels)[state.channel]
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

    def _gate_scale(self, figure: Figure, paper: Axes) -> list[Artist]:
        """The one scale of gate colours, under the gates."""
        left, right = GATE_BAR
        scale = place(figure, left, BOTTOM + 12, right - left, 6)
        colours = np.linspace(0, 1, 64)[None]
        image = scale.imshow(colours, cmap=self._look.gates, aspect="auto")
        scale.set_axis_off()
        style = {"fontsize": SMALL, "color": self._look.quiet, "va": "center_baseline"}
        closed = letter(paper, left - 6, BOTTOM + 15, "closed", ha="right", **style)
        opened = letter(paper, right + 6, BOTTOM + 15, "open", **style)
        self._scale = [image, closed, opened]
        return self._scale

    # -- places -----------------------------------------------------------------------------------

    def _channel_y(self, channel: np.ndarray | float) -> np.ndarray:
        return TOP + (np.asarray(channel) + 0.5) * (BOTTOM - TOP) / self._channels

    def _unit_y(self, unit: np.ndarray | float) -> np.ndarray:
        return TOP + (np.asarray(unit) + 0.5) * (BOTTOM - TOP) / self._hidden

    def _shown(self, chosen: int) -> list[int]:
        """One channel a row. A sample stands evenly around the chosen channel."""
        if self._every:
            return list(range(self._channels))
        step = -(-self._channels // self._rows)
        return list(range(chosen % step, self._channels, step))

    # -- headings ---------------------------------------------------------------------------------

    def _headings(self, paper: Axes, state: PipelineState) -> list[Artist]:
        height, width, channels = state.trace.feature_map.shape
        shapes = (
            f"{photos.SIDE} × {photos.SIDE} × 3",
            f"{height} × {width} × {channels}",
            f"{channels}",
            f"{channels} / {state.reduction} = {state.hidden}",
            f"{state.hidden}",
            f"{channels}",
            f"{channels} gates",
            f"{height} × {width} × {channels}",
        )
        style = {"ha": "center", "va": "baseline"}
        self._names = [
            letter(paper, x, 28, name, fontsize=TEXT, weight="bold", **style)
            for x, name in zip(HEADINGS, STAGES, strict=True)
        ]
        self._shapes = [
            letter(paper, x, 47, shape, fontsize=SMALL, **style)
            for x, shape in zip(HEADINGS, shapes, strict=True)
        ]
        return [*self._names, *self._shapes]

    def _update_headings(self, state: PipelineState) -> None:
        look = self._look
        for stage, (name, shape) in enumerate(zip(self._names, self._shapes, strict=True)):
            reached = stage <= state.stage
            ink = look.ink if reached else look.faint
            name.set_color(look.accent if stage == state.stage else ink)
            shape.set_color(look.quiet if reached else look.faint)

    # -- maps before and after --------------------------------------------------------------------

    def _maps(self, paper: Axes) -> list[Artist]:
        look, rows = self._look, range(self._rows)
        limits = paper.get_xlim(), paper.get_ylim()
        self._band = paper.add_patch(Rectangle((INDEX - 28, 0), 0, 0, zorder=0))
        self._band.set(facecolor=look.accent_wash, width=RIGHT - INDEX + 28)

        def column(images: int) -> list[Artist]:
            return [
                paper.imshow(
                    np.zeros((1, 1)),
                    cmap=look.maps,
                    vmin=0,
                    vmax=1,
                    interpolation="bilinear",
                    zorder=4,
                )
                for _ in range(images)
            ]

        def frames(border: float) -> list[Rectangle]:
            square = self._side + 2 * border
            made = [Rectangle((0, 0), square, square, linewidth=0, zorder=3) for _ in rows]
            return [paper.add_patch(frame) for frame in made]

        self._before, self._after = column(self._rows), column(self._rows)
        self._before_frames, self._after_frames = frames(BORDERS[0]), frames(BORDERS[1])
        style = {"fontsize": self._small, "va": "center_baseline"}
        self._indices = [letter(paper, INDEX, 0, "", ha="right", **style) for _ in rows]
        self._filters = [letter(paper, SCALED + self._side + 12, 0, "", **style) for _ in rows]
        paper.set(xlim=limits[0], ylim=limits[1], aspect="auto")  # imshow had narrowed them
        columns = (
            self._before_frames,
            self._after_frames,
            self._before,
            self._after,
            self._indices,
            self._filters,
        )
        self._map_rows = list(zip(*columns, strict=True))
        return [self._band, *chain.from_iterable(columns)]

    def _update_maps(self, state: PipelineState, shown: list[int]) -> None:
        look, trace, half = self._look, state.trace, self._side / 2
        names = photos.channel_names(state.channels)
        thick = max((BOTTOM - TOP) / self._channels, 3)
        self._band.set(y=float(self._channel_y(state.channel)) - thick / 2, height=thick)
        self._band.set_visible(state.stage >= MAPS)
        for row, artists in enumerate(self._map_rows):
            stages = (MAPS, SCALE, MAPS, SCALE, MAPS, MAPS)  # one an artist of the row
            for artist, stage in zip(artists, stages, strict=True):
                artist.set_visible(row < len(shown) and state.stage >= stage)
        for row, channel in enumerate(shown):
            y = float(self._channel_y(channel))
            chosen = channel == state.channel
            quiet, ink = (look.accent,) * 2 if chosen else (look.quiet, look.ink)
            for left, border, image, frame, maps, colour in (
                (
                    MAP,
                    BORDERS[0],
                    self._before[row],
                    self._before_frames[row],
                    trace.feature_map,
                    look.accent if chosen else look.faint,
                ),
                (
                    SCALED,
                    BORDERS[1],
                    self._after[row],
                    self._after_frames[row],
                    trace.scaled,
                    look.gates(trace.gates[channel]),
                ),
            ):
                image.set_data(maps[..., channel])
                image.set_extent((left, left + self._side, y + half, y - half))
                frame.set(xy=(left - border, y - half - border), facecolor=colour)
            self._indices[row].set(text=str(channel), y=y, color=quiet)
            self._filters[row].set(text=names[channel], y=y, color=ink)

    # -- bars and their numbers -------------------------------------------------------------------

    def _bars(self, figure: Figure, paper: Axes, state: PipelineState) -> list[Artist]:
        def bars(left: float, right: float, **options) -> marks.Bars:
            ax = place(figure, left, TOP, right - left, BOTTOM - TOP)
            ax.set_axis_off()
            return marks.Bars(ax, self._look, sideways=True, **options)

        self.z = bars(*Z_BAR, high=sources.z_top(state.trace.squeezed))
        self.gates = bars(*GATE_BAR, track=True)
        style = {"fontsize": self._small, "ha": "right", "va": "center_baseline"}
        self._numbers: list[list[Text]] = [
            [
                letter(paper, x, float(self._channel_y(channel)), "", **style)
                for channel in range(self._rows if self._every else 0)
            ]
            for x in (Z_NUMBER, LOGIT, GATE_NUMBER)
        ]
        return [self.z.artist, self.gates.artist, *chain.from_iterable(self._numbers)]

    def _update_bars(self, state: PipelineState, shown: list[int]) -> None:
        look, trace = self._look, state.trace
        colours = self._one_in_accent(state.channel, np.arange(state.channels))
        self.z.set(trace.squeezed, colours)
        self.gates.set(trace.gates, look.gates(trace.gates))
        self.z.artist.set_visible(state.stage >= SQUEEZE)
        self.gates.artist.set_visible(state.stage >= GATE)
        columns = (trace.squeezed, 2, SQUEEZE), (trace.logits, 1, FC2), (trace.gates, 2, GATE)
        for texts, (values, decimals, stage) in zip(self._numbers, columns, strict=True):
            for channel, text in enumerate(texts):
                ink = look.accent if channel == state.channel else look.ink
                text.set(text=number(values[channel], decimals), color=ink)
                text.set_visible(state.stage >= stage)

    def _one_in_accent(self, chosen: int, channels: np.ndarray, alpha: float = 1) -> np.ndarray:
        colours = np.tile(to_rgba(self._look.bar, alpha), (len(channels), 1))
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
        few = self._every and self._hidden <= MOST_NODES
        channels = np.arange(self._channels) if few else np.array([state.channel])
        units = np.linspace(0, self._hidden - 1, min(self._hidden, MOST_LINES)).round().astype(int)
        channel, unit = (grid.ravel() for grid in np.meshgrid(channels, units, indexing="ij"))
        heard = trace.squeezed[channel] * weights.reduce[channel, unit]
        answered = trace.hidden[unit] * weights.expand[unit, channel]
        y_channel, y_unit = self._channel_y(channel), self._unit_y(unit)
        self._draw_flow(FC1, state, channel, heard, (FC1_FROM, NODES[0]), (y_channel, y_unit))
        self._draw_flow(FC2, state, channel, answered, (NODES[1], FC2_TO), (y_unit, y_channel))

    def _draw_flow(self, layer, state, channel, flow, xs, ys) -> None:
        ends = [np.stack([np.full(len(flow), x), y], axis=-1) for x, y in zip(xs, ys, strict=True)]
        segments = np.stack(ends, axis=1)
        thickest = 5 if len(np.unique(channel)) > 1 else 2.5
        widths = 0.3 + thickest * np.abs(flow) / max(float(np.abs(flow).max()), 1e-9)
        colours = self._one_in_accent(state.channel, channel, alpha=0.6)
        on_top = np.argsort(channel == state.channel, kind="stable")
        solid, dashed = self._flows[0 if layer == FC1 else 1]
        for lines, mine in ((solid, flow >= 0), (dashed, flow < 0)):
            order = on_top[mine[on_top]]
            lines.set(segments=segments[order], linewidths=widths[order], colors=colours[order])
            lines.set_visible(state.stage >= layer)

    # -- hidden units -----------------------------------------------------------------------------

    def _units(self, figure: Figure, paper: Axes, state: PipelineState) -> list[Artist]:
        """Circles with their numbers, or bars where there are many: before ReLU and after."""
        look = self._look
        self._circles, self._values, self._bars_of_units = [], [], []
        if self._hidden > MOST_NODES:
            for x in NODES:
                ax = place(figure, x - 20, TOP, 40, BOTTOM - TOP)
                ax.set_axis_off()
                paper.add_patch(
                    Rectangle((x - 22, TOP), 44, BOTTOM - TOP, facecolor=look.background, zorder=2)
                )
                self._bars_of_units.append(marks.Bars(ax, look, low=-1, sideways=True))
            return [bars.artist for bars in self._bars_of_units]
        radius = min(20, (BOTTOM - TOP) / self._hidden / 2 - 4)
        style = {"ha": "center", "va": "center_baseline", "fontsize": SMALL, "zorder": 6}
        for x in NODES:
            for unit in range(self._hidden):
                y = float(self._unit_y(unit))
                circle = Circle((x, y), radius, facecolor=look.background, linewidth=1.4, zorder=5)
                self._circles.append(paper.add_patch(circle))
                self._values.append(letter(paper, x, y, "", **style))
        self._asked = [
            paper.text(
                sum(NODES) / 2,
                float(self._unit_y(unit)) - radius - 14,
                question,
                style="italic",
                color=look.ink,
                bbox={"facecolor": look.background, "edgecolor": "none", "pad": 1, "alpha": 0.8},
                **style,
            )
            for unit, question in enumerate(state.questions)
        ]
        return [*self._circles, *self._values, *self._asked]

    def _update_units(self, state: PipelineState) -> None:
        look, trace = self._look, state.trace
        columns = ((trace.reduced, FC1), (trace.hidden, RELU))
        for bars, (values, stage) in zip(self._bars_of_units, columns, strict=False):
            bars.set(values / max(float(np.abs(trace.reduced).max()), 1e-9), look.bar)
            bars.artist.set_visible(state.stage >= stage)
        if self._bars_of_units:
            return
        values = np.concatenate([trace.reduced, trace.hidden])
        stages = [FC1] * self._hidden + [RELU] * self._hidden
        for circle, text, value, stage in zip(
            self._circles, self._values, values, stages, strict=True
        ):
            silent = stage == RELU and value <= 0
            circle.set(edgecolor=look.faint if silent else look.ink)
            text.set(text=number(value), color=look.quiet if silent else look.ink)
            for artist in (circle, text):
                artist.set_visible(state.stage >= stage)
        for question in self._asked:
            question.set_visible(state.stage >= FC1)
