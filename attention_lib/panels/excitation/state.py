"""The excitation panel: its state, computed, and the sentences made from it."""

from typing import NamedTuple

from attention_lib import costs
from attention_lib.examples import photos
from attention_lib.language import say
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
    curve: str  # the activation's name
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
    curve = {"relu": "ReLU", "swish": "swish"}[activation]
    return ExcitationState(trace, made, asked, photo, reduction, curve, parameters)


SINGLY = 5  # hidden units that have words each


def sums(state: ExcitationState) -> list[str]:
    """What stands beside the sums: each unit's question, or how many units there are."""
    if state.questions:
        return list(state.questions)
    if state.hidden <= SINGLY:
        return [say("unit {unit}", unit=unit) for unit in range(state.hidden)]
    nobody = say("Seeded weights: nobody\ntrained them, so they ask\nnothing one could read.")
    return nobody.splitlines()


def answers(state: ExcitationState) -> list[str]:
    """What stands beside the hidden units: whether each has an effect."""
    hidden = state.trace.hidden
    inactive = int((hidden == 0).sum())
    if state.hidden > SINGLY:
        count = {"count": inactive, "hidden": state.hidden}
        return say("{count} of {hidden} units are 0:\nthey have no effect.", **count).splitlines()
    if state.questions:
        return [
            say("yes, so row {unit} counts", unit=unit) if value > 0 else say("no: no effect")
            for unit, value in enumerate(hidden)
        ]
    return ["" if value else say("no effect") for value in hidden]


def gates_in_words(state: ExcitationState, *, by_size: bool) -> str:
    """How many gates, in what order they stand, and their sum: nothing makes it 1."""
    told = {"count": state.channels, "total": state.trace.gates.sum()}
    if by_size:
        return say("{count} gates by size, sum {total:.2f}", **told)
    return say("{count} gates, sum {total:.2f}", **told)


def describe(state: ExcitationState) -> str:
    """The whole picture in words."""
    trace = state.trace
    if state.questions:
        asked = say("; ").join(
            say("{unit}: {question}", unit=unit, question=question)
            for unit, question in enumerate(state.questions)
        )
        source = say("Hand-made weights. The rows ask: {asked}", asked=asked)
    else:
        source = say("Seeded weights: nobody trained them, so the gates have no meaning yet.")
    inactive = int((trace.hidden == 0).sum())
    return say(
        "Excitation of {title}: {channels} channels, r = {reduction}, {hidden} "
        "hidden units, {parameters} parameters. {source} Hidden units at 0: "
        "{inactive} of {hidden}. Gates from {low:.2f} to {high:.2f}; their sum is "
        "{total:.2f}, nothing makes it 1.",
        title=photos.PHOTOS[state.photo].title,
        channels=state.channels,
        reduction=state.reduction,
        hidden=state.hidden,
        parameters=state.parameters,
        source=source,
        inactive=inactive,
        low=trace.gates.min(),
        high=trace.gates.max(),
        total=trace.gates.sum(),
    )
