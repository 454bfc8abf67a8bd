"""A part of the site in Chromium: panels and cards, without a kernel and without the network."""

import base64
import io
import json
import os
import re
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from attention_lib import panels
from attention_lib.course.predict._ask import Card, ask_bars, ask_number
from attention_lib.course.predict._judge import Belief, Truth, read_number
from pages import build as builder
from pages import hero
from pages.cards import recorded
from pages.words import INSTEAD, WORDS
from tests.browser.lab import AXE

LOADS = 30_000  # milliseconds until a panel's data have come, on a busy machine
SHOWN = '[data-panel="{}"]'
READ = """([all, unit]) => all.map(text => {
  try { return judge.readNumber(text, unit); } catch { return null; }
})"""
ANSWERS = "name => attention.statesOf(name)"
TELEPHONE = {"width": 360, "height": 740, "is_mobile": True, "has_touch": True}
JUMPS = """() => new Promise(resolve => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => (sum += entry.value)))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(sum), 500);
})"""


# Of a site that is there already, all pages; else one of each kind.
PATHS = ["index.html", "00_start_here.html", "routes.html", "api_layers.html", "zh/index.html"]
if built := os.environ.get("PAGES_SITE"):
    found = [path.relative_to(built) for path in Path(built).rglob("*.html")]
    PATHS = sorted(str(path) for path in found if "_static" not in path.parts)


def containing(words):
    return re.compile(re.escape(words))


def alive(page, name):
    """A panel on a page, once it moves."""
    host = page.locator(SHOWN.format(name)).first
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    host.scroll_into_view_if_needed()
    expect(host).to_have_attribute("data-alive", "", timeout=LOADS)
    return host


def pixels_of(canvas):
    """What a canvas shows, (rows, columns, 3) bytes."""
    png = canvas.evaluate("canvas => canvas.toDataURL('image/png')").partition(",")[2]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))


def opened(name, line):
    """The same panel in Python."""
    if name == "hero":
        panel = hero.hero()
        panel.restore(line)
        return panel
    return panels.open_panel(line)


@pytest.mark.parametrize(("density", "scheme"), [(1, "light"), (2, "dark")])
@pytest.mark.parametrize(
    ("path", "name"),
    [("index.html", "hero"), ("00_start_here.html", "scale"), ("00_start_here.html", "pipeline")],
)
def test_a_state_is_shown_as_python_draws_and_tells_it(visit, path, name, density, scheme):
    page = visit(path, device_scale_factor=density, color_scheme=scheme)
    host = alive(page, name)
    states = page.evaluate(ANSWERS, name)
    generator = np.random.default_rng(density)

    for number in generator.choice(len(states), size=4, replace=False):
        line = states[number]
        page.evaluate("([name, line]) => attention.show(name, line)", [name, line])
        canvas = host.locator("canvas")
        expect(canvas).to_have_attribute("data-line", line)

        panel = opened(name, line)
        panel.figure.appear(density, 1, scheme == "dark")
        assert canvas.get_attribute("aria-label") == panel.figure.alt
        assert panel.preset == line
        assert np.array_equal(pixels_of(canvas), panel.figure.pixels)


def test_a_list_a_slider_and_a_button_move_the_picture(visit):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")
    canvas = host.locator("canvas")

    host.locator("select[data-key=photo]").select_option("brick")
    expect(canvas).to_have_attribute("data-line", containing("photo=brick"))

    host.get_by_role("button", name="Back").press("Enter")
    expect(canvas).not_to_have_attribute("data-line", containing("stage=8"))


def test_a_move_is_in_the_pages_address_which_brings_it_back(visit):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")
    host.locator("select[data-key=photo]").select_option("brick")
    page.wait_for_url("**#state=pipeline*")

    again = visit(page.url)

    host = again.locator(SHOWN.format("pipeline"))
    expect(host.locator("canvas")).to_have_attribute("data-line", containing("photo=brick"))


def test_a_link_to_a_state_works_on_a_page_that_is_open(visit):
    page = visit("00_start_here.html")
    canvas = alive(page, "pipeline").locator("canvas")

    page.evaluate("() => { location.hash = 'state=pipeline%20photo%3Dbrick%20stage%3D2' }")

    expect(canvas).to_have_attribute("data-line", containing("photo=brick"))


def test_a_link_to_a_state_opens_the_fold_that_the_panel_is_in(visit):
    page = visit("00_start_here.html#state=pipeline%20photo%3Dbrick%20nothing%3D1", width=390)

    canvas = page.locator(SHOWN.format("pipeline")).locator("canvas")

    expect(canvas).to_have_attribute("data-line", containing("photo=brick"), timeout=LOADS)
    expect(canvas).to_be_in_viewport()


