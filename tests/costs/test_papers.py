from functools import partial

import pytest

from attention_lib.costs import (
    CLAIMS,
    KERNEL_READINGS,
    NETWORKS,
    TABLES,
    Cell,
    added,
    printed,
    quoted_top1,
    se_cost,
)

CELLS = [(table, cell) for table in TABLES for cell in table.cells]
COUNTED = [(table, cell) for table, cell in CELLS if not cell.quoted]


def cells(paper, place):
    """The cells of one table, by row and quantity."""
    (table,) = (t for t in TABLES if (t.paper, t.place) == (paper, place))
    return {(cell.row, cell.quantity): cell for cell in table.cells}


def test_all_but_four_of_the_counted_cells_agree_to_the_last_digit():
    off = [(t.paper, t.place, c.row, c.quantity) for t, c in COUNTED if not c.agrees]
    assert len(COUNTED) == 46
    assert off == [
        ("SE", "Table 2", "ResNet-101", "GFLOPs"),
        ("SE", "Table 2", "SE-ResNet-101", "GFLOPs"),
        ("SE", "Table 2", "ResNet-152", "GFLOPs"),
        ("SE", "Table 10", "r = 8", "parameters, M"),
    ]


def test_those_that_do_not_agree_are_off_by_little():
    for _, cell in COUNTED:
        assert abs(cell.difference) < 0.003 * float(cell.printed)
    assert round(cells("SE", "Table 10")["r = 8", "parameters, M"].difference, 2) == -0.06


def test_counting_only_what_is_trained_more_of_the_se_papers_parameters_would_be_off():
    resnet = NETWORKS["ResNet-50"]

    def trained(**options):
        extra = added(resnet, partial(se_cost, use_bias=False), **options)
        return round((resnet.parameters + extra.total.parameters) / 1e6, 1)

    assert trained(stages=(4,)) == 26.3  # printed 26.4
    assert trained(place="inner") == 25.7  # printed 25.8


def test_accuracies_and_errors_are_quoted_and_sizes_are_counted():
    for table, cell in CELLS:
        counts = "parameters" in cell.quantity or cell.quantity == "GFLOPs"
        assert cell.quoted is not counts, (table.place, cell)
        if cell.quoted:
            assert cell.difference is None
            assert cell.agrees is None


def test_a_cell_compares_as_it_is_printed():
    assert Cell("", "", "28.1", 28.149).agrees
    assert not Cell("", "", "28.1", 28.151).agrees
    assert Cell("", "", "3.40", 3.396).agrees
    assert Cell("", "", "28", 28.4).agrees
    assert Cell("", "", "28.1", 28.0).difference == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("row", "quantity", "printed"),
    [
        ("r = 2", "parameters, M", "45.7"),
        ("r = 16", "top-1 error, %", "22.28"),
        ("r = 32", "top-5 error, %", "6.20"),
        ("original", "parameters, M", "25.6"),
    ],
)
def test_table_10_of_the_se_paper(row, quantity, printed):
    assert cells("SE", "Table 10")[row, quantity].printed == printed


def test_without_the_squeeze_every_place_pays():
    table = cells("SE", "Table 16")
    plain, without = (table[row, "GFLOPs"] for row in ("ResNet-50", "NoSqueeze"))
    assert (plain.printed, without.printed) == ("3.86", "4.27")
    assert without.ours - plain.ours == pytest.approx(0.411 + 0.0055, abs=0.0005)  # and the scaling


def test_table_3_of_the_eca_paper_counts_in_units_of_two_to_the_twenty():
    table = cells("ECA", "Table 3")
    cell = table["ResNet-50 + SE", "parameters, 2^20"]
    assert (cell.printed, round(cell.ours * 2**20)) == ("26.77", 28_071_976)
    assert all(c.agrees for (_, quantity), c in table.items() if quantity == "parameters, 2^20")


def test_the_eca_papers_flops_fit_with_another_stride_and_in_units_of_two_to_the_thirty():
    resnet = NETWORKS["ResNet-50"]
    narrowing = [stage.blocks[0].convs[0] for stage in resnet.stages[1:]]
    strided_later = resnet.multiply_adds + sum(3 * conv.multiply_adds for conv in narrowing)
    assert round(strided_later / 10**9, 2) == 4.09
    assert round(strided_later / 2**30, 2) == 3.81
    assert printed("ECA", "Table 3", "ResNet-50", "FLOPs") == "3.86 G"


