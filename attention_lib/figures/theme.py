"""The one visual language of the series: colours, type and drawing surfaces.

A gate is a colour on one scale from closed to open, the same colour in every stage it appears.
The chosen channel has the one accent colour. Everything else is quiet.

Lengths are CSS pixels throughout: figures are made at 72 dots an inch times the screen's density,
so a Matplotlib point is one pixel of the page.
"""

from pathlib import Path
from typing import NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from attention_lib import language

POINTS_PER_INCH = 72

# In a style: where the page is dark, in JupyterLab and its like and in VS Code; and what lies under
# a light picture there.
ON_DARK = ':is([data-jp-theme-light="false"], .vscode-dark)'
PAPER = "padding: 8px; border-radius: 8px; background: white"

TITLE = 14
TEXT = 12.5
# Matplotlib's own font has no Chinese: that is set in this one, which is cut down to the characters
# in use (tools/make_font.py).
FONTS = {
    weight: Path(__file__).parent / "fonts" / f"NotoSansSC-{weight}.otf"
    for weight in ("Regular", "Bold")
}
SMALL = 12  # the smallest type on the screen; a figure that is shown narrower keeps it
RESULT = 22


class Look(NamedTuple):
    """Colours of one theme."""

    background: str
    ink: str
    quiet: str
    faint: str
    track: str
    bar: str
    accent: str
    accent_wash: str
    adds: str
    takes: str
    gates: Colormap
    maps: Colormap
    weights: Colormap


def _part(name: str, low: float, high: float) -> Colormap:
    """The part of a named colour map between two of its positions."""
    whole = matplotlib.colormaps[name]
    steps = [whole(low + (high - low) * i / 255) for i in range(256)]
    return ListedColormap(steps, name=f"{name}_{low}_{high}")


def _signs(name: str, *colours: str) -> Colormap:
    """From what takes away most, in purple, to what adds most, in orange; on either page the
    strongest weight is the strongest colour, and purple is the darker of the two, also in grey.
    """
    return LinearSegmentedColormap.from_list(name, colours)


LIGHT = Look(
    background="#ffffff",
    ink="#22262b",
    quiet="#5d646d",
    faint="#c9ced4",
    track="#eceef0",
    bar="#6b7785",
    accent="#c2334d",
    accent_wash="#fbeaed",
    adds="#d9790a",
    takes="#6a4a9c",
    gates=_part("cividis", 0.0, 0.94),
    maps=matplotlib.colormaps["gray"],
    weights=_signs("weights", "#43237a", "#a797cf", "#f6f6f6", "#f3b562", "#b85600"),
)

DARK = Look(
    background="#111111",
    ink="#e8eaed",
    quiet="#a3abb5",
    faint="#454b52",
    track="#2a2e33",
    bar="#8794a3",
    accent="#ff7a8c",
    accent_wash="#33191e",
    adds="#ff9d2e",
    takes="#7b5cf0",
    gates=_part("cividis", 0.22, 1.0),
    maps=matplotlib.colormaps["gray"],
    weights=_signs("weights_in_the_dark", "#9a78ff", "#5a4890", "#24282d", "#9a611f", "#ff9d2e"),
)


def page(figure: Figure, look: Look) -> Axes:
    """One axes over the whole figure in CSS pixels, y downwards, nothing drawn on it."""
    figure.set_facecolor(look.background)
    width, height = figure.get_size_inches() * POINTS_PER_INCH
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    ax.set_axis_off()
    return ax


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """An axes at a place of the page given in CSS pixels from the top left corner."""
    full_width, full_height = figure.get_size_inches() * POINTS_PER_INCH
    return figure.add_axes(
        (
            left / full_width,
            1 - (top + height) / full_height,
            width / full_width,
            height / full_height,
        )
    )


def dress(ax: Axes, look: Look) -> Axes:
    """Give an axes the quiet look: no box, thin grey lines, readable ticks."""
    ax.set_facecolor(look.background)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set(color=look.faint, linewidth=1)
    ax.tick_params(colors=look.quiet, labelsize=SMALL, length=3, width=1)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set(color=look.quiet, fontsize=TEXT)
    ax.title.set(color=look.ink, fontsize=TITLE)
    return ax


def set_chinese() -> None:
    """Let Matplotlib, too, take the font for what its own does not have."""
    for path in FONTS.values():
        fontManager.addfont(path)
    family = FontProperties(fname=FONTS["Regular"]).get_name()
    if family not in matplotlib.rcParams["font.family"]:
        matplotlib.rcParams["font.family"] = [*matplotlib.rcParams["font.family"], family]


if language.chosen == "zh":
    set_chinese()
