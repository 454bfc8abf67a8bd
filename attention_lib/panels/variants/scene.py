"""The variants panel: seven ways from means to gates, as squares, each with its cost and gates."""

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from attention_lib.costs import table
from attention_lib.figures import marks
from attention_lib.language import say
from attention_lib.panels.kit.parts import GateRow, Page, PageScene
from attention_lib.panels.variants.state import (
    NAMES,
    VariantsState,
    arithmetic,
    compare,
    describe,
    explain,
)
from attention_lib.steps.variants import Variant

HEIGHT = 486
QUOTED = {"SE-GC": "SE-GC, 16 groups"}  # where the paper's table has another name
LEFT, STEP, SIDE = 14, 134, 120  # the columns, one a design
HEADING, NAME, RULE, SQUARE, COUNT = 20, 50, 67, 94, 234
GATES = (268, 70)  # top and height of the gates' bars
ACCURACY = 374
WORDS = 422
RULES = {
    "SE": say("all means,\nby few sums"),
    "SE-Var1": say("its own mean,\nas it is"),
    "SE-Var2": say("its own mean,\nweighted"),
    "SE-Var3": say("all means,\neach weighted"),
    "SE-GC": say("the means\nof its group"),
    "ECA-NS": say("neighbours,\nown weights"),
    "ECA": say("neighbours,\nshared weights"),
}


class VariantsScene(PageScene):
    """A column for each design: what it reads, its matrix, its weights, its gates, its accuracy."""

    def draw(self, page: Page, state: VariantsState) -> None:
        self._band = Rectangle(
            (0, NAME - 18),
            SIDE + 12,
            sum(GATES) - NAME + 24,
            fill=False,
            edgecolor=page.look.accent,
        )
        page.add(page.axes.add_artist(self._band))
        note = say(
            "A row of a square is a gate, a column a mean that it reads; blank: it does "
            "not. Weights drawn from a seed, not trained."
        )
        page.words(LEFT, HEADING, note, "label")
        self._draw_columns(page)
        self._draw_accuracies(page)
        self._lines = [page.words(LEFT, WORDS + 24 * i) for i in range(3)]
        self._lines[0].set_color(page.look.accent)

    def update(self, state: VariantsState) -> str:
        look, chosen = self.look, state.place
        self._band.set_x(self._x(chosen) - 6)
        for i, (variant, gates) in enumerate(zip(state.variants, state.gates, strict=True)):
            self.squares[i].set(self._square(variant, state.channel))
            self.bars[i].set(gates)
            row = SIDE / state.channels
            self._row[i].set_bounds(self._x(i) - 5, SQUARE + row * state.channel, 4, row)
            self._names[i].set_color(look.accent if i == chosen else look.ink)
            self._counts[i].set_text(say("{parameters:,} weights", parameters=variant.parameters))
        lines = explain(state), arithmetic(state), compare(state)
        for line, text in zip(self._lines, lines, strict=True):
            line.set_text(text)
        return describe(state)

    def variant_at(self, x: float, y: float) -> str | None:
        """The design whose column stands at (x, y), if there is one."""
        column, inside = divmod(x - LEFT, STEP)
        if y > ACCURACY + 30 or not 0 <= column < len(NAMES) or inside > SIDE:
            return None
        return NAMES[int(column)]

    def _x(self, place: int) -> float:
        return LEFT + place * STEP

    # -- a column for each design -----------------------------------------------------------------

    def _draw_columns(self, page: Page) -> None:
        look, (top, height) = page.look, GATES
        page.words(LEFT, top - 7, say("gates for this photo"), "note")
        self.squares, self.bars, self._row, self._names, self._counts = [], [], [], [], []
        for i, name in enumerate(NAMES):
            x = self._x(i)
            self._names.append(page.words(x, NAME, name, "heading"))
            for line, words in enumerate(RULES[name].splitlines()):
                page.words(x, RULE + 16 * line, words, "note")
            frame = (x - 0.5, SQUARE - 0.5), SIDE + 1, SIDE + 1
            page.axes.add_artist(Rectangle(*frame, fill=False, edgecolor=look.faint))
            self._row.append(page.block((0, 0, 4, 1), look.accent))
            self.squares.append(marks.Pictures(page.axes, x, SQUARE, SIDE))
            page.add(self.squares[-1].artist)
            self._counts.append(page.words(x, COUNT))
            box = x, top, SIDE, height
            self.bars.append(GateRow(page, box, numbered=False, axis=False))

    def _square(self, variant: Variant, channel: int) -> np.ndarray:
        """(1, C, C, 3) bytes: the matrix, zero as background, a chosen row standing out."""
        matrix = variant.matrix
        limit = max(float(np.abs(matrix).max()), 1e-12)
        picture = marks.shades(matrix[..., None] / limit, self.look.weights, -1, 1)
        blank = np.multiply(to_rgba(self.look.background)[:3], 255).round().astype(np.uint8)
        wash = np.multiply(to_rgba(self.look.accent_wash)[:3], 255).round().astype(np.uint8)
        heard = variant.depends_on[None, ..., None]
        empty = np.where(np.arange(len(matrix))[None, :, None, None] == channel, wash, blank)
        return np.where(heard, picture, empty).astype(np.uint8)

    # -- what the paper measured ------------------------------------------------------------------

    def _draw_accuracies(self, page: Page) -> None:
        page.axes.add_artist(
            Rectangle((LEFT, ACCURACY - 18), 3, 40, facecolor=page.look.faint, lw=0)
        )
        heading = say("quoted: top-1 accuracy of ResNet-50 with it, % (ECA paper, Table 2)")
        page.words(LEFT + 12, ACCURACY - 6, heading, "note")
        accuracy = {
            cell.row: cell.printed
            for cell in table("ECA", "Table 2").cells
            if cell.quantity.startswith("top-1")
        }
        for i, name in enumerate(NAMES):
            printed = accuracy[QUOTED.get(name, name)]
            page.words(self._x(i) + (12 if i == 0 else 0), ACCURACY + 14, printed, "number")
        vanilla = say("without: {accuracy}", accuracy=accuracy["Vanilla"])
        page.words(946, ACCURACY - 6, vanilla, "note", ha="right")
