"""Still pictures are told in words, from the words and numbers that are in them."""

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot
from matplotlib.figure import Figure

from attention_lib import alternatives, plots


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_what_is_written_is_read_out_once():
    figure = Figure()
    for ax in figure.subplots(1, 2):
        ax.set(title="gates\nof a cat", xlabel="channel", ylabel="gate")
        ax.text(0, 0, "0.17")
    assert alternatives.describe(figure) == "gates of a cat; x: channel; y: gate; 0.17."


def test_names_of_bars_are_words_and_numbers_on_an_axis_are_not():
    ax = plots.plot_gates(np.array([0.1, 0.9]), names=["edges", "colours"], titles=["a cat"])
    words = alternatives.describe(ax.figure)
    pyplot.close(ax.figure)
    assert "a cat" in words
    assert "edges; colours" in words
    assert "0.25" not in words


def test_a_picture_without_words_says_so_and_a_long_one_stops():
    figure = Figure()
    figure.subplots().set_axis_off()
    assert alternatives.describe(figure) == "A picture of 1 parts, without words."
    figure.axes[0].text(0, 0, "word " * 200)
    assert len(alternatives.describe(figure)) == alternatives.LONGEST


def test_a_notebook_shows_a_figure_with_its_words(shell):
    figure = plots.plot_gates(np.array([0.1, 0.9]), titles=['<a "cat">']).figure
    pyplot.close(figure)
    shown, _ = shell.display_formatter.format(figure)
    assert "image/png" not in shown
    assert shown["text/html"].startswith('<img alt="')
    assert "&lt;a &quot;cat&quot;&gt;" in shown["text/html"]
    assert 'src="data:image/png;base64,iVBOR' in shown["text/html"]


def test_elsewhere_nothing_changes():
    alternatives.speak()
