"""The Chinese catalogue: every text that is said is in it, and only these."""

import ast
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import words

COMPLETE = True  # False while much is being translated: then what is not yet is no fault
FILES = sorted(words.LIBRARY.rglob("*.py"))
LITERALS = {"say": 0, "many": 1, "and_more": 2}  # which argument is written out
TRANSLATES = ("language.py", "_words.py")  # what hands texts on


def calls(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("language.").removeprefix("_words.")
            if name in LITERALS:
                yield name, node


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(words.LIBRARY)))
def test_a_text_is_written_out_where_it_is_said_with_its_places(path):
    for name, call in calls(path):
        text = call.args[LITERALS[name]]
        where = f"{path.name}:{call.lineno}"
        if path.name in TRANSLATES and not isinstance(text, ast.Constant):
            continue
        assert isinstance(text, ast.Constant), where
        assert isinstance(text.value, str), where
        named = {keyword.arg for keyword in call.keywords}
        if name == "say" and named and None not in named:
            wanted = {re.match(r"\{(\w+)", place)[1] for place in words.places(text.value)}
            assert wanted == named, where


def test_every_text_is_found():
    found = {message.id for message in words.said()}
    said = {
        call.args[LITERALS[name]].value
        for path in FILES
        if path.name not in TRANSLATES
        for name, call in calls(path)
    }
    assert said - found == set()


def test_a_translation_has_the_places_of_its_text():
    for message in words.read():
        if message.id and message.string:
            assert words.places(message.id) == words.places(message.string), message.id
            assert not message.fuzzy


def test_what_is_compiled_is_the_catalogue():
    _, compiled = words.as_files(words.read())
    assert words.CATALOGUE.with_suffix(".mo").read_bytes() == compiled


@pytest.mark.skipif(not COMPLETE, reason="the catalogue is still being translated")
def test_the_catalogue_is_complete_and_as_make_words_leaves_it():
    kept = words.read()
    assert words.as_files(words.renewed(kept))[0] == words.CATALOGUE.read_bytes(), "make words"
    assert list(words.missing(kept)) == []


@pytest.fixture
def catalogue():
    made = Catalog(locale="zh_CN")
    made.add("{count} gates", locations=[("attention_lib/panels/a.py", None)])
    made.add("Back", "后退", locations=[("attention_lib/panels/a.py", None)])
    made.add("Why?", locations=[("attention_lib/course/b.py", None)])
    return made


def test_what_is_missing_is_told_by_folder(catalogue):
    assert list(words.missing(catalogue)) == ["{count} gates", "Why?"]
    assert list(words.missing(catalogue, "attention_lib/course")) == ["Why?"]


def test_translations_are_put_in_and_empty_ones_wait(catalogue):
    words.fill(catalogue, {"{count} gates": "{count} 个门控值", "Why?": "", "Back": ""})
    found = [message.string or "" for message in catalogue if message.id]
    assert found == ["{count} 个门控值", "后退", ""]


@pytest.mark.parametrize(
    ("translations", "message"),
    [
        ({"How?": "怎样？"}, "must be one that is said today. Received: 'How\\?'"),
        ({"{count} gates": "门控值"}, r"must have the places \['\{count\}'\]"),
    ],
)
def test_what_does_not_fit_is_refused(catalogue, translations, message):
    with pytest.raises(ValueError, match=message):
        words.fill(catalogue, translations)


def test_every_run_gives_the_same_bytes():
    kept = words.read()
    once = words.as_files(words.renewed(kept))
    assert words.as_files(words.renewed(words.renewed(kept))) == once


def test_a_changed_text_is_a_new_one(catalogue, monkeypatch):
    today = Catalog()
    today.add("Go back", locations=[("attention_lib/panels/a.py", None)])
    monkeypatch.setattr(words, "said", lambda: today)
    renewed = words.renewed(catalogue)
    assert {message.id: message.string for message in renewed if message.id} == {"Go back": ""}


def test_the_command_prints_json(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["words", "--missing", "attention_lib/nowhere"])
    words.main()
    assert json.loads(capsys.readouterr().out) == {}
    assert Path(words.CATALOGUE).exists()
