"""The panel of your own network: its gates for two pictures, layer by layer."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib._words import cut, number
from attention_lib.figures import marks
from attention_lib.figures.live import Scene
from attention_lib.figures.text import letter
from attention_lib.figures.theme import SMALL, TEXT, Look, page
from attention_lib.panels.your_network.state import (
    MOST_MAPS,
    NetworkState,
    comment,
    density,
    explain,
)

if TYPE_CHECKING:
    pass


HEIGHT = 676


# Where things stand on the page, in CSS pixels.
LEFT, RIGHT = 14, 944


PICTURE, PICTURE_TOP = 128, 40


SECOND = 156  # the left end of the second picture


SPREAD = 346, 40, 598, 128  # left, top, width and height


BARS_LEFT, BARS_HEIGHT, BARS_TOPS = 110, 56, (244, 306)


MAP, MAP_STEP, MAP_TOPS = 60, 68, (432, 528)


GROUPS = (110, 392, 674)  # the left ends of the groups of maps


class NetworkScene(Scene):
    """Draws a NetworkState."""

    def layout(self, state: NetworkState) -> tuple:
        return state.model, len(state.sites), min(state.site.channels, MOST_MAPS)

    def build(self, figure: Figure, look: Look, state: NetworkState) -> list[Artist]:
        self._look, self._layers = look, len(state.sites)
        self._page = page(figure, look)
        self._headings()
        return [*self._pictures(), *self._spread(), *self._bars(), *self._maps(state), *self._end()]

    def layer_at(self, x: float, y: float) -> int | None:
        """The layer whose spread stands at (x, y) on the page, if there is one."""
        left, top, width, height = SPREAD
        if not (left <= x < left + width and top <= y < top + height + 22):
            return None
        return int((x - left) / width * self._layers)

    def update(self, state: NetworkState) -> str:
        for mark, picture, words, name in zip(
            self.shown, state.pictures, self._titles, state.names, strict=True
        ):
            mark.set((picture[None] * 255).round().astype(np.uint8))
            words.set_text(cut(name, 16))
        self._update_spread(state)
        for bars, gates in zip(self.bars, state.gates, strict=True):
            ordered = gates[state.order]
            bars.set(ordered, self._look.gates(np.clip(ordered, 0, 1)))
        self._update_maps(state)
        sentence, remark = explain(state), comment(state)
        self._sentence.set_text(sentence)
        self._remark.set_text(remark)
        self._layer.set_text(f"layer {state.layer + 1}, {cut(state.site.path, 72)}")
        return (
            f"{state.model}, layer {state.layer + 1} of {len(state.sites)}, {state.site.path}, for "
            f"{state.names[0]} and {state.names[1]}. {sentence} {remark}"
        )

    # -- headings and words -----------------------------------------------------------------------

    def _headings(self) -> None:
        bold = {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}
        quiet = {"fontsize": SMALL, "color": self._look.quiet}
        letter(self._page, SPREAD[0], 26, "gates of every layer", **bold)
        words = "left half: first picture; right half: second"
        letter(self._page, RIGHT, 26, words, ha="right", **quiet)
        letter(self._page, LEFT, 214, "all gates", **bold)
        words = "side by side in the order of the first picture's gates, the most open one first"
        letter(self._page, BARS_LEFT, 234, words, **quiet)
        for top in (*BARS_TOPS, *MAP_TOPS):
            label = "first" if top in (BARS_TOPS[0], MAP_TOPS[0]) else "second"
            middle = top + (BARS_HEIGHT if top in BARS_TOPS else MAP) / 2
            letter(self._page, LEFT, middle + 4, label, fontsize=SMALL, color=self._look.ink)
        letter(self._page, LEFT, 396, "maps", **bold)
        for left, words in zip(
            GROUPS,
            ("most open for the first", "most closed for the first", "most different"),
            strict=True,
        ):
            letter(self._page, left, 396, words, **bold)

    def _pictures(self) -> list[Artist]:
        self.shown = [
            marks.Pictures(self._page, left, PICTURE_TOP, PICTURE, smooth=True)
            for left in (LEFT, SECOND)
        ]
        bold = {"fontsize": TEXT, "weight": "bold", "color": self._look.ink}
        self._titles = [letter(self._page, left, 26, **bold) for left in (LEFT, SECOND)]
        return [*(mark.artist for mark in self.shown), *self._titles]

    def _end(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5, "color": self._look.ink}
        self._sentence = letter(self._page, LEFT, 640, **plain)
        self._remark = letter(self._page, LEFT, 663, **plain)
        bold = {"fontsize": TEXT + 1, "weight": "bold", "color": self._look.accent}
        self._layer = letter(self._page, BARS_LEFT, 214, **bold)
        return [self._sentence, self._remark, self._layer]

    # -- the spread of every layer's gates --------------------------------------------------------

    def _spread(self) -> list[Artist]:
        left, top, width, height = SPREAD
        look, pitch = self._look, width / self._layers
        lines = [[(left, y), (left + width, y)] for y in (top, top + height / 2, top + height)]
        self._page.add_collection(LineCollection(lines, colors=look.faint), autolim=False)
        style = {"fontsize": SMALL, "color": look.quiet}
        for value in (0, 0.5, 1):
            at = top + height * (1 - value) + 4
            letter(self._page, left - 8, at, f"{value:g}", ha="right", **style)
        every = -(-self._layers // 24)
        for layer in range(0, self._layers, every):
            x = left + (layer + 0.5) * pitch
            letter(self._page, x, top + height + 17, str(layer + 1), ha="center", **style)
        self._chosen = Rectangle((left, top), pitch, height, zorder=1, facecolor=look.accent_wash)
        self._under = Rectangle((left, top + height), pitch, 3, zorder=3, facecolor=look.accent)
        self.spread = marks.Pixels(self._page, SPREAD)
        for patch in (self._chosen, self._under):
            self._page.add_patch(patch)
        return [self._chosen, self._under, self.spread]

    def _update_spread(self, state: NetworkState) -> None:
        left, _, width, _ = SPREAD
        pitch = width / self._layers
        for patch in (self._chosen, self._under):
            patch.set_x(left + state.layer * pitch)
        rows, columns = self.spread.rows, self.spread.columns
        heights = (np.arange(rows)[::-1] + 0.5) / rows
        layer = np.minimum(np.arange(columns) * self._layers // columns, self._layers - 1)
        across = (np.arange(columns) + 0.5) * self._layers / columns - layer - 0.5
        widths = np.stack(
            [
                [density(reading.gates[0], heights) for reading in readings]
                for readings in (state.first, state.second)
            ]
        )  # (2, layers, rows), 1 where most gates stand
        of_column = widths[(across > 0).astype(int), layer]
        inside = np.abs(across) < np.maximum(0.42 * of_column.T, 0.004)
        inside &= of_column.T > 0.01
        rgba = np.zeros((rows, columns, 4), np.uint8)
        rgba[:] = (self._look.gates(heights) * 255).round().astype(np.uint8)[:, None]
        rgba[~inside] = 0
        self.spread.set_rgba(rgba)

    # -- the gates of the chosen layer ------------------------------------------------------------

    def _bars(self) -> list[Artist]:
        self.bars = []
        for top in BARS_TOPS:
            box = BARS_LEFT, top, RIGHT - BARS_LEFT, BARS_HEIGHT
            self.bars.append(marks.Bars(self._page, self._look, track=True, box=box))
        return [bars.artist for bars in self.bars]

    # -- maps -------------------------------------------------------------------------------------

    def _maps(self, state: NetworkState) -> list[Artist]:
        count = min(state.site.channels, MOST_MAPS)
        options = {"step": MAP_STEP, "count": count, "border": 3}
        self.maps = [
            [marks.Pictures(self._page, left + 3, top, MAP, **options) for left in GROUPS]
            for top in MAP_TOPS
        ]
        quiet = {"fontsize": SMALL, "color": self._look.quiet, "ha": "center"}
        ink = {**quiet, "color": self._look.ink}
        middles = [[left + 3 + MAP / 2 + i * MAP_STEP for i in range(count)] for left in GROUPS]

        def words(y: float, style: dict[str, Any]) -> list[list[Artist]]:
            return [[letter(self._page, x, y, **style) for x in row] for row in middles]

        self.numbers = [words(top + MAP + 17, ink) for top in MAP_TOPS]
        self._channels = words(420, quiet)
        moving = [mark.artist for row in self.maps for mark in row]
        texts = [self._channels, *self.numbers]
        return [*moving, *(text for groups in texts for row in groups for text in row)]

    def _update_maps(self, state: NetworkState) -> None:
        for g, group in enumerate(state.groups):
            both = [maps[..., group] for maps in state.maps]
            low = np.minimum(0, [m.min(axis=(0, 1)) for m in both]).min(axis=0)
            high = np.max([m.max(axis=(0, 1)) for m in both], axis=0)
            reach = np.maximum(high - low, 1e-12)
            for row, (maps, gates) in enumerate(zip(both, state.gates, strict=True)):
                chosen = gates[group]
                pictures = marks.shades((maps - low) / reach, self._look.maps)
                self.maps[row][g].set(pictures, self._look.gates(np.clip(chosen, 0, 1)))
                for text, gate in zip(self.numbers[row][g], chosen, strict=True):
                    text.set_text(number(gate))
            for text, channel in zip(self._channels[g], group, strict=True):
                text.set_text(f"ch {channel}")
