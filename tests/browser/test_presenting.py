"""At the front of the room: a panel on the whole screen, its state as a line and as a link."""

import re
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest
from matplotlib.text import Text
from playwright.sync_api import expect

from attention_lib import panels
from tests.browser import layout
from tests.browser.conftest import write_notebook
from tests.browser.lab import LabPage

TWO = ("from attention_lib import panels", "panels.show_kernel_size()", "panels.show_pipeline()")
AT_A_HUB = "import os\nos.environ['JUPYTERHUB_SERVICE_PREFIX'] = '/user/student/'"
COPIED = "() => { navigator.clipboard.writeText = async text => (window.copied = text) }"
STORY = ("from attention_lib.course import story", 'story.show_story("kernel")')
PRESENTED = ".attention-presenting"
READABLE = {1920: 22, 1280: 14.5}  # pixels of the smallest type, by the width of the screen

SHAPE = "canvas => canvas.style.aspectRatio.split('/')"

# How large the words are that stand around a picture, and what they are.
TYPE = """shown => [...shown.querySelectorAll('*')].filter(element =>
    element.checkVisibility({ visibilityProperty: true }) &&
    (element.matches('input:not([type=checkbox]), select') ||
     [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())))
  .map(element => [parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom,
                   element.textContent])"""


# JupyterLab writes what is open to its server some time after it was opened.
REMEMBERED = """async notebook => {
  const answer = await fetch('/user/student/lab/api/workspaces/again');
  return answer.ok && (await answer.text()).includes(notebook);
}"""


def set_to(panel, channels):
    """Type C, and wait until the panel has it."""
    box = panel.get_by_label("C, channels, typed")
    box.fill(channels)
    box.press("Enter")
    expect(panel.locator("canvas")).to_have_attribute("aria-label", re.compile(rf"\({channels}\)"))


def line_of(panel):
    return panel.get_by_label("State as a line")


def too_small(panel, same, readable):
    """What words of a presented panel are smaller than so many pixels: drawn, and around."""
    figure = same.figure
    scale = panel.locator("canvas").bounding_box()["width"] / figure.width
    drawn = [
        (words.get_size() * scale, words.get_text())
        for words in figure.figure.findobj(Text)
        if words.get_visible() and words.get_text()
    ]
    panel.get_by_role("button", name="State").click()
    around = panel.evaluate(TYPE)
    panel.get_by_role("button", name="State").click()
    assert len(drawn) > 20
    assert {"Leave", "Copy link"} < {words for _, words in around}
    return [words for size, words in drawn + around if size < readable - 0.01]


def stands_in(canvas, top, bottom):
    """Whether a picture stands wholly between two heights of the window, and in its own shape."""
    box, width, height = canvas.bounding_box(), *map(int, canvas.evaluate(SHAPE))
    shape = box["width"] / box["height"] == pytest.approx(width / height, rel=0.01)
    return shape and top - 1 <= box["y"] and box["y"] + box["height"] <= bottom + 1


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
    problem = panel.locator(".attention-foot-problem")
    expect(problem).to_contain_text("must be a number. Received: '128;'")
    expect(line).to_have_value("C=128; gamma=2")  # to be mended
    expect(panel.locator(".panel-message")).to_be_empty()  # nothing is wrong with the picture
    assert page.serious_barriers(panel) == []
    panel.get_by_role("button", name="Present").click()
    panel.evaluate("panel => panel.scrollTo(0, 9999)")
    foot = panel.locator(".attention-foot")
    assert not layout.overlap(foot, panel.locator("canvas"))
    assert layout.holds(foot, problem)
    panel.get_by_role("button", name="Leave").click()
    for _ in range(2):
        panel.get_by_role("button", name="State").click()
    expect(line).to_have_value("kernel_size C=128 gamma=2 b=1 channel=3")
    expect(problem).to_be_hidden()
    line.fill("C=nan")
    line.press("Enter")
    expect(problem).to_contain_text("Received: 'nan'")
    panel.get_by_label("b, typed").fill("2")
    panel.get_by_label("b, typed").press("Enter")
    expect(line).to_have_value("kernel_size C=128 gamma=2 b=2 channel=3")
    expect(problem).to_be_hidden()
    assert page.problems == []


def test_a_link_is_right_when_the_notebook_is_opened_again(lab, lab_folder, browser):
    own = lab.replace("/lab/tree/", "/lab/workspaces/again/tree/")  # no other page writes to it
    restored = own.format(path="").replace("/tree/?reset&", "?")  # what was open
    with closing(LabPage(browser, own, write_notebook(lab_folder, *TWO))) as page:
        page.run_all()
        notebook = page.path
        panel, _ = page.panels()
        set_to(panel, "64")
        page.save()
        for _ in range(2):
            page.page.wait_for_function(REMEMBERED, arg=notebook)
            page.page.goto(restored)
            panel = page.page.locator(".attention-panel").first
            panel.get_by_role("button", name="State").click()
            expect(line_of(panel)).to_have_value("kernel_size C=64 gamma=2 b=1 channel=3")
            assert notebook not in page.page.url  # which is why the server is asked
            page.page.evaluate(COPIED)
            panel.get_by_role("button", name="Copy link").click()
            expect(panel.get_by_role("button", name="Copied")).to_be_visible()
            copied = page.page.evaluate("() => window.copied")
            assert urlsplit(copied).path == f"/user/student/lab/tree/{notebook}"
        set_to(panel, "256")
        page.page.goto(copied)
        panel = page.page.locator(".attention-panel").first
        expect(panel.get_by_label("C, channels, typed")).to_have_value("64")


