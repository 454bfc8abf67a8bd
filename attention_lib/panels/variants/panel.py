"""The variants panel: its controls."""

from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, channel_controls, choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.panels.variants.scene import HEIGHT, VariantsScene
from attention_lib.panels.variants.state import MOST_CHANNELS, NAMES, compute

RECORDED = (
    Grid(
        {"photo": EVERY, "variant": EVERY},
        {
            "channel": range(16),
            "channels": (8, 16, 32, 64),
            "reduction": (1, 2, 4, 8, 16),
            "groups": (1, 2, 4, 8, 16),
            "kernel_size": (1, 3, 5, 7, 9),
            "seed": range(4),
        },
    ),
    Grid({"variant": EVERY, "channel": range(16)}),
    Grid({"variant": ("SE",), "reduction": (1, 2, 4, 8, 16)}),
    Grid({"variant": ("SE-GC",), "groups": (1, 2, 4, 8, 16)}),
)


@can_be_opened
def show_variants(
    photo: str = "cat",
    variant: str = "ECA",
    channels: int = 16,
    channel: int = 5,
    reduction: int = 4,
    groups: int = 4,
    kernel_size: int = 3,
    seed: int = 0,
) -> Panel:
    """See seven excitations side by side: what a gate depends on, and what that costs.

    Args:
        photo: a key of `photos.PHOTOS`.
        variant: the chosen design: "SE", "SE-Var1", "SE-Var2", "SE-Var3", "SE-GC", "ECA-NS" or
            "ECA"; a click on its column chooses too.
        channels: C, from 1 to 64.
        channel: the chosen channel, whose row stands out.
        reduction: r of SE.
        groups: of the group convolution; it must divide C.
        kernel_size: k of ECA-NS and ECA, odd.
        seed: which draw of the weights.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    count, chosen = channel_controls(say("C, channels"), channels, channel, MOST_CHANNELS, least=4)
    scene = VariantsScene()
    return Panel(
        scene,
        compute,
        {
            "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
            "variant": choice(say("design"), NAMES, variant),
            "channels": count,
            "channel": chosen,
            "reduction": Number(say("r of SE"), reduction, 1, 16, powers_of_two=True, typed=True),
            "groups": Number(say("groups"), groups, 1, 16, powers_of_two=True, typed=True),
            "kernel_size": Number("k", kernel_size, 1, 9, step=2, typed=True),
            "seed": Number(say("seed"), seed, 0, 20, typed=True),
        },
        [
            ["photo", "channels", "variant", "channel"],
            ["reduction", "groups", "kernel_size", "seed"],
        ],
        height=HEIGHT,
        name="variants",
        click={"variant": scene.variant_at},
    )
