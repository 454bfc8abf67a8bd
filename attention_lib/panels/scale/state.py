"""The scale panel: its state, computed, and the sentences made from it."""

from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import number, sentences
from attention_lib.examples import filters, photos
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.faders import FADERS
from attention_lib.steps.se import scale, squeeze, trace_excitation

REDUCTION = 4


class ScaleState(NamedTuple):
    """Maps before and after their gates, and who set them."""

    photo: str
    feature_map: np.ndarray  # (56, 56, C)
    gates: np.ndarray  # (C,)
    scaled: np.ndarray  # (56, 56, C)
    by_hand: bool
    answers: dict[str, float]  # what SE's hidden units ask, and how strongly each says yes
    channel: int

    @property
    def channels(self) -> int:
        return len(self.gates)


def compute(photo: str, channels: int, channel: int, gates: tuple[float, ...] | None) -> ScaleState:
    """Scale a photograph's maps; `show_scale` has the arguments."""
    names = filters.channel_names(channels)
    if len(names) > FADERS:
        raise ValueError(
            say(
                "This desk has {faders} faders. Received: channels={channels}. Choose "
                "{faders} or less; the excitation panel takes any C.",
                faders=FADERS,
                channels=channels,
            )
        )
    _require.count(channel, "channel", least=0, most=channels - 1)
    maps = sources.feature_maps(photo, channels)
    by_hand = gates is not None
    set_to, answers = (_by_hand(gates, channels), {}) if by_hand else _by_se(maps)
    return ScaleState(photo, maps, set_to, scale(maps, set_to), by_hand, answers, int(channel))


def _by_hand(gates: tuple[float, ...], channels: int) -> np.ndarray:
    """Gates as set, where that can be; those of further channels are open."""
    set_to = np.array([*gates, *[1.0] * channels][:channels], float)
    for channel, gate in enumerate(set_to):
        if not 0 <= gate <= 1:
            raise ValueError(
                say(
                    "A gate must be a number from 0, closed, to 1, open: it only turns down. "
                    "Received: {gate:g} for channel {channel}. Choose 1 to leave the map as it "
                    "is.",
                    gate=gate,
                    channel=channel,
                )
            )
    return set_to


def _by_se(maps: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """SE's gates, and how its hidden units answered."""
    channels = maps.shape[-1]
    weights, questions = sources.excitation_weights("hand-made", channels, min(REDUCTION, channels))
    trace = trace_excitation(squeeze(maps), weights)
    answers = trace.hidden.tolist() if questions else []
    return trace.gates, dict(zip(questions, answers, strict=True))


def explain(state: ScaleState) -> list[str]:
    """The chosen channel's arithmetic, a sentence a line."""
    height, width, channels = state.feature_map.shape
    before, after = (
        float(maps[..., state.channel].max()) for maps in (state.feature_map, state.scaled)
    )
    return [
        say(
            "All {count} values × {gate:.2f}.",
            count=height * width,
            gate=state.gates[state.channel],
        ),
        say(
            "The brightest, {before}, becomes {after}.", before=number(before), after=number(after)
        ),
        say(
            "Shapes stay {height} × {width} × {channels}.",
            height=height,
            width=width,
            channels=channels,
        ),
    ]


def comment(state: ScaleState) -> str:
    """Who set the gates, and what that shows."""
    if not state.by_hand:
        return say("SE's own gates. {reason}", reason=_reason(state.answers))
    gates = state.gates
    if (gates == 1).all():
        return say("Set by hand, all open: nothing changes.")
    if (gates == 0).all():
        return say("Set by hand, all closed: nothing is left for the layers that follow.")
    if (gates == gates[0]).all():
        return say("Set by hand, all alike: the picture is only darker.")
    return say("Set by hand. “SE's own” shows the gates that SE works out from the photo.")


def _reason(answers: dict[str, float]) -> str:
    """Why SE set the gates as it did, where its weights have a meaning."""
    if not answers:
        return say(
            "Its weights are drawn from a seed and mean nothing; with 8 or 16 channels they do."
        )
    yes = [
        say("“{question}” ({answer:.2f})", question=question, answer=answer)
        for question, answer in answers.items()
        if answer > 0
    ]
    if not yes:
        return say("None of its questions gets a yes from this photo, so every gate is 0.5.")
    return say("This photo says yes to {questions}.", questions=say(", ").join(yes))


def describe(state: ScaleState) -> str:
    """The whole picture in words."""
    name = filters.channel_names(state.channels)[state.channel]
    gates = say(", ").join(f"{gate:.2f}" for gate in state.gates)
    left = sources.share_left(state.feature_map, state.scaled)
    return say(
        "{title}, {channels} channels, {set_by}: {gates}. Channel {channel}, {name}: "
        "{explain} {comment} Of all maps added up {percent:.0f} % is left.",
        title=photos.PHOTOS[state.photo].title,
        channels=state.channels,
        set_by=say("gates set by hand") if state.by_hand else say("gates of SE"),
        gates=gates,
        channel=state.channel,
        name=name,
        explain=sentences(explain(state)),
        comment=comment(state),
        percent=100 * left,
    )
