"""The excitation panel: z through W1, hidden units, W2, to gates, for any C and r."""

from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from attention_lib import costs, marks
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, dress, page, place
from attention_lib.panels import sources
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import Number, choice
from attention_lib.steps.activations import ACTIVATIONS, GATES
from attention_lib.steps.se import SEExcitation, SEWeights, trace_excitation

HEIGHT = 520


class ExcitationState(NamedTuple):
    """What the panel shows: the trace, its weights, and where they come from."""

    trace: SEExcitation
    weights: SEWeights
    questions: tuple[str, ...]
    photo: str
    reduction: int
    activation: str
    gate: str
    parameters: dict[int, int]

    @property
    def channels(self) -> int:
        return len(self.trace.gates)


def compute(
    photo: str,
    channels: int,
    reduction: int,
    weights: str,
    activation: str,
    gate: str,
    spread: float,
    seed: int,
) -> ExcitationState:
    """Run the excitation on a photograph's summary."""
    made, asked = sources.excitation_weights(weights, channels, reduction, spread=spread, seed=seed)
    trace = trace_excitation(
        sources.summary(photo, channels),
        made,
        activation=ACTIVATIONS[activation],
        gate=GATES[gate],
    )
    powers = [2**i for i in range(channels.bit_length()) if 2**i <= channels]
    return ExcitationState(
        trace=trace,
        weights=made,
        questions=asked,
        photo=photo,
        reduction=reduction,
        activation=activation,
        gate=gate,
        parameters={r: costs.se_cost(channels, r).parameters for r in [*powers, reduction]},
    )