def test_where_no_server_shows_the_notebook_the_line_itself_is_copied(show):
    page = show(*TWO)
    panel, _ = page.panels()
    panel.get_by_role("button", name="State").click()
    line = "kernel_size C=512 gamma=2 b=1 channel=3"
    expect(line_of(panel)).to_have_value(line)
    page.page.evaluate(COPIED)
    page.page.route("**/api/sessions*", lambda route: route.fulfill(status=403))
    panel.get_by_role("button", name="Copy link").click()
    expect(panel.get_by_role("button", name="Copied the line")).to_be_visible()
    assert page.page.evaluate("() => window.copied") == line


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_a_panel_is_presented_whole_its_type_as_large_as_that_allows(show, width, height):
    page = show(*TWO)
    page.page.set_viewport_size({"width": width, "height": height})
    for panel, same in zip(
        page.panels(), (panels.show_kernel_size, panels.show_pipeline), strict=True
    ):
        panel.get_by_role("button", name="Present").click()
        expect(page.page.locator(PRESENTED)).to_have_count(1)
        canvas = panel.locator("canvas")
        dots = round(canvas.bounding_box()["width"])
        expect(canvas).to_have_attribute("width", re.compile(f"{dots - 2}|{dots - 1}|{dots}"))
        row = panel.locator(".attention-row").first.bounding_box()
        foot = panel.locator(".attention-foot").bounding_box()
        room = foot["y"] - row["y"] - row["height"]
        assert stands_in(canvas, row["y"] + row["height"], foot["y"])
        box = canvas.bounding_box()
        assert box["width"] > 0.98 * width or box["height"] > 0.97 * room
        assert too_small(panel, same(), READABLE[width]) == []
        panel.get_by_role("button", name="Leave").click()
    assert page.problems == []


def test_what_is_used_less_stands_behind_more(show):
    page = show(*TWO)
    _, panel = page.panels()
    rarer = panel.get_by_label("weights")
    expect(rarer).to_be_visible()
    panel.get_by_role("button", name="Present").click()
    expect(rarer).to_be_hidden()
    panel.get_by_role("button", name="More").click()
    expect(rarer).to_be_visible()
    last, foot = panel.locator(".attention-row").last, panel.locator(".attention-foot")
    box = last.bounding_box()
    assert stands_in(panel.locator("canvas"), box["y"] + box["height"], foot.bounding_box()["y"])
    panel.get_by_role("button", name="Leave").click()
    expect(rarer).to_be_visible()
    assert page.problems == []


def test_a_panel_is_driven_by_a_clicker_enlarged_and_bared(show):
    page = show(*TWO)
    page.page.set_viewport_size({"width": 1280, "height": 720})
    _, panel = page.panels()
    stage, canvas = panel.get_by_label("stage, typed"), panel.locator("canvas")
    cells = page.page.locator(".jp-Cell").count()
    panel.get_by_role("button", name="Present").click()
    panel.get_by_role("button", name="More").click()
    page.page.keyboard.press("f")
    expect(canvas).to_have_attribute("width", "1280")  # drawn again, not blown up
    assert canvas.bounding_box()["width"] == 1280
    page.page.keyboard.press("f")
    for key, at in {"ArrowLeft": 7, "PageUp": 6, "PageDown": 7, "ArrowRight": 8}.items():
        page.page.keyboard.press(key)
        expect(stage).to_have_value(str(at))
    page.page.keyboard.press("c")
    expect(stage).to_be_hidden()
    page.page.keyboard.press("d")
    page.page.keyboard.press("d")  # would delete a cell in JupyterLab
    page.page.keyboard.press("Escape")
    expect(page.page.locator(PRESENTED)).to_have_count(0)
    expect(stage).to_be_visible()
    assert page.page.locator(".jp-Cell").count() == cells
    page.page.emulate_media(reduced_motion="reduce")  # nothing plays by itself any more
    expect(panel.locator(".widget-play")).to_be_hidden()
    expect(panel.get_by_role("button", name="Next")).to_be_attached()
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
    foot, picture = story.locator(".attention-foot").bounding_box(), canvas.bounding_box()
    assert picture["y"] + picture["height"] <= foot["y"] + 1
    expect(story.get_by_role("button", name="Present")).to_be_hidden()
    story.get_by_role("button", name="Leave").click()  # in the foot of another panel by now
    expect(page.page.locator(PRESENTED)).to_have_count(0)
    page.page.keyboard.press("PageDown")
    expect(story.get_by_role("status").first).to_contain_text("3 of 8")
    assert page.problems == []
