"""The pipeline panel: Back, Next, Play, and a click that follows a channel."""

from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, Stages, channel_controls, choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.panels.pipeline.scene import HEIGHT, PipelineScene
from attention_lib.panels.pipeline.state import STAGES, compute

STAGES_SHOWN = range(1, len(STAGES) + 1)
RECORDED = (
    Grid(
        {"photo": EVERY, "stage": STAGES_SHOWN},
        {"channel": range(8), "channels": (4, 8, 16, 64), "reduction": (1, 2, 4, 8)},
    ),
    Grid({"photo": EVERY, "channel": range(8)}),
    Grid({"photo": EVERY, "weights": EVERY, "reduction": (2, 4, 8)}, start="C=16"),
    Grid({"stage": STAGES_SHOWN, "channel": (0, 4, 6)}),
)


@can_be_opened
def show_pipeline(
    photo: str = "cat",
    channels: int = 8,
    reduction: int = 4,
    weights: str = "hand-made",
    channel: int = 4,
    stage: int = len(STAGES),
) -> Panel:
    """Walk a photograph through squeeze, excitation and scale.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, from 1 to 2048.
        reduction: r, from 1 to C.
        weights: "hand-made", questions one can read, where there are any; or "seeded".
        channel: the chosen channel, lit up through all stages; a click on a row
            chooses too.
        stage: from 1 to 8, the stage to stand at; a click on a heading goes there.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    count, chosen = channel_controls(say("C, channels"), channels, channel, 2048)
    scene = PipelineScene()
    return Panel(
        scene,
        compute,
        {
            "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
            "weights": choice(say("weights"), sources.WEIGHT_CHOICES, weights),
            "channels": count,
            "reduction": Number(say("r, reduction"), reduction, 1, 64, powers_of_two=True),
            "channel": chosen,
            "stage": Stages(say("stage"), stage, len(STAGES)),
        },
        [["photo", "channels", "reduction"], ["stage", "channel", "weights"]],
        height=HEIGHT,
        name="pipeline",
        click={"stage": scene.stage_at, "channel": scene.channel_at},
    )
