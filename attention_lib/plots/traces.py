"""Arrays and traces as still pictures: each function draws on an axes and returns it.

    ax = plot_gates(trace.gates, names=channel_names(8))

Without `ax` a figure is made. Colours mean what they mean in the panels: a gate is one scale from
closed to open, weights are two colours around zero.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from attention_lib import _require
from attention_lib.figures import still
from attention_lib.figures.still import PRINT, SMALL_PRINT, dressed
from attention_lib.figures.theme import LIGHT, Look
from attention_lib.language import say
from attention_lib.steps.eca import staircase
from attention_lib.steps.variants import Interactions

MOST_NAMES = 32  # beside bars
NAME = 0.2  # inches of room for a name under a map


@still.in_both_looks
def plot_gates(
    gates: np.ndarray,
    names: Sequence[str] | None = None,
    titles: Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    look: Look = LIGHT,
) -> Axes:
    """Draw gates as bars from closed, 0, to open, 1; several sets of them stand side by side.

    Args:
        gates: (C,), or (n, C) for n sets, of n photographs for example.
        names: one a channel, beside the bars; they then lie below each other, for C up to 32.
        titles: one a set.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with two collections: pale tracks of full length, and the bars over them.

    Raises:
        ValueError: if the shape is another, or there is not one name a channel, one title a set.
    """
    gates = _sets_of(gates)
    sets, channels = gates.shape
    sideways = names is not None
    if sideways:
        _require.one_each(names, "names", channels, "channel")
        if channels > MOST_NAMES:
            raise ValueError(
                say(
                    "`names` must be {most_names} or fewer, to be read beside the bars. "
                    "Received: {channels}. Leave them out.",
                    most_names=MOST_NAMES,
                    channels=channels,
                )
            )
    if titles is not None:
        _require.one_each(titles, "titles", sets, "set of gates")
    starts = 1.25 * np.arange(sets)  # of the sets, along the bars
    if sideways:
        ax = dressed(ax, look, (3.2 + (2.3 if sets == 1 else 1.1 * sets), 0.7 + 0.3 * channels))
    else:
        starts = starts[::-1]
        ax = dressed(ax, look, (7, 1 + 1.2 * sets))
    half = 0.4 if channels <= 128 else 0.5
    for lengths, colours in (
        (np.ones_like(gates), look.track),
        (gates, look.gates(gates).reshape(-1, 4)),
    ):
        low = np.broadcast_to(starts[:, None], gates.shape).ravel()
        high = low + lengths.ravel()
        at = np.tile(np.arange(channels), sets)
        corners = ((at - half, low), (at - half, high), (at + half, high), (at + half, low))
        boxes = np.array(corners).transpose(2, 0, 1)[..., :: -1 if sideways else 1]
        ax.add_collection(PolyCollection(boxes, facecolors=colours, linewidths=0))
    along, across = (ax.xaxis, ax.yaxis) if sideways else (ax.yaxis, ax.xaxis)
    if sets == 1:
        along.set_ticks([0, 0.5, 1], [say("closed"), "½", say("open")])
    else:
        along.set_ticks([*starts, *starts + 1], ["0"] * sets + ["1"] * sets)
    bounds = (0, starts.max() + 1), (-0.6, channels - 0.4)
    if sideways:
        ax.set(xlim=bounds[0], ylim=bounds[1][::-1])
        across.set_ticks(range(channels), names)
        across.set_tick_params(length=0)
    else:
        ax.set(xlim=bounds[1], ylim=bounds[0], xlabel=say("channel"))
        across.get_major_locator().set_params(integer=True)
    for start, title in zip(starts, titles if titles is not None else (), strict=False):
        place = (start + 0.5, -0.65) if sideways else (-0.5, start + 1.03)
        style = {"ha": "center" if sideways else "left", "va": "bottom", "fontsize": PRINT}
        ax.text(*place, title, color=look.ink, **style)
    return ax


@still.in_both_looks
def plot_photo(
    photo: np.ndarray, title: str = "", *, ax: Axes | None = None, look: Look = LIGHT
) -> Axes:
    """Draw a photograph as it is.

    Args:
        photo: (H, W, 3) in 0 to 1.
        title: what it shows; read out where the picture cannot be seen.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with one image.

    Raises:
        ValueError: if `photo` is not (H, W, 3).
    """
    photo = _require.array(photo, "photo", "height", "width", "colours")
    if photo.shape[2] != 3:
        raise ValueError(
            say(
                "`photo` must have 3 colours. Received: shape={shape}. Draw feature maps "
                "with `plot_feature_maps`.",
                shape=photo.shape,
            )
        )
    ax = dressed(ax, look, (3.2, 3.2 * photo.shape[0] / photo.shape[1] + 0.3))
    ax.imshow(np.clip(photo, 0, 1))
    ax.set_axis_off()
    _outline(ax, look, [(0, 0)], photo.shape[:2])
    ax.set_title(title, fontsize=PRINT)
    return ax


@still.in_both_looks
def plot_feature_maps(
    maps: np.ndarray,
    names: Sequence[str] | None = None,
    gates: np.ndarray | None = None,
    *,
    ax: Axes | None = None,
    look: Look = LIGHT,
) -> Axes:
    """Draw maps side by side as one image, all on one scale from 0 to the largest value.

    Up to four stand in one row; many make nearly a square.

    Args:
        maps: (H, W, C).
        names: one a channel, under the maps.
        gates: (C,), drawn as a frame around each map in the gate's colour.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with one image.

    Raises:
        ValueError: if `maps` is not (H, W, C), or names or gates are not one a channel.
    """
    maps = _require.array(maps, "maps", "height", "width", "channels")
    height, width, channels = maps.shape
    if names is not None:
        _require.one_each(names, "names", channels, "channel")
    colours = np.tile(to_rgb(look.background), (channels, 1))
    if gates is not None:
        gates = _require.array(gates, "gates", "channels")
        _require.one_each(gates, "gates", channels, "channel")
        colours = look.gates(gates.astype(float))[:, :3]
    columns = min(channels, max(4, int(np.ceil(np.sqrt(channels * height / width)))))
    rows = -(-channels // columns)
    frame = 0 if gates is None else max(1, min(height, width) // 14)
    gap = max(1, min(height, width) // 14)
    wide = min(1.8 * columns, 8)
    pixels = columns * (width + 2 * frame + gap) / wide  # of the page, an inch
    label = 0 if names is None else int(np.ceil(NAME * pixels))
    pitch = height + 2 * frame + gap + label, width + 2 * frame + gap
    page = np.tile(to_rgb(look.background), (rows * pitch[0], columns * pitch[1], 1))
    shades = look.maps(np.clip(maps / max(float(maps.max()), 1e-12), 0, 1).astype(float))[..., :3]
    corners = [(pitch[0] * (i // columns), pitch[1] * (i % columns)) for i in range(channels)]
    for channel, (top, left) in enumerate(corners):
        page[top : top + height + 2 * frame, left : left + width + 2 * frame] = colours[channel]
        inside = np.s_[top + frame : top + frame + height, left + frame : left + frame + width]
        page[inside] = shades[:, :, channel]
    page = page[:-gap, :-gap]
    ax = dressed(ax, look, (wide, wide * page.shape[0] / page.shape[1]))
    ax.imshow(page, interpolation="nearest")
    ax.set_axis_off()
    if gates is None:
        _outline(ax, look, corners, (height, width))
    for (top, left), name in zip(corners, names if names is not None else (), strict=False):
        middle, under = left + frame + width / 2, top + height + 2 * frame + pixels / 72
        ax.text(middle, under, name, fontsize=8, ha="center", va="top", color=look.ink)
    return ax


def _outline(
    ax: Axes, look: Look, corners: Sequence[tuple[int, int]], size: tuple[int, int]
) -> None:
    """Draw a thin line around pictures, which may be as white, or as black, as the page."""
    height, width = size
    edges = [Rectangle((left - 0.5, top - 0.5), width, height) for top, left in corners]
    style = {"facecolor": "none", "edgecolor": look.faint, "linewidth": 0.8, "clip_on": False}
    ax.add_collection(PatchCollection(edges, **style), autolim=False)


@still.in_both_looks
def plot_side_by_side(
    results: Mapping[str, np.ndarray], names: Sequence[str], *, look: Look = LIGHT
) -> list[Axes]:
    """Draw what several methods make of the same maps: a column each, a row for each channel.

    A row has one scale, from 0 to the largest value of its first map: brighter is white.

    Args:
        results: by title, maps of shape (H, W, n); the first is the input, to compare with.
        names: one a channel, beside its row.
        look: the theme.

    Returns:
        The axes of a new figure, row by row, each with one image and its range of values below.

    Raises:
        ValueError: if maps have another shape, or there is not one name a channel.
    """
    maps = {title: _require.array(x, title, "height", "width", "n") for title, x in results.items()}
    for x in maps.values():
        _require.one_each(names, "names", x.shape[2], "channel")
    size = (1.38 * len(maps) + 0.3, 1.72 * len(names) + 0.3)
    grid = still.new_figure(size, look).subplots(len(names), len(maps), squeeze=False)
    for row, name in enumerate(names):
        brightest = max(float(next(iter(maps.values()))[..., row].max()), 1e-12)
        for ax, (title, x) in zip(grid[row], maps.items(), strict=True):
            shown, ink = x[..., row], {"color": look.ink, "fontsize": PRINT}
            dressed(ax, look, size).set_axis_off()
            ax.imshow(shown, look.maps, vmin=0, vmax=brightest, interpolation="nearest")
            _outline(ax, look, [(0, 0)], shown.shape)
            ax.set_title(title if row == 0 else "", **ink)
            if ax is grid[row][0]:
                ax.text(-0.04, 0.5, name, rotation=90, ha="right", va="center", **_beside(ax, ink))
            values = say("{low:.2f} to {high:.2f}", low=shown.min(), high=shown.max()).replace(
                "-", "−"
            )
            under = {"color": look.quiet, "fontsize": SMALL_PRINT}
            ax.text(0.5, -0.03, values, ha="center", va="top", **_beside(ax, under))
    return list(grid.ravel())


def _beside(ax: Axes, style: dict) -> dict:
    """A style of words that stand beside a picture, at places counted in its sides."""
    return {**style, "transform": ax.transAxes}


@still.in_both_looks
def plot_logits(tables: Mapping[str, np.ndarray], *, look: Look = LIGHT) -> list[Axes]:
    """Draw pictures as dots, each placed by the logits of channels 0 and 1.

    Args:
        tables: by title, the logits of n pictures, (n, C) with C of 2 or more.
        look: the theme.

    Returns:
        The axes of a new figure, one a table, each with one line of dots.

    Raises:
        ValueError: if a table has another shape.
    """
    size = (3.6 * len(tables), 3.2)
    axes = still.new_figure(size, look).subplots(1, len(tables), squeeze=False)[0]
    for ax, (title, table) in zip(axes, tables.items(), strict=True):
        table = _require.array(table, "table", "n", "channels")
        if table.shape[1] < 2:
            raise ValueError(
                say(
                    "A table must have two channels or more, to place a dot by two logits. "
                    "Received: {title!r} of shape {shape}. Give the logits of all channels.",
                    title=title,
                    shape=table.shape,
                )
            )
        ax.plot(table[:, 0], table[:, 1], "o", color=look.bar, markeredgewidth=0, alpha=0.9)
        dressed(ax, look, size).set(xlabel=say("logit 0"), ylabel=say("logit 1"))
        ax.set_title(title, fontsize=PRINT, color=look.ink)
    return list(axes)


@still.in_both_looks
def plot_interaction(
    matrix: np.ndarray, title: str = "", *, ax: Axes | None = None, look: Look = LIGHT
) -> Axes:
    """Draw what each gate depends on: a row for each gate, a column for each channel.

    Args:
        matrix: (C, C), logits = matrix @ z; see `steps.interaction`.
        title: what it is the matrix of.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with one image; zero is nearly the page, and the strongest weight stands out most.

    Raises:
        ValueError: if the matrix is not square.
    """
    matrix = _require.array(matrix, "matrix", "channels", "channels")
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(
            say(
                "`matrix` must have a row and a column for every channel. Received: matrix "
                "of shape {shape}. Take one from `interactions`.",
                shape=matrix.shape,
            )
        )
    ax = dressed(ax, look, (2.6, 2.9))
    limit = max(float(np.abs(matrix).max()), 1e-12)
    ax.imshow(matrix, cmap=look.weights, vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set(xticks=[], yticks=[], xlabel=say("depends on"), ylabel=say("gate of"))
    ax.set_title(title, fontsize=PRINT, color=look.ink)
    ax.spines[:].set_visible(True)
    ax.spines[:].set(color=look.faint, linewidth=1)
    return ax


@still.in_both_looks
def plot_interactions(designs: Interactions, *, look: Look = LIGHT) -> list[Axes]:
    """Draw the four designs side by side: full, low rank, diagonal, band.

    Args:
        designs: the matrices, from `steps.interactions`.
        look: the theme.

    Returns:
        The axes of a new figure, one a design.
    """
    axes = still.new_figure((9, 2.7), look).subplots(1, len(designs))
    titles = (
        say("full: all to all"),
        say("low rank: SE"),
        say("diagonal: each alone"),
        say("band: ECA"),
    )
    return [
        plot_interaction(matrix, title, ax=ax, look=look)
        for matrix, title, ax in zip(designs, titles, axes, strict=True)
    ]


@still.in_both_looks
def plot_kernel_sizes(
    gamma: float = 2, b: float = 1, up_to: int = 4096, *, ax: Axes | None = None, look: Look = LIGHT
) -> Axes:
    """Draw ECA's kernel size k against the number of channels, and t before it is rounded.

    Args:
        gamma: of the kernel size formula, above 0.
        b: of the kernel size formula.
        up_to: the largest number of channels.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with two lines: t, and the staircase of k.

    Raises:
        ValueError: if a value is out of range.
    """
    steps = staircase(gamma, b, up_to)
    ax = dressed(ax, look, (7, 3))
    channels = [step.channels for step in steps]
    ax.set_xscale("log", base=2)
    ax.plot(channels, [step.t for step in steps], color=look.quiet, linewidth=1.1)
    sizes = [step.kernel_size for step in steps]
    ax.plot(channels, sizes, color=look.ink, linewidth=2.6, drawstyle="steps-post")
    ax.set_ylim(0, max(sizes) + 1.5)
    _count_channels(ax, up_to)
    every = 2 * (1 + max(sizes) // 24)
    ax.set_yticks(range(1, max(sizes) + 1, every))
    ax.set_ylabel(say("kernel size k"))
    ax.grid(axis="y", color=look.track)
    ax.set_axisbelow(True)
    _at_end(ax, up_to, steps[-1].t, say("t, before the cut"), look.quiet, va="top")
    _at_end(ax, up_to, sizes[-1], "k", look.ink, va="bottom")
    return ax


def _sets_of(gates: np.ndarray) -> np.ndarray:
    """Gates as (n, C); one set alone may come as (C,)."""
    try:
        alone = np.ndim(gates) == 1
    except ValueError:  # rows of different lengths
        alone = False
    return _require.array([gates] if alone else gates, "gates", "n", "channels").astype(float)


def _count_channels(ax: Axes, up_to: int) -> None:
    """A logarithmic axis of channels, marked at powers of two."""
    powers = [2**i for i in range(int(up_to).bit_length())]
    ax.set_xlim(0.9, up_to * 1.1)
    ax.set_xticks(powers, [str(power) for power in powers])
    ax.set_xlabel(say("C, channels"))


def _at_end(ax: Axes, x: float, y: float, text: str, colour: str, *, va: str = "center") -> None:
    """A direct label where a line ends."""
    style = {"xytext": (6, 0), "textcoords": "offset points", "annotation_clip": False}
    ax.annotate(text, (x, y), va=va, color=colour, fontsize=PRINT, **style)
