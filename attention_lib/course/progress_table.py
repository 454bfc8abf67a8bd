"""What is done in the series, notebook by notebook, with a button that forgets it."""

import html

import ipywidgets as widgets

from attention_lib.course import progress
from attention_lib.figures import output
from attention_lib.language import say
from attention_lib.panels.kit.controls import button
from attention_lib.panels.kit.session import SessionLine

HEAD = (say("notebook"), say("exercises"), say("predictions"))
CELL = 'style="padding: 0.15em 0.8em 0.15em 0; text-align: left"'
LINE = 'style="overflow-wrap: anywhere"'  # a folder's name may be wider than the page


class ProgressTable(widgets.VBox):
    """The learner's progress, read from its file when it is shown, and again by a button.

    `text` is what the table says, line by line; `controls` are the buttons by name.
    """

    def __init__(self):
        self.text = ""
        self._table = widgets.HTML(layout={"width": "auto"})
        self._sure = False
        self.controls = {
            "again": button(say("Look again"), say("read the file once more")),
            "forget": button(say("Forget all"), say("delete the file")),
        }
        parts = [*self.controls.values(), SessionLine()]
        row = widgets.HBox(parts, layout={"padding": "6px"})  # for the focus
        super().__init__([self._table, row])
        self.add_class("attention-progress")
        self.controls["again"].on_click(lambda _: self.show())
        self.controls["forget"].on_click(self._forget)
        self.show()

    def show(self, problem: str = "") -> None:
        """Read the file and say what is in it."""
        self._ask(False)
        done, unread = progress.read()
        rows = [(part.title, *_of(part, done)) for part in progress.SERIES]
        noted = sum(name.startswith("note/") for name in done["prediction"])
        own = say("Predictions in your own words: {noted}.", noted=noted) if noted else ""
        said = [problem or unread, own, progress.where()]
        self.text = "\n".join([*(" | ".join(row) for row in rows), *filter(None, said)])
        body = "".join(
            "<tr>" + "".join(f"<td {CELL}>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        head = "".join(f'<th scope="col" {CELL}>{name}</th>' for name in HEAD)
        self._table.value = (
            f'<table style="line-height: 1.5"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
            + "".join(
                f"<p {LINE}>{html.escape(line).replace('`', '')}</p>" for line in said if line
            )
        )

    def _ipython_display_(self) -> None:
        output.show(self, self.text, self._table.value)

    def _forget(self, _button: widgets.Button) -> None:
        if self._sure:
            self.show(progress.forget())
        else:
            self._ask(True)

    def _ask(self, sure: bool) -> None:
        self._sure = sure
        self.controls["forget"].description = (
            say("Forget all: sure?") if sure else say("Forget all")
        )


def _of(part: progress.Part, done: progress.Done) -> tuple[str, str]:
    """What is done of a notebook, in words and marks."""
    passed = [name in done["exercise"] for name in part.exercises]
    marks = "".join("●" if each else "○" for each in passed)
    predicted = sum(name.startswith(f"{part.about}/") for name in done["prediction"])
    predicted = min(predicted, part.predictions)  # an older file may know questions that have gone
    asked = _of_all(predicted, part.predictions)
    return f"{marks} {_of_all(sum(passed), len(passed))}".strip(), asked


def _of_all(done: int, wanted: int) -> str:
    """How many of all are done, or "" where there are none to do."""
    return say("{done} of {wanted}", done=done, wanted=wanted) if wanted else ""


def show_progress() -> ProgressTable:
    """Show what is done in the series: exercises whose check has passed, and predictions made.

    Returns:
        The widget. It reads a file beside the notebooks; without one nothing is done yet.
    """
    return ProgressTable()
