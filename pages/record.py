"""Drive a panel over its grids and keep what it answers.

A question is a line, as presets have it: every control as somebody has asked for it. The answer is
the picture, its alternative text, the sentence beside it, and the line that the panel then stands
at: in it Python may have moved other controls too.
"""

import base64
import itertools
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets as widgets

from attention_lib.panels.kit import presets
from attention_lib.panels.kit.controls import Number
from attention_lib.panels.kit.faders import Faders
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import Grid
from pages.tiles import ACROSS, SHEET, SIDE, Tiles, write_webp

LOOKS = {"light": False, "dark": True}
DENSITIES = (1, 2)
Values = dict[str, Any]  # of controls, by name


class Fader(NamedTuple):
    """A move of one fader of many."""

    channel: int
    gate: float


class Answer(NamedTuple):
    """What a panel says to a question."""

    asked: str  # the line that was asked for
    line: str  # the line that the panel then stands at
    alt: str
    texts: Sequence[str]  # the HTML of what is written in the panel's rows
    faders: Sequence[float]  # where its faders stand
    unused: Sequence[str]  # the controls that have no effect here


class Recording:
    """A panel, the questions of its grids, and its answers to them.

    Args:
        panel: as it opens.
        grids: of states.
        shown: lines of the states in which a page opens the panel.
        walked: lines of the states that walks come by.
        most: of a grid's states are asked for, spread over all; every one if None.
    """

    def __init__(
        self,
        panel: Panel,
        grids: Sequence[Grid],
        shown: Iterable[str] = (),
        walked: Iterable[str] = (),
        most: int | None = None,
    ):
        self.panel = panel
        self._opening = panel.values()
        self.answers: dict[str, Answer] = {}  # by what was asked for
        self.lines: dict[str, str] = {}  # from what is shown to what was asked for
        self.presses: dict[str, dict[str, str]] = {}  # from a button to the texts that it sets
        self._states: list[Values] = []
        self._effort = 0 if most else 3  # a part is for a quick look
        self._ask(self._opening)
        for grid in grids:
            start = self._values_at(grid.start)
            self.presses |= self._press(grid.presses)
            for moves in _spread([{}, *self._crossed(grid), *self._alone(grid.alone)], most):
                self._ask(start, moves)
        for line in shown:
            start = self._values_at(line)
            self.lines[line] = self._ask(start)
            for moves in _spread(list(self._alone({**grids[0].crossed, **grids[0].alone})), most):
                self._ask(start, moves)
        for line in walked:
            self._ask(self._values_at(line))

    def spec(self) -> dict[str, Any]:
        """What the page needs to know of the panel: its size, its controls and their values."""
        figure, answers = self.panel.figure, list(self.answers.values())
        names = [presets.letter_of(name) for name in self.panel.controls]
        return {
            "size": [figure.width, figure.height],
            "tiles": [SIDE, ACROSS, SHEET],
            "controls": names,
            "answers": [
                [answer.asked, answer.line if answer.line != answer.asked else "", *answer[2:]]
                for answer in answers
            ],
        }

    def values_of(self, name: str) -> list[str]:
        """Every value that a control has in the answers, as text, in the order of the numbers."""
        lines = [answer.line for answer in self.answers.values()]
        found = {presets.read(line, self.panel.name, self.panel.controls)[name] for line in lines}
        if isinstance(self.panel.controls[name], Number):
            return sorted(found, key=float)
        return sorted(found)

    def pictures(self, look: str, density: int) -> Tiles:
        """The pictures of all answers, in order."""
        tiles = Tiles()
        self.panel.figure.appear(density, 1, LOOKS[look])
        for values in self._states:
            self._set(values)
            tiles.add(self.panel.figure.pixels)
        return tiles

    def stand_at(self, line: str) -> None:
        """Let the panel show a line that pages show."""
        self._set(self._states[list(self.answers).index(self.lines[line])])

    def write(self, folder: Path) -> None:
        """Write everything that the page fetches, and a still picture of each state shown."""
        name, folder = self.panel.name, folder / self.panel.name
        folder.mkdir(parents=True, exist_ok=True)
        write_data(folder / "answers.js", f"{name}/answers", json.dumps(self.spec()).encode())
        for look, density in itertools.product(LOOKS, DENSITIES):
            tiles, part = self.pictures(look, density), f"{look}-{density}"
            tiles.write(folder / part, self._effort)
            head = json.dumps([*tiles.size, tiles.sheets_for]).encode() + b"\n"
            write_data(folder / f"{part}.js", f"{name}/{part}", head + tiles.index())
            for number, line in enumerate(self.lines):
                self.stand_at(line)
                write_webp(self.panel.figure.pixels, folder / f"still-{number}-{part}.webp")

    def _ask(self, start: Values, moves: Mapping[str, Any] | None = None) -> str:
        """Ask one question, and keep the answer if there is one and it is new."""
        texts = self._set(start, moves or {})
        asked = presets.joined(self.panel.name, texts)
        if asked not in self.answers and not self.panel.message:
            self.answers[asked] = self._answer(asked)
            self._states.append(self.panel.values())
        return asked

    def _answer(self, asked: str) -> Answer:
        panel = self.panel
        return Answer(
            asked,
            panel.preset,
            panel.figure.alt,
            [text.value for text in texts_of(panel)],
            [fader.value for fader in _faders(panel)],
            [presets.letter_of(name) for name, each in panel.controls.items() if _is_away(each)],
        )

    def _set(self, start: Values, moves: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Set all controls to `start`, then move some as a hand would.

        Returns:
            The text of each control as it was asked for.
        """
        panel = self.panel
        with panel.hold():
            for name, value in start.items():
                panel.controls[name].value = value
        texts = {name: presets.text_of(control) for name, control in panel.controls.items()}
        if moves:
            with panel.hold():
                for name, value in moves.items():
                    control = panel.controls[name]
                    if isinstance(value, Fader):
                        control.faders[value.channel].value = value.gate
                    else:
                        control.value = value
                    texts[name] = presets.text_of(control)
        return texts

    def _press(self, labels: Sequence[str]) -> dict[str, dict[str, str]]:
        """What each of these buttons sets: the texts of the controls that any of them moves."""
        after = {"": self._set(self._opening)}
        for label in labels:
            self._set(self._opening)
            next(b for b in buttons_of(self.panel) if b.description == label).click()
            controls = self.panel.controls.items()
            after[label] = {name: presets.text_of(control) for name, control in controls}
        moved = [name for name in after[""] if len({texts[name] for texts in after.values()}) > 1]
        return {
            label: {presets.letter_of(name): after[label][name] for name in moved}
            for label in labels
        }

    def _values_at(self, line: str) -> Values:
        """The values of all controls at a line; what it leaves out is as the panel opens."""
        self._set(self._opening)
        if line:
            self.panel.restore(line)
        return self.panel.values()

    def _crossed(self, grid: Grid) -> Iterator[Values]:
        moves = [[(name, v) for v in self._every(name, vs)] for name, vs in grid.crossed.items()]
        return map(dict, itertools.product(*moves))

    def _alone(self, alone: Mapping[str, Sequence[Any]]) -> Iterator[Values]:
        return ({name: v} for name, values in alone.items() for v in self._every(name, values))

    def _every(self, name: str, values: Sequence[Any]) -> list[Any]:
        """The values that a grid asks for; a gate stands for each fader moved to it alone."""
        control = self.panel.controls[name]
        if isinstance(control, Faders):
            gates = [value for value in values if isinstance(value, float)]
            faders = range(len(_faders(self.panel)))
            moves = [Fader(channel, gate) for channel in faders for gate in gates]
            return [value for value in values if not isinstance(value, float)] + moves
        if not len(values):
            return presets.options_of(control)
        return list(values)


def grids_of(name: str) -> Sequence[Grid]:
    """The grids that a panel's module declares."""
    return sys.modules[presets.PANELS[name].__module__].RECORDED


def _spread(moves: list[Values], most: int | None) -> list[Values]:
    """No more than so many, the first and others as far apart as they can be."""
    return moves[:: max(1, -(-len(moves) // most))] if most else moves


def rows_of(panel: Panel) -> list[list[widgets.Widget]]:
    """The widgets in a panel's rows."""
    boxes = [box for box in panel.children if "attention-row" in getattr(box, "_dom_classes", ())]
    return [list(box.children) for box in boxes]


def texts_of(panel: Panel) -> list[widgets.HTML]:
    """What is written in a panel's rows."""
    return [part for row in rows_of(panel) for part in row if isinstance(part, widgets.HTML)]


def buttons_of(panel: Panel) -> list[widgets.Button]:
    """The buttons in a panel's rows, alone or in groups."""
    parts = [part for row in rows_of(panel) for part in row]
    inside = [child for part in parts if isinstance(part, widgets.HBox) for child in part.children]
    return [part for part in parts + inside if isinstance(part, widgets.Button)]


def write_data(path: Path, name: str, data: bytes) -> None:
    """Write bytes, deflated, as a script: a page that was opened from a folder may load scripts."""
    packed = base64.b64encode(zlib.compress(data, 9)).decode()
    path.write_text(f'attention.take("{name}", "{packed}");\n')


def _faders(panel: Panel) -> list[widgets.FloatSlider]:
    """The faders that are shown."""
    controls = [control for control in panel.controls.values() if isinstance(control, Faders)]
    return [f for each in controls for f in each.faders if f.layout.display != "none"]


def _is_away(control: widgets.Widget) -> bool:
    return control.layout.visibility == "hidden" or control.layout.display == "none"
