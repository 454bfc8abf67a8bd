"""The scale panel: every map times its own gate, set by SE or by hand on a mixing desk."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib import marks, photos
from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, page
from attention_lib.panels import sources
from attention_lib.panels.base import WIDTH, Panel
from attention_lib.panels.controls import Number, button, choice
from attention_lib.panels.desk import FADERS, Desk
from attention_lib.panels.words import number
from attention_lib.steps.se import scale, squeeze, trace_excitation

HEIGHT = 548
REDUCTION = 4
PRESETS = {"all open": 1.0, "all half": 0.5, "all closed": 0.0}

# The light in which a map is painted, where it is not white.
PAINT = {
    "red − green": (1.0, 0.25, 0.2),
    "green − red": (0.2, 0.9, 0.3),
    "yellow − blue": (1.0, 0.85, 0.1),
    "blue − yellow": (0.25, 0.45, 1.0),
    "colour borders": (1.0, 0.6, 0.2),
    "darkness": (0.35, 0.35, 0.6),
}

# Where things stand on the page, in CSS pixels.
LEFT = 14
MOST_NAMES = 8  # that fit side by side
COLUMNS = 48  # where the first channel's column begins; the last one ends with the page
NAMES, BEFORE, BARS, GATES, AFTER = 16, 26, (84, 40), 141, 154
THUMBNAIL = 48
BORDER = 3
BIG, SIDE = 262, 200
BIG_LEFTS = (14, 270, 518, 746)


class ScaleState(NamedTuple):
    """Maps before and after their gates, and who set them."""

    photo: str
    feature_map: np.ndarray  # (56, 56, C)
    gates: np.ndarray  # (C,)
    scaled: np.ndarray  # (56, 56, C)
    by_hand: bool
    answers: dict[str, float]  # what SE's hidden units ask, and how strongly each says yes
    channel: int

    @property
    def channels(self) -> int:
        return len(self.gates)


def compute(photo: str, channels: int, channel: int, gates: tuple[float, ...] | None) -> ScaleState:
    """Scale a photograph's maps.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, up to 16.
        channel: the chosen channel.
        gates: set by hand, those of further channels open; or None for SE's own.

    Returns:
        The state.

    Raises:
        ValueError: if a value cannot be.
    """
    names = photos.channel_names(channels)
    if len(names) > FADERS:
        raise ValueError(
            f"This desk has {FADERS} faders. Received: channels={channels}. "
            f"Choose {FADERS} or less; the excitation panel takes any C."
        )
    sources.require_channel(channel, channels)
    maps = sources.feature_maps(photo, channels)
    by_hand = gates is not None
    set_to, answers = (_by_hand(gates, channels), {}) if by_hand else _by_se(maps)
    return ScaleState(photo, maps, set_to, scale(maps, set_to), by_hand, answers, int(channel))


def _by_hand(gates: tuple[float, ...], channels: int) -> np.ndarray:
    """Gates as set, where that can be."""
    set_to = np.array([*gates, *[1.0] * channels][:channels], float)
    for channel, gate in enumerate(set_to):
        if not 0 <= gate <= 1:
            raise ValueError(
                "A gate must be a number from 0, closed, to 1, open: it only turns down. "
                f"Received: {gate:g} for channel {channel}. Choose 1 to leave the map as it is."
            )
    return set_to


def _by_se(maps: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """SE's gates, and how its hidden units answered."""
    channels = maps.shape[-1]
    weights, questions = sources.excitation_weights("hand-made", channels, min(REDUCTION, channels))
    trace = trace_excitation(squeeze(maps), weights)
    answers = trace.hidden.tolist() if questions else []
    return trace.gates, dict(zip(questions, answers, strict=True))


