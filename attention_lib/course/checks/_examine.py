"""What the checks share: a verdict in words, and the trying of a function on case after case.

What a reply may say. It names the property that failed, on the first case that shows it, the
smallest first, with its shapes and numbers, and where to look next. It may name what *one* case
should have given: a number to aim at, which is not the way there. It never shows a line that would
solve the exercise. So that numbers cannot be copied out of replies into a function that knows its
cases by heart, a check has more cases than anyone will copy, drawn with a fixed seed, and where
one constant is the whole exercise (the faders of notebook 00) a reply names limits only.

What a function prints is held back, and shown with a verdict that is about that call.
"""

import functools
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np

from attention_lib._words import as_html, sentences, written
from attention_lib.course import progress
from attention_lib.course.checks._attempt import Foreign, attempt, describe, not_a_function, typed
from attention_lib.course.checks._cells import left_over
from attention_lib.language import say

Case = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check has to say: whether the function is right, and the words for its writer."""

    passed: bool
    message: str

    @property
    def title(self) -> str:
        """The verdict in a word or two, for those who do not see its colour."""
        return say("Right.") if self.passed else say("Not yet.")

    def __repr__(self) -> str:
        return f"{self.title} {self.message}"

    def _repr_html_(self) -> str:
        colour = "success" if self.passed else "warn"
        first, *others = as_html(self.message).split("\n\n")
        others = [paragraph.replace("\n", "<br>") for paragraph in others]
        paragraphs = [f"<strong>{self.title}</strong> {first}", *others]
        return (
            f'<div role="status" style="border-left: 4px solid var(--jp-{colour}-color1, gray); '
            f'padding: 0.2em 1em; max-width: 46em">'
            + "".join(f'<p style="margin: 0.4em 0">{paragraph}</p>' for paragraph in paragraphs)
            + "</div>"
        )


class Mistake(NamedTuple):
    """Something that is often written instead, and what to say to it."""

    makes: Callable[..., Any]
    reply: str


def exercise(check: Callable[[Any], Verdict]) -> Callable[[Any], Verdict]:
    """Let a check judge only what its cell now makes, and note in the progress that it has passed.

    Args:
        check: from the learner's function to the verdict; it stands whatever becomes of the note.
    """

    @functools.wraps(check)
    def noted(yours: Any) -> Verdict:
        if reply := left_over(yours):
            return Verdict(False, reply)
        verdict = check(yours)
        problem = progress.record("exercise", check.__name__) if verdict.passed else ""
        return Verdict(True, f"{verdict.message}\n\n{problem}") if problem else verdict

    return noted


def examine(
    yours: Any,
    cases: Sequence[Case],
    problem: Callable[..., str],
    praise: str,
    *,
    mistakes: Iterable[Mistake] = (),
    steady: bool = True,
) -> Verdict:
    """Try a function on one case after another, and stop at the first that goes wrong.

    Args:
        yours: the learner's function; it is called with copies, by position.
        cases: arguments by name, the smallest first.
        problem: from the answer and the case to words, or "" if the answer is right.
        praise: what to say when nothing went wrong.
        mistakes: looked through for one that does in every case what the function does.
        steady: whether there is one right answer, so that a second call must give it again.

    Returns:
        The verdict. Whatever the function does, nothing is raised.
    """
    if reply := not_a_function(yours, "checks.squeeze(my_squeeze)"):
        return Verdict(False, reply)
    for case in cases:
        tried = attempt(yours, case)
        if tried.reply:
            return not_yet(tried.reply, tried.printed)
        if reply := _judged(problem, tried.answer, case):
            known = _wavers(yours, case, tried.answer) if steady else ""
            known = known or _recognise(yours, cases, case, mistakes)
            return not_yet(f"{known}\n\n{reply}" if known else reply, tried.printed)
    for case in cases:
        tried = attempt(yours, case)
        if reply := tried.reply or _judged(problem, tried.answer, case):
            return not_yet(f"{KEEPS_STATE}\n\n{reply}", tried.printed)
    return Verdict(True, praise)


def _judged(problem: Callable[..., str], answer: Any, case: Case) -> str:
    """What is wrong with an answer; a fault of the check itself is told in words, too."""
    try:
        return problem(answer, **case)
    except Exception as error:
        if os.environ.get("ATTENTION_LIB_STRICT"):
            raise
        return say(
            "The check could not judge what your function returns, {what}: {kind}. That is a fault "
            "of the check; but look at the type first.",
            what=typed(answer),
            kind=type(error).__name__,
        )


KEEPS_STATE = say(
    "The first time round every answer was right. Called again with the same arguments, your "
    "function gives another. So it remembers something between calls: a list or a number that is "
    "made outside the function, an argument such as `found=[]`, or random numbers. Make what you "
    "need inside."
)


def not_yet(reply: str, printed: str) -> Verdict:
    """A verdict that also shows what the function printed in the call that it is about."""
    shown = "\n".join(line for line in printed.replace("`", "'").splitlines() if line.strip())
    return Verdict(
        False, say("{reply}\n\nIt printed: `{shown}`", reply=reply, shown=shown) if shown else reply
    )


def _wavers(yours: Callable, case: Case, answer: Any) -> str:
    """Words for a function that gives another answer when it is called again, else ""."""
    again = attempt(yours, case)
    first, second = _as_numbers(answer), _as_numbers(again.answer)
    if again.reply or first is None or second is None or np.isnan(first).any():
        return ""
    if same(second, first):
        return ""
    return say(
        "Called twice with the same arguments, your function gives two different answers. So it "
        "remembers something between calls, made outside the function or in an argument such as "
        "`found=[]`, or it uses random numbers. Make what you need inside."
    )


def _at(index: tuple[int, ...], **case: Any) -> str:
    if not index:
        return say("Take {case}.", case=describe(case))
    return say("Take {case}. Look at entry {entry}.", case=describe(case), entry=list(index))


def against(
    right: Callable[..., Any],
    example: Callable[..., str] = _at,
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
    """Words for an answer that is not an array of real numbers, or a list of them, else ""."""
    got = _as_numbers(answer)
    if got is None:
        seen = _seen_before(answer, say("Look at what stands behind `return`."))
        return say(
            "Your function returns {what}, and an array of numbers is wanted. {seen}",
            what=typed(answer),
            seen=seen,
        )
    if got.dtype.kind == "b":
        return say(
            "Your function returns True and False, and numbers are wanted. Write them, or let "
            "`np.where` choose between two."
        )
    if isinstance(answer, int | float) and not isinstance(answer, np.generic):
        return say(
            "Your function returns one number, {answer}, and an array of numbers is wanted. The "
            "line after `Returns:` has its shape.",
            answer=number(answer),
        )
    if not isinstance(answer, np.ndarray | np.generic | list):
        reply = say(
            "Your function returns {what}, and the next step will want to calculate with it. Wrap "
            "it: `np.array(...)`.",
            what=typed(answer),
        )
        if not isinstance(answer, tuple):
            return reply
        places = say("(`np.where` with a condition alone gives a tuple, too: of places.)")
        return sentences((reply, places))
    if np.isnan(got).any():
        return say(
            "There is nan, not a number, in your answer: infinity was divided by infinity, or zero "
            "by zero. With large numbers `np.exp` overflows: which sign may its argument have?"
        )
    return ""


NOT_CALLED = say(
    "The brackets that call it are missing: `mean` is the method, `mean()` its result."
)
SEEN_BEFORE = {
    "generator": say(
        "It gives its numbers one by one, when asked. Square brackets in place of the round ones "
        "make them at once: `np.array([...])`."
    ),
    "map": say(
        "It gives its numbers one by one, when asked. `np.array(list(...))` makes them at once."
    ),
    "function": say(
        "The brackets that call it are missing, or an inner function comes back uncalled."
    ),
    "method": NOT_CALLED,
    "builtin_function_or_method": NOT_CALLED,
    "coroutine": say("`async` has no place here: begin the line with `def`."),
    "tuple": say("Is there a comma behind `return`? Then several things come back. Return one."),
    "str": say("Text cannot be calculated with: leave out the quotes, or the `str(...)`."),
    "list": say("It holds something that is no number, or rows that are not of one length."),
    "MaskedArray": say("It hides some of its numbers, and none may be hidden here."),
    "dict": say("Return the numbers alone, in the order of the channels."),
}


def same(got: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether two arrays agree in shape and, up to rounding, in value."""
    return got.shape == wanted.shape and np.allclose(got, wanted, rtol=1e-4, atol=1e-7)


