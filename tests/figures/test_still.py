"""Still pictures are told in words, from the words and numbers that are in them."""

import base64
import io
import re

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from attention_lib import plots
from attention_lib.figures import still
from attention_lib.figures.theme import DARK, LIGHT


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def pictures(shown):
    """The pictures in HTML, as tags."""
    return re.findall("<img[^>]*>", shown)


def corner(source):
    """The colour of the first pixel of the picture in a tag, or in a style."""
    png = base64.b64decode(source.split("base64,")[1].split('"')[0])
    return to_hex(np.array(Image.open(io.BytesIO(png)).convert("RGB"))[0, 0] / 255)


def test_what_is_written_is_read_out_once():
    figure = Figure()
    for ax in figure.subplots(1, 2):
        ax.set(title="gates\nof a cat", xlabel="channel", ylabel="gate")
        ax.text(0, 0, "0.17")
    assert still.describe(figure) == "gates of a cat; x: channel; y: gate; 0.17."


def test_names_of_bars_are_words_and_numbers_on_an_axis_are_not():
    ax = plots.plot_gates(np.array([0.1, 0.9]), names=["edges", "colours"], titles=["a cat"])
    words = still.describe(ax.figure)
    pyplot.close(ax.figure)
    assert "a cat" in words
    assert "edges; colours" in words
    assert "0.25" not in words


def test_a_picture_without_words_says_so_and_a_long_one_stops():
    figure = Figure()
    figure.subplots().set_axis_off()
    assert still.describe(figure) == "A picture of 1 parts, without words."
    figure.axes[0].text(0, 0, "word " * 200)
    assert len(still.describe(figure)) == still.LONGEST


def test_a_notebook_shows_a_figure_with_its_words(shell):
    figure = plots.plot_gates(np.array([0.1, 0.9]), titles=['<a "cat">']).figure
    pyplot.close(figure)
    shown, _ = shell.display_formatter.format(figure)
    (picture,) = pictures(shown["text/html"])
    assert "&lt;a &quot;cat&quot;&gt;" in picture
    assert 'src="data:image/png;base64,iVBOR' in picture


def test_the_light_picture_is_shown_and_a_style_puts_the_dark_one_in_its_place(shell):
    for plot in (
        lambda: plots.plot_gates(np.array([0.1, 0.9])),
        lambda: plots.plot_logits({"two": np.eye(2)})[0],
    ):
        figure = plot().figure
        assert pyplot.get_fignums() == [figure.number]
        assert pyplot.gcf() is figure
        shown, _ = shell.display_formatter.format(figure)
        pyplot.close(figure)
        style, light = re.fullmatch("<style>(.*)</style>(<img.*>)", shown["text/html"]).groups()
        assert corner(light) == LIGHT.background
        assert corner(style) == DARK.background
        name = re.search('class="([^"]+)"', light)[1]
        assert f".{name} {{ content: url(" in style


def test_a_figure_of_ones_own_and_every_plot_keep_the_light_picture_for_latex(shell):
    still.speak()
    own = Figure()
    own.subplots().plot([0, 1])
    plot = plots.plot_gates(np.array([0.1, 0.9])).figure
    for figure in (own, plot, plot):
        shown, _ = shell.display_formatter.format(figure)
        assert shown["image/png"] in shown["text/html"]
    pyplot.close(plot)
    assert "image/png" in shell.display_formatter.format(own, include={"image/png"})[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda ax: ax.set_title("mine"),
        lambda ax: ax.plot([0, 1], [0, 1]),
        lambda ax: ax.set_ylim(0, 30),
        lambda ax: ax.figure.text(0.5, 0.5, "mine"),
    ],
)
def test_what_a_learner_changed_is_shown_as_it_is(shell, change):
    ax = plots.plot_kernel_sizes()
    change(ax)
    shown, _ = shell.display_formatter.format(ax.figure)
    pyplot.close(ax.figure)
    assert len(pictures(shown["text/html"])) == 1
    assert "background: white" in shown["text/html"]
    assert shown["text/html"].count("base64,") == 1


def test_a_plot_that_is_told_its_look_or_its_axes_is_drawn_once(shell):
    for kwargs in ({"look": LIGHT}, {"look": DARK}, {"ax": Figure().subplots()}):
        figure = plots.plot_gates(np.array([0.1, 0.9]), **kwargs).figure
        shown, _ = shell.display_formatter.format(figure)
        pyplot.close(figure)
        assert shown["text/html"].count("base64,") == 1


def test_elsewhere_nothing_changes():
    still.speak()
