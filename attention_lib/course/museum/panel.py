"""The museum panel: its controls."""

import ipywidgets as widgets

from attention_lib.course.museum import CHECKS, EXHIBITS
from attention_lib.course.museum.scene import HEIGHT, MuseumScene
from attention_lib.course.museum.state import card, compute, reply
from attention_lib.language import say
from attention_lib.panels.kit.controls import choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened

RECORDED = (Grid({"exhibit": EVERY, "check": EVERY}),)


class _MuseumPanel(Panel):
    """A Panel with the exhibit's story and code, and the reply to a check, above the picture."""

    def __init__(self, controls: dict):
        self.card = widgets.HTML(layout={"width": "100%"})
        self.reply = widgets.HTML(layout={"width": "100%", "min_height": "43px"})  # two lines: most
        self.reply.add_class("attention-message")  # so that it is read out when it changes
        row = ["exhibit", "check", self.card, self.reply]
        super().__init__(MuseumScene(), compute, controls, [row], height=HEIGHT, name="museum")
        self._tell()

    def _refresh(self, change=None) -> None:
        super()._refresh(change)
        self._tell()

    def _tell(self) -> None:
        self.card.value, self.reply.value = card(self.state), reply(self.state)


@can_be_opened
def show_museum(exhibit: str = "width", check: str = "shape") -> Panel:
    """Look at a mistake that a real repository made, and choose the check that finds it.

    Args:
        exhibit: a key of `museum.EXHIBITS`.
        check: a key of `museum.CHECKS`.

    Returns:
        The panel.

    Raises:
        ValueError: if there is no such exhibit or check.
    """
    titles = {shown.title: name for name, shown in EXHIBITS.items()}
    checks = {instrument.title: name for name, instrument in CHECKS.items()}
    controls = {
        "exhibit": choice(say("exhibit"), titles, exhibit),
        "check": choice(say("check"), checks, check),
    }
    return _MuseumPanel(controls)