def listed(values: Iterable[float]) -> str:
    """Numbers as one reads them: 1, 2.5, −3."""
    return say(", ").join(number(value) for value in values)


def number(value: float) -> str:
    """A number to four digits."""
    return written(value, 4)


def _not_whole(answer: Any, wanted: int) -> str:
    """Words for an answer that is not a whole number, else ""."""
    if isinstance(answer, Integral) and not isinstance(answer, bool) and abs(answer) < 2**63:
        return ""
    if isinstance(answer, Real) and not isinstance(answer, bool) and answer == wanted:
        return say(
            "The value is right, but {answer} is a decimal number, and this one counts something. "
            "Divide with `//`, or cut with `int`.",
            answer=float(answer),
        )
    seen = _seen_before(answer, "") if isinstance(answer, tuple | str) else ""
    return say(
        "Your function returns {what}, and one whole number is wanted. {seen}",
        what=typed(answer),
        seen=seen,
    ).strip()


def _seen_before(answer: Any, else_say: str) -> str:
    """What to look for where an answer is of a type that others have returned, too."""
    name = answer.type_name if isinstance(answer, Foreign) else type(answer).__name__
    return SEEN_BEFORE.get(name, else_say)


def _as_numbers(answer: Any) -> np.ndarray | None:
    """The answer as an array, or None if it does not hold real numbers."""
    if isinstance(answer, Foreign):
        return answer.numbers
    found = np.asarray(answer)
    return found if found.dtype.kind in "fiub" else None


