"""Presets: a panel's state as a short line of text, such as "kernel_size C=512 gamma=2 b=1".

A line is a panel's name and pairs of a control and its value. It is read strictly and never
evaluated: what is not of this form gets a sentence.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import ipywidgets as widgets

from attention_lib._words import cut
from attention_lib.language import say

LONGEST = 600  # characters; the longest line that a panel writes has about 200
EVERY = ()  # of a grid: every option of a list, both states of a tick box
PANELS: dict[str, Callable[..., widgets.Widget]] = {}  # filled by the panels, as they are imported
_LETTERS = {"channels": "C", "reduction": "r", "kernel_size": "k"}  # the papers' names
_NAMES = {letter: name for name, letter in _LETTERS.items()}
_PAIR = re.compile(r'\s*([A-Za-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"=]+)(?=\s|$)')


class Grid(NamedTuple):
    """States of a panel whose pictures the pages without a kernel keep (pages/record.py).

    A panel's module names its grids in `RECORDED`; the first is about the panel as it opens.
    """

    crossed: Mapping[str, Sequence[Any]]  # the values of these controls, each with each
    alone: Mapping[str, Sequence[Any]] = {}  # of these, one at a time, the others as in `start`
    start: str = ""  # the line that both begin from; what it leaves out is as the panel opens
    presses: Sequence[str] = ()  # buttons that the pages offer, by what is written on them


def can_be_opened(show: Callable[..., widgets.Widget]) -> Callable[..., widgets.Widget]:
    """Decorate a function `show_NAME`: a line that begins with NAME opens what it returns."""
    PANELS[show.__name__.removeprefix("show_")] = show
    return show


def write(name: str, controls: Mapping[str, widgets.Widget]) -> str:
    """The line that brings a panel back to what its controls are set to.

    Args:
        name: of the panel.
        controls: of the panel, by name.
    """
    return joined(name, {key: text_of(control) for key, control in controls.items()})


def joined(name: str, texts: Mapping[str, str]) -> str:
    """The line of a panel's name and of texts by their controls' names."""
    pairs = (f"{letter_of(key)}={_quote(text)}" for key, text in texts.items())
    return " ".join((name, *pairs))


def letter_of(key: str) -> str:
    """What a line calls a control."""
    return _LETTERS.get(key, key)


def read(line: str, name: str, controls: Mapping[str, widgets.Widget]) -> dict[str, str]:
    """Take a line apart.

    Args:
        line: as `write` gives it; some of the pairs may be missing, and so may the name.
        name: of the panel that the line must be for.
        controls: of that panel, by name.

    Returns:
        The text of each value by the name of its control, in the order of the controls.

    Raises:
        ValueError: if the line is not of that form, or not for this panel.
    """
    _require_short(line)
    first, _, rest = line.strip().partition(" ")
    if "=" in first:
        rest = line
    elif first != name:
        raise ValueError(
            say(
                "This line must be for the panel `{name}`. Received: a line that begins "
                "with {first!r}. Paste it where that panel is, or open it with "
                "`panels.open_panel`.",
                name=name,
                first=cut(first),
            )
        )
    found: dict[str, str] = {}
    while rest.strip():
        pair = _PAIR.match(rest)
        if not pair:
            raise ValueError(
                say(
                    "A line must be made of pairs such as C=64, with spaces between them. "
                    "Received: {strip!r}. Write `{write}`, for example.",
                    strip=cut(rest.strip()),
                    write=write(name, controls),
                )
            )
        key, text = _NAMES.get(pair[1], pair[1]), pair[2]
        if key not in controls:
            raise ValueError(
                say(
                    "Every pair must belong to a control of this panel. Received: {pair}. "
                    "Choose from {choices}.",
                    pair=pair[1],
                    choices=", ".join(map(letter_of, controls)),
                )
            )
        if key in found:
            raise ValueError(
                say(
                    "Every control must stand in a line once. Received: {pair} twice. Take one "
                    "out.",
                    pair=pair[1],
                )
            )
        found[key] = _unquote(text)
        rest = rest[pair.end() :]
    return {key: found[key] for key in controls if key in found}


def value_of(key: str, control: widgets.Widget, text: str) -> Any:
    """The value that a text stands for in a control.

    Args:
        key: the control's name, for the sentence.
        control: says what values there are.
        text: as `write` has it.

    Raises:
        ValueError: if it stands for none.
    """
    letter = letter_of(key)
    if not isinstance(control, widgets.Dropdown | widgets.Checkbox):
        return control.read(letter, text)
    values = {word(value): value for value in options_of(control)}
    if text not in values:
        raise ValueError(
            say(
                "`{letter}` must be one of {choices}. Received: {text!r}. Choose one of them.",
                letter=letter,
                choices=", ".join(values),
                text=cut(text),
            )
        )
    return values[text]


def name_of(line: str) -> str:
    """The name of the panel that a line begins with.

    Raises:
        ValueError: if it begins with none.
    """
    _require_short(line)
    name = line.strip().partition(" ")[0]
    if name not in PANELS:
        raise ValueError(
            say(
                "A line must begin with the name of a panel. Received: {name!r}. Choose "
                "from {choices}.",
                name=cut(name),
                choices=", ".join(PANELS),
            )
        )
    return name


def _require_short(line: str) -> None:
    if not isinstance(line, str) or len(line) > LONGEST:
        came = (
            say("{count} characters", count=len(line))
            if isinstance(line, str)
            else type(line).__name__
        )
        raise ValueError(
            say(
                "A line must be a text of {longest} characters or fewer. Received: {came}. "
                "Copy it from the foot of a panel.",
                longest=LONGEST,
                came=came,
            )
        )


def text_of(control: widgets.Widget) -> str:
    """What a control is set to, as a preset has it."""
    if isinstance(control, widgets.Dropdown | widgets.Checkbox):
        return word(control.value)
    return control.written


def options_of(control: widgets.Dropdown | widgets.Checkbox) -> list:
    """The values that a list or a tick box can have."""
    if isinstance(control, widgets.Checkbox):
        return [True, False]
    pairs = control.options.items() if isinstance(control.options, Mapping) else control.options
    return [pair[1] if isinstance(pair, tuple) else pair for pair in pairs]


def word(value: Any) -> str:
    """An option of a list, or the state of a tick box, as text."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _quote(text: str) -> str:
    plain = text and not re.search(r'[\s"=\\]', text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _unquote(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(
            say(
                "A quoted value must be written as in JSON. Received: {text}. Write it as "
                'in photo="my cat".',
                text=cut(text),
            )
        ) from None
