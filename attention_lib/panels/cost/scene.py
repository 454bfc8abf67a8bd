"""The cost panel: what attention adds to a published network, all together and stage by stage."""

import numpy as np

from attention_lib._words import short
from attention_lib.figures import marks
from attention_lib.figures.text import Lettering
from attention_lib.language import say
from attention_lib.panels.cost.state import (
    CostState,
    blocks,
    comment,
    describe,
    explain,
    percent,
    quoted,
    totals,
)
from attention_lib.panels.kit.parts import Page, PageScene, Paragraph

HEIGHT = 478
LEFT, WIDTH = 14, 932
WHOLE = (54, 16)  # top and height of the bar of the network and what is added
HEADINGS, TOP, ROWS, TALLEST = 104, 116, 224, 52  # the rows of stages: where, all together, one
WORDS, QUOTED = 366, 428
# Each column of bars: where counts end, where shares end, where bars begin, and how long they are.
COLUMNS = {"parameters": (384, 444, 452, 214), "multiply_adds": (722, 784, 794, 152)}


class CostScene(PageScene):
    """The sum; a row for each stage; the arithmetic; and what is quoted."""

    def layout(self, state: CostState) -> str:
        return state.network.name

    def draw(self, page: Page, state: CostState) -> None:
        self._draw_sum(page)
        self._draw_stages(page, state)
        self._words = Paragraph(page, LEFT, WORDS, WIDTH, 3)
        self._draw_quoted(page)

    def update(self, state: CostState) -> str:
        self._update_sum(state)
        self._update_stages(state)
        self._words.set(explain(state), comment(state))
        self._quoted.set(*quoted(state))
        return describe(state)

    # -- all together -----------------------------------------------------------------------------

    def _draw_sum(self, page: Page) -> None:
        self._share = page.words(LEFT, 34, style="result")
        self._total = page.words(190, 20, style="heading")
        self._beside = page.words(190, 40, style="label")
        page.block((LEFT, WHOLE[0], WIDTH, WHOLE[1]), page.look.bar)
        self.part = page.block((LEFT, WHOLE[0], 0, WHOLE[1]), page.look.accent)

    def _update_sum(self, state: CostState) -> None:
        added, beside = totals(state)
        self._share.set_text(f"+{percent(state.added.share)}")
        self._total.set_text(added)
        self._beside.set_text(beside)
        part = WIDTH * state.added.share / (1 + state.added.share)
        self.part.set(x=LEFT + WIDTH - part, width=part)

    # -- a row for each stage ---------------------------------------------------------------------

    def _draw_stages(self, page: Page, state: CostState) -> None:
        count = len(state.network.stages)
        row = min(ROWS / count, TALLEST)
        middles = [TOP + (i + 0.5) * row for i in range(count)]
        middle = {"va": "center_baseline"}
        page.words(LEFT, HEADINGS, say("stages"), "heading")
        for y, (stage, widths) in zip(middles, state.stages, strict=True):
            page.words(LEFT, y, str(stage.number), "heading", **middle)
            page.words(LEFT + 20, y, blocks(stage, widths), "label", **middle)
        self.bars: dict[str, marks.Bars] = {}
        self.counts: dict[str, list[Lettering]] = {}
        self.shares: dict[str, list[Lettering]] = {}
        for what, title in (
            ("parameters", say("parameters added")),
            ("multiply_adds", say("multiply-adds added")),
        ):
            counted, shared, left, length = COLUMNS[what]
            page.words(left, HEADINGS, title, "heading")
            box = (left, TOP, length, row * count)
            self.bars[what] = marks.Bars(page.axes, page.look, sideways=True, box=box)
            page.add(self.bars[what].artist)
            right = {"ha": "right"} | middle
            self.counts[what] = [page.words(counted, y, **right) for y in middles]
            self.shares[what] = [page.words(shared, y, **right) for y in middles]

    def _update_stages(self, state: CostState) -> None:
        for what, bars in self.bars.items():
            costs = np.array(state.by_stage(what))
            bars.set(costs / max(costs.max(), 1), self.look.bar)
            write = "{:,}".format if what == "parameters" else short
            for i, cost in enumerate(costs.tolist()):
                left_out = not cost and state.stages[i][1]
                self.counts[what][i].set(
                    text=say("left out") if left_out else write(cost),
                    color=self.look.ink if cost else self.look.quiet,
                )
                self.shares[what][i].set(
                    text=f"{100 * cost / costs.sum():.1f} %" if cost else "",
                    weight="bold" if cost == costs.max() else "normal",
                )

    # -- what is quoted ---------------------------------------------------------------------------

    def _draw_quoted(self, page: Page) -> None:
        page.line([LEFT] * 2, [QUOTED - 14, QUOTED + 44], linewidth=3)
        heading = say("Quoted from the papers, not computed here (it takes training):")
        page.words(LEFT + 14, QUOTED, heading, "label")
        self._quoted = Paragraph(page, LEFT + 14, QUOTED + 20, WIDTH - 14, 2, style="label")
