"""Stored runs as still pictures: every run is a dot or a line, and a mean has its interval.

plot_comparison(load_runs("cued"))
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from attention_lib import _require
from attention_lib._words import number
from attention_lib.experiments.runs import MECHANISMS, Archive, title_of
from attention_lib.experiments.statistics import difference, mean_interval
from attention_lib.figures import still
from attention_lib.figures.still import PRINT, SMALL_PRINT, dressed
from attention_lib.figures.theme import LIGHT, Look
from attention_lib.language import say

COLUMNS = (10, 50, 128)  # points to the right of a chart
MARKERS = "o^sDv"
ROOM = 0.1  # of the height of a course, for a word at the end of a line
PALEST = 0.8  # of the colours of gates, for thin lines: beyond it yellow is lost on white
REAL, PLANTED = slice(0, None, 2), slice(1, None, 2)


@still.in_both_looks
def plot_spread(
    groups: Mapping[str, Sequence[float]],
    notes: Sequence[Sequence[str]] | None = None,
    *,
    label: str = say("test accuracy"),
    ax: Axes | None = None,
    look: Look = LIGHT,
) -> Axes:
    """Draw groups of runs below each other: a dot for every run, mean and 95 % interval over them.

    Args:
        groups: by name, one number for each seed, two or more.
        notes: for each group some words, to the right of it in columns.
        label: what the numbers are.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with a line of dots and a line of the interval for each group.

    Raises:
        ValueError: if a group has fewer than two runs, or there is not one note a group.
    """
    if notes is not None:
        _require.one_each(notes, "notes", len(groups), "group")
    ax = dressed(ax, look, (9 if notes else 7, 0.8 + 0.36 * len(groups)))
    for row, values in enumerate(groups.values()):
        values = np.asarray([*values], float)
        shift = np.linspace(-0.14, 0.14, len(values))
        dots = {"color": look.bar, "markersize": 5, "markeredgewidth": 0, "alpha": 0.9}
        ax.plot(values, row + shift, "o", zorder=3, **dots)
        mean = mean_interval(values)
        ax.plot([mean.low, mean.high], [row, row], color=look.accent, linewidth=2, zorder=2)
        ax.plot([mean.mean] * 2, [row - 0.3, row + 0.3], color=look.accent, linewidth=2, zorder=2)
    ax.set_ylim(len(groups) - 0.4, -0.6)
    ax.set_yticks(range(len(groups)), [title_of(name) for name in groups])
    ax.tick_params(axis="y", length=0, colors=look.ink, labelsize=PRINT)
    ax.set_xlabel(label)
    ax.locator_params(axis="x", nbins=5)
    ax.grid(axis="x", color=look.track)
    ax.set_axisbelow(True)
    for row, words in enumerate(notes or ()):
        for column, word in zip(COLUMNS, words, strict=False):
            style = {"fontsize": SMALL_PRINT, "color": look.ink, "va": "center"}
            place = {
                "xytext": (column, 0),
                "textcoords": "offset points",
                "annotation_clip": False,
            }
            ax.annotate(word, (1, row), xycoords=ax.get_yaxis_transform(), **place, **style)
    return ax


@still.in_both_looks
def plot_comparison(
    archive: Archive,
    rows: Sequence[str] | None = None,
    *,
    against: str = MECHANISMS["none"],
    ax: Axes | None = None,
    look: Look = LIGHT,
) -> Axes:
    """Draw the stored runs of a task, and say how each row differs from one of them.

    Args:
        archive: from `load_runs`.
        rows: which, and in what order; all of them if left out.
        against: the row that the others are compared with, seed by seed.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes of `plot_spread`; the notes have mean, difference and number of weights.

    Raises:
        ValueError: if there is no such row.
    """
    rows = [*archive.rows()] if rows is None else [*rows]
    groups = {row: archive.accuracies(row) for row in rows}
    base = archive.accuracies(against)
    notes = []
    for row, values in groups.items():
        more = "" if row == against else _difference(values, base)
        weights = archive.rows()[row][0].weights
        notes.append(
            (f"{mean_interval(values).mean:.3f}", say("{weights:,} weights", weights=weights), more)
        )
    return plot_spread(groups, notes, ax=ax, look=look)


def _difference(these: Sequence[float], those: Sequence[float]) -> str:
    more = difference(these, those)
    return say(
        "{mean} ± {half:.3f}, {verdict}",
        mean=number(more.mean, 3, sign=True),
        half=more.half,
        verdict=more.verdict,
    )


@still.in_both_looks
def plot_forced(archive: Archive, row: str, *, ax: Axes | None = None, look: Look = LIGHT) -> Axes:
    """Draw what is left of a row's test accuracy when other gates are put in place of its own.

    Args:
        archive: from `load_runs`.
        row: of a mechanism that has gates.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes of `plot_spread`, one group for each kind of gates.

    Raises:
        ValueError: if there is no such row.
    """
    archive.accuracies(row)
    runs = archive.rows()[row]
    groups = {kind: [run.forced[kind] for run in runs] for kind in runs[0].forced}
    notes = [(f"{mean_interval(values).mean:.3f}",) for values in groups.values()]
    return plot_spread(groups, notes, ax=ax, look=look)


@still.in_both_looks
def plot_gate_spread(
    archive: Archive, rows: Sequence[str], *, ax: Axes | None = None, look: Look = LIGHT
) -> Axes:
    """Draw every run by how much its first gates differ between pictures, and its accuracy.

    Args:
        archive: from `load_runs`.
        rows: of mechanisms that have gates, up to five.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with a line of dots for each row.

    Raises:
        ValueError: if there is no such row, or its mechanism has no gates.
    """
    ax = dressed(ax, look, (6, 3))
    for row, marker in zip(rows, MARKERS, strict=False):
        accuracies, runs = archive.accuracies(row), archive.rows()[row]
        if not runs[0].gate_spread:
            raise ValueError(
                say(
                    "`rows` must be of mechanisms that have gates. Received: {row!r}. Choose "
                    "SE, ECA or CBAM.",
                    row=row,
                )
            )
        spreads = [run.gate_spread[0]["spread"] for run in runs]
        style = {"markersize": 7, "alpha": 0.9, "markeredgewidth": 0, "clip_on": False}
        ax.plot(spreads, accuracies, marker, color=look.bar, label=title_of(row), **style)
    ax.set_xlim(left=0)
    ax.set(xlabel=say("how far a first gate spreads over pictures"), ylabel=say("test accuracy"))
    ax.legend(frameon=False, fontsize=SMALL_PRINT, labelcolor=look.ink, loc="lower right")
    return ax


@still.in_both_looks
def plot_gates_by_class(
    depths: Sequence[np.ndarray], titles: Sequence[str] | None = None, *, look: Look = LIGHT
) -> list[Axes]:
    """Draw mean gates of each class as a line over the channels, one axes a depth.

    Args:
        depths: (classes, C) for each attention, the first first.
        titles: one a depth.
        look: the theme.

    Returns:
        The axes of a new figure, each with a line for every class; all have one scale, 0 to 1.

    Raises:
        ValueError: if there is not one title a depth.
    """
    if titles is not None:
        _require.one_each(titles, "titles", len(depths), "depth")
    size = (2.5 * len(depths), 2.6)
    axes = still.new_figure(size, look).subplots(1, len(depths), squeeze=False, sharey=True)[0]
    for i, (ax, gates) in enumerate(zip(axes, depths, strict=True)):
        gates = _require.array(gates, "gates", "classes", "channels")
        for label, values in enumerate(gates):
            colour = look.gates(PALEST * label / max(len(gates) - 1, 1))
            ax.plot(values, color=colour, linewidth=1, alpha=0.8)
        dressed(ax, look, size).set(ylim=(0, 1), xlabel=say("channel"))
        if titles is not None:
            ax.set_title(titles[i], fontsize=SMALL_PRINT, color=look.ink)
    axes[0].set_ylabel(say("mean gate"))
    return list(axes)


@still.in_both_looks
def plot_gates_by_epoch(
    archive: Archive, row: str, *, ax: Axes | None = None, look: Look = LIGHT
) -> Axes:
    """Draw the gates of real and of planted channels while learning, two lines for every run.

    Args:
        archive: of "planted".
        row: of a mechanism that has gates.
        ax: where to draw.
        look: the theme.

    Returns:
        The axes, with lines of the real and the planted channels' mean gate for each run in turn.

    Raises:
        ValueError: if there is no such row, or its first gates were not kept.
    """
    archive.accuracies(row)
    runs = archive.rows()[row]
    if not all(run.gates_by_epoch.size for run in runs):
        raise ValueError(
            say(
                "`row` must be one whose gates on the input were kept. Received: "
                "row={row!r} of {task}. Choose SE or ECA on the task 'planted'.",
                row=row,
                task=archive.task,
            )
        )
    ax = dressed(ax, look, (5, 2.8))
    for run in runs:
        epochs = range(len(run.gates_by_epoch))
        thin = {"linewidth": 1.2, "alpha": 0.8}
        ax.plot(epochs, run.gates_by_epoch[:, REAL].mean(1), color=look.bar, **thin)
        ax.plot(epochs, run.gates_by_epoch[:, PLANTED].mean(1), color=look.accent, **thin)
    last = len(runs[0].gates_by_epoch) - 1
    ends = np.mean([run.gates_by_epoch[-1] for run in runs], axis=0)
    gap = ends[REAL].mean() - ends[PLANTED].mean()
    apart = max(0, ROOM - abs(gap)) / 2 * (1 if gap >= 0 else -1)  # so that words do not overlap
    for channels, words, colour, shift in (
        (REAL, say("real"), look.ink, apart),
        (PLANTED, say("planted"), look.accent, -apart),
    ):
        style = {"color": colour, "fontsize": PRINT, "va": "center", "annotation_clip": False}
        at = last, ends[channels].mean() + shift
        ax.annotate(words, at, xytext=(6, 0), textcoords="offset points", **style)
    ax.set(ylim=(0, 1), xlim=(0, last), xlabel=say("epochs"), ylabel=say("mean gate"))
    ax.set_title(title_of(row), fontsize=PRINT, color=look.ink)
    return ax
