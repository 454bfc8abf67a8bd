"""What holds for every prediction, whatever it asks."""

import functools

import numpy as np
import pytest

from attention_lib.course import predict
from attention_lib.course.predict._ask import Question
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT, UNREAD
from tests.notebooks.rules import DESK, NOT_PLAIN

QUESTIONS = {
    name: question
    for name in predict.__all__
    if isinstance(question := getattr(predict, name), Question)
}
NO_ANSWER = {
    "number": ["", "  ", "no idea", "1/0", "9**9**9", "__import__('os')", "[1]", "1" * 200, "½"],
    "choice": ["", "something else"],
    "bars": [[]],
}


def loads_keras(question):
    return question.about.startswith("network/")


every_question = pytest.mark.parametrize(
    "question",
    [
        pytest.param(q, id=name, marks=[pytest.mark.tensorflow] * loads_keras(q))
        for name, q in QUESTIONS.items()
    ],
)


@pytest.fixture(autouse=True, scope="module")
def revealed_once():
    """Every truth is computed once here, however many tests look at it."""
    with pytest.MonkeyPatch.context() as patch:
        for question in QUESTIONS.values():
            patch.setattr(question, "reveal", functools.cache(question.reveal))
        yield


def believed(truth):
    """Each wrong answer that is known, and what is said to it."""
    sketched = ((belief.value, belief.words) for belief in truth.beliefs)
    return list(truth.beliefs.items() if isinstance(truth.beliefs, dict) else sketched)


def given(value):
    """A value as the page sends it: text for a number, a list for a sketch."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value if isinstance(value, str) else repr(float(value))


@every_question
def test_the_truth_is_right(question):
    truth = question.reveal()
    reply = question.judge(given(truth.value))
    assert (reply.kind, reply.words) == (RIGHT, truth.because)


@every_question
def test_each_belief_gets_the_words_meant_for_it(question):
    beliefs = believed(question.reveal())
    assert len(beliefs) >= 2
    for value, words in beliefs:
        reply = question.judge(given(value))
        assert (reply.kind, reply.words) == (BELIEF, words)
    assert len({words for _, words in beliefs}) == len(beliefs)


def wrong_answers(question, truth):
    """Answers of every kind that cannot be right."""
    kind = question.form["kind"]
    if kind == "choice":
        return [option for option in question.form["options"] if option != truth]
    if kind == "number":
        return [-abs(truth) - 10, 3 * abs(truth) + 10, 1e9, -1e9]
    one_bar_off = np.where(np.eye(len(truth)) > 0, np.where(truth < 0.5, 1, 0), truth)
    return [0 * truth, 0 * truth + 1, 1 - truth, *one_bar_off]


@every_question
def test_no_wrong_answer_is_called_right_and_each_is_told_why(question):
    truth = question.reveal()
    for answer in wrong_answers(question, truth.value):
        reply = question.judge(given(answer))
        assert reply.kind in (BELIEF, NEAR, OTHER)
        assert len(reply.words.split()) > 3
        assert reply.words.rstrip(")").endswith((".", "?"))
        assert not reply.words.startswith(("Wrong", "No."))


@every_question
def test_an_answer_that_is_none_gets_a_sentence_and_reveals_nothing(question, monkeypatch):
    monkeypatch.setattr(question, "reveal", None)  # to call it would be an error
    for answer in NO_ANSWER[question.form["kind"]]:
        reply = question.judge(answer)
        assert (reply.kind, reply.truth, reply.shown) == (UNREAD, None, "")
        assert reply.words.endswith(".")


@every_question
def test_showing_the_question_reveals_nothing(question, monkeypatch):
    monkeypatch.setattr(question, "reveal", None)
    card = question()
    assert card.said == {}
    assert "?" in question.asks or "Sketch" in question.asks
    assert "{" not in card.asks


@every_question
def test_every_option_but_the_right_one_is_answered_by_name(question):
    if question.form["kind"] == "choice":
        truth = question.reveal()
        wrong = [option for option in question.form["options"] if option != truth.value]
        assert sorted(wrong) == sorted(truth.beliefs)


@every_question
def test_its_words_are_plain_and_the_desk_is_left_to_the_first_two_notebooks(question):
    truth = question.reveal()
    said = [question.asks, truth.because, truth.otherwise, *(words for _, words in believed(truth))]
    for words in said:
        assert NOT_PLAIN.findall(words) == []
        if question.about.split("/")[0] not in ("start", "squeeze"):
            assert DESK.findall(words) == []


@every_question
def test_it_says_what_it_is(question):
    assert question.__doc__.endswith(".")
