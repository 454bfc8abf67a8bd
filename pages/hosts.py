"""The part of a page that stands for a panel, a walk or a card, before and without its script.

A panel is two still pictures, light and dark, below its controls, which the script (static/host.js)
lets move. Everything has its final size from the start.
"""

import base64
import html
import json
import zlib
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from matplotlib.text import Text

from attention_lib.panels.kit import presets
from attention_lib.panels.kit.controls import Number, Stages
from attention_lib.panels.kit.faders import Faders
from pages.record import Answer, Recording, rows_of, texts_of

NEEDS = {"training": "Start needs the notebook: a network learns there. Here are stored runs."}


Say = Callable[[str], str]  # from an English word to the page's language


def panel_host(recording: Recording, line: str, say: Say = str) -> str:
    """The panel, as a page opens it.

    Args:
        recording: of the panel.
        line: one of the lines that it was told that pages show.
        say: gives the words of its controls in the page's language; its picture stays English.
    """
    panel, answer = recording.panel, recording.answers[recording.lines[line]]
    name, texts = panel.name, presets.read(answer.line, panel.name, panel.controls)
    rows = "".join(
        f'<div class="attention-row">{inside}</div>'
        for row in rows_of(panel)
        if (inside := "".join(_part(recording, part, texts, answer, say) for part in row))
    )
    folder = f"panels/{name}/still-{list(recording.lines).index(line)}"
    over = "".join(
        _faders(c, answer, say) for c in panel.controls.values() if isinstance(c, Faders)
    )
    figure = panel.figure
    needs = f'<p class="attention-off">{say(NEEDS[name])}</p>' if name in NEEDS else ""
    return (
        f'<div class="attention-host attention-panel" role="group" '
        f'aria-label="{_title(name, say)}" '
        f'data-panel="{name}" data-line="{html.escape(answer.asked)}" '
        f'style="--wide: {figure.width}; --high: {figure.height}">{needs}{rows}'
        f'<div class="attention-scroll" tabindex="0" role="group" aria-label="{say("picture")}">'
        '<div class="attention-picture">'
        f"{_still(folder, 'light', answer.alt, figure)}{_still(folder, 'dark', answer.alt, figure)}"
        f'{over}</div></div><p class="attention-note" role="status"></p>'
        f"{_drawn(recording, line, say)}</div>"
    )


def story_host(steps: list[list[str]], panels: list[str], said: dict[str, str]) -> str:
    """A walk: its words, Back and Next, and the panels that it comes by.

    Args:
        steps: pairs of a line and words.
        panels: the hosts of its panels, the first being that of the first step.
        said: the site's own words.
    """
    told = html.escape(json.dumps(steps))
    words = html.escape(steps[0][1])
    at = said["step"].format(at=1, all=len(steps))
    return (
        f'<div class="attention-story" data-steps="{told}" data-step="{said["step"]}">'
        '<div class="attention-row">'
        '<span class="attention-group">'
        f'<button type="button" data-walk="-1" disabled>{said["back"]}</button>'
        f'<button type="button" data-walk="1" disabled>{said["next"]}</button></span>'
        f'<p class="attention-words" role="status"><small>{at}</small> {words}</p>'
        f"</div>{''.join(panels)}</div>"
    )


def card_host(card: dict[str, Any]) -> str:
    """A card: its question; what it replies is packed, so that nobody reads it by chance."""
    packed = base64.b64encode(zlib.compress(json.dumps(card).encode(), 9)).decode()
    options = "".join(f"<li>{html.escape(o)}</li>" for o in card["form"].get("options", ()))
    return (
        f'<div data-card="{packed}">'
        f"<p>{card['asks']}</p>{f'<ul>{options}</ul>' if options else ''}</div>"
    )


def _title(name: str, say: Say) -> str:
    return say("panel: {name}").format(name=say(name.replace("_", " ")))


def _drawn(recording: Recording, line: str, say: Say) -> str:
    """The words that stand in the picture, for a page in another language, with what they mean."""
    recording.stand_at(line)
    drawn = dict.fromkeys(
        text.get_text()
        for text in recording.panel.figure.figure.findobj(Text)
        if text.get_visible()
    )
    pairs = [
        f"<i lang=en>{html.escape(word)}</i> {said}"
        for word in drawn
        if (said := say(word)) != word
    ]
    if not pairs:
        return ""
    head = say("English in the picture")
    return f'<details class="attention-off"><summary>{head}</summary>{" · ".join(pairs)}</details>'


def _still(stem: str, look: str, alt: str, figure: Any) -> str:
    width = figure.width
    files = ", ".join(f"{stem}-{look}-{density}.webp {density * width}w" for density in (1, 2))
    sizes = f"(min-width: 1800px) {1.25 * width:g}px, {width}px"  # pages.css enlarges wide pages
    return (
        f'<img class="attention-{look}" alt="{html.escape(alt)}" loading="lazy" '
        f'width="{figure.width}" height="{figure.height}" '
        f'src="{stem}-{look}-1.webp" srcset="{files}" sizes="{sizes}">'
    )


