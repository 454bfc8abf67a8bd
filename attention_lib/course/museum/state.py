"""The museum panel: what a check sees in an exhibit, in numbers and words."""

import difflib
import html
from typing import NamedTuple

from attention_lib._words import as_html
from attention_lib.course.museum import CHECKS, EXHIBITS, Check, Exhibit, Finding, why_not


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


def card(state: MuseumState) -> str:
    """The exhibit: its title, its story, and its code; once found, with the right lines."""
    exhibit = state.exhibit
    if state.found:
        lines = _corrected(exhibit)
    else:
        lines = [f"  {line}" for line in exhibit.code.splitlines()]
    code = "\n".join(_line(line) for line in lines)
    return (
        f'<div style="line-height: 1.45; max-width: 940px"><strong>{html.escape(exhibit.title)}'
        f'</strong><div style="min-height: 2.9em">{as_html(exhibit.story)}</div>'
        '<pre style="margin: 4px 0; padding: 6px 10px; overflow-x: auto; line-height: 1.45; '
        f"box-sizing: content-box; min-height: {CODE_LINES * 1.45:g}em; "
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
        where = ", ".join(
            f'<a href="{source.url}" target="_blank" rel="noopener" '
            f'style="text-decoration: underline">{html.escape(source.name)}</a>'
            for source in exhibit.sources
        )
        met = f" Met in {where}." if where else ""
        words = (
            f"<strong>This check finds it.</strong> Why it went unseen: {as_html(exhibit.unseen)}"
        )
        words += met
    else:
        words = (
            f"<strong>The {html.escape(state.check.title)} check cannot see it.</strong> "
            f"{as_html(why_not(exhibit, state.check))} Choose another."
        )
    return f'<div style="line-height: 1.45; max-width: 940px">{words}</div>'
