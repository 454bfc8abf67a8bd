"""The Chinese edition says what the English one says, cell by cell."""

import ast
import csv
import json
import re
import subprocess
from collections import Counter

import pytest
from markdown_it import MarkdownIt

from tests.notebooks import rules
from tools import make_cheat_sheet, make_zh
from tools.make_instructor import NOTES, NOTES_ZH, read_notes
from tools.make_zh import EDITION, FIXED, ROOT, SECTION, TRANSLATIONS, WORD_LISTS

PATHS = [path for path in make_zh.paths() if path.stem != "glossary"]  # that one is made
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
NOTES_TOO = pytest.mark.parametrize(
    "path", [*PATHS, *sorted(NOTES.glob("*.md"))], ids=lambda path: path.name
)
PARTS = {
    "blocks of code": r"```.*?```",
    "formulas": r"\$\$.*?\$\$|\$[^$\n]+\$",
    "code": r"`[^`\n]+`",
    "links": r"(?<=\]\()[^)\s]+(?=\))",
    "tags": r"</?\w[^>]*>",
}
# In Chinese these may be figures.
IN_WORDS = {
    word: number
    for number, words in {
        "0": "zero",
        "1": "one first once january",
        "2": "two second twice both half february",
        "3": "three third march",
        "4": "four fourth april quarter",
        "5": "five fifth",
        "6": "six sixth june",
        "7": "seven july",
        "8": "eight august",
        "9": "nine september",
        "10": "ten october",
        "11": "eleven november",
        "12": "twelve december",
        "13": "thirteen",
        "14": "fourteen",
        "20": "twenty",
        "30": "thirty",
        "100": "hundred",
    }.items()
    for word in words.split()
}
LATIN = r"A-Za-z0-9"
CHINESE = "\u4e00-\u9fff"


def read(path):
    return json.loads(path.read_text("utf-8"))


def pairs(path):
    """What is translated, cells of a notebook or sections of notes: id, English, Chinese."""
    if path.suffix == ".md":
        chinese = make_zh.read_sections((NOTES_ZH / path.name).read_text("utf-8"))
        for section, text in read_notes(path.read_text("utf-8")).items():
            yield section, text, chinese[section][1]
        return
    english = read(path)
    sections = make_zh.sections_of(path, english)
    for cell in rules.markdown_cells(english):
        if cell["id"] in sections and cell["id"] not in WORD_LISTS:
            yield cell["id"], rules.source(cell), sections[cell["id"]][1]


def parts(text):
    """What must be the same in both languages, by kind, and the words that are left."""
    found = {}
    for kind, pattern in PARTS.items():
        found[kind] = Counter(re.findall(pattern, text, re.DOTALL))
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    # A place on the same page is named by its heading, which is translated.
    found["links"] = Counter(link for link in found["links"].elements() if link[0] != "#")
    return found, text


def numbers(text):
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", text))


def changed_numbers(english, chinese):
    """The numbers that Chinese lacks, and those that it has beside English, be it in words."""
    theirs, ours = parts(english)[1], parts(chinese)[1]
    words = re.findall(r"[a-z]+", theirs.lower())
    worded = Counter(IN_WORDS[word] for word in words if word in IN_WORDS)
    return numbers(theirs) - numbers(ours), numbers(ours) - numbers(theirs) - worded


def forms(text):
    """The headings, items of lists, rows of tables and quotations of a text, by kind."""
    kinds = {"heading": r"^#+ ", "item": r"^[-*] |^\d+\. ", "row": r"^\|", "quote": r"^>"}
    return {kind: re.findall(each, text, re.MULTILINE) for kind, each in kinds.items()}


def not_typeset(text):
    """What is against the style of Chinese typesetting.

    Full-width punctuation, a space between Chinese and Latin, no exclamation, no 您.
    """
    wrong = re.findall(rf"[{CHINESE}][,;:?!]|[，。；：？！、] [{CHINESE}{LATIN}]|您|！", text)
    text = re.sub(r"\]\([^)]*\)|<[^>]*>|[*_]", "", text)
    return wrong + re.findall(rf"[{CHINESE}][{LATIN}]|[{LATIN}][{CHINESE}]", text)


