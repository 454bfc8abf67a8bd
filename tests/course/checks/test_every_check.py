"""Every check: right answers pass, and each wrong one gets the words meant for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from attention_lib.course import checks
from attention_lib.course.checks import Verdict
from tests.course.checks import (
    answers_00_to_05,
    answers_06,
    answers_07,
    answers_08,
    answers_09,
    answers_10,
    answers_11,
)
from tests.notebooks.harness import AS_CODE

TABLES = (answers_00_to_05, answers_06, answers_07, answers_08, answers_09, answers_10, answers_11)
RIGHT = [row for table in TABLES for row in table.RIGHT]
WRONG = [row for table in TABLES for row in table.WRONG]
CHECKS = [getattr(checks, name) for name in checks.__all__ if name != Verdict.__name__]
NOTHING = "Nothing is returned yet."
ENOUGH = 5


def by_name(value):
    return getattr(value, "__name__", None)


each = pytest.mark.parametrize("check", CHECKS, ids=by_name)


def right_for(check):
    """The first right answer to an exercise."""
    return next(right for its_check, right in RIGHT if its_check is check)


@pytest.mark.parametrize(("check", "right"), RIGHT, ids=by_name)
def test_a_right_answer_passes(check, right):
    verdict = check(right)
    assert verdict.passed, verdict
    assert verdict.message
    assert not AS_CODE.search(verdict.message)


@pytest.mark.parametrize(("check", "wrong", "words"), WRONG, ids=by_name)
def test_a_wrong_answer_gets_the_words_meant_for_it(check, wrong, words):
    verdict = check(wrong)
    assert not verdict.passed
    assert words in verdict.message


def as_lists(answer):
    return answer.tolist() if isinstance(answer, np.ndarray) else answer


@each
def test_a_list_of_numbers_is_taken_for_an_array_everywhere_and_a_tuple_nowhere(check):
    right = right_for(check)
    verdict = check(lambda *given: as_lists(right(*given)))
    assert verdict.passed, verdict
    refused = check(lambda *given: tuple(np.atleast_1d(right(*given)).tolist()))
    assert not refused.passed
    assert "something of type `tuple`" in refused.message


@each
def test_a_check_knows_five_wrong_answers_apart(check):
    replies = {words for its_check, _, words in WRONG if its_check is check}
    assert len([words for words in replies if not NOTHING.startswith(words)]) >= ENOUGH


@each
@pytest.mark.parametrize("stub", [lambda *given: ..., lambda *given: None])
def test_an_unfilled_stub_is_told_that_nothing_is_returned(check, stub):
    verdict = check(stub)
    assert not verdict.passed
    assert verdict.message.startswith(NOTHING)


@each
def test_knowing_the_smallest_case_by_heart_is_not_enough(check):
    known = []

    def by_heart(*given):
        known.append(right_for(check)(*given))
        return known[0]

    takes_nothing = check is checks.gates_by_hand  # one constant is the whole exercise
    assert check(by_heart).passed == takes_nothing


@each
def test_a_function_that_remembers_is_found_out(check):
    seen = set()

    def remembers(*given):
        before, after = len(seen), seen.add(str([np.asarray(x).tolist() for x in given]))
        answer = right_for(check)(*given)
        return answer if after or len(seen) > before else np.asarray(answer) + 1

    verdict = check(remembers)
    assert not verdict.passed
    assert verdict.message.startswith("The first time round every answer was right.")


ANYTHING = st.one_of(
    st.none() | st.booleans() | st.text() | st.binary() | st.complex_numbers() | st.datetimes(),
    st.integers() | st.floats() | st.just(10**400) | st.fractions() | st.decimals(),
    st.recursive(st.integers() | st.floats(), lambda inside: st.lists(inside) | st.sets(st.text())),
    st_numpy.arrays(st_numpy.scalar_dtypes(), st_numpy.array_shapes(min_dims=0, min_side=0)),
)


@given(check=st.sampled_from(CHECKS), answer=ANYTHING)
def test_no_answer_whatever_makes_a_check_raise(check, answer):
    verdict = check(lambda *given: answer)
    assert verdict.message
    assert not verdict.passed


def test_yes_for_every_block_is_not_taken_for_an_answer_known_by_heart():
    def all_maxima_higher(gates):
        return not np.allclose(gates(np.ones((4, 4, 8))), gates(np.full((4, 4, 8), 2.0)))

    verdict = checks.uses_maximum(all_maxima_higher)
    assert verdict.message.startswith("Your check says True of a block that uses the means twice")
