"""What the pipeline panel shows, and how it is computed."""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import and_more, capital, largest, number, sentences, total
from attention_lib.examples import filters, photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.steps.se import SEExcitation, SEWeights, scale, trace_excitation

STAGES = (
    say("photo"),
    say("feature maps"),
    say("squeeze"),
    "FC1",
    "ReLU",
    "FC2",
    "sigmoid",
    say("scale"),
)

PHOTO, MAPS, SQUEEZE, FC1, RELU, FC2, GATE, SCALE = range(len(STAGES))
MOST_ROWS = 16  # maps that fit below each other
SAMPLED = 10  # maps shown where not all of them fit


class PipelineState(NamedTuple):
    """A trace, its weights, and where the learner stands.

    Of the feature maps there are those shown: all 2048 would be 25 MB.
    """

    trace: SEExcitation
    weights: SEWeights
    questions: tuple[str, ...]  # one a hidden unit, or none
    photo: str
    reduction: int
    channel: int
    stage: int  # an index into STAGES
    shown: tuple[int, ...]  # channels, one a row
    maps: np.ndarray  # (H, W, n) of the channels shown
    scaled: np.ndarray  # (H, W, n), the same after their gates

    @property
    def channels(self) -> int:
        return len(self.trace.gates)

    @property
    def hidden(self) -> int:
        return len(self.trace.hidden)

    @property
    def all_shown(self) -> bool:
        """Whether every channel has a row."""
        return self.channels <= MOST_ROWS

    @property
    def row(self) -> int:
        """Where the chosen channel is among those shown."""
        return self.shown.index(self.channel)


def compute(
    photo: str, channels: int, reduction: int, weights: str, channel: int, stage: int
) -> PipelineState:
    """Run the whole block on a photograph's feature maps; `show_pipeline` has the arguments."""
    made, asked = sources.excitation_weights(weights, channels, reduction)
    _require.count(channel, "channel", least=0, most=channels - 1)
    _require.count(stage, "stage", most=len(STAGES))
    trace = trace_excitation(sources.summary(photo, channels), made)
    shown = sample(channels, channel)
    maps = sources.some_maps(photo, shown)
    scaled = scale(maps, trace.gates[list(shown)])
    at = int(channel), int(stage) - 1
    return PipelineState(trace, made, asked, photo, reduction, *at, shown, maps, scaled)


