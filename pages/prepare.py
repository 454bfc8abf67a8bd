"""From an executed notebook to what Sphinx reads: hosts in place of notes, results folded."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from PIL import Image

from pages.in_kernel import DENSITY, MIME
from pages.words import WORDS, switch

PICTURE = re.compile(r'<img[^>]* (?P<alt>alt="[^"]*") src="data:image/png;base64,(?P<png>[^"]+)">')
LINK_TO_PAGE = re.compile(r"\[([^\]]+)\]\((\w+\.html)\)")
DARK_PICTURE = re.compile(r'content: url\("data:image/png;base64,(?P<png>[^"]+)"\)')

SCROLLS = '<div class="attention-scroll" tabindex="0" role="group" aria-label="picture">{}</div>'


def prepare(
    notebook: nbformat.NotebookNode,
    name: str,
    pictures: Path,
    live: str,
    host: Callable,
    language: str = "en",
    both: bool = False,
) -> None:
    """Change an executed notebook into a page.

    Args:
        notebook: with outputs; it is changed.
        name: of its file, in the folder of the notebooks.
        pictures: a folder for the pictures that its cells show.
        live: what a link to the live notebook begins with.
        host: from a note of `in_kernel` to HTML.
        language: of the notebook.
        both: whether the site has this page in the other language, too.
    """
    words = WORDS[language]
    links = {"live": f"{live}{_quoted(name)}", "file": Path(name).name}
    notebook.metadata.pop("widgets", None)  # they hold what cards know
    asked = ""  # what a card has asked for, until it is discussed: an answer, or a note
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type != "code":
            asked = "" if cell.id.startswith("check") else asked
            # Sphinx takes only links to its own sources for links.
            cell.source = LINK_TO_PAGE.sub(r'<a href="\2">\1</a>', cell.source)
            continue
        notes = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
        cards = [note["card"]["form"]["kind"] for note in notes if "card" in note]
        cell.outputs = [_shown(output, host, pictures, name, cell.id) for output in cell.outputs]
        fold = "hide-input"
        if cards:
            asked, fold = cards[0], "remove-input"
        elif cell.outputs and asked and not (asked == "note" and notes):  # a panel to try it on
            fold = "hide-cell"
            cell.metadata["mystnb"] = {"code_prompt_show": words["commit first"]}
        if cell.id.startswith("solution"):
            cell.metadata["mystnb"] = {"code_prompt_show": words["solution"]}
        if cell.source.startswith("checks."):
            needs = words["exercise"].format(**links)
            cell.outputs = [_as_output(f'<p class="attention-needs">{needs}</p>')]
        if "exercise" in tags:
            fold, cell.outputs = "", []
        cell.metadata["tags"] = [f"cell-{cell.id}", *filter(None, [fold])]
        cell.metadata.pop("jupyter", None)
    head = words["head"].format(**links)
    other = switch(language, f"{Path(name).stem}.html") if both else ""
    notebook.cells.insert(
        1,
        nbformat.v4.new_markdown_cell(
            f'<p class="attention-off" data-attention-live="{live}" '
            f'data-attention-notebook="{name}">{head}{other}</p>'
        ),
    )


def _quoted(name: str) -> str:
    return quote(f"lab/tree/notebooks/{name}", safe="")


def _shown(output: Any, host: Callable, pictures: Path, name: str, cell: str) -> Any:
    """One output of a cell, as a page shows it."""
    data = output.get("data", {})
    if MIME in data:
        return _as_output(host(data[MIME]))
    if "text/html" in data:
        return _as_output(_with_files(data["text/html"], pictures, f"{Path(name).stem}-{cell}"))
    return output


def _as_output(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", {"text/html": text})


def _with_files(text: str, pictures: Path, stem: str) -> str:
    """The same HTML with its pictures in files, of known size, and light or dark by class."""

    def as_file(png: str) -> str:
        image = Image.open(io.BytesIO(base64.b64decode(png)))
        path = pictures / f"{stem}-{len(list(pictures.glob(f'{stem}-*')))}.webp"
        image.save(path, "webp", lossless=True)
        width, height = (round(side / DENSITY) for side in image.size)
        size = f'width="{width}" height="{height}" loading="lazy"'
        return f'{size} src="{pictures.name}/{path.name}"'

    def replace(found: re.Match) -> str:
        light = f"<img {found['alt']} {as_file(found['png'])}"
        if not dark:
            return SCROLLS.format(f"{light}>")
        both = {"light": light, "dark": f"<img {found['alt']} {as_file(dark['png'])}"}
        return SCROLLS.format(
            "".join(f'{image} class="attention-{look}">' for look, image in both.items())
        )

    dark = DARK_PICTURE.search(text)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return PICTURE.sub(replace, text)
