"""The museum panel: an exhibit, a check, and what the check sees there and on the right block."""

import difflib
import html
import re
import textwrap
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, TITLE, Look, page
from attention_lib.marks import Pixels
from attention_lib.museum import EXHIBITS, INSTRUMENTS, Exhibit, Finding, Instrument, why_not
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import choice

HEIGHT = 228

# Where things stand on the page, in CSS pixels.
LEFTS, WIDE = (14, 494), 452
HEAD, WORDS, LINE, LETTERS = 22, 48, 18, 66
PICTURE, STRIP, APART, SQUARE = 84, 30, 60, 112


class MuseumState(NamedTuple):
    """An exhibit, a check, and what the check saw."""

    exhibit: Exhibit
    check: Instrument
    finding: Finding
    right: Finding

    @property
    def found(self) -> bool:
        """Whether the check has found the mistake."""
        return not self.finding.passed


def compute(exhibit: str, check: str) -> MuseumState:
    """Let a check look at an exhibit and at the right block; `show_museum` has the args."""
    shown, instrument = EXHIBITS[exhibit], INSTRUMENTS[check]
    return MuseumState(
        shown, instrument, shown.examine(instrument), shown.examine_right(instrument)
    )


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


def card(state: MuseumState) -> str:
    """The exhibit: its title, its story, and its code; once found, with the right lines."""
    exhibit = state.exhibit
    if state.found:
        lines = _corrected(exhibit)
    else:
        lines = [f"  {line}" for line in exhibit.code.splitlines()]
    code = "\n".join(_line(line) for line in lines)
    return (
        f'<div style="line-height: 1.45; max-width: 940px"><strong>{html.escape(exhibit.title)}'
        f'</strong><div style="min-height: 2.9em">{_words(exhibit.story)}</div>'
        '<pre style="margin: 4px 0; padding: 6px 10px; overflow-x: auto; line-height: 1.45; '
        f"box-sizing: content-box; min-height: {CODE_LINES * 1.45:g}em; "
        "border-left: 3px solid var(--jp-border-color1, #bdbdbd); "
        "background: var(--jp-layout-color1, #fff); "
        f'color: var(--jp-content-font-color1, #22262b)">{code}</pre></div>'
    )


def _corrected(exhibit: Exhibit) -> list[str]:
    """The lines of an exhibit's code and of the right code, with the signs of a diff."""
    lines = difflib.ndiff(exhibit.code.splitlines(), exhibit.right_code.splitlines())
    return [line for line in lines if line[0] in " -+"]


# Every card has room for the longest code, so that the picture below keeps its place.
CODE_LINES = max(len(_corrected(exhibit)) for exhibit in EXHIBITS.values())


def _line(line: str) -> str:
    """A line of code; one that differs is marked by sign, weight and colour."""
    text = html.escape(line.replace("-", "−", 1) if line.startswith("-") else line)
    if line[0] == " ":
        return text
    colour = {"-": "error", "+": "success"}[line[0]]
    return f'<strong style="color: var(--jp-{colour}-color1, inherit)">{text}</strong>'


def reply(state: MuseumState) -> str:
    """What is said to the choice of a check."""
    exhibit = state.exhibit
    if state.found:
        where = ", ".join(
            f'<a href="{source.url}" target="_blank" rel="noopener" '
            f'style="text-decoration: underline">{html.escape(source.name)}</a>'
            for source in exhibit.sources
        )
        met = f" Met in {where}." if where else ""
        words = (
            f"<strong>This check finds it.</strong> Why it went unseen: {_words(exhibit.unseen)}"
        )
        words += met
    else:
        words = (
            f"<strong>The {html.escape(state.check.title)} check cannot see it.</strong> "
            f"{_words(why_not(exhibit, state.check))} Choose another."
        )
    return f'<div style="line-height: 1.45; max-width: 940px">{words}</div>'


def _words(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))


def show_museum(exhibit: str = "width", check: str = "shape") -> Panel:
    """Look at a mistake that a real repository made, and choose the check that finds it.

    Args:
        exhibit: a key of `museum.EXHIBITS`.
        check: a key of `museum.INSTRUMENTS`.

    Returns:
        The panel.

    Raises:
        ValueError: if there is no such exhibit or check.
    """
    titles = {shown.title: name for name, shown in EXHIBITS.items()}
    checks = {instrument.title: name for name, instrument in INSTRUMENTS.items()}
    controls = {
        "exhibit": choice("exhibit", titles, exhibit),
        "check": choice("check", checks, check),
    }
    story = widgets.HTML(layout={"width": "100%"})
    said = widgets.HTML(layout={"width": "100%", "min_height": "43px"})  # two lines: most replies
    said.add_class("attention-message")  # so that it is read out when it changes
    scene = MuseumScene(story, said)
    rows = [[controls["exhibit"], controls["check"]], [story], [said]]
    return Panel(scene, compute, controls, rows, height=HEIGHT, name="museum")
