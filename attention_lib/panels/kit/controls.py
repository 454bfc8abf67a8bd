"""The controls that panels are made of: each has one label and one `value`."""

import math
import re
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import ipywidgets as widgets
import traitlets

from attention_lib import _require
from attention_lib.language import say

_LABEL = {"description_width": "initial"}
DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)


class Number(widgets.HBox):
    """A number set by slider or typed into a box.

    The slider keeps to its range; the box takes any number, so that a learner can type 24, or a
    value that cannot be and read why.

    Args:
        label: what the number is, shown beside the slider and read out by screen readers.
        value: the number at the start.
        low, high: the slider's ends.
        step: the slider's step; 1 makes the number an integer where it is one.
        powers_of_two: the slider moves through 1, 2, 4, ... between low and high.
        typed: there is a box and no slider, for what a click on the picture sets too.

    Raises:
        ValueError: if the number at the start is none.
    """

    value = traitlets.Any()

    def __init__(
        self,
        label: str,
        value: float,
        low: float,
        high: float,
        *,
        step: float = 1,
        powers_of_two: bool = False,
        typed: bool = False,
    ):
        _require_number(label, value)
        self._powers = powers_of_two
        self._whole = powers_of_two or float(step).is_integer()
        self._low, self._high, self._step = low, high, step
        self.slider = None if typed else self._make_slider(label, value)
        self.box = widgets.FloatText(value=value, step=step, layout={"width": "auto"})
        if typed:
            self.box.description, self.box.style.description_width = label, "initial"
        super().__init__([self.box] if typed else [self.slider, self.box], value=value)
        self.add_class("attention-control")
        if powers_of_two:
            self.add_class("attention-powers")  # so that the page says 8 where the slider has 3
        self.observe(self._show, "value")
        if self.slider:
            self.slider.observe(self._slide, "value")
        self.box.observe(self._type, "value")
        self._showing = False

    def _make_slider(self, label: str, value: float) -> widgets.IntSlider | widgets.FloatSlider:
        make = widgets.IntSlider if self._whole else widgets.FloatSlider
        low, high = self._position(self._low), self._position(self._high)
        return make(
            value=min(max(self._position(value), low), high),
            min=low,
            max=high,
            step=1 if self._powers else self._step,
            description=label,
            readout=False,
            style=_LABEL,
            layout={"width": "auto"},
        )

    @property
    def written(self) -> str:
        """The value as a preset has it."""
        return str(_tidy(self.value) if math.isfinite(self.value) else self.value)

    def read(self, label: str, text: str) -> int | float:
        """The number that a text in a preset stands for.

        Args:
            label: what the number is called there, for the sentence.
            text: in decimal digits.

        Raises:
            ValueError: if it is no number.
        """
        if not DECIMAL.fullmatch(text) or not math.isfinite(float(text)):
            raise ValueError(
                say(
                    "`{label}` must be a number. Received: {text!r}. Write {label}={written}, "
                    "for example.",
                    label=label,
                    text=text[:40],
                    written=self.written,
                )
            )
        return _tidy(float(text))

    def end_at(self, most: int) -> None:
        """Let the value be no more than that."""
        self.value = min(self.value, most)

    def _position(self, value: float) -> float:
        """The place of the slider nearest to a value.

        Between two places the page would move the slider, and that would count as a move.
        """
        if self._powers:
            return round(math.log2(value)) if value >= 1 else 0
        if self._step == 1:
            return round(value)
        steps = round((min(max(value, self._low), self._high) - self._low) / self._step)
        place = min(round(self._low + steps * self._step, 12), self._high)
        return round(place) if self._whole else place

    def _slide(self, change: dict) -> None:
        if not self._showing:
            with self.box.hold_sync():  # to the page the picture goes first
                self.value = 2**change.new if self._powers else _tidy(round(change.new, 12))

    def _type(self, change: dict) -> None:
        if not self._showing:
            self.value = _tidy(change.new)

    def _show(self, change: dict) -> None:
        """Make slider and box agree with the value, without being heard as a learner's move."""
        self._showing = True
        try:
            self.box.value = change.new
            if self.slider and math.isfinite(change.new):
                position = self._position(change.new)
                self.slider.value = min(max(position, self.slider.min), self.slider.max)
        finally:
            self._showing = False


