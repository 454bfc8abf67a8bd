"""What the hero shows, and how it is computed."""

from typing import NamedTuple

from attention_lib.panels import sources
from attention_lib.steps.se import SETrace, SEWeights, se_forward

STAGES = ("photo", "feature maps", "squeeze", "FC1", "ReLU", "FC2", "sigmoid", "scale")
PHOTO, MAPS, SQUEEZE, FC1, RELU, FC2, GATE, SCALE = range(len(STAGES))


class PipelineState(NamedTuple):
    """A trace, its weights, and where the learner stands."""

    trace: SETrace
    weights: SEWeights
    questions: tuple[str, ...]  # one a hidden unit, or none
    photo: str
    reduction: int
    channel: int
    stage: int  # an index into STAGES

    @property
    def channels(self) -> int:
        return len(self.trace.gates)

    @property
    def hidden(self) -> int:
        return len(self.trace.hidden)


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
    trace = se_forward(sources.feature_maps(photo, channels), made)
    return PipelineState(trace, made, asked, photo, reduction, channel, int(stage) - 1)
