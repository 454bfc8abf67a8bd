"""The training panel: curves on the left; on the right pictures, answers, and a picture's gates."""

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from attention_lib.experiments.runs import GATED, MECHANISMS, title_of
from attention_lib.figures.marks import Box
from attention_lib.language import say
from attention_lib.panels.kit.parts import Axis, BarRow, GateRow, Page, PageScene, Strip
from attention_lib.panels.training.state import (
    TrainingState,
    answers,
    describe,
    ends,
    explain,
    gates,
    names,
    rows,
    scores,
    source,
    stand,
    title,
    wanted,
)

HEIGHT = 500
MOST_LOSS = 3.0
LEFT, WIDTH = 46, 404  # the curves
BAR = (28, 8)  # top and height of the progress bar
LOSS, ACCURACY = (90, 92), (218, 200)  # tops and heights
SIDE, COLUMNS, RIGHT = 500, 574, 946  # the right half: its names, its columns, its end
PICTURES, WANTED, ANSWERED = 28, 112, 130  # pictures to choose from, and below them words
CHANCES = (172, 40)  # top and height
GATES = (262, 452)  # top and bottom of all rows of gates
SENTENCES = (475, 494)


class TrainingScene(PageScene):
    """A run among stored runs, and what its network makes of a few pictures."""

    def layout(self, state: TrainingState) -> tuple:
        settings = state.history.settings
        return settings.task, settings.row

    def draw(self, page: Page, state: TrainingState) -> None:
        self._draw_progress(page)
        self._draw_curves(page, state)
        self._draw_pictures(page, state)
        self._draw_chances(page, state)
        if state.history.settings.mechanism in GATED:
            self._draw_gates(page, state)
        else:
            self._draw_ends(page, state)
        self.sentences = [page.words(14, y) for y in SENTENCES]

    def update(self, state: TrainingState) -> str:
        self._update_progress(state)
        self.loss.set(state.history.at, state.history.loss)
        self.tested.set(range(len(state.history.tested)), state.history.tested)
        self._update_pictures(state)
        self._update_chances(state)
        if self.gates:
            self._update_gates(state)
        for line, words in zip(self.sentences, explain(state), strict=True):
            line.set_text(words)
        return describe(state)

    def picture_at(self, x: float, y: float) -> int | None:
        """The picture in whose column (x, y) stands, if there is one."""
        if not (COLUMNS <= x < RIGHT and PICTURES - 4 <= y < ANSWERED + 6):
            return None
        return int((x - COLUMNS) / self._pitch)

    def mark_at(self, x: float, y: float) -> bool | None:
        """How the mark is to be, so that what stands at (x, y) is asked for, if anything does."""
        if len(self.pictures) < 2 or self.picture_at(x, y) is None or y >= WANTED - 14:
            return None
        return y < PICTURES + 32

    # -- how far it is ----------------------------------------------------------------------------

    def _draw_progress(self, page: Page) -> None:
        whole = LEFT + WIDTH - 14
        self._title = page.words(14, 18, style="heading")
        self._scores = page.words(LEFT + WIDTH, sum(BAR) + 17, style="note", ha="right")
        page.block((14, BAR[0], whole, BAR[1]), page.look.track)
        self._done = page.block((14, BAR[0], 0, BAR[1]), page.look.ink)
        self._stand = page.words(14, sum(BAR) + 17, style="note")

    def _update_progress(self, state: TrainingState) -> None:
        self._title.set_text(title(state))
        self._scores.set_text(scores(state))
        self._done.set_width((LEFT + WIDTH - 14) * state.history.epoch / state.history.epochs)
        self._stand.set_text(stand(state))

    # -- curves -----------------------------------------------------------------------------------

    def _draw_curves(self, page: Page, state: TrainingState) -> None:
        look, epochs = page.look, state.history.epochs
        page.words(14, LOSS[0] - 10, say("loss, while learning"), "heading")
        page.words(14, ACCURACY[0] - 10, say("accuracy on pictures never learnt from"), "heading")
        self.loss = _Plot(page, (LEFT, LOSS[0], WIDTH, LOSS[1]), epochs, MOST_LOSS)
        self.tested = _Plot(page, (LEFT, ACCURACY[0], WIDTH, ACCURACY[1]), epochs, 1, marker="o")
        for epoch in range(0, epochs + 1, 2):
            x = LEFT + WIDTH * epoch / epochs
            page.words(x, sum(ACCURACY) + 16, str(epoch), "note", ha="center")
        page.words(LEFT + WIDTH, sum(ACCURACY) + 32, say("epochs"), "note", ha="right")
        same, settings = state.stored, state.history.settings
        plain = state.archive.rows().get(MECHANISMS["none"], [])
        plain = [] if settings.mechanism == "none" else plain
        for stored, style, colour in ((plain, ":", look.quiet), (same, "-", look.bar)):
            for run in stored:
                epoch = np.arange(len(run.tested))
                self.loss.stand(epoch[1:] - 0.5, run.loss, style, colour)
                self.tested.stand(epoch, run.tested, style, colour)
        said = [(say("this run"), "-", look.ink, 2.2)]
        if same:
            said.append(
                (
                    say(
                        "{count} stored runs of {row}", count=len(same), row=title_of(settings.row)
                    ),
                    "-",
                    look.bar,
                    1,
                )
            )
        if plain:
            said.append((say("stored runs without attention"), ":", look.quiet, 1))
        for i, (words, style, colour, thick) in enumerate(said):  # where no good curve comes to
            y = sum(ACCURACY) - 18 * (len(said) - i)
            line = [LEFT + WIDTH - 30, LEFT + WIDTH - 2], [y, y]
            page.line(*line, linestyle=style, color=colour, linewidth=thick)
            right = {"ha": "right", "va": "center_baseline"}
            page.words(LEFT + WIDTH - 38, y, words, "note", **right)

    # -- pictures to choose from, and their answers -----------------------------------------------

    def _draw_pictures(self, page: Page, state: TrainingState) -> None:
        shown, count = rows(state), len(state.task.classes)
        self._pitch = (RIGHT - COLUMNS) / count
        page.words(SIDE, 18, say("pictures never learnt from"), "heading")
        self._band = page.block(
            (0, PICTURES - 4, self._pitch, ANSWERED - PICTURES + 10),
            page.look.accent_wash,
            zorder=-1,
        )
        tops = [PICTURES, PICTURES + 34] if len(shown) > 1 else [PICTURES + 14]
        self.pictures = [Strip(page, top, 30 if len(shown) > 1 else 36) for top in tops]
        for strip in self.pictures:
            strip.place(COLUMNS, self._pitch, count)
        self._planes = [
            page.words(SIDE, top + 20, name, "label") for top, name in zip(tops, shown, strict=True)
        ]
        page.words(SIDE, WANTED, say("asked"), "label")
        page.words(SIDE, ANSWERED, say("answered"), "label")
        xs = [COLUMNS + (i + 0.5) * self._pitch for i in range(count)]
        self.wanted, self.answers = (
            [page.words(x, y, style="number", ha="center") for x in xs] for y in (WANTED, ANSWERED)
        )

    def _update_pictures(self, state: TrainingState) -> None:
        look = self.look
        self._band.set_x(COLUMNS + state.picture * self._pitch)
        for strip, pictures in zip(self.pictures, rows(state).values(), strict=True):
            strip.set_pictures(pictures)
        if state.task.marked:
            for words, here in zip(self._planes, (state.mark, not state.mark), strict=True):
                words.set(color=look.accent if here else look.quiet)
        said = answers(state)
        for i, word in enumerate(wanted(state)):
            self.wanted[i].set(text=word, color=look.accent if i == state.picture else look.ink)
            right = bool(said) and said[i] == word
            self.answers[i].set(
                text=said[i] if said else "·",
                color=look.ink if right else look.quiet,
                weight="bold" if right else "normal",
            )

    # -- how sure it is of the chosen one ---------------------------------------------------------

    def _draw_chances(self, page: Page, state: TrainingState) -> None:
        top, height = CHANCES
        self._sure = page.words(SIDE, top - 12, style="heading")
        page.line([COLUMNS, RIGHT], [top + height] * 2)
        box = (COLUMNS, top, RIGHT - COLUMNS, height)
        self.chances = BarRow(page, box, numbered=False, axis=False)
        self._names = [
            page.words(
                COLUMNS + (i + 0.5) * self._pitch, top + height + 15, name, "note", ha="center"
            )
            for i, name in enumerate(names(state))
        ]

    def _update_chances(self, state: TrainingState) -> None:
        chances = state.history.chances
        label = int(state.probes.labels[state.at])
        self._sure.set_text(say("how sure it is, picture {picture}", picture=state.picture))
        shown = np.zeros(len(self._names)) if chances is None else chances[state.at]
        self.chances.set(shown, chosen=label)
        for i, name in enumerate(self._names):
            name.set(color=self.look.accent if i == label else self.look.quiet)

    # -- its gates --------------------------------------------------------------------------------

    def _draw_gates(self, page: Page, state: TrainingState) -> None:
        (top, bottom), depths = GATES, state.task.attended
        page.words(SIDE, top - 10, say("its gates"), "heading")
        self._source = page.words(RIGHT, top - 10, style="note", ha="right")
        pitch = (bottom - top) / len(depths)
        self.gates = []
        for depth, channels in enumerate(depths):
            first, height = top + depth * pitch, pitch - 10
            where = (
                say("input")
                if state.task.planes_attended
                else say("conv. {depth}", depth=depth + 1)
            )
            page.heading(
                SIDE, first + height / 2 - 2, where, say("{channels} gates", channels=channels)
            )
            box = (COLUMNS, first, RIGHT - COLUMNS, height)
            self.gates.append(GateRow(page, box, numbered=False, axis=False))
        if state.task.planes_attended:
            self._draw_halves(page)

    def _draw_halves(self, page: Page) -> None:
        """Where the real channels end and the planted ones begin, in the order of the bars."""
        middle, (top, bottom) = (COLUMNS + RIGHT) / 2, GATES
        page.line([middle] * 2, [top, bottom + 4], color=page.look.ink)
        for x, side, words in ((-8, "right", say("real maps")), (8, "left", say("planted maps"))):
            page.words(middle + x, bottom + 4, words, "note", ha=side)

    def _update_gates(self, state: TrainingState) -> None:
        shown = gates(state)
        self._source.set_text(source(state))
        for depth, row in enumerate(self.gates):
            if shown.depths:
                dashes = shown.others[depth] if shown.others else None
                row.set(shown.depths[depth], dashes=dashes)
            else:
                row.set(np.zeros(state.task.attended[depth]))

    # -- where there are none, how all stored runs ended ------------------------------------------

    def _draw_ends(self, page: Page, state: TrainingState) -> None:
        self.gates, (top, bottom) = [], GATES
        self.ends = ends(state)
        if not self.ends:
            page.words(SIDE, top - 10, say("no attention here, and so no gates"), "heading")
            return
        page.words(SIDE, top - 10, say("no gates here; how all stored runs ended"), "heading")
        left, low = 664, np.floor(20 * min(run.min() for run in self.ends.values())) / 20
        pitch = min((bottom - top - 16) / len(self.ends), 24)
        for i, (row, accuracies) in enumerate(self.ends.items()):
            y = top + (i + 0.5) * pitch
            here = row == state.history.settings.row
            colour = page.look.accent if here else page.look.quiet
            page.words(SIDE, y, title_of(row), "note", color=colour, va="center_baseline")
            xs = left + (RIGHT - 10 - left) * (accuracies - low) / (1 - low)
            dots = Line2D(xs, [y] * len(xs), ls="", marker="o", ms=6, color=colour, alpha=0.7)
            page.axes.add_line(dots)
        end = top + len(self.ends) * pitch + 3
        page.line([left, RIGHT - 10], [end, end])
        for value, x in ((low, left), (1, RIGHT - 10)):
            page.words(x, end + 15, f"{value:g}", "note", ha="center")


