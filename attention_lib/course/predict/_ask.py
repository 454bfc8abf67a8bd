"""Questions that ask for a commitment before they reveal anything, and the cards that show them."""

import html
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import traitlets
from matplotlib.colors import to_hex

from attention_lib._words import as_html
from attention_lib.course import progress
from attention_lib.course.predict import _judge
from attention_lib.course.predict._judge import (
    BELIEF,
    NEAR,
    NOTED,
    OTHER,
    RIGHT,
    UNREAD,
    Reply,
    Truth,
)
from attention_lib.figures import output
from attention_lib.figures.theme import DARK, LIGHT, Look
from attention_lib.language import say
from attention_lib.panels.kit.session import SESSION_CSS, SessionWidget, watching

TITLES = {
    RIGHT: say("Right."),
    NEAR: say("Close."),
    BELIEF: say("A common answer."),
    OTHER: say("Not this."),
    NOTED: "",
    UNREAD: "",
}
WORDS = {  # come with the form, as the site shows cards without a kernel; card.js has the names
    "commit": say("Commit"),
    "computing": say("Computing …"),
    "again": say("Try again"),
    "change": say("Change"),
    "answer": say("Your answer"),
    "wrote": say("You wrote"),
    "first": say("Your first answer"),
    "truth": say("Computed"),
    "sketch": say("your sketch"),
    "computed": say("computed"),
    "yours": say("yours"),
    "check": say("Check"),
    "room": say("The computed answer will stand here, beside yours."),
    "room_for_a_line": say("Your line will stand here. Nothing is judged."),
}
Given = Callable[[], Mapping[str, Any]]
_HERE = Path(__file__).parent


class Question:
    """A question whose truth is computed when somebody has committed to an answer.

    Calling it shows its card; `judge` is what the card says, without the card. Made by
    `ask_number`, `ask_choice` and `ask_bars`.

    Args:
        reveal: computes the truth.
        asks: the question; *stars* and `ticks` as in Markdown, {name} for what is given.
        given: computes the numbers that the question gives away, by name.
        form: what the page needs to know, beside the question.
        judge: from an answer and `reveal` to the reply.
    """

    def __init__(
        self,
        reveal: Callable[[], Truth],
        asks: str,
        given: Given | None,
        form: Mapping[str, Any],
        judge: Callable[[Any, Callable[[], Truth]], Reply],
    ):
        update_wrapper(self, reveal)
        del self.__wrapped__  # a reader of signatures should see that of __call__
        self.reveal = reveal
        self._asks, self._given = asks, given
        self.form = dict(form)
        self._judge = judge

    @property
    def about(self) -> str:
        """What progress calls it: what it is about, and its name."""
        return f"{self.reveal.__module__.rpartition('._')[2]}/{self.reveal.__name__}"

    @property
    def asks(self) -> str:
        """The question in words, with what it gives."""
        return self._asks.format(**self._given()) if self._given else self._asks

    def __call__(self) -> "Card":
        """Show the question; a notebook does it with the last line of a cell."""
        return Card(self)

    def judge(self, answer: Any) -> Reply:
        """What is said to an answer.

        Args:
            answer: text for a number, an option, or a number for each bar.

        Returns:
            The reply. To what is no answer it is a sentence, and nothing is revealed.
        """
        return self._judge(answer, self.reveal)


def ask_number(
    asks: str,
    *,
    unit: str = "",
    within: float = 0.0,
    margin: float = 0.0,
    given: Given | None = None,
) -> Callable[[Callable[[], Truth]], Question]:
    """Decorate a function that reveals a number: it becomes a question with a box to type in.

    Args:
        asks: the question, in a sentence or two.
        unit: what is counted, shown behind the box.
        within: how far off a right answer may be, as a part of the truth: 0.05 for 5 %.
        margin: the same as a number. With neither, the answer must be exact.
        given: computes the numbers that the question gives away, by name: {name} in `asks`.
    """
    hint = say("to within {margin:g}", margin=margin) if margin else say("an exact number")
    if within:
        hint = say("to within {within:.0%}", within=within).replace("%", " %")
    form = {"kind": "number", "unit": unit, "hint": hint}
    judge = partial(_judge.judge_number, unit=unit, within=within, margin=margin)
    return lambda reveal: Question(reveal, asks, given, form, judge)


def ask_choice(
    asks: str, options: Sequence[str], *, given: Given | None = None
) -> Callable[[Callable[[], Truth]], Question]:
    """Decorate a function that reveals one of several options: it becomes a question.

    Args:
        asks: the question, in a sentence or two.
        options: the answers on offer, as the learner reads them.
        given: computes the numbers that the question gives away, by name: {name} in `asks`.
    """
    form = {"kind": "choice", "options": list(options)}
    judge = partial(_judge.judge_choice, options=tuple(options))
    return lambda reveal: Question(reveal, asks, given, form, judge)


def of_two(one: str, other: str) -> dict[tuple[bool, bool], str]:
    """Four options, by whether something is true of one thing, and of another."""
    return {
        (True, False): one,
        (False, True): other,
        (True, True): say("both"),
        (False, False): say("neither"),
    }


