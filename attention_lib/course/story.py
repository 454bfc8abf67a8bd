"""A story: presets in an order, shown one after another with Back and Next."""

import html
from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets as widgets

from attention_lib.course.walks import WALKS
from attention_lib.figures import output
from attention_lib.language import say
from attention_lib.panels.kit.controls import steps as step_buttons
from attention_lib.panels.kit.panel import Panel, open_panel


class Step(NamedTuple):
    """One step of a story: a panel's state, and what to say or to ask there."""

    preset: str
    words: str


class Story(widgets.VBox):
    """A walk through panels, with Back and Next.

    Every panel can be played with at every step; coming back to a step sets it up anew.

    Args:
        steps: pairs of a preset, beginning with its panel's name, and words.

    `at` is the step it stands at, from 0, and `panel` the panel shown there.

    Raises:
        ValueError: if there are no steps, or one of them asks for what cannot be.
    """

    def __init__(self, steps: Sequence[tuple[str, str]]):
        if not steps:
            raise ValueError("A story must have a step or more. Received: none. Add a pair.")
        self.steps = tuple(Step(*step) for step in steps)
        self.at = 0
        self._panels: dict[str, Panel] = {}
        self._lines = [self._whole_line(step.preset) for step in self.steps]
        self._back, self._next = step_buttons(say("The step before"), say("The step after"))
        self._words, self._stage = widgets.HTML(), widgets.VBox()
        self._words.add_class("attention-words")
        self._back.on_click(lambda _: self.go(self.at - 1))
        self._next.on_click(lambda _: self.go(self.at + 1))
        top = widgets.HBox([self._back, self._next, self._words])
        top.add_class("attention-row")
        super().__init__([top, self._stage])
        self.add_class("attention-story")
        self.go(0)

    @property
    def panel(self) -> Panel:
        """The panel shown at this step."""
        return self._panels[_panel_name(self.steps[self.at].preset)]

    def go(self, at: int) -> None:
        """Stand at a step, set up as it was written; beyond the ends, at the last on that side."""
        self.at = min(max(at, 0), len(self.steps) - 1)
        self.panel.restore(self._lines[self.at])
        if self._stage.children != (self.panel,):
            self._stage.children = (self.panel,)
        words = html.escape(self.steps[self.at].words)
        where = say("{step} of {steps}", step=self.at + 1, steps=len(self.steps))
        self._words.value = f'<div role="status"><small>{where}</small> {words}</div>'
        self._back.disabled = self.at == 0
        self._next.disabled = self.at == len(self.steps) - 1

    def _ipython_display_(self) -> None:
        figure, words = self.panel.figure, self.steps[self.at].words
        output.show(self, f"{words} {figure.alt}", self._words.value, figure.png())

    def _whole_line(self, preset: str) -> str:
        """The line that sets every control, what the preset leaves out as the panel begins."""
        name = _panel_name(preset)
        if name not in self._panels:
            self._panels[name] = open_panel(name)
        panel = self._panels[name]
        begins = panel.preset
        panel.restore(preset)
        line = panel.preset
        panel.restore(begins)
        return line


def show_story(story: str | Sequence[tuple[str, str]] = "width") -> Story:
    """Step through a walk of presets.

    Args:
        story: the name of a walk that ships, "width" (what r buys), "kernel" (how k follows C) or
            "overview" (the series in 20 minutes); or pairs of a preset and what to say there, such
            as [("excitation C=64 r=2", "First r = 2"), ("excitation C=64 r=16", "then 16")].

    Returns:
        The story. Its panel can be presented, and arrow keys and clickers then take the steps.

    Raises:
        ValueError: if there is no such walk, or a step asks for what cannot be.
    """
    if isinstance(story, str):
        if story not in WALKS:
            raise ValueError(
                f"`story` must be one of {', '.join(WALKS)}, or pairs of a preset and words. "
                f"Received: {story!r}. Choose one of them."
            )
        story = WALKS[story]
    return Story(story)


def _panel_name(preset: str) -> str:
    return str(preset).strip().partition(" ")[0]
