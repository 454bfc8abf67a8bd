"""What the checks share: a verdict in words, and a careful way to try a learner's function."""

import html
import re
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

Case = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check has to say: whether the function is right, and the words for its writer."""

    passed: bool
    message: str

    @property
    def title(self) -> str:
        """The verdict in a word or two, for those who do not see its colour."""
        return "Right." if self.passed else "Not yet."

    def __repr__(self) -> str:
        return f"{self.title} {self.message}"

    def _repr_html_(self) -> str:
        colour = "success" if self.passed else "warn"
        words = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(self.message))
        first, *others = words.split("\n\n")
        paragraphs = [f"<strong>{self.title}</strong> {first}", *others]
        return (
            f'<div style="border-left: 4px solid var(--jp-{colour}-color1, gray); '
            f'padding: 0.2em 1em; max-width: 46em">'
            + "".join(f'<p style="margin: 0.4em 0">{paragraph}</p>' for paragraph in paragraphs)
            + "</div>"
        )


class Mistake(NamedTuple):
    """Something that is often written instead, and what to say to it."""

    makes: Callable[..., Any]
    reply: str


def examine(
    yours: Any,
    cases: Sequence[Case],
    problem: Callable[..., str],
    praise: str,
    *,
    mistakes: Iterable[Mistake] = (),
) -> Verdict:
    """Try a function on one case after another, and stop at the first that goes wrong.

    Args:
        yours: the learner's function; it is called with copies, by position.
        cases: arguments by name, the smallest first.
        problem: from the answer and the case to words, or "" if the answer is right.
        praise: what to say when nothing went wrong.
        mistakes: looked through for one that does in every case what the function does.

    Returns:
        The verdict. Whatever the function does, nothing is raised.
    """
    if not callable(yours):
        return Verdict(
            False,
            f"A check wants the function itself, and this is {_typed(yours)}. Give its name "
            "without brackets behind it, as in `checks.squeeze(my_squeeze)`.",
        )
    for case in cases:
        answer, reply = _call(yours, case)
        if reply:
            return Verdict(False, reply)
        if reply := problem(answer, **case):
            known = _recognise(yours, cases, case, mistakes)
            return Verdict(False, f"{known}\n\n{reply}" if known else reply)
    return Verdict(True, praise)


def _call(yours: Callable, case: Case) -> tuple[Any, str]:
    """Call the function on copies; returns its answer, and words if it could not give one."""
    given = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in case.items()
    }
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = yours(*given.values())
    except (Exception, SystemExit) as error:
        return None, _stopped(error, case)
    if answer is None or answer is ...:
        return None, (
            "Nothing is returned yet. Put your own lines in place of the `...`, and let the last "
            "one begin with `return`."
        )
    for name, value in case.items():
        if not np.array_equal(given[name], value):
            return None, (
                f"Your function changes `{name}`, the array that it was given, so whoever called "
                "it has lost the original. `*=`, `+=`, `x[...] =` and `shuffle` do that. Make a "
                "new array instead, or begin with `.copy()`."
            )
    return answer, ""


def _stopped(error: BaseException, case: Case) -> str:
    """Words for an exception in the learner's code."""
    fault = type(error).__name__ + (f": {str(error).splitlines()[0]}" if str(error) else "")
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is `_call`
    if not frames:
        return (
            f"Your function could not be called with {_names(case)}: {fault}. "
            "Keep the line that begins with `def` as it was."
        )
    where = f", in the line `{frames[0].line}`" if frames[0].line else ""
    return (
        f"Your function stopped with {fault}{where}.\n\n"
        f"It had been given {describe(case)}. Print the shapes before that line: do they fit?"
    )


def against(
    right: Callable[..., Any],
    example: Callable[..., str] = lambda index, **case: f"Take {describe(case)}.",
) -> Callable[..., str]:
    """Make a `problem` for `examine` that compares with the right function.

    Args:
        right: the library's function. Where it returns an int, so must the learner's.
        example: from the index of a wrong number and the case to words about what it is made of.
    """

    def problem(answer: Any, **case: Any) -> str:
        wanted = right(**case)
        whole = isinstance(wanted, Integral)
        reply = _not_whole(answer, wanted) if whole else not_an_array(answer)
        return reply or _difference(np.asarray(answer), np.asarray(wanted), example, case)

    return problem


