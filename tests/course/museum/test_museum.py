"""The museum: which check finds which mistake, and that right blocks pass them all."""

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.course import museum
from attention_lib.course.museum import CHECKS, EXHIBITS

FOUND_BY = {
    "width": {"parameters"},
    "overwritten": {"parameters", "pixel"},
    "never called": {"pixel"},
    "reshaped": {"permutation", "pixel"},
    "columns": {"batch"},
    "no units": {"parameters", "constant"},
    "even kernel": {"shape", "parameters"},
    "unread": {"parameters"},
    "made anew": {"parameters", "permutation", "batch", "zero", "save", "pixel"},
    "two MLPs": {"parameters"},
    "mean twice": {"pixel"},
    "sigmoid twice": {"zero"},
    "no sigmoid": {"zero"},
    "kernel 49": {"parameters", "constant", "pixel"},
}
each_exhibit = pytest.mark.parametrize("exhibit", EXHIBITS.values(), ids=lambda e: e.name)


def test_the_whole_matrix():
    found = {name: {k for k, v in row.items() if v} for name, row in museum.matrix().items()}
    assert found == FOUND_BY


def test_every_exhibit_is_found_and_every_check_finds_something():
    assert all(FOUND_BY.values())
    assert set().union(*FOUND_BY.values()) == set(CHECKS)


def test_shape_is_not_proof():
    assert [name for name, checks in FOUND_BY.items() if "shape" in checks] == ["even kernel"]


def test_the_right_blocks_pass_every_check():
    for exhibit in EXHIBITS.values():
        assert all(exhibit.examine_right(check).passed for check in CHECKS.values())


@pytest.mark.parametrize("block", [museum.SE, museum.ECA, museum.ChannelHalf, museum.SpatialHalf])
@pytest.mark.parametrize("name", CHECKS)
def test_a_right_block_passes_whatever_its_weights_and_size(block, name):
    for seed, channels in ((1, 24), (2, 16), (3, 64)):
        finding = CHECKS[name](block(channels, 4, seed).built())
        assert finding.passed, finding.words


def test_the_right_blocks_are_the_librarys_own():
    x = np.random.default_rng(0).uniform(0.1, 2, (3, 9, 7, 16))
    se, eca = museum.SE(16, 4).built(), museum.ECA(16).built()
    channel, spatial = museum.ChannelHalf(16, 4).built(), museum.SpatialHalf(16).built()
    weights = steps.SEWeights(se.weights["reduce"], None, se.weights["expand"], None)
    mlp = (channel.weights["mlp.reduce"], None, channel.weights["mlp.expand"], None)
    kernel = steps.SpatialWeights(spatial.weights["kernel"])
    for i, maps in enumerate(x):
        for block, right in (
            (se, steps.se_forward(maps, weights)),
            (eca, steps.eca_forward(maps, eca.weights["kernel"])),
            (channel, steps.channel_attention(maps, steps.SEWeights(*mlp))),
            (spatial, steps.spatial_attention(maps, kernel)),
        ):
            np.testing.assert_allclose(block(x)[i], right.scaled, rtol=1e-12)


def test_the_counts_are_those_of_the_cost_formulas():
    assert museum.SE(48, 4).expected() == costs.se_cost(48, 4, use_bias=False).weights
    assert museum.ECA(128).expected() == costs.eca_cost(128).weights


@each_exhibit
def test_the_code_shown_is_the_code_that_runs_and_differs_by_a_line_or_two(exhibit):
    scope = {"np": np, "slide": museum.slide, "convolve": museum.convolve}
    scope |= {"relu": steps.relu, "sigmoid": steps.sigmoid}
    exec(exhibit.code, scope)
    block = exhibit.wrong(exhibit.channels, exhibit.reduction, seed=1).built()
    other = exhibit.wrong(exhibit.channels, exhibit.reduction, seed=1).built()
    x = np.random.default_rng(0).uniform(0.1, 2, (1, 8, 8, exhibit.channels))
    np.testing.assert_array_equal(block.gates(x), scope["gates"](other, x))
    pairs = zip(exhibit.code.splitlines(), exhibit.right_code.splitlines(), strict=True)
    assert 1 <= sum(wrong != right for wrong, right in pairs) <= 2


