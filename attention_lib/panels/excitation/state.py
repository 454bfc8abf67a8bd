"""The excitation panel: its state, computed, and the sentences made from it."""

from typing import NamedTuple

from attention_lib import costs
from attention_lib.panels.kit import sources
from attention_lib.steps.activations import ACTIVATIONS, GATES
from attention_lib.steps.se import SEExcitation, SEWeights, trace_excitation


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


def short(count: int) -> str:
    """A count in at most four characters or so: 148, 8.3k, 2.1M."""
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.3g}{suffix}"
    return str(count)
