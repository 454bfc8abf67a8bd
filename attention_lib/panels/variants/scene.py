"""The variants panel: seven ways to listen, as squares, with what each costs and decides."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib.costs import table
from attention_lib.examples import photos
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.variants.state import NAMES, VariantsState, arithmetic, compare, explain
from attention_lib.steps.variants import Variant

HEIGHT = 500


QUOTED = {"SE-GC": "SE-GC, 16 groups"}  # where the paper's table has another name


# Where things stand on the page, in CSS pixels.
LEFT, STEP, SIDE = 14, 134, 120


NAME, SQUARE, COUNT, RULE = 24, 36, 176, 194


GATES = (238, 70)  # top and height of the gates' bars


ACCURACY = 346


WORDS = 398


RULES = {
    "SE": "all, by few questions",
    "SE-Var1": "its own, as it is",
    "SE-Var2": "its own, weighted",
    "SE-Var3": "all, each weighted",
    "SE-GC": "all of its group",
    "ECA-NS": "neighbours, own weights",
    "ECA": "neighbours, shared weights",
}


class VariantsScene(Scene):
    """Draws a VariantsState: a column for each design, its square above its gates."""

    def build(self, figure: Figure, look: Look, state: VariantsState) -> list[Artist]:
        self._look = look
        self._page = page(figure, look)
        self._still()
        return [*self._columns(), *self._words()]

    def variant_at(self, x: float, y: float) -> str | None:
        """The design whose column stands at (x, y) on the page, if there is one."""
        column, inside = divmod(x - LEFT, STEP)
        if y > ACCURACY + 30 or not 0 <= column < len(NAMES) or inside > SIDE:
            return None
        return NAMES[int(column)]

    def update(self, state: VariantsState) -> str:
        look, chosen = self._look, state.place
        self._band.set_x(self._x(chosen) - 6)
        for i, (variant, gates) in enumerate(zip(state.variants, state.gates, strict=True)):
            self.squares[i].set(self._square(variant, state.channel))
            self.bars[i].set(gates, look.gates(gates))
            row = SIDE / state.channels
            self._row[i].set_bounds(self._x(i) - 5, SQUARE + row * state.channel, 4, row)
            self._names[i].set_color(look.accent if i == chosen else look.ink)
            self._counts[i].set_text(f"{variant.parameters:,} weights")
        lines = explain(state), arithmetic(state), compare(state)
        for line, text in zip(self._lines, lines, strict=True):
            line.set_text(text)
        counts = ", ".join(f"{v.name} {v.parameters:,}" for v in state.variants)
        return (
            f"{photos.PHOTOS[state.photo].title}, {state.channels} channels. "
            f"Weights: {counts}. {' '.join(lines)}"
        )

    def _x(self, place: int) -> float:
        return LEFT + place * STEP

    def _square(self, variant: Variant, channel: int) -> np.ndarray:
        """(1, C, C, 3) bytes: the matrix, zero as background, a chosen row standing out."""
        matrix = variant.matrix
        limit = max(float(np.abs(matrix).max()), 1e-12)
        picture = marks.shades(matrix[..., None] / limit, self._look.weights, -1, 1)
        blank = np.multiply(to_rgba(self._look.background)[:3], 255).round().astype(np.uint8)
        wash = np.multiply(to_rgba(self._look.accent_wash)[:3], 255).round().astype(np.uint8)
        heard = variant.depends_on[None, ..., None]
        empty = np.where(np.arange(len(matrix))[None, :, None, None] == channel, wash, blank)
        return np.where(heard, picture, empty).astype(np.uint8)

    def _still(self) -> None:
        look, top = self._look, GATES[0]
        quiet = {"fontsize": SMALL, "color": look.quiet}
        self._page.add_patch(
            Rectangle((LEFT, ACCURACY - 18), 3, 40, facecolor=look.faint, linewidth=0)
        )
        heading = (
            "quoted: top-1 accuracy of ResNet-50 with it, % "
            "(ECA paper, Table 2; SE-GC with 16 groups)"
        )
        letter(self._page, LEFT + 12, ACCURACY - 6, heading, **quiet)
        accuracy = {
            cell.row: cell.printed
            for cell in table("ECA", "Table 2").cells
            if cell.quantity.startswith("top-1")
        }
        for i, name in enumerate(NAMES):
            x = self._x(i)
            frame = (x - 0.5, SQUARE - 0.5), SIDE + 1, SIDE + 1
            self._page.add_patch(Rectangle(*frame, fill=False, edgecolor=look.faint))
            for line, words in enumerate(RULES[name].split(", ")):
                letter(self._page, x, RULE + 16 * line, words, **quiet)
            printed = accuracy[QUOTED.get(name, name)]
            letter(self._page, x + (12 if i == 0 else 0), ACCURACY + 14, printed, **quiet)
        vanilla = f"without: {accuracy['Vanilla']}"
        letter(self._page, 946, ACCURACY - 6, vanilla, ha="right", **quiet)
        letter(self._page, LEFT, top - 6, "gates for this photo", **quiet)

    def _columns(self) -> list[Artist]:
        look, (top, height) = self._look, GATES
        self._band = Rectangle((0, 6), SIDE + 12, top + height, fill=False, edgecolor=look.accent)
        self._row = [Rectangle((0, 0), 4, 1, facecolor=look.accent) for _ in NAMES]
        for patch in (self._band, *self._row):
            self._page.add_patch(patch)
        places = range(len(NAMES))
        bold = {"fontsize": TEXT, "weight": "bold"}
        self._names = [letter(self._page, self._x(i), NAME, NAMES[i], **bold) for i in places]
        plain = {"fontsize": TEXT, "color": look.ink}
        self._counts = [letter(self._page, self._x(i), COUNT, **plain) for i in places]
        self.squares = [marks.Pictures(self._page, self._x(i), SQUARE, SIDE) for i in places]
        self.bars = [
            marks.Bars(self._page, look, track=True, box=(self._x(i), top, SIDE, height))
            for i in places
        ]
        pictures = [mark.artist for mark in (*self.squares, *self.bars)]
        return [self._band, *self._row, *self._names, *self._counts, *pictures]

    def _words(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5}
        colours = self._look.accent, self._look.ink, self._look.ink
        self._lines = [
            letter(self._page, LEFT, WORDS + 26 * i, color=colour, **plain)
            for i, colour in enumerate(colours)
        ]
        note = (
            "A row of a square is a gate, a column a summary that it hears; blank: it does not. "
            "Weights drawn from a seed, not trained."
        )
        letter(self._page, LEFT, WORDS + 82, note, fontsize=SMALL, color=self._look.quiet)
        return self._lines
