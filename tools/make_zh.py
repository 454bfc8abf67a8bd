"""Write the Chinese edition of the notebooks, and tell what of it is still to translate.

    python -m tools.make_zh                write notebooks/zh from notebooks and tools/zh
    python -m tools.make_zh --missing 03   print the sections of notebook 03 to translate or look at

`tools/zh/NN.md` (`routes.md` for the page) has a section for each Markdown cell, headed by its id
and the first 8 digits of the SHA-256 of its English text. A section of a code cell has pairs of
lines: `- ` what stands in a string or comment, `+ ` what stands there instead; all else of the code
stays. Word lists are made from `tools/glossary.csv`, as in English.
"""

import ast
import hashlib
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import make_glossary

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
EDITION = NOTEBOOKS / "zh"
TRANSLATIONS = Path(__file__).parent / "zh"
SECTION = re.compile(r"^## (\S+) ([0-9a-f]{8})\n", re.MULTILINE)
LINK = re.compile(r"(\]\(|(?:src|href)=\")(?![a-z]+:|#|/)([^)#\"\s]+)")
WORD_LISTS = ("glossary", "words")  # cells that are made, not translated
# The end of a line is a space on the page: not between Chinese characters, nor beside their marks.
CHARACTER = "[\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e“”]"
MARK = "[\u3001-\u3011\uff01-\uff5e“”]"
NO_SPACE = re.compile(
    rf"(?<={CHARACTER})\n *(?={CHARACTER})|(?<={MARK})\n *(?=[^\W\d]|[`$(\[]|\*\S)"
)
NO_SPACE_IN_CODE = re.compile(rf'(?<={MARK}) (?="\n)|(?<={CHARACTER}) (?="\n *"{CHARACTER})')
LANGUAGE = 'from attention_lib import language\n\nlanguage.speak("zh")'
# Lines that stand in many cells are the same in each.
FIXED = {
    "<summary><b>Check</b> (commit, run the cell above, then open)</summary>": (
        "<summary><b>核对</b>（先作答，运行上面的单元格，再打开）</summary>"
    ),
    "<summary>Hint 1: where to look</summary>": "<summary>提示 1：从哪里入手</summary>",
    "<summary>Hint 2: the idea</summary>": "<summary>提示 2：思路</summary>",
    "<summary>Hint 3: nearly the line</summary>": "<summary>提示 3：差不多就是这一行</summary>",
    "<summary>How to judge your answer</summary>": "<summary>怎样判断自己的答案</summary>",
    "After this you can": "学完这一篇，你能够",
    "## What you can do now": "## 你现在会了什么",
    "## Your turn": "## 轮到你了",
    "If you need help: under each check are three hints, one inside the other, and behind the "
    "dots below them a solution.": (
        "需要帮助时：每个检查下面有三个提示，一个套一个；再往下，点开省略号就是参考答案。"
    ),
}

Notebook = dict[str, Any]
Sections = dict[str, tuple[str, str]]  # the hash and the text by the id of the cell


def read_sections(text: str) -> Sections:
    """The sections of a file of translations.

    Args:
        text: Markdown; `## some-id 3f9a1c02` begins a section.

    Raises:
        ValueError: if two sections have the same id.
    """
    _, *parts = SECTION.split(text)
    ids = parts[::3]
    if len(set(ids)) < len(ids):
        twice = sorted({each for each in ids if ids.count(each) > 1})
        raise ValueError(f"Every section must have an id of its own. Received twice: {twice}.")
    return {
        cell: (digits, body.strip())
        for cell, digits, body in zip(ids, parts[1::3], parts[2::3], strict=True)
    }


