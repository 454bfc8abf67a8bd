"""What stands where on the page: whether anything is cut off, or lies over something else.

All is asserted from boxes, in CSS pixels, at the sizes that people have (`SIZES`).
"""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Page

NEAR = 1  # pixels by which a box may miss: places are rounded


class Size(NamedTuple):
    """A window. At a zoom of 200 % a page has half the pixels each way."""

    width: int
    height: int
    sidebar: bool = False  # JupyterLab's file browser
    larger: int = 0  # how often JupyterLab's font for content was made larger


SIZES = {
    "1920": Size(1920, 1080, sidebar=True),
    "1366, sidebar": Size(1366, 768, sidebar=True),
    "1366": Size(1366, 768),
    "1024": Size(1024, 768, sidebar=True),
    "768": Size(768, 1024),
    "390": Size(390, 844),
    "1366 at 200 %": Size(683, 384),
    "1366, larger font": Size(1366, 768, sidebar=True, larger=6),
    "390, larger font": Size(390, 844, larger=6),
}

SIDEBAR = """open => open === jupyterapp.shell.leftCollapsed &&
  jupyterapp.commands.execute('application:toggle-left-area')"""
FONT = (
    "key => jupyterapp.commands.execute(`apputils:${key}-font-size`, {key: 'content-font-size1'})"
)
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"""

ON_THE_PAGE = Path(__file__).with_suffix(".js").read_text("utf-8")


def resize(page: Page, size: Size, before: Size | None = None) -> None:
    """Give the page of a JupyterLab a size, after another one, and let it settle."""
    page.set_viewport_size({"width": size.width, "height": size.height})
    page.evaluate(SIDEBAR, size.sidebar)
    steps = size.larger - (before.larger if before else 0)
    for _ in range(abs(steps)):
        page.evaluate(FONT, "incr" if steps > 0 else "decr")
    page.wait_for_timeout(300)  # JupyterLab lays its panes out a moment after
    page.evaluate(SETTLED)


def cut_off(frame: Locator) -> list[str]:
    """What of a card, a panel, a walk or a table leaves it, or makes it too wide, in words."""
    return frame.evaluate(f"(frame, near) => {{ {ON_THE_PAGE}; return cutOff(frame, near) }}", NEAR)


def covered(frame: Locator) -> list[str]:
    """Which words, controls and handles of it lie over each other, in words."""
    return frame.evaluate(
        f"(frame, near) => {{ {ON_THE_PAGE}; return covered(frame, near) }}", NEAR
    )


def overlap(one: Locator, other: Locator) -> bool:
    """Whether two parts of the page lie over each other."""
    a, b = one.bounding_box(), other.bounding_box()
    wide = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    high = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return wide > NEAR and high > NEAR


def holds(outer: Locator, inner: Locator) -> bool:
    """Whether a part of the page lies wholly within another."""
    a, b = outer.bounding_box(), inner.bounding_box()
    across = a["x"] - NEAR <= b["x"] and b["x"] + b["width"] <= a["x"] + a["width"] + NEAR
    down = a["y"] - NEAR <= b["y"] and b["y"] + b["height"] <= a["y"] + a["height"] + NEAR
    return across and down


def middles(parts: Locator) -> list[float]:
    """The heights at which the middles of some parts stand."""
    boxes = [part.bounding_box() for part in parts.all()]
    return [box["y"] + box["height"] / 2 for box in boxes]
