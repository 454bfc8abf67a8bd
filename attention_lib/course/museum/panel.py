"""The museum panel: its controls."""

import ipywidgets as widgets

from attention_lib.course.museum import CHECKS, EXHIBITS
from attention_lib.course.museum.scene import HEIGHT, MuseumScene
from attention_lib.course.museum.state import compute
from attention_lib.panels.kit.controls import choice
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import can_be_opened


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
        "exhibit": choice("exhibit", titles, exhibit),
        "check": choice("check", checks, check),
    }
    story = widgets.HTML(layout={"width": "100%"})
    said = widgets.HTML(layout={"width": "100%", "min_height": "43px"})  # two lines: most replies
    said.add_class("attention-message")  # so that it is read out when it changes
    scene = MuseumScene(story, said)
    rows = [[controls["exhibit"], controls["check"]], [story], [said]]
    return Panel(scene, compute, controls, rows, height=HEIGHT, name="museum")
