"""The panel of the family: its controls."""

from attention_lib.examples import family
from attention_lib.language import say
from attention_lib.panels.family.scene import HEIGHT, FamilyScene
from attention_lib.panels.family.state import BY_NAME, compute
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened

METHODS = {
    f"{name} ({method.year})": name for name, method in BY_NAME.items() if name in family.FORWARD
}

RECORDED = (
    Grid({"method": EVERY, "photo": EVERY}, {"channel": range(8)}),
    Grid({"method": EVERY, "channel": (0, 2, 4, 6)}),
    Grid({"photo": EVERY, "channel": (0, 2, 4, 6)}),
    Grid(
        {"row": (8, 20, 33, 46), "column": (8, 24, 41, 50)},
        start="method=self-attention",
    ),
)


@can_be_opened
def show_family(
    method: str = "SE", photo: str = "cat", channel: int = 0, row: int = 33, column: int = 41
) -> Panel:
    """See what a method pools, which channels and places depend on which, and what comes back.

    Args:
        method: "SE", "CBAM", "scSE", "GCNet", "ECA", "FcaNet", "Coordinate", "SimAM", "GRN" or
            "self-attention".
        photo: a key of `photos.PHOTOS`.
        channel: the chosen one of 8 channels.
        row: of the ring, from 0 to 55; a click on the map chooses too.
        column: of the ring.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    scene = FamilyScene()
    panel = Panel(
        scene,
        compute,
        {
            "method": choice(say("method"), METHODS, method),
            "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
            "channel": Number(say("channel"), channel, 0, family.CHANNELS - 1),
            "row": Number(say("row"), row, 0, 55, typed=True),
            "column": Number(say("column"), column, 0, 55, typed=True),
        },
        [["method", "photo", "channel", "row", "column"]],
        height=HEIGHT,
        name="family",
    )

    def choose(x: float, y: float) -> None:
        place = scene.place_at(x, y)
        if place is not None:
            panel.set(row=place[0], column=place[1])

    panel.figure.on_click(choose)
    return panel
