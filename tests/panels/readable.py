"""Whether a learner can read what a panel shows: nothing cut off, tiny, or under words."""

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text

from attention_lib.figures.marks import Pixels
from attention_lib.figures.text import Lettering
from attention_lib.figures.theme import SMALL
from attention_lib.panels.kit.panel import Panel

NARROWEST = {"scale": 0.9, "dark": False, "zoom": 0.9}


def unreadable_when_narrow(panel: Panel) -> list[str]:
    """The same where the page shows the figure as narrow as it does, and type keeps its size."""
    panel.figure._on_message(None, NARROWEST, None)
    return unreadable(panel)


def unreadable(panel: Panel) -> list[str]:
    """Say what words leave the page, are too small, or stand on each other or on a picture."""
    figure = panel.figure
    scale = figure.figure.dpi / 72
    height = figure.height * scale
    renderer = figure._canvas.get_renderer()
    boxes = [
        (words.get_window_extent(renderer), words.get_text())
        for ax in figure.figure.axes
        for words in ax.texts
        if isinstance(words, Lettering) and words.get_visible() and words.get_text()
    ]
    problems = [
        f"{text!r} leaves the page"
        for box, text in boxes
        if not (box.x0 >= 0 and box.x1 <= figure.width * scale and box.y0 >= 0 and box.y1 <= height)
    ]
    problems += [
        f"{words.get_text()!r} is {words.get_size():g} pixels high"
        for ax in figure.figure.axes
        for words in (ax.findobj(Text) if ax.axison else ax.texts)
        if words.get_visible() and words.get_text() and words.get_size() < SMALL
    ]
    pictures = _pictures(panel)
    for box, text in boxes:
        left, low, right, high = box.extents.round().clip(0).astype(int)
        if pictures[low:high, left:right].any():
            problems.append(f"{text!r} stands on a picture")
    boxes.sort(key=lambda words: (round(words[0].y0), words[0].x0))
    for i, (box, text) in enumerate(boxes):
        for other, words in boxes[i + 1 :]:
            wide = min(box.x1, other.x1) - max(box.x0, other.x0)
            high = min(box.y1, other.y1) - max(box.y0, other.y0)
            if wide > 0 and high > 0:
                problems.append(f"{text!r} and {words!r} stand on each other")
    return problems


def _pictures(panel: Panel) -> np.ndarray:
    """Which pixels of a panel are of pictures and bars, counted from below."""
    figure = panel.figure.figure
    alone = RendererAgg(*figure.canvas.get_width_height(physical=True), figure.dpi)
    for pixels in figure.findobj(Pixels):
        pixels.draw(alone)
    return np.asarray(alone.buffer_rgba())[::-1, :, 3] > 0
