"""Runs inside a kernel after its notebook: moves every control through its extremes."""

import asyncio
import threading

from ipywidgets import Button, DOMWidget, FloatLogSlider, FloatText, IntText
from ipywidgets.widgets.widget import _instances

TYPED = [0, -1, 10**9]  # what a learner may type into a box without ends
SECONDS_A_THREAD = 10
SETTLED = 0.5  # seconds, for whatever a panel does a moment later


async def drive() -> int:
    """Move every control to each of its ends and back, and press every button.

    Returns:
        how many controls there were. An error in a callback is raised here, or shown.
    """
    controls = [widget for widget in list(_instances.values()) if isinstance(widget, DOMWidget)]
    driven = 0
    for control in controls:
        if getattr(control, "disabled", False):
            continue
        if isinstance(control, Button):
            control.click()
            driven += 1
        elif values := extremes(control):
            for value in [*values, control.value]:
                control.value = value
            driven += 1
    await asyncio.sleep(SETTLED)
    for thread in threading.enumerate():
        if not (thread.daemon or thread is threading.main_thread()):
            await asyncio.to_thread(thread.join, SECONDS_A_THREAD)
    return driven


def extremes(control: DOMWidget) -> list:
    """List the values of a control worth trying: both ends, every option, on and off."""
    if control.has_trait("options"):
        return options(control)
    value = getattr(control, "value", None)
    if isinstance(value, bool):
        return [not value]
    if isinstance(control, FloatText):
        return [*TYPED, 0.5]
    if isinstance(control, IntText):
        return TYPED
    if not control.has_trait("max"):
        return []
    low, high = control.min, control.max
    if isinstance(control, FloatLogSlider):
        low, high = control.base**low, control.base**high
    if isinstance(value, tuple):
        return [(low, low), (high, high), (low, high)]
    return [low, high]


def options(control: DOMWidget) -> list:
    """List the values that a dropdown, a selection slider or a row of buttons offers."""
    values = [value for _, value in control._options_full]
    return [(value,) for value in values] if isinstance(control.value, tuple) else values
