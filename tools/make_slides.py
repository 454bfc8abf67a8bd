"""Write slides of the notebooks: headings, questions, pictures and bold lines, nothing new.

    python tools/make_slides.py [folder] [number ...]

A section of a notebook becomes its question, its pictures and panels as the notebook opens them,
and the line to take away. Each page is whole in one file: nbconvert's own slides would fetch two
scripts from the network whenever they are shown.
"""

import ast
import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.filters import markdown2html
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"
LAST = "Your turn"  # exercises are no slides
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
BOLD_LINE = re.compile(r"^\*\*[^*\n].*\*\*$", re.MULTILINE)
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
html {{ scroll-snap-type: y mandatory; font: 3.8vmin/1.4 system-ui, "DejaVu Sans", sans-serif; }}
body {{ margin: 0; color: #22262b; background: #fff; }}
section {{ box-sizing: border-box; height: 100vh; padding: 4vmin 8vmin; scroll-snap-align: start;
  display: flex; flex-flow: column; justify-content: center; break-after: page; }}
h1 {{ font-size: 1.6em; line-height: 1.2; }} p {{ margin: 0.4em 0; }}
img {{ max-width: 100%; width: 100%; max-height: 76vh; object-fit: contain; margin: 0 auto; }}
code {{ font-size: 0.55em; color: #5d646d; }}
.asks {{ color: #12517f; }} .line {{ font-size: 1.6em; }}
@page {{ size: 297mm 167mm; margin: 0; }}
</style></head><body>
{slides}
<script>
const slides = [...document.querySelectorAll("section")];
const steps = {{
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1,
}};
addEventListener("keydown", (event) => {{
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const at = slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
  slides[at + step]?.scrollIntoView();
}});
</script></body></html>
"""


def slides(notebook: NotebookNode) -> Iterator[str]:
    """The slides of a notebook that has been run, each as HTML."""
    title, question = notebook.cells[0].source.split("\n\n")[:2]
    yield f"<section><h1>{html.escape(title[2:])}</h1>{_words(question)}</section>"
    heading, asked, shown = "", [], True  # shown: there is a slide with this heading
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown" and (found := HEADING.search(cell.source)):
            if asked:
                yield _section(heading, asked)
            heading, asked, shown = found[1], [], False
            if heading == LAST:
                return
        if cell.source.startswith("predict."):
            asked += _texts(cell)
        elif content := _lines(cell) or _pictures(cell):
            if asked or not shown:
                yield _section(heading, asked)
                asked, shown = [], True
            yield from content


def _section(heading: str, asked: list[str]) -> str:
    questions = "".join(f'<div class="asks">{_words(each)}</div>' for each in asked)
    return f"<section><h1>{html.escape(heading)}</h1>{questions}</section>"


def _texts(cell: NotebookNode) -> list[str]:
    """What a card asks, with the answers on offer, without the line that stands for its widget."""
    found = [output.get("data", {}) for output in cell.outputs]
    return [data["text/plain"] for data in found if "text/plain" in data and WIDGET not in data]


def _lines(cell: NotebookNode) -> list[str]:
    """The lines to take away from a text cell, a slide each."""
    lines = BOLD_LINE.findall(cell.source) if cell.cell_type == "markdown" else []
    return [f'<section class="line">{_words(line)}</section>' for line in lines]


def _pictures(cell: NotebookNode) -> list[str]:
    """The pictures of a code cell, a slide each, with the statement that opens them as they are."""
    slides = []
    for data in (output.get("data", {}) for output in cell.get("outputs", ())):
        picture = data.get("text/html", "")  # a plot is HTML, for light and dark
        if "image/png" in data:  # a panel has its picture beside the widget
            alt = html.escape(data.get("text/plain", ""))
            picture = f'<img src="data:image/png;base64,{data["image/png"].strip()}" alt="{alt}">'
        if "<img" in picture:
            code = html.escape(_shown_by(cell.source))
            slides.append(f"<section>{picture}<p><code>{code}</code></p></section>")
    return slides


def _shown_by(source: str) -> str:
    """The statement that shows the picture of a cell."""
    statements = [ast.unparse(statement) for statement in ast.parse(source).body]
    shows = [each for each in statements if re.search(r"\b(plot|show)_", each)]
    return (shows or statements)[-1]


def _words(text: str) -> str:
    """Markdown as HTML; a formula in a line is only leaned."""
    return markdown2html(re.sub(r"\$([^$]*)\$", r"*\1*", text))


def main(folder: Path, numbers: list[str]) -> None:
    """Run the notebooks and write the slides of each as a page."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        if numbers and path.name[:2] not in numbers:
            continue
        notebook = nbformat.read(path, as_version=4)
        place = {"metadata": {"path": str(NOTEBOOKS)}}
        NotebookClient(notebook, timeout=600, resources=place).execute()
        page = PAGE.format(title=path.stem, slides="\n".join(slides(notebook)))
        (folder / f"{path.stem}.html").write_text(page, "utf-8", newline="\n")
        print(folder / f"{path.stem}.html")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "slides", sys.argv[2:])