def not_an_array(answer: Any) -> str:
    """Words for an answer that is not an array of real numbers, else ""."""
    got = _as_numbers(answer)
    if got is None:
        return (
            f"Your function returns {_typed(answer)}, and an array of numbers is wanted. "
            "Look at what stands behind `return`."
        )
    if got.dtype.kind == "b":
        return "Your function returns True and False, and numbers are wanted. Try `np.where`."
    if not isinstance(answer, np.ndarray | np.generic):
        return (
            f"Your function returns {_typed(answer)}, and the next step will want to calculate "
            "with it. Wrap it: `np.array(...)`."
        )
    if np.isnan(got).any():
        return (
            "There is nan, not a number, in your answer: infinity was divided by infinity, or zero "
            "by zero. With large numbers `np.exp` overflows: which sign may its argument have?"
        )
    return ""


def same(got: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether two arrays agree in shape and, up to rounding, in value."""
    return got.shape == wanted.shape and np.allclose(got, wanted, rtol=1e-4, atol=1e-7)


def describe(case: Case) -> str:
    """The arguments of a case: shapes of arrays, values of numbers."""
    return ", ".join(
        f"`{name}` of shape {value.shape}" if isinstance(value, np.ndarray) else f"{name} = {value}"
        for name, value in case.items()
    )


def listed(values: Iterable[float]) -> str:
    """Numbers as one reads them: 1, 2.5, −3."""
    return ", ".join(number(value) for value in values)


def number(value: float) -> str:
    """A number to four digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def _not_whole(answer: Any, wanted: int) -> str:
    """Words for an answer that is not a whole number, else ""."""
    if isinstance(answer, Integral) and not isinstance(answer, bool) and abs(answer) < 2**63:
        return ""
    if isinstance(answer, Real) and not isinstance(answer, bool) and answer == wanted:
        return (
            f"The value is right, but {answer!r} is a decimal number, and this one counts "
            "something. Divide with `//`, or cut with `int`."
        )
    return f"Your function returns {_typed(answer)}, and a whole number is wanted, such as 6."


def _as_numbers(answer: Any) -> np.ndarray | None:
    """The answer as an array, or None if it does not hold real numbers."""
    try:
        found = np.asarray(answer)
    except Exception:  # an object of any kind may come, with any fault in its conversion
        return None
    return found if found.dtype.kind in "fiub" else None


def _recognise(
    yours: Callable, cases: Iterable[Case], failing: Case, mistakes: Iterable[Mistake]
) -> str:
    """The reply to the mistake that explains the failing case, and most of the others best."""
    numbers = [(case, got) for case in cases if (got := _outcome(yours, case)) is not None]
    best, reply = len(numbers) * 2 / 3, ""  # less may be chance
    for mistake in mistakes:
        explained = [
            case
            for case, got in numbers
            if (wrong := _outcome(mistake.makes, case)) is not None and same(got, wrong)
        ]
        if len(explained) > best and any(case is failing for case in explained):
            best, reply = len(explained), mistake.reply
    return reply


def _outcome(function: Callable[..., Any], case: Case) -> np.ndarray | None:
    """What a function gives; None where it fails, or gives something else than numbers."""
    answer, reply = _call(function, case)
    found = None if reply else _as_numbers(answer)
    return None if found is None or np.isnan(found).any() else found


def _difference(
    got: np.ndarray, wanted: np.ndarray, example: Callable[..., str], case: Case
) -> str:
    """Where an answer departs from the right one: its shape, or its first wrong number, or ""."""
    if same(got, wanted):
        return ""
    if got.shape != wanted.shape:
        return (
            f"For {describe(case)} the answer has the shape {wanted.shape}, "
            f"and yours has {got.shape}."
        )
    wrong = ~np.isclose(got, wanted, rtol=1e-4, atol=1e-7)
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    return (
        f"{example(index, **case)} The answer is {number(wanted[index])}, "
        f"and yours is {number(got[index])}."
    )


def _typed(value: Any) -> str:
    """A value of the wrong type, in words."""
    return f"something of type `{type(value).__name__}`"


def _names(case: Case) -> str:
    return ", ".join(f"`{name}`" for name in case) or "no arguments"