class _Plot:
    """A box for a curve over epochs, with curves that stand still behind it.

    `shown` is what the curve shows: epochs and values.
    """

    def __init__(self, page: Page, box: Box, epochs: int, top: float, **style):
        self._page, self._box, self._epochs, self._top = page, box, epochs, top
        Axis(page).set(box, 0, top, 3)
        curve = Line2D([], [], color=page.look.ink, lw=2.2, ms=5, zorder=4, **style)
        self._curve = page.add(page.axes.add_line(curve))
        self.stored: list[tuple[np.ndarray, np.ndarray]] = []

    def stand(self, epochs: np.ndarray, values: Sequence[float], style: str, colour: str) -> None:
        """Draw a thin curve that stands still."""
        self.stored.append((epochs, np.array(values)))
        thin = {"linestyles": style, "colors": colour, "linewidths": 1, "alpha": 0.75}
        lines = LineCollection([np.stack(self._place(epochs, values), axis=1)], **thin)
        self._page.axes.add_collection(lines, autolim=False)

    def set(self, epochs: Sequence[float], values: Sequence[float]) -> None:
        """Draw the curve."""
        self.shown = np.array(epochs, float), np.array(values, float)
        self._curve.set_data(*self._place(*self.shown))

    def _place(self, epochs, values) -> tuple[np.ndarray, np.ndarray]:
        left, top, width, height = self._box
        up = np.clip(np.asarray(values, float) / self._top, 0, 1)
        return left + width * np.asarray(epochs, float) / self._epochs, top + height * (1 - up)