class ScaleScene(Scene):
    """Draws a ScaleState: a channel is a column, its map above its gate above its scaled map.

    The static layer depends on nothing, so that another C costs little more than another gate.
    """

    def build(self, figure: Figure, look: Look, state: ScaleState) -> list[Artist]:
        self._look, self._arranged = look, None
        self._page = page(figure, look)
        return [*self._columns(), *self._pairs(), *self._words()]

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel whose column stands at (x, y) on the page, if there is one."""
        if x < COLUMNS or y > AFTER + THUMBNAIL + 8:
            return None
        return min(int((x - COLUMNS) / self._pitch), self._channels - 1)

    def update(self, state: ScaleState) -> str:
        if (state.photo, state.channels) != self._arranged:
            self._arrange(state)
        self._update_columns(state)
        self._update_pairs(state)
        channel = state.channel
        name = photos.channel_names(state.channels)[channel]
        self._title.set_text(f"map {channel}, {name}")
        sentence, remark = explain(state), comment(state)
        self._sentence.set_text(sentence)
        self._remark.set_text(remark)
        gates = ", ".join(f"{gate:.2f}" for gate in state.gates)
        return (
            f"{photos.PHOTOS[state.photo].title}, {state.channels} channels, gates "
            f"{'set by hand' if state.by_hand else 'of SE'}: {gates}. "
            f"Channel {channel}, {name}: {sentence} {remark}"
        )

    def _arrange(self, state: ScaleState) -> None:
        """Set what no gate changes: where the columns stand, and the maps before their gates."""
        self._arranged, self._channels = (state.photo, state.channels), state.channels
        self._pitch = (WIDTH - COLUMNS) / state.channels
        self._light = paint(state.channels)
        brightest = (state.feature_map @ self._light).max(axis=-1)
        self._exposure = 1 / max(float(np.quantile(brightest, 0.95)), 1e-6)
        self._band.set_width(min(self._pitch, 120))
        names = photos.channel_names(state.channels)
        if len(names) > MOST_NAMES:
            names = [str(c) for c in range(len(names))]
        for c in range(FADERS):
            self._names[c].set(text=names[c] if c < len(names) else "", x=self._x(c))
            self._numbers[c].set(text="", x=self._x(c))
        for row in (self._before, self.after):
            row.place(self._x(0) - THUMBNAIL / 2, self._pitch, state.channels)
        self._before.set(marks.shades(state.feature_map, self._look.maps))
        self._tracks.set_verts(self._bar_shapes(np.ones(state.channels)))
        self.pictures[2].set(self._together(state.feature_map))

    # -- a column for each channel ----------------------------------------------------------------

    def _x(self, channel: int) -> float:
        """The middle of a channel's column."""
        return COLUMNS + (channel + 0.5) * self._pitch

    def _columns(self) -> list[Artist]:
        look = self._look
        quiet = {"fontsize": SMALL, "color": look.quiet, "va": "center_baseline"}
        for y, text in (
            (BEFORE + THUMBNAIL / 2, "map"),
            (BARS[0] + BARS[1] / 2, "gate"),
            (AFTER + THUMBNAIL / 2, "scaled"),
        ):
            letter(self._page, 6, y, text, **quiet)
        self._band = self._page.add_patch(Rectangle((0, 4), 0, AFTER + THUMBNAIL + 4, zorder=0))
        self._band.set_facecolor(look.accent_wash)
        centred = {"fontsize": SMALL, "ha": "center", "va": "baseline"}
        self._names, self._numbers = (
            [letter(self._page, 0, y, **centred) for _ in range(FADERS)] for y in (NAMES, GATES)
        )
        self._before, self.after = (
            marks.Pictures(self._page, 0, top, THUMBNAIL, border=BORDER) for top in (BEFORE, AFTER)
        )
        self._tracks, self._bars = (
            self._page.add_collection(PolyCollection([], zorder=zorder), autolim=False)
            for zorder in (1, 2)
        )
        self._tracks.set_facecolor(look.track)
        return [
            self._band,
            *self._names,
            *self._numbers,
            self._before.artist,
            self._tracks,
            self._bars,
            self.after.artist,
        ]

    def _bar_shapes(self, gates: np.ndarray) -> np.ndarray:
        """(C, 4, 2) corners of bars that grow upwards."""
        top, height = BARS
        left = self._x(0) + np.arange(len(gates)) * self._pitch - THUMBNAIL / 2
        xs = left[:, None] + np.array([0, THUMBNAIL, THUMBNAIL, 0])
        ys = top + height * (1 - gates[:, None] * np.array([0, 0, 1, 1]))
        return np.stack([xs, ys], axis=-1)

    def _update_columns(self, state: ScaleState) -> None:
        look, colours = self._look, self._look.gates(state.gates)
        self._band.set_x(self._x(state.channel) - self._band.get_width() / 2)
        self._bars.set(verts=self._bar_shapes(state.gates), facecolor=colours)
        self.after.set(marks.shades(state.scaled, look.maps), colours)
        for c, gate in enumerate(state.gates):
            chosen = c == state.channel
            self._names[c].set_color(look.accent if chosen else look.quiet)
            ink = look.accent if chosen else look.ink
            self._numbers[c].set(text=f"× {gate:.2f}", color=ink)

    # -- the chosen map, and all maps together ----------------------------------------------------

    def _pairs(self) -> list[Artist]:
        look, (left, middle, right, last) = self._look, BIG_LEFTS
        bold = {"fontsize": TEXT, "weight": "bold"}
        plain = {"fontsize": SMALL, "color": look.quiet}
        self._title = letter(self._page, left, BIG - 16, color=look.accent, **bold)
        heading = "all maps added up, colour maps in their colour"
        letter(self._page, right, BIG - 16, heading, color=look.ink, **bold)
        self.pictures = [
            marks.Pictures(self._page, x, BIG, SIDE, border=0 if x != middle else BORDER)
            for x in BIG_LEFTS
        ]
        under = BIG + SIDE + 18
        for x in (left, right):
            letter(self._page, x, under, "before", **plain)
        for x in (middle, last):
            letter(self._page, x, under, "after", **plain)
        self._factor = letter(
            self._page, (left + SIDE + middle - BORDER) / 2, BIG + SIDE / 2 + 5, ha="center", **bold
        )
        self._factor.set_color(look.accent)
        arrow = {"fontsize": 16, "color": look.quiet, "ha": "center"}
        letter(self._page, (right + SIDE + last) / 2, BIG + SIDE / 2 + 5, "→", **arrow)
        self._share = letter(self._page, last + SIDE, under, ha="right", **plain)
        return [self._title, self._factor, self._share, *(mark.artist for mark in self.pictures)]

    def _together(self, maps: np.ndarray) -> np.ndarray:
        """All maps added up as one picture, exposed as the ungated ones need it."""
        light = np.clip(maps @ self._light * self._exposure, 0, 1)
        return (light[None] * 255).round().astype(np.uint8)

    def _update_pairs(self, state: ScaleState) -> None:
        chosen = np.stack(
            [maps[..., state.channel] for maps in (state.feature_map, state.scaled)], axis=-1
        )
        before, after = marks.shades(chosen, self._look.maps)
        border = self._look.gates(state.gates[[state.channel]])
        self.pictures[0].set(before[None])
        self.pictures[1].set(after[None], border)
        self.pictures[3].set(self._together(state.scaled))
        self._factor.set_text(f"× {state.gates[state.channel]:.2f}")
        self._share.set_text(f"{100 * brightness(state):.0f} % of the light")

    def _words(self) -> list[Artist]:
        plain = {"fontsize": TEXT + 0.5, "color": self._look.ink}
        self._sentence = letter(self._page, LEFT, HEIGHT - 34, **plain)
        self._remark = letter(self._page, LEFT, HEIGHT - 10, **plain)
        return [self._sentence, self._remark]


