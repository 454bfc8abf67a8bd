"""The numbers that notebook 07 states in words, computed by the library."""

import itertools
from functools import partial

import pytest

from attention_lib import costs
from attention_lib.steps import adaptive_kernel_size, hidden_width
from tests.notebooks.claims import prose_of

RESNET = costs.NETWORKS["ResNet-50"]
SE = partial(costs.se_cost, use_bias=False)


@pytest.fixture(scope="module")
def prose():
    return prose_of("07_cost")


def cells(paper, place, quantity):
    return {c.row: c for c in costs.table(paper, place).cells if c.quantity == quantity}


def test_the_blocks_of_resnet_50(prose):
    counts = [len(stage.blocks) for stage in RESNET.stages]
    widths = [stage.blocks[0].outputs for stage in RESNET.stages]
    assert (counts, widths) == ([3, 4, 6, 3], [256, 512, 1024, 2048])
    assert f"{RESNET.parameters / 10**6:.1f} million parameters of its own" in prose


def test_doubling_both_doubles_and_a_fourfold_r_makes_up(prose):
    before, both, made_up = (
        costs.se_cost(c, r, use_bias=False).weights for c, r in ((1024, 16), (2048, 32), (2048, 64))
    )
    assert (both, made_up) == (2 * before, before)
    assert f"There are {hidden_width(1024, 16)} hidden units before and after" in prose
    assert hidden_width(1024, 16) == hidden_width(2048, 32)
    assert "*r* must grow fourfold" in prose


def test_se_adds_a_tenth_and_the_last_stage_has_most_of_it(prose):
    extra = costs.added(RESNET, SE)
    share = f"{100 * extra.share:.1f} %"
    assert f"{extra.total.parameters:,} weights, {share}" in prose
    last = extra.stages[5].parameters / extra.total.parameters
    assert f"{100 * last:.1f} %. Twice the channels" in prose
    without = costs.added(RESNET, SE, stages=(2, 3, 4)).share
    assert f"{100 * without:.1f} %. The SE authors" in prose
    assert f"{100 * without:.1f} % without that stage" in prose


def test_stage_4_pays_most_in_resnet_152(prose):
    network = costs.NETWORKS["ResNet-152"]
    extra = costs.added(network, SE)
    share = extra.stages[4].parameters / extra.total.parameters
    assert f"stage 4, with {100 * share:.1f} %" in prose
    assert f"there are {len(network.stages[2].blocks)} of them" in prose
    counts = [len(stage.blocks) for stage in network.stages]
    assert "ResNet-152 has {}, {}, {} and {} blocks, as wide as".format(*counts) in prose
    widths, same = ([s.blocks[0].outputs for s in each.stages] for each in (network, RESNET))
    assert widths == same


def test_the_first_stage_has_the_arithmetic(prose):
    extra = costs.added(RESNET, SE)
    weights = extra.stages[2].parameters / extra.total.parameters
    arithmetic = extra.stages[2].multiply_adds / extra.total.multiply_adds
    said = f"{100 * weights:.0f} % of SE's parameters and {100 * arithmetic:.0f} % of its"
    assert said in prose
    assert RESNET.stages[0].blocks[0].side == 56


def test_eca_saves_parameters_and_hardly_any_arithmetic(prose):
    se, eca = (costs.added(RESNET, cost).total for cost in (SE, costs.eca_cost))
    assert f"a few dozen parameters where SE needs {se.parameters / 10**6:.1f} million" in prose
    assert 24 <= eca.parameters < 120  # a few dozen
    one, other = SE(512, 16, height=26, width=26), costs.eca_cost(512, height=26, width=26)
    assert f"by {100 * (1 - other.multiply_adds / one.multiply_adds):.0f} %. Now the" in prose
    saved = 1 - eca.multiply_adds / se.multiply_adds
    assert f"{100 * saved:.0f} % less, of a price that was small" in prose
    shares = [100 * cost.multiply_adds / RESNET.multiply_adds for cost in (se, eca)]
    assert f"{shares[0]:.2f} % of the network's multiply-adds with SE, {shares[1]:.2f} %" in prose
    share = costs.printed("SE", "section 4", "SE-ResNet-50", "more arithmetic, %")
    assert f"(The SE paper says {share} %, from GFLOPs that were rounded" in prose
    plain, with_se = (
        costs.printed("SE", "Table 2", row, "GFLOPs") for row in ("ResNet-50", "SE-ResNet-50")
    )
    assert f"{100 * (float(with_se) / float(plain) - 1):.2f}" == share


def test_the_se_papers_times(prose):
    def both(quantity):
        return (
            costs.printed("SE", "section 4", row, quantity) for row in ("ResNet-50", "SE-ResNet-50")
        )

    plain, with_se = both("training step on 8 GPUs, ms")
    more = 100 * (int(with_se) / int(plain) - 1)
    assert f"{with_se} ms in place of {plain}, so {more:.0f} % more" in prose
    plain, with_se = both("inference on a CPU, ms")
    more = 100 * (int(with_se) / int(plain) - 1)
    assert f"{with_se} ms in place of {plain}, {more:.0f} % more" in prose


