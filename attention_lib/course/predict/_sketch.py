"""The picture of a sketch: a row for each bar, the learner's on the left, the truth beside it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from attention_lib.figures.live import Scene
from attention_lib.figures.marks import Bars
from attention_lib.figures.text import Lettering
from attention_lib.figures.theme import SMALL, Look, page, place

WIDTH = 520
TOP, ROW = 24, 26  # the card's sliders stand in rows of the same height
LEFT, RIGHT, LONG, NUMBER = 4, 270, 200, 8  # the two columns, their length, the gap to a number


class Sketch(NamedTuple):
    """What is drawn: a value for each bar, or none yet."""

    values: tuple[float, ...] = ()
    truth: np.ndarray | None = None


class SketchScene(Scene):
    """Draws a Sketch.

    Args:
        form: of the question: names of the bars, ends of their axis, whether they are gates.
    """

    def __init__(self, form: Mapping[str, Any]):
        self._names, self._gates = form["options"], form["gates"]
        self._low, self._high = form["low"], form["high"]

    def build(self, figure: Figure, look: Look, state: Sketch) -> list[Artist]:
        self._look = look
        count = len(self._names)
        ax = page(figure, look)
        self._heads, self._numbers, self.bars = [], [], []
        for left, head in ((LEFT, "your sketch"), (RIGHT, "")):
            self._heads.append(self._words(ax, left, TOP / 2, head, look.quiet))
            box = place(figure, left, TOP, LONG, ROW * count)
            box.set_axis_off()
            self.bars.append(
                Bars(box, look, low=self._low, high=self._high, track=True, sideways=True)
            )
            self._numbers.append(
                [
                    self._words(ax, left + LONG + NUMBER, TOP + ROW * (i + 0.5), "", look.ink)
                    for i in range(count)
                ]
            )
        self._guesses = LineCollection([], colors=look.accent, linewidths=3, zorder=4)
        ax.add_collection(self._guesses)
        texts = [*self._heads, *self._numbers[0], *self._numbers[1]]
        return [*(bars.artist for bars in self.bars), self._guesses, *texts]

    def update(self, state: Sketch) -> str:
        count = len(self._names)
        sketch = np.array(state.values or (self._low,) * count, float)
        self._show(0, sketch)
        self._guesses.set_segments([])
        self.bars[1].artist.set_visible(state.truth is not None)
        told = "Your sketch: " + self._listed(sketch)
        if state.truth is None:
            self._heads[1].set_text("computed: after you commit")
            return told + " The truth comes after you commit."
        self._heads[1].set_text("computed; your sketch is the red line")
        self._show(1, np.asarray(state.truth, float))
        at = RIGHT + LONG * (sketch - self._low) / (self._high - self._low)
        tops = TOP + ROW * np.arange(count)
        self._guesses.set_segments(
            [[(x, top + 3), (x, top + ROW - 3)] for x, top in zip(at, tops, strict=True)]
        )
        return told + " Computed: " + self._listed(state.truth)

    def _show(self, column: int, values: np.ndarray) -> None:
        colours = self._look.gates(values) if self._gates else self._look.bar
        self.bars[column].set(values, colours)
        for words, value in zip(self._numbers[column], values, strict=True):
            words.set_text(f"{value:.2f}")

    def _words(self, ax, x: float, y: float, text: str, colour: str) -> Lettering:
        words = Lettering(x, y, text, color=colour, fontsize=SMALL, va="center_baseline")
        ax.add_artist(words)
        return words

    def _listed(self, values: np.ndarray) -> str:
        parts = zip(self._names, values, strict=True)
        return ", ".join(f"{name} {value:.2f}" for name, value in parts) + "."
