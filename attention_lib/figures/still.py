"""Still pictures in a notebook: told in words, and light or dark as the page is.

JupyterLab shows a Matplotlib figure without alternative text, and white in every theme. Here the
light picture is on the page, and the dark one in a style that puts it in the light one's place as
the page's theme is: that holds when the theme changes, without a kernel and in exported HTML. On
paper, and where styles are not trusted, it is the light one.
"""

import html
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_lib._words import sentences
from attention_lib.figures.theme import DARK, ON_DARK, PAPER, Look, dress
from attention_lib.language import say

LONGEST = 500  # characters, as much as somebody listens to
P = ParamSpec("P")
Drawn = TypeVar("Drawn", Axes, list[Axes])
_alone = False
_dark: WeakKeyDictionary[Figure, tuple[str, list]] = WeakKeyDictionary()
_made: WeakKeyDictionary[Figure, str] = WeakKeyDictionary()


def describe(figure: Figure) -> str:
    """What is written in a figure, in reading order: titles, axes, labels, numbers.

    Args:
        figure: with whatever axes it has.

    Returns:
        A sentence for each of the axes, cut where it gets too long to listen to.
    """
    parts = [_written(ax) for ax in figure.axes]
    words = sentences(say("{part}.", part=part) for part in dict.fromkeys(parts) if part)
    words = words or say("A picture of {count} parts, without words.", count=len(figure.axes))
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def in_both_looks(plot: Callable[P, Drawn]) -> Callable[P, Drawn]:
    """Decorate a plot that takes a look: a notebook shows what it draws light or dark, as the page.

    Both are drawn at once, from the same arguments. A plot that is given axes, or a look, is drawn
    as it is told; and a figure that was changed after it was drawn is shown as it is.
    """

    @wraps(plot)
    def both(*args: P.args, **kwargs: P.kwargs) -> Drawn:
        drawn = plot(*args, **kwargs)
        if "look" not in kwargs and kwargs.get("ax") is None and speak():
            with _apart():
                dark = _figure_of(plot(*args, **{**kwargs, "look": DARK}))
            figure = _figure_of(drawn)
            _dark[figure] = _png(dark), _contents(figure)
            dark.clear()  # its memory would wait for the garbage collector
        return drawn

    return both


def new_figure(inches: tuple[float, float], look: Look) -> Figure:
    """A figure that a notebook shows at the end of the cell, with words for who cannot see it.

    Args:
        inches: its width and height.
        look: the theme.
    """
    style = {"figsize": inches, "layout": "constrained", "facecolor": look.background}
    if _alone:
        return Figure(**style)
    from matplotlib import pyplot  # only now: panels import plots, and never need it

    speak()
    return pyplot.figure(**style)


@contextmanager
def _apart() -> Iterator[None]:
    """Meanwhile figures are unknown to pyplot, which would show them by themselves."""
    global _alone
    _alone = True
    try:
        yield
    finally:
        _alone = False


def speak() -> bool:
    """In a notebook, show figures with their alternative text from now on.

    Returns:
        Whether this is a notebook.
    """
    ipython = sys.modules.get("IPython")  # where it is not loaded, nobody looks at a notebook
    shell = ipython and ipython.get_ipython()
    if shell:
        formatters = shell.display_formatter.formatters
        formatters["text/html"].for_type(Figure, _as_html)
        formatters["image/png"].for_type(Figure, _as_png)  # which LaTeX takes
    return bool(shell)


def _as_html(figure: Figure) -> str:
    words = html.escape(describe(figure))
    dark, before = _dark.get(figure, ("", None))
    changed = _contents(figure) != before
    look = PAPER if changed else f'content: url("data:image/png;base64,{dark}")'
    light = _made[figure] = _png(figure)
    name = f"attention-{zlib.crc32((light + dark).encode()):08x}"
    return (
        f"<style>@media screen {{ {ON_DARK} .{name} {{ {look} }} }}</style>"
        f'<img class="{name}" alt="{words}" src="data:image/png;base64,{light}">'
    )


def _as_png(figure: Figure) -> str:
    """The light picture; IPython asks for the HTML first, and a picture is not made twice."""
    return _made.pop(figure, None) or _png(figure)


def _png(figure: Figure) -> str:
    from IPython.core.pylabtools import print_figure

    return print_figure(figure, "png", base64=True)


def _figure_of(drawn: Axes | list[Axes]) -> Figure:
    return (drawn[0] if isinstance(drawn, list) else drawn).figure


def _contents(figure: Figure) -> list:
    """What tells whether somebody has changed a figure: its words, its parts, its limits."""
    parts = [(_written(ax), len(ax.get_children()), ax.axis()) for ax in figure.axes]
    return [len(figure.get_children()), *parts]


def _written(ax: Axes) -> str:
    """The words of one axes."""
    labels = (("x", ax.get_xlabel()), ("y", ax.get_ylabel())) if ax.axison else ()
    named = [say("{name}: {value}", name=axis, value=label) for axis, label in labels if label]
    ticks = []
    for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
        labels = [label.get_text() for label in axis.get_ticklabels()]
        if any(label and label.upper() != label for label in labels):  # names, and no numbers
            ticks += [label for label in labels if label]
    legend = ax.get_legend()
    labelled = [text.get_text() for text in legend.get_texts()] if legend else []
    texts = [text.get_text() for text in ax.texts if text.get_visible()]
    found = [ax.get_title(), *named, *labelled, *ticks, *texts]
    return say("; ").join(" ".join(words.split()) for words in found if words.strip())


PRINT, SMALL_PRINT = 10.5, 9.5  # points; a notebook draws 100 pixels an inch


def dressed(ax: Axes | None, look: Look, inches: tuple[float, float]) -> Axes:
    """An axes in the quiet look; without one, of a new figure."""
    if ax is None:
        ax = new_figure(inches, look).subplots()
    dress(ax, look).tick_params(labelsize=SMALL_PRINT)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(PRINT)
    return ax
