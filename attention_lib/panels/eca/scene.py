"""The ECA panel's picture: photograph and maps, squeeze, sliding window, and the gates of both."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from attention_lib._words import many, number
from attention_lib.examples import photos
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.eca.state import (
    MOST_DASHES,
    ECAState,
    describe,
    explain,
    name,
    tell_shuffle,
)
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.parts import first_shown

HEIGHT = 618

# Where things stand on the page, in CSS pixels.
CELLS, CELL = 18, 41
LEFT, WIDTH = 208, CELLS * CELL
PHOTO_BOX = (12, 30, 130)  # left, top, side
MAP_SIDE, MAP_TOPS = 92, (222, 350)
Z_TOP, Z_HEIGHT = 30, 54
ZOOM = (118, 308)  # top and bottom of the window that slides
ROWS = {"z": (142, 34), "w": (196, 36), "w · z": (252, 36)}  # top and height of their bars
TITLE_Y, SENTENCE_Y = 334, 355
GATE_TOPS, GATE_HEIGHT = {"ECA": 394, "SE": 486}, 58
AREAS = (39, 560, 76)  # left, bottom, side of the larger square
SHUFFLE_Y = 602


class ECAScene(Scene):
    """Draws an ECAState; channels run from left to right in every row.

    The static layer depends on nothing, so that another C costs no more than another gamma.
    """

    def build(self, figure: Figure, look: Look, state: ECAState) -> list[Artist]:
        self._look = look
        paper = page(figure, look)
        moving = self._pictures(paper) + self._descriptor(paper) + self._zoom(paper)
        moving += self._gates(paper) + self._areas(paper)
        accent = {"fontsize": TEXT, "weight": "bold", "color": look.accent}
        self.title = letter(paper, LEFT, TITLE_Y, **accent)
        self.sentence = letter(paper, LEFT, SENTENCE_Y, fontsize=TEXT + 0.5, color=look.ink)
        self.shuffle = letter(paper, 12, SHUFFLE_Y, fontsize=TEXT, color=look.ink)
        return [*moving, self.title, self.sentence, self.shuffle]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose bar stands at (x, y) on the page, if there is one."""
        if not LEFT <= x < LEFT + WIDTH:
            return None
        if ZOOM[0] <= y < ZOOM[1]:
            at = self._first + int((x - LEFT) // CELL)
        elif y < ZOOM[0] or GATE_TOPS["ECA"] - 20 <= y < SHUFFLE_Y - 16:
            at = int((x - LEFT) / WIDTH * len(self._order))
        else:
            return None
        return int(self._order[at]) if 0 <= at < len(self._order) else None

    def update(self, state: ECAState) -> str:
        self._order = state.order
        self._update_pictures(state)
        self._update_descriptor(state)
        self._update_zoom(state)
        self._update_gates(state)
        self._update_areas(state.parameters)
        self.title.set_text(name(state))
        self.sentence.set_text(explain(state))
        self.shuffle.set_text(tell_shuffle(state))
        return describe(state)

    def _frame(self, paper: Axes, top: float, height: float, *, track: bool = False) -> marks.Bars:
        """A quiet pair of axes from 0 up to a value, and the bars between them."""
        look, bottom = self._look, top + height
        corner = [LEFT - 3, LEFT, LEFT, LEFT - 3, LEFT + WIDTH], [top, top, bottom, bottom, bottom]
        paper.add_line(Line2D(*corner, color=look.faint, linewidth=1))
        paper.text(LEFT - 7, bottom, "0", ha="right", va="center_baseline", **self._quiet)
        return marks.Bars(paper, look, box=(LEFT, top, WIDTH, height), track=track)

    @property
    def _quiet(self) -> dict:
        return {"fontsize": SMALL, "color": self._look.quiet}

    # -- photograph and maps ----------------------------------------------------------------------

    def _pictures(self, paper: Axes) -> list[Artist]:
        left, top, side = PHOTO_BOX
        middle = left + side / 2
        x = middle - MAP_SIDE / 2
        self._photo = None
        self.photo = marks.Pictures(paper, left, top, side, smooth=True)
        self.before, self.after = (
            marks.Pictures(paper, x, y, MAP_SIDE, border=border, smooth=True)
            for y, border in zip(MAP_TOPS, (1.5, 4), strict=True)
        )
        self._captions = [
            letter(paper, middle, y, ha="center", **self._quiet)
            for y in (top + side + 18, MAP_TOPS[0] - 9, MAP_TOPS[1] - 9)
        ]
        return [self.photo.artist, self.before.artist, self.after.artist, *self._captions]

    def _update_pictures(self, state: ECAState) -> None:
        look, gate = self._look, state.eca.gates[state.place]
        if state.photo != self._photo:
            self._photo = state.photo
            self.photo.set((255 * photos.load_photo(state.photo, 224)[None]).astype(np.uint8))
        before, after = marks.shades(state.maps, look.maps)
        self.before.set(before[None], np.array([to_rgba(look.accent)]))
        self.after.set(after[None], np.array([look.gates(gate)]))
        title = photos.PHOTOS[state.photo].title
        captions = title, f"map of channel {state.channel}", f"× {gate:.2f}"
        for caption, text in zip(self._captions, captions, strict=True):
            caption.set_text(text)

    # -- the descriptor ---------------------------------------------------------------------------

    def _descriptor(self, paper: Axes) -> list[Artist]:
        look = self._look
        heading = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        paper.text(LEFT, Z_TOP - 9, "squeeze z: what is there", **heading)
        self.z = self._frame(paper, Z_TOP, Z_HEIGHT)
        self._most_z = letter(
            paper, LEFT - 7, Z_TOP, ha="right", va="center_baseline", **self._quiet
        )
        self._count = letter(paper, LEFT + WIDTH, Z_TOP - 9, ha="right", **self._quiet)
        self._under = Line2D([], [], color=look.accent, linewidth=3, solid_capstyle="butt")
        paper.add_line(self._under)
        self._leads = LineCollection([], colors=look.accent, linewidths=1, alpha=0.6)
        paper.add_collection(self._leads, autolim=False)
        return [self.z.artist, self._most_z, self._count, self._under, self._leads]

    def _update_descriptor(self, state: ECAState) -> None:
        look, channels, place = self._look, state.channels, state.place
        colours = np.tile(to_rgba(look.bar), (channels, 1))
        colours[place] = to_rgba(look.accent)
        self.z_top = sources.z_top(state.eca.squeezed)
        self.z.set(state.eca.squeezed / self.z_top, colours)
        self._most_z.set_text(f"{self.z_top:.1f}")
        self._count.set_text(many(channels, "number"))
        reach = state.kernel_size // 2
        low, high = max(place - reach, 0), min(place + reach, channels - 1) + 1
        low, high = (LEFT + at * WIDTH / channels for at in (low, high))
        if high - low < 3:
            low, high = (low + high) / 2 - 1.5, (low + high) / 2 + 1.5
        y = Z_TOP + Z_HEIGHT + 2.5
        self._under.set_data([low, high], [y, y])
        self._first = first_shown(place, channels, reach, CELLS)
        inside = np.clip([place - reach, place + reach + 1], self._first, self._first + CELLS)
        left, right = LEFT + (inside - self._first) * CELL
        ends = (low, left), (high, right)
        self._leads.set_segments([[(above, y + 1), (below, ZOOM[0])] for above, below in ends])
        self._window.set(x=left, width=right - left)

    # -- the kernel, seen closely -----------------------------------------------------------------

    def _zoom(self, paper: Axes) -> list[Artist]:
        look = self._look
        self._window = Rectangle((0, ZOOM[0]), 0, ZOOM[1] - ZOOM[0], zorder=0)
        self._window.set(facecolor=look.accent_wash, edgecolor=look.accent, linewidth=1)
        paper.add_patch(self._window)
        self.closely, self.numbers = {}, {}
        style = {"fontsize": SMALL, "ha": "center"}
        middles = [LEFT + (i + 0.5) * CELL for i in range(CELLS)]
        for row, (top, height) in ROWS.items():
            signed = row != "z"
            zero = top + height / 2 if signed else top + height
            paper.add_line(
                Line2D([LEFT, LEFT + WIDTH], [zero, zero], color=look.faint, linewidth=1)
            )
            box = LEFT, top, WIDTH, height
            self.closely[row] = marks.Bars(paper, look, low=-1 if signed else 0, box=box)
            self.numbers[row] = [letter(paper, x, top + height + 13, **style) for x in middles]
            middle = top + height / 2
            label = {"fontsize": TEXT, "weight": "bold", "va": "center_baseline", "ha": "right"}
            paper.text(LEFT - 12, middle, row, color=look.ink, **label)
        self.indices = [letter(paper, x, ZOOM[0] + 15, **style) for x in middles]
        paper.text(LEFT - 12, ZOOM[0] + 15, "channel", ha="right", **self._quiet)
        bars = [bars.artist for bars in self.closely.values()]
        numbers = [words for texts in self.numbers.values() for words in texts]
        return [self._window, *bars, *self.indices, *numbers]

    def _update_zoom(self, state: ECAState) -> None:
        look, place, reach = self._look, state.place, state.kernel_size // 2
        shown = self._first + np.arange(CELLS)
        real = (shown >= 0) & (shown < state.channels)
        padding = ~real & (shown >= -reach) & (shown < state.channels + reach)
        inside = np.abs(shown - place) <= reach
        z = np.where(real, state.eca.squeezed[np.clip(shown, 0, state.channels - 1)], 0.0)
        w = np.where(inside, state.kernel[np.clip(shown - place + reach, 0, 2 * reach)], 0.0)
        self.closeup = {"z": z, "w": w, "w · z": w * z}
        most = max(float(np.abs(state.kernel).max()), 1e-9)
        tops = {"z": self.z_top, "w": most, "w · z": most * max(float(z.max()), 1e-9)}
        colours = {
            "z": np.where(inside[:, None], to_rgba(look.bar), to_rgba(look.faint)),
            "w": look.weights(np.where(w > 0, 0.82, 0.2)),
            "w · z": look.weights(np.where(w > 0, 0.82, 0.2)),
        }
        colours["z"][shown == place] = to_rgba(look.accent)
        for row, values in self.closeup.items():
            self.closely[row].set(values / tops[row], colours[row])
            for i, words in enumerate(self.numbers[row]):
                told = inside[i] if row != "z" else real[i] or padding[i]
                words.set(text=number(values[i]) if told else "")
                words.set_color(look.ink if inside[i] else look.quiet)
        for i, words in enumerate(self.indices):
            index = str(state.order[shown[i]]) if real[i] else "zero" if padding[i] else ""
            chosen = shown[i] == place
            words.set(text=index, color=look.accent if chosen else look.quiet)

    # -- gates of both ----------------------------------------------------------------------------

    def _gates(self, paper: Axes) -> list[Artist]:
        look = self._look
        text = {"fontsize": TEXT}
        self.gates, self.dashes, self._here, self._says, self._costs = {}, {}, {}, {}, {}
        for block, top in GATE_TOPS.items():
            paper.text(LEFT, top - 9, f"{block} gates", weight="bold", color=look.ink, **text)
            paper.text(LEFT - 7, top, "1", ha="right", va="center_baseline", **self._quiet)
            self.gates[block] = self._frame(paper, top, GATE_HEIGHT, track=True)
            self._says[block] = letter(paper, LEFT + 92, top - 9, color=look.accent, **text)
            right = {"ha": "right", "color": look.ink, **text}
            self._costs[block] = letter(paper, LEFT + WIDTH, top - 9, **right)
            dashes = Line2D([], [], linestyle="", marker="_", color=look.ink, zorder=3)
            dashes.set_markeredgewidth(1.6)
            here = Line2D([], [], linestyle="", marker="^", color=look.accent, markersize=7)
            self.dashes[block], self._here[block] = paper.add_line(dashes), paper.add_line(here)
        y = GATE_TOPS["SE"] + GATE_HEIGHT + 23
        self._channels = [letter(paper, 0, y, ha="center", **self._quiet) for _ in range(CELLS)]
        lines = [*self.dashes.values(), *self._here.values()]
        bars = [bars.artist for bars in self.gates.values()]
        return [*bars, *lines, *self._says.values(), *self._costs.values(), *self._channels]

    def _update_gates(self, state: ECAState) -> None:
        look, place, channels = self._look, state.place, state.channels
        middles = LEFT + (np.arange(channels) + 0.5) * WIDTH / channels
        traces = {"ECA": (state.eca, state.eca_before), "SE": (state.se, state.se_before)}
        for block, (trace, before) in traces.items():
            top = GATE_TOPS[block]
            self.gates[block].set(trace.gates, look.gates(trace.gates))
            self.dashes[block].set_data(middles, top + GATE_HEIGHT * (1 - before))
            self.dashes[block].set_markersize(max(0.76 * WIDTH / channels, 1.5))
            self.dashes[block].set_visible(state.shuffled and channels <= MOST_DASHES)
            self._here[block].set_data([middles[place]], [top + GATE_HEIGHT + 6])
            self._says[block].set_text(f"channel {state.channel}: {trace.gates[place]:.2f}")
        k_from = "set by hand" if state.by_hand else "from γ and b"
        weights = "hand-made questions" if state.hand_made else "seeded weights"
        count = {block: many(n, "parameter") for block, n in state.parameters.items()}
        self._costs["ECA"].set_text(f"k = {state.kernel_size}, {k_from}: {count['ECA']}")
        self._costs["SE"].set_text(f"r = {state.reduction}, {weights}: {count['SE']}")
        told = range(channels) if channels <= CELLS else np.linspace(0, channels - 1, 5).astype(int)
        labels = [(min(middles[at], LEFT + WIDTH - 10), str(state.order[at])) for at in told]
        if state.shuffled and channels > CELLS:
            labels = [(LEFT + WIDTH / 2, "channels, shuffled")]
        for words, (x, text) in zip(self._channels, [*labels, *[(0, "")] * CELLS], strict=False):
            words.set(x=x, text=text)

    # -- parameters as areas ----------------------------------------------------------------------

    def _areas(self, paper: Axes) -> list[Artist]:
        look = self._look
        left, bottom, side = AREAS
        quiet = {"ha": "center", **self._quiet}
        paper.text(left + side / 2, bottom - side - 12, "parameters, as areas", **quiet)
        self.areas = {
            block: paper.add_patch(Rectangle((left, bottom), 0, 0, facecolor=colour, zorder=order))
            for block, colour, order in (("SE", look.faint, 1), ("ECA", look.ink, 2))
        }
        self._sizes = letter(paper, left + side / 2, bottom + 16, **quiet)
        return [*self.areas.values(), self._sizes]

    def _update_areas(self, parameters: dict[str, int]) -> None:
        largest_side = AREAS[2] / max(parameters.values()) ** 0.5
        for block, square in self.areas.items():
            side = max(largest_side * parameters[block] ** 0.5, 1)
            square.set(width=side, height=-side)
        self._sizes.set_text(f"ECA {parameters['ECA']:,}  SE {parameters['SE']:,}")