def test_a_link_to_a_state_leads_a_walk_to_its_panel(visit):
    page = visit("routes.html#state=cost%20network%3DResNet-18")

    canvas = page.locator(SHOWN.format("cost")).locator("canvas")

    expect(canvas).to_have_attribute("data-line", containing("network=ResNet-18"), timeout=LOADS)
    expect(canvas).to_be_in_viewport()
    expect(page.locator(".attention-words")).to_contain_text("ResNet-50")


@pytest.mark.parametrize(("width", "name"), [(390, "narrow_hero"), (1280, "hero")])
def test_a_link_to_a_state_of_the_start_page_works_at_any_width(visit, width, name):
    other = {"hero": "narrow_hero", "narrow_hero": "hero"}[name]
    page = visit(f"index.html#state={other}%20photo%3Dbrick%20gates%3Drule", width=width)

    canvas = page.locator(SHOWN.format(name)).locator("canvas")

    expect(canvas).to_have_attribute("data-line", containing("photo=brick"), timeout=LOADS)


def test_a_link_to_a_state_leads_to_the_second_of_two_panels(visit, site):
    page = visit("00_start_here.html")
    text = (site / "00_start_here.html").read_text("utf-8")
    host = re.search(
        r'<div class="attention-host[^>]*data-panel="scale".*?</div></div><p [^>]*></p></div>', text
    )
    body = text.replace(host[0], host[0] * 2)
    page.route(page.url, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.reload()
    hosts = page.locator(SHOWN.format("scale"))
    hosts.nth(1).scroll_into_view_if_needed()
    expect(hosts.nth(1)).to_have_attribute("data-alive", "", timeout=LOADS)
    hosts.nth(1).locator("select[data-key=photo]").select_option("brick")
    page.wait_for_url("**&panel=2")

    page.reload()

    for number, photo in enumerate(("cat", "brick")):
        line = containing(f"photo={photo}")
        expect(hosts.nth(number).locator("canvas")).to_have_attribute("data-line", line)


@pytest.mark.parametrize(
    "asked",
    [
        "state=%E0%A4%A",
        "state=%",
        "state=nobody%20x=1",
        "state=pipeline%20zzz=4",
        "state=pipeline%20C=abc",
        'state=pipeline%20photo="\\x"',
        "state=pipeline%20photo=cat&panel=7",
        "state=pipeline%20" + "x" * 20_000,
        "cell-nothing",
    ],
)
def test_an_address_that_asks_for_nothing_known_leaves_the_page_alive(visit, asked):
    page = visit(f"00_start_here.html#{asked}")

    canvas = alive(page, "pipeline").locator("canvas")
    expect(canvas).to_have_attribute("data-line", containing("photo=cat weights=hand-made C=8"))
    expect(page.locator("[data-card] form").first).to_be_visible()


def test_an_address_that_is_changed_on_the_page_is_followed(visit):
    page = visit("00_start_here.html")
    canvas = alive(page, "pipeline").locator("canvas")

    page.evaluate("() => { location.hash = 'state=pipeline%20photo=brick'; }")
    expect(canvas).to_have_attribute("data-line", containing("photo=brick"))

    page.evaluate("() => { scrollTo(0, 0); location.hash = 'cell-panel-pipeline'; }")
    expect(page.locator(".tag_cell-panel-pipeline")).to_be_in_viewport()


def test_a_move_goes_on_from_one_whose_picture_is_still_to_come(visit):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")

    host.evaluate(
        """host => {
          const photo = host.querySelector('select[data-key=photo]');
          photo.value = 'brick';
          photo.dispatchEvent(new Event('change', { bubbles: true }));
          host.querySelector('[data-step="-1"]').click();
        }"""
    )

    expect(host.locator("canvas")).not_to_have_attribute("data-line", containing("stage=8"))
    asked = host.evaluate(
        """host => host.querySelector('canvas').dataset.line
          + (host.querySelector('.attention-note a')?.href ?? '')"""
    )
    assert re.search("photo(=|%253D)brick", asked)


def test_a_picture_that_does_not_come_is_said_and_asked_for_again(browser, address):
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/00_start_here.html")
    host = alive(page, "pipeline")
    canvas, note = host.locator("canvas"), host.locator(".attention-note")
    light = pixels_of(canvas)
    context.set_offline(True)

    page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    expect(note).to_contain_text("could not be loaded")
    context.set_offline(False)
    host.locator("select[data-key=photo]").select_option("cat")
    expect(note).to_be_empty(timeout=LOADS)

    assert pixels_of(canvas).mean() < light.mean()
    context.close()


def test_a_hand_on_the_stage_stops_the_play(visit):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")
    play = host.locator("[data-play]")
    play.click()
    expect(play).to_have_text("Pause")

    host.get_by_role("button", name="Next").click()

    expect(play).to_have_text("Play")


def test_a_channel_is_kept_below_the_channels_that_there_are(visit):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")
    box = host.get_by_label("C, channels, typed")

    box.fill("3")
    box.press("Enter")

    link = host.locator(".attention-note a")
    expect(link).to_have_attribute("href", re.compile(r"C%253D3%2520.*channel%253D2"))


def test_a_fader_goes_by_keyboard_to_the_next_gate_that_is_kept(visit):
    page = visit("index.html")
    host = alive(page, "hero")
    canvas, fader = host.locator("canvas"), host.get_by_role("slider", name="gate 0")

    fader.press("ArrowUp")
    expect(canvas).to_have_attribute("data-line", re.compile(r"gates=1\.0,"))
    fader.press("ArrowUp")
    fader.press("ArrowDown")
    expect(canvas).to_have_attribute("data-line", containing("gates=rule"))
    fader.press("ArrowDown")
    expect(canvas).to_have_attribute("data-line", re.compile(r"gates=0\.0,"))


def test_a_picture_that_is_chosen_lets_attention_set_the_gates_again(visit):
    page = visit("index.html")
    host = alive(page, "hero")
    canvas = host.locator("canvas")
    host.get_by_role("slider", name="gate 0").press("ArrowUp")
    expect(canvas).to_have_attribute("data-line", re.compile(r"gates=1\.0,"))

    host.get_by_role("radio", name="tabby cat").check()

    expect(canvas).to_have_attribute("data-line", "hero photo=cat gates=rule")
    expect(host.locator(".attention-note")).to_be_empty()


def test_a_fader_of_a_picture_whose_gates_are_not_kept_says_so(visit):
    page = visit("index.html")
    host = alive(page, "hero")
    canvas, fader = host.locator("canvas"), host.get_by_role("slider", name="gate 0")
    host.get_by_role("radio", name="leaves").check()
    expect(canvas).to_have_attribute("data-line", containing("photo=leaves"))

    fader.press("ArrowUp")

    expect(host.locator(".attention-note")).to_contain_text("nearest")
    expect(canvas).to_have_attribute("data-line", containing("photo=leaves"))


def test_the_arrow_keys_take_a_box_to_the_next_number_that_is_kept(visit):
    page = visit("00_start_here.html")
    box = alive(page, "pipeline").get_by_label("C, channels, typed")
    told = " ".join(page.evaluate(ANSWERS, "pipeline"))
    kept = sorted({int(number) for number in re.findall(r" C=(\d+)", told)})
    at = kept.index(int(box.input_value()))
    keys = ("ArrowUp", "ArrowDown") if at == 0 else ("ArrowDown", "ArrowUp")
    assert len(kept) > 1

    box.press(keys[0])
    expect(box).to_have_value(str(kept[1 if at == 0 else at - 1]))
    box.press(keys[1])
    expect(box).to_have_value(str(kept[at]))


@pytest.mark.parametrize("typed", ["", "3"])
def test_a_box_shows_the_number_of_the_picture_beside_it(visit, typed):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")
    box = host.get_by_label("C, channels, typed")
    box.fill(typed)
    box.press("Enter")
    expect(box).not_to_have_value(typed)

    shown = re.compile(rf"C={box.input_value()} ")
    expect(host.locator("canvas")).to_have_attribute("data-line", shown)


def test_a_walk_goes_through_all_its_steps_and_back(visit):
    page = visit("routes.html")
    story = page.locator(".attention-story")
    story.scroll_into_view_if_needed()
    shown = story.locator(".attention-host:visible")
    expect(shown).to_have_attribute("data-alive", "", timeout=LOADS)
    steps = json.loads(story.get_attribute("data-steps"))

    for at, (line, words) in enumerate(steps[1:], start=2):
        story.get_by_role("button", name="Next").first.click()
        expect(story.locator(".attention-words")).to_have_text(f"{at} of {len(steps)} {words}")
        expect(shown).to_have_attribute("data-panel", line.split()[0])
        expect(shown).to_have_attribute("data-alive", "", timeout=LOADS)
        for word in re.findall(r"(?:photo|stage|r)=\S+", line):
            expect(shown.locator("canvas")).to_have_attribute("data-line", containing(word))

    story.get_by_role("button", name="Back").first.click()
    expect(story.locator(".attention-words")).to_contain_text(f"{len(steps) - 1} of")


def test_what_is_read_out_is_the_alternative_text_at_rest(visit):
    page = visit("index.html")
    host = alive(page, "hero")

    host.get_by_role("radio", name="tabby cat").check()

    expect(host.locator(".attention-voice")).to_contain_text("tabby cat")


def test_of_two_states_of_the_same_numbers_the_one_that_was_asked_for_is_shown(visit):
    page = visit("00_start_here.html")
    canvas = alive(page, "scale").locator("canvas")
    states = page.evaluate(ANSWERS, "scale")
    opened_at = next(line for line in states if line.endswith(f"gates={','.join(['1.0'] * 8)}"))

    for line in (states[0], opened_at):
        page.evaluate("line => attention.show('scale', line)", line)
        expect(canvas).to_have_attribute("data-line", line)


def test_what_is_not_kept_snaps_to_the_nearest_and_links_to_the_notebook(visit):
    page = visit("00_start_here.html")
    host = alive(page, "pipeline")
    box = host.get_by_label("C, channels, typed")

    box.fill("9")
    box.press("Enter")

    expect(host.locator(".attention-note")).to_contain_text("nearest")
    link = host.locator(".attention-note a").get_attribute("href")
    assert re.match(r"https://mybinder\.org/v2/gh/[^/]+/[^/]+/HEAD\?urlpath=", link)
    assert "00_start_here.ipynb" in link
    assert "C%253D9" in link


def test_a_card_tells_nothing_before_the_commitment_and_judges_as_the_kernel_does(visit):
    page = visit("00_start_here.html")
    card = page.locator("[data-card]").first
    expect(card.locator("form")).to_be_visible()
    assert "green" not in card.inner_text()

    card.get_by_role("textbox").fill("zero")
    card.get_by_role("button", name="Commit").click()

    expect(card.locator(".predict-reply")).to_contain_text("A common answer.")
    expect(page.locator(".tag_hide-cell details").first).to_have_attribute("open", "")


def test_every_kind_of_card_can_be_answered(visit):
    page = visit("00_start_here.html")
    kinds = {"number": "two", "note": "the last four", "bars": None, "choice": None}
    for kind, answer in kinds.items():
        card = page.locator("[data-card]").filter(has=page.locator(f".predict-{kind}")).first
        if answer:
            card.get_by_role("textbox").fill(answer)
        elif kind == "bars":
            card.get_by_role("slider").first.press("ArrowRight")
        else:
            card.get_by_role("radio").first.check()
        card.get_by_role("button", name="Commit").click()
        expect(card.locator(".predict-reply")).to_have_attribute(
            "data-kind", re.compile("right|near|belief|other" if kind != "note" else "noted")
        )


def test_sketches_get_the_replies_of_the_judge(visit):
    beliefs = (
        Belief([0.5, 0.5, 0.5, 0.5], "Half is no answer."),
        Belief(
            [0.9, 0.6, 0.3, 0.0], "Falling.", when=lambda sketch: bool(np.all(np.diff(sketch) < 0))
        ),
        Belief([1.0] * 4, "Open.", when=lambda sketch: bool(sketch.min() >= 0.5)),
    )
    truth = Truth([0.1, 0.9, 0.4, 0.6], "It is so.", beliefs, otherwise="Look again.")
    names = ("first", "second", "third", "fourth")
    asked = ask_bars("How far?", names, margin=0.1)
    question, card = asked(lambda: truth), recorded(Card(asked(lambda: truth)))
    page = visit("00_start_here.html")
    generator = np.random.default_rng(0)
    near = np.array(truth.value) + generator.uniform(-0.3, 0.3, (60, 4)) * [1, 0.4, 0.4, 0.4]
    sketches = [*near.clip(0, 1), *generator.uniform(0, 1, (20, 4)), beliefs[0].value, truth.value]
    sketches += [[0.95, 0.7, 0.3, 0.05], [0.5, 0.8, 0.55, 1.0]]

    replies = []
    for sketch in (np.round(np.multiply(sketches, 20)) / 20).tolist():  # as the sliders stand
        said = page.evaluate("([card, sketch]) => judge.bars(card, sketch)", [card, sketch])
        reply = question.judge(sketch)
        replies.append(reply)
        assert (said["kind"], said["words"]) == (reply.kind, reply.words), sketch

    assert {reply.kind for reply in replies} == {"right", "near", "belief", "other"}
    assert {belief.words for belief in beliefs} <= {reply.words for reply in replies}


@pytest.mark.parametrize("path", ["00_start_here.html", "zh/00_start_here.html"])
def test_a_page_links_to_the_same_cell_in_the_other_language(visit, path):
    page = visit(path)
    alive(page, "pipeline")
    cell = page.locator(".tag_cell-panel-pipeline")
    cell.evaluate("cell => cell.scrollIntoView()")

    page.locator(".attention-language").evaluate("link => link.click()")

    other = "00_start_here.html" if path.startswith("zh/") else "zh/00_start_here.html"
    page.wait_for_url(f"**/{other}#cell-panel-pipeline")
    expect(page.locator("html")).to_have_attribute(
        "lang", re.compile("zh" if other.startswith("zh/") else "en")
    )
    expect(cell).to_be_in_viewport()
    alive(page, "pipeline")


@pytest.mark.parametrize(("folder", "language"), [("", "en"), ("zh/", "zh-CN")])
def test_a_page_leads_to_the_cheat_sheet_in_its_language(visit, site, folder, language):
    page = visit(f"{folder}routes.html")

    link = page.get_by_role("link", name=re.compile("cheat sheet|速查表")).first

    sheet = (site / folder / link.get_attribute("href")).read_text("utf-8")
    assert f'<html lang="{language}">' in sheet


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_page_keeps_within_its_width_and_stands_still(visit, path, width):
    page = visit(path, width=width)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate(JUMPS) < 0.1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_keeps_anybody_out(visit, path, scheme):
    page = visit(path, color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    page.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))

    assert page.evaluate(AXE, [{"include": [["html"]]}, None]) == []