def _recognise(
    yours: Callable, cases: Iterable[Case], failing: Case, mistakes: Iterable[Mistake]
) -> str:
    """The reply to the mistake that explains the failing case, and most of the others best."""
    numbers, stop = [], time.monotonic() + 1  # a slow function need not be known for certain
    for case in cases:
        if time.monotonic() < stop and (got := _outcome(yours, case)) is not None:
            numbers.append((case, got))
    best, reply = len(numbers) * 2 / 3, ""  # less may be chance
    for mistake in mistakes:
        explained = [
            case
            for case, got in numbers
            if (wrong := _outcome(mistake.makes, case)) is not None and same(got, wrong)
        ]
        if len(explained) > best and any(case is failing for case in explained):
            best, reply = len(explained), mistake.reply
    return reply or _always(*(got for _, got in numbers))


def _always(*answers: np.ndarray) -> str:
    """Words for answers that are the same in every case, else "". Of True and False any may be."""
    if len(answers) < 3 or any(answer.dtype.kind == "b" for answer in answers):
        return ""
    if not all(same(answer, answers[0]) for answer in answers):
        return ""
    return say(
        "Your function gives the same answer whatever it is given. Does it use its argument? A "
        "name from a cell above, or a number of one example, fits that example alone."
    )


def _outcome(function: Callable[..., Any], case: Case) -> np.ndarray | None:
    """What a function gives; None where it fails, or gives something else than numbers."""
    tried = attempt(function, case)
    found = None if tried.reply else _as_numbers(tried.answer)
    return None if found is None or np.isnan(found).any() else found


def _difference(
    got: np.ndarray, wanted: np.ndarray, example: Callable[..., str], case: Case
) -> str:
    """Where an answer departs from the right one: its shape, or its first wrong number, or ""."""
    if got.shape != wanted.shape:
        return say(
            "For {case} the answer has the shape {wanted}, and yours has {yours}.",
            case=describe(case),
            wanted=wanted.shape,
            yours=got.shape,
        )
    return first_wrong(got, wanted, functools.partial(example, **case))


def first_wrong(
    got: np.ndarray, wanted: np.ndarray, example: Callable[..., str], atol: float = 1e-7
) -> str:
    """Words for the first number that is wrong, beyond rounding, else ""; after its example."""
    wrong = ~np.isclose(got, wanted, rtol=1e-4, atol=atol)
    if not wrong.any():
        return ""
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    return say(
        "{example} The answer is {wanted}, and yours is {yours}.",
        example=example(index),
        wanted=number(wanted[index]),
        yours=number(got[index]),
    )
