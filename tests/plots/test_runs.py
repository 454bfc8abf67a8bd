"""Charts of stored runs: every run is there, and what is written beside it is computed."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from attention_lib import plots
from attention_lib.experiments.runs import load_runs
from attention_lib.experiments.statistics import difference, mean_interval

PLANTED = load_runs("planted")
SE = "SE, r = 4"


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_every_run_is_a_dot_and_the_interval_stands_among_them():
    groups = {"one": [0.90, 0.92, 0.94], "other": [0.5, 0.7]}
    ax = plots.plot_spread(groups)
    for values, (dots, line, mean) in zip(
        groups.values(), (ax.lines[:3], ax.lines[3:]), strict=True
    ):
        interval = mean_interval(values)
        np.testing.assert_array_equal(dots.get_xdata(), values)
        np.testing.assert_allclose(line.get_xdata(), [interval.low, interval.high])
        np.testing.assert_allclose(mean.get_xdata(), interval.mean)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "other"]
    assert ax.get_xlabel() == "test accuracy"


def test_the_first_group_stands_on_top():
    ax = plots.plot_spread({"one": [0, 1], "other": [0, 1]})
    bottom, top = ax.get_ylim()
    assert top < 0 < 1 < bottom


def test_a_comparison_says_mean_weights_and_difference():
    ax = plots.plot_comparison(PLANTED, ["no attention", SE])
    more = difference(PLANTED.accuracies(SE), PLANTED.accuracies("no attention"))
    assert words(ax) == [
        f"{PLANTED.accuracies('no attention').mean():.3f}",
        "7,110 weights",
        "",
        f"{PLANTED.accuracies(SE).mean():.3f}",
        "7,662 weights",
        f"+{more.mean:.3f} ± {more.half:.3f}, {more.verdict}",
    ]


def test_a_comparison_has_all_rows_unless_told_which():
    ax = plots.plot_comparison(PLANTED)
    assert [label.get_text() for label in ax.get_yticklabels()] == [*PLANTED.rows()]


def test_a_comparison_may_be_with_another_row():
    ax = plots.plot_comparison(PLANTED, [SE, "ECA, k = 3"], against=SE)
    assert words(ax)[2] == ""
    assert words(ax)[5].startswith("−")


def test_close_accuracies_leave_room_between_the_marks_of_the_axis():
    ax = plots.plot_comparison(load_runs("digits"))
    assert 3 <= len(ax.get_xticks()) <= 7


def test_what_forcing_leaves_is_shown_for_every_run():
    ax = plots.plot_forced(PLANTED, SE)
    runs = PLANTED.rows()[SE]
    kinds = [label.get_text() for label in ax.get_yticklabels()]
    assert kinds == ["its own", "all one", "its mean", "another picture's"]
    for kind, dots in zip(kinds, ax.lines[::3], strict=True):
        np.testing.assert_array_equal(dots.get_xdata(), [run.forced[kind] for run in runs])


def test_every_class_is_a_line_at_every_depth():
    depths = [np.random.default_rng(0).random((10, c)) for c in (16, 24)]
    axes = plots.plot_gates_by_class(depths, ["first", "second"])
    assert [ax.get_title() for ax in axes] == ["first", "second"]
    for ax, gates in zip(axes, depths, strict=True):
        np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], gates)
        assert ax.get_ylim() == (0, 1)


def test_the_course_of_every_run_is_drawn_for_real_and_for_planted_channels():
    ax = plots.plot_gates_by_epoch(PLANTED, SE)
    runs = PLANTED.rows()[SE]
    assert len(ax.lines) == 2 * len(runs)
    for run, real, planted in zip(runs, ax.lines[::2], ax.lines[1::2], strict=True):
        np.testing.assert_array_equal(real.get_ydata(), run.gates_by_epoch[:, ::2].mean(1))
        np.testing.assert_array_equal(planted.get_ydata(), run.gates_by_epoch[:, 1::2].mean(1))
    assert words(ax) == ["real", "planted"]


def test_words_at_the_ends_of_close_lines_stand_apart():
    real, planted = plots.plot_gates_by_epoch(PLANTED, "ECA, k = 3").texts
    assert real.xy[1] - planted.xy[1] == pytest.approx(0.1)


def test_a_run_is_placed_by_how_much_its_gates_listen_and_by_its_accuracy():
    rows = [SE, "ECA, k = 3"]
    ax = plots.plot_gate_spread(PLANTED, rows)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == rows
    for row, dots in zip(rows, ax.lines, strict=True):
        runs = PLANTED.rows()[row]
        np.testing.assert_array_equal(
            dots.get_xydata(), [(run.gate_spread[0]["spread"], run.tested[-1]) for run in runs]
        )


def test_a_chart_can_be_drawn_on_given_axes():
    _, ax = plt.subplots()
    assert plots.plot_comparison(PLANTED, ax=ax) is ax
    _, ax = plt.subplots()
    assert plots.plot_gates_by_epoch(PLANTED, SE, ax=ax) is ax


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: plots.plot_comparison(PLANTED, ["ResNet"]), "`row` must be 'no attention',"),
        (lambda: plots.plot_forced(PLANTED, "ResNet"), "`row` must be 'no attention',"),
        (
            lambda: plots.plot_gate_spread(PLANTED, ["no attention"]),
            "mechanisms that have gates",
        ),
        (
            lambda: plots.plot_gate_spread(PLANTED, ["ResNet"]),
            "`row` must be 'no attention',",
        ),
        (lambda: plots.plot_gates_by_epoch(PLANTED, "ResNet"), "`row` must be 'no attention',"),
        (
            lambda: plots.plot_gates_by_epoch(PLANTED, "no attention"),
            "gates on the input were kept",
        ),
        (lambda: plots.plot_spread({"one": [0, 1]}, []), "one entry for each group"),
        (lambda: plots.plot_spread({"one": [0.9]}), "`values` must hold 2 to"),
        (lambda: plots.plot_gates_by_class([np.ones((2, 3))], []), "one entry for each depth"),
        (lambda: plots.plot_gates_by_class([np.ones(3)]), "must have the shape"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(draw, sentence):
    with pytest.raises(ValueError, match=sentence):
        draw()
