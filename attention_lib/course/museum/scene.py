"""The museum's picture: what a check sees in the exhibit, and below it in the right block."""

import numpy as np

from attention_lib.course.museum import Finding
from attention_lib.course.museum.state import (
    MuseumState,
    bars,
    change,
    describe,
    largest_change,
    reach,
    sides,
    span,
    verdict,
)
from attention_lib.language import say
from attention_lib.panels.kit.parts import (
    BarRow,
    ChannelNumbers,
    GateScale,
    Image,
    Page,
    PageScene,
    Paragraph,
)

HEIGHT = 322
LEFT, WORDS = 14, 336  # what is said of a block: where it begins, and how wide it is
TOPS = (0, 152)  # of the exhibit, and of the right block
GATES = (396, 28, 550, 92)  # left, top in a block, width and height of a row of bars
PICTURES, SIDE = (396, 590, 784), 92  # where gates of places stand side by side


class MuseumScene(PageScene):
    """The exhibit above, the right block below, their gates on one axis."""

    def layout(self, state: MuseumState) -> list[list[int]]:
        return [[gates.ndim for gates in finding.seen] for _, finding in sides(state)]

    def draw(self, page: Page, state: MuseumState) -> None:
        self.blocks = [
            _Block(page, top, finding) for top, (_, finding) in zip(TOPS, sides(state), strict=True)
        ]
        GateScale(page, LEFT + 48, HEIGHT - 18)

    def update(self, state: MuseumState) -> str:
        for block, (name, finding) in zip(self.blocks, sides(state), strict=True):
            block.set(state, name, finding)
        return describe(state)


class _Block:
    """What is said of a block, and beside it its gates: of channels as bars, of places as maps."""

    def __init__(self, page: Page, top: float, finding: Finding):
        self._look = page.look
        self.verdict = page.words(LEFT, top + 18, style="heading")
        self.words = Paragraph(page, LEFT, top + 40, WORDS, 5, style="label")
        self.row: BarRow | None = None
        self.pictures: list[Image] = []
        if not finding.seen:
            page.words(GATES[0], top + 18, say("no gates to see"), "note")
        elif finding.seen[0].ndim == 1:
            self._draw_row(page, top)
        else:
            self._draw_pictures(page, top, len(finding.seen))

    def _draw_row(self, page: Page, top: float) -> None:
        left, down, width, height = GATES
        self.note = page.words(left, top + 18, style="note")
        self.row = _Gates(page, (left, top + down, width, height), numbered=False)
        self._channels = ChannelNumbers(page, top + down + height + 16)

    def _draw_pictures(self, page: Page, top: float, count: int) -> None:
        shown = PICTURES if count == 2 else PICTURES[:1]
        self.pictures = [Image(page, left, top + 26, SIDE, style="note") for left in shown]
        self.spans = [page.words(left, top + 26 + SIDE + 17, style="number") for left in shown]

    def set(self, state: MuseumState, name: str, finding: Finding) -> None:
        """Show what a check has found."""
        look = self._look
        self.verdict.set(
            text=verdict(name, finding), color=look.ink if finding.passed else look.accent
        )
        self.words.set(finding.words)
        if self.row:
            self._set_row(state, finding)
        if self.pictures:
            self._set_pictures(state, finding)

    def _set_row(self, state: MuseumState, finding: Finding) -> None:
        gates, others, words = bars(state, finding)
        low, high = reach(state)
        self.note.set_text(words)
        self.row.set(gates, low=low, high=high, dashes=others)
        self._channels.set(GATES[0], GATES[2], len(gates))

    def _set_pictures(self, state: MuseumState, finding: Finding) -> None:
        shown, titles = [*finding.seen], [*finding.names]
        moved = change(finding)
        if moved is not None:
            shown, titles = [*shown, moved], [*titles, say("difference")]
        most = largest_change(state)
        signed = {"colours": self._look.weights, "low": -most, "high": most}
        for i, (picture, values) in enumerate(zip(self.pictures, shown, strict=True)):
            picture.title.set_text(titles[i])
            picture.set_map(values, **(signed if i == 2 else {"colours": self._look.gates}))
            self.spans[i].set_text(span(values))


class _Gates(BarRow):
    """Gates in their colours on pale tracks, on an axis that goes where mistakes make them go."""

    _tracks = True

    def _colours(self, values: np.ndarray, chosen: int | None) -> np.ndarray:
        return self._page.look.gates(np.clip(values, 0, 1))
