"""The page to keep: every number computed, nothing older than the library."""

import re

import pytest

from tests.notebooks.rules import DESK, NOT_OUR_TONE, NOT_PLAIN
from tools.make_cheat_sheet import FILES, NOTEBOOKS, TEMPLATES, cheat_sheet

EACH = pytest.mark.parametrize("language", FILES)


@EACH
def test_what_is_committed_is_what_is_computed(language):
    assert (NOTEBOOKS / FILES[language]).read_text("utf-8") == cheat_sheet(language)


@pytest.mark.parametrize(
    ("language", "to", "more"), [("en", "to", "and more"), ("zh", "到", "及以上")]
)
def test_the_kernel_sizes_stand_under_their_channels(language, to, more):
    rows = re.findall(r"<tr><th>[Ck]</th>(.*?)</tr>", cheat_sheet(language))
    channels, sizes = (re.findall("<td>(.*?)</td>", row) for row in rows)
    assert dict(zip(channels, sizes, strict=True)) == {
        f"1 {to} 7": "1",
        f"8 {to} 127": "3",
        f"128 {to} 2047": "5",
        f"2048 {more}": "7",
    }


def test_it_has_the_numbers_worked_out_by_hand():
    page = cheat_sheet()
    for number in ("318", "2,514,944 (+9.8 %)", "62.5 %", "+3.7 %", "8,290", "0, 1, 2, 3 of 5"):
        assert number in page


def test_its_words_are_those_of_the_notebooks():
    text = re.sub(
        r"<[^>]*>", " ", (TEMPLATES / FILES["en"]).read_text("utf-8").split("</style>")[1]
    )
    assert NOT_PLAIN.findall(text) + DESK.findall(text) + NOT_OUR_TONE.findall(text) == []