def stars_shown(text):
    """In `文字**“强调”**文字` the stars would be shown: they need a letter inside or a space."""
    shown = MarkdownIt().enable("table").render(parts(text)[1])
    return re.findall(r".{,9}[*]+.{,9}", shown)


def terms():
    """What each term may be called in Chinese."""
    accepted = {}
    for word in make_zh.make_glossary.read_words():
        for english in word.english.split(", "):
            accepted[english] = {word.chinese, *word.also}
    with (TRANSLATIONS / "terms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            more = {row["chinese"], *row["also"].split(", ")} - {""}
            accepted.setdefault(row["english"], set()).update(more)
    return {english: words for english, words in accepted.items() if len(english) > 1}


@EACH
def test_every_cell_is_translated_as_it_is_today(path):
    english = read(path)
    left = SECTION.findall(make_zh.missing(english, make_zh.sections_of(path, english)))
    assert left == [], f"python -m tools.make_zh --missing {path.stem}"


@NOTES_TOO
def test_code_formulas_links_and_tags_are_the_same(path):
    for cell, english, chinese in pairs(path):
        ours, theirs = parts(chinese)[0], parts(english)[0]
        assert {cell: ours} == {cell: theirs}


@NOTES_TOO
def test_numbers_are_the_same(path):
    for cell, english, chinese in pairs(path):
        assert {cell: changed_numbers(english, chinese)} == {cell: (Counter(), Counter())}


@NOTES_TOO
def test_headings_lists_and_tables_are_the_same(path):
    for cell, english, chinese in pairs(path):
        assert (cell, forms(chinese)) == (cell, forms(english))


@EACH
def test_lines_that_stand_in_many_cells_are_the_same_in_each(path):
    for cell, english, chinese in pairs(path):
        fixed = [FIXED[line] for line in english.splitlines() if line in FIXED]
        assert [line for line in fixed if line not in chinese.splitlines()] == [], cell


@NOTES_TOO
def test_terms_are_kept(path):
    for cell, english, chinese in pairs(path):
        if cell in ("reading", "references"):  # titles of papers stay English
            continue
        text = re.sub(r"Squeeze-and-Excitation|\*\*Key\.\*\*", "", parts(english)[1])  # names
        lost = {
            term: sorted(accepted)
            for term, accepted in terms().items()
            if re.search(rf"\b{re.escape(term)}s?\b", text, re.IGNORECASE)
            and not any(word.lower() in chinese.lower() for word in accepted)
        }
        assert {cell: lost} == {cell: {}}


@EACH
def test_the_style_is_that_of_chinese_typesetting(path):
    notebook = read(path)
    english = "\n".join(map(rules.source, notebook["cells"]))  # what it quotes is as it is
    for cell, (_, text) in make_zh.sections_of(path, notebook).items():
        assert (cell, [each for each in not_typeset(text) if each not in english]) == (cell, [])


@NOTES_TOO
def test_emphasis_is_read_as_such(path):
    for cell, _, chinese in pairs(path):
        assert (cell, stars_shown(chinese)) == (cell, [])


@EACH
def test_folds_are_read_as_markdown_inside(path):
    edition = read(EDITION / path.name)
    for cell in rules.markdown_cells(edition):
        text = rules.source(cell)
        assert re.findall(r"</summary>\n[^\n]|[^>\n]\n</details>", text) == []


@EACH
def test_a_place_on_the_page_is_there(path):
    edition = read(EDITION / path.name)
    text = "\n".join(rules.source(cell) for cell in rules.markdown_cells(edition))
    headings = {line.replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_what_is_committed_is_what_the_translations_make(tmp_path, monkeypatch):
    made = tmp_path / "zh"
    links_here = make_zh.EDITION.glob("*.html")
    made.mkdir()
    for page in links_here:
        (made / page.name).touch()
    monkeypatch.setattr(make_zh, "EDITION", made)
    make_zh.main()
    names = sorted(path.name for path in made.glob("*.ipynb"))
    assert names == sorted(path.name for path in EDITION.glob("*.ipynb"))
    for name in names:
        assert (made / name).read_text("utf-8") == (EDITION / name).read_text("utf-8"), "make zh"


@pytest.mark.parametrize("path", sorted(EDITION.glob("*.ipynb")), ids=lambda path: path.stem)
def test_cells_have_their_ids_and_code(path):
    english, chinese = read(EDITION.parent / path.name), read(path)
    cells = [cell for cell in chinese["cells"] if cell["id"] != "language"]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in english["cells"]]
    assert chinese["metadata"] == english["metadata"]
    code = rules.code_cells(chinese)
    assert not code or (code[0]["id"], rules.source(code[0])) == ("language", make_zh.LANGUAGE)
    for rule in (rules.is_valid, rules.is_stripped, rules.has_short_code, rules.has_whole_links):
        assert list(rule(chinese, path.parent)) == []


def test_two_sections_of_one_cell_are_found():
    with pytest.raises(ValueError, match=r"an id of its own\. Received twice: \['a'\]"):
        make_zh.read_sections("## a 00000000\n\n一\n\n## a 00000001\n\n二\n")


def notebook(**cells):
    """A notebook of code cells and, where the id is `text`, of words."""
    kinds = {True: "markdown", False: "code"}
    return {
        "cells": [
            {"cell_type": kinds[name == "text"], "id": name, "metadata": {}, "source": [source]}
            for name, source in cells.items()
        ]
    }


def test_a_section_without_its_cell_is_found():
    with pytest.raises(ValueError, match=r"must belong to a cell\. Received: \['b'\]"):
        make_zh.chinese_edition(notebook(text="One."), {"b": ("00000000", "一")})


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ("- one\n- two", "lines must come in pairs"),
        ("- three\n+ 三", "the cell does not have 'three'"),
        ("- x\n+ y", "only words may change, not the code"),
    ],
)
def test_a_pair_changes_words_only(pairs, message):
    with pytest.raises(ValueError, match=message):
        make_zh.chinese_edition(notebook(code='x = "one"'), {"code": ("00000000", pairs)})


