"""The museum panel: an exhibit, a check, and what the check sees there and on the right block."""

import textwrap

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from attention_lib.course.museum.state import MuseumState, card, reply
from attention_lib.figures.live import Scene
from attention_lib.figures.marks import Pixels
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, TITLE, Look, page

HEIGHT = 228


# Where things stand on the page, in CSS pixels.
LEFTS, WIDE = (14, 494), 452


HEAD, WORDS, LINE, LETTERS = 22, 48, 18, 66


PICTURE, STRIP, APART, SQUARE = 84, 30, 60, 112


class MuseumScene(Scene):
    """Draws a MuseumState: the exhibit on the left, the right block on the right.

    Args:
        card: takes the exhibit's story and its code.
        reply: takes what is said to the choice of a check.
    """

    def __init__(self, card: widgets.HTML, reply: widgets.HTML):
        self._card, self._reply = card, reply

    def layout(self, state: MuseumState) -> tuple[int, ...]:
        return tuple(gates.ndim for gates in (*state.finding.seen, *state.right.seen))

    def build(self, figure: Figure, look: Look, state: MuseumState) -> list[Artist]:
        self._look = look
        ax = page(figure, look)
        self._heads, self._lines, self._names, self._pictures = [], [], [], []
        for left, finding in zip(LEFTS, (state.finding, state.right), strict=True):
            self._heads.append(letter(ax, left, HEAD, fontsize=TITLE, weight="bold"))
            self._lines.append(
                [
                    letter(ax, left, WORDS + LINE * i, fontsize=TEXT, color=look.ink)
                    for i in range(2)
                ]
            )
            places = [_place(left, i, gates) for i, gates in enumerate(finding.seen)]
            self._names.append(
                [
                    letter(ax, x, top - 7, fontsize=SMALL, color=look.quiet)
                    for x, top, _, _ in places
                ]
            )
            self._pictures.append([Pixels(ax, place) for place in places])
        legend = {"fontsize": SMALL, "color": look.quiet, "ha": "right"}
        letter(ax, LEFTS[1] + WIDE, HEIGHT - 5, "gates: dark is closed, bright is open", **legend)
        sides = (*self._lines, *self._names, *self._pictures)
        return [*self._heads, *(artist for side in sides for artist in side)]

    def update(self, state: MuseumState) -> str:
        self._card.value, self._reply.value = card(state), reply(state)
        titles = "the exhibit", "the right block"
        told = []
        for side, finding in enumerate((state.finding, state.right)):
            verdict = "passes" if finding.passed else "fails"
            colour = self._look.ink if finding.passed else self._look.accent
            self._heads[side].set_text(f"{titles[side]}: {state.check.title}, {verdict}")
            self._heads[side].set_color(colour)
            words = textwrap.wrap(finding.words, LETTERS)
            for i, line in enumerate(self._lines[side]):
                line.set_text(words[i] if i < len(words) else "")
            for name, text in zip(self._names[side], finding.names, strict=True):
                name.set_text(text)
            for picture, gates in zip(self._pictures[side], finding.seen, strict=True):
                picture.set_rgba(self._tiles(gates, picture))
            told.append(f"{titles[side].capitalize()} {verdict}: {finding.words}")
        return f"{state.exhibit.title}. The check: {state.check.title}. {' '.join(told)}"

    def _tiles(self, gates: np.ndarray, picture: Pixels) -> np.ndarray:
        """Gates as tiles of their colours, over all of a picture."""
        rows = gates if gates.ndim == 2 else gates[None]
        row = np.arange(picture.rows) * len(rows) // picture.rows
        column = np.arange(picture.columns) * rows.shape[1] // picture.columns
        colours = self._look.gates(np.clip(rows, 0, 1))
        return (colours * 255).round().astype(np.uint8)[np.ix_(row, column)]


def _place(left: float, i: int, gates: np.ndarray) -> tuple[float, float, float, float]:
    if gates.ndim == 1:
        return left, PICTURE + 18 + i * APART, WIDE, STRIP
    return left + i * (SQUARE + 40), PICTURE + 10, SQUARE, SQUARE
