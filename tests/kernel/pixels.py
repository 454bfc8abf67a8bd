"""Runs inside a kernel: what its live figures should look like on the page."""

import hashlib
from collections.abc import Iterator

import numpy as np
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances

from attention_lib.figures.live import LiveFigure
from attention_lib.figures.theme import DARK, LIGHT


def expected(model_id: str) -> list[dict]:
    """Draw every figure of a widget afresh, and say what is seen.

    Args:
        model_id: of the widget, as its output on the page has it.

    Returns:
        For each figure, in order: a checksum of its pixels, its size, its alternative text, how
        many colours it has, and whether it is dark (None where it has neither look's background).
    """
    return [_seen(figure) for figure in _figures(_instances[model_id])]


def everything() -> list[dict]:
    """The same of every figure of this kernel, shown or not."""
    return [_seen(each) for each in list(_instances.values()) if isinstance(each, LiveFigure)]


def _seen(figure: LiveFigure) -> dict:
    with figure._drawing:
        figure._lay_out()
        figure._draw()
        pixels = figure._drawn().copy()
    corner = "#" + pixels[0, 0, :3].tobytes().hex()
    return {
        "checksum": hashlib.sha256(pixels).hexdigest(),
        "size": [pixels.shape[1], pixels.shape[0]],
        "alt": figure.alt,
        "colours": len(np.unique(pixels.view(np.uint32))),
        "dark": {LIGHT.background: False, DARK.background: True}.get(corner),
    }


def _figures(widget: Widget) -> Iterator[LiveFigure]:
    if isinstance(widget, LiveFigure):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from _figures(child)
