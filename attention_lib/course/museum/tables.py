"""Which check finds which mistake, computed, and what all checks say to one block."""

import html
from collections.abc import Mapping
from functools import lru_cache

from attention_lib import _require
from attention_lib.course.museum.blocks import Block
from attention_lib.course.museum.checks import CHECKS, Finding
from attention_lib.course.museum.exhibits import EXHIBITS, Exhibit
from attention_lib.language import say

MARKED = "font-weight: bold; white-space: nowrap; color: var(--jp-warn-color0, #b8860b)"

# Where the page is narrow a table scrolls in a frame of its own, by keyboard, too.
FRAME = '<div role="region" aria-label="{name}" tabindex="0" style="overflow-x: auto">{table}</div>'


class Table:
    """Rows of words under headings, for a notebook and for a terminal."""

    def __init__(self, headings: list[str], rows: list[list[str]], marked: str):
        self.headings, self.rows, self._marked = headings, rows, marked

    def __repr__(self) -> str:
        lines = [self.headings, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.headings))]
        padded = (
            "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True))
            for line in lines
        )
        return "\n".join(line.rstrip() for line in padded)

    def _repr_html_(self) -> str:
        lines = [("th", self.headings), *(("td", row) for row in self.rows)]
        head, *body = (
            f"<tr>{''.join(self._cell(tag, word) for word in words)}</tr>" for tag, words in lines
        )
        table = f"<table><thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"
        return FRAME.format(name=say("table"), table=table)

    def _cell(self, tag: str, word: str) -> str:
        style = MARKED if word == self._marked else ""
        return f'<{tag} style="text-align: left; {style}">{html.escape(word)}</{tag}>'


def matrix(exhibits: Mapping[str, Exhibit] = EXHIBITS) -> dict[str, dict[str, bool]]:
    """Let every check look at every exhibit.

    Args:
        exhibits: those to look at, by name.

    Returns:
        By exhibit and check, whether the check finds something.
    """
    return {
        name: {key: not exhibit.examine(check).passed for key, check in CHECKS.items()}
        for name, exhibit in exhibits.items()
    }


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, bool]]:
    return matrix()


def table(exhibits: Mapping[str, Exhibit] = EXHIBITS) -> Table:
    """Which check finds which exhibit, as a table."""
    found = _all() if exhibits is EXHIBITS else matrix(exhibits)
    headings = ["", *(check.title for check in CHECKS.values())]
    rows = [
        [exhibits[name].title, *(say("finds it") if found[name][key] else "·" for key in CHECKS)]
        for name in exhibits
    ]
    return Table(headings, rows, say("finds it"))


def missed_by(checks: list[str] | tuple[str, ...] | set[str]) -> list[str]:
    """The titles of exhibits that none of these checks finds.

    Args:
        checks: names out of `CHECKS`.

    Raises:
        ValueError: if there is no check of that name.
    """
    for name in checks:
        _require.choice(name, "checks", CHECKS)
    return [
        EXHIBITS[name].title for name, row in _all().items() if not any(row[key] for key in checks)
    ]


def examine(block: Block) -> Table:
    """What all checks say to one block."""
    findings: dict[str, Finding] = {check.title: check(block.again()) for check in CHECKS.values()}
    rows = [
        [title, say("passes") if finding.passed else say("fails"), finding.words]
        for title, finding in findings.items()
    ]
    return Table([say("check"), "", say("what it saw")], rows, say("fails"))
