"""Tables and bars, printed as Markdown, and the figures as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


def median(figures: Sequence[float]) -> float:
    return float(np.median(figures))


def cell(figures: Sequence[float], digits: int = 0) -> str:
    """Median and 95th percentile, as a table shows them."""
    if not len(figures):
        return ""
    return f"{median(figures):.{digits}f} / {np.percentile(figures, 95):.{digits}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; its first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def bar(reached: bool, claim: str, found: str) -> str:
    """A line that says whether a bar is reached, and what was found."""
    return f"- {'reached' if reached else '**not reached**'}: {claim}. Found: {found}."


def save(path: Path | None, figures: dict[str, Any]) -> None:
    """Write the figures, if somebody asked for them."""
    if path:
        path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
