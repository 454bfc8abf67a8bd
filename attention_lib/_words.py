"""How numbers, lists and code are written in sentences, for every room."""

import html
import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

from attention_lib import language
from attention_lib.language import say


def number(value: float, decimals: int = 2, *, sign: bool = False) -> str:
    """A number with a true minus sign, and no sign before zero.

    Args:
        value: the number.
        decimals: how many decimals to show.
        sign: show a plus before what is above zero.
    """
    text = f"{value:{'+' if sign else ''}.{decimals}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("+-")


def written(value: float, digits: int = 3) -> str:
    """A number as it is read: 3136, 12,544, 0.308, −0.13.

    Args:
        value: the number; a whole one is written out.
        digits: how many to show of a number with decimals.
    """
    value = float(value)
    if value.is_integer() and abs(value) < 1e15:
        text = f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    elif 1e-4 <= abs(value) < 1e15:
        decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
        text = f"{value:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if decimals else text
    else:
        text = f"{value:.{digits}g}"
    return text.replace("-", "−")


def short(count: float) -> str:
    """A count to three digits: 148, 8,320, 83.2k, 2.51M, 4.1G."""
    if count < 10_000:
        return f"{count:,}"
    count = float(f"{count:.3g}")
    size, suffix = next(pair for pair in ((1e9, "G"), (1e6, "M"), (1e3, "k")) if count >= pair[0])
    return f"{count / size:.3g}{suffix}"


def cut(text: str, most: int = 40) -> str:
    """A text with an end that says so where it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def many(count: int, what: str) -> str:
    """A count and what is counted: "1 channel", "2,048 channels".

    Args:
        count: how many.
        what: one of them in English, written out where `many` is called, as for `say`.
    """
    plural = "s" if language.chosen == "en" and count != 1 else ""
    return say("{count} {what}", count=f"{count:,}", what=say(what) + plural)


def capital(text: str) -> str:
    """A text as a sentence begins with it."""
    return text[:1].upper() + text[1:]


def sentences(parts: Iterable[str]) -> str:
    """Sentences one after the other; in Chinese no space is between them."""
    return (" " if language.chosen == "en" else "").join(part for part in parts if part)


def total(terms: Sequence[str]) -> str:
    """Terms added up in words: "a + b − c"."""
    return " + ".join(terms).replace("+ −", "− ")


def largest(sizes: np.ndarray, most: int) -> list[int]:
    """Which `most` entries are largest in size, in their own order."""
    return sorted(np.argsort(-np.abs(sizes), kind="stable")[:most].tolist())


def and_more(parts: Sequence[str], left_out: int, what: str) -> str:
    """A list with how many it leaves out: "a, b, and 6 more units".

    Args:
        parts: the list.
        left_out: how many are not in it.
        what: several of them in English, written out where this is called, as for `say`.
    """
    listed = say(", ").join(parts)
    if not left_out:
        return listed
    return say("{listed}, and {count} more {what}", listed=listed, count=left_out, what=say(what))


def as_html(text: str) -> str:
    """Words as a page has them: markup is shown as it is, and `ticks` are code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))
