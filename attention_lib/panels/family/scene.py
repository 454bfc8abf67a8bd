"""The panel of the family: four lines of words, five pictures, two sentences."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from attention_lib._words import number, sentences
from attention_lib.examples import family, photos
from attention_lib.language import say
from attention_lib.panels.family.state import FamilyState, explain, reach
from attention_lib.panels.kit.parts import Image, Page, PageScene, Ring

HEIGHT = 424
QUESTIONS = (
    say("pooled"),
    say("who talks to whom"),
    say("a number of its own for"),
    say("comes back"),
)

# Where things stand on the page, in CSS pixels.
LEFT, ANSWERS, LINE, STEP = 14, 206, 46, 21
TOP, SIDE = 168, 166
LEFTS = [LEFT + (960 - 2 * LEFT - SIDE) / 4 * i for i in range(5)]
INPUT, CHANNELS, PLACES, EFFECT, OUTPUT = range(5)
DECADES = 5  # of sizes of changes that can be told apart
EFFECTS = {"+": say("what is added"), "→": say("the ring takes from")}


class FamilyScene(PageScene):
    """Draws a FamilyState: the method in words, then what it does to one channel."""

    def draw(self, page: Page, state: FamilyState) -> None:
        self._name = page.words(LEFT, 20, style="heading")
        for i, question in enumerate(QUESTIONS):
            page.words(LEFT, LINE + STEP * i, question, "label")
        self._answers = [page.words(ANSWERS, LINE + STEP * i) for i in range(4)]
        styles = ["chosen", *["label"] * 4]
        self.images = [
            Image(page, left, TOP, SIDE, style=style)
            for left, style in zip(LEFTS, styles, strict=True)
        ]
        for left in LEFTS:
            ends = [left - 0.5, left + SIDE + 0.5], [TOP - 0.5, TOP + SIDE + 0.5]
            page.line([ends[0][i] for i in (0, 1, 1, 0, 0)], [ends[1][i] for i in (0, 0, 1, 1, 0)])
        self._captions = [page.words(left, TOP + SIDE + 16, style="note") for left in LEFTS]
        self._raised = page.block((0, TOP - 4, SIDE / family.CHANNELS, 3), page.look.accent)
        self._rings = {i: Ring(page) for i in (INPUT, PLACES, EFFECT, OUTPUT)}
        self._lines = [page.words(LEFT, HEIGHT - 34 + 24 * i) for i in range(2)]
        self._lines[0].set_color(page.look.accent)
        ends = page.look.background, page.look.bar
        self._from_blank = LinearSegmentedColormap.from_list("changes", ends)

    def place_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column, of 56, that stand at (x, y) in the first picture, if any."""
        row, column = int(56 * (y - TOP) / SIDE), int(56 * (x - LEFT) / SIDE)
        inside = TOP <= y < TOP + SIDE and LEFT <= x < LEFT + SIDE
        return (row, column) if inside else None

    def update(self, state: FamilyState) -> str:
        method, c = state.method, state.channel
        answers = method.pooled, method.mixing, method.gated, method.back
        self._name.set_text(f"{method.name}, {method.year}")
        for text, answer in zip(self._answers, answers, strict=True):
            text.set_text(answer)
        self._update_images(state)
        self._update_words(state)
        told = [
            say("{question}: {answer}.", question=question, answer=answer)
            for question, answer in zip(QUESTIONS, answers, strict=True)
        ]
        seen = say("{title}, channel {c}", title=photos.PHOTOS[state.photo].title, c=c)
        first = say("{name}, {year}; {seen}.", name=method.name, year=method.year, seen=seen)
        return sentences((first, *told, explain(state), reach(state)))

    def _update_images(self, state: FamilyState) -> None:
        before, after = state.maps[..., state.channel], state.output[..., state.channel]
        brightest = max(float(before.max()), 0.02)
        self.images[INPUT].set_map(before, high=brightest)
        for i, changes in ((CHANNELS, state.channels_reached), (PLACES, state.places_reached)):
            self.images[i].set_map(decades(changes), colours=self._from_blank)
        self.images[EFFECT].set_map(state.effect_shown, **self._colours(state))
        self.images[OUTPUT].set_map(after, high=brightest)
        self._raised.set_x(LEFTS[CHANNELS] + SIDE * state.channel / family.CHANNELS)
        height, width = before.shape
        row, column = state.place
        for i, ring in self._rings.items():
            x, y = LEFTS[i] + SIDE * (column + 0.5) / width, TOP + SIDE * (row + 0.5) / height
            ring.set(x, y)

    def _colours(self, state: FamilyState) -> dict:
        """Gates in the colours of gates, what is added around zero, shares of places in grey."""
        largest = max(float(np.abs(state.effect).max()), 1e-12)
        if state.sign == "×":
            return {"colours": self.look.gates}
        if state.sign == "+":
            return {"colours": self.look.weights, "low": -largest, "high": largest}
        return {"high": float(state.effect_shown.max())}

    def _update_words(self, state: FamilyState) -> None:
        titles = (
            say("map {channel}", channel=state.channel),
            say("channels that change"),
            say("places that change"),
            EFFECTS.get(state.sign, say("multiplied by")),
            say("what comes back"),
        )
        captions = (
            values(state.maps[..., state.channel]),
            say("→ raised, ↓ changed"),
            say("blank: no change"),
            values(state.effect_shown),
            values(state.output[..., state.channel]),
        )
        for image, title, text, caption in zip(
            self.images, titles, self._captions, captions, strict=True
        ):
            image.title.set_text(title)
            text.set_text(caption)
        for text, line in zip(self._lines, (explain(state), reach(state)), strict=True):
            text.set_text(line)


def decades(changes: np.ndarray) -> np.ndarray:
    """Sizes on a logarithmic scale: 1 for the largest, 0 for those far below it and for none."""
    largest = max(float(changes.max()), 1e-12)
    return 1 + np.log10(np.maximum(changes / largest, 10.0**-DECADES)) / DECADES


def values(shown: np.ndarray) -> str:
    """From where to where values reach."""
    low, high = number(float(shown.min()), 3), number(float(shown.max()), 3)
    return (
        say("{low} everywhere", low=low)
        if low == high
        else say("from {low} to {high}", low=low, high=high)
    )
