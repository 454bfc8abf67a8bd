"""The training panel's picture: curves on the left; a picture, its answer, its gates beside."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from attention_lib.experiments.runs import GATED, MECHANISMS, Stored
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, dress, page, place
from attention_lib.panels.training.state import (
    TrainingState,
    describe,
    explain,
    scores,
    split,
    stand,
    title,
)

HEIGHT = 580
MOST_LOSS = 3.0

# Where things stand on the page, in CSS pixels.
LEFT, WIDTH = 46, 404
BAR = (34, 10)  # top and height of the progress bar
LOSS, ACCURACY = (102, 120), (262, 224)  # top and height
SIDE = 500  # where the right half begins
RIGHT = 946
PICTURES, PICTURE = 34, 84
ANSWERS = (812, 134)  # left and width
GATES = (178, 506)  # top and bottom of all rows of gates
SENTENCES = (548, 570)


class TrainingScene(Scene):
    """Draws a TrainingState."""

    def layout(self, state: TrainingState) -> tuple:
        settings = state.history.settings
        return settings.task, settings.row

    def build(self, figure: Figure, look: Look, state: TrainingState) -> list[Artist]:
        self._look = look
        paper = page(figure, look)
        self._bold = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        self._quiet = {"fontsize": SMALL, "color": look.quiet}
        moving = self._progress(paper) + self._curves(figure, paper, state)
        moving += self._pictures(paper, state) + self._answers(paper, state)
        moving += self._gates(paper, state)
        self.sentences = [letter(paper, 14, y, fontsize=TEXT, color=look.ink) for y in SENTENCES]
        return moving + self.sentences

    def update(self, state: TrainingState) -> str:
        self._update_progress(state)
        self._update_curves(state)
        self._update_pictures(state)
        self._update_answers(state)
        self._update_gates(state)
        for line, words in zip(self.sentences, explain(state), strict=True):
            line.set_text(words)
        return describe(state)

    # -- how far it is ----------------------------------------------------------------------------

    def _progress(self, paper: Axes) -> list[Artist]:
        look, (top, height) = self._look, BAR
        self._title = letter(paper, 14, 20, **self._bold)
        paper.add_patch(Rectangle((14, top), LEFT + WIDTH - 14, height, facecolor=look.track))
        self._done = Rectangle((14, top), 0, height, facecolor=look.accent, zorder=2)
        paper.add_patch(self._done)
        self._stand = letter(paper, 14, top + height + 17, **self._quiet)
        self._scores = letter(
            paper, LEFT + WIDTH, top + height + 17, ha="right", fontsize=SMALL, color=look.accent
        )
        return [self._title, self._done, self._stand, self._scores]

    def _update_progress(self, state: TrainingState) -> None:
        history = state.history
        self._title.set_text(title(state))
        self._done.set_width((LEFT + WIDTH - 14) * history.epoch / history.epochs)
        self._stand.set_text(stand(state))
        self._scores.set_text(scores(state))

    # -- curves -----------------------------------------------------------------------------------

    def _curves(self, figure: Figure, paper: Axes, state: TrainingState) -> list[Artist]:
        look, epochs = self._look, state.history.epochs
        self._losses, self._tests = (
            dress(place(figure, LEFT, top, WIDTH, height), look) for top, height in (LOSS, ACCURACY)
        )
        for ax in (self._losses, self._tests):
            ax.set(xlim=(0, epochs), xticks=range(0, epochs + 1, 2))
        self._losses.set(ylim=(0, MOST_LOSS), yticks=range(4))
        self._losses.tick_params(labelbottom=False)
        self._tests.set(ylim=(0, 1), yticks=[0, 0.5, 1])
        self._tests.set_xlabel("epochs", labelpad=1)
        paper.text(14, LOSS[0] - 9, "loss, while learning", **self._bold)
        paper.text(14, ACCURACY[0] - 9, "accuracy on pictures never learnt from", **self._bold)
        rows, here = state.archive.rows(), state.history.settings.row
        same = rows.pop(here, [])
        others = rows.get(MECHANISMS["none"], [])
        self._stored(others, ":", look.quiet)
        self._stored(same, "-", look.bar)
        self._key(same, others)
        line = {"color": look.accent, "linewidth": 2.2, "zorder": 4}
        (self.loss,) = self._losses.plot([], [], **line)
        (self.tested,) = self._tests.plot([], [], "o-", markersize=5, clip_on=False, **line)
        return [self.loss, self.tested]

    def _stored(self, runs: list[Stored], style: str, colour: str) -> None:
        """Every stored run, thin."""
        thin = {"linestyle": style, "color": colour, "linewidth": 1, "alpha": 0.75}
        for run in runs:
            epochs = np.arange(len(run.tested))
            self._losses.plot(epochs[1:] - 0.5, run.loss, **thin)
            self._tests.plot(epochs, run.tested, **thin)

    def _key(self, same: list[Stored], others: list[Stored]) -> None:
        """What the lines are, in the corner that no good curve comes to."""
        look, right = self._look, 0.98
        said = [("stored runs without attention", ":", look.quiet, 1)] if others else []
        if same:
            said += [(f"{len(same)} stored runs of {same[0].settings.row}", "-", look.bar, 1)]
        said += [("this run", "-", look.accent, 2.2)]
        ax = self._tests
        for i, (words, style, colour, width) in enumerate(said):
            y = 0.07 + 0.085 * i
            line = [right - 0.07, right], [y, y]
            ax.plot(*line, style, color=colour, linewidth=width, transform=ax.transAxes)
            ax.text(
                right - 0.09,
                y,
                words,
                ha="right",
                va="center_baseline",
                transform=ax.transAxes,
                **self._quiet,
            )

    def _update_curves(self, state: TrainingState) -> None:
        history = state.history
        self.loss.set_data(history.at, history.loss)
        self.tested.set_data(range(len(history.tested)), history.tested)

    # -- the picture ------------------------------------------------------------------------------

    def _pictures(self, paper: Axes, state: TrainingState) -> list[Artist]:
        letter(paper, SIDE, 20, "a picture never learnt from", **self._bold)
        if state.task.planes_attended:
            count = state.task.planes_attended // 2
            row = {
                "side": 13,
                "border": 1,
                "step": (ANSWERS[0] - 30 - SIDE) / count,
                "count": count,
            }
            tops = {"maps of the photo": PICTURES + 2, "planted: maps of another": PICTURES + 52}
            for words, top in tops.items():
                paper.text(SIDE, top + 30, words, **self._quiet)
            self.pictures = [marks.Pictures(paper, SIDE, top, **row) for top in tops.values()]
        else:
            names = ["plane 1", "plane 2", "the mark"] if state.task.marked else [""]
            step = PICTURE + 16
            for plane, words in enumerate(names):
                x = SIDE + step * plane + PICTURE / 2
                paper.text(x, PICTURES + PICTURE + 17, words, ha="center", **self._quiet)
            self.pictures = [
                marks.Pictures(
                    paper, SIDE, PICTURES, PICTURE, step=step, count=len(names), border=1
                )
            ]
        return [mark.artist for mark in self.pictures]

    def _update_pictures(self, state: TrainingState) -> None:
        planes = _square(state.probes.inputs[state.at])
        rows = split(planes) if state.task.planes_attended else [planes]
        for mark, maps in zip(self.pictures, rows, strict=True):
            if maps.shape[-1] == 3 and not state.task.marked:
                pictures = (255 * maps[None]).round().astype(np.uint8)
            else:
                pictures = marks.shades(maps, self._look.maps)
            mark.set(pictures, np.tile(to_rgba(self._look.faint), (len(pictures), 1)))

    # -- what the network answers -----------------------------------------------------------------

    def _answers(self, paper: Axes, state: TrainingState) -> list[Artist]:
        left, width = ANSWERS
        paper.text(left, 20, "answer", **self._bold)
        self.chances = marks.Bars(
            paper, self._look, box=(left, PICTURES, width, PICTURE), track=True
        )
        names = [name if len(name) == 1 else name[:2] for name in state.task.classes]
        pitch, y = width / len(names), PICTURES + PICTURE + 17
        self._names = [
            letter(paper, left + (i + 0.5) * pitch, y, name, ha="center", fontsize=SMALL)
            for i, name in enumerate(names)
        ]
        return [self.chances.artist, *self._names]

    def _update_answers(self, state: TrainingState) -> None:
        look, chances = self._look, state.history.chances
        self.chances.set(
            np.zeros(len(self._names)) if chances is None else chances[state.at], look.bar
        )
        for label, name in enumerate(self._names):
            asked = label == state.probes.labels[state.at]
            name.set(color=look.accent if asked else look.quiet)

    # -- gates ------------------------------------------------------------------------------------

    def _gates(self, paper: Axes, state: TrainingState) -> list[Artist]:
        self.gates: list[marks.Bars] = []
        self.dashes: list[Line2D] = []
        self._spans: list[tuple[float, float]] = []
        top, bottom = GATES
        if state.history.settings.mechanism not in GATED:
            paper.text(SIDE, top + 14, "No attention here, and so no gates.", **self._quiet)
            return []
        pitch = (bottom - top + 24) / len(state.task.attended)
        for depth, channels in enumerate(state.task.attended):
            first, height = top + depth * pitch, pitch - 44
            where = f"after convolution {depth + 1}"
            where = "on the input" if state.task.planes_attended else where
            paper.text(SIDE, first - 9, f"{where}: {channels} gates", **self._bold)
            for y, end in ((first, "1"), (first + height, "0")):
                paper.text(SIDE - 7, y, end, ha="right", va="center_baseline", **self._quiet)
            box = (SIDE, first, RIGHT - SIDE, height)
            self.gates.append(marks.Bars(paper, self._look, box=box, track=True))
            dashes = Line2D([], [], linestyle="", marker="_", color=self._look.ink, zorder=3)
            dashes.set(markersize=0.6 * (RIGHT - SIDE) / channels, markeredgewidth=1.8)
            self.dashes.append(paper.add_line(dashes))
            self._spans.append((first, height))
        if state.task.planes_attended:
            self._halves(paper)
        if state.task.marked:
            note = {"ha": "right", **self._quiet}
            paper.text(RIGHT, top - 9, "dashes: mark the other way", **note)
        return [*(bars.artist for bars in self.gates), *self.dashes]

    def _halves(self, paper: Axes) -> None:
        """Where the real channels end and the planted ones begin, in the order of the bars."""
        middle, (top, bottom) = (SIDE + RIGHT) / 2, GATES
        paper.add_line(Line2D([middle] * 2, [top, bottom], color=self._look.ink, linewidth=1.2))
        for x, side, words in ((-8, "right", "real maps"), (8, "left", "planted maps")):
            paper.text(middle + x, bottom, words, ha=side, va="center_baseline", **self._quiet)

    def _update_gates(self, state: TrainingState) -> None:
        for depth, (bars, dashes) in enumerate(zip(self.gates, self.dashes, strict=True)):
            seen = bool(state.gates)
            dashes.set_visible(seen and state.task.marked)
            if not seen:
                bars.set(np.zeros(state.task.attended[depth]), self._look.bar)
                continue
            gates, others = state.gates[depth], state.gates_other_way[depth]
            if state.task.planes_attended:
                gates = np.concatenate(split(gates))
            bars.set(gates, self._look.gates(gates))
            first, height = self._spans[depth]
            middles = SIDE + (np.arange(len(gates)) + 0.5) * (RIGHT - SIDE) / len(gates)
            dashes.set_data(middles, first + height * (1 - others))


def _square(planes: np.ndarray) -> np.ndarray:
    """A picture (H, W, planes) with empty rows below, so that it is as high as wide."""
    height, width, _ = planes.shape
    return np.pad(planes, ((0, width - height), (0, 0), (0, 0)))
