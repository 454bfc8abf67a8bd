"""The CBAM panel: its controls."""

from attention_lib.language import say
from attention_lib.panels.cbam.scene import HEIGHT, CBAMScene
from attention_lib.panels.cbam.state import compute
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import channel_controls, choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened

ORDERS = {
    say("channels, then places"): "channel_spatial",
    say("places, then channels"): "spatial_channel",
    say("both at once"): "parallel",
}
KERNELS = {"3 × 3": 3, "7 × 7": 7}
WEIGHTS = {say("hand-made, if C is 8 or 16"): "hand-made", say("seeded at random"): "seeded"}

RECORDED = (
    Grid(
        {"photo": EVERY, "order": EVERY},
        {"channel": range(8), "channels": (8, 16, 64), "weights": EVERY, "kernel_size": EVERY},
    ),
    Grid({"photo": EVERY, "channel": (0, 2, 4, 6)}),
    Grid({"photo": EVERY, "kernel_size": EVERY}),
    Grid({"photo": EVERY, "weights": EVERY}),
)


@can_be_opened
def show_cbam(
    photo: str = "cat",
    weights: str = "hand-made",
    channels: int = 8,
    channel: int = 0,
    kernel_size: int = 7,
    order: str = "channel_spatial",
) -> Panel:
    """See a gate for every channel and a gate for every place, made from means and maxima.

    Args:
        photo: a key of `photos.PHOTOS`.
        weights: "hand-made", which there are for 8 and 16 channels, or "seeded".
        channels: C, from 1 to 2048.
        channel: the chosen channel; a click on a bar chooses too.
        kernel_size: of the spatial convolution, 3 or 7.
        order: "channel_spatial", "spatial_channel" or "parallel".

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    count, chosen = channel_controls(say("C, channels"), channels, channel, 64)
    scene = CBAMScene()
    return Panel(
        scene,
        compute,
        {
            "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
            "weights": choice(say("weights"), WEIGHTS, weights),
            "channels": count,
            "channel": chosen,
            "kernel_size": choice(say("spatial kernel"), KERNELS, kernel_size),
            "order": choice(say("order"), ORDERS, order),
        },
        [["photo", "channels", "order", "channel"], ["weights", "kernel_size"]],
        height=HEIGHT,
        name="cbam",
        click={"channel": scene.channel_at},
    )