def paint(channels: int) -> np.ndarray:
    """(C, 3) red, green and blue in which the maps are added up to a picture."""
    return np.array([PAINT.get(name, (1.0, 1.0, 1.0)) for name in photos.channel_names(channels)])


def brightness(state: ScaleState) -> float:
    """How much of all that the maps add up to the gates let through, from 0 to 1."""
    whole = float(state.feature_map.sum())
    return float(state.scaled.sum()) / whole if whole else 0.0


def explain(state: ScaleState) -> str:
    """The chosen channel's arithmetic."""
    height, width, channels = state.feature_map.shape
    before, after = (
        float(maps[..., state.channel].max()) for maps in (state.feature_map, state.scaled)
    )
    return (
        f"every one of the {height * width} values of map {state.channel} × "
        f"{state.gates[state.channel]:.2f}: the brightest, {number(before)}, becomes "
        f"{number(after)}; shapes stay {height} × {width} × {channels}"
    )


def comment(state: ScaleState) -> str:
    """Who set the gates, and what that shows."""
    if not state.by_hand:
        return f"SE's own gates. {_reason(state.answers)}"
    gates = state.gates
    if (gates == 1).all():
        return "Set by hand, all open: nothing changes."
    if (gates == 0).all():
        return "Set by hand, all closed: nothing is left for the layers that follow."
    if (gates == gates[0]).all():
        return "Set by hand, all alike: only darker. What speaks is the difference between gates."
    return "Set by hand. Press “SE's own” to see what a rule does that has looked at the photo."


