"""The live figure: what the page has painted is the picture, though only parts of it are sent."""

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from PIL import Image, ImageColor

from attention_lib.figures import theme
from attention_lib.figures.live import LiveFigure, Scene
from attention_lib.figures.theme import page

WIDTH, HEIGHT = 300, 120


class Boxes(Scene):
    """Two boxes that move apart on a page with a border; the state is (x, y, layout)."""

    def __init__(self):
        self.built = 0

    def layout(self, state):
        return state[2]

    def build(self, figure, theme, state):
        self.built += 1
        paper = page(figure, theme)
        paper.add_patch(Rectangle((5, 5), 290, 110, fill=False, edgecolor=theme.quiet))
        colours = (theme.accent, 2), (theme.bar, 1)
        self.boxes = [Rectangle((0, 0), 20, 10, color=c, zorder=zorder) for c, zorder in colours]
        if state[2] == "broken":
            raise RuntimeError("no such layout")
        return [paper.add_patch(box) for box in self.boxes]

    def update(self, state):
        x, y, _ = state
        self.boxes[0].set_xy((x, y))
        self.boxes[1].set_xy((280 - x, 100 - y))
        if x < 0:
            raise ValueError("off the page")
        return f"boxes at {x}, {y}"


class Page:
    """What the page's script does with the frames of a figure."""

    def __init__(self, figure):
        self.frames, self.canvas = [], None
        self.paint(figure.frame)
        figure.observe(lambda change: self.paint(change.new), "frame")

    def paint(self, frame):
        self.frames.append(frame)
        if self.canvas is None and not frame["whole"]:
            return  # parts mean nothing before the first whole picture
        if frame["whole"]:
            self.canvas = Image.new("RGB", (frame["width"], frame["height"]), "magenta")
        pixels = zlib.decompress(frame["pixels"])
        for x, y, width, height in frame["places"]:
            part, pixels = pixels[: 4 * width * height], pixels[4 * width * height :]
            self.canvas.paste(Image.frombytes("RGBA", (width, height), part), (x, y))
        assert not pixels

    @property
    def sent_pixels(self):
        """How many pixels the last frame held."""
        return sum(width * height for _, _, width, height in self.frames[-1]["places"])


def picture(png):
    return Image.open(io.BytesIO(png)).convert("RGB")


def same(image, other):
    return np.array_equal(np.asarray(image), np.asarray(other))


def made(x=10, y=20, layout="plain"):
    figure = LiveFigure(Boxes(), (x, y, layout), width=WIDTH, height=HEIGHT)
    return figure, Page(figure)


def tell(figure, **content):
    figure._on_message(figure, content, [])


def test_the_first_frame_is_the_whole_picture():
    figure, shown = made()
    assert shown.frames[0]["whole"]
    assert (shown.frames[0]["width"], shown.frames[0]["height"]) == (WIDTH, HEIGHT)
    assert same(shown.canvas, picture(figure.png()))
    assert shown.canvas.getpixel((20, 25)) == ImageColor.getrgb(theme.LIGHT.accent)
    assert shown.canvas.getpixel((150, 60)) == (255, 255, 255)


def test_what_moves_is_drawn_in_its_order():
    _, shown = made(x=140, y=50)  # one box on the other
    assert shown.canvas.getpixel((150, 55)) == ImageColor.getrgb(theme.LIGHT.accent)