def test_which_stage_lowers_the_error_most(prose):
    errors = cells("SE", "Table 13", "top-1 error, %")
    plain, two, three, four, every = (
        errors[row].printed
        for row in ("ResNet-50", "SE in stage 2", "SE in stage 3", "SE in stage 4", "SE in all")
    )
    assert (
        f"Stage 4: {four} % top-1 error, against {two} % and {three} % for stages 2 and 3" in prose
    )
    assert f"and {plain} % without SE" in prose
    assert f"best, {every} %" in prose
    assert float(every) < float(four) < float(two) < float(three) < float(plain)


def test_table_10_as_quoted_and_counted(prose):
    errors = cells("SE", "Table 10", "top-1 error, %")
    rows = [errors[f"r = {r}"].printed for r in (2, 4, 8, 16, 32)]
    assert f"{', '.join(rows[:4])} %" in prose
    assert f"Only 32 is worse, {rows[4]} %" in prose
    eight = cells("SE", "Table 10", "parameters, M")["r = 8"]
    assert f"prints {eight.printed}, we count {eight.ours:.2f}" in prose
    assert [c.row for c in costs.table("SE", "Table 10").cells if c.agrees is False] == ["r = 8"]


def test_how_many_cells_agree(prose):
    counted = [c for table in costs.TABLES for c in table.cells if not c.quoted]
    agree = [c for c in counted if c.agrees]
    said = (
        f"{len(costs.TABLES)} tables of two papers, with {len(counted)} numbers that can be counted"
    )
    assert said in prose
    assert f"So {len(agree)} agree" in prose
    others = [c for c in counted if not c.agrees]
    assert len(others) == 4
    assert {c.row for c in others if c.quantity == "GFLOPs"} == {
        "ResNet-101",
        "SE-ResNet-101",
        "ResNet-152",
    }
    for cell in others:
        last_digit = 10 ** -len(cell.printed.partition(".")[2])
        assert abs(cell.difference) < 2 * last_digit


def test_the_eca_papers_m_is_a_binary_one(prose):
    assert f"2²⁰ = {2**20:,}" in prose
    counts = cells("ECA", "Table 3", "parameters, 2^20")
    assert (
        f"all {len(counts)} counts of its Table 3 that we recount agree. (Five more rows" in prose
    )
    assert all(cell.agrees for cell in counts.values())
    assert counts["ResNet-50"].printed == "24.37"


def test_which_reading_makes_80_and_that_the_table_tells_none(prose):
    made = {r.parameters: r.kernel_sizes for r in costs.KERNEL_READINGS}
    assert made[80] == (3, 5, 5, 7)
    assert "which speaks for 3, 5, 5, 7" in prose
    of_inner, of_code = (
        next(p for p, k in made.items() if k == s) for s in ((3, 5, 5, 5), (3,) * 4)
    )
    assert (
        f"86 on the blocks' outputs, {of_inner} on their inner widths (64, 128, 256, 512)" in prose
    )
    assert f"whose default is 3 everywhere, makes {of_code}" in prose
    assert made[86] == (5, 5, 5, 7)
    assert sorted(made) == [48, 74, 80, 86]
    assert {f"{(RESNET.parameters + p) / 2**20:.2f}" for p in made} == {"24.37"}


def test_three_growing_lists_of_kernels_make_80(prose):
    counts = [len(stage.blocks) for stage in RESNET.stages]
    lists = itertools.combinations_with_replacement(range(1, 10, 2), 4)
    found = [k for k in lists if sum(n * size for n, size in zip(counts, k, strict=True)) == 80]
    assert found == [(1, 5, 5, 9), (3, 5, 5, 7), (5, 5, 5, 5)]
    assert "Three answers, if kernels are odd, at most 9, and do not shrink with depth" in prose
    printed = costs.printed("ECA", "abstract", "ResNet-50 + ECA", "parameters")
    assert f"says in its abstract that its blocks add {printed} parameters" in prose
    trained = costs.printed("ECA", "Table 3", "ResNet-50 + ECA", "top-1 accuracy, %")
    assert f"which sizes gave the paper's {trained} % is not settled" in prose


def test_another_b_makes_80(prose):
    sizes = [adaptive_kernel_size(c, 2, 0) for c in (256, 512, 1024, 2048)]
    assert sizes == [5, 5, 5, 5]
    assert costs.added(RESNET, partial(costs.eca_cost, b=0)).total.parameters == 80
    assert "(With *b* = 0 it would be 80 too, as 5, 5, 5, 5." in prose


def test_the_variants_as_quoted_and_counted(prose):
    accuracy = cells("ECA", "Table 2", "top-1 accuracy, %")
    elsewhere = cells("ECA", "Table 3", "top-1 accuracy, %")["ResNet-50 + ECA"].printed
    full, band = (costs.variant_cost(name, 16).weights for name in ("SE-Var3", "ECA"))
    both = f"{accuracy['SE-Var3'].printed} and {accuracy['ECA'].printed} % right"
    assert f"{both}, with {full} weights a block here against {band}" in prose
    assert f"The {elsewhere} % of their Table 3 is the network whose sizes are not settled" in prose
    assert f"has {accuracy['SE-Var2'].printed} %, and SE {accuracy['SE'].printed} %" in prose
    assert costs.variant_cost("SE-Var1", 16).weights == 0
