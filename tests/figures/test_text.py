import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from attention_lib.figures.text import letter

SENTENCE = "t = |log₂(512)/2 + 1/2| = 5.0 → 5, odd, kept: k = 5"


def drawn(write, *, dpi=72, **style):
    """How dark each pixel is where `write` has put the sentence, and where the ink lies."""
    figure = Figure((960 / 72, 60 / 72), dpi=dpi)
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 960), ylim=(60, 0))
    ax.set_axis_off()
    write(ax, 480, 30, SENTENCE, **style)
    canvas.draw()
    ink = 255.0 - np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=-1)
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 60) for axis in (1, 0))
    return ink, np.array([rows[0], rows[-1], columns[0], columns[-1]])


@pytest.mark.parametrize("dpi", [72, 144])
@pytest.mark.parametrize(
    "style",
    [
        {"fontsize": 14},
        {"fontsize": 11.5, "ha": "center", "weight": "bold"},
        {"fontsize": 12.5, "ha": "right", "va": "center_baseline", "color": "#c2334d"},
        {"fontsize": 12.5, "va": "center", "style": "italic", "alpha": 0.6},
    ],
)
def test_it_stands_where_matplotlib_would_put_it(style, dpi):
    ours, our_box = drawn(letter, dpi=dpi, **style)
    theirs, their_box = drawn(lambda ax, *place, **how: ax.text(*place, **how), dpi=dpi, **style)
    width = their_box[3] - their_box[2]
    assert np.abs(our_box - their_box)[:2].max() <= 1.5 * dpi / 72
    assert np.abs(our_box - their_box)[2:].max() <= max(1.5 * dpi / 72, 0.015 * width)
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.15)


def test_a_new_text_replaces_the_old_one():
    figure = Figure((4, 1), dpi=72)
    canvas = FigureCanvasAgg(figure)
    words = letter(figure.add_axes((0, 0, 1, 1)), 0.5, 0.5, "8")
    pictures = []
    for text in ("8", "1", "8", ""):
        words.set_text(text)
        canvas.draw()
        pictures.append(np.array(canvas.buffer_rgba()))
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[0] == pictures[2]).all()
    words.set(text="8", visible=False)
    canvas.draw()
    assert (pictures[3] == canvas.buffer_rgba()).all()


def test_a_line_that_changes_its_size_never_shows_the_words_of_another():
    figure = Figure((4, 1), dpi=72)
    renderer = FigureCanvasAgg(figure).get_renderer()
    ax = figure.add_axes((0, 0, 1, 1))
    one, other, wide = (letter(ax, 0.5, 0.5, "3", fontsize=size) for size in (12, 12, 20))
    width = one.get_window_extent(renderer).width
    one.set_fontsize(11)
    one.get_window_extent(renderer)
    other.get_window_extent(renderer)
    one.set_fontsize(12)
    for i in range(600):  # more lines than are kept
        wide.set_text(f"sentence {i}")
        wide.get_window_extent(renderer)
        assert one.get_window_extent(renderer).width == width
