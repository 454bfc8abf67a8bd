"""The kernel-size panel: its controls."""

from attention_lib.panels.kernel_size.scene import HEIGHT, KernelSizeScene
from attention_lib.panels.kernel_size.state import MOST_CHANNELS, compute
from attention_lib.panels.kit.controls import Number
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import can_be_opened


@can_be_opened
def show_kernel_size(
    channels: int = 512, gamma: float = 2, b: float = 1, channel: int = 3
) -> Panel:
    """Choose ECA's kernel size from C, gamma and b, and see which neighbours a channel hears.

    Args:
        channels: C, 1 or more.
        gamma: above 0.
        b: any finite number.
        channel: the chosen channel, from 0 to C - 1; a click on a cell chooses too.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    follow = Number("channel c", channel, 0, channels - 1)
    controls = {
        "channels": Number("C, channels", channels, 1, MOST_CHANNELS, powers_of_two=True),
        "gamma": Number("γ", gamma, 0.5, 6, step=0.1),
        "b": Number("b", b, -4, 8, step=0.5),
        "channel": follow,
    }
    follow.keep_within(controls["channels"])
    scene = KernelSizeScene()
    panel = Panel(
        scene,
        compute,
        controls,
        [[controls["channels"], controls["gamma"]], [controls["b"], follow]],
        height=HEIGHT,
        name="kernel_size",
    )

    def choose(x: float, y: float) -> None:
        chosen = scene.channel_at(x, y)
        if chosen is not None:
            follow.value = chosen

    panel.figure.on_click(choose)
    return panel