def test_words_of_code_are_translated_and_the_language_is_chosen_before():
    english = notebook(text="[One](01.ipynb) [sheet](no_such.html)", code='f(x, "one")  # two')
    sections = {"code": ("00000000", "- one\n+ 一\n\n- two\n+ 二")}
    text, chosen, code = make_zh.chinese_edition(english, sections)["cells"]
    assert text["source"] == ["[One](01.ipynb) [sheet](../no_such.html)"]
    assert chosen["id"] == "language"
    assert code["source"] == ['f(x, "一")  # 二']


def test_the_end_of_a_line_is_no_space_between_chinese_characters():
    text = "一，\n二，\n`x` 三\n$y$，\n*z*\n\n- 四，\n  五\n- 六\n\n```\n七\n八\n```"
    sections = {"text": ("00000000", text)}
    (cell,) = make_zh.chinese_edition(notebook(text="One."), sections)["cells"]
    joined = "一，二，`x` 三\n$y$，*z*\n\n- 四，五\n- 六\n\n```\n七\n八\n```"
    assert "".join(cell["source"]) == joined


def test_a_string_over_two_lines_has_no_space_after_a_chinese_mark():
    english = notebook(code='predict.note(\n    "Why? "\n    "And how?"\n)')
    sections = {"code": ("00000000", "- Why?\n+ 为什么？\n- And how?\n+ 怎样？")}
    code = make_zh.chinese_edition(english, sections)["cells"][1]
    assert "".join(code["source"]) == 'predict.note(\n    "为什么？"\n    "怎样？"\n)'


def test_a_changed_cell_is_to_be_looked_at_again():
    english = notebook(text="One.", code='predict.note("Why?")', plain="x = 1")
    found = make_zh.read_sections(make_zh.missing(english, {}))
    assert {name: text for name, (_, text) in found.items()} == {
        "text": "One.",
        "code": "- Why?\n+ Why?",
    }
    assert make_zh.missing(english, found) == ""
    changed = notebook(text="Two.", code='predict.note("Why?")', plain="x = 1")
    assert list(make_zh.read_sections(make_zh.missing(changed, found))) == ["text"]


def test_what_is_read_in_code_is_found():
    code = 'def f():\n    """Do it.\n\n    Args:\n        x: so.\n    """\n    return "no"  # why\n'
    assert list(make_zh.prose(code)) == ["Do it.", "x: so.", "why"]


# The teaching notes


