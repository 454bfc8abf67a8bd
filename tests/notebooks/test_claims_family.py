"""The numbers that notebook 11 states in words, computed by the library."""

from functools import partial

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.examples import family, filters, hand_made
from attention_lib.experiments import runs
from attention_lib.panels.family.state import METHODS
from tests.notebooks.claims import prose_of


@pytest.fixture(scope="module")
def prose():
    return prose_of("11_family")


@pytest.fixture(scope="module")
def maps():
    return filters.feature_maps("cat", 8)


@pytest.fixture(scope="module")
def small(maps):
    return maps.reshape(14, 4, 14, 4, 8).mean((1, 3))


def test_the_table_says_what_the_panel_says(prose):
    for m in METHODS:
        assert f"| {m.name} {m.year} | {m.pooled} | {m.mixing} | {m.gated} | {m.back} |" in prose


def test_hard_attention_does_not_notice_a_small_step_and_soft_attention_does(prose, maps):
    places = maps.reshape(-1, 8).astype(float)
    step = np.eye(8)[0] * 0.001
    before, after = places.sum(-1), places @ (1 + step)
    assert before.argmax() == after.argmax()
    soft = [steps.softmax(scores) @ places[:, 0] for scores in (before, after)]
    assert 1e-4 < soft[1] - soft[0] < 1e-3
    assert "Hard: nothing, to the last digit." in prose


def test_gcnet_keeps_the_range_that_se_brings_down(prose, maps):
    context, se = family.FORWARD["GCNet"](maps), family.FORWARD["SE"](maps)
    before, kept, less = (np.ptp(x[..., 0]) for x in (maps, context.output, se.scaled))
    assert kept == pytest.approx(before, abs=1e-5)
    assert f"is {before:.2f} before and after GCNet; SE brings it down to {less:.2f}" in prose
    weighted, plain = context.context[0], se.squeezed[0]
    assert f"weighted mean is {weighted:.2f} where the plain one is {plain:.2f}" in prose


def test_frequency_zero_is_the_mean_times_56_and_other_waves_know_where(prose, maps):
    weights = family.fcanet_weights(56 * 56)

    def seen(x, frequency):
        return steps.fcanet_forward(x, weights, frequencies=(frequency,)).squeezed[0]

    zero = seen(maps, (0, 0))
    assert zero == pytest.approx(56 * maps[..., 0].mean(), rel=1e-5)
    assert f"(0, 0) gives {zero:.2f}, the mean times 56" in prose
    assert seen(maps[:, ::-1], (0, 0)) == pytest.approx(zero, rel=1e-5)
    assert seen(maps[:, ::-1], (0, 1)) == pytest.approx(-seen(maps, (0, 1)), abs=1e-4)


def test_coordinate_attention_has_fewer_gates_and_a_higher_rank_than_cbam(prose, maps):
    trace = family.FORWARD["Coordinate"](maps)
    cbam = steps.cbam_forward(maps, hand_made.hand_made_cbam(8))
    gates = trace.row_gates[:, None] * trace.column_gates
    counted = trace.row_gates.size + trace.column_gates.size
    of_cbam = cbam.channel.gates.size + cbam.spatial.gates.size
    rank = np.linalg.matrix_rank(gates.reshape(-1, 8))
    assert f"{counted} gates, fewer than CBAM's {of_cbam}" in prose
    assert f"has rank {rank} where CBAM's has rank 1" in prose
    assert np.linalg.matrix_rank(gates[..., 0]) == 1


def test_simam_never_closes_and_opens_for_what_is_dark_too(prose, maps):
    gates = steps.simam_forward(maps).gates
    dark = gates[..., 6].ravel()[maps[..., 6].argmin()]
    assert f"The smallest is {gates.min():.2f}, at the mean." in prose
    assert f"The dark pupil, at 0.00, has a gate of {dark:.2f}" in prose


