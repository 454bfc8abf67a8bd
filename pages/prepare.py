"""From an executed notebook to what Sphinx reads: hosts in place of notes, results folded."""

import base64
import io
import re
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import nbformat
from PIL import Image

from pages.in_kernel import DENSITY, MIME
from pages.words import WORDS, on_page, speaker, switch

PICTURE = re.compile(r'<img[^>]* (?P<alt>alt="[^"]*") src="data:image/png;base64,(?P<png>[^"]+)">')
LINK_TO_PAGE = re.compile(r"\[([^\]]+)\]\((\w+\.html)\)")
LINK_TO_HEADING = re.compile(r"\]\(#([^)]+)\)")
MODIFY = re.compile(r"\*\*(Modify\.|改一改。)\*\*")
CHECK = re.compile(r"\w*checks\.\w+\(")
PERCENT = re.compile(r"(?<=\d) %(?! ?\d)")  # of a number; in code there is another one after it
DARK_PICTURE = re.compile(r'content: url\("data:image/png;base64,(?P<png>[^"]+)"\)')

NOT_HERE = {"set-up", "versions", "progress-text"}  # cells about the notebook itself
READ_FIRST = {"hand", "axes", "three-lines"}  # a card asks about their code
# These panels open with what the card before them asks for.
TELLING = {"squeeze", "eca", "cbam", "cost", "variants", "family", "your_network"}

SCROLLS = '<div class="attention-scroll" tabindex="0" role="group" aria-label="{}">{}</div>'


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
    words, label = WORDS[language], speaker(language)("picture")
    links = {"live": f"{live}{_quoted(name)}", "file": Path(name).name}
    notebook.metadata.pop("widgets", None)  # they hold what cards know
    notebook.cells = [cell for cell in notebook.cells if _is_for_pages(cell)]
    asked = ""  # what a card of this section has asked for: an answer, or a note
    changed = False  # whether the next code is to be changed by the reader
    for cell, following in zip_longest(notebook.cells, notebook.cells[1:]):
        if cell.cell_type != "code":
            asked = "" if cell.source.startswith("#") else asked
            changed = bool(following and following.cell_type == "code")
            changed = changed and bool(MODIFY.search(cell.source))
            cell.source = _text(cell.source, language)
            if changed:
                cell.source += f'\n\n<p class="attention-off">{words["modify"].format(**links)}</p>'
            continue
        notes = _notes(cell)
        cards = [note["card"]["form"]["kind"] for note in notes if "card" in note]
        tags = set(cell.metadata.get("tags", []))
        stem = f"{Path(name).stem}-{cell.id}"
        cell.outputs = [_shown(output, host, pictures, stem, label) for output in cell.outputs]
        fold, title = "hide-input", words["solution"] if "solution" in tags else words["show"]
        if cards:
            asked, fold = cards[0], "remove-input"
        elif CHECK.match(cell.source):
            needs = words["exercise"].format(**links)
            cell.outputs, fold = (
                [_as_output(f'<p class="attention-needs">{needs}</p>')],
                "remove-input",
            )
        elif "exercise" in tags:
            fold, cell.outputs = "", []
        elif "open" in tags:  # where an exercise without a check begins
            fold, title = "hide-output", words["commit first"]
        elif cell.outputs and changed:
            fold, title = "hide-output", words["before change"]
        elif cell.outputs and asked and (asked != "note" or not _is_to_try(notes)):
            fold = "hide-output" if cell.id in READ_FIRST else "hide-cell"
            title = words["commit first"]
        changed = changed and bool(cards)
        hide = words["hide" if fold == "hide-input" else "hide result"]
        cell.metadata["mystnb"] = {"code_prompt_show": title, "code_prompt_hide": hide}
        cell.metadata["tags"] = [f"cell-{cell.id}", *filter(None, [fold])]
        cell.metadata.pop("jupyter", None)
    runs = any(cell.cell_type == "code" for cell in notebook.cells)
    head = words["head"].format(**links) if runs else ""
    other = switch(language, f"{Path(name).stem}.html") if both else ""
    notebook.cells.insert(
        1,
        nbformat.v4.new_markdown_cell(
            f'<p class="attention-off" data-attention-live="{live}" '
            f'data-attention-notebook="{name}">{head}{other}</p>'
        ),
    )


def _notes(cell: nbformat.NotebookNode) -> list[dict[str, Any]]:
    return [each.data[MIME] for each in cell.get("outputs", ()) if MIME in each.get("data", {})]


def _is_for_pages(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell is neither about the notebook itself nor a widget that needs a kernel."""
    return cell.id not in NOT_HERE and not any("widget" in note for note in _notes(cell))


def _is_to_try(notes: list[dict[str, Any]]) -> bool:
    """Whether a cell shows a panel that answers nothing before it is moved."""
    return bool(notes) and not any(note.get("panel", "").split(" ")[0] in TELLING for note in notes)


def _text(source: str, language: str) -> str:
    """Markdown of a notebook, with its words and its links as a page has them."""
    source = on_page(source, language).replace("](../", "](")  # pages lie side by side
    source = LINK_TO_HEADING.sub(lambda found: f"](#{_slug(found[1])})", source)
    source = PERCENT.sub("\u00a0%", source)
    # Sphinx takes only links to its own sources for links.
    return LINK_TO_PAGE.sub(r'<a href="\2">\1</a>', source)


def _slug(heading: str) -> str:
    """What MyST calls a heading, from what JupyterLab calls it."""
    return re.sub(r"[^\w-]", "", unquote(heading)).lower()


def _quoted(name: str) -> str:
    return quote(f"lab/tree/notebooks/{name}", safe="")


def _shown(output: Any, host: Callable, pictures: Path, stem: str, label: str) -> Any:
    """One output of a cell, as a page shows it."""
    data = output.get("data", {})
    if MIME in data:
        return _as_output(host(data[MIME]))
    if "text/html" in data:
        return _as_output(_with_files(data["text/html"], pictures, stem, label))
    return output


def _as_output(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", {"text/html": text})


def _with_files(text: str, pictures: Path, stem: str, label: str) -> str:
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
            return SCROLLS.format(label, f"{light}>")
        both = {"light": light, "dark": f"<img {found['alt']} {as_file(dark['png'])}"}
        return SCROLLS.format(
            label,
            "".join(f'{image} class="attention-{look}">' for look, image in both.items()),
        )

    dark = DARK_PICTURE.search(text)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    return PICTURE.sub(replace, text)