def test_a_narrow_page_has_a_hero_of_its_own(visit):
    page = visit("index.html", width=360)

    expect(page.locator(SHOWN.format("narrow_hero"))).to_be_visible()
    expect(page.locator(SHOWN.format("hero"))).to_be_hidden()
    assert alive(page, "narrow_hero").locator("canvas").bounding_box()["width"] <= 344


def test_without_scripts_every_picture_and_question_is_there(visit):
    page = visit("00_start_here.html", java_script_enabled=False)

    expect(page.locator("[data-panel=scale] img.attention-light")).to_have_attribute(
        "alt", containing("tabby cat, 8 channels")
    )
    expect(page.locator("[data-card]").first).to_contain_text("The cat is ginger.")
    grey = "rgb(209, 213, 218)"
    expect(page.locator("[data-panel=scale]").first).to_have_css("border-top-color", grey)
    expect(page.locator("[data-panel=scale] button, [data-panel=scale] select")).to_have_count(5)
    expect(page.locator("[data-panel=scale] :is(button, select):visible")).to_have_count(0)


@pytest.mark.parametrize("folder", ["", "zh/"])
def test_a_message_that_links_to_a_page_has_a_picture_and_words_to_show(site, folder):
    page = (site / folder / "00_start_here.html").read_text("utf-8")
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]+)"', page))

    picture = told["image"].removeprefix(f"https://somebody.github.io/attention/{folder}")
    assert (site / folder / picture).is_file()
    assert all(told[key] for key in ("title", "description"))


