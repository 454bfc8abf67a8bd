"""The panel of the start page: a picture as a stack of maps, each turned up or down, and what is
left; on a wide page in columns, on a narrow one in rows."""

from attention_lib.examples import filters, photos
from attention_lib.panels.kit import sources
from attention_lib.panels.kit.controls import choice
from attention_lib.panels.kit.faders import Faders
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.parts import GateRow, Image, Page, PageScene, Paragraph, Strip
from attention_lib.panels.kit.presets import EVERY, Grid
from attention_lib.panels.scale.state import ScaleState, compute

CHANNELS = 8
GRIDS = (Grid({"photo": EVERY}), Grid({"photo": ("cat", "brick", "coffee")}, {"gates": (0.0, 1.0)}))
GRIDS_NARROW = (Grid({"photo": EVERY}),)
WIDE, HIGH = 960, 354
LEFT, PITCH, BARS = 252, 64, (114, 84)
NARROW, LONG = 336, 588
ROW, ROWS = 40, 240  # of the narrow page


class HeroScene(PageScene):
    """The photograph, a column for each map, and the sum of all maps before and after the gates."""

    def draw(self, page: Page, state: ScaleState) -> None:
        middle = {"ha": "center"}
        self.photo = Image(page, 4, 46, 190, "the picture", smooth=True)
        page.words(222, 64, "8 maps", "note", **middle)
        for y, word in ((156, "× gates"), (251, "= passed on")):
            page.words(LEFT - 8, y, word, "note", ha="right", va="center_baseline")
        for middle_of_four, word in ((2, "edges"), (6, "colours")):
            page.words(LEFT + middle_of_four * PITCH, 18, word, "label", **middle)
        for channel, name in enumerate(filters.short_names(CHANNELS)):
            page.words(LEFT + (channel + 0.5) * PITCH, 38, name, "note", **middle)
        self._before, self.after = (Strip(page, top, 54, border=2) for top in (46, 224))
        for strip in (self._before, self.after):
            strip.place(LEFT, PITCH, CHANNELS)
        self.gates = GateRow(page, _bars(), axis=False, gap=6)
        self.all = [Image(page, 796, top, 134, "") for top in (26, 186)]
        page.words(796, 18, "all maps together", "note")
        self._left = page.words(796, 178, style="chosen")
        for left, right, y in ((198, 248, 73), (766, 794, 73), (766, 794, 251)):
            page.arrow(left, right, y)
        self._words = Paragraph(page, 4, 342, 1000, 1)

    def update(self, state: ScaleState) -> str:
        self.photo.set(photos.load_photo(state.photo, size=224))
        self._before.set(state.feature_map)
        self.gates.set(state.gates)
        self.after.set(state.scaled, state.gates)
        return _update_sums(self, state)


class NarrowHeroScene(PageScene):
    """The same in rows, for a telephone."""

    def draw(self, page: Page, state: ScaleState) -> None:
        self.photo = Image(page, 4, 22, 136, "the picture", smooth=True)
        self.all = [Image(page, 150, 22, 136, "let through")]
        self._left = page.words(292, 22 + 132, style="chosen")
        heads = ((4, "map"), (116, "before"), (162, "× gate"), (298, "after"))
        for x, word in heads:
            page.words(x, ROWS - 4 + 8, word, "note")
        self._rows = []
        for channel, name in enumerate(filters.channel_names(CHANNELS)):
            top = ROWS + 12 + channel * ROW
            page.words(4, top + 17, name, "label", va="center_baseline")
            before = Image(page, 116, top, 34)
            gate = GateRow(page, (162, top, 86, 34), axis=False, gap=6, numbered=False)
            number = page.words(256, top + 17, va="center_baseline")
            after = Image(page, 298, top, 34, border=2)
            self._rows.append((before, gate, number, after))
        self._words = Paragraph(page, 4, 178, NARROW - 8, 3)

    def update(self, state: ScaleState) -> str:
        self.photo.set(photos.load_photo(state.photo, size=224))
        for channel, (before, gate, number, after) in enumerate(self._rows):
            value = state.gates[channel]
            before.set_map(state.feature_map[..., channel])
            gate.set(state.gates[channel : channel + 1])
            number.set_text(f"{value:.2f}")
            after.set_map(state.scaled[..., channel], value)
        return _update_sums(self, state)


def _update_sums(scene: HeroScene | NarrowHeroScene, state: ScaleState) -> str:
    """What is left of all maps, in pictures and in words."""
    sums = [sources.added_up(maps, state.feature_map) for maps in (state.feature_map, state.scaled)]
    for image, maps in zip(scene.all, sums[-len(scene.all) :], strict=True):
        image.set(maps)
    share = 100 * sources.share_left(state.feature_map, state.scaled)
    scene._left.set_text(f"{share:.0f} %" if len(scene.all) == 1 else f"let through: {share:.0f} %")
    sentence = _sentence(state)
    scene._words.set(sentence)
    title = photos.PHOTOS[state.photo].title
    gates = ", ".join(
        f"{name} {gate:.2f}"
        for name, gate in zip(filters.short_names(CHANNELS), state.gates, strict=True)
    )
    return (
        f"{title} as eight maps, and their gates: {gates}. {sentence} {share:.0f} % is let through."
    )


def _sentence(state: ScaleState) -> str:
    """Who has set the gates, and why so."""
    if state.by_hand:
        return "You have overruled a gate. Choose a picture to let attention set them all again."
    question = max(state.answers, key=state.answers.get)
    kinds = ("edge", "colour") if "texture than" in question else ("colour", "edge")
    return (
        f"Attention asks: {question} Here yes, so the {kinds[0]} maps pass and the {kinds[1]} maps "
        "are turned down."
    )


def _bars() -> tuple[float, float, float, float]:
    return LEFT, BARS[0], CHANNELS * PITCH, BARS[1]


def _place(_channels: int) -> tuple[float, float, float, float]:
    left, top, width, height = _bars()
    return left / WIDE, top / HIGH, width / WIDE, height / HIGH


def _compute(photo: str, gates: tuple[float, ...] | None = None) -> ScaleState:
    return compute(photo, CHANNELS, 0, gates)


class _HeroPanel(Panel):
    """A Panel whose faders show the gates in use; another picture lets attention set them."""

    def _refresh(self, change=None) -> None:
        if change and change.owner is self.controls["photo"]:
            with self.hold():
                self.controls["gates"].value = None
        super()._refresh(change)
        if not self._held and "gates" in self.controls:
            self.controls["gates"].show(self.state.gates, 0)


def hero() -> Panel:
    """The panel for a wide page."""
    faders = Faders(None, _place)
    controls = {"photo": choice("picture", sources.PHOTO_CHOICES, "coffee"), "gates": faders}
    panel = _HeroPanel(HeroScene(), _compute, controls, [], height=HIGH, name="hero", over=[faders])
    faders.show(panel.state.gates, 0)
    return panel


def narrow_hero() -> Panel:
    """The panel for a narrow page."""
    controls = {"photo": choice("picture", sources.PHOTO_CHOICES, "coffee")}
    scene = NarrowHeroScene()
    return Panel(scene, _compute, controls, [], width=NARROW, height=LONG, name="narrow_hero")
