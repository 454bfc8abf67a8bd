"""The kernel size panel: how many neighbours a channel listens to, for any C, gamma and b."""

import math

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from attention_lib import costs
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, dress, page, place
from attention_lib.panels.kernel_size.state import (
    MOST_CHANNELS,
    KernelSizeState,
    before_cut,
    beside,
    count,
    explain,
    meets_zeros,
    tell_window,
)
from attention_lib.panels.kit.parts import first_shown
from attention_lib.steps.eca import KernelChoice

HEIGHT = 520


TOP_KERNEL = 13


PAPER_REDUCTION = 16  # of SE, for comparison


# Where things stand on the page, in CSS pixels.
STAIRS = (56, 50, 560, 222)  # left, top, width, height


ASIDE = 676


RULER_Y, RULER_STEP, RULER_TICKS = 150, 38, 7


FORMULA_Y = 340


ROW_Y, ROW_HEIGHT, CELL, CELLS = 400, 30, 37, 23


ROW_X = (960 - CELLS * CELL) / 2


GATE_Y = 476


class KernelSizeScene(Scene):
    """Draws a KernelSizeState; nothing in the static layer depends on it."""

    def build(self, figure: Figure, look: Look, state: KernelSizeState) -> list[Artist]:
        self._look = look
        paper = page(figure, look)
        moving = self._stairs(figure, paper) + self._ruler(paper) + self._row(paper)
        self.formula = letter(paper, 480, FORMULA_Y, fontsize=14.5, ha="center", color=look.ink)
        return [*moving, self.formula]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose cell covers (x, y) on the page, if there is one."""
        place, channels = int((x - ROW_X) // CELL), self._channels
        channel = self._first + place
        on_row = ROW_Y <= y < ROW_Y + ROW_HEIGHT and 0 <= place < CELLS
        return channel if on_row and 0 <= channel < channels else None

    def update(self, state: KernelSizeState) -> str:
        self._update_stairs(state)
        self._update_ruler(state.choice)
        self._update_row(state)
        self.formula.set_text(explain(state.choice))
        words = [self.formula, self.heard, self.wide, *self.notes]
        return ". ".join(text for line in words if (text := line.get_text())) + "."

    # -- the staircase ----------------------------------------------------------------------------

    def _stairs(self, figure: Figure, paper: Axes) -> list[Artist]:
        look = self._look
        right = STAIRS[0] + STAIRS[2]
        title = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        paper.text(14, 26, "kernel size k, for every number of channels C", **title)
        ax = dress(place(figure, *STAIRS), look)
        octaves = range(int(math.log2(MOST_CHANNELS)) + 1)
        ax.set(xlim=(-0.15, octaves[-1] + 0.15), ylim=(0, TOP_KERNEL + 1))
        ax.set_xticks(octaves, [str(2**octave) for octave in octaves])
        ax.set_yticks(range(1, TOP_KERNEL + 1, 2))
        ax.grid(axis="y", color=look.track, linewidth=1)
        ax.set_axisbelow(True)
        ax.set_xlabel("C, channels", labelpad=2)
        thin = {"color": look.quiet, "linewidth": 1.1}
        bold = {"color": look.ink, "linewidth": 2.6, "solid_joinstyle": "miter"}
        for x, style, name in ((right - 206, bold, "k"), (right - 152, thin, "t, before the cut")):
            paper.add_line(Line2D([x, x + 24], [22, 22], **style))
            paper.text(x + 31, 26, name, fontsize=SMALL, color=look.ink)
        (self.t_line,) = ax.plot([], [], zorder=2, **thin)
        (self.stairs,) = ax.plot([], [], drawstyle="steps-post", zorder=3, **bold)
        (self._drop,) = ax.plot([], [], color=look.accent, linewidth=1, zorder=2.5)
        (self.here_t,) = ax.plot([], [], "o", markersize=6, color=look.accent, zorder=4)
        self.here_t.set(markerfacecolor=look.background, markeredgewidth=1.5)
        (self.here,) = ax.plot([], [], "o", markersize=11, color=look.accent, zorder=5)
        return [self.t_line, self.stairs, self._drop, self.here_t, self.here]

    def _update_stairs(self, state: KernelSizeState) -> None:
        choice = state.choice
        octaves = [step.log2_channels for step in state.stairs]
        self.stairs.set_data(octaves, [step.kernel_size for step in state.stairs])
        self.t_line.set_data(octaves, [step.t for step in state.stairs])
        x = min(choice.log2_channels, math.log2(MOST_CHANNELS))
        above, beyond = choice.kernel_size > TOP_KERNEL, choice.channels > MOST_CHANNELS
        y = TOP_KERNEL + 0.6 if above else choice.kernel_size
        self.here.set_data([x], [y])
        self.here.set_marker("^" if above else ">" if beyond else "o")
        self.here_t.set_data([x], [min(choice.t, TOP_KERNEL + 2)])
        self._drop.set_data([x, x], [0, y])

    # -- rounding, and what k costs ---------------------------------------------------------------

    def _ruler(self, paper: Axes) -> list[Artist]:
        look = self._look
        self.k = letter(paper, ASIDE, 62, fontsize=30, weight="bold", color=look.accent)
        self.parity = letter(paper, ASIDE, 92, fontsize=TEXT, color=look.ink)
        self._ticks = [ASIDE + 10 + i * RULER_STEP for i in range(RULER_TICKS)]
        paper.plot(self._ticks[:: RULER_TICKS - 1], [RULER_Y] * 2, color=look.faint, zorder=1)
        even, odd = self._ticks[::2], self._ticks[1::2]
        dot = {"linestyle": "", "marker": "o", "markeredgecolor": look.quiet, "zorder": 2}
        paper.plot(even, [RULER_Y] * 4, markersize=7, markerfacecolor=look.background, **dot)
        paper.plot(odd, [RULER_Y] * 3, markersize=7, markerfacecolor=look.quiet, **dot)
        self._cut = Line2D([], [], color=look.accent, linewidth=3, zorder=3)
        self._t_mark = Line2D([], [], marker="v", markersize=8, color=look.accent, zorder=4)
        self._k_mark = Line2D([], [], marker="o", markersize=12, color=look.accent, zorder=4)
        for line in (self._cut, self._t_mark, self._k_mark):
            paper.add_line(line)
        self.raised = Line2D([], [], color=look.accent, linewidth=1.5)
        self.raised.set(marker="^", markevery=[-1], markersize=7)
        paper.add_line(self.raised)
        middle = {"ha": "center", "fontsize": SMALL}
        self._t_text = letter(paper, 0, RULER_Y - 22, color=look.accent, **middle)
        self._numbers = [letter(paper, x, RULER_Y + 24, **middle) for x in self._ticks]
        why = "● odd: has a middle   ○ even: has none"
        paper.text(ASIDE, RULER_Y + 62, why, fontsize=SMALL, color=look.quiet)
        line = {"fontsize": TEXT, "color": look.ink}
        self.costs = [letter(paper, ASIDE, 244 + 20 * i, **line) for i in range(2)]
        self.notes = [letter(paper, ASIDE, 288 + 18 * i, **line) for i in range(2)]
        words = [self.k, self.parity, self._t_text, *self._numbers, *self.costs, *self.notes]
        return [self._cut, self._t_mark, self._k_mark, self.raised, *words]

    def _update_ruler(self, choice: KernelChoice) -> None:
        look, k = self._look, choice.kernel_size
        self.k.set_text(f"k = {count(k)}")
        cut = "" if choice.t == choice.truncated else "cut to "
        parity = "even, raised by one" if choice.raised else "odd, kept"
        self.parity.set_text(f"{cut}{count(choice.truncated)}: {parity}")
        first = max(k - 3, 0)
        at = [
            self._ticks[0] + (value - first) * RULER_STEP
            for value in (choice.t, choice.truncated, k)
        ]
        self._t_mark.set_data(at[:1], [RULER_Y - 13])
        self._t_text.set(x=at[0], text=f"t = {before_cut(choice.t)}")
        self._cut.set_data(at[:2], [RULER_Y] * 2)
        self._k_mark.set_data(at[2:], [RULER_Y])
        turn = np.linspace(0, 1, 16)
        dip = RULER_Y + 31 + 9 * np.sin(np.pi * turn)
        self.raised.set_data(at[1] + (at[2] - at[1]) * turn, dip)
        self.raised.set_visible(choice.raised)
        for i, text in enumerate(self._numbers):
            chosen = first + i == k
            text.set(text=count(first + i), color=look.accent if chosen else look.quiet)
        channels = choice.channels
        reduction = min(PAPER_REDUCTION, channels)
        se = costs.se_cost(channels, reduction, use_bias=False).weights
        self.costs[0].set_text(f"ECA: {count(k)} weight{'s' if k > 1 else ''}")
        self.costs[1].set_text(f"SE with r = {reduction}: {count(se)} weights")
        notes = []
        if k > TOP_KERNEL:
            notes.append(f"k = {count(k)} is above the axis, up at {TOP_KERNEL}")
        if channels > MOST_CHANNELS:
            notes.append(f"C = {count(channels)} is beyond the axis")
        for note, words in zip(self.notes, [*notes, "", ""], strict=False):
            note.set_text(words)

    # -- the neighbours ---------------------------------------------------------------------------

    def _row(self, paper: Axes) -> list[Artist]:
        look = self._look
        self.heard = letter(paper, 14, ROW_Y - 16, fontsize=TEXT + 1, weight="bold")
        self.heard.set_color(look.accent)
        self.wide = letter(paper, 946, ROW_Y - 16, fontsize=TEXT, ha="right", color=look.ink)
        self._left = [ROW_X + i * CELL for i in range(CELLS)]
        y0, y1 = ROW_Y, ROW_Y + ROW_HEIGHT
        self.cells = PolyCollection(
            [
                [(x + 2, y0), (x + CELL - 2, y0), (x + CELL - 2, y1), (x + 2, y1)]
                for x in self._left
            ],
            linewidths=1.2,
            zorder=2,
        )
        self.fan = LineCollection([], colors=look.accent, linewidths=1.3, zorder=1)
        for collection in (self.cells, self.fan):
            paper.add_collection(collection, autolim=False)
        middle = {"ha": "center", "va": "center_baseline", "fontsize": SMALL, "zorder": 3}
        y = ROW_Y + ROW_HEIGHT / 2
        self.labels = [letter(paper, x + CELL / 2, y, **middle) for x in self._left]
        self._more = [letter(paper, x, y, "…", **middle) for x in (ROW_X - 14, 974 - ROW_X)]
        for dots in self._more:
            dots.set_color(look.quiet)
        self._gate = letter(paper, 0, GATE_Y + 14, ha="center", fontsize=TEXT, color=look.accent)
        return [self.fan, self.cells, *self.labels, *self._more, self._gate, self.heard, self.wide]

    def _update_row(self, state: KernelSizeState) -> None:
        look, choice, reach, c = self._look, state.choice, state.reach, state.channel
        start = first_shown(c, choice.channels, reach, CELLS)
        self._first, self._channels = start, choice.channels
        shown = np.arange(start, start + CELLS)
        real = (shown >= 0) & (shown < choice.channels)
        padding = ~real & (shown >= -reach) & (shown < choice.channels + reach)
        inside = np.abs(shown - c) <= reach
        faces, edges, styles = [], [], []
        long = choice.channels > 10_000  # too wide for a cell
        for i, label in enumerate(self.labels):
            chosen = shown[i] == c
            ink = look.background if chosen else look.ink if inside[i] else look.quiet
            if real[i]:
                label.set(text=beside(shown[i] - c) if long else str(shown[i]), color=ink)
            else:
                label.set(text="zero" if padding[i] else "", color=ink)
            faces.append(
                look.accent if chosen else look.accent_wash if inside[i] else look.background
            )
            visible = real[i] or padding[i]
            edge = look.accent if inside[i] else look.faint
            edges.append(edge if visible else look.background)
            styles.append("solid" if real[i] else (0, (2.5, 2)))
        self.cells.set(facecolors=faces, edgecolors=edges, linestyles=styles)
        middle = np.array(self._left) + CELL / 2
        x = middle[c - start]
        self.fan.set_segments([[(at, ROW_Y + ROW_HEIGHT), (x, GATE_Y)] for at in middle[inside]])
        self._gate.set(x=x, text=f"gate {c}")
        self._more[0].set_visible(bool(real[0] and start > 0))
        self._more[1].set_visible(bool(real[-1] and shown[-1] < choice.channels - 1))
        self.heard.set_text(tell_window(state))
        self.wide.set_text(meets_zeros(state))