def _part(
    recording: Recording, part: widgets.Widget, texts: dict[str, str], answer: Answer, say: Say
) -> str:
    """A control of a row as HTML, disabled until the script is there; or nothing."""
    panel = recording.panel
    names = {id(control): name for name, control in panel.controls.items()}
    if isinstance(part, widgets.HTML):
        number = texts_of(panel).index(part)
        return f'<div class="attention-text" data-text="{number}">{answer.texts[number]}</div>'
    if isinstance(part, widgets.HBox) and id(part) not in names:
        buttons = "".join(_part(recording, child, texts, answer, say) for child in part.children)
        return f'<span class="attention-group">{buttons}</span>' if buttons else ""
    if isinstance(part, widgets.Button):
        return _button(recording, part, say)
    if id(part) not in names:
        return ""
    name = names[id(part)]
    key, text, values = presets.letter_of(name), texts[name], recording.values_of(name)
    away = ' style="visibility: hidden"' if key in answer.unused else ""
    if isinstance(part, widgets.Dropdown):
        inside = f"{html.escape(say(part.description))} {_list(part, key, text, values, say)}"
    elif isinstance(part, widgets.Checkbox):
        ticked = " checked" if text == "on" else ""
        inside = (
            f'<input type="checkbox" data-key="{key}"{ticked} disabled> {say(part.description)}'
        )
    elif isinstance(part, Number):
        return _number(part, key, text, values, away, say)
    else:
        return ""
    return f'<label class="attention-control" data-of="{key}"{away}>{inside}</label>'


def _list(part: widgets.Dropdown, key: str, text: str, values: list[str], say: Say) -> str:
    """The options that are recorded; one alone is no choice, and is told."""
    pairs = [pair if isinstance(pair, tuple) else (str(pair), pair) for pair in part.options]
    shown = [(presets.word(value), html.escape(say(label))) for label, value in pairs]
    shown = [(word, label) for word, label in shown if word in values]
    if len(shown) == 1:
        return f"<b>{shown[0][1]}</b>"
    options = "".join(
        f'<option value="{html.escape(str(word))}"{" selected" if word == text else ""}>{label}'
        "</option>"
        for word, label in shown
    )
    return f'<select data-key="{key}" disabled>{options}</select>'


def _number(part: Number, key: str, text: str, values: list[str], away: str, say: Say) -> str:
    label = html.escape(say((part.slider or part.box).description))
    typed = say("{label}, typed").format(label=label)
    box = (
        f'<input type="number" data-key="{key}" value="{text}" step="any" '
        f'aria-label="{typed}" disabled>'
    )
    if isinstance(part, Stages):
        of_key = f'data-of-key="{key}"'
        inside = (
            '<span class="attention-group">'
            f'<button type="button" data-step="-1" {of_key} disabled>{say("Back")}</button>'
            f'<button type="button" data-step="1" {of_key} disabled>{say("Next")}</button>'
            f'<button type="button" data-play {of_key} disabled>{say("Play")}</button></span> '
            f"{label} {box}"
        )
    elif part.slider and len(values) > 1:
        at = values.index(text) if text in values else 0
        inside = (
            f"{label} "
            f'<input type="range" data-key="{key}" data-values="{" ".join(values)}" min="0" '
            f'max="{len(values) - 1}" value="{at}" aria-label="{label}" aria-valuetext="{text}" '
            f"disabled> {box}"
        )
    else:
        inside = f"{label} {box}"
    return f'<span class="attention-control" data-of="{key}"{away}>{inside}</span>'


def _button(recording: Recording, button: widgets.Button, say: Say) -> str:
    sets = recording.presses.get(button.description)
    if not sets:
        return ""
    told = html.escape(json.dumps(sets))
    return (
        f'<button type="button" data-sets="{told}" title="{html.escape(say(button.tooltip))}" '
        f"disabled>{html.escape(say(button.description))}</button>"
    )


def _faders(control: Faders, answer: Answer, say: Say) -> str:
    """A slider over each bar of a gate, invisible without a script."""
    layout = control.layout
    place = "; ".join(f"{side}: {getattr(layout, side)}" for side in ("left", "top", "width"))
    sliders = "".join(
        f'<input type="range" data-fader="{channel}" min="0" max="1" step="0.01" '
        f'value="{gate}" aria-label="{say("gate {channel}").format(channel=channel)}" '
        'aria-orientation="vertical" disabled>'
        for channel, gate in enumerate(answer.faders)
    )
    return (
        f'<div class="attention-faders" data-key="gates" '
        f'style="{place}; height: {layout.height}">{sliders}</div>'
    )
