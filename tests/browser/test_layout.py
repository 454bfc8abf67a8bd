"""Nothing is cut off and nothing lies over anything else, at the sizes that people have."""

from playwright.sync_api import expect

from tests.browser import layout
from tests.browser.lab import SHUT_DOWN
from tests.browser.layout import SIZES

# In one cell, as JupyterLab lays out only those that are near the page.
CARDS = """from attention_lib.course import predict
display(predict.gates_of_the_cat())
display(predict.scaled_shape())
display(predict.one_bright_pixel())
display(predict.note("How far will the *cat's* gates open?"))"""
SKETCH = "from attention_lib.course import predict\npredict.gates_of_the_cat()"
TABLES = """from attention_lib import costs
from attention_lib.course import memory, museum, progress_table
display(progress_table.show_progress())
display(memory.show_memory())
display(museum.table())
display(costs.table('SE', 'Table 10'))"""
BARS = ".predict-bar"
TABLE = (
    ".attention-progress, .attention-memory, "
    ".jp-RenderedHTML:has(table):not(:has(.attention-still))"  # which stands in for a live one
)
EDGE = """element => {
  const { borderStyle, borderWidth, outlineStyle, outlineWidth } = getComputedStyle(element);
  const seen = [[borderStyle, borderWidth], [outlineStyle, outlineWidth]];
  return Math.max(...seen.map(([style, width]) => (style === "none" ? 0 : parseFloat(width))));
}"""
REACH = """element => {
  const { outlineWidth, outlineOffset } = getComputedStyle(element);
  return parseFloat(outlineWidth) + parseFloat(outlineOffset);
}"""
SIDEWAYS = "frame => frame.scrollWidth - frame.clientWidth"
FILL = "bar => getComputedStyle(bar, '::before').backgroundColor"


def committed(card):
    """Answer a card, in whatever way it wants."""
    if (sliders := card.get_by_role("slider")).count():
        sliders.first.press("ArrowRight")
    elif (options := card.get_by_role("radio")).count():
        options.first.check()
    else:
        card.get_by_role("textbox").fill("1/3")
    card.get_by_role("button", name="Commit").click()
    expect(card.locator(".predict-reply")).not_to_be_empty()


def faults(frame):
    return [*layout.cut_off(frame), *layout.covered(frame)]


def rows_off(card):
    """How far the sliders, names and numbers of a sketch stand from their bars, at most."""
    bars = layout.middles(card.locator(BARS))
    parts = {
        "sliders": layout.middles(card.get_by_role("slider")),
        "left": bars[0::2],
        "right": bars[1::2],
    }
    assert len({len(row) for row in parts.values()}) == 1
    return max(max(row) - min(row) for row in zip(*parts.values(), strict=True))


def test_cards_are_whole_at_every_size(show):
    page = show(CARDS)
    cards = page.page.locator(".attention-predict")
    expect(cards).to_have_count(4)
    before = None
    for committing in (False, True):
        for card in cards.all() if committing else ():
            committed(card)
        for name, size in SIZES.items():
            layout.resize(page.page, size, before)
            before = size
            found = {i: faults(card) for i, card in enumerate(cards.all()) if faults(card)}
            assert not found, f"{name}: {found}"
            if not committing:
                assert rows_off(cards.first) <= 2, name
            for card in cards.all():
                assert layout.holds(card, card.get_by_role("button")), name


def test_no_card_moves_when_its_kernel_goes(show):
    page = show(CARDS)
    cards = page.page.locator(".attention-predict")
    expect(cards).to_have_count(4)
    for card in cards.all()[1:]:
        committed(card)
    boxes = {}
    for name in ("390", "1366"):
        layout.resize(page.page, SIZES[name])
        boxes[name] = [card.bounding_box() for card in cards.all()]
    page.page.evaluate(SHUT_DOWN)
    for name in reversed(boxes):
        layout.resize(page.page, SIZES[name])
        for card in cards.all():
            expect(card.get_by_text("The kernel is gone. Run this cell again.")).to_be_visible()
            assert not faults(card), name
        assert [card.bounding_box() for card in cards.all()] == boxes[name]


def test_in_forced_colours_tracks_handles_buttons_and_focus_are_seen(show):
    page = show(SKETCH)
    page.page.emulate_media(forced_colors="active")
    card = page.page.locator(".attention-predict")
    slider, button = card.get_by_role("slider").first, card.get_by_role("button")
    slider.press("End")
    slider.press("ArrowLeft")
    focused = card.screenshot()
    slider.blur()
    blurred = card.screenshot()
    assert focused != blurred
    for part in (*card.locator(BARS).all(), button):
        assert part.evaluate(EDGE) >= 1
    bar = card.locator(BARS).first
    assert bar.evaluate(FILL) != bar.evaluate("bar => getComputedStyle(bar).backgroundColor")
    slider.evaluate("slider => (slider.style.visibility = 'hidden')")
    assert card.screenshot() != blurred  # without its handle
    button.focus()
    assert button.evaluate(EDGE) >= 3


def test_tables_are_whole_at_every_size(show):
    page = show(TABLES)
    frames = page.page.locator(TABLE)
    expect(frames).to_have_count(4)
    before = None
    for name, size in SIZES.items():
        layout.resize(page.page, size, before)
        before = size
        found = {i: faults(frame) for i, frame in enumerate(frames.all()) if faults(frame)}
        assert not found, f"{name}: {found}"
        assert frames.first.evaluate(SIDEWAYS) == 0, name


def test_a_walk_is_whole_at_every_size(show):
    page = show("from attention_lib.course import story", "story.show_story('width')")
    walk = page.page.locator(".attention-story")
    before = None
    for name, size in SIZES.items():
        layout.resize(page.page, size, before)
        before = size
        assert not faults(walk), f"{name}: {faults(walk)}"
        words = walk.locator(".attention-words").bounding_box()
        assert words["width"] > 0.5 * walk.bounding_box()["width"], name


def test_a_focused_handle_leaves_its_label_free_and_no_button_is_nameless(show):
    page = show("from attention_lib import panels", "panels.show_pipeline(photo='brick')")
    panel = page.page.locator(".attention-panel")
    controls = panel.locator(".attention-control:has(.noUi-horizontal)")
    assert controls.count()
    for control in controls.all():
        handle, label = control.get_by_role("slider"), control.locator(".widget-label").first
        handle.press("Home")
        outline = handle.evaluate(REACH)
        words, left = label.bounding_box(), handle.bounding_box()["x"]
        assert words["x"] + words["width"] <= left - outline, label.inner_text()
    for button in panel.locator("button").all():
        name = button.get_attribute("aria-label") or button.inner_text()
        assert name not in ("", "undefined")
    assert page.problems == []
