"""ECA and SE as a panel: controls, and a click that moves the kernel."""

from attention_lib.examples import filters
from attention_lib.language import say
from attention_lib.panels.eca.scene import HEIGHT, ECAScene
from attention_lib.panels.eca.state import KERNEL_CHOICES, compute, unused
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, channel_controls, choice, tick
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened

RECORDED = (
    Grid(
        {"photo": EVERY, "kernel": EVERY},
        {"channel": range(16), "channels": (8, 16, 64, 512), "reduction": (1, 2, 4, 8)},
    ),
    Grid({"photo": ("cat", "brick"), "shuffled": EVERY, "kernel": EVERY}),
    Grid({"channel": range(16), "shuffled": EVERY}),
    Grid({"photo": EVERY, "shuffled": EVERY}),
    Grid({"photo": EVERY, "by_hand": EVERY}),
    Grid({"kernel_size": (1, 3, 5, 7, 9)}, {"channel": range(16)}, start="by_hand=on"),
)


@can_be_opened
def show_eca(
    photo: str = "cat",
    channels: int = 16,
    channel: int = 4,
    kernel: str = "against",
    gamma: float = 2,
    b: float = 1,
    by_hand: bool = False,
    kernel_size: int = 5,
    reduction: int = 4,
    seed: int = 0,
    shuffled: bool = False,
) -> Panel:
    """Slide ECA's kernel over a photograph's channels, beside what SE does with them.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, from 1 to 2048.
        channel: the chosen channel, over which the kernel stands; a click on a bar chooses too.
        kernel: "against", "average" or "alone", kernels one can read; or "seeded".
        gamma: of the kernel size formula, above 0.
        b: of the kernel size formula.
        by_hand: whether `kernel_size` replaces the formula.
        kernel_size: k, odd.
        reduction: SE's r, from 1 to C.
        seed: of seeded kernels and weights.
        shuffled: whether the channels change places, each with the weights that are its own.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    count, chosen = channel_controls("C", channels, channel, filters.MOST_CHANNELS)
    scene = ECAScene()
    return Panel(
        scene,
        compute,
        {
            "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
            "kernel": choice(say("kernel"), KERNEL_CHOICES, kernel),
            "channels": count,
            "channel": chosen,
            "gamma": Number("γ", gamma, 0.5, 6, step=0.1),
            "b": Number("b", b, -4, 8, step=0.5),
            "by_hand": tick(say("k by hand"), by_hand),
            "kernel_size": Number("k", kernel_size, 1, 15, step=2, typed=True),
            "reduction": Number(say("r of SE"), reduction, 1, 256, powers_of_two=True, typed=True),
            "seed": Number(say("seed"), seed, 0, 20, typed=True),
            "shuffled": tick(say("shuffle"), shuffled),
        },
        [
            ["photo", "channels", "kernel", "channel", "shuffled"],
            ["gamma", "b", "by_hand", "kernel_size", "reduction", "seed"],
        ],
        height=HEIGHT,
        name="eca",
        click={"channel": scene.channel_at},
        unused=unused,
    )
