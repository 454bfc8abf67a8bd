"""The squeeze panel: its controls."""

from attention_lib.examples import filters
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import channel_controls, choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.panels.squeeze.scene import HEIGHT, SqueezeScene
from attention_lib.panels.squeeze.state import compute

SHUFFLES = {
    say("nothing"): "nothing",
    say("all maps' places"): "maps",
    say("the photo's pixels"): "photo",
}

ACTIVATIONS = {say("after ReLU"): True, say("before ReLU"): False}

RECORDED = (
    Grid({"photo": EVERY, "rectify": EVERY}, {"channels": (4, 8, 16, 64)}),
    Grid({"photo": EVERY, "channel": range(0, 16, 2)}),
    Grid({"channel": range(16), "rectify": EVERY}),
    Grid({"photo": ("cat", "brick"), "shuffle": EVERY}),
)


@can_be_opened
def show_squeeze(
    photo: str = "cat",
    channels: int = 16,
    channel: int = 0,
    rectify: bool = True,
    shuffle: str = "nothing",
) -> Panel:
    """See how a map becomes one number, and what that number keeps and loses.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, from 1 to 2048.
        channel: the chosen channel; a click on a bar chooses too.
        rectify: whether the maps have passed ReLU.
        shuffle: "nothing", "maps" (every map alike, after the filters) or "photo" (its pixels,
            before the filters).

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    count, chosen = channel_controls("C", channels, channel, filters.MOST_CHANNELS)
    scene = SqueezeScene()
    return Panel(
        scene,
        compute,
        {
            "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
            "channels": count,
            "channel": chosen,
            "rectify": choice(say("maps"), ACTIVATIONS, rectify),
            "shuffle": choice(say("shuffle"), SHUFFLES, shuffle),
        },
        [["photo", "channels", "rectify", "shuffle", "channel"]],
        height=HEIGHT,
        name="squeeze",
        click={"channel": scene.channel_at},
    )
