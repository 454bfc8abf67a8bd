"""The scale panel: its controls."""

from collections.abc import Sequence

from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import Number, button, choice
from attention_lib.panels.kit.faders import FADERS, Desk
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import can_be_opened
from attention_lib.panels.scale.scene import COLUMNS, HEIGHT, ScaleScene
from attention_lib.panels.scale.state import compute
from attention_lib.steps.se import scale

PRESETS = {"all open": 1.0, "all half": 0.5, "all closed": 0.0}


class _ScalePanel(Panel):
    """A Panel whose desk shows the gates in use, whoever set them."""

    def _refresh(self, change=None) -> None:
        super()._refresh(change)
        desk = self.controls["gates"]
        if self._held:
            return
        if not self.message:
            desk.show(self.state.gates, self.state.channel)
        elif change and change.owner is desk:  # what cannot be is said, and not kept
            self._held = True
            desk.value = change.old
            self._held = False


@can_be_opened
def show_scale(
    photo: str = "cat",
    channels: int = 8,
    channel: int = 4,
    gates: Sequence[float] | None = None,
) -> Panel:
    """See what gates do to feature maps, and set them by hand.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, from 1 to 16.
        channel: the chosen channel; a click on a column, or a hand on its fader, chooses too.
        gates: one number from 0 to 1 for each channel, set by hand; None for SE's own, which
            follow the photo.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    if gates is not None:
        scale(sources.feature_maps(photo, channels), gates)  # one for each channel, or a sentence
    count = Number("C, channels", channels, 1, FADERS, powers_of_two=True, width=240)
    chosen = Number("channel", channel, 0, max(channels - 1, 0), width=240)
    desk = Desk(gates, COLUMNS)
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "channels": count,
        "channel": chosen,
        "gates": desk,
    }
    chosen.keep_within(count)
    scene = ScaleScene()
    presets = {name: button(name, f"Set every gate to {gate:g}") for name, gate in PRESETS.items()}
    rule = button("SE's own", "Let the excitation set the gates")
    panel = _ScalePanel(
        scene,
        compute,
        controls,
        [
            [controls["photo"], count, rule, *presets.values()],
            [chosen, desk.gate],
            [desk],
        ],
        height=HEIGHT,
        name="scale",
    )
    *above, faders, message, figure, foot = panel.children
    panel.children = *above, message, faders, figure, foot  # nothing between fader and column
    desk.show(panel.state.gates, panel.state.channel)
    desk.on_touch(lambda touched: chosen.set_trait("value", touched))

    def choose(x: float, y: float) -> None:
        at = scene.channel_at(x, y)
        if at is not None:
            chosen.value = at

    panel.figure.on_click(choose)
    rule.on_click(lambda _: desk.set_trait("value", None))
    for name, gate in PRESETS.items():
        presets[name].on_click(lambda _, gate=gate: desk.set_trait("value", (gate,) * FADERS))
    return panel
