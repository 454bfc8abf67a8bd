"""The ECA panel's picture: one column a channel, from its mean to its gates; the kernel slides.

With more channels than columns the row scrolls to the chosen one, and all gates stand small below.
"""

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from attention_lib._words import number
from attention_lib.figures import marks
from attention_lib.figures.text import Lettering
from attention_lib.language import say
from attention_lib.panels.eca.state import (
    CloseUp,
    ECAState,
    close_up,
    describe,
    explain,
    name,
    tell_costs,
    tell_shuffle,
)
from attention_lib.panels.kit.parts import GateRow, Image, Page, PageScene

HEIGHT = 510
LEFT, CELLS, CELL = 80, 18, 43  # the columns: sixteen channels and the padding
WIDTH = CELLS * CELL
INDEX = 20
ROWS = {"z": (28, 56), "w": (112, 32), "w · z": (168, 32)}  # tops and heights of their bars
WINDOW = (6, 216)  # top and bottom of what slides
TITLE, SENTENCE = 242, 263
GATES, GATE_HEIGHT = {"ECA": 290, "SE": 376}, 52
ALL = (456, 22)  # all gates of ECA, where the columns do not hold them
SIDE, MAP, MAPS = 866, 84, (28, 148)
AREAS = (402, 76)  # bottom, and side of the larger square


