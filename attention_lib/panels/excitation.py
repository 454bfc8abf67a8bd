"""Excitation, for any C and r: summaries through W1, hidden units and W2 to gates."""

from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_lib import costs, marks
from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, dress, page, place
from attention_lib.panels import sources
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import Number, choice
from attention_lib.panels.words import number
from attention_lib.photos import PHOTOS
from attention_lib.steps.activations import ACTIVATIONS, GATES
from attention_lib.steps.se import SEExcitation, SEWeights, trace_excitation

HEIGHT = 516
LEFT, WIDTH = 44, 470
UNITS = (536, 96)  # the hidden units' bars: left edge and width
SIDE = 690  # the column of parameters and words
MOST_NUMBERS = 8


class ExcitationState(NamedTuple):
    """A trace, its weights, where they come from, and what they cost."""

    trace: SEExcitation
    weights: SEWeights
    questions: tuple[str, ...]
    photo: str
    reduction: int
    parameters: int

    @property
    def channels(self) -> int:
        return len(self.trace.gates)

    @property
    def hidden(self) -> int:
        return len(self.trace.hidden)


def compute(
    photo: str,
    weights: str,
    channels: int,
    reduction: int,
    activation: str,
    gate: str,
    spread: float,
    seed: int,
) -> ExcitationState:
    """Run the excitation on a photograph's summary; `show_excitation` has the arguments."""
    made, asked = sources.excitation_weights(weights, channels, reduction, spread=spread, seed=seed)
    trace = trace_excitation(
        sources.summary(photo, channels),
        made,
        activation=ACTIVATIONS[activation],
        gate=GATES[gate],
    )
    parameters = costs.se_cost(channels, reduction).parameters
    return ExcitationState(trace, made, asked, photo, reduction, parameters)


