"""Every panel is whole on the screens that people have, its type never small."""

import pytest
from playwright.sync_api import expect

from tests.browser import layout
from tests.browser.conftest import write_notebook
from tests.browser.lab import LabPage
from tests.browser.layout import SIZES

ALL = """from attention_lib import panels
from attention_lib.course import museum
from attention_lib.panels.kit.presets import PANELS
for show in PANELS.values():
    display(show())"""  # in one cell, as JupyterLab lays out only those that are near the page
PANELS = 13
HIGHEST = 620  # at a laptop of 1366 x 768 with the sidebar open, controls and foot included
SMALLEST = 12  # px of type on the screen

WORDS = """panel => Math.min(...[...panel.querySelectorAll('*')].filter(element =>
    element.checkVisibility({ visibilityProperty: true }) &&
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
  .map(element => parseFloat(getComputedStyle(element).fontSize)))"""
DRAWN = """() => [...document.querySelectorAll('.attention-panel canvas')].every(canvas =>
  Math.abs(canvas.width - canvas.getBoundingClientRect().width) <= 2)"""


@pytest.fixture(scope="module")
def every_panel(lab, browser, lab_folder):
    """A page with all of them; gives it and them."""
    page = LabPage(browser, lab, write_notebook(lab_folder, ALL))
    page.run_all()
    panels = page.page.locator(".attention-panel")
    expect(panels).to_have_count(PANELS)
    yield page, panels.all()
    page.close()


def name_of(panel):
    return panel.locator("canvas").get_attribute("aria-label")[:40]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_a_panel_is_cut_off(every_panel, size):
    page, panels = every_panel
    layout.resize(page.page, SIZES[size])
    found = {name_of(panel): layout.cut_off(panel) for panel in panels if layout.cut_off(panel)}
    assert not found
    if SIZES[size].larger:
        layout.resize(page.page, SIZES["1366"], SIZES[size])


def test_a_panel_is_whole_on_a_laptop_with_the_sidebar_open(every_panel):
    page, panels = every_panel
    layout.resize(page.page, SIZES["1366, sidebar"])
    heights = {name_of(panel): panel.bounding_box()["height"] for panel in panels}
    assert {name: height for name, height in heights.items() if height > HIGHEST} == {}


@pytest.mark.parametrize("size", ["1920", "1366, sidebar"])
def test_controls_stand_in_one_row_or_two(every_panel, size):
    page, panels = every_panel
    layout.resize(page.page, SIZES[size])
    for panel in panels:
        rows = panel.locator(".attention-row")
        assert rows.count() <= 3, name_of(panel)
        for row in rows.all():
            controls = row.locator(":scope > *:has(input, select, button)")
            parts = [part.bounding_box() for part in controls.all()]
            middles = [box["y"] + box["height"] / 2 for box in parts if box and box["height"]]
            assert not middles or max(middles) - min(middles) <= 4, name_of(panel)  # none wraps


@pytest.mark.parametrize("size", ["1920", "1366, sidebar", "1024", "390"])
def test_no_type_is_small(every_panel, size):
    page, panels = every_panel
    layout.resize(page.page, SIZES[size])
    page.page.wait_for_function(DRAWN)  # anew, dot by dot, at the width that they have
    for panel in panels:
        assert panel.evaluate(WORDS) >= SMALLEST, name_of(panel)
        assert panel.locator("canvas").bounding_box()["width"] >= 0.9 * 960 - 1  # or it scrolls
