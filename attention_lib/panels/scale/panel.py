"""The scale panel: its controls."""

from collections.abc import Sequence

import ipywidgets as widgets

from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import button, channel_controls, choice, group
from attention_lib.panels.kit.faders import FADERS, Faders
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.panels.scale.scene import HEIGHT, ScaleScene, bars
from attention_lib.panels.scale.state import compute
from attention_lib.steps.se import scale

PRESETS = {say("all open"): 1.0, say("half"): 0.5, say("closed"): 0.0}


class _ScalePanel(Panel):
    """A Panel whose faders show the gates in use, whoever set them."""

    def _refresh(self, change=None) -> None:
        super()._refresh(change)
        faders = self.controls["gates"]
        if self._held:
            return
        if not self.message:
            faders.show(self.state.gates, self.state.channel)
        elif change and change.owner is faders:  # what cannot be is said, and not kept
            self._held = True
            faders.value = change.old
            self._held = False


HALVES = (1.0,) * 4 + (0.0,) * 4
RECORDED = (
    Grid(
        {"photo": EVERY, "gates": (None, *((gate,) * FADERS for gate in PRESETS.values()))},
        {"channel": range(8), "channels": (1, 2, 4, 8, 16), "gates": (0.0, 0.5, 1.0)},
        presses=(say("SE's own"), *PRESETS),
    ),
    Grid({"photo": EVERY, "gates": (HALVES, HALVES[::-1])}),
    Grid({"photo": EVERY}, {"channel": range(16)}, start="C=16"),
)


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
        ValueError: if a value is out of range.
    """
    if gates is not None:
        scale(sources.feature_maps(photo, channels), gates)  # one for each channel, or a sentence
    count, chosen = channel_controls("C", channels, channel, FADERS)
    faders = Faders(gates, bars)
    controls = {
        "photo": choice(say("photo"), sources.PHOTO_CHOICES, photo),
        "channels": count,
        "channel": chosen,
        "gates": faders,
    }
    rule = button(say("SE's own"), say("Let the excitation set the gates"))
    rule.on_click(lambda _: faders.set_trait("value", None))
    presets = [_preset(faders, name, gate) for name, gate in PRESETS.items()]
    gates_at_once = group(rule, *presets)
    scene = ScaleScene()
    panel = _ScalePanel(
        scene,
        compute,
        controls,
        [["photo", "channels", gates_at_once, "channel", faders.gate]],
        height=HEIGHT,
        name="scale",
        click={"channel": scene.channel_at},
        over=[faders],
    )
    faders.show(panel.state.gates, panel.state.channel)
    faders.on_touch(lambda touched: chosen.set_trait("value", touched))
    return panel


def _preset(faders: Faders, name: str, gate: float) -> widgets.Button:
    """A button that sets every gate alike."""
    made = button(name, say("Set every gate to {gate:g}", gate=gate))
    made.on_click(lambda _: faders.set_trait("value", (gate,) * FADERS))
    return made