class ExcitationScene(Scene):
    """Channels run from left to right in every row; hidden units stand beside their weights."""

    def layout(self, state: ExcitationState) -> int:
        return state.channels

    def build(self, figure: Figure, look: Look, state: ExcitationState) -> list[Artist]:
        channels = state.channels
        self._look = look
        paper = page(figure, look)

        def title(x, y, text, shape="", color=look.ink):
            paper.text(x, y, text, fontsize=TEXT, weight="bold", color=color, va="baseline")
            return paper.text(x + 182, y, shape, fontsize=SMALL, color=look.quiet, va="baseline")

        left, wide = 52, 500
        title(left, 20, "squeezed  z", f"{channels}")
        title(left, 132, "W1 asks")
        title(left, 252, "W2 answers")
        title(left, 372, "gates  s", f"{channels}")
        title(left + wide + 30, 132, "hidden")
        title(left + wide + 30, 372, "")
        axes = [
            dress(place(figure, left, top, wide, height), look)
            for top, height in ((28, 76), (140, 84), (260, 84), (380, 92))
        ]
        z_axes, w1_axes, w2_axes, gate_axes = axes
        for ax in axes:
            ax.set(xlim=(-0.5, channels - 0.5), xticks=[], yticks=[])
        top = max(0.1, float(np.ceil(state.trace.squeezed.max() * 10) / 10))
        self._top = max(top, 0.6)
        z_axes.set(ylim=(0, self._top), yticks=[0, self._top])
        gate_axes.set(ylim=(0, 1), yticks=[0, 0.5, 1])
        gate_axes.set_xticks(
            sorted({0, channels // 4, channels // 2, 3 * channels // 4, channels - 1})
        )
        gate_axes.set_xlabel("channel")
        for ax in (w1_axes, w2_axes):
            for spine in ax.spines.values():
                spine.set_visible(False)

        self._z = marks.Bars(z_axes, look, high=self._top)
        self._gates = marks.Bars(gate_axes, look, track=True)
        self._w1 = marks.WeightImage(w1_axes, look.weights)
        self._w2 = marks.WeightImage(w2_axes, look.weights)
        hidden_axes = place(figure, left + wide + 30, 140, 80, 84)
        answer_axes = place(figure, left + wide + 30, 260, 80, 84)
        for ax in (hidden_axes, answer_axes):
            ax.set_axis_off()
        self._hidden = marks.Bars(hidden_axes, look, sideways=True)
        self._answers = marks.Bars(answer_axes, look, sideways=True)
        shape = {"fontsize": SMALL, "color": look.quiet, "va": "baseline"}
        self._w1_shape = paper.text(left + 182, 132, "", **shape)
        self._w2_shape = paper.text(left + 182, 252, "", **shape)
        self._hidden_text = paper.text(left + wide + 92, 132, "", **shape)

        cost_axes = dress(place(figure, 724, 52, 210, 172), look)
        paper.text(700, 20, "parameters, for each r", fontsize=TEXT, weight="bold", color=look.ink)
        reductions = sorted(state.parameters)
        cost_axes.set(xscale="log", yscale="log")
        cost_axes.plot(
            [costs_r for costs_r in reductions],
            [state.parameters[r] for r in reductions],
            color=look.faint,
            linewidth=2,
            marker="o",
            markersize=4,
        )
        cost_axes.minorticks_off()
        cost_axes.set_xlabel("r")
        (self._here,) = cost_axes.plot([], [], "o", color=look.accent, markersize=10, zorder=4)
        self._cost = paper.text(700, 40, "", fontsize=TEXT, color=look.accent, va="baseline")
        self._story = [
            paper.text(700, 262 + 20 * i, "", fontsize=TEXT, color=look.ink, va="baseline")
            for i in range(8)
        ]
        paper.text(left, 512, "", fontsize=SMALL)
        return [
            self._z.artist,
            self._w1.artist,
            self._w2.artist,
            self._gates.artist,
            self._hidden.artist,
            self._answers.artist,
            self._w1_shape,
            self._w2_shape,
            self._hidden_text,
            self._here,
            self._cost,
            *self._story,
        ]

    def update(self, state: ExcitationState) -> str:
        trace, look = state.trace, self._look
        channels, hidden = state.channels, len(trace.hidden)
        self._z.set(trace.squeezed, look.bar)
        self._gates.set(trace.gates, look.gates(trace.gates))
        self._w1.set(state.weights.reduce.T)
        self._w2.set(state.weights.expand)
        most = max(float(np.abs(trace.hidden).max()), 1e-12)
        for bars in (self._hidden, self._answers):
            bars.set(trace.hidden / most, look.bar)
        self._w1_shape.set_text(f"{channels} → {hidden}")
        self._w2_shape.set_text(f"{hidden} → {channels}")
        self._hidden_text.set_text(f"{channels} / {state.reduction} = {hidden}")
        parameters = state.parameters[state.reduction]
        self._here.set_data([state.reduction], [parameters])
        self._cost.set_text(f"r = {state.reduction}: {parameters:,}")
        return f"{channels} gates from {trace.gates.min():.2f} to {trace.gates.max():.2f}"


def show_excitation(
    photo: str = "cat",
    channels: int = 16,
    reduction: int = 4,
    weights: str = "hand-made",
    activation: str = "relu",
    gate: str = "sigmoid",
    spread: float = 4.0,
    seed: int = 0,
) -> Panel:
    """Excitation, live."""
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "weights": choice("weights", sources.WEIGHT_CHOICES, weights),
        "channels": Number("C, channels", channels, 1, 2048, powers_of_two=True),
        "reduction": Number("r, reduction", reduction, 1, 256, powers_of_two=True),
        "activation": choice("activation", ["relu", "swish"], activation),
        "gate": choice("gate", ["sigmoid", "hard_sigmoid"], gate),
        "spread": Number("weight spread", spread, 0, 10, step=0.5),
        "seed": Number("seed", seed, 0, 20),
    }
    named = list(controls.values())
    return Panel(
        ExcitationScene(),
        compute,
        controls,
        [[named[0], named[1], named[4], named[5]], [named[2], named[3]], [named[6], named[7]]],
        height=HEIGHT,
    )
