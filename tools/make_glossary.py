"""Write the word list of every notebook, and the page of all words, from `glossary.csv`.

    python tools/make_glossary.py

A word list is the cell with the id `glossary`. A word's `notebooks` say where it stands in one.
"""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
PAGE = NOTEBOOKS / "glossary.ipynb"
CHINESE_HEAD = ["| 词 | word | 在这里的意思 |", "|---|---|---|"]
HEAD = ["| word | 词 | what it means here |", "|---|---|---|"]


class Word(NamedTuple):
    """One line of the list."""

    english: str
    chinese: str  # the term that the series uses
    also: tuple[str, ...]  # other terms that readers meet
    definition: str
    meaning: str  # the definition in Chinese
    notebooks: tuple[str, ...]  # such as "02"


def read_words() -> list[Word]:
    """The whole list, in the order of the file."""
    with (Path(__file__).parent / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return [
            Word(
                row["english"],
                row["chinese"],
                tuple(filter(None, row["also"].split(", "))),
                row["definition"],
                row["meaning"],
                tuple(row["notebooks"].split()),
            )
            for row in csv.DictReader(file)
        ]


def word_list(words: list[Word], number: str) -> str:
    """The table of the words of one notebook, with a link to all of them."""
    lines = [
        f"| {w.english} | {w.chinese} | {w.definition} |" for w in words if number in w.notebooks
    ]
    return "\n".join([*HEAD, *lines, "", "[All words](glossary.ipynb)"])


def page(words: list[Word], titles: dict[str, str]) -> dict[str, Any]:
    """The page: every word, with the other Chinese terms and links to the notebooks.

    Args:
        words: the list.
        titles: the file name of each notebook by its number.
    """
    lines = ["| word | 词 | also | what it means here | notebooks |", "|---|---|---|---|---|"]
    for w in sorted(words, key=lambda w: w.english.lower()):
        also, links = ", ".join(w.also), _links(w, titles)
        lines.append(f"| {w.english} | {w.chinese} | {also} | {w.definition} | {links} |")
    text = "# Glossary\n\nThe words of the series, in English and Chinese.\n\n" + "\n".join(lines)
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {
        "cells": [{"cell_type": "markdown", "id": "words", "metadata": {}, "source": _lines(text)}],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def chinese_list(words: list[Word], number: str) -> str:
    """The table of the words of one notebook in the Chinese edition."""
    lines = [f"| {w.chinese} | {w.english} | {w.meaning} |" for w in words if number in w.notebooks]
    return "\n".join([*CHINESE_HEAD, *lines, "", "[全部术语](glossary.ipynb)"])


def chinese_page(words: list[Word], titles: dict[str, str]) -> str:
    """The text of the page in the Chinese edition: the English words in their order."""
    lines = ["| 词 | word | 也叫 | 在这里的意思 | 篇目 |", "|---|---|---|---|---|"]
    for w in sorted(words, key=lambda w: w.english.lower()):
        also = "、".join(w.also)
        lines.append(f"| {w.chinese} | {w.english} | {also} | {w.meaning} | {_links(w, titles)} |")
    return "# 术语表\n\n本系列用到的词，中英对照。\n\n" + "\n".join(lines)


def _links(word: Word, titles: dict[str, str]) -> str:
    return " ".join(f"[{number}]({titles[number]})" for number in word.notebooks)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _write(path: Path, notebook: dict[str, Any]) -> None:
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, "utf-8", newline="\n")


def main() -> None:
    """Write every word list and the page."""
    words = read_words()
    paths = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
    for path in paths:
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            if cell["id"] == "glossary":
                cell["source"] = _lines(word_list(words, path.name[:2]))
        _write(path, notebook)
    _write(PAGE, page(words, {path.name[:2]: path.name for path in paths}))


if __name__ == "__main__":
    main()
