"""Faders that lie on the bars of gates, one for each channel, and a box for the chosen one's."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets
import traitlets

from attention_lib.figures.marks import Box
from attention_lib.language import say
from attention_lib.panels.kit.controls import DECIMAL, Number

FADERS = 16
RULE = "rule"


class Faders(widgets.HBox):
    """Faders for up to 16 channels, set by hand or shown moving by themselves.

    `value` is what the hand has set, a tuple of gates, or None while a rule sets them. What the
    faders show is told by `show`. `gate` is a Number for the chosen channel: it stands wherever the
    panel puts it.

    Args:
        gates: what the hand has set, or None.
        place: from a number of channels to the left, top, width and height of their bars on the
            picture, in parts of it; every fader lies on its channel's bar.
    """

    value = traitlets.Any(None, allow_none=True)

    def __init__(self, gates: Sequence[float] | None, place: Callable[[int], Box]):
        self.gate = Number(say("gate"), 1.0, 0, 1, step=0.01, typed=True)
        self.faders = [_fader(channel) for channel in range(FADERS)]
        self._touched: list[Callable[[int], None]] = []
        self._shown: tuple[float, ...] = ()
        self._channel = 0
        self._showing = False
        self._place = place
        super().__init__(self.faders, value=None if gates is None else tuple(gates))
        self.add_class("attention-faders")
        for channel, fader in enumerate(self.faders):
            fader.observe(lambda change, channel=channel: self._move(channel, change.new), "value")
        self.gate.observe(lambda change: self._move(self._channel, change.new), "value")

    @property
    def written(self) -> str:
        """What the hand has set, as a preset has it; "rule" where it has set nothing."""
        return RULE if self.value is None else ",".join(map(str, self.value))

    def read(self, label: str, text: str) -> tuple[float, ...] | None:
        """The gates that a text in a preset stands for.

        Args:
            label: what they are called there, for the sentence.
            text: numbers from 0 to 1 with commas between them, or "rule".

        Raises:
            ValueError: if it is none of these, or there are more than a panel may have.
        """
        if text == RULE:
            return None
        parts = text.split(",")
        numbers = [float(part) for part in parts if DECIMAL.fullmatch(part)]
        few = len(numbers) == len(parts) <= FADERS
        if not few or not all(0 <= gate <= 1 for gate in numbers):
            raise ValueError(
                say(
                    "`{label}` must be up to {faders} numbers from 0 to 1 with commas between "
                    "them, or {rule}. Received: {text!r}. Write {label}=1,0.5,0, for example.",
                    label=label,
                    faders=FADERS,
                    rule=RULE,
                    text=text[:40],
                )
            )
        return tuple(numbers)

    def on_touch(self, callback: Callable[[int], None]) -> None:
        """Call `callback(channel)` when a hand has moved a fader."""
        self._touched.append(callback)

    def show(self, gates: Sequence[float], channel: int) -> None:
        """Show gates on the faders, and one of them in the box, as if nobody had touched them."""
        if len(gates) != len(self._shown):
            self._lie_on_bars(len(gates))
        self._shown, self._channel = tuple(float(gate) for gate in gates), channel
        self._showing = True
        try:
            for c, fader in enumerate(self.faders):
                fader.layout.display = "flex" if c < len(self._shown) else "none"
                if c < len(self._shown):
                    fader.value = round(self._shown[c], 2)  # else the page would send it back so
            self.gate.value = round(self._shown[channel], 2)
        finally:
            self._showing = False

    def _lie_on_bars(self, channels: int) -> None:
        left, top, width, height = (f"{100 * part:.3f}%" for part in self._place(channels))
        self.layout = {"left": left, "top": top, "width": width, "height": height}

    def _move(self, channel: int, gate: float) -> None:
        if self._showing or channel >= len(self._shown):
            return
        self.value = (*self._shown[:channel], gate, *self._shown[channel + 1 :])
        for callback in self._touched:
            callback(channel)


def _fader(channel: int) -> widgets.FloatSlider:
    fader = widgets.FloatSlider(
        min=0,
        max=1,
        step=0.01,
        orientation="vertical",
        description=say("gate {channel}", channel=channel),
        readout=False,
        layout={"flex": "1 1 0%", "width": "auto", "height": "100%"},
    )
    fader.add_class("attention-control")
    return fader
