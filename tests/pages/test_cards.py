"""What a page replies to numbers, by its table of borders, beside the judge that the table asks."""

from bisect import bisect_right

import numpy as np
import pytest

from attention_lib.course.predict._ask import Card, ask_number
from attention_lib.course.predict._judge import Truth
from pages.cards import recorded


@pytest.mark.parametrize(
    ("value", "form"),
    [(3.6e-7, {"unit": "%", "margin": 5}), (318, {}), (0.5, {"within": 0.05}), (-2.0, {})],
)
def test_a_number_gets_the_reply_of_the_judge_wherever_it_lies(value, form):
    truth = Truth(value, "It is so.", {50.0: "Half is no answer."}, otherwise="Look again.")
    asked = ask_number("How much?", **form)
    question, table = asked(lambda: truth), recorded(Card(asked(lambda: truth)))
    around = np.outer([value, 50.0, 1.0], np.linspace(-1, 1, 41)).ravel()
    numbers = [*around, *(value + around), *np.linspace(-20, 20, 161), value, -1e6, 1e6]

    for number in map(float, numbers):
        reply = question.judge(repr(number))
        said = table["replies"][bisect_right(table["borders"], number)]
        assert (said["kind"], said["words"]) == (reply.kind, reply.words), number