def test_grns_ratios_sum_to_the_number_of_channels_and_compete(prose, maps):
    ones = np.ones(8)
    one, two = (
        steps.grn_forward(x, ones, 0 * ones).relative for x in (maps, maps * (1 + np.eye(8)[6]))
    )
    assert one.sum() == pytest.approx(8, abs=1e-3)
    assert f"its ratio rises from {one[6]:.2f} to {two[6]:.2f}" in prose
    fallen = np.delete(two < one, [5, 6, 7])
    assert fallen.all()


def test_only_gcnet_and_grn_make_edges_brighter(maps):
    names = ("SE", "scSE", "GCNet", "Coordinate", "SimAM", "GRN")
    brighter = {name for name in names if family.FORWARD[name](maps)[-1][..., 0].max() > 2}
    assert brighter == {"GCNet", "GRN"}


def test_three_of_ten_notice_a_shuffle(prose, small):
    flat = small.reshape(-1, 8)
    order = np.random.default_rng(0).permutation(len(flat))
    notice = set()
    for name, forward in family.FORWARD.items():
        shuffled = flat[order].reshape(small.shape)
        before, after = (forward(x)[-1].reshape(-1, 8) for x in (small, shuffled))
        if np.abs(before[order] - after).max() > 0.01:
            notice.add(name)
    assert notice == {"CBAM", "FcaNet", "Coordinate"}
    assert len(family.FORWARD) - len(notice) == 7
    assert "The other seven give back what they gave" in prose


def test_nose_and_cheek_look_at_different_places(small):
    attention = family.FORWARD["self-attention"](small).attention
    nose, cheek = attention[8 * 14 + 10], attention[11 * 14 + 3]
    assert nose.argmax() != cheek.argmax()
    assert np.corrcoef(nose, cheek)[0, 1] < 0.5


def test_the_weights_are_counted_and_the_largest_step_is_where_it_is_said_to_be(prose):
    counted = costs.family_weights(256, 16)
    names = {"ECA": "ECA", "GRN": "GRN", "Coordinate": "coordinate attention", "SE": "SE"}
    said = ", ".join(f"{names[name]} {counted[name]:,}" for name in names)
    assert f"{said}, self-attention {counted['self-attention']:,}." in prose
    ladder = [counted[name] for name in (*names, "self-attention")]
    differences, ratios = np.diff(ladder), np.divide(ladder[1:], ladder[:-1])
    assert (differences.argmax(), ratios.argmax()) == (3, 0)


def test_runs_that_never_used_their_gates(prose):
    rows = runs.load_runs("cued").rows()
    spreads = {
        r: np.array([run.gate_spread[0]["spread"] for run in rows[f"SE, r = {r}"]])
        for r in (2, 4, 8, 16)
    }
    never = [int((spread < 0.05).sum()) for spread in spreads.values()]
    assert never == [0, 1, 2, 3]
    assert "0, 1, 2 and 3 of 5." in prose
    assert "with fewer hidden units, some runs never used their gates" in prose
    used = np.concatenate(list(spreads.values()))
    assert used[used >= 0.05].min() >= 0.16


def test_the_numbers_of_the_cheat_sheet(prose):
    network = costs.NETWORKS["ResNet-50"]
    numbers = [stage.number for stage in network.stages]

    def more(stages):
        made = costs.added(network, partial(costs.se_cost, use_bias=False), stages=stages)
        return 100 * made.total.parameters / network.parameters

    assert f"+{more(numbers[:-1]):.1f} % parameters instead of +{more(numbers):.1f} %" in prose
    printed = {cell.printed for cell in costs.table("SE", "Table 15").cells}
    assert {"25.8", "28.1", "22.48", "22.28"} <= printed
    assert "25.8 M instead of 28.1 M, error 22.48 % instead of 22.28 %" in prose
    assert costs.eca_cost(1024).parameters == 5
    assert f"14 × 14 makes {14**4:,} weights, 56 × 56 nearly ten million" in prose
    assert 9.8e6 < 56**4 < 1e7
