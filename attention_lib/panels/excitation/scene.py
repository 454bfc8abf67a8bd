"""The excitation panel: its picture, row by row from the squeezed numbers to the gates."""

import numpy as np
from matplotlib.lines import Line2D

from attention_lib import costs
from attention_lib._words import short
from attention_lib.examples import filters, hand_made, photos
from attention_lib.language import say
from attention_lib.panels.excitation.state import (
    ExcitationState,
    answers,
    describe,
    gates_in_words,
    sums,
)
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import (
    BarRow,
    ChannelNumbers,
    GateRow,
    Image,
    Matrix,
    Page,
    PageScene,
    UnitRows,
)

HEIGHT = 456
LEFT, WIDTH = 40, 520  # the rows of channels: one channel is one column from top to bottom
Z, W1, W2, GATES = (24, 68), (122, 82), (232, 82), (344, 82)  # tops and heights
SIDE, UNITS, WORDS = 574, 88, 720  # what stands beside the rows
COSTS = (814, 350, 130, 72)


class ExcitationScene(PageScene):
    """Channels run from left to right in every row; hidden units stand beside their weights."""

    def draw(self, page: Page, state: ExcitationState) -> None:
        self._draw_summary(page)
        self.w1 = Matrix(page, _row(W1), say("W1: each row asks"))
        self.w2 = Matrix(page, _row(W2), say("W2: each row answers"))
        self._draw_units(page)
        self._draw_gates(page)
        self._draw_costs(page)

    def update(self, state: ExcitationState) -> str:
        self._update_summary(state)
        self._update_weights(state)
        self._update_units(state)
        self.gates.set(state.trace.gates)
        self._gates_note.set_text(gates_in_words(state, by_size=self.gates.sorted))
        self._channels.set(LEFT, WIDTH, 0 if self.gates.sorted else state.channels)
        self._update_costs(state)
        return describe(state)

    # -- the summary that goes in -----------------------------------------------------------------

    def _draw_summary(self, page: Page) -> None:
        page.words(LEFT, Z[0] - 10, say("squeeze z: what is there"), "heading")
        self._count = page.words(LEFT + WIDTH, Z[0] - 10, style="note", ha="right")
        self.z = BarRow(page, _row(Z), numbered=False)
        self._photo, self._photo_shown = Image(page, SIDE, 6, 86, smooth=True), None
        self._title = page.words(SIDE + 100, 18, style="heading")
        self._shapes = [page.words(SIDE + 100, y, style="label") for y in (40, 59)]

    def _update_summary(self, state: ExcitationState) -> None:
        z = state.trace.squeezed
        self.z.set(z, high=sources.z_top(z))
        self._count.set_text(say("{channels} numbers", channels=state.channels))
        if state.photo != self._photo_shown:
            self._photo_shown = state.photo
            self._photo.set(photos.load_photo(state.photo))
            self._title.set_text(photos.PHOTOS[state.photo].title)
        side = photos.SIDE // filters.STRIDE
        self._shapes[0].set_text(
            say("{side} × {side} × {channels} values", side=side, channels=state.channels)
        )
        self._shapes[1].set_text(say("squeezed to {channels}: ← z", channels=state.channels))

    # -- the two layers, and the units between them -----------------------------------------------

    def _update_weights(self, state: ExcitationState) -> None:
        # A question keeps its colours whatever r is; random weights have no scale of their own.
        strongest = hand_made.STRONGEST if state.questions else (None, None)
        self.w1.set(state.weights.reduce.T, (state.channels, state.hidden), strongest[0])
        self.w2.set(state.weights.expand, (state.hidden, state.channels), strongest[1])

    def _draw_units(self, page: Page) -> None:
        self._summed = page.words(SIDE, W1[0] - 8, style="heading")
        self._curved = page.words(SIDE, W2[0] - 8, style="heading")
        self.reduced = UnitRows(page, (SIDE, W1[0], UNITS, W1[1]), WORDS)
        self.hidden = UnitRows(page, (SIDE, W2[0], UNITS, W2[1]), WORDS)

    def _update_units(self, state: ExcitationState) -> None:
        trace = state.trace
        most = max(float(np.abs(trace.reduced).max()), 1e-9)
        size = f"{state.channels} / {state.reduction} = {state.hidden}"
        self._summed.set_text(
            say("{size} sums, what each asks", size=size)
            if state.questions
            else say("{size} sums", size=size)
        )
        self._curved.set_text(say("after {curve}", curve=state.curve))
        self.reduced.set(trace.reduced, most, sums(state))
        self.hidden.set(trace.hidden, most, answers(state))

    # -- the gates that come out ------------------------------------------------------------------

    def _draw_gates(self, page: Page) -> None:
        page.words(LEFT, GATES[0] - 8, say("gates s: what may pass"), "heading")
        self._gates_note = page.words(LEFT + WIDTH, GATES[0] - 8, style="note", ha="right")
        self.gates = GateRow(page, _row(GATES), numbered=False, by_size=True)
        self._channels = ChannelNumbers(page, sum(GATES) + 17)

    # -- what every r costs -----------------------------------------------------------------------

    def _draw_costs(self, page: Page) -> None:
        look, (left, top, width, height) = page.look, COSTS
        page.words(SIDE, GATES[0] - 8, say("what r costs: parameters"), "heading")
        self._total = page.words(SIDE, top + 58, style="result")
        self._formula = page.words(SIDE, top + 30, style="label", color=look.accent)
        page.line([left, left, left + width], [top, top + height, top + height])
        self._curve = page.axes.add_line(Line2D([], [], color=look.faint, lw=2, marker="o", ms=4))
        self._here = page.axes.add_line(Line2D([], [], color=look.accent, marker="o", ms=9))
        page.add(self._curve)
        page.add(self._here)
        at = {"ha": "right", "va": "center_baseline"}
        self._counts = [page.words(left - 7, 0, style="note", **at) for _ in range(2)]
        page.words(left - 12, top + height + 17, "r", "label", ha="right")
        self._reductions = [
            page.words(0, top + height + 17, style="note", ha="center") for _ in range(5)
        ]

    def _update_costs(self, state: ExcitationState) -> None:
        channels, hidden = state.channels, state.hidden
        powers = [2**i for i in range(channels.bit_length())]
        counts = [costs.se_cost(channels, r).parameters for r in powers]
        xs, ys = _place(powers, counts, powers, counts)
        self._curve.set_data(xs, ys)
        self._here.set_data(*_place([state.reduction], [state.parameters], powers, counts))
        self._formula.set_text(f"2·{channels}·{hidden} + {hidden} + {channels}")
        self._total.set_text(f"= {state.parameters:,}")
        for text, y, count in zip(
            self._counts, (ys[0], ys[-1]), (counts[0], counts[-1]), strict=True
        ):
            text.set(text=short(count), y=y)
        self._counts[1].set_visible(len(counts) > 1)
        told = range(0, len(powers), max(1, (len(powers) + 4) // 5))
        for text in self._reductions[len(told) :]:
            text.set_text("")
        for text, i in zip(self._reductions, told, strict=False):
            here = powers[i] == state.reduction
            text.set(
                text=str(powers[i]), x=xs[i], color=self.look.accent if here else self.look.quiet
            )


def _row(row: tuple[float, float]) -> tuple[float, float, float, float]:
    """The box of a row of channels, from its top and height."""
    return LEFT, row[0], WIDTH, row[1]


def _place(
    reductions: list[int], counts: list[int], of: list[int], among: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Where points stand on the two logarithmic axes that show all of `of` and `among`."""
    left, top, width, height = COSTS
    across = np.log2(reductions) / max(np.log2(of[-1]), 1)
    low, high = np.log(among[-1]), np.log(among[0])
    up = (np.log(counts) - low) / max(high - low, 1e-9)
    return left + 12 + (width - 24) * across, top + 10 + (height - 20) * (1 - up)
