"""What the hero shows, and how it is computed."""

from typing import NamedTuple

import numpy as np

from attention_lib.panels import sources
from attention_lib.steps.se import SEExcitation, SEWeights, scale, trace_excitation

STAGES = ("photo", "feature maps", "squeeze", "FC1", "ReLU", "FC2", "sigmoid", "scale")
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
    """Run the whole block on a photograph's feature maps.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C.
        reduction: r.
        weights: "hand-made" or "seeded".
        channel: the chosen channel.
        stage: from 1 to 8.

    Returns:
        The state at that stage.

    Raises:
        ValueError: if a value cannot be.
    """
    made, asked = sources.excitation_weights(weights, channels, reduction)
    sources.require_channel(channel, channels)
    if stage not in range(1, len(STAGES) + 1):
        raise ValueError(
            f"`stage` must be one of the {len(STAGES)} stages. Received: stage={stage}. "
            f"Choose 1 to {len(STAGES)}, or press Back or Next."
        )
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