class ECAScene(PageScene):
    """Draws an ECAState: what the kernel reads, its sums, and the gates beside SE's."""

    def draw(self, page: Page, state: ECAState) -> None:
        self._draw_columns(page)
        self.title = page.words(LEFT, TITLE, style="chosen")
        self.sentence = page.words(LEFT, SENTENCE)
        self._draw_gates(page)
        self._draw_all(page)
        self._draw_maps(page)
        self._draw_areas(page)
        self.shuffle = page.words(12, HEIGHT - 8)

    def update(self, state: ECAState) -> str:
        seen = close_up(state, CELLS)
        self._seen, self._order = seen, state.order
        self._update_columns(seen)
        self.title.set_text(name(state))
        self.sentence.set_text(explain(state))
        self._update_gates(state, seen)
        self._update_all(state, seen)
        self._update_maps(state)
        self._update_areas(state)
        self.shuffle.set_text(tell_shuffle(state))
        return describe(state)

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose column stands at (x, y), if there is one."""
        cell = int((x - LEFT) // CELL)
        beside = TITLE - 16 <= y < GATES["ECA"] or y >= ALL[0]
        if beside or cell not in range(CELLS) or not self._seen.real[cell]:
            return None
        return int(self._order[self._seen.places[cell]])

    # -- the columns: what the kernel hears -------------------------------------------------------

    def _draw_columns(self, page: Page) -> None:
        top, bottom = WINDOW
        wash = {"edgecolor": page.look.accent, "linewidth": 1, "zorder": 0}
        self.window = page.block((0, top, 0, bottom - top), page.look.accent_wash, **wash)
        page.words(LEFT - 14, INDEX, say("channel"), "note", ha="right")
        self.indices = self._texts(page, INDEX)
        self.bars, self.numbers = {}, {}
        for row, (top, height) in ROWS.items():
            signed = row != "z"
            zero = top + height / 2 if signed else top + height
            page.line([LEFT, LEFT + WIDTH], [zero, zero])
            at = {"ha": "right", "va": "center_baseline"}
            page.words(LEFT - 14, top + height / 2, row, "heading", **at)
            box = LEFT, top, WIDTH, height
            self.bars[row] = marks.Bars(page.axes, page.look, low=-1 if signed else 0, box=box)
            page.add(self.bars[row].artist)
            self.numbers[row] = self._texts(page, top + height + 14)

    def _texts(self, page: Page, y: float) -> list[Lettering]:
        """A text in the middle of every column."""
        middles = (LEFT + (cell + 0.5) * CELL for cell in range(CELLS))
        return [page.words(x, y, style="number", ha="center") for x in middles]

    def _update_columns(self, seen: CloseUp) -> None:
        look = self.look
        first, last = np.flatnonzero(seen.inside)[[0, -1]]
        self.window.set(x=LEFT + first * CELL, width=(last - first + 1) * CELL)
        weights = look.weights(np.where(seen.w > 0, 0.85, 0.15))
        quiet = np.where(seen.inside[:, None], to_rgba(look.bar), to_rgba(look.faint))
        quiet[seen.chosen] = to_rgba(look.accent)
        rows = (("z", seen.z, quiet), ("w", seen.w, weights), ("w · z", seen.wz, weights))
        for row, values, colours in rows:
            self.bars[row].set(values / seen.tops[row], colours)
            told = seen.inside if row != "z" else seen.real | seen.padding
            inks = np.where(seen.inside, look.ink, look.quiet)
            words = [
                number(value) if there else "" for value, there in zip(values, told, strict=True)
            ]
            for text, said, ink in zip(self.numbers[row], words, inks, strict=True):
                text.set(text=said, color=ink)
        for cell, text in enumerate(self.indices):
            ink = look.accent if cell == seen.chosen else look.quiet
            text.set(text=seen.names[cell], color=ink)

    # -- the gates of both blocks -----------------------------------------------------------------

    def _draw_gates(self, page: Page) -> None:
        self.gates, self.gate_numbers, self.costs = {}, {}, {}
        for block, top in GATES.items():
            box = LEFT, top, WIDTH, GATE_HEIGHT
            page.words(LEFT - 14, top + 18, block, "heading", ha="right")
            self.costs[block] = page.words(LEFT - 14, top + 36, style="note", ha="right")
            self.gates[block] = GateRow(page, box, numbered=False, axis=False)
            self.gate_numbers[block] = self._texts(page, top + GATE_HEIGHT + 15)

    def _update_gates(self, state: ECAState, seen: CloseUp) -> None:
        where = np.flatnonzero(seen.real)
        places = seen.places[where]
        traces = {"ECA": (state.eca, state.eca_before), "SE": (state.se, state.se_before)}
        for block, (trace, before) in traces.items():
            top, gates = GATES[block], trace.gates[places]
            self.gates[block].place((LEFT + where[0] * CELL, top, len(where) * CELL, GATE_HEIGHT))
            self.gates[block].set(gates, dashes=before[places] if state.shuffled else None)
            told = dict(zip(where, gates, strict=True))
            for cell, text in enumerate(self.gate_numbers[block]):
                ink = self.look.accent if cell == seen.chosen else self.look.ink
                text.set(text=number(told[cell]) if cell in told else "", color=ink)
            self.costs[block].set_text(tell_costs(state)[block])

    def _draw_all(self, page: Page) -> None:
        top, height = ALL
        self._all = marks.Bars(page.axes, page.look, track=False, box=(LEFT, top, WIDTH, height))
        page.add(self._all.artist)
        self._all_words = page.words(LEFT - 14, top + 16, style="note", ha="right")
        frame = {"fill": False, "linewidth": 1.5, "edgecolor": page.look.accent}
        self._here = page.add(page.axes.add_artist(Rectangle((0, top - 2), 0, height + 4, **frame)))

    def _update_all(self, state: ECAState, seen: CloseUp) -> None:
        many = state.channels > seen.real.sum()
        for artist in (self._all.artist, self._here, self._all_words):
            artist.set_visible(bool(many))
        gates = state.eca.gates
        self._all.set(gates, self.look.gates(gates))
        self._all_words.set_text(say("all {channels}", channels=state.channels))
        shown, pitch = seen.places[seen.real], WIDTH / state.channels
        self._here.set(x=LEFT + shown[0] * pitch, width=max(len(shown) * pitch, 3))

    # -- the chosen map, and what both blocks cost ------------------------------------------------

    def _draw_maps(self, page: Page) -> None:
        before, after = MAPS
        self.before = Image(page, SIDE, before, MAP, style="chosen", smooth=True)
        self.after = Image(page, SIDE, after, MAP, style="chosen", border=4, smooth=True)

    def _update_maps(self, state: ECAState) -> None:
        gate = float(state.eca.gates[state.place])
        self.before.title.set_text(say("map {channel}", channel=state.channel))
        self.after.title.set_text(f"× {gate:.2f}")
        self.before.set_map(state.maps[..., 0])
        self.after.set_map(state.maps[..., 1], gate)

    def _draw_areas(self, page: Page) -> None:
        bottom, side = AREAS
        page.words(SIDE, bottom - side - 12, say("parameters"), "note")
        self.areas = {
            block: page.block((SIDE, bottom, 0, 0), colour, zorder=order)
            for block, colour, order in (
                ("SE", page.look.faint, 1),
                ("ECA", page.look.ink, 2),
            )
        }
        self._sizes = [page.words(SIDE, bottom + y, style="number") for y in (20, 38)]

    def _update_areas(self, state: ECAState) -> None:
        largest_side = AREAS[1] / max(state.parameters.values()) ** 0.5
        for block, square in self.areas.items():
            side = max(largest_side * state.parameters[block] ** 0.5, 1)
            square.set(width=side, height=-side)
        for text, block in zip(self._sizes, ("ECA", "SE"), strict=True):
            text.set_text(f"{block} {state.parameters[block]:,}")
