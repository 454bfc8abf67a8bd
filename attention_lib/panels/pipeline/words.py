"""The arithmetic of the chosen channel, one sentence a stage, from the trace."""

import numpy as np

from attention_lib import photos
from attention_lib.panels.pipeline.state import (
    FC1,
    FC2,
    GATE,
    MAPS,
    PHOTO,
    RELU,
    SCALE,
    SQUEEZE,
    PipelineState,
)
from attention_lib.panels.words import and_more, largest, number, total


def explain(state: PipelineState) -> str:
    """Say what the present stage does, with the chosen channel's numbers put in."""
    return _SENTENCES[state.stage](state)


def _photo(state: PipelineState) -> str:
    title = photos.PHOTOS[state.photo].title
    return f"{title[0].upper()}{title[1:]}: {photos.SIDE} × {photos.SIDE} pixels, three colours."


def _maps(state: PipelineState) -> str:
    height, width, _ = state.maps.shape
    return (
        f"one {photos.KERNEL} × {photos.KERNEL} filter slides over the photo in steps of "
        f"{photos.STRIDE}; ReLU keeps what is above zero: {height} × {width} answers."
    )


def _squeeze(state: PipelineState) -> str:
    height, width, _ = state.maps.shape
    z = state.trace.squeezed[state.channel]
    return f"z_{state.channel} = mean of {height} × {width} = {height * width} values = {z:.3f}"


def _fc1(state: PipelineState) -> str:
    z, weights = state.trace.squeezed[state.channel], state.weights.reduce[state.channel]
    shown = largest(z * weights, 2)
    parts = [
        f"{number(weights[unit])} · {z:.2f} = {number(weights[unit] * z, sign=True)} "
        f"to {_unit(state, unit)}"
        for unit in shown
    ]
    return f"z_{state.channel} adds " + and_more(parts, state.hidden - len(shown), "units")


def _relu(state: PipelineState) -> str:
    shown = largest(state.trace.reduced, 3)
    parts = [
        f"relu({number(state.trace.reduced[unit])}) = {number(state.trace.hidden[unit])}"
        for unit in shown
    ]
    silent = int((state.trace.hidden == 0).sum())
    listed = and_more(parts, state.hidden - len(shown), "units")
    return f"{listed}. Below zero a unit is silent: {silent} of {state.hidden}."


def _fc2(state: PipelineState) -> str:
    weights, hidden = state.weights.expand[:, state.channel], state.trace.hidden
    shown = largest(weights * hidden, 4)
    terms = [f"{number(weights[unit])} · {number(hidden[unit])}" for unit in shown]
    if state.hidden > len(shown):
        terms.append(f"{state.hidden - len(shown)} smaller terms")
    bias = state.weights.expand_bias
    if bias is not None and bias[state.channel]:
        terms.append(number(bias[state.channel]))
    return f"logit_{state.channel} = {total(terms)} = {number(state.trace.logits[state.channel])}"


def _gate(state: PipelineState) -> str:
    logit, gate = state.trace.logits[state.channel], state.trace.gates[state.channel]
    return (
        f"s_{state.channel} = σ({number(logit)}) = 1 / (1 + exp({number(-logit)})) = {gate:.3f}: "
        f"{_openness(gate)}"
    )


def _scale(state: PipelineState) -> str:
    height, width, _ = state.maps.shape
    gate = state.trace.gates[state.channel]
    before = np.max(state.maps[..., state.row])
    after = np.max(state.scaled[..., state.row])
    return (
        f"each of its {height * width} values × {gate:.3f}: the brightest, {before:.2f}, becomes "
        f"{after:.2f}. The shape stays {height} × {width} × {state.channels}."
    )


def _openness(gate: float) -> str:
    if gate > 0.75:
        return "open"
    return "half open" if gate > 0.25 else "nearly closed"


def _unit(state: PipelineState, unit: int) -> str:
    return f"“{state.questions[unit]}”" if state.questions else f"unit {unit}"


_SENTENCES = {
    PHOTO: _photo,
    MAPS: _maps,
    SQUEEZE: _squeeze,
    FC1: _fc1,
    RELU: _relu,
    FC2: _fc2,
    GATE: _gate,
    SCALE: _scale,
}
