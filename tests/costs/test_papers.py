from functools import partial

import pytest

from attention_lib.costs import KERNEL_READINGS, NETWORKS, TABLES, Cell, added, quoted_top1, se_cost

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


def test_the_papers_80_is_how_it_was_trained_and_not_its_formula():
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
