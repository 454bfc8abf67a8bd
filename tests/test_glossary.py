"""One list of words: every notebook's word list, and the page of all, are made from it."""

import json
import re
import shutil

import pytest

from tests.notebooks import FOLDER, PATHS
from tests.notebooks.rules import markdown_cells, source
from tools import make_glossary
from tools.make_glossary import read_words

WORDS = read_words()
NUMBERS = {path.name[:2] for path in PATHS if path.stem != "12_quiz"}


def test_what_is_committed_is_what_the_list_makes(tmp_path, monkeypatch):
    shutil.copytree(FOLDER, tmp_path / "notebooks")
    monkeypatch.setattr(make_glossary, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(make_glossary, "PAGE", tmp_path / "notebooks" / "glossary.ipynb")
    make_glossary.main()
    for path in [*PATHS, FOLDER / "glossary.ipynb"]:
        assert (tmp_path / "notebooks" / path.name).read_text("utf-8") == path.read_text("utf-8")


def test_every_notebook_has_a_word_list():
    assert {number for word in WORDS for number in word.notebooks} == NUMBERS


def test_no_word_and_no_chinese_term_stands_twice():
    assert len({word.english.lower() for word in WORDS}) == len(WORDS)
    chinese = [term for word in WORDS for term in (word.chinese, *word.also)]
    assert len(set(chinese)) == len(chinese)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.english)
def test_a_word_has_a_chinese_term_and_a_definition_of_one_line(word):
    assert word.chinese
    assert 0 < len(word.definition) <= 120
    assert "|" not in word.english + word.chinese + word.definition
    assert word.notebooks


@pytest.mark.parametrize("path", PATHS[:-1], ids=lambda path: path.stem)
def test_a_word_is_used_in_the_notebook_that_lists_it(path):
    cells = markdown_cells(json.loads(path.read_text("utf-8")))
    text = " ".join(source(cell) for cell in cells if cell["id"] != "glossary").lower()
    listed = [word.english.lower() for word in WORDS if path.name[:2] in word.notebooks]
    for names in listed:
        stems = [name.removesuffix("e") for name in names.split(", ") if len(name) > 1]
        assert any(re.search(re.escape(stem), text) for stem in stems), names
