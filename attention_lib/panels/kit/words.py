"""Numbers and lists as print has them, for the sentences of panels."""

from collections.abc import Sequence

import numpy as np


def number(value: float, decimals: int = 2, *, sign: bool = False) -> str:
    """A number with a true minus sign, and no sign before zero.

    Args:
        value: the number.
        decimals: how many decimals to show.
        sign: show a plus before what is above zero.
    """
    text = f"{value:{'+' if sign else ''}.{decimals}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("+-")


def total(terms: Sequence[str]) -> str:
    """Terms added up in words: "a + b − c"."""
    return " + ".join(terms).replace("+ −", "− ")


def largest(sizes: np.ndarray, most: int) -> list[int]:
    """Which `most` entries are largest in size, in their own order."""
    return sorted(np.argsort(-np.abs(sizes), kind="stable")[:most].tolist())


def and_more(parts: Sequence[str], left_out: int, what: str) -> str:
    """A list with how many it leaves out: "a, b, and 6 more units"."""
    listed = ", ".join(parts)
    return f"{listed}, and {left_out} more {what}" if left_out else listed


def short(count: int) -> str:
    """A count in at most four characters or so: 148, 8.3k, 2.1M."""
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.3g}{suffix}"
    return str(count)
