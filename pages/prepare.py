"""From an executed notebook to what Sphinx reads: hosts in place of notes, results folded."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image

from pages.in_kernel import MIME

PICTURE = re.compile(r'<img[^>]* (?P<alt>alt="[^"]*") src="data:image/png;base64,(?P<png>[^"]+)">')
DARK_PICTURE = re.compile(r'content: url\("data:image/png;base64,(?P<png>[^"]+)"\)')
COMMIT_FIRST = "Commit first. Or open what comes out"


def prepare(
    notebook: nbformat.NotebookNode, name: str, pictures: Path, live: str, host: Callable
) -> None:
    """Change an executed notebook into a page.

    Args:
        notebook: with outputs; it is changed.
        name: of its file.
        pictures: a folder for the pictures that its cells show.
        live: what a link to the live notebook begins with.
        host: from a note of `in_kernel` to HTML.
    """
    notebook.metadata.pop("widgets", None)  # they hold what cards know
    asked = ""  # what a card has asked for, until it is discussed: an answer, or a note
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type != "code":
            asked = "" if "<b>Check" in cell.source else asked
            continue
        notes = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
        cards = [note["card"]["form"]["kind"] for note in notes if "card" in note]
        cell.outputs = [_shown(output, host, pictures, name, cell.id) for output in cell.outputs]
        fold = "hide-input"
        if cards:
            asked, fold = cards[0], "remove-input"
        elif cell.outputs and asked and not (asked == "note" and notes):  # a panel to try it on
            fold = "hide-cell"
            cell.metadata["mystnb"] = {"code_prompt_show": COMMIT_FIRST}
        if cell.source.startswith("checks."):
            cell.outputs = [_as_output(needs_the_notebook(name, live))]
        if "exercise" in tags:
            fold, cell.outputs = "", []
        cell.metadata["tags"] = [fold] if fold else []
        cell.metadata.pop("jupyter", None)
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(_head(name, live)))


def needs_the_notebook(name: str, live: str) -> str:
    """What stands where a check would answer."""
    return (
        '<p class="attention-needs">An exercise needs the notebook: '
        f'<a href="{live}{_quoted(name)}">open it on Binder</a>, or '
        f'<a href="{name}" download>download it</a>. There the next line says what is right, and '
        "what is not yet.</p>"
    )


def _head(name: str, live: str) -> str:
    return (
        f'<p class="attention-off" data-attention-live="{live}" data-attention-notebook="{name}">'
        "Panels and cards work on this page. To run and to change the code, "
        f'<a href="{live}{_quoted(name)}">open the notebook on Binder</a> (about two minutes), or '
        f'<a href="{name}" download>download it</a>.</p>'
    )


def _quoted(name: str) -> str:
    return f"lab%2Ftree%2Fnotebooks%2F{name}"


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
        size = f'width="{image.width}" height="{image.height}" loading="lazy"'
        return f'{size} src="{pictures.name}/{path.name}"'

    def replace(found: re.Match) -> str:
        light = f"<img {found['alt']} {as_file(found['png'])}"
        if not dark:
            return f"{light}>"
        both = {"light": light, "dark": f"<img {found['alt']} {as_file(dark['png'])}"}
        return "".join(f'{image} class="attention-{look}">' for look, image in both.items())

    dark = DARK_PICTURE.search(text)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return PICTURE.sub(replace, text)
