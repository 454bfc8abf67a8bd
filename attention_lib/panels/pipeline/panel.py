"""The hero as a panel: Back, Next, Play, and a click that follows a channel."""

import ipywidgets as widgets

from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, choice, steps
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import can_be_opened
from attention_lib.panels.pipeline.scene import HEIGHT, PipelineScene
from attention_lib.panels.pipeline.state import STAGES, compute


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
        channel: the chosen channel, lit up through all stages; a click on a row chooses too.
        stage: from 1 to 8, the stage to stand at.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    last = len(STAGES)
    at = Number("stage", stage, 1, last)
    follow = Number("channel to follow", channel, 0, channels - 1)
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "weights": choice("weights", sources.WEIGHT_CHOICES, weights),
        "channels": Number("C, channels", channels, 1, 2048, powers_of_two=True),
        "reduction": Number("r, reduction", reduction, 1, 64, powers_of_two=True),
        "channel": follow,
        "stage": at,
    }
    follow.keep_within(controls["channels"])
    back, forth = steps("One stage back", "One stage on")
    play = widgets.Play(value=stage, min=1, max=last, interval=1800, show_repeat=False)
    scene = PipelineScene()
    panel = Panel(
        scene,
        compute,
        controls,
        [
            [controls["photo"], controls["weights"], follow],
            [controls["channels"], controls["reduction"]],
            [back, forth, play, at],
        ],
        height=HEIGHT,
        name="pipeline",
    )

    def go(stages: int) -> None:
        at.value = min(max(panel.state.stage + 1 + stages, 1), last)

    def choose(x: float, y: float) -> None:
        chosen = scene.channel_at(x, y)
        if chosen is not None:
            follow.value = chosen

    def follow_by_play(change: dict) -> None:
        if change.new in range(1, last + 1):  # what else is typed gets its sentence
            play.value = change.new

    back.on_click(lambda _: go(-1))
    forth.on_click(lambda _: go(1))
    play.observe(lambda change: at.set_trait("value", change.new), "value")
    at.observe(follow_by_play, "value")
    panel.figure.on_click(choose)
    return panel