# Read in the papers, once more, and typed again: a slip in either place shows.
@pytest.mark.parametrize(
    ("paper", "place", "row", "quantity", "number"),
    [
        ("SE", "Table 11", "maximum", "top-1 error, %", "22.57"),
        ("SE", "Table 12", "ReLU", "top-1 error, %", "23.47"),
        ("SE", "Table 12", "tanh", "top-1 error, %", "23.00"),
        ("SE", "Table 13", "SE in stage 2", "top-1 error, %", "23.03"),
        ("SE", "Table 13", "SE in stage 3", "top-1 error, %", "23.04"),
        ("SE", "Table 13", "SE in stage 4", "top-1 error, %", "22.68"),
        ("SE", "Table 14", "SE-PRE", "top-1 error, %", "22.23"),
        ("SE", "Table 14", "SE-POST", "top-1 error, %", "22.78"),
        ("SE", "Table 14", "SE-Identity", "top-1 error, %", "22.20"),
        ("SE", "Table 15", "SE after the 3 x 3", "top-1 error, %", "22.48"),
        ("SE", "Table 16", "NoSqueeze", "top-1 error, %", "22.93"),
        ("SE", "section 4", "SE-ResNet-50", "more arithmetic, %", "0.26"),
        ("SE", "section 4", "ResNet-50", "training step on 8 GPUs, ms", "190"),
        ("SE", "section 4", "SE-ResNet-50", "training step on 8 GPUs, ms", "209"),
        ("SE", "section 4", "ResNet-50", "inference on a CPU, ms", "164"),
        ("SE", "section 4", "SE-ResNet-50", "inference on a CPU, ms", "167"),
        ("ECA", "abstract", "ResNet-50 + ECA", "parameters", "80"),
        ("ECA", "section 4.2.1", "ResNet-50", "k", "9"),
        ("ECA", "section 4.2.1", "ResNet-101", "k", "5"),
        ("ECA", "Table 2", "Vanilla", "top-1 accuracy, %", "75.20"),
        ("ECA", "Table 2", "SE", "top-1 accuracy, %", "76.71"),
        ("ECA", "Table 2", "SE-Var2", "top-1 accuracy, %", "77.07"),
        ("ECA", "Table 2", "SE-Var3", "top-1 accuracy, %", "77.42"),
        ("ECA", "Table 2", "ECA", "top-1 accuracy, %", "77.43"),
        ("ECA", "Table 3, speed", "ResNet-50", "training", "1024"),
        ("ECA", "Table 3, speed", "ResNet-50 + SE", "training", "759"),
        ("ECA", "Table 3, speed", "ResNet-50 + ECA", "training", "785"),
        ("ECA", "Table 3, speed", "ResNet-50", "inference", "1855"),
        ("ECA", "Table 3, speed", "ResNet-50 + SE", "inference", "1620"),
        ("ECA", "Table 3, speed", "ResNet-50 + ECA", "inference", "1805"),
    ],
)
def test_what_a_paper_prints(paper, place, row, quantity, number):
    assert printed(paper, place, row, quantity) == number


def test_what_the_papers_say_beside_their_tables_is_quoted():
    assert all(cell.quoted for table in CLAIMS for cell in table.cells)


def test_the_papers_80_is_how_a_file_of_weights_is_named_and_not_its_formula():
    found = {reading.kernel_sizes: reading.parameters for reading in KERNEL_READINGS}
    assert found == {(5, 5, 5, 7): 86, (3, 5, 5, 5): 74, (3, 5, 5, 7): 80, (3, 3, 3, 3): 48}


@pytest.mark.parametrize(
    ("network", "mechanism", "printed"),
    [
        ("ResNet-50", "none", "75.20"),
        ("ResNet-50", "ECA", "77.48"),
        ("ResNet-101", "CBAM", "78.49"),
        ("MobileNetV2", "SE", "72.42"),
        ("ResNet-152", "CBAM", None),
        ("EfficientNet-B0", "SE", None),
    ],
)
def test_accuracy_is_told_where_the_paper_tells_it(network, mechanism, printed):
    assert quoted_top1(network, mechanism) == printed


def test_rows_are_not_told_twice():
    for table in TABLES:
        named = [(cell.row, cell.quantity) for cell in table.cells]
        assert len(set(named)) == len(named)
        assert all(float(cell.printed.split()[0]) >= 0 for cell in table.cells)
