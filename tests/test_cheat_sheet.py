"""The page to keep: every number computed, nothing older than the library."""

import re

from tests.notebooks.rules import DESK, NOT_OUR_TONE, NOT_PLAIN
from tools.make_cheat_sheet import PAGE, TEMPLATE, cheat_sheet


def test_what_is_committed_is_what_is_computed():
    assert PAGE.read_text("utf-8") == cheat_sheet()


def test_the_kernel_sizes_stand_under_their_channels():
    rows = re.findall(r"<tr><th>[Ck]</th>(.*?)</tr>", cheat_sheet())
    channels, sizes = (re.findall("<td>(.*?)</td>", row) for row in rows)
    assert dict(zip(channels, sizes, strict=True)) == {
        "1 to 7": "1",
        "8 to 127": "3",
        "128 to 2047": "5",
        "2048 and more": "7",
    }


def test_it_has_the_numbers_worked_out_by_hand():
    page = cheat_sheet()
    for number in ("318", "2,514,944 (+9.8 %)", "62.5 %", "+3.7 %", "8,290", "0, 1, 2, 3 of 5"):
        assert number in page


def test_its_words_are_those_of_the_notebooks():
    text = re.sub(r"<[^>]*>", " ", TEMPLATE.read_text("utf-8").split("</style>")[1])
    assert NOT_PLAIN.findall(text) + DESK.findall(text) + NOT_OUR_TONE.findall(text) == []
