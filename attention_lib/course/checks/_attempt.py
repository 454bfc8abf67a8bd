"""One careful call of a learner's function: whatever it does, it is told in words.

What comes back is looked at inside the same limits: it may be an object with methods of its own.
"""

import contextlib
import copy
import inspect
import io
import re
import traceback
import types
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from attention_lib.course.checks import _limits
from attention_lib.course.checks._limits import TooLong, memory_limit, time_limit
from attention_lib.language import say

SECONDS = 2
LONGEST_LINE = 100  # characters of a learner's line that are shown
MOST_PRINTED = 600  # characters of what the function prints that are kept

NOTHING = say(
    "Nothing is returned yet. Put your own lines in place of the `...`, and let the last one begin "
    "with `return`."
)
ONLY_PRINTED = say(
    "Your function prints something and returns nothing. `print` shows a value to you; `return` "
    "hands it to whoever called. End with `return`."
)
IN_THE_LINE = say(", in the line `{line}`")
COPIED = np.ndarray | list | tuple
PLAIN = {bool, int, float, complex, str, bytes, Fraction, Decimal, np.ndarray}
PLAIN |= set(np.sctypeDict.values())
UNCHAINED = re.compile(r"matmul: .*\(size (\d+) is different from (\d+)\)")
OURS = {__file__, _limits.__file__, contextlib.__file__}  # no line of the learner's is in these


@dataclass(frozen=True)
class Foreign:
    """An answer that is no plain number, text or array: what it is called, and its numbers."""

    type_name: str
    numbers: np.ndarray | None


class Attempt(NamedTuple):
    """What came of a call: an answer, or words for why there is none."""

    answer: Any
    reply: str
    printed: str = ""


class _Shown(io.StringIO):
    """What is printed, its beginning: a loop may print without end."""

    def write(self, text: str) -> int:
        if self.tell() < MOST_PRINTED:
            super().write(text[:MOST_PRINTED])
        return len(text)


def attempt(
    yours: Callable[..., Any],
    given: Mapping[str, Any],
    *,
    keep: Callable[[Any], Any] | None = None,
    seconds: float = SECONDS,
    limited: bool = True,
    explain: Callable[[BaseException], str] = lambda error: "",
) -> Attempt:
    """Call a function with deep copies, by position, and say what went wrong if anything did.

    Args:
        yours: the learner's function.
        given: its arguments by name.
        keep: makes of the answer what the check will look at; by default numbers and arrays
            stay, and anything else becomes `Foreign`.
        seconds: for the call and for looking at the answer.
        limited: whether its memory is limited, too.
        explain: words of the check's own for an exception, or "" for the usual ones.
    """
    copies = {
        name: copy.deepcopy(value) if isinstance(value, COPIED) else value
        for name, value in given.items()
    }
    shown = _Shown()
    try:
        with (
            contextlib.redirect_stdout(shown),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            memory_limit() if limited else contextlib.nullcontext(),
            time_limit(seconds),
        ):
            warnings.simplefilter("ignore")
            answer = yours(*copies.values())
            answer = (keep or _plain)(answer)
    except KeyboardInterrupt:  # the learner's own, by Jupyter's button
        raise
    except BaseException as error:
        reply = explain(error) or _stopped(error, yours, given, seconds)
        return Attempt(None, reply, shown.getvalue())
    printed = shown.getvalue()
    if answer is None or answer is ...:
        return Attempt(None, ONLY_PRINTED if printed.strip() else NOTHING, printed)
    for name, value in given.items():
        if not _unchanged(copies[name], value):
            return Attempt(None, _changed(name, value), printed)
    return Attempt(answer, "", printed)


def describe(given: Mapping[str, Any]) -> str:
    """The arguments: shapes of arrays, values of numbers."""

    def one(name: str, value: Any) -> str:
        if callable(value):
            return say("the function `{name}`", name=name)
        return (
            say("`{name}` of shape {shape}", name=name, shape=value.shape)
            if hasattr(value, "shape")
            else f"{name} = {value}"
        )

    return say(", ").join(one(name, value) for name, value in given.items())


def fault(error: BaseException) -> str:
    """The kind of an exception and the first line of what it says."""
    try:
        said = str(error).splitlines()[:1]
    except Exception:  # an exception may be of a class of the learner's own
        said = []
    return ": ".join([type(error).__name__, *said])


