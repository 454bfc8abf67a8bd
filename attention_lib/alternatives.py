"""Alternative text for still pictures: JupyterLab shows a Matplotlib figure without any."""

import html
import sys

from matplotlib.axes import Axes
from matplotlib.figure import Figure

LONGEST = 500  # characters, as much as somebody listens to


def describe(figure: Figure) -> str:
    """What is written in a figure, in reading order: titles, axes, labels, numbers.

    Args:
        figure: with whatever axes it has.

    Returns:
        A sentence for each of the axes, cut where it gets too long to listen to.
    """
    parts = [_written(ax) for ax in figure.axes]
    words = " ".join(f"{part}." for part in dict.fromkeys(parts) if part)
    words = words or f"A picture of {len(figure.axes)} parts, without words."
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def speak() -> None:
    """In a notebook, show figures with their alternative text from now on."""
    ipython = sys.modules.get("IPython")  # where it is not loaded, nobody looks at a notebook
    shell = ipython and ipython.get_ipython()
    if shell:
        formatters = shell.display_formatter.formatters
        formatters["text/html"].for_type(Figure, _as_html)
        formatters["image/png"].pop(Figure, None)  # else every picture is made twice


def _as_html(figure: Figure) -> str:
    from IPython.core.pylabtools import print_figure

    picture = print_figure(figure, "png", base64=True)
    return f'<img alt="{html.escape(describe(figure))}" src="data:image/png;base64,{picture}">'


def _written(ax: Axes) -> str:
    """The words of one axes."""
    axes = [f"{axis}: {label}" for axis, label in (("x", ax.get_xlabel()), ("y", ax.get_ylabel()))]
    named = [axis for axis in axes if not axis.endswith(": ")] if ax.axison else []
    ticks = []
    for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
        labels = [label.get_text() for label in axis.get_ticklabels()]
        if any(label and label.upper() != label for label in labels):  # names, and no numbers
            ticks += [label for label in labels if label]
    legend = ax.get_legend()
    labelled = [text.get_text() for text in legend.get_texts()] if legend else []
    texts = [text.get_text() for text in ax.texts if text.get_visible()]
    found = [ax.get_title(), *named, *labelled, *ticks, *texts]
    return "; ".join(" ".join(words.split()) for words in found if words.strip())
