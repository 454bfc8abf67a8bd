"""Excitation, for any C and r: summaries through W1, hidden units and W2 to gates."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import TICKDOWN, TICKLEFT, Line2D

from attention_lib import costs
from attention_lib.examples import hand_made
from attention_lib.examples.photos import PHOTOS
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.excitation.state import ExcitationState, describe, short
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import mark_ticks
from attention_lib.panels.kit.words import number

HEIGHT = 516


LEFT, WIDTH = 44, 470


UNITS = (536, 96)  # the hidden units' bars: left edge and width


ROWS = {  # top, height, title
    "z": (30, 72, "squeeze z: what is there"),
    "W1": (140, 84, "W1: each row asks"),
    "W2": (260, 84, "W2: each row answers"),
    "gates": (380, 90, "gates s: what may pass"),
}


SIDE = 690  # the column of parameters and words


COSTS = (SIDE + 56, 80, 192, 126)  # left, top, width, height


MOST_NUMBERS = 8


MOST_TICKS = 5


class ExcitationScene(Scene):
    """Channels run from left to right in every row; hidden units stand beside their weights.

    The static layer depends on nothing, so that another C costs no more than another r.
    """

    def build(self, figure: Figure, look: Look, state: ExcitationState) -> list[Artist]:
        self._look = look
        paper = page(figure, look)
        moving = self._rows(paper) + self._units(paper)
        return moving + self._costs(paper) + self._words(paper)

    @property
    def _heading(self) -> dict:
        return {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}

    @property
    def _label(self) -> dict:
        return {"fontsize": TEXT, "color": self._look.quiet}

    @property
    def _quiet(self) -> dict:
        return {"fontsize": SMALL, "color": self._look.quiet}

    def _ticks(self, paper: Axes, y: float) -> list[Artist]:
        """Ticks on a line at `y`, which `mark_ticks` numbers."""
        strokes = Line2D([], [], linestyle="", marker=TICKDOWN, markersize=3)
        paper.add_line(strokes).set(color=self._look.quiet, markeredgewidth=1)
        return [
            strokes,
            *(letter(paper, 0, y + 16, ha="center", **self._quiet) for _ in range(MOST_TICKS)),
        ]

    # -- rows of channels -------------------------------------------------------------------------

    def _rows(self, paper: Axes) -> list[Artist]:
        look, boxes = self._look, {}
        self._shapes = {}
        for name, (top, height, title) in ROWS.items():
            paper.text(LEFT, top - 9, title, **self._heading)
            self._shapes[name] = letter(paper, LEFT + WIDTH, top - 9, ha="right", **self._quiet)
            boxes[name] = LEFT, top, WIDTH, height
        self.z = marks.Bars(paper, look, box=boxes["z"])
        self.w1 = marks.WeightImage(paper, look.weights, box=boxes["W1"])
        self.w2 = marks.WeightImage(paper, look.weights, box=boxes["W2"])
        self.gates = marks.Bars(paper, look, track=True, box=boxes["gates"])
        self._axis(paper, boxes["z"], {0.0: "0"})
        self._axis(paper, boxes["gates"], {0.0: "0", 0.5: "0.5", 1.0: "1"})
        at = {"ha": "right", "va": "center_baseline"}
        self._most_z = letter(paper, LEFT - 7, ROWS["z"][0], **at, **self._quiet)
        bottom = sum(ROWS["gates"][:2])
        self._channels = self._ticks(paper, bottom)
        paper.text(LEFT + WIDTH / 2, bottom + 31, "channel", ha="center", **self._label)
        rows = self.z, self.w1, self.w2, self.gates
        return [
            *(row.artist for row in rows),
            *self._shapes.values(),
            self._most_z,
            *self._channels,
        ]

    def _axis(self, paper: Axes, box: marks.Box, ticks: dict[float, str]) -> None:
        """A line on the left with numbers at parts of its height, and a line below."""
        left, top, width, height = box
        bottom = top + height
        line = {"color": self._look.faint, "linewidth": 1, "solid_joinstyle": "miter"}
        paper.add_line(Line2D([left, left, left + width], [top, bottom, bottom], **line))
        paper.add_line(Line2D([left - 3, left], [top, top], **line))
        at = {"ha": "right", "va": "center_baseline"}
        for part, text in ticks.items():
            y = bottom - part * height
            paper.add_line(Line2D([left - 3, left], [y, y], **line))
            paper.text(left - 7, y, text, **at, **self._quiet)

    def _update_rows(self, state: ExcitationState) -> None:
        look, trace = self._look, state.trace
        channels, hidden = state.channels, state.hidden
        self.z.high = sources.z_top(trace.squeezed)
        self._most_z.set_text(f"{self.z.high:.1f}")
        self.z.set(trace.squeezed, look.bar)
        self.gates.set(trace.gates, look.gates(trace.gates))
        # A question keeps its colours whatever r is; random weights have no scale of their own.
        listens, answers = hand_made.STRONGEST if state.questions else (None, None)
        self.w1.set(state.weights.reduce.T, listens)
        self.w2.set(state.weights.expand, answers)
        self._shapes["z"].set_text(f"{channels} numbers")
        for name, mark, shape in (
            ("W1", self.w1, (channels, hidden)),
            ("W2", self.w2, (hidden, channels)),
        ):
            sampled = "a sample of " if mark.shown.size < channels * hidden else ""
            self._shapes[name].set_text(f"{sampled}{shape[0]} → {shape[1]}")
        self._shapes["gates"].set_text(f"{channels} gates")
        told = sorted({round(part * (channels - 1) / 4) for part in range(5)})
        places = {LEFT + WIDTH * (channel + 0.5) / channels: str(channel) for channel in told}
        mark_ticks(self._channels, places, sum(ROWS["gates"][:2]))

    # -- hidden units -----------------------------------------------------------------------------

    def _units(self, paper: Axes) -> list[Artist]:
        look, (left, width) = self._look, UNITS
        boxes = [(left, *ROWS[name][:1], width, ROWS[name][1]) for name in ("W1", "W2")]
        middle = left + width / 2
        for _, top, _, height in boxes:
            paper.add_line(
                Line2D([middle, middle], [top, top + height], color=look.faint, linewidth=1)
            )
        self._asked, self._answered = (
            letter(paper, left, top - 9, **self._heading) for _, top, _, _ in boxes
        )
        self.reduced, self.hidden = (
            marks.Bars(paper, look, low=-1, sideways=True, box=box) for box in boxes
        )
        right = {"ha": "right", "va": "center_baseline"}
        self._values = [
            letter(paper, left + width + 44, 0, **right, **self._quiet)
            for _ in range(2 * MOST_NUMBERS)
        ]
        bars = self.reduced.artist, self.hidden.artist
        return [*bars, self._asked, self._answered, *self._values]

    def _update_units(self, state: ExcitationState) -> None:
        look, trace = self._look, state.trace
        most = max(float(np.abs(trace.reduced).max()), 1e-9)
        self.reduced.set(trace.reduced / most, look.bar)
        self.hidden.set(trace.hidden / most, look.bar)
        self._asked.set_text(f"{state.channels} / {state.reduction} = {state.hidden} sums")
        self._answered.set_text("after the curve")
        columns = (
            (trace.reduced, self._values[:MOST_NUMBERS], ROWS["W1"]),
            (trace.hidden, self._values[MOST_NUMBERS:], ROWS["W2"]),
        )
        for values, texts, (top, height, _) in columns:
            for unit, text in enumerate(texts):
                shown = state.hidden <= MOST_NUMBERS and unit < state.hidden
                text.set_visible(shown)
                if shown:
                    text.set(
                        text=number(values[unit]), y=top + (unit + 0.5) * height / state.hidden
                    )

    # -- what every r costs -----------------------------------------------------------------------

    def _costs(self, paper: Axes) -> list[Artist]:
        look, (left, top, width, height) = self._look, COSTS
        paper.text(SIDE, 21, "parameters, for each r", **self._heading)
        self._axis(paper, COSTS, {})
        self._curve = Line2D([], [], marker="o", color=look.faint, linewidth=2, markersize=4)
        self._here = Line2D([], [], marker="o", color=look.accent, markersize=10, zorder=4)
        for line in (self._curve, self._here):
            paper.add_line(line)
        self._reductions = self._ticks(paper, top + height)
        middle = left + width / 2
        paper.text(middle, top + height + 31, "r", ha="center", **self._label)
        self._ends = Line2D([], [], linestyle="", marker=TICKLEFT, markersize=3)
        paper.add_line(self._ends).set(color=look.quiet, markeredgewidth=1)
        at = {"ha": "right", "va": "center_baseline"}
        self._counts = [letter(paper, left - 7, 0, **at, **self._quiet) for _ in range(2)]
        self._formula = letter(paper, SIDE, 42, "", fontsize=TEXT, color=look.accent)
        self._total = letter(paper, SIDE, 60, "", fontsize=TEXT, color=look.accent)
        moving = self._curve, self._here, *self._reductions, self._ends, *self._counts
        return [*moving, self._formula, self._total]

    def _update_costs(self, state: ExcitationState) -> None:
        left, top, width, height = COSTS
        channels, hidden = state.channels, state.hidden
        powers = [2**i for i in range(channels.bit_length())]
        parameters = [costs.se_cost(channels, r).parameters for r in powers]
        least, most = min(parameters) / 1.6, max(parameters) * 1.6
        widest = max(powers[-1], 2) * 1.25

        def place_of(r: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            across = np.log(np.divide(r, 0.8)) / np.log(widest / 0.8)
            up = np.log(np.divide(count, least)) / np.log(most / least)
            return left + width * across, top + height * (1 - up)

        xs, ys = place_of(powers, parameters)
        self._curve.set_data(xs, ys)
        self._here.set_data(*place_of([state.reduction], [state.parameters]))
        every = max(1, (len(powers) + 4) // 5)
        told = dict(zip(xs[::every].tolist(), map(str, powers[::every]), strict=True))
        mark_ticks(self._reductions, told, top + height)
        ends = {ys[0]: parameters[0], ys[-1]: parameters[-1]}
        self._ends.set_data([left] * len(ends), list(ends))
        for text, (y, count) in zip(self._counts, [*ends.items(), (0, "")], strict=False):
            text.set(y=y, text=count and short(count))
        self._formula.set_text(f"2 · {channels} · {hidden} + {hidden} + {channels}")
        self._total.set_text(f"= {state.parameters:,}")

    # -- words ------------------------------------------------------------------------------------

    def _words(self, paper: Axes) -> list[Artist]:
        style = {"fontsize": TEXT, "color": self._look.ink}
        self._lines = [letter(paper, SIDE, 272 + 22 * i, "", **style) for i in range(9)]
        return self._lines

    def update(self, state: ExcitationState) -> str:
        self._update_rows(state)
        self._update_units(state)
        self._update_costs(state)
        words = describe(state)
        for line, text in zip(self._lines, [*words, *[""] * 9], strict=False):
            line.set_text(text)
        return (
            f"Excitation of {PHOTOS[state.photo].title}: {state.channels} channels, r = "
            f"{state.reduction}, {state.hidden} hidden units, {state.parameters} parameters. "
            + " ".join(words)
        )
