"""The museum panel: what a check sees in an exhibit, in numbers and words."""

import difflib
import html
from typing import NamedTuple

import numpy as np

from attention_lib._words import as_html, number, sentences
from attention_lib.course.museum import CHECKS, EXHIBITS, Check, Exhibit, Finding, why_not
from attention_lib.language import say


class MuseumState(NamedTuple):
    """An exhibit, a check, and what the check saw."""

    exhibit: Exhibit
    check: Check
    finding: Finding
    right: Finding

    @property
    def found(self) -> bool:
        """Whether the check has found the mistake."""
        return not self.finding.passed


def compute(exhibit: str, check: str) -> MuseumState:
    """Let a check look at an exhibit and at the right block; `show_museum` has the args."""
    shown, instrument = EXHIBITS[exhibit], CHECKS[check]
    return MuseumState(
        shown, instrument, shown.examine(instrument), shown.examine_right(instrument)
    )


class Bars(NamedTuple):
    """Gates of channels, beside other gates where there are any to compare them with."""

    gates: np.ndarray  # (C,)
    others: np.ndarray | None  # (C,)
    words: str  # which is which


def sides(state: MuseumState) -> tuple[tuple[str, Finding], tuple[str, Finding]]:
    """What the check found in the exhibit, and in the right block."""
    return (say("the exhibit"), state.finding), (say("the right block"), state.right)


def verdict(name: str, finding: Finding) -> str:
    """Whether a block passes the check."""
    return say("{name} passes", name=name) if finding.passed else say("{name} fails", name=name)


def bars(state: MuseumState, finding: Finding) -> Bars | None:
    """A finding's gates of channels: what came, beside what it should be or was before."""
    if not finding.seen or finding.seen[0].ndim != 1:
        return None
    if len(finding.seen) == 2:
        before, after = finding.names
        return Bars(
            finding.seen[1],
            finding.seen[0],
            say("bar: {after};  dash: {before}", after=after, before=before),
        )
    (gates,), (name,), right = finding.seen, finding.names, state.right.seen[:1]
    if finding is state.right or not right or right[0].shape != gates.shape:
        return Bars(gates, None, say("bar: {name}", name=name))
    return Bars(gates, right[0], say("bar: {name};  dash: the right block’s", name=name))


def reach(state: MuseumState) -> tuple[float, float]:
    """Where the one axis of all gates of channels begins and ends: at 0 and 1, or further out."""
    seen = [gates for _, finding in sides(state) for gates in finding.seen if gates.ndim == 1]
    values = np.concatenate([np.array([0.0, 1.0]), *seen])
    return float(values.min()), float(values.max())


def change(finding: Finding) -> np.ndarray | None:
    """(H, W) how gates of places differ from the first picture to the second, if there are two."""
    if len(finding.seen) != 2 or finding.seen[0].ndim != 2:
        return None
    return finding.seen[1] - finding.seen[0]


def largest_change(state: MuseumState) -> float:
    """The largest difference in size, of either block; not less than one can see."""
    changes = [change(finding) for _, finding in sides(state)]
    return max([0.01, *(float(np.abs(moved).max()) for moved in changes if moved is not None)])


def span(values: np.ndarray) -> str:
    """From where to where numbers go."""
    low, high = number(values.min()), number(values.max())
    return (
        say("{low} everywhere", low=low)
        if low == high
        else say("{low} to {high}", low=low, high=high)
    )


def describe(state: MuseumState) -> str:
    """The picture in words."""
    told = sentences(
        say("{verdict}: {words}", verdict=verdict(name, found).capitalize(), words=found.words)
        for name, found in sides(state)
    )
    return say(
        "{title}. The check: {check}. {told}",
        title=state.exhibit.title,
        check=state.check.title,
        told=told,
    )


def card(state: MuseumState) -> str:
    """The exhibit: its title, its story, and its code; once found, with the right lines."""
    exhibit = state.exhibit
    if state.found:
        lines = _corrected(exhibit)
    else:
        lines = [f"  {line}" for line in exhibit.code.splitlines()]
    code = "\n".join(_line(line) for line in lines)
    return (
        '<div style="display: flex; flex-wrap: wrap; gap: 4px 16px; line-height: 1.45">'
        f'<div style="flex: 1 1 240px"><strong>{html.escape(exhibit.title)}</strong><br>'
        f"{as_html(exhibit.story)}</div>"
        '<pre style="flex: 2 1 600px; min-width: 0; margin: 0; padding: 4px 10px; '
        "overflow-x: auto; white-space: pre; line-height: 1.45; box-sizing: content-box; "
        f"min-height: {CODE_LINES * 1.45:g}em; "
        "border-left: 3px solid var(--jp-border-color1, #bdbdbd); "
        "background: var(--jp-layout-color1, #fff); "
        f'color: var(--jp-content-font-color1, #22262b)">{code}</pre></div>'
    )


def _corrected(exhibit: Exhibit) -> list[str]:
    """The lines of an exhibit's code and of the right code, with the signs of a diff."""
    lines = difflib.ndiff(exhibit.code.splitlines(), exhibit.right_code.splitlines())
    return [line for line in lines if line[0] in " -+"]


# Every card has room for the longest code, so that the picture below keeps its place.
CODE_LINES = max(len(_corrected(exhibit)) for exhibit in EXHIBITS.values())


def _line(line: str) -> str:
    """A line of code; one that differs is marked by sign, weight and colour."""
    text = html.escape(line.replace("-", "−", 1) if line.startswith("-") else line)
    if line[0] == " ":
        return text
    colour = {"-": "error", "+": "success"}[line[0]]
    return f'<strong style="color: var(--jp-{colour}-color1, inherit)">{text}</strong>'


def reply(state: MuseumState) -> str:
    """What is said to the choice of a check."""
    exhibit = state.exhibit
    if state.found:
        where = say(", ").join(
            f'<a href="{source.url}" target="_blank" rel="noopener" '
            f'style="text-decoration: underline">{html.escape(source.name)}</a>'
            for source in exhibit.sources
        )
        words = say(
            "<strong>This check finds it.</strong> Why it went unseen: {unseen}",
            unseen=as_html(exhibit.unseen),
        )
        if where:
            met = say("Met in {where}.", where=where)
            words = sentences((words, met))
    else:
        words = say(
            "<strong>The {check} check cannot see it.</strong> {why} Choose another.",
            check=html.escape(state.check.title),
            why=as_html(why_not(exhibit, state.check)),
        )
    return f'<div style="line-height: 1.45; max-width: 940px">{words}</div>'