moves = st.lists(
    st.tuples(st.floats(0, 280), st.floats(0, 110), st.sampled_from(["plain", "plain", "other"])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(moves)
def test_parts_add_up_to_the_whole_picture_after_any_moves(moves):
    figure, shown = made()
    for state in moves:
        figure.show(state)
        assert same(shown.canvas, figure.pixels)
    fresh = LiveFigure(Boxes(), moves[-1], width=WIDTH, height=HEIGHT)
    assert same(shown.canvas, fresh.pixels)


def test_only_what_moved_is_sent():
    figure, shown = made()
    figure.show((24, 20, "plain"))
    assert not shown.frames[-1]["whole"]
    assert len(shown.frames[-1]["places"]) == 2
    assert shown.sent_pixels <= 2 * (20 + 14 + 2) * (10 + 2)
    figure.show((24, 20, "plain"))
    assert shown.frames[-1]["places"] == []


def test_changes_that_lie_side_by_side_are_apart():
    figure, shown = made(x=20, y=50)  # the boxes stand in one band of rows
    figure.show((34, 50, "plain"))
    left, right = sorted(x for x, _, _, _ in shown.frames[-1]["places"])
    assert right - left > 150


def test_what_stands_still_is_drawn_again_only_where_the_layout_changes():
    figure, shown = made()
    for x in range(30):
        figure.show((x, 20, "plain"))
    assert figure.scene.built == 1
    figure.show((30, 20, "other"))
    assert figure.scene.built == 2
    assert shown.frames[-1]["whole"]


def test_frames_are_numbered_and_carry_the_alternative_text():
    figure, shown = made()
    figure.show((50, 60, "plain"))
    assert figure.alt == shown.frames[-1]["alt"] == "boxes at 50, 60"
    assert [frame["number"] for frame in shown.frames] == [1, 2]
    assert figure.sent == 2


def test_there_is_one_figure_however_many_moves():
    figure, _ = made()
    first, artists = figure.figure, len(figure.figure.findobj())
    for x in range(60):
        figure.show((x, 20, "other" if x % 20 == 10 else "plain"))
    assert figure.figure is first
    assert len(first.findobj()) == artists


@pytest.mark.parametrize("state", [(-1, 0, "plain"), (-1, 0, "other"), (10, 20, "broken")])
def test_an_error_keeps_the_last_picture(state):
    figure, shown = made()
    before, frames = figure.png(), len(shown.frames)
    with pytest.raises((ValueError, RuntimeError), match=r"off the page|no such layout"):
        figure.show(state)
    assert figure.png() == before
    assert figure.alt == "boxes at 10, 20"
    assert len(shown.frames) == frames
    tell(figure, scale=1, dark=True)
    tell(figure, scale=1, dark=False)
    assert figure.png() == before
    figure.show((100, 20, "plain"))
    assert same(shown.canvas, picture(figure.png()))
    fresh, _ = made(x=100)
    assert figure.png() == fresh.png()


def test_a_dark_page_gets_the_dark_look_and_a_light_one_the_light():
    figure, shown = made()
    light = figure.png()
    tell(figure, scale=1, dark=True)
    assert shown.frames[-1]["whole"]
    assert shown.canvas.getpixel((150, 60)) == ImageColor.getrgb(theme.DARK.background)
    tell(figure, scale=1, dark=False)
    assert figure.png() == light


@pytest.mark.parametrize(
    ("asked", "given"), [(1, 1), (1.5, 1.5), (2, 2), (3, 2), (0.5, 0.5), (0.1, 0.5)]
)
def test_a_dense_screen_gets_a_dense_picture_within_reason(asked, given):
    figure, shown = made()
    tell(figure, scale=asked, dark=False)
    assert shown.canvas.size == (round(WIDTH * given), round(HEIGHT * given))
    for x in (30, 31, 200):
        figure.show((x, 40, "plain"))
        assert same(shown.canvas, picture(figure.png()))
    assert not shown.frames[-1]["whole"]


class Worded(Scene):
    """A word on a page."""

    def build(self, figure, look, state):
        return [page(figure, look).text(20, 20, "word", fontsize=12)]

    def update(self, state):
        return "a word"


def test_type_keeps_its_size_on_the_screen_where_the_page_shows_the_figure_smaller():
    figure = LiveFigure(Worded(), None, width=WIDTH, height=HEIGHT)
    for zoom, drawn in ((0.9, 0.9), (1.6, 1), (0.5, 0.9)):  # narrower than that the page scrolls
        tell(figure, scale=zoom, dark=False, zoom=zoom)
        (word,) = figure.figure.axes[0].texts
        assert word.get_fontsize() * drawn == pytest.approx(12)


def test_a_second_view_gets_a_whole_picture_without_a_new_layout():
    figure, _ = made()
    figure.show((50, 60, "plain"))
    built = figure.scene.built
    late = Page(figure)
    tell(figure, scale=1, dark=False)
    assert late.frames[-1]["whole"]
    assert same(late.canvas, picture(figure.png()))
    assert figure.scene.built == built


def test_a_click_is_told_in_pixels_of_the_page_and_draws_nothing_by_itself():
    figure, shown = made()
    assert not figure.clickable
    heard = []
    figure.on_click(lambda x, y: heard.append((x, y)))
    assert figure.clickable
    tell(figure, click=[12.5, 40])
    assert heard == [(12.5, 40)]
    assert len(shown.frames) == 1


def test_a_scene_must_say_what_it_draws():
    with pytest.raises(NotImplementedError):
        LiveFigure(Scene(), None, width=10, height=10)
    assert Scene().layout("anything") is None