def digits_of(text: str) -> str:
    """The first 8 digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def hash_of(cell: dict[str, Any]) -> str:
    """The digits of what is written in a cell."""
    return digits_of(_source(cell))


def chinese_edition(notebook: Notebook, sections: Sections) -> Notebook:
    """A notebook with its words translated, and a cell that chooses the language.

    Args:
        notebook: the English one, as the file has it; it is not changed.
        sections: what `read_sections` returns; a cell without one stays English.

    Raises:
        ValueError: if a section belongs to no cell, or a pair changes more than words.
    """
    unknown = sections.keys() - {cell["id"] for cell in notebook["cells"]}
    if unknown:
        raise ValueError(f"Every section must belong to a cell. Received: {sorted(unknown)}.")
    cells = []
    chosen = False
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not chosen:
            cells.append(_choice_of_language())
            chosen = True
        text = sections.get(cell["id"], ("", _source(cell)))[1]
        if cell["cell_type"] == "markdown":
            text = _without_line_ends(LINK.sub(_from_the_folder, text))
        elif cell["id"] in sections:
            text = _with_words(cell, text)
        cells.append({**cell, "source": text.splitlines(keepends=True)})
    return {**notebook, "cells": cells}


def missing(notebook: Notebook, sections: Sections) -> str:
    """The sections to write or to look at again, in English, under the headings of today."""
    return "\n\n".join(
        f"## {cell['id']} {hash_of(cell)}\n\n{_to_translate(cell)}"
        for cell in notebook["cells"]
        if _to_translate(cell) and sections.get(cell["id"], ("",))[0] != hash_of(cell)
    )


def prose(code: str) -> Iterator[str]:
    """What a learner reads in code, line by line: notes, docstrings and comments."""
    spoken = [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    noting = False
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        noting = noting or token.string == "note"
        if token.type == tokenize.NEWLINE:
            noting = False
        if token.type == tokenize.COMMENT:
            yield token.string.lstrip("# ")
        elif token.type == tokenize.STRING and (noting or token.start[0] in spoken):
            for line in ast.literal_eval(token.string).splitlines():
                if line.strip() not in ("", "Args:", "Returns:"):
                    yield line.strip()


def _to_translate(cell: dict[str, Any]) -> str:
    """What a section of a cell begins with, or nothing where none is needed."""
    if cell["id"] in WORD_LISTS:
        return ""
    if cell["cell_type"] == "code":
        return "\n".join(f"- {line}\n+ {line}" for line in dict.fromkeys(prose(_source(cell))))
    return "\n".join(FIXED.get(line, line) for line in _source(cell).splitlines())


def _with_words(cell: dict[str, Any], pairs: str) -> str:
    """The code of a cell with other words in its strings and comments."""
    lines = [line for line in pairs.splitlines() if line.strip()]
    olds, news = lines[::2], lines[1::2]
    if len(olds) != len(news) or not all(
        old.startswith("- ") and new.startswith("+ ") for old, new in zip(olds, news, strict=True)
    ):
        raise ValueError(f"Section {cell['id']}: lines must come in pairs, `- old` and `+ new`.")
    before = after = _source(cell)
    for old, new in zip(olds, news, strict=True):
        if old[2:] not in before:
            raise ValueError(f"Section {cell['id']}: the cell does not have {old[2:]!r}.")
        after = after.replace(old[2:], new[2:])
    after = NO_SPACE_IN_CODE.sub("", after)
    if _skeleton(before) != _skeleton(after):
        raise ValueError(f"Section {cell['id']}: only words may change, not the code: {after}")
    return after


def _without_line_ends(text: str) -> str:
    """Markdown with the lines of a Chinese paragraph in one, and code as it is."""
    parts = re.split(r"(^```.*?^```)", text, flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [NO_SPACE.sub("", part) for part in parts[::2]]
    return "".join(parts)


def _skeleton(code: str) -> str:
    """The code without the words in its strings and comments."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            node.values = [each for each in node.values if isinstance(each, ast.FormattedValue)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def _choice_of_language() -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "language",
        "metadata": {},
        "outputs": [],
        "source": LANGUAGE.splitlines(keepends=True),
    }


def _from_the_folder(link: re.Match[str]) -> str:
    """A link to a notebook leads to the Chinese one; what is not there is one folder up."""
    start, target = link.groups()
    here = (target.endswith(".ipynb") and "/" not in target) or (EDITION / target).exists()
    return link[0] if here else f"{start}../{target}"


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def paths() -> list[Path]:
    """The notebooks that have a Chinese edition, or may have one."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def translations(path: Path) -> Path:
    """The file of translations of a notebook: `03.md`, `routes.md`."""
    return TRANSLATIONS / f"{path.stem[:2] if path.stem[0].isdigit() else path.stem}.md"


def sections_of(path: Path, notebook: Notebook) -> Sections:
    """The translations of a notebook, with its word lists made."""
    file = translations(path)
    sections = read_sections(file.read_text("utf-8")) if file.exists() else {}
    words = make_glossary.read_words()
    for cell in notebook["cells"]:
        if cell["id"] == "glossary":
            sections["glossary"] = hash_of(cell), make_glossary.chinese_list(words, path.stem[:2])
        elif cell["id"] == "words":
            titles = {each.name[:2]: each.name for each in paths()}
            sections["words"] = hash_of(cell), make_glossary.chinese_page(words, titles)
    return sections


def main() -> None:
    """Write the edition of every notebook that has translations, and say what they lack."""
    EDITION.mkdir(exist_ok=True)
    for path in paths():
        notebook = json.loads(path.read_text("utf-8"))
        sections = sections_of(path, notebook)
        if not translations(path).exists() and "words" not in sections:
            continue
        edition = chinese_edition(notebook, sections)
        text = json.dumps(edition, indent=1, ensure_ascii=False) + "\n"
        (EDITION / path.name).write_text(text, "utf-8", newline="\n")
        if lacking := len(SECTION.findall(missing(notebook, sections))):
            print(f"{path.stem}: {lacking} sections to translate or to look at")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["--missing", name]:
            (found,) = NOTEBOOKS.glob(f"{name}*.ipynb")
            english = json.loads(found.read_text("utf-8"))
            print(missing(english, sections_of(found, english)))
        case _:
            sys.exit(__doc__)