@pytest.mark.parametrize("path", sorted(NOTES.glob("*.md")), ids=lambda path: path.name)
def test_notes_are_translated_as_they_are_today(path):
    english = read_notes(path.read_text("utf-8"))
    text = (NOTES_ZH / path.name).read_text("utf-8")
    chinese = make_zh.read_sections(text)
    today = {section: make_zh.digits_of(each) for section, each in english.items()}
    assert {section: digits for section, (digits, _) in chinese.items()} == today
    assert list(chinese) == list(english)
    assert not_typeset(text) == []
    above = re.split(r"^## ", path.read_text("utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    assert changed_numbers(above, text[: text.index("\n## ")]) == (Counter(), Counter())
    marks = {"Time": "时间", "Ask": "提问", "Goes wrong": "常见问题", "Key": "答案"}
    for section, each in english.items():
        theirs = [
            marks[mark] for mark in re.findall(r"\*\*([A-Z][a-z ]+)\.\*\*", each) if mark in marks
        ]
        ours = re.findall(rf"\*\*({'|'.join(marks.values())})。\*\*", chinese[section][1])
        assert (section, ours) == (section, theirs)


# README


def readmes():
    """Both, with links that are broken over two lines in one."""
    texts = [(ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md")]
    return [text.replace("](\n", "](") for text in texts]


def leading_to_chinese(text):
    """With every notebook that has a Chinese edition replaced by it, and the picture too."""
    text = text.replace("pictures/one_block.png", "pictures/one_block_zh.png")
    return re.sub(r"notebooks(/|%2F|\\)(?=\w+\.)", r"notebooks\1zh\1", text)


def test_the_readmes_lead_to_each_other_and_to_the_same_places_in_order():
    link = r"(?<=\]\()([^)\s]+)|^ {4}(https:\S+)"
    english, chinese = ([*re.finditer(link, text, re.MULTILINE)] for text in readmes())
    theirs, ours = ([one[1] or one[2] for one in found] for found in (english, chinese))
    assert (theirs.pop(0), ours.pop(0)) == ("README.zh.md", "README.md")
    site = theirs[0] + "zh/"
    assert ours == [site, *map(leading_to_chinese, theirs[1:])]
    assert [each for each in ours if ":" not in each and not (ROOT / each).exists()] == []


def test_the_readmes_have_the_same_code():
    english, chinese = (re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL) for text in readmes())
    assert [kind for kind, _ in chinese] == [kind for kind, _ in english]
    for (kind, theirs), (_, ours) in zip(english, chinese, strict=True):
        if kind == "python":
            assert ast.dump(ast.parse(ours)) == ast.dump(ast.parse(theirs))
        if kind == "bat":
            assert ours == leading_to_chinese(theirs)


def test_make_lab_opens_the_notebook_that_the_chinese_readme_names():
    make = re.search(r"make lab (START=(\S+))", readmes()[1])
    command = ["make", "--no-print-directory", "-n", "lab", make[1]]
    plan = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert plan.stdout.rstrip().endswith(f" {make[2]}")
    assert (ROOT / make[2]).exists()


def test_the_readmes_say_the_same():
    english, chinese = (re.sub(r"^ {4}\S+$", "", text, flags=re.M) for text in readmes())
    chinese, made_from = chinese.rstrip().rsplit("\n", 1)
    assert forms(chinese) == forms(english)
    assert changed_numbers(english, chinese) == (Counter(), Counter())
    assert not_typeset(parts(chinese)[1].replace("立Sir", "")) == []
    assert stars_shown(chinese) == []
    assert made_from == seen("README.md")


def seen(name):
    """The comment that says with which English text a Chinese one was compared last."""
    return f"<!-- {name} {make_zh.digits_of((ROOT / name).read_text('utf-8'))} -->"


# The cheat sheet


def test_the_cheat_sheets_are_built_alike_and_have_the_same_numbers():
    english, chinese = map(make_cheat_sheet.cheat_sheet, ("en", "zh"))
    for part in (r"<style>.*?</style>", r"<body>.*</body>"):
        theirs, ours = (re.search(part, text, re.DOTALL)[0] for text in (english, chinese))
        assert re.findall("<[^>]*>", ours) == re.findall("<[^>]*>", theirs)
    assert changed_numbers(theirs, ours) == (Counter(), Counter())
    assert not_typeset(re.sub("<[^>]*>", "\n", ours)) == []
    assert seen("tools/cheat_sheet.html") in (TRANSLATIONS / "cheat_sheet.html").read_text("utf-8")