def line_of(error: BaseException) -> str:
    """The line of the learner's code in which it stopped, as source, or ""."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename not in OURS]
    theirs = [frame for frame in inside if "site-packages" not in frame.filename]
    line = ([*theirs, *inside][0].line or "") if inside else ""
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..."


def typed(value: Any) -> str:
    """A value of the wrong type, in words."""
    name = value.type_name if isinstance(value, Foreign) else type(value).__name__
    return say("something of type `{name}`", name=name)


def not_a_function(yours: Any, call: str) -> str:
    """Words for a check that was given something else than a function, else ""."""
    if callable(yours):
        return ""
    return say(
        "A check wants the function itself, and this is {what}. Give its name without brackets "
        "behind it, as in `{call}`.",
        what=typed(yours),
        call=call,
    )


def _plain(answer: Any) -> Any:
    """The answer as something that is safe to look at."""
    if type(answer) in PLAIN:
        return _inside(answer)
    if answer is None or answer is ...:
        return answer
    if type(answer) in (list, tuple):
        numbers = _numbers(answer)
        if numbers is not None and numbers.size < 10**6:
            return type(answer)(numbers.tolist()) if numbers.ndim else answer
        return Foreign(type(answer).__name__, numbers)
    if isinstance(answer, types.CoroutineType):
        answer.close()
    return Foreign(type(answer).__name__, _numbers(answer))


def _inside(answer: Any) -> Any:
    """An array of objects may hold anything; its text and dates are no numbers either."""
    if isinstance(answer, np.ndarray) and answer.dtype.hasobject:
        return Foreign("ndarray of objects", None)
    return answer


def _numbers(answer: Any) -> np.ndarray | None:
    """The answer as an array of real numbers, or None."""
    if isinstance(answer, np.ma.MaskedArray):
        return None
    try:
        found = np.array(answer)
    except Exception:  # an object of any kind may come, with any fault in its conversion
        return None
    return found if found.dtype.kind in "fiub" else None


def _unchanged(now: Any, before: Any) -> bool:
    if isinstance(before, np.ndarray):
        return isinstance(now, np.ndarray) and np.array_equal(now, before)
    return now == before if isinstance(before, list) else True


def _changed(name: str, value: Any) -> str:
    if isinstance(value, list):
        return say(
            "Your function changes `{name}`, the list that it was given, so whoever called it has "
            "lost the original. `pop`, `append`, `sort` and `+=` do that. Read it, or begin with a "
            "copy, `list(...)`.",
            name=name,
        )
    return say(
        "Your function changes `{name}`, the array that it was given, so whoever called it has "
        "lost the original. `*=`, `+=`, `x[...] =` and `shuffle` do that. Make a new array "
        "instead, or begin with `.copy()`.",
        name=name,
    )


def _stopped(
    error: BaseException, yours: Callable, given: Mapping[str, Any], seconds: float
) -> str:
    """Words for an exception in the learner's code."""
    line = line_of(error)
    where = IN_THE_LINE.format(line=line) if line else ""
    with_what = (
        say("It had been given {given}", given=describe(given))
        if given
        else say("It had been given nothing")
    )
    if isinstance(error, TooLong):
        return say(
            "Your function was still at work after {seconds} seconds{where}, and the check stopped "
            "it. {with_what}: a moment is enough for that. If there is a `while`, does what it "
            "looks at change inside the loop?",
            seconds=seconds,
            where=where,
            with_what=with_what,
        )
    if isinstance(error, RecursionError):
        return say(
            "Your function calls itself again and again{where}, and never comes to an end. No step "
            "here needs that. Is there a name in it that should be another function's?",
            where=where,
        )
    if isinstance(error, MemoryError):
        return say(
            "Your function asked for more memory than there is{where}. {with_what}. Work out the "
            "shape of the array that this line makes: does an axis belong that should not?",
            where=where,
            with_what=with_what,
        )
    if isinstance(error, TypeError) and not line:
        return _wrong_number(yours, given) or say(
            "Your function could not be called with {given}: {fault}. Keep the line that begins "
            "with `def` as it was.",
            given=_names(given),
            fault=fault(error),
        )
    if chain := UNCHAINED.search(fault(error)):
        right, left = chain.groups()
        return say(
            "The shapes on both sides of `@` do not chain{where}: the left one ends with {left}, "
            "the right one begins with {right}.\n\n{with_what}. Write both shapes side by side. "
            "Are the two the right way round, and is neither turned on its side?",
            where=where,
            left=left,
            right=right,
            with_what=with_what,
        )
    return say(
        "Your function stopped with {fault}{where}.\n\n{next_look}",
        fault=fault(error),
        where=where,
        next_look=_next_look(error, given, with_what),
    )


def _next_look(error: BaseException, given: Mapping[str, Any], with_what: str) -> str:
    if isinstance(error, NameError):
        return say(
            "{with_what}. Is the name spelt as in the line with `def`? A name from a cell above is "
            "known only after that cell has run, and what belongs to a library has its name in "
            "front, as in `np.mean`.",
            with_what=with_what,
        )
    if isinstance(error, SystemExit):
        return say("`exit` and `quit` end a program. A function ends with `return`.")
    if "truth value of an array" in fault(error):
        return say(
            "`max`, `min`, `if`, `and` and `not` want one True or False, and an array has many. "
            "`np.maximum`, `np.where` and their like go entry by entry."
        )
    if isinstance(error, IndexError):  # NumPy's AxisError is one
        return say(
            "{with_what}, and here something is counted that is not there. Axes and places are "
            "counted from 0. Which axis has the number of things that you count?",
            with_what=with_what,
        )
    if isinstance(error, KeyError):
        return say(
            "{with_what}. Is there something of that name in what stands before the `[`? Print it.",
            with_what=with_what,
        )
    if isinstance(error, AttributeError):
        return say(
            "{with_what}. Is there something of that name? Press Tab behind the dot to see.",
            with_what=with_what,
        )
    if not any(hasattr(value, "shape") for value in given.values()):
        return say(
            "{with_what}. Print what that line works on: is it what its name says?",
            with_what=with_what,
        )
    return say("{with_what}. Print the shapes before that line: do they fit?", with_what=with_what)


def _wrong_number(yours: Callable, given: Mapping[str, Any]) -> str:
    """Words for a function that takes another number of arguments, else ""."""
    try:
        signature = inspect.signature(yours)
    except Exception:  # of a built-in function, or of an object with a mind of its own
        return ""
    try:
        signature.bind(*given.values())
    except TypeError:
        takes = _names(signature.parameters)
        return say(
            "Your function takes {takes}, and the check gives it {given}. Keep the line that "
            "begins with `def` as it was.",
            takes=takes,
            given=_names(given),
        )
    return ""


def _names(given: Mapping[str, Any]) -> str:
    return say(", ").join(f"`{name}`" for name in given) or say("no arguments")
