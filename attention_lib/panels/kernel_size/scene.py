"""The kernel size panel: how many neighbours a gate depends on, for any C, gamma and b."""

import math

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D

from attention_lib import costs
from attention_lib._words import sentences
from attention_lib.figures.theme import dress, place
from attention_lib.language import say
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
from attention_lib.panels.kit.parts import Page, PageScene, first_shown
from attention_lib.steps.eca import KernelChoice

HEIGHT = 506
TOP_KERNEL = 13
PAPER_REDUCTION = 16  # of SE, for comparison

# Where things stand on the page, in CSS pixels.
STAIRS = (56, 46, 560, 222)  # left, top, width, height
ASIDE = 676
RULER_Y, RULER_STEP, RULER_TICKS = 150, 38, 7
FORMULA_Y = 332
ROW_Y, ROW_HEIGHT, CELL, CELLS = 388, 30, 37, 23
ROW_X = (960 - CELLS * CELL) / 2
GATE_Y = 464


class KernelSizeScene(PageScene):
    """The staircase of k over C; how t becomes k; and the channels that a gate depends on."""

    def draw(self, page: Page, state: KernelSizeState) -> None:
        self._draw_stairs(page)
        self._draw_ruler(page)
        self._draw_costs(page)
        self.formula = page.words(480, FORMULA_Y, fontsize=14.5, ha="center")
        self._draw_row(page)

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
        return sentences(say("{part}.", part=text) for line in words if (text := line.get_text()))

    # -- the staircase ----------------------------------------------------------------------------

    def _draw_stairs(self, page: Page) -> None:
        look, right = page.look, STAIRS[0] + STAIRS[2]
        page.words(14, 26, say("kernel size k, for every C"), "heading")
        ax = dress(place(page.axes.figure, *STAIRS), look)
        octaves = range(int(math.log2(MOST_CHANNELS)) + 1)
        ax.set(xlim=(-0.15, octaves[-1] + 0.15), ylim=(0, TOP_KERNEL + 1))
        ax.set_xticks(octaves, [str(2**octave) for octave in octaves])
        ax.set_yticks(range(1, TOP_KERNEL + 1, 2))
        ax.grid(axis="y", color=look.track, linewidth=1)
        ax.set_axisbelow(True)
        ax.set_xlabel(say("C, channels"), labelpad=2)
        thin = {"color": look.quiet, "linewidth": 1.1}
        bold = {"color": look.ink, "linewidth": 2.6, "solid_joinstyle": "miter"}
        for x, style, name in (
            (right - 206, bold, "k"),
            (right - 152, thin, say("t, before the cut")),
        ):
            page.line([x, x + 24], [22, 22], **style)
            page.words(x + 31, 26, name, "number")
        (self.t_line,) = ax.plot([], [], zorder=2, **thin)
        (self.stairs,) = ax.plot([], [], drawstyle="steps-post", zorder=3, **bold)
        (self._drop,) = ax.plot([], [], color=look.accent, linewidth=1, zorder=2.5)
        (self.here_t,) = ax.plot([], [], "o", markersize=6, color=look.accent, zorder=4)
        self.here_t.set(markerfacecolor=look.background, markeredgewidth=1.5)
        (self.here,) = ax.plot([], [], "o", markersize=11, color=look.accent, zorder=5)
        for line in (self.t_line, self.stairs, self._drop, self.here_t, self.here):
            page.add(line)

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

    def _draw_ruler(self, page: Page) -> None:
        look, paper = page.look, page.axes
        self.k = page.words(ASIDE, 62, style="result", fontsize=30)
        self.parity = page.words(ASIDE, 92)
        self._ticks = [ASIDE + 10 + i * RULER_STEP for i in range(RULER_TICKS)]
        page.line(self._ticks[:: RULER_TICKS - 1], [RULER_Y] * 2)
        even, odd = self._ticks[::2], self._ticks[1::2]
        dot = {"linestyle": "", "marker": "o", "markeredgecolor": look.quiet, "zorder": 2}
        page.line(even, [RULER_Y] * 4, markersize=7, markerfacecolor=look.background, **dot)
        page.line(odd, [RULER_Y] * 3, markersize=7, markerfacecolor=look.quiet, **dot)
        self._cut = Line2D([], [], color=look.accent, linewidth=3, zorder=3)
        self._t_mark = Line2D([], [], marker="v", markersize=8, color=look.accent, zorder=4)
        self._k_mark = Line2D([], [], marker="o", markersize=12, color=look.accent, zorder=4)
        self.raised = Line2D([], [], color=look.accent, linewidth=1.5)
        self.raised.set(marker="^", markevery=[-1], markersize=7)
        for line in (self._cut, self._t_mark, self._k_mark, self.raised):
            page.add(paper.add_line(line))
        middle = {"style": "number", "ha": "center"}
        self._t_text = page.words(0, RULER_Y - 22, color=look.accent, **middle)
        self._numbers = [page.words(x, RULER_Y + 24, **middle) for x in self._ticks]
        page.words(ASIDE, RULER_Y + 62, say("● odd: has a middle  ○ even: has none"), "note")

    def _draw_costs(self, page: Page) -> None:
        self.costs = [page.words(ASIDE, 244 + 20 * i) for i in range(2)]
        self.notes = [page.words(ASIDE, 288 + 18 * i) for i in range(2)]

    def _update_ruler(self, choice: KernelChoice) -> None:
        look, k = self.look, choice.kernel_size
        self.k.set_text(f"k = {count(k)}")
        parity = say("even, raised by one") if choice.raised else say("odd, kept")
        whole = {"k": count(choice.truncated), "parity": parity}
        cut = say("cut to {k}: {parity}", **whole)
        kept = say("{k}: {parity}", **whole)
        self.parity.set_text(kept if choice.t == choice.truncated else cut)
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
        self.costs[0].set_text(
            say("ECA: {k} weights", k=count(k)) if k > 1 else say("ECA: 1 weight")
        )
        self.costs[1].set_text(
            say("SE with r = {reduction}: {count} weights", reduction=reduction, count=count(se))
        )
        notes = []
        if k > TOP_KERNEL:
            notes.append(
                say(
                    "k = {k} is above the axis, up at {top}",
                    k=count(k),
                    top=TOP_KERNEL,
                )
            )
        if channels > MOST_CHANNELS:
            notes.append(say("C = {channels} is beyond the axis", channels=count(channels)))
        for note, words in zip(self.notes, [*notes, "", ""], strict=False):
            note.set_text(words)

    # -- the neighbours ---------------------------------------------------------------------------

    def _draw_row(self, page: Page) -> None:
        look = page.look
        self.heard = page.words(14, ROW_Y - 16, style="chosen")
        self.wide = page.words(14, HEIGHT - 8)
        self._left = [ROW_X + i * CELL for i in range(CELLS)]
        y0, y1 = ROW_Y, ROW_Y + ROW_HEIGHT
        corners = [
            [(x + 2, y0), (x + CELL - 2, y0), (x + CELL - 2, y1), (x + 2, y1)] for x in self._left
        ]
        self.fan = LineCollection([], colors=look.accent, linewidths=1.3, zorder=1)
        self.cells = PolyCollection(corners, linewidths=1.2, zorder=2)
        for collection in (self.fan, self.cells):
            page.add(page.axes.add_collection(collection, autolim=False))
        middle = {"ha": "center", "va": "center_baseline", "zorder": 3}
        y = ROW_Y + ROW_HEIGHT / 2
        self.labels = [page.words(x + CELL / 2, y, style="number", **middle) for x in self._left]
        self._more = [page.words(x, y, "…", "note", **middle) for x in (ROW_X - 14, 974 - ROW_X)]
        self._gate = page.words(0, GATE_Y + 14, ha="center", color=look.accent)

    def _update_row(self, state: KernelSizeState) -> None:
        look, choice, reach, c = self.look, state.choice, state.reach, state.channel
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
                label.set(text=say("zero") if padding[i] else "", color=ink)
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
        self._gate.set(x=x, text=say("gate {c}", c=c))
        self._more[0].set_visible(bool(real[0] and start > 0))
        self._more[1].set_visible(bool(real[-1] and shown[-1] < choice.channels - 1))
        self.heard.set_text(tell_window(state))
        self.wide.set_text(meets_zeros(state))
