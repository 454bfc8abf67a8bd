"""Which part of a padded row of channels to show around the chosen one."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator

from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, Look


def first_shown(channel: int, channels: int, reach: int, places: int) -> int:
    """The index at the left of a row of so many places.

    Args:
        channel: the chosen channel.
        channels: C.
        reach: how many zeros stand at either end.
        places: how many fit side by side.

    Returns:
        An index; below 0 it is padding. Where everything fits, it stands in the middle and keeps
        still. Elsewhere the row scrolls to have the chosen channel in its middle, but not past
        the padding.
    """
    spare = places - (channels + 2 * reach)
    if spare >= 0:
        return -reach - spare // 2
    return min(max(channel - places // 2, -reach), channels + reach - places)


MOST_TICKS = 8


class Axis:
    """A value axis on the left, its numbers, and a line at zero."""

    def __init__(self, page: Axes, look: Look):
        style = {"fontsize": SMALL, "color": look.quiet, "ha": "right", "va": "center_baseline"}
        self._lines = LineCollection([], colors=look.faint)
        page.add_collection(self._lines, autolim=False)
        self._texts = [letter(page, 0, 0, **style) for _ in range(MOST_TICKS)]
        self.artists = [self._lines, *self._texts]

    def set(
        self, sides: tuple[float, float, float, float], low: float, high: float, ticks: int
    ) -> None:
        """Stand between left and right, from top on so high, and reach from low to high."""
        left, right, top, height = sides
        values = MaxNLocator(ticks, steps=[1, 2, 5, 10]).tick_values(low, high)
        values = values[(values >= low) & (values <= high)]
        ys = top + height * (high - values) / (high - low)
        zero = top + height * high / (high - low)
        lines = [[(left, top), (left, top + height)], [(left, zero), (right, zero)]]
        self._lines.set_segments(lines + [[(left - 4, y), (left, y)] for y in ys])
        for text in self._texts[len(values) :]:
            text.set_text("")
        for text, y, value in zip(self._texts, ys, values, strict=False):
            text.set(text=f"{value:g}".replace("-", "−"), x=left - 7, y=y)


def mark_ticks(ticks: list[Artist], told: dict[float, str], y: float) -> None:
    """Put ticks at places along the line at `y`, with their numbers below."""
    strokes, *texts = ticks
    strokes.set_data(list(told), [y] * len(told))
    for text, (x, words) in zip(texts, [*told.items(), *[(0, "")] * len(texts)], strict=False):
        text.set(x=x, text=words)
