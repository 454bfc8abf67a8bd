"""What a cell shows of a widget: beside the widget, what stands there when no kernel does.

Every front end shows the widget where it can and nothing else of that output, so a notebook that is
opened the next day, or exported, would be empty. Hence two outputs: first what can be read without
a kernel, then the widget. A style hides the one that is not needed. Where styles are not trusted
both are there, and the second one is a line of text.
"""

import base64
import gc
import html
from collections.abc import Iterator
from typing import Any

from IPython import get_ipython
from IPython.display import display
from ipywidgets import Widget

from attention_lib.figures.theme import ON_DARK, PAPER
from attention_lib.language import say

HOW = say("Run this cell to make it live.")

# A widget says that it lives by the class attention-live, which its script sets. In VS Code an
# output is an .output_container. The picture waits a moment, lest it flash before the widget comes.
STYLE = f"""<style>
.attention-still img {{ max-width: 100%; height: auto }}
.attention-still::after {{ content: "{HOW}"; font-style: italic }}
.jp-OutputArea-child:has(.attention-still):has(+ .jp-OutputArea-child .attention-live),
.jp-OutputArea-child:has(.attention-still) + .jp-OutputArea-child:not(:has(.attention-live)),
.output_container:has(+ .output_container .attention-live) .attention-still {{ display: none }}
@media screen {{
  {ON_DARK} .attention-still img {{ {PAPER} }}
  .attention-still {{ animation: attention-wait 0s 0.7s backwards }}
  @keyframes attention-wait {{ from {{ visibility: hidden }} }}
}}
</style>"""

_now: list[Widget] = []  # shown by the cell that is running
_before: dict[str, list[Widget]] = {}  # by the last run of each cell, by its id


def show(widget: Widget, words: str, markup: str = "", png: bytes = b"") -> None:
    """Show a widget as the output of a cell; what the cell's last run has shown is let go.

    Args:
        widget: to show.
        words: what it shows, as plain text; of a picture the alternative text.
        markup: what stands above the picture without a kernel, in HTML.
        png: the picture, if there is one.
    """
    for data in outputs(widget, words, markup, png):
        display(data, raw=True)
    shell = get_ipython()
    if shell and shell.get_parent().get("metadata", {}).get("cellId"):
        _now.append(widget)
        shell.events.register("post_run_cell", _let_go)


def outputs(widget: Widget, words: str, markup: str = "", png: bytes = b"") -> list[dict[str, Any]]:
    """What `show` displays of the same arguments, as data of two outputs by MIME type: what can be
    read without a kernel, and the widget.
    """
    still = {"text/plain": words}
    if png:
        still["image/png"] = picture = base64.b64encode(png).decode()
        source = f"data:image/png;base64,{picture}"
        markup += f'<p><img alt="{html.escape(words)}" src="{source}"></p>'
    still["text/html"] = f'<div class="attention-still">{markup}</div>{STYLE}'
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return [still, {"application/vnd.jupyter.widget-view+json": view, "text/plain": HOW}]


def close(widget: Widget) -> None:
    """Close a widget and every widget that it holds: children, layouts, styles, controls."""
    if widget.comm is not None:
        widget.close()
        for part in _widgets_in(vars(widget)):
            close(part)


def _widgets_in(held: Any) -> Iterator[Widget]:
    if isinstance(held, Widget):
        yield held
    elif isinstance(held, dict | list | tuple):
        for each in held.values() if isinstance(held, dict) else held:
            yield from _widgets_in(each)


def _let_go(result: Any) -> None:
    """After a cell has run: close what its run before has shown, and nobody has any more."""
    cell = result.info.cell_id
    if cell is None:
        return
    former, _before[cell] = _before.get(cell, []), _now.copy()
    _now.clear()
    shell = get_ipython()
    for widget in former:
        elsewhere = any(widget is shown for each in _before.values() for shown in each)
        names = [name for name, value in shell.user_ns.items() if value is widget]
        if elsewhere or any(not name.startswith("_") for name in names):
            continue
        if names:
            shell.del_var(names[0])  # all of them: _, _12, and Out, which would keep it for ever
        close(widget)
    if former:
        gc.collect()  # Python counts objects, and a figure is few of them and many megabytes