def test_a_picture_keeps_its_shape_on_a_telephone(visit):
    page = visit("00_start_here.html", width=360)
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    charts = page.locator(".attention-scroll > img:visible")

    shapes = charts.evaluate_all(
        """all => all.map(e => {
          const told = (side) => Number(e.getAttribute(side));
          return e.clientWidth / e.clientHeight - told('width') / told('height');
        })"""
    )

    assert len(shapes) > 2
    assert shapes == pytest.approx([0] * len(shapes), abs=0.01)


@pytest.mark.parametrize("path", ["index.html", "00_start_here.html"])
def test_a_projector_shows_panels_whole_and_pictures_sharp(visit, path):
    page = visit(path, width=1920, height=1080)
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    pictures = page.locator(".attention-scroll :is(img, canvas):visible")
    page.evaluate("() => [...document.images].forEach(each => (each.loading = 'eager'))")
    page.wait_for_function("() => [...document.images].every(each => each.complete)")

    frames = page.locator(".attention-scroll:visible")
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).length"
    assert frames.evaluate_all(cut) == 0
    blurred = """all => all.filter(e =>
      (e.naturalWidth || e.width) < e.getBoundingClientRect().width).map(e => e.outerHTML)"""
    assert pictures.count() > 0
    assert pictures.evaluate_all(blurred) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_light_pictures_and_code_but_no_answers(visit, scheme):
    page = visit("00_start_here.html", color_scheme=scheme)
    canvas = alive(page, "scale").locator("canvas")
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = false)")
    code, check = page.locator("pre", has_text="import numpy"), page.locator("details:not(.hide) p")

    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    expect(code).to_be_visible()
    expect(page.locator("details.hide > .cell_input").first).to_have_css("animation-name", "none")
    expect(check.first).to_be_hidden()
    expect(page.locator(".tag_hide-cell img").first).to_be_hidden()
    expect(page.locator("pre", has_text="def solution").first).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    white = pixels_of(canvas)[0, 0].min() > 200 if canvas.is_visible() else False
    still = page.locator("[data-panel=scale] img.attention-light").first
    assert white != still.is_visible()

    page.emulate_media(media="screen")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(code).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)


