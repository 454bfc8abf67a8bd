"""The excitation panel: its controls."""

from attention_lib.language import say
from attention_lib.panels.excitation.scene import HEIGHT, ExcitationScene
from attention_lib.panels.excitation.state import compute
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.steps.activations import ACTIVATIONS

RECORDED = (
    Grid(
        {"photo": EVERY, "reduction": (1, 2, 4, 8, 16)},
        {"channels": (8, 16, 64, 256), "activation": EVERY, "gate": EVERY},
    ),
    Grid({"photo": EVERY, "activation": EVERY, "gate": EVERY}),
    Grid({"photo": EVERY, "reduction": (2, 4, 8)}, start="C=8"),
    Grid(
        {"reduction": (1, 2, 4, 8, 16, 32, 64), "photo": ("cat", "brick")},
        {"spread": (0, 1, 2, 4, 8), "seed": range(4)},
        start="weights=seeded C=64",
    ),
    Grid(
        {"reduction": (2, 4, 8, 16)},
        {"spread": (0, 1, 2, 4, 8), "seed": range(4), "photo": EVERY},
        start="weights=seeded C=16",
    ),
)


@can_be_opened
def show_excitation(
    photo: str = "cat",
    weights: str = "hand-made",
    channels: int = 16,
    reduction: int = 4,
    activation: str = "relu",
    gate: str = "sigmoid",
    spread: float = 4.0,
    seed: int = 0,
) -> Panel:
    """See C summaries become C gates, for any C and r.

    Args:
        photo: a key of `photos.PHOTOS`.
        weights: "hand-made", questions one can read, where there are any; or "seeded".
        channels: C, from 1 to 2048.
        reduction: r, from 1 to C.
        activation: after W1, "relu" or "swish".
        gate: after W2, "sigmoid" or "hard_sigmoid".
        spread: of seeded weights; 0 makes all of them zero.
        seed: which draw of seeded weights.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    controls = {
        "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
        "weights": choice(say("weights"), sources.WEIGHT_CHOICES, weights),
        "channels": Number(say("C, channels"), channels, 1, 2048, powers_of_two=True),
        "reduction": Number(say("r, reduction"), reduction, 1, 256, powers_of_two=True),
        "activation": choice(say("activation"), list(ACTIVATIONS), activation),
        "gate": choice(say("gate"), {"sigmoid": "sigmoid", "hard sigmoid": "hard_sigmoid"}, gate),
        "spread": Number(say("spread"), spread, 0, 10, step=0.5),
        "seed": Number(say("seed"), seed, 0, 20, typed=True),
    }
    return Panel(
        ExcitationScene(),
        compute,
        controls,
        [
            ["photo", "channels", "reduction"],
            ["weights", "activation", "gate", "spread", "seed"],
        ],
        height=HEIGHT,
        name="excitation",
        unused=lambda state: ("spread", "seed") if state.questions else (),
    )
