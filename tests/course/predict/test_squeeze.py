"""The predictions of notebook 01, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("numbers_left", "16", RIGHT, "averaged over all its places"),
        ("numbers_left", "12,544", BELIEF, "28 × 28 × 16, a smaller picture"),
        ("numbers_left", "3136", BELIEF, "a mean over the channels"),
        ("numbers_left", "1", BELIEF, "Each channel is averaged for itself"),
        ("divide_by", "3136", RIGHT, "As many as were added up"),
        ("divide_by", "56 × 56", RIGHT, "As many as were added up"),
        ("divide_by", "16", BELIEF, "You divided by C, not by H × W"),
        ("divide_by", "56", BELIEF, "one side of the map"),
        ("divide_by", "112", BELIEF, "Sides added"),
        ("divide_by", "50,176", BELIEF, "H × W × C"),
        ("divide_by", "3000", NEAR, "As many as were added up"),
        ("divide_by", "4", OTHER, "How many values"),
        ("before_relu", "about 0", RIGHT, "cancel"),
        ("before_relu", "about the same", BELIEF, "nothing for ReLU to remove"),
        ("before_relu", "about as far below 0", BELIEF, "both come in pairs"),
        ("one_bright_pixel", "1/3136", RIGHT, "it hardly counts"),
        ("one_bright_pixel", "0.0003", RIGHT, "it hardly counts"),
        ("one_bright_pixel", "1", BELIEF, "That is the maximum"),
        ("one_bright_pixel", "0", BELIEF, "a mean uses every place"),
        ("one_bright_pixel", "1/56", BELIEF, "one side only"),
        ("one_bright_pixel", "1/16", BELIEF, "not by H × W"),
        ("one_bright_pixel", "0.5", OTHER, "divide by how many places"),
        ("twice_the_size", "1", RIGHT, "what it is divided by"),
        ("twice_the_size", "times 4", BELIEF, "happens to the sum"),
        ("twice_the_size", "2", BELIEF, "how each side grows"),
        ("twice_the_size", "1/4", BELIEF, "copied, not shared out"),
        ("twice_the_size", "3", OTHER, "Try it on one row"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