def sample(channels: int, chosen: int) -> tuple[int, ...]:
    """The channels whose maps are shown: all, or a sample that stands evenly around one."""
    step = 1 if channels <= MOST_ROWS else -(-channels // SAMPLED)
    return tuple(range(int(chosen) % step, int(channels), step))


MOST_FLOWS = 8  # lines that the eye can follow from one channel


def largest_flows(
    state: PipelineState, *, few: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """What flows from channels to hidden units and back: a weight times what it weighs.

    Args:
        state: with a trace.
        few: whether to tell of all channels; else of the chosen one, and of its largest flows.

    Returns:
        (n,) channels, (n,) hidden units, (n,) what the channel adds to the unit, (n,) what the unit
        adds to the channel's logit, and how many units are left out.
    """
    trace, weights = state.trace, state.weights
    units = np.arange(state.hidden)
    if not few and state.hidden > MOST_FLOWS:
        flow = np.abs(trace.hidden * weights.expand[:, state.channel])
        flow = flow + np.abs(trace.squeezed[state.channel] * weights.reduce[state.channel])
        units = np.sort(np.argsort(-flow, kind="stable")[:MOST_FLOWS])
    channels = np.arange(state.channels) if few else np.array([state.channel])
    channel, unit = (grid.ravel() for grid in np.meshgrid(channels, units, indexing="ij"))
    into = trace.squeezed[channel] * weights.reduce[channel, unit]
    out = trace.hidden[unit] * weights.expand[unit, channel]
    return channel, unit, into, out, state.hidden - len(units)


def shapes(state: PipelineState) -> tuple[str, ...]:
    """What is written under the headings: the shape at each stage."""
    height, width, _ = state.maps.shape
    channels, hidden = state.channels, state.hidden
    return (
        f"{photos.SIDE} × {photos.SIDE} × 3",
        f"{height} × {width} × {channels}",
        f"{channels}",
        f"{channels} / {state.reduction} = {hidden}",
        f"{hidden}",
        f"{channels}",
        say("{channels} gates", channels=channels),
        f"{height} × {width} × {channels}",
    )


def result(state: PipelineState) -> tuple[tuple[str, str], tuple[np.ndarray, np.ndarray], str]:
    """What comes of it: all maps added up before and after, or where they are many the chosen one.

    Returns:
        Two titles, two pictures (H, W, 3), and how much of the sum of their values is left.
    """
    maps, scaled = state.maps, state.scaled
    titles = say("all maps"), say("after gates")
    if not state.all_shown:
        maps, scaled = maps[..., [state.row]], scaled[..., [state.row]]
        titles = say("map {channel}", channel=state.channel), say("after its gate")
        pictures = tuple(np.repeat(np.clip(part, 0, 1), 3, axis=-1) for part in (maps, scaled))
    else:
        pictures = sources.added_up(maps, maps), sources.added_up(scaled, maps)
    return (
        titles,
        pictures,
        say("sum: {percent:.0f} %", percent=100 * sources.share_left(maps, scaled)),
    )


def explain(state: PipelineState) -> tuple[str, str]:
    """The stage and the chosen channel; and what the stage does, with its numbers put in."""
    name = filters.channel_names(state.channel + 1)[-1]
    title = say(
        "{stage} · channel {channel}, {name}.",
        stage=STAGES[state.stage],
        channel=state.channel,
        name=name,
    )
    sentence = _SENTENCES[state.stage](state)
    return (title if state.stage >= MAPS else f"{STAGES[state.stage]}."), sentence


def describe(state: PipelineState) -> str:
    """The whole picture in words."""
    name = filters.channel_names(state.channel + 1)[-1]
    z, gate = state.trace.squeezed[state.channel], state.trace.gates[state.channel]
    said = [explain(state)[1]]
    if state.stage >= SCALE:
        said.append(say("Of the maps {left}.", left=result(state)[2]))
    return say(
        "Stage {stage} of {count}, {name_of_stage}. {title}, C = {channels}, r = "
        "{reduction}. Channel {channel}, {name}: z = {z:.3f}, gate = {gate:.3f}. "
        "{explain}",
        stage=state.stage + 1,
        count=len(STAGES),
        name_of_stage=STAGES[state.stage],
        title=photos.PHOTOS[state.photo].title,
        channels=state.channels,
        reduction=state.reduction,
        channel=state.channel,
        name=name,
        z=z,
        gate=gate,
        explain=sentences(said),
    )


def _photo(state: PipelineState) -> str:
    title = capital(photos.PHOTOS[state.photo].title)
    return say("{title}: {side} × {side} pixels, three colours.", title=title, side=photos.SIDE)


def _maps(state: PipelineState) -> str:
    height, width, _ = state.maps.shape
    return say(
        "A {kernel} × {kernel} filter, in steps of {stride}, then ReLU: {height} × {width} values.",
        kernel=filters.KERNEL,
        stride=filters.STRIDE,
        height=height,
        width=width,
    )


def _squeeze(state: PipelineState) -> str:
    height, width, _ = state.maps.shape
    z = state.trace.squeezed[state.channel]
    return say(
        "z_{channel} = mean of {height} × {width} = {count} values = {z:.3f}",
        channel=state.channel,
        height=height,
        width=width,
        count=height * width,
        z=z,
    )


def _fc1(state: PipelineState) -> str:
    z, weights = state.trace.squeezed[state.channel], state.weights.reduce[state.channel]
    shown = largest(z * weights, 2 if state.hidden <= 2 else 1)
    parts = [
        say(
            "{weight} · {z:.2f} = {product} to unit {unit}",
            weight=number(weights[unit]),
            z=z,
            product=number(weights[unit] * z, sign=True),
            unit=unit,
        )
        for unit in shown
    ]
    listed = and_more(parts, state.hidden - len(shown), "units")
    return say("z_{channel} adds {listed}", channel=state.channel, listed=listed)


def _relu(state: PipelineState) -> str:
    shown = largest(state.trace.reduced, 2)
    parts = [
        f"relu({number(state.trace.reduced[unit])}) = {number(state.trace.hidden[unit])}"
        for unit in shown
    ]
    inactive = int((state.trace.hidden == 0).sum())
    listed = and_more(parts, state.hidden - len(shown), "units")
    return say(
        "{listed}. At zero: {inactive} of {hidden}.",
        listed=listed,
        inactive=inactive,
        hidden=state.hidden,
    )


def _fc2(state: PipelineState) -> str:
    weights, hidden = state.weights.expand[:, state.channel], state.trace.hidden
    shown = largest(weights * hidden, 3)
    terms = [f"{number(weights[unit])} · {number(hidden[unit])}" for unit in shown]
    if state.hidden > len(shown):
        terms.append(say("{count} smaller terms", count=state.hidden - len(shown)))
    bias = state.weights.expand_bias
    if bias is not None and bias[state.channel]:
        terms.append(number(bias[state.channel]))
    return f"logit_{state.channel} = {total(terms)} = {number(state.trace.logits[state.channel])}"


def _gate(state: PipelineState) -> str:
    logit, gate = state.trace.logits[state.channel], state.trace.gates[state.channel]
    return say(
        "s_{channel} = σ({logit}) = 1 / (1 + exp({minus})) = {gate:.3f}: {openness}",
        channel=state.channel,
        logit=number(logit),
        minus=number(-logit),
        gate=gate,
        openness=_openness(gate),
    )


def _scale(state: PipelineState) -> str:
    height, width, _ = state.maps.shape
    gate = state.trace.gates[state.channel]
    before = np.max(state.maps[..., state.row])
    after = np.max(state.scaled[..., state.row])
    return say(
        "All {count} values × {gate:.3f}: the brightest, {before:.2f}, becomes {after:.2f}.",
        count=height * width,
        gate=gate,
        before=before,
        after=after,
    )


def _openness(gate: float) -> str:
    if gate > 0.75:
        return say("open")
    return say("half open") if gate > 0.25 else say("nearly closed")


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