@each_exhibit
def test_an_exhibit_tells_its_story_and_where_it_was_met(exhibit):
    assert 1 <= exhibit.story.count(". ") + 1 <= 4
    assert exhibit.unseen.endswith(".")
    assert all(source.url.startswith("https://github.com/") for source in exhibit.sources)
    for check in CHECKS.values():
        if check.name not in FOUND_BY[exhibit.name]:
            assert museum.why_not(exhibit, check).endswith(".")


def test_no_reply_is_kept_for_a_check_that_finds_the_mistake():
    from attention_lib.course.museum.exhibits import HERE

    assert all(check in CHECKS and check not in FOUND_BY[name] for name, check in HERE)


@pytest.mark.parametrize(
    ("exhibit", "check", "words"),
    [
        ("width", "parameters", "192 for C = 24, and 288 are right"),
        ("even kernel", "shape", "the gates have (1, 1, 1, 127): they do not fit"),
        ("sigmoid twice", "zero", "the gates are 0.622, not 0.5"),
        ("no sigmoid", "zero", "the gates are 0.000, not 0.5"),
        ("kernel 49", "parameters", "4,802 for C = 24, and 98 are right"),
        ("no units", "constant", "the same gates, 0.500: they depend on nothing"),
        ("mean twice", "pixel", "none depends on the maximum"),
        ("never called", "pixel", "places of one map get gates that differ"),
        ("made anew", "parameters", "0 for C = 64, and 3 are right"),
    ],
)
def test_a_check_says_what_it_saw(exhibit, check, words):
    assert words in EXHIBITS[exhibit].examine(CHECKS[check]).words


def test_width_r_hides_where_c_is_r_squared():
    from attention_lib.course.museum.mistakes import WidthIsR

    assert sum(w.size for w in WidthIsR(256, 16).built().weights.values()) == 2 * 256 * 16
    assert museum.SE(256, 16).expected() == 2 * 256 * 16


def test_a_batch_as_large_as_the_maps_are_wide_hides_the_columns_and_any_other_stops():
    block = EXHIBITS["columns"].wrong().built()
    assert block(np.ones((32, 32, 32, 24))).shape == (32, 32, 32, 24)
    with pytest.raises(ValueError, match="could not be broadcast"):
        block(np.ones((5, 8, 8, 24)))


def test_sigmoid_twice_leaves_gates_between_one_half_and_0_731():
    assert "between 0.5 and 0.731" in EXHIBITS["sigmoid twice"].story
    assert steps.sigmoid(np.array([0.0, 1.0])).round(3).tolist() == [0.5, 0.731]


def test_a_block_that_stops_is_told_of():
    class Stops(museum.SE):
        def gates(self, x):
            if x.shape[1] > 4:
                raise KeyError("scale")
            return super().gates(x)

    for check in CHECKS.values():
        if check.name not in ("parameters", "permutation"):
            finding = check(Stops().built())
            assert not finding.passed
            assert finding.words == "It stops: KeyError, 'scale'."


def test_the_tables_are_computed():
    shown = museum.table()
    assert [row.count("finds it") for row in shown.rows] == [len(c) for c in FOUND_BY.values()]
    assert shown._repr_html_().count("<tr>") == len(EXHIBITS) + 1
    told = museum.examine(museum.SE())
    assert [row[1] for row in told.rows] == ["passes"] * len(CHECKS)
    assert "All weights zero: every gate is 0.5." in repr(told)


def test_four_checks_find_all_and_no_three_do():
    from itertools import combinations

    assert museum.missed_by(["parameters", "batch", "zero", "pixel"]) == []
    assert all(museum.missed_by(three) for three in combinations(CHECKS, 3))
    with pytest.raises(ValueError, match=r"`checks` must be 'shape', .* Received: checks='size'"):
        museum.missed_by(["size"])