def ask_bars(
    asks: str,
    names: Sequence[str],
    *,
    margin: float,
    gates: bool = True,
    given: Given | None = None,
) -> Callable[[Callable[[], Truth]], Question]:
    """Decorate a function that reveals a bar for each name, from 0 to 1: a question to sketch.

    Args:
        asks: the question, in a sentence or two.
        names: of the bars, 8 at most.
        margin: how far off each bar of a right sketch may be.
        gates: whether the bars are gates, and have their colours.
        given: computes the numbers that the question gives away, by name: {name} in `asks`.
    """
    form = {
        "kind": "bars",
        "options": list(names),
        "hint": say("each bar to within {margin:g}", margin=margin),
        "light": _bar_colours(LIGHT, gates),
        "dark": _bar_colours(DARK, gates),
    }
    judge = partial(_judge.judge_bars, names=tuple(names), margin=margin)
    return lambda reveal: Question(reveal, asks, given, form, judge)


class Note:
    """A question that is answered in a line of one's own words; nothing is judged.

    Args:
        asks: the question; *stars* and `ticks` as in Markdown.
    """

    form: ClassVar = {"kind": "note", "hint": say("in a line, in your own words")}

    def __init__(self, asks: str):
        self.asks = asks
        self.about = f"note/{asks}"  # what progress calls it

    def judge(self, answer: str) -> Reply:
        """What is said to a line: that it is kept, or that it is empty."""
        return _judge.judge_note(answer)


def note(asks: str) -> "Card":
    """Ask for a prediction in a line of the learner's own words, and keep it on the card.

    Nothing is judged: the learner compares the line with the check that follows.

    Args:
        asks: the question; *stars* and `ticks` as in Markdown.

    Returns:
        The card; a notebook shows it with the last line of a cell.
    """
    return Card(Note(asks))


def _bar_colours(look: Look, gates: bool) -> list[str]:
    """The colour of a bar at 0, 0.01, ..., 1."""
    return [to_hex(look.gates(value) if gates else look.bar) for value in np.linspace(0, 1, 101)]


def _sheet() -> str:
    """The card's style, after the theme's colours that it uses."""
    card = ".attention-predict"
    shown = {card: LIGHT, f"[data-jp-theme-light=false] {card}, .vscode-dark {card}": DARK}
    colours = "".join(
        f"{where} {{ --accent: {look.accent}; --track: {look.track}; }}\n"
        for where, look in shown.items()
    )
    return SESSION_CSS + colours + (_HERE / "card.css").read_text("utf-8")


class Card(SessionWidget):
    """A question on the page: it reveals nothing before the learner has committed.

    Args:
        question: what to ask.

    `reply` is the last reply, None before there is one; `first` the first answer that was one, as
    the learner gave it.
    """

    _esm = watching(_HERE / "card.js")
    _css = _sheet()
    asks = traitlets.Unicode().tag(sync=True)
    form = traitlets.Dict().tag(sync=True)
    sketch = traitlets.List().tag(sync=True)  # empty until a slider has been moved
    said = traitlets.Dict().tag(sync=True)  # the reply as the page shows it, empty before the first

    def __init__(self, question: Question | Note):
        super().__init__(asks=_marked(question.asks), form={**question.form, "words": WORDS})
        self.question = question
        self.reply: Reply | None = None
        self.first: Any = None
        self._times = 0
        self.on_msg(self._hear)

    def commit(self, answer: Any) -> Reply:
        """Answer, as the button does, and note in the progress that this has been predicted.

        Args:
            answer: text for a number, an option, or a number for each bar.

        Returns:
            What is said to it.
        """
        self.reply = reply = self.question.judge(answer)
        if reply.kind != UNREAD and self.first is None:
            self.first = answer
        read = reply.kind != UNREAD
        unkept = progress.record("prediction", self.question.about) if read else ""
        bars = self.form["kind"] == "bars"
        self._say(
            kind=reply.kind,
            title=TITLES[reply.kind],
            words=_marked(reply.words),
            yours="" if bars else _told(answer),
            truth="" if bars else reply.shown,
            bars=reply.truth.tolist() if bars and reply.truth is not None else [],
            first="" if self.first == answer else _told(self.first),
            unkept=unkept,
        )
        return reply

    def _say(self, **said: Any) -> None:
        self._times += 1  # the same words again are news, too
        self.said = {"number": self._times, **said}

    def _is_answer(self, given: Any) -> bool:
        """Whether the page could send this: text, or a number for each bar, or for none."""
        if self.form["kind"] != "bars":
            return isinstance(given, str)
        return (
            isinstance(given, list)
            and len(given) in (0, len(self.form["options"]))
            and all(type(v) in (int, float) and 0 <= v <= 1 for v in given)
        )

    def _hear(self, _widget: Any, content: Any, _buffers: Any) -> None:
        answer = content.get("commit") if isinstance(content, dict) else None
        if not self._is_answer(answer):
            return
        try:
            self.commit(answer)
        except Exception as error:
            fault = say(
                "This card met a fault of its own ({kind}: {error}).",
                kind=type(error).__name__,
                error=error,
            )
            self._say(kind=UNREAD, words=html.escape(fault))
            if os.environ.get("ATTENTION_LIB_STRICT"):
                raise

    def _ipython_display_(self) -> None:
        options = self.form.get("options", ())
        items = "".join(f"<li>{_marked(option)}</li>" for option in options)
        markup = f"<p>{self.asks}</p>" + (f"<ul>{items}</ul>" if items else "")
        output.show(self, "\n  - ".join([self.question.asks, *options]), markup)


def _told(answer: Any) -> str:
    """An answer as the card repeats it."""
    if isinstance(answer, str):
        return answer.strip()
    return "" if answer is None else ", ".join(f"{value:.2f}" for value in answer)


def _marked(text: str) -> str:
    """Our own words as HTML: *stars* lean, `ticks` are code."""
    return re.sub(r"\*([^*\s][^*]*)\*", r"<em>\1</em>", as_html(text))
