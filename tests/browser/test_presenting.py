"""At the front of the room: a panel on the whole screen, its state as a line and as a link."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

TWO = ("from attention_lib import panels", "panels.show_kernel_size()", "panels.show_pipeline()")
AT_A_HUB = "import os\nos.environ['JUPYTERHUB_SERVICE_PREFIX'] = '/user/student/'"
COPIED = "() => { navigator.clipboard.writeText = async text => (window.copied = text) }"
STORY = ("from attention_lib import panels", 'panels.show_story("kernel")')
PRESENTED = ".attention-presenting"


def line_of(panel):
    return panel.get_by_label("State as a line")


def test_a_link_brings_a_panel_to_its_state_and_a_line_takes_it_on(show):
    page = show(AT_A_HUB, *TWO, query={"state": "pipeline photo=brick C=16 r=8 stage=3"})
    panel, other = page.panels()
    for each in (panel, other):
        each.get_by_role("button", name="State").click()
    wanted = "pipeline photo=brick weights=hand-made C=16 r=8 channel=4 stage=3"
    expect(line_of(other)).to_have_value(wanted)
    line = line_of(panel)
    expect(line).to_have_value("kernel_size C=512 gamma=2 b=1 channel=3")
    line.fill("C=128 gamma=2 b=1")
    line.press("Enter")
    expect(line).to_have_value("kernel_size C=128 gamma=2 b=1 channel=3")
    page.page.evaluate(COPIED)
    panel.get_by_role("button", name="Copy link").click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    copied = urlsplit(page.page.evaluate("() => window.copied"))
    assert copied.path.startswith("/hub/user-redirect/lab/tree/")  # to everybody's own server
    assert parse_qs(copied.query) == {"state": ["kernel_size C=128 gamma=2 b=1 channel=3"]}
    line.fill("C=128; gamma=2")
    line.press("Enter")
    expect(panel.locator(".panel-message")).to_contain_text("must be a number. Received: '128;'")
    assert page.serious_barriers(panel) == []
    assert page.problems == []


def test_a_panel_is_presented_at_full_width_and_driven_by_a_clicker(show):
    page = show(*TWO)
    page.page.set_viewport_size({"width": 1920, "height": 1080})
    panel = page.panels()[1]
    stage = panel.get_by_label("stage, typed")
    cells = page.page.locator(".jp-Cell").count()
    panel.get_by_role("button", name="Present").click()
    expect(page.page.locator(PRESENTED)).to_have_count(1)
    canvas = panel.locator("canvas")
    expect(canvas).to_have_attribute("width", "1920")  # drawn again, not blown up
    assert canvas.bounding_box()["width"] == 1920
    for key, at in {"ArrowLeft": 7, "PageUp": 6, "PageDown": 7, "ArrowRight": 8}.items():
        page.page.keyboard.press(key)
        expect(stage).to_have_value(str(at))
    page.page.keyboard.press("c")
    expect(stage).to_be_hidden()
    page.page.keyboard.press("d")
    page.page.keyboard.press("d")  # would delete a cell in JupyterLab
    page.page.keyboard.press("f")
    assert canvas.bounding_box()["height"] == 1080
    page.page.keyboard.press("Escape")
    expect(page.page.locator(PRESENTED)).to_have_count(0)
    expect(stage).to_be_visible()
    assert page.page.locator(".jp-Cell").count() == cells
    page.page.emulate_media(reduced_motion="reduce")  # nothing plays by itself any more
    expect(panel.locator(".widget-play")).to_be_hidden()
    expect(panel.get_by_role("button", name="Next")).to_be_visible()
    assert page.problems == []


def test_a_story_is_walked_by_a_clicker_in_the_dark(show):
    page = show(*STORY)
    page.darken()
    story = page.page.locator(".attention-story")
    canvas = story.locator("canvas")
    story.get_by_role("button", name="Present").click()
    for key, at in {"PageDown": 2, "ArrowRight": 3}.items():
        page.page.keyboard.press(key)
        expect(story.get_by_role("status").first).to_contain_text(f"{at} of 8")
    expect(canvas).to_have_attribute("aria-label", re.compile("= 3.5 .* k = 3"))
    assert page.serious_barriers(story) == []
    assert page.problems == []
