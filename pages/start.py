"""The start page and the pages of the library, written for Sphinx."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from attention_lib.examples.photos import PHOTOS, load_photo
from attention_lib.figures.theme import LIGHT
from attention_lib.panels.kit.faders import RULE
from pages.words import speaker, switch

TEMPLATES = {
    language: Path(__file__).parent / name
    for language, name in {"en": "start.md", "zh": "start_zh.md"}.items()
}
API = {
    "steps": "The mathematics, in NumPy. Every forward function returns all intermediates.",
    "costs": "What a mechanism costs, in closed form: a block, a network, the papers' tables.",
    "layers": "Keras layers that validate, save and load, and hand out their gates.",
    "models": "Any Keras model: find its gates, record them, attach attention.",
}


def write(
    source: Path,
    executed: dict[str, nbformat.NotebookNode],
    hosts: dict[str, dict[str, str]],
    live: str,
    repository: str,
    language: str = "en",
    both: bool = False,
) -> None:
    """Write `index.md` and, in English, the pages of the library.

    Args:
        source: the folder that Sphinx reads.
        executed: the notebooks, by file name, in order.
        hosts: HTML by a panel's name and line.
        live: what a link to a live notebook begins with.
        repository: OWNER/NAME on GitHub.
        language: of the edition.
        both: whether there is an edition in the other language, too.
    """
    series = {name: _title(notebook) for name, notebook in executed.items() if name[0].isdigit()}
    others = [Path(name).stem for name in executed if name not in series]
    words = {
        "LIVE": live,
        "REPOSITORY": repository,
        "FOLDER": repository.split("/")[1],
        "SWITCH": switch(language, "index.html") if both else "",
        "HERO": _with_pictures(hosts["hero"][""], speaker(language)),
        "NARROW": _with_pictures(hosts["narrow_hero"][""], speaker(language)),
        "SERIES": "\n".join(_item(name, *told) for name, told in series.items()),
        "NOTEBOOKS": "\n".join(Path(name).stem for name in series),
        "OTHERS": "\n".join(others),
    }
    for photo in PHOTOS:
        small = (load_photo(photo, size=88) * 255).round().astype("uint8")
        Image.fromarray(small).save(source / "pictures" / f"{photo}.webp", quality=85)
    text = TEMPLATES[language].read_text("utf-8")
    (source / "index.md").write_text(re.sub(r"@(\w+)@", lambda found: words[found[1]], text))
    if language == "en":
        _write_api(source)


def _write_api(source: Path) -> None:
    for name, about in API.items():
        head = f"# attention_lib.{name}\n\n{about}\n\n"
        body = f"```{{eval-rst}}\n.. automodule:: attention_lib.{name}\n   :members:\n```\n"
        (source / f"api_{name}.md").write_text(head + body)
    names = "\n".join(f"api_{name}" for name in API)
    told = "\n".join(f"- [attention_lib.{name}](api_{name}.md). {API[name]}" for name in API)
    (source / "api.md").write_text(
        "# The library\n\nWhat you can take away.\n\n"
        f"{told}\n\n```{{toctree}}\n:hidden:\n{names}\n```\n"
    )


def write_icon(path: Path) -> None:
    """Four gates, as the browser's tab shows them."""
    icon = np.full((32, 32, 3), 255, np.uint8)
    for place, gate in enumerate((0.15, 0.9, 0.55, 1.0)):
        left, top = 2 + 7 * place, round(30 - 28 * gate)
        icon[top:30, left : left + 6] = np.array(LIGHT.gates(gate)[:3]) * 255
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(icon).save(path)


def _title(notebook: nbformat.NotebookNode) -> tuple[str, str]:
    """A notebook's title, and the question that it answers."""
    lines = notebook.cells[0].source.splitlines()
    question = next((line.replace("*", "") for line in lines if line.startswith("**")), "")
    return lines[0].lstrip("# "), question


def _item(name: str, title: str, question: str) -> str:
    stem, question = Path(name).stem, re.sub(r"\*([^*]+)\*", r"<em>\1</em>", question)
    return f'<li><a href="{stem}.html">{title}</a><span>{question}</span></li>'


def _with_pictures(host: str, say: Callable[[str], str]) -> str:
    """A hero's host with a row of pictures to choose from."""
    name = re.search(r'data-panel="(\w+)"', host)[1]
    faders = "data-fader" in host
    choices = "".join(_choice(name, photo, say(PHOTOS[photo].title), faders) for photo in PHOTOS)
    drag = f"<span>{say('Or drag a gate.')}</span>" if faders else ""
    row = (
        '<div class="attention-row attention-pictures" role="radiogroup" '
        f'aria-label="{say("what it looks at")}">'
        f"<span>{say('Choose what it looks at:')}</span>{choices}{drag}</div>"
    )
    at = host.index('<div class="attention-scroll"')
    return host[:at] + row + host[at:]


def _choice(panel: str, photo: str, title: str, faders: bool) -> str:
    """A picture to choose; where gates can be set by hand, they are the rule's again."""
    checked = " checked" if photo == "coffee" else ""
    told = html.escape(json.dumps({"photo": photo} | ({"gates": RULE} if faders else {})))
    return (
        f'<label title="{title}"><input type="radio" name="{panel}" data-key="photo" '
        f'value="{photo}" data-sets="{told}"{checked} aria-label="{title}" disabled>'
        f'<img src="pictures/{photo}.webp" alt="" width="44" height="44"></label>'
    )
