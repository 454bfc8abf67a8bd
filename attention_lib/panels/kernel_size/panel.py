"""The kernel-size panel: its controls."""

from attention_lib.language import say
from attention_lib.panels.kernel_size.scene import HEIGHT, KernelSizeScene
from attention_lib.panels.kernel_size.state import MOST_CHANNELS, compute
from attention_lib.panels.kit.controls import Number, channel_controls
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import Grid, can_be_opened

RECORDED = (
    Grid(
        {"channels": tuple(2**i for i in range(12)), "gamma": (1, 2, 3), "b": (-1, 0, 1, 2, 3)},
        {
            "channel": (0, 1, 2, 3, 4, 8, 64, 256, 511),
            "gamma": tuple(i / 2 for i in range(1, 13)),
            "b": tuple(i / 2 for i in range(-8, 17)),
        },
    ),
    Grid({"gamma": (1, 2, 3), "b": tuple(i / 2 for i in range(-8, 17))}),
    Grid({"channel": (0, 1, 2, 3, 4, 32, 63)}, start="C=64"),
)


@can_be_opened
def show_kernel_size(
    channels: int = 512, gamma: float = 2, b: float = 1, channel: int = 3
) -> Panel:
    """Choose ECA's kernel size from C, gamma and b, and see which neighbours a gate depends on.

    Args:
        channels: C, 1 or more.
        gamma: above 0.
        b: any finite number.
        channel: the chosen channel, from 0 to C - 1; a click on a cell chooses too.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    count, chosen = channel_controls(say("C, channels"), channels, channel, MOST_CHANNELS)
    scene = KernelSizeScene()
    return Panel(
        scene,
        compute,
        {
            "channels": count,
            "gamma": Number("γ", gamma, 0.5, 6, step=0.1),
            "b": Number("b", b, -4, 8, step=0.5),
            "channel": chosen,
        },
        [["channels", "gamma", "b", "channel"]],
        height=HEIGHT,
        name="kernel_size",
        click={"channel": scene.channel_at},
    )
