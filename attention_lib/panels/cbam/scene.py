"""The CBAM panel: a gate for every channel and a gate for every place, and the order of the two."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from attention_lib._words import number
from attention_lib.examples import filters, photos
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.cbam.state import CBAMState, comment, explain_channel, explain_place

HEIGHT = 596


HEADINGS = {
    "channel_spatial": ("first, what", "then, where"),
    "spatial_channel": ("then, what", "first, where"),
    "parallel": ("at once, what", "at once, where"),
}


MOST_SINGLY = 16  # channels with room for numbers


FAINT = 0.02  # what is less is rounding, and stays black


# Where things stand on the page, in CSS pixels.
LEFT, TOP, SIDE = 14, 36, 180


BARS, BARS_END = 270, 722


ROWS = ((42, 54), (116, 50), (192, 50))  # top and height: means, maxima, gates


TALLEST = (0.92, 5.7, 1)  # the value that fills each: more than any photo has, in 2048 channels


LAID_OVER, LAID_SIDE = 740, 206


SMALL_TOP, SMALL_SIDE = 326, 148


PLANES = (14, 180)


KERNEL_SIDE = 66


GATES_AT, BEFORE_AT, AFTER_AT = 452, 632, 798


KERNELS_AT = 358


class CBAMScene(Scene):
    """Draws a CBAMState: channels above, places below, the two together on the right."""

    def layout(self, state: CBAMState) -> str:
        return state.photo

    def build(self, figure: Figure, look: Look, state: CBAMState) -> list[Artist]:
        self._look = look
        self._page = page(figure, look)
        self._grey = photos.load_photo(state.photo, 224).mean(axis=-1, keepdims=True)
        photo = marks.Pictures(self._page, LEFT, TOP, SIDE, smooth=True)
        photo.set((photos.load_photo(state.photo, 224)[None] * 255).round().astype(np.uint8))
        self._headings()
        return [*self._rows(), *self._places(), *self._kernels(), *self._words()]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose bars stand at (x, y) on the page, if there is one."""
        if not (BARS <= x < BARS_END and ROWS[0][0] <= y < sum(ROWS[2])):
            return None
        return int((x - BARS) / self._pitch)

    def update(self, state: CBAMState) -> str:
        self._pitch = (BARS_END - BARS) / state.channels
        self._update_rows(state)
        self._update_places(state)
        self._update_kernels(state.weights.spatial.kernel)
        what, where = HEADINGS[state.order]
        self._what.set_text(f"{what}: a gate for every channel")
        self._where.set_text(f"{where}: a gate for every place")
        lines = explain_channel(state), explain_place(state), comment(state)
        for line, text in zip(self._lines, lines, strict=True):
            line.set_text(text)
        name = filters.channel_names(state.channels)[state.channel]
        return (
            f"{photos.PHOTOS[state.photo].title}, {state.channels} channels; "
            f"{what}; {where}. Channel {state.channel}, {name}. {' '.join(lines)}"
        )

    # -- what stands still ------------------------------------------------------------------------

    def _headings(self) -> None:
        bold = {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}
        quiet = {"fontsize": SMALL, "color": self._look.quiet}
        letter(self._page, LEFT, 24, "photo", **bold)
        letter(self._page, LAID_OVER, 24, "where, laid over the photo", **bold)
        for (top, height), word in zip(ROWS, ("mean", "maximum", "gate"), strict=True):
            letter(self._page, BARS - 10, top + height / 2 + 4, word, ha="right", **quiet)
        for x, text in (
            (PLANES[0], "maximum over channels"),
            (PLANES[1], "mean over channels"),
            (GATES_AT, "gates of the places"),
        ):
            letter(self._page, x, SMALL_TOP - 10, text, **quiet)
        self._scale_of_gates()

    def _scale_of_gates(self) -> None:
        """What colour a gate has, under the overlay."""
        look, left, width, top = self._look, LAID_OVER, LAID_SIDE, TOP + LAID_SIDE + 8
        strip = marks.Pixels(self._page, (left, top, width, 9))
        ramp = look.gates(np.linspace(0, 1, strip.columns))
        strip.set_rgba(np.tile((ramp * 255).round().astype(np.uint8), (strip.rows, 1, 1)))
        quiet = {"fontsize": SMALL, "color": look.quiet}
        for x, ha, text in (
            (left, "left", "0, closed"),
            (left + width / 2, "center", "½"),
            (left + width, "right", "open, 1"),
        ):
            letter(self._page, x, top + 22, text, ha=ha, **quiet)

    # -- what: a gate for every channel -----------------------------------------------------------

    def _rows(self) -> list[Artist]:
        look = self._look
        bold = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        self._what = letter(self._page, BARS - 60, 24, **bold)
        boxes = [(BARS, top, BARS_END - BARS, height) for top, height in ROWS]
        self.bars = [
            marks.Bars(self._page, look, high=high, box=box, track=high == 1)
            for high, box in zip(TALLEST, boxes, strict=True)
        ]
        small = {"fontsize": SMALL, "color": look.ink, "ha": "center"}
        *self._numbers, self._indices = (
            [letter(self._page, 0, 0, **small) for _ in range(MOST_SINGLY)] for _ in range(4)
        )
        for text in self._indices:
            text.set_color(look.quiet)
        self._ticks = [
            self._page.add_collection(
                LineCollection([], colors=colour, linewidths=width, zorder=4), autolim=False
            )
            for colour, width in ((look.background, 5), (look.ink, 2))
        ]
        note = "dash: where the mean alone would put the gate, as SE does"
        right = {"fontsize": SMALL, "color": look.quiet, "ha": "right"}
        letter(self._page, BARS_END, sum(ROWS[2]) + 48, note, **right)
        numbers = [text for row in self._numbers for text in row]
        bars = [bars.artist for bars in self.bars]
        return [self._what, *bars, *self._ticks, *numbers, *self._indices]

    def _x(self, channel: int) -> float:
        return BARS + (channel + 0.5) * self._pitch

    def _update_rows(self, state: CBAMState) -> None:
        look, channel = self._look, state.trace.channel
        quiet = np.tile(to_rgba(look.bar), (state.channels, 1))
        quiet[state.channel] = to_rgba(look.accent)
        values = (*channel.squeezed, channel.gates)
        for bars, row, colours in zip(
            self.bars, values, (quiet, quiet, look.gates(channel.gates)), strict=True
        ):
            bars.set(row, colours)
        numbered = state.channels if state.channels <= MOST_SINGLY else 0
        for row, (texts, (top, height)) in enumerate(zip(self._numbers, ROWS, strict=True)):
            for text in texts[numbered:]:
                text.set_text("")
            for c, text in enumerate(texts[:numbered]):
                end = top + height * (1 - min(values[row][c] / TALLEST[row], 1))
                text.set(
                    x=self._x(c),
                    y=end - 3 if row < 2 else top + height + 14,
                    text=number(values[row][c]),
                    color=look.accent if c == state.channel else look.ink,
                )
        top, height = ROWS[2]
        told = range(0, state.channels, 1 if numbered else state.channels // 8)
        for text in self._indices[len(told) :]:
            text.set_text("")
        for text, c in zip(self._indices, told, strict=False):
            text.set(text=str(c), x=self._x(c), y=top + height + (30 if numbered else 14))
        half = min(self._pitch, 30) / 2
        for ticks in self._ticks:
            ticks.set_segments(
                [
                    [(self._x(c) - half, y), (self._x(c) + half, y)]
                    for c, y in enumerate(top + height * (1 - state.by_mean_alone))
                ]
            )

    # -- where: a gate for every place ------------------------------------------------------------

    def _places(self) -> list[Artist]:
        look = self._look
        bold = {"fontsize": TEXT, "weight": "bold"}
        self._where = letter(self._page, LEFT, SMALL_TOP - 30, color=look.ink, **bold)
        place = {"top": SMALL_TOP, "side": SMALL_SIDE}
        self.planes = [marks.Pictures(self._page, x, **place) for x in PLANES]
        self.gates = marks.Pictures(self._page, GATES_AT, **place)
        self.before = marks.Pictures(self._page, BEFORE_AT, **place)
        self.after = marks.Pictures(self._page, AFTER_AT, **place)
        self.overlay = marks.Pictures(self._page, LAID_OVER, TOP, LAID_SIDE, smooth=True)
        quiet = {"fontsize": SMALL, "color": look.quiet}
        self._before_title = letter(
            self._page, BEFORE_AT, SMALL_TOP - 10, color=look.accent, fontsize=SMALL
        )
        self._after_title = letter(self._page, AFTER_AT, SMALL_TOP - 10, **quiet)
        self._range = letter(self._page, GATES_AT, SMALL_TOP + SMALL_SIDE + 16, **quiet)
        under = SMALL_TOP + SMALL_SIDE + 16
        self._brightest = [letter(self._page, x, under, **quiet) for x in PLANES]
        self._rings = [
            self._page.add_patch(
                Circle((0, 0), 6, fill=False, edgecolor=colour, linewidth=width, zorder=3)
            )
            for _ in range(2)
            for colour, width in ((look.background, 5), (look.accent, 2))
        ]
        pictures = [*self.planes, self.gates, self.before, self.after, self.overlay]
        words = [self._where, self._before_title, self._after_title, self._range, *self._brightest]
        return [*(mark.artist for mark in pictures), *self._rings, *words]

    def _update_places(self, state: CBAMState) -> None:
        look, spatial, c = self._look, state.trace.spatial, state.channel
        for i, mark in enumerate(self.planes):
            brightest = float(spatial.squeezed[..., i].max())
            plane = spatial.squeezed[..., [i]]
            mark.set(marks.shades(plane, look.maps, 0, max(brightest, FAINT)))
            self._brightest[i].set_text(f"brightest {number(brightest)}")
        coloured = marks.shades(spatial.gates[..., None], look.gates)
        self.gates.set(coloured)
        self.overlay.set(self._laid_over(coloured[0]))
        pair = np.stack([state.trace.feature_map[..., c], state.trace.scaled[..., c]], axis=-1)
        high = max(float(pair.max()), FAINT)
        before, after = marks.shades(pair, look.maps, 0, high)
        self.before.set(before[None])
        self.after.set(after[None])
        gate = state.trace.channel.gates[c]
        self._before_title.set_text(f"map {c}")
        self._after_title.set_text(f"× {number(gate)} × gates of places")
        low, high = spatial.gates.min(), spatial.gates.max()
        self._range.set_text(f"from {number(low)} to {number(high)}")
        row, column = state.most_open
        for x, y, side, rings in (
            (GATES_AT, SMALL_TOP, SMALL_SIDE, self._rings[:2]),
            (LAID_OVER, TOP, LAID_SIDE, self._rings[2:]),
        ):
            height, width = spatial.gates.shape
            centre = x + side * (column + 0.5) / width, y + side * (row + 0.5) / height
            for ring in rings:
                ring.set_center(centre)

    def _kernels(self) -> list[Artist]:
        """The two planes of the spatial kernel, each named after the map it looks at."""
        look, bottom = self._look, SMALL_TOP + SMALL_SIDE - KERNEL_SIDE
        quiet = {"fontsize": SMALL, "color": look.quiet, "ha": "center"}
        middle = KERNELS_AT + KERNEL_SIDE / 2
        self._kernel_title = letter(self._page, middle, SMALL_TOP - 10, **quiet)
        letter(self._page, middle, SMALL_TOP + SMALL_SIDE + 16, "for mean", **quiet)
        arrow = {**quiet, "fontsize": 14}
        letter(self._page, GATES_AT - 14, SMALL_TOP + SMALL_SIDE / 2 + 4, "→", **arrow)
        self.kernels = []
        for top in (SMALL_TOP, bottom):
            self.kernels.append(marks.Pictures(self._page, KERNELS_AT, top, KERNEL_SIDE))
            frame = (KERNELS_AT - 0.5, top - 0.5), KERNEL_SIDE + 1, KERNEL_SIDE + 1
            self._page.add_patch(Rectangle(*frame, fill=False, edgecolor=look.faint))
        return [self._kernel_title, *(mark.artist for mark in self.kernels)]

    def _update_kernels(self, kernel: np.ndarray) -> None:
        limit = max(float(np.abs(kernel).max()), 1e-12)
        shown = marks.shades(kernel, self._look.weights, -limit, limit)
        for mark, plane in zip(self.kernels, shown, strict=True):
            mark.set(plane[None])
        size = len(kernel)
        self._kernel_title.set_text(f"{size} × {size}, for max")

    def _laid_over(self, coloured: np.ndarray) -> np.ndarray:
        """The photo in grey under the gates' colours, as one picture."""
        times = len(self._grey) // len(coloured)
        large = coloured.repeat(times, axis=0).repeat(times, axis=1)
        mixed = large * (0.25 + 0.75 * self._grey)
        return mixed[None].round().astype(np.uint8)

    # -- words ------------------------------------------------------------------------------------

    def _words(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5}
        colours = self._look.accent, self._look.ink, self._look.ink
        self._lines = [
            letter(self._page, LEFT, HEIGHT - 62 + 25 * i, color=colour, **plain)
            for i, colour in enumerate(colours)
        ]
        return self._lines