def test_the_keyboard_finds_controls_before_their_data(visit):
    page = visit("00_start_here.html")
    host = page.locator(SHOWN.format("scale")).first
    assert host.get_attribute("data-alive") is None

    host.locator("select").focus()

    expect(host.locator("select")).to_be_focused()
    expect(host).to_have_attribute("data-alive", "", timeout=LOADS)


def test_a_fold_is_called_what_is_written_on_it(visit):
    page = visit("00_start_here.html")

    expect(page.locator("details.hide > summary").first).to_have_accessible_name("Show the code")
    solution = page.locator("details", has_text="def solution").first.locator("summary")
    expect(solution).to_have_accessible_name("Show a solution")


def swipe(page, part, across, down):
    """A finger goes over the screen, from the middle of a part of the page."""
    part.evaluate("each => each.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = part.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    for step in range(11):
        place = {"x": x + across * step / 10, "y": y + down * step / 10}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
        page.wait_for_timeout(16)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_that_scrolls_from_a_slider_leaves_it_as_it_is(visit):
    page = visit("00_start_here.html", **TELEPHONE)
    host = alive(page, "scale")
    canvas, frame = host.locator("canvas"), host.locator(".attention-scroll")
    before = canvas.get_attribute("data-line")
    fader = host.locator("[data-fader]").nth(1)

    swipe(page, fader, -80, 0)
    page.wait_for_function("frame => frame.scrollLeft > 20", arg=frame.element_handle())
    expect(fader).to_have_js_property("value", "1")
    for slider in (
        host.locator("input[type=range][data-key=C]"),
        page.locator(".predict-bars input[type=range]").first,
    ):
        value = slider.input_value()
        swipe(page, slider, 0, -120)
        expect(slider).to_have_js_property("value", value)
    expect(canvas).to_have_attribute("data-line", before)


def test_a_finger_moves_sliders_and_faders(visit):
    page = visit("00_start_here.html", **TELEPHONE)
    host = alive(page, "scale")
    canvas = host.locator("canvas")

    before = canvas.get_attribute("data-line")
    swipe(page, host.locator("[data-fader]").nth(1), 0, -30)
    expect(canvas).not_to_have_attribute("data-line", before)
    slider = host.locator("input[type=range][data-key=C]")
    to_the_other_end = -1 if int(slider.input_value()) else 1
    swipe(page, slider, to_the_other_end * slider.bounding_box()["width"] / 2, 0)
    expect(canvas).not_to_have_attribute("data-line", containing("C=8 "))
    sketched = page.locator(".predict-bars input[type=range]").first
    swipe(page, sketched, 30, 0)
    assert float(sketched.input_value()) > 0.5


@pytest.mark.parametrize("path", PATHS)
def test_a_finger_hits_what_it_presses_and_no_box_enlarges_the_page(visit, path):
    page = visit(path, **TELEPHONE)
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    parts = page.locator(".bd-main :is(select, input, button, summary):visible")

    found = parts.evaluate_all(
        """all => all.map(each => {
          const ticked = ['checkbox', 'radio'].includes(each.type);
          const { width, height } = (ticked ? each.closest('label') : each).getBoundingClientRect();
          const typed = each.matches('select, [type=text], [type=number]');
          const letters = typed ? parseFloat(getComputedStyle(each).fontSize) : 16;
          return [each.outerHTML, width, height, letters];
        })"""
    )

    assert [part for part in found if min(part[1:3]) < 24 or part[3] < 16] == []


def test_what_is_cut_at_the_right_says_so_until_its_end(visit):
    page = visit("00_start_here.html", **TELEPHONE)
    frame = alive(page, "scale").locator(".attention-scroll")

    expect(frame).to_have_class(containing("attention-more"))
    frame.evaluate("frame => (frame.scrollLeft = frame.scrollWidth)")
    expect(frame).not_to_have_class(containing("attention-more"))


def test_nothing_is_cut_where_there_is_room(visit):
    page = visit("00_start_here.html")
    alive(page, "scale")

    expect(page.locator(".attention-more")).to_have_count(0)


@pytest.mark.parametrize("path", ["00_start_here.html", "zh/index.html"])
def test_the_list_of_pages_opens_on_a_telephone_and_leads_to_them(visit, path):
    page = visit(path, **TELEPHONE)
    page.wait_for_load_state("networkidle")

    page.locator(".primary-toggle:visible").tap()
    page.get_by_role("dialog").locator("a[href='routes.html']").tap()

    expect(page).to_have_url(containing("routes.html"))


def test_the_buttons_of_a_walk_stay_under_the_finger(visit):
    page = visit("routes.html", **TELEPHONE)
    story = page.locator(".attention-story")
    story.scroll_into_view_if_needed()
    expect(story.locator(".attention-words")).to_contain_text("1 of")
    button = story.get_by_role("button", name="Next").first

    def places():
        top = story.bounding_box()["y"]
        words = story.locator(".attention-words").bounding_box()
        return round(button.bounding_box()["y"] - top), round(words["height"])

    seen = {places()}
    for at in range(2, len(json.loads(story.get_attribute("data-steps"))) + 1):
        button.tap()
        expect(story.locator(".attention-words")).to_contain_text(f"{at} of")
        seen.add(places())
    assert len(seen) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_is_light_or_dark_as_the_page_is(visit, scheme):
    page = visit("00_start_here.html", color_scheme=scheme)

    for look in ("light", "dark"):
        chart = page.locator(f".cell_output > .output img[src^=pictures].attention-{look}").first
        expect(chart).to_be_visible(visible=look == scheme)
        expect(chart).to_have_attribute("alt", containing("tabby cat"))
        for name, value in {"background-color": "rgba(0, 0, 0, 0)", "filter": "none"}.items():
            expect(chart).to_have_css(name, value)


def test_a_move_made_before_the_data_have_come_is_made_then(visit):
    page = visit("index.html")
    page.route("**/answers.js", lambda route: page.wait_for_timeout(2500) or route.continue_())
    page.reload(wait_until="domcontentloaded")
    host = page.locator(SHOWN.format("hero"))
    host.get_by_role("radio", name="brick wall").check()

    expect(host.locator(".attention-note")).to_have_text(
        "This panel moves as soon as its data have come."
    )
    expect(host.locator("canvas")).to_have_attribute("data-line", containing("photo=brick"))
    expect(host.get_by_role("radio", name="brick wall")).to_be_checked()
    expect(host.locator(".attention-note")).to_have_text("")


def test_a_browser_that_is_too_old_keeps_pictures_and_questions_and_says_so(visit):
    page = visit("00_start_here.html")
    page.add_init_script("delete window.DecompressionStream")
    page.reload()

    for part in (".attention-panel", "[data-card]"):
        expect(page.locator(part).first).to_contain_text("needs a browser from May 2023 or later")
    expect(page.locator("[data-panel=scale] img.attention-light").first).to_be_visible()
    expect(page.locator("[data-card]").first).to_contain_text("The cat is ginger.")


def test_the_site_runs_from_its_folder(visit, site):
    page = visit((site / "index.html").as_uri())
    host = alive(page, "hero")

    host.get_by_role("radio", name="brick wall").check()

    expect(host.locator("canvas")).to_have_attribute("data-line", containing("photo=brick"))


def test_reduced_motion_has_no_play(visit):
    page = visit("00_start_here.html", reduced_motion="reduce")

    expect(alive(page, "pipeline").locator("[data-play]")).to_be_hidden()


def test_exercises_say_that_they_need_the_notebook(visit):
    page = visit("00_start_here.html")

    needs = page.locator(".attention-needs").first
    expect(needs).to_contain_text("needs the notebook")
    href = needs.get_by_role("link", name="download it").get_attribute("href")
    assert href == "00_start_here.ipynb"


@pytest.mark.parametrize("path", PATHS)
def test_links_within_the_site_lead_somewhere(site, path):
    page = site / path
    for link in re.findall(r'<a [^>]*href="([^":]*)"', page.read_text("utf-8")):
        where, _, name = link.partition("#")
        target = page.parent / where if where else page
        assert target.exists(), link
        if name and not name.endswith(".ipynb"):  # a notebook that a part of the site has not
            assert f'id="{unquote(name)}"' in target.read_text("utf-8"), link


@pytest.mark.parametrize(("path", "language"), [("00_start_here", "en"), ("zh/routes", "zh")])
def test_a_page_does_not_speak_as_if_it_were_the_notebook(site, path, language):
    page = (site / f"{path}.html").read_text("utf-8")

    assert [
        each for each in (*INSTEAD[language], "Shift", "Look again") if re.search(each, page)
    ] == []


def test_the_start_page_writes_no_stars(visit):
    assert "*" not in visit("index.html").locator("article").inner_text()


def test_a_page_holds_no_widgets_of_a_kernel(site):
    page = (site / "00_start_here.html").read_text("utf-8")

    assert "widget-state" not in page
    assert "cdn" not in page.lower()


@pytest.fixture
def somewhere(tmp_path, monkeypatch):
    """Sources of a site that is up to date."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.py").write_text("1")
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    site = tmp_path / "build"
    site.mkdir()
    (site / "made_from.txt").write_text(builder.fingerprint() + "\n")
    return tmp_path, site


def test_a_site_made_from_these_sources_has_no_problem(somewhere):
    _, site = somewhere

    assert builder.problem(site) == ""


@pytest.mark.parametrize("change", ["changed", "added", "renamed"])
def test_a_site_that_is_older_than_its_sources_says_so(somewhere, change):
    folder, site = somewhere
    path = folder / "pages" / "one.py"
    if change == "changed":
        path.write_text("2")
    elif change == "added":
        (folder / "pages" / "two.py").write_text("")
    else:
        path.rename(folder / "pages" / "three.py")

    assert "is older than its sources. Run `make pages`." in builder.problem(site)


def test_what_work_leaves_behind_makes_no_site_old(somewhere):
    folder, site = somewhere
    (folder / "pages" / "attention_progress.txt").write_text("2026-01-01 exercise rule")
    (folder / "pages" / ".ipynb_checkpoints").mkdir()
    (folder / "pages" / ".ipynb_checkpoints" / "one.ipynb").write_text("{}")

    assert builder.problem(site) == ""


def test_no_site_is_told_as_well(tmp_path):
    assert "There must be a site" in builder.problem(tmp_path)


def test_what_is_no_number_gets_the_words_of_the_judge(visit):
    asked = ask_number("How much?", within=0.05)
    question = asked(lambda: Truth(0.25, "It is so."))
    card = recorded(Card(asked(lambda: Truth(0.25, "It is so."))))
    typed = ["", " . ", "cats", "１2(", "0/0", "1e400-1e400", "9" * 81, "x" * 10_000, "😀" * 50]
    page = visit("index.html")

    for text in typed:
        said = page.evaluate("([card, text]) => judge.number(card, text)", [card, text])
        reply = question.judge(text)
        assert (said["kind"], said["words"]) == (reply.kind, reply.words), text


def test_numbers_are_read_as_the_kernel_reads_them(visit):
    typed = [
        "3,136", "0,5", "1/4", "24*6+6", "50 %", "half", "two", "about 7", "16 numbers", "2^3",
        "−3", "2 x 3", "(1+2)*3", "1e3", "7.", "１２", "1 000 000", "2**-1", "-2**2", "7//2", "=4",
        "two cats", "abc", "1/0", "..", "3 4", "", "约 7", "一半", "三", "16 个", "五零",
        "二分之一", "八分之一", "007", "00.5", "1_000", "٣", "३", "(-8)**0.5", "0/0", ".*5", "2^-1",
        "两", "两张", "三个", "十次", "两个单元", "一个也没有", "个",
    ]  # fmt: skip
    page = visit("00_start_here.html")
    for unit in ("", "%"):
        read = page.evaluate(READ, [typed, unit])
        for text, found in zip(typed, read, strict=True):
            try:
                wanted = read_number(text, unit)
            except ValueError:
                assert found is None or not np.isfinite(found), text
            else:
                assert found == pytest.approx(wanted), text


def test_a_notebook_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"Received: 99_nothing\. Choose from .*00_start_here"):
        builder.build(tmp_path, ["00_start_here", "99_nothing"])

    assert list(tmp_path.iterdir()) == []


def test_the_controls_of_a_chinese_page_are_chinese(visit):
    page = visit("zh/00_start_here.html")
    host = alive(page, "pipeline")

    host.locator("label", has_text="照片").locator("select").select_option(label="砖墙")
    expect(host.locator("canvas")).to_have_attribute("data-line", containing("photo=brick"))
    host.get_by_role("button", name="播放").click()
    expect(host.get_by_role("button", name="暂停")).to_be_visible()
    host.get_by_label("C，通道数，输入").fill("9")
    host.get_by_label("C，通道数，输入").press("Enter")
    expect(host.locator(".attention-note")).to_contain_text("这是离你要的最近的一个。")
    expect(host.locator(".attention-note a")).to_have_text("在笔记本里打开你要的那个状态")

    host.get_by_text("图里的英文").click()
    expect(host.locator("details")).to_contain_text("feature maps 特征图")


def test_no_word_of_the_site_or_its_theme_stays_english_on_a_chinese_page(site):
    for path in (site / "zh").glob("*.html"):
        page = path.read_text("utf-8")
        named = re.findall(r'\b(?:aria-label|title|placeholder)="([^"]+)"', page)
        known = r"^[-\w]*$|English|\b(relu|swish|sigmoid)\b|ECA|SE|^[γbkr]，"
        assert [w for w in named if w.isascii() and not re.search(known, w)] == [], path.name
        assert "System Settings" not in page


def test_all_words_that_a_script_or_a_panel_has_in_chinese_stand_there():
    """Else an English word has been changed, and its Chinese is lost."""
    sources = "".join(
        path.read_text("utf-8")
        for name in ("hosts.py", "start.py", "hero.py", "static/host.js")
        for path in [builder.HERE / name]
    )
    scale = "Set every gate to "  # its numbers come in
    words = [word for word in WORDS["zh"]["more"] if not word.startswith(scale)]
    assert [word for word in words if word not in sources] == []


def test_a_chinese_word_is_found_with_its_place_in_the_text(visit):
    page = visit("zh/search.html?q=压缩")

    found = page.locator("#search-results li")
    expect(found.first).to_be_visible()
    expect(found.filter(has_text="从这里开始").locator("p")).to_contain_text("电平表（压缩）")
    expect(page.locator("#search-results")).not_to_contain_text("跟随系统")


def test_a_tablet_shows_a_panel_whole(visit):
    page = visit("00_start_here.html", width=768)

    frame = alive(page, "pipeline").locator(".attention-scroll")

    assert frame.evaluate("frame => frame.scrollWidth - frame.clientWidth") <= 1


def test_no_star_of_a_question_is_on_a_start_page(site):
    for path in (site / "index.html", site / "zh" / "index.html"):
        series = re.search(
            r'<ol class="attention-series".*?</ol>', path.read_text("utf-8"), re.DOTALL
        )
        assert "*" not in series[0]
