"""Write the instructor edition: every notebook with its solutions open and teaching notes put in.

    python tools/make_instructor.py [folder]

The notebooks are the source, and `tools/teaching_notes/NN.md` has the notes: a section follows the
cell whose id is its heading. The Chinese notes are in `tools/zh/teaching_notes`, each heading with
the digits of its English section; their edition is in `zh`. The same sources give the same files,
byte for byte.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
NOTES = Path(__file__).parent / "teaching_notes"
NOTES_ZH = Path(__file__).parent / "zh" / "teaching_notes"
BANNER = (
    "> **Instructor edition**, with solutions and notes, made by `make instructor`. Change "
    "`notebooks/` and `tools/teaching_notes/`, not this file."
)
BANNER_ZH = (
    "> **教师版**，带参考答案和课堂笔记，由 `make instructor` 生成。"
    "要改请改 `tools/zh/`，不要改这个文件。"
)
HEADING = re.compile(r"^## (\S+)(?: [0-9a-f]{8})?\n", re.MULTILINE)


def read_notes(text: str) -> dict[str, str]:
    """The sections of a file of notes by the id of the cell that each follows, in order.

    Args:
        text: Markdown; `## some-id` begins a section, with or without digits; what stands above the
            first is left out.

    Raises:
        ValueError: if two sections have the same id.
    """
    _, *parts = HEADING.split(text)
    ids, bodies = parts[::2], parts[1::2]
    if len(set(ids)) < len(ids):
        raise ValueError(f"Every section must have an id of its own. Received: {ids}.")
    return {each: body.strip() for each, body in zip(ids, bodies, strict=True)}


def instructor_edition(
    notebook: dict[str, Any], notes: dict[str, str], banner: str = BANNER
) -> dict[str, Any]:
    """A notebook with its solutions open and each note behind its cell.

    Args:
        notebook: as the file has it; it is not changed.
        notes: by the id of the cell that they follow.
        banner: what stands above all.

    Raises:
        ValueError: if a note follows a cell that is not there.
    """
    unknown = notes.keys() - {cell["id"] for cell in notebook["cells"]}
    if unknown:
        raise ValueError(f"Every note must follow a cell of the notebook. Received: {unknown}.")
    cells = [_text("instructor-edition", banner)]
    for cell in notebook["cells"]:
        metadata = {key: value for key, value in cell["metadata"].items() if key != "jupyter"}
        cells.append({**cell, "metadata": metadata})
        if cell["id"] in notes:
            quoted = "\n".join(f"> {line}".rstrip() for line in notes[cell["id"]].splitlines())
            cells.append(_text(f"note-{cell['id']}", quoted))
    return {**notebook, "cells": cells}


def _text(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {"tags": ["teaching"]},
        "source": source.splitlines(keepends=True),
    }


def write_edition(folder: Path, notebooks: Path, notes: Path, banner: str) -> None:
    """Write the edition of all notebooks into a folder, and delete what an earlier run left."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = sorted(notebooks.glob("[0-9]*.ipynb"))
    for old in folder.glob("*.ipynb"):
        if old.name not in {path.name for path in paths}:
            old.unlink()
    for path in paths:
        sections = read_notes((notes / f"{path.name[:2]}.md").read_text("utf-8"))
        edition = instructor_edition(json.loads(path.read_text("utf-8")), sections, banner)
        text = json.dumps(edition, indent=1, ensure_ascii=False) + "\n"
        (folder / path.name).write_text(text, "utf-8", newline="\n")
    exam = HEADING.sub(r"## \1\n", (notes / "exam.md").read_text("utf-8"))
    (folder / "exam.md").write_text(exam, "utf-8", newline="\n")
    print(f"{len(paths)} notebooks and an exam in {folder}")


def main(folder: Path) -> None:
    """Write both editions, the Chinese one into `zh`."""
    write_edition(folder, NOTEBOOKS, NOTES, BANNER)
    write_edition(folder / "zh", NOTEBOOKS / "zh", NOTES_ZH, BANNER_ZH)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "instructor")
