"""The panel of your own network: its gates for two pictures, every layer, one layer, some maps."""

from matplotlib.collections import LineCollection

from attention_lib._words import cut, number
from attention_lib.figures import marks
from attention_lib.language import say
from attention_lib.panels.kit.parts import GateRow, Image, Page, PageScene, Strip
from attention_lib.panels.your_network.state import (
    MOST_MAPS,
    NetworkState,
    comment,
    describe,
    kind,
    reach,
    title,
)

HEIGHT = 508
LEFT, RIGHT = 14, 946
PICTURES, PICTURE_TOP, PICTURE = (14, 136), 50, 100
SPREAD = (300, 50, 646, 100)  # left, top, width and height
MOST_TOLD = 24  # layers that have a number each
LAYER = 189  # what is said of the chosen layer
ROWS_LEFT, ROWS = 110, ((201, 40), (247, 40))  # tops and heights
MAPS, MAP_TOPS, MAP, PITCH = 308, (332, 409), 54, 66
GROUPS = {
    say("most open for the first"): 110,
    say("most closed for the first"): 394,
    say("most different"): 678,
}


class NetworkScene(PageScene):
    """The question; both pictures, and all layers; a layer's gates; some of its maps."""

    def layout(self, state: NetworkState) -> tuple:
        return state.model, len(state.sites)

    def draw(self, page: Page, state: NetworkState) -> None:
        self._layers = len(state.sites)
        page.words(LEFT, 16, say("One network, two pictures: which gates change?"), "heading")
        self.pictures = [Image(page, left, PICTURE_TOP, PICTURE, smooth=True) for left in PICTURES]
        self._draw_spread(page)
        self._draw_rows(page)
        self._draw_maps(page)
        self._sentence = page.words(LEFT, HEIGHT - 6)

    def update(self, state: NetworkState) -> str:
        for picture, shown, name in zip(self.pictures, state.pictures, state.names, strict=True):
            picture.set(shown)
            picture.title.set_text(cut(name, 14))
        self._update_spread(state)
        self._update_rows(state)
        self._update_maps(state)
        self._sentence.set_text(comment(state))
        return describe(state)

    def layer_at(self, x: float, y: float) -> int | None:
        """The layer whose spread stands at (x, y), if there is one."""
        left, top, width, height = SPREAD
        if not (left <= x < left + width and top <= y < top + height + 22):
            return None
        return int((x - left) / width * self._layers)

    # -- how the gates of every layer spread ------------------------------------------------------

    def _draw_spread(self, page: Page) -> None:
        left, top, width, height = SPREAD
        page.words(left, top - 8, say("gates of every layer"), "heading")
        halves = say("left half: first picture; right half: second")
        page.words(RIGHT, top - 8, halves, "note", ha="right")
        lines = [[(left, y), (left + width, y)] for y in (top, top + height / 2, top + height)]
        page.axes.add_collection(LineCollection(lines, colors=page.look.faint), autolim=False)
        for value in (0, 0.5, 1):
            y = top + height * (1 - value)
            page.words(left - 8, y, f"{value:g}", "note", ha="right", va="center_baseline")
        pitch = width / self._layers
        for layer in range(0, self._layers, -(-self._layers // MOST_TOLD)):
            x = left + (layer + 0.5) * pitch
            page.words(x, top + height + 17, str(layer + 1), "note", ha="center")
        self._chosen = [
            page.block((left, top, pitch, height), page.look.accent_wash, zorder=1),
            page.block((left, top + height, pitch, 3), page.look.accent, zorder=3),
        ]
        self.spread = marks.Spreads(page.axes, page.look, box=SPREAD)
        page.add(self.spread.artist)

    def _update_spread(self, state: NetworkState) -> None:
        left, _, width, _ = SPREAD
        for block in self._chosen:
            block.set_x(left + state.layer * width / self._layers)
        self.spread.set(*state.spreads)

    # -- the gates of the chosen layer ------------------------------------------------------------

    def _draw_rows(self, page: Page) -> None:
        self._title = page.words(LEFT, LAYER, style="chosen")
        self._kind = page.words(RIGHT, LAYER, style="note", ha="right")
        self._reaches = [
            page.heading(LEFT, top + 18, word)
            for (top, _), word in zip(ROWS, (say("first"), say("second")), strict=True)
        ]
        self.rows = [
            GateRow(page, (ROWS_LEFT, top, RIGHT - ROWS_LEFT, height), numbered=False, axis=False)
            for top, height in ROWS
        ]

    def _update_rows(self, state: NetworkState) -> None:
        self._title.set_text(title(state))
        for words, gates in zip(self._reaches, state.gates, strict=True):
            words.set_text(reach(gates))
        first, second = (gates[state.order] for gates in state.gates)
        self.rows[0].set(first)
        self.rows[1].set(second, dashes=first)
        order = say("{kind}; in the order of the first", kind=kind(state))
        dashed = say("{order}; dash: the first", order=order)
        self._kind.set_text(order if self.rows[1].dashes is None else dashed)

    # -- some of its maps -------------------------------------------------------------------------

    def _draw_maps(self, page: Page) -> None:
        for top, word in zip(MAP_TOPS, (say("first"), say("second")), strict=True):
            page.words(LEFT, top + MAP / 2 + 4, word, "heading")
        for words, left in GROUPS.items():
            page.words(left, MAPS, words, "heading")
        self.maps = [[Strip(page, top, MAP, border=3) for _ in GROUPS] for top in MAP_TOPS]
        middles = [[left + (i + 0.5) * PITCH for i in range(MOST_MAPS)] for left in GROUPS.values()]
        centre = {"ha": "center"}
        self.channels = [
            [page.words(x, MAPS + 17, style="note", **centre) for x in row] for row in middles
        ]
        self.numbers = [
            [
                [page.words(x, top + MAP + 17, style="number", **centre) for x in row]
                for row in middles
            ]
            for top in MAP_TOPS
        ]

    def _update_maps(self, state: NetworkState) -> None:
        for at, (left, group) in enumerate(zip(GROUPS.values(), state.groups, strict=True)):
            _say(self.channels[at], [say("ch {channel}", channel=channel) for channel in group])
            for row, (maps, gates) in enumerate(
                zip(state.in_grey(group), state.gates, strict=True)
            ):
                self.maps[row][at].place(left, PITCH, len(group))
                self.maps[row][at].set(maps, gates[group])
                _say(self.numbers[row][at], [number(gate) for gate in gates[group]])


def _say(texts: list, words: list[str]) -> None:
    """Let so many texts say this; what is left says nothing."""
    for i, text in enumerate(texts):
        text.set_text(words[i] if i < len(words) else "")
