"""Runs inside the kernels that execute the notebooks: a widget becomes a note of what it is.

The build makes of each note the part of the page that stands for the widget (pages/hosts.py).
"""

from typing import Any

import ipywidgets as widgets
import matplotlib
from IPython import get_ipython
from IPython.display import display

from attention_lib.course.predict._ask import Card
from attention_lib.course.story import Story
from attention_lib.panels.kit.panel import Panel

MIME = "application/x-attention+json"
DENSITY = 2  # pixels of a chart for each that it takes on a page: screens enlarge, and are dense
OWN_MODELS = "your_network"  # its models are the notebook's own, so that no line names them


def begin() -> None:
    """From now on, note what is shown in place of showing it, and draw charts finely."""
    matplotlib.rcParams["figure.dpi"] *= DENSITY
    formatter = get_ipython().display_formatter.ipython_display_formatter
    notes = {Panel: _panel, Card: _card, Story: _story, widgets.Widget: _widget}
    for kind, note in notes.items():
        formatter.for_type(kind, lambda shown, note=note: display({MIME: note(shown)}, raw=True))


def _panel(panel: Panel) -> dict[str, Any]:
    line = panel.preset
    if panel.name == OWN_MODELS:
        kept = ("photo", "other", "layer")
        line = " ".join((panel.name, *(f"{name}={panel.controls[name].value}" for name in kept)))
    return {"panel": line}


def _card(card: Card) -> dict[str, Any]:
    from pages.cards import recorded

    return {"card": recorded(card)}


def _story(story: Story) -> dict[str, Any]:
    return {"story": [list(step) for step in story.steps]}


def _widget(widget: widgets.Widget) -> dict[str, Any]:
    return {"widget": type(widget).__name__}
