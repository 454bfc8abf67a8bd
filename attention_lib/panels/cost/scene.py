"""The cost panel: what attention adds to a published network, stage by stage."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib._words import short
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.cost.state import (
    CostState,
    comment,
    describe,
    explain,
    percent,
    quoted,
)

HEIGHT = 540


# Where things stand on the page, in CSS pixels.
LEFT = 14


TOP, ROWS, TALLEST_ROW = 46, 230, 48


COLUMNS = ((306, 170), (650, 170))  # left and length of the bars: parameters, multiply-adds


TOTAL = 300


WHOLE = (LEFT, 348, 932, 16)  # the bar of the network and what is added


WORDS = 400


QUOTED = 462


class CostScene(Scene):
    """Draws a CostState: a row for each stage, the sum below, and what is quoted below that."""

    def layout(self, state: CostState) -> str:
        return state.network.name

    def build(self, figure: Figure, look: Look, state: CostState) -> list[Artist]:
        self._look = look
        self._page = page(figure, look)
        self._row = min(ROWS / len(state.network.stages), TALLEST_ROW)
        self._headings(state)
        return [*self._rows(state), *self._sum(), *self._words()]

    def update(self, state: CostState) -> str:
        self._update_rows(state)
        self._update_sum(state)
        lines = explain(state), comment(state), *quoted(state)
        for line, text in zip(self._lines, [*lines, "", ""], strict=False):
            line.set_text(text)
        rows = "; ".join(
            f"stage {stage}: {cost.parameters:,} parameters"
            for stage, cost in state.added.stages.items()
        )
        return (
            f"{state.mechanism} in {state.network.name}: {self._total.get_text()}, "
            f"{self._share.get_text()}. {rows}. {' '.join(filter(None, lines))}"
        )

    # -- a row for each stage ---------------------------------------------------------------------

    def _headings(self, state: CostState) -> None:
        look = self._look
        bold = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        letter(self._page, LEFT, 26, f"{state.network.name}", **bold)
        for (left, _), text in zip(
            COLUMNS, ("parameters added", "multiply-adds added, one picture"), strict=True
        ):
            letter(self._page, left, 26, text, **bold)
        plain = {"fontsize": SMALL + 0.5, "color": look.ink, "va": "center_baseline"}
        for row, (stage, widths) in enumerate(state.stages):
            y = TOP + (row + 0.5) * self._row
            letter(self._page, LEFT, y, describe(stage, widths), **plain)

    def _rows(self, state: CostState) -> list[Artist]:
        look, count = self._look, len(state.network.stages)
        self.bars = [
            marks.Bars(self._page, look, sideways=True, box=(left, TOP, length, self._row * count))
            for left, length in COLUMNS
        ]
        style = {"fontsize": TEXT, "va": "center_baseline"}
        self._numbers = [
            [letter(self._page, 0, TOP + (row + 0.5) * self._row, **style) for row in range(count)]
            for _ in COLUMNS
        ]
        words = [text for column in self._numbers for text in column]
        return [*(bars.artist for bars in self.bars), *words]

    def _update_rows(self, state: CostState) -> None:
        look, total = self._look, state.added.total
        for bars, texts, (left, length), what, whole in zip(
            self.bars,
            self._numbers,
            COLUMNS,
            ("parameters", "multiply_adds"),
            (total.parameters, total.multiply_adds),
            strict=True,
        ):
            costs = [
                getattr(state.added.stages[stage.number], what)
                if stage.number in state.added.stages
                else 0
                for stage in state.network.stages
            ]
            highest = max(*costs, 1)
            most = int(np.argmax(costs))
            colours = np.tile(to_rgba(look.bar), (len(costs), 1))
            colours[most] = to_rgba(look.accent)
            bars.set(np.array(costs) / highest, colours)
            for row, (text, cost) in enumerate(zip(texts, costs, strict=True)):
                share = f"  {100 * cost / whole:.1f} %" if cost else ""
                text.set(
                    x=left + length * cost / highest + 8,
                    text=f"{cost:,}{share}" if what == "parameters" else f"{short(cost)}{share}",
                    color=look.accent if cost and row == most else look.ink,
                )

    # -- all together -----------------------------------------------------------------------------

    def _sum(self) -> list[Artist]:
        look, (left, top, width, height) = self._look, WHOLE
        big = {"fontsize": 19, "weight": "bold", "color": look.accent}
        self._total = letter(self._page, LEFT, TOTAL + 24, **big)
        plain = {"fontsize": TEXT + 0.5, "color": look.ink}
        self._share = letter(self._page, 350, TOTAL + 24, **plain)
        network = Rectangle((left, top), width, height, facecolor=look.bar)
        self._part = Rectangle((left, top), 0, height, facecolor=look.accent)
        for patch in (network, self._part):
            self._page.add_patch(patch)
        return [network, self._part, self._total, self._share]

    def _update_sum(self, state: CostState) -> None:
        left, top, width, height = WHOLE
        total, network = state.added.total, state.network
        part = width * total.parameters / (network.parameters + total.parameters)
        self._part.set_bounds(left + width - part, top, part, height)
        self._total.set_text(f"+{total.parameters:,} parameters")
        more = 100 * total.multiply_adds / network.multiply_adds
        self._share.set_text(
            f"+{percent(state.added.share)} of the network’s {network.parameters:,};   "
            f"multiply-adds +{short(total.multiply_adds)}, "
            f"+{more:.2g} % of {short(network.multiply_adds)}"
        )

    def _words(self) -> list[Artist]:
        look = self._look
        plain = {"fontsize": TEXT + 0.5, "color": look.ink}
        self._lines = [letter(self._page, LEFT, WORDS + 24 * i, **plain) for i in range(2)]
        self._page.add_patch(
            Rectangle((LEFT, QUOTED - 16), 3, 68, facecolor=look.faint, linewidth=0)
        )
        heading = "Quoted from the papers, not computed here (it takes training):"
        quiet = {"fontsize": TEXT, "color": look.quiet}
        letter(self._page, LEFT + 14, QUOTED, heading, **quiet)
        self._lines += [
            letter(self._page, LEFT + 14, QUOTED + 22 * i, **quiet) for i in range(1, 3)
        ]
        return self._lines
