"""The scale panel: every map times its own gate, set by SE or by hand; and what is left of all."""

from attention_lib.examples import filters
from attention_lib.language import say
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.faders import FADERS
from attention_lib.panels.kit.panel import WIDTH as PANEL_WIDTH
from attention_lib.panels.kit.parts import GateRow, Image, Page, PageScene, Paragraph, Strip
from attention_lib.panels.scale.state import (
    ScaleState,
    comment,
    describe,
    explain,
)

HEIGHT = 496
LEFT, WIDEST, WIDTH = 66, 79, 632  # the columns: where they begin, the widest, all of them
NAMES, MAPS, SIDE = 18, 28, 62
BARS_END, SCALED = 202, 228  # a fader lies on each bar, and its number stands below
CHOSEN, CHOSEN_SIDE = 330, 160  # the chosen map, before and after
ALL_LEFT, ALL_TOPS, ALL_SIDE = 726, (28, 272), 220  # all maps together, before and after


class ScaleScene(PageScene):
    """A channel is a column: its map, its gate, its scaled map. All together stand on the right."""

    def draw(self, page: Page, state: ScaleState) -> None:
        self._drawn_for = None
        self._band = page.block((0, 4, 0, 0), page.look.accent_wash, zorder=0)
        for y, word in (
            (MAPS + 20, say("maps")),
            (BARS_END - 50, say("× gates")),
            (SCALED + 20, say("scaled")),
        ):
            page.words(4, y, word, "label", va="center_baseline")
        self._names = [page.words(0, NAMES, style="note", ha="center") for _ in range(FADERS)]
        self._before, self.after = (Strip(page, top, SIDE, border=3) for top in (MAPS, SCALED))
        self.gates = GateRow(page, _bars(1), axis=False, gap=9)
        self._draw_chosen(page)
        self._draw_all(page)

    def update(self, state: ScaleState) -> str:
        if (state.photo, state.channels) != self._drawn_for:
            self._arrange(state)
        self._update_columns(state)
        self._update_chosen(state)
        self._update_all(state)
        return describe(state)

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose column stands at (x, y), if there is one."""
        channel = int((x - LEFT) // self._pitch)
        return channel if y < SCALED + SIDE + 8 and channel in range(self._channels) else None

    # -- a column for each channel ----------------------------------------------------------------

    def _arrange(self, state: ScaleState) -> None:
        """Set what no gate changes: where the columns stand, and the maps before their gates."""
        self._drawn_for, self._channels = (state.photo, state.channels), state.channels
        self._pitch = pitch(state.channels)
        names = filters.short_names(state.channels)
        if self._pitch < WIDEST:
            names = [str(channel) for channel in range(state.channels)]
        for channel, text in enumerate(self._names):
            name = names[channel] if channel < len(names) else ""
            text.set(text=name, x=self._x(channel))
        for row in (self._before, self.after):
            row.place(LEFT, self._pitch, state.channels)
        self._before.set(state.feature_map)
        self.gates.place(_bars(state.channels))
        side = _side(state.channels)
        self._band.set(width=self._pitch, height=SCALED + side + 4)
        for arrow, top in zip(self._arrows, (MAPS, SCALED), strict=True):
            end = LEFT + state.channels * self._pitch
            arrow.set_positions((end + 2, top + side / 2), (ALL_LEFT - 5, top + side / 2))
        self.all[0].set(sources.added_up(state.feature_map, state.feature_map))

    def _x(self, channel: int) -> float:
        """The middle of a channel's column."""
        return LEFT + (channel + 0.5) * self._pitch

    def _update_columns(self, state: ScaleState) -> None:
        self._band.set_x(self._x(state.channel) - self._pitch / 2)
        self.gates.set(state.gates, chosen=state.channel)
        self.after.set(state.scaled, state.gates)
        for channel, text in enumerate(self._names):
            chosen = channel == state.channel
            text.set_color(self.look.accent if chosen else self.look.quiet)

    # -- the chosen map ---------------------------------------------------------------------------

    def _draw_chosen(self, page: Page) -> None:
        top, side = CHOSEN, CHOSEN_SIDE
        self.chosen = [
            Image(page, 14, top, side, style="chosen"),
            Image(page, 244, top, side, border=3),
        ]
        middle = {"ha": "center", "va": "center_baseline"}
        self._factor = page.words(208, top + side / 2, style="chosen", **middle)
        self._words = Paragraph(page, 428, top + 14, ALL_LEFT - 440, 8)

    def _update_chosen(self, state: ScaleState) -> None:
        channel, gate = state.channel, state.gates[state.channel]
        before, after = self.chosen
        before.title.set_text(
            say(
                "map {channel}, {name}",
                channel=channel,
                name=filters.channel_names(state.channels)[channel],
            )
        )
        before.set_map(state.feature_map[..., channel])
        after.set_map(state.scaled[..., channel], gate)
        self._factor.set_text(f"× {gate:.2f}")
        self._words.set(*explain(state), comment(state))

    # -- all maps together ------------------------------------------------------------------------

    def _draw_all(self, page: Page) -> None:
        titles = (say("sum of all maps"), say("after the gates"))
        self.all = [
            Image(page, ALL_LEFT, top, ALL_SIDE, title)
            for top, title in zip(ALL_TOPS, titles, strict=True)
        ]
        right = ALL_LEFT + ALL_SIDE
        page.words(right, ALL_TOPS[0] - 8, "100 %", "note", ha="right")
        self._left = page.words(right, ALL_TOPS[1] - 8, style="note", ha="right")
        self._arrows = [page.add(page.arrow(LEFT, ALL_LEFT, top)) for top in (MAPS, SCALED)]

    def _update_all(self, state: ScaleState) -> None:
        self.all[1].set(sources.added_up(state.scaled, state.feature_map))
        share = sources.share_left(state.feature_map, state.scaled)
        self._left.set_text(f"{100 * share:.0f} %")


def pitch(channels: int) -> float:
    """How wide a column is."""
    return min(WIDEST, WIDTH / channels)


def _side(channels: int) -> float:
    """How wide and high a map is."""
    return min(SIDE, pitch(channels) - 7)


def bars(channels: int) -> tuple[float, float, float, float]:
    """Left, top, width and height of so many bars of gates, in parts of the picture."""
    left, top, width, height = _bars(channels)
    return left / PANEL_WIDTH, top / HEIGHT, width / PANEL_WIDTH, height / HEIGHT


def _bars(channels: int) -> tuple[float, float, float, float]:
    """The same in CSS pixels: where maps are smaller, bars are higher."""
    top = MAPS + _side(channels) + 12
    return LEFT, top, channels * pitch(channels), BARS_END - top