def _tidy(value: float) -> int | float:
    """An integer where the number is one, so that 24.0 typed means 24.

    Where not every integer is a float any more, it stays one: 1e300 would have 301 digits.
    """
    value = float(value)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _require_number(label: str, value: Any) -> None:
    """Check what a control is to start with: the box takes any number, and nothing else."""
    if not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(
            say(
                "`{label}` must start at a finite number. Received: {value}. Choose 1, for "
                "example.",
                label=label,
                value=_require.plain(value),
            )
        )


def channel_controls(
    label: str, channels: int, channel: int, most: int, *, least: int = 1
) -> tuple[Number, Number]:
    """C, by slider or typed, and one of the C channels: it stays below C when C becomes less."""
    count = Number(label, channels, least, most, powers_of_two=True)
    chosen = Number(say("channel"), channel, 0, max(channels - 1, 0), typed=True)

    def follow(change: dict) -> None:
        if isinstance(change.new, int) and change.new >= 1:
            chosen.end_at(change.new - 1)

    count.observe(follow, "value")
    return count, chosen


def choice(label: str, options: Mapping[str, Any] | Sequence[Any], value: Any) -> widgets.Dropdown:
    """A drop-down list.

    Args:
        label: shown beside the list.
        options: the values, or a mapping from what is shown to the value.
        value: the one chosen at the start.

    Raises:
        ValueError: if that is none of the options.
    """
    shown = list(options.items()) if isinstance(options, Mapping) else list(options)
    values = list(options.values()) if isinstance(options, Mapping) else shown
    if value not in values:
        raise ValueError(
            say(
                "`{label}` must be one of {choices}. Received: {value!r}. Choose one of them.",
                label=label,
                choices=", ".join(map(repr, values)),
                value=value,
            )
        )
    return widgets.Dropdown(
        options=shown, value=value, description=label, style=_LABEL, layout={"width": "auto"}
    )


def tick(label: str, value: bool) -> widgets.Checkbox:
    """A box to tick."""
    return widgets.Checkbox(value=value, description=label, indent=False, layout={"width": "auto"})


def button(label: str, tooltip: str) -> widgets.Button:
    """A push button; `on_click` on the result says what it does."""
    return widgets.Button(description=label, tooltip=tooltip, layout={"width": "auto"})


def group(*buttons: widgets.Button) -> widgets.HBox:
    """Buttons that stand together as one."""
    together = widgets.HBox(buttons)
    together.add_class("attention-group")
    return together


class Stages(Number):
    """A stage from 1 on, stepped through by Back, Next and Play, or typed.

    Args:
        label: what stands beside the box.
        value: the stage at the start.
        last: the last stage.
    """

    def __init__(self, label: str, value: float, last: int):
        super().__init__(label, value, 1, last, typed=True)
        self._last = last
        self._back, self._next = steps(say("One stage back"), say("One stage on"))
        self._play = widgets.Play(min=1, max=last, interval=1800, show_repeat=False)
        self.children = [group(self._back, self._next), self._play, *self.children]
        self._stand(value)
        self._back.on_click(lambda _: self._go(-1))
        self._next.on_click(lambda _: self._go(1))
        self._play.observe(lambda change: self.set_trait("value", change.new), "value")
        self.observe(lambda change: self._stand(change.new), "value")

    def _go(self, stages: int) -> None:
        self.value = min(max(self._play.value + stages, 1), self._last)

    def _stand(self, stage: float) -> None:
        """Let the buttons know; a stage that is none gets its sentence elsewhere."""
        if stage not in range(1, self._last + 1):
            return
        self._back.disabled, self._next.disabled = stage == 1, stage == self._last
        if stage != self._play.value:  # a hand has moved it, and keeps it
            self._play.playing = False
            self._play.value = stage


def steps(back: str, forth: str) -> tuple[widgets.Button, widgets.Button]:
    """The buttons Back and Next, which a presenter's arrow keys and clicker press too.

    Args:
        back: what Back does, for those who rest on it.
        forth: what Next does.
    """
    buttons = button(say("Back"), back), button(say("Next"), forth)
    for made, name in zip(buttons, ("back", "next"), strict=True):
        made.add_class(f"attention-{name}")
    return buttons