def _reason(answers: dict[str, float]) -> str:
    """Why SE set the gates as it did, where its weights have a meaning."""
    if not answers:
        return "Its weights are drawn from a seed and mean nothing; with 8 or 16 channels it asks."
    yes = [f"“{question}” ({answer:.2f})" for question, answer in answers.items() if answer > 0]
    if not yes:
        return "None of its questions gets a yes from this photo, so every gate is half open."
    return f"This photo says yes to: {', '.join(yes)}."


class _ScalePanel(Panel):
    """A Panel whose desk shows the gates in use, whoever set them."""

    def _refresh(self, change=None) -> None:
        super()._refresh(change)
        desk = self.controls["gates"]
        if self._held:
            return
        if not self.message:
            desk.show(self.state.gates, self.state.channel)
        elif change and change.owner is desk:  # what cannot be is said, and not kept
            self._held = True
            desk.value = change.old
            self._held = False


def show_scale(
    photo: str = "cat",
    channels: int = 8,
    channel: int = 4,
    gates: Sequence[float] | None = None,
) -> Panel:
    """See what gates do to feature maps, and set them by hand.

    Args:
        photo: a key of `photos.PHOTOS`.
        channels: C, from 1 to 16.
        channel: the chosen channel; a click on a column, or a hand on its fader, chooses too.
        gates: one number from 0 to 1 for each channel, set by hand; None for SE's own, which
            follow the photo.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    if gates is not None:
        scale(sources.feature_maps(photo, channels), gates)  # one for each channel, or a sentence
    count = Number("C, channels", channels, 1, FADERS, powers_of_two=True, width=240)
    chosen = Number("channel", channel, 0, max(channels - 1, 0), width=240)
    desk = Desk(gates, COLUMNS)
    controls = {
        "photo": choice("photo", sources.PHOTO_CHOICES, photo),
        "channels": count,
        "channel": chosen,
        "gates": desk,
    }
    chosen.keep_within(count)
    scene = ScaleScene()
    presets = {name: button(name, f"Set every gate to {gate:g}") for name, gate in PRESETS.items()}
    rule = button("SE's own", "Let the excitation set the gates")
    panel = _ScalePanel(
        scene,
        compute,
        controls,
        [
            [controls["photo"], count, rule, *presets.values()],
            [chosen, desk.gate],
            [desk],
        ],
        height=HEIGHT,
        name="scale",
    )
    *above, faders, message, figure, foot = panel.children
    panel.children = *above, message, faders, figure, foot  # nothing between fader and column
    desk.show(panel.state.gates, panel.state.channel)
    desk.on_touch(lambda touched: chosen.set_trait("value", touched))

    def choose(x: float, y: float) -> None:
        at = scene.channel_at(x, y)
        if at is not None:
            chosen.value = at

    panel.figure.on_click(choose)
    rule.on_click(lambda _: desk.set_trait("value", None))
    for name, gate in PRESETS.items():
        presets[name].on_click(lambda _, gate=gate: desk.set_trait("value", (gate,) * FADERS))
    return panel
