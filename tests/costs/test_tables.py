"""How a table of a paper is found, and how a notebook shows it."""

import re

import pytest

from attention_lib import costs


def rows(table):
    return [
        re.sub(r"<[^>]+>", " ", row).split()
        for row in re.findall(r"<tr>(.*?)</tr>", table._repr_html_())
    ]


def test_every_table_can_be_found_by_its_paper_and_place():
    for table in (*costs.TABLES, *costs.CLAIMS):
        assert costs.table(table.paper, table.place) is table


def test_a_table_that_we_do_not_have_is_said_to_be_missing():
    with pytest.raises(ValueError, match=r"Received: 'SE', 'Table 99'. Choose from SE Table 2"):
        costs.table("SE", "Table 99")


def test_a_cell_that_we_do_not_have_is_said_to_be_missing():
    with pytest.raises(ValueError, match=r"Received: 'r = 3', 'top-1 error, %'. Choose from r = 2"):
        costs.printed("SE", "Table 10", "r = 3", "top-1 error, %")


def test_a_line_shows_what_is_printed_ours_the_difference_and_what_is_quoted():
    shown = rows(costs.table("SE", "Table 10"))
    assert ["r", "=", "16", "28.1", "28.13", "+0.03", "22.28", "6.03"] in shown
    assert shown[1].count("quoted") == 2


def test_a_difference_is_bold_where_the_two_disagree():
    page = costs.table("SE", "Table 10")._repr_html_()
    assert re.findall("<strong>(.*?)</strong>", page) == ["−0.06"]


@pytest.mark.parametrize("table", costs.TABLES, ids=lambda table: f"{table.paper} {table.place}")
def test_every_row_has_a_place_for_every_column(table):
    page = table._repr_html_()
    head = re.search("<thead>(.*?)</thead>", page)[1]
    columns = head.split("</tr>")[1].count("<th>")
    for row in re.findall("<tr>(.*?)</tr>", page.partition("<tbody>")[2]):
        assert row.count("<td>") == columns
    assert all(cell.printed in page for cell in table.cells)