class ExcitationScene(Scene):
    """Channels run from left to right in every row; hidden units stand beside their weights."""

    def layout(self, state: ExcitationState) -> tuple:
        return state.channels, sources.z_top(state.trace.squeezed)

    def build(self, figure: Figure, look: Look, state: ExcitationState) -> list[Artist]:
        self._look = look
        paper = page(figure, look)
        heading = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        quiet = {"fontsize": SMALL, "color": look.quiet}
        rows = {"z": 30, "W1": 140, "W2": 260, "gates": 380}
        titles = {
            "z": "squeeze z: what is there",
            "W1": "W1: each row asks",
            "W2": "W2: each row answers",
            "gates": "gates s: what may pass",
        }
        self._shapes = {
            name: letter(paper, LEFT + WIDTH, top - 9, "", ha="right", **quiet)
            for name, top in rows.items()
        }
        axes = {}
        for (name, top), height in zip(rows.items(), (72, 84, 84, 90), strict=True):
            paper.text(LEFT, top - 9, titles[name], **heading)
            axes[name] = self._channel_axes(figure, top, height, state.channels)
        top = sources.z_top(state.trace.squeezed)
        axes["z"].set(ylim=(0, top), yticks=[0, top])
        axes["gates"].set(ylim=(0, 1), yticks=[0, 0.5, 1])
        axes["gates"].set_xticks(_ticks(state.channels))
        axes["gates"].set_xlabel("channel", labelpad=1)
        for name in ("W1", "W2"):
            axes[name].spines[:].set_visible(False)
        self.z = marks.Bars(axes["z"], look, high=top)
        self.w1 = marks.WeightImage(axes["W1"], look.weights)
        self.w2 = marks.WeightImage(axes["W2"], look.weights)
        self.gates = marks.Bars(axes["gates"], look, track=True)

        left, width = UNITS
        self._asked = letter(paper, left, rows["W1"] - 9, "", **heading)
        self._answered = letter(paper, left, rows["W2"] - 9, "", **heading)
        asks = place(figure, left, rows["W1"], width, 84)
        answers = place(figure, left, rows["W2"], width, 84)
        self.reduced, self.hidden = (
            marks.Bars(ax, look, low=-1, sideways=True) for ax in (asks, answers)
        )
        for ax in (asks, answers):
            ax.set_axis_off()
            ax.axvline(0.5, color=look.faint, linewidth=1)
            ax.set_xlim(0, 1)
        self._values = [
            letter(paper, left + width + 44, 0, "", ha="right", va="center_baseline", **quiet)
            for _ in range(2 * MOST_NUMBERS)
        ]
        moving = [
            *(mark.artist for mark in (self.z, self.w1, self.w2, self.gates)),
            *(mark.artist for mark in (self.reduced, self.hidden)),
            *self._shapes.values(),
            self._asked,
            self._answered,
            *self._values,
        ]
        return moving + self._cost(figure, paper, state.channels) + self._words(paper)

    def _channel_axes(self, figure: Figure, top: float, height: float, channels: int) -> Axes:
        ax = dress(place(figure, LEFT, top, WIDTH, height), self._look)
        ax.set(xlim=(-0.5, channels - 0.5), xticks=[], yticks=[])
        return ax

    def _cost(self, figure: Figure, paper: Axes, channels: int) -> list[Artist]:
        look = self._look
        paper.text(SIDE, 21, "parameters, for each r", fontsize=TEXT, weight="bold", color=look.ink)
        powers = [2**i for i in range(channels.bit_length())]
        parameters = [costs.se_cost(channels, r).parameters for r in powers]
        ax = dress(place(figure, SIDE + 56, 80, 192, 126), look)
        ax.set(xscale="log", yscale="log", xlim=(0.8, max(powers[-1], 2) * 1.25))
        ax.set_ylim(min(parameters) / 1.6, max(parameters) * 1.6)
        ax.plot(powers, parameters, "o-", color=look.faint, linewidth=2, markersize=4)
        every = max(1, (len(powers) + 4) // 5)
        ax.set_xticks(powers[::every], [str(r) for r in powers[::every]], minor=False)
        ends = sorted({parameters[0], parameters[-1]})
        ax.set_yticks(ends, [_short(n) for n in ends], minor=False)
        ax.minorticks_off()
        ax.set_xlabel("r", labelpad=1)
        (self._here,) = ax.plot([], [], "o", color=look.accent, markersize=10, zorder=4)
        self._formula = letter(paper, SIDE, 42, "", fontsize=TEXT, color=look.accent)
        self._total = letter(paper, SIDE, 60, "", fontsize=TEXT, color=look.accent)
        return [self._here, self._formula, self._total]

    def _words(self, paper: Axes) -> list[Artist]:
        style = {"fontsize": TEXT, "color": self._look.ink}
        self._lines = [letter(paper, SIDE, 272 + 22 * i, "", **style) for i in range(9)]
        return self._lines

    def update(self, state: ExcitationState) -> str:
        look, trace = self._look, state.trace
        channels, hidden = state.channels, state.hidden
        self.z.set(trace.squeezed, look.bar)
        self.gates.set(trace.gates, look.gates(trace.gates))
        self.w1.set(state.weights.reduce.T)
        self.w2.set(state.weights.expand)
        most = max(float(np.abs(trace.reduced).max()), 1e-9)
        self.reduced.set(trace.reduced / most, look.bar)
        self.hidden.set(trace.hidden / most, look.bar)
        self._update_values(trace)
        self._shapes["z"].set_text(f"{channels} numbers")
        for name, mark, shape in (
            ("W1", self.w1, (channels, hidden)),
            ("W2", self.w2, (hidden, channels)),
        ):
            sampled = "a sample of " if mark.shown.size < channels * hidden else ""
            self._shapes[name].set_text(f"{sampled}{shape[0]} → {shape[1]}")
        self._shapes["gates"].set_text(f"{channels} gates")
        self._asked.set_text(f"{channels} / {state.reduction} = {hidden} sums")
        self._answered.set_text("after the curve")
        self._here.set_data([state.reduction], [state.parameters])
        self._formula.set_text(f"2 · {channels} · {hidden} + {hidden} + {channels}")
        self._total.set_text(f"= {state.parameters:,}")
        words = describe(state)
        for line, text in zip(self._lines, [*words, *[""] * 9], strict=False):
            line.set_text(text)
        return (
            f"Excitation of {PHOTOS[state.photo].title}: {channels} channels, r = "
            f"{state.reduction}, {hidden} hidden units, {state.parameters} parameters. "
            + " ".join(words)
        )

    def _update_values(self, trace: SEExcitation) -> None:
        hidden = len(trace.hidden)
        columns = (
            (trace.reduced, self._values[:MOST_NUMBERS], 140),
            (
                trace.hidden,
                self._values[MOST_NUMBERS:],
                260,
            ),
        )
        for values, texts, top in columns:
            for unit, text in enumerate(texts):
                shown = hidden <= MOST_NUMBERS and unit < hidden
                text.set_visible(shown)
                if shown:
                    text.set(text=number(values[unit]), y=top + (unit + 0.5) * 84 / hidden)


def describe(state: ExcitationState) -> list[str]:
    """The state in short lines of words, from the trace."""
    trace = state.trace
    if state.questions:
        source = ["Hand-made weights. The rows ask:"]
        source += [f"{unit}: {question}" for unit, question in enumerate(state.questions)]
    else:
        source = ["Seeded weights: nobody trained them,", "so the gates have no meaning yet."]
    silent = int((trace.hidden == 0).sum())
    return [
        *source,
        f"Silent hidden units: {silent} of {state.hidden}.",
        f"Gates from {trace.gates.min():.2f} to {trace.gates.max():.2f},",
        f"their sum is {trace.gates.sum():.2f}:",
        "nothing makes it 1.",
    ]


def _ticks(channels: int) -> list[int]:
    return sorted({round(part * (channels - 1) / 4) for part in range(5)})


def _short(count: int) -> str:
    """A count in at most four characters or so: 148, 8.3k, 2.1M."""
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.3g}{suffix}"
    return str(count)


def show_excitation(
    photo: str = "cat",
    weights: str = "hand-made",
    channels: int = 16,
    reduction: int = 4,
    activation: str = "relu",
    gate: str = "sigmoid",
    spread: float = 4.0,
    seed: int = 0,
) -> Panel:
    """See C summaries become C gates, for any C and r.

    Args:
        photo: a key of `photos.PHOTOS`.
        weights: "hand-made", questions one can read, where there are any; or "seeded".
        channels: C, from 1 to 2048.
        reduction: r, from 1 to C.
        activation: after W1, "relu" or "swish".
        gate: after W2, "sigmoid" or "hard_sigmoid".
        spread: of seeded weights; 0 makes all of them zero.
        seed: which draw of seeded weights.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "weights": choice("weights", sources.WEIGHT_CHOICES, weights),
        "channels": Number("C, channels", channels, 1, 2048, powers_of_two=True),
        "reduction": Number("r, reduction", reduction, 1, 256, powers_of_two=True),
        "activation": choice("activation", list(ACTIVATIONS), activation),
        "gate": choice("gate", {"sigmoid": "sigmoid", "hard sigmoid": "hard_sigmoid"}, gate),
        "spread": Number("spread of seeded weights", spread, 0, 10, step=0.5),
        "seed": Number("seed", seed, 0, 20),
    }
    photo_, weights_, c, r, activation_, gate_, spread_, seed_ = controls.values()
    rows = [[photo_, weights_, activation_, gate_], [c, r], [spread_, seed_]]
    return Panel(ExcitationScene(), compute, controls, rows, height=HEIGHT)
