"""The predictions of notebook 08, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("without_the_mark", "55 %", RIGHT, "In 10 % of the pictures"),
        ("without_the_mark", "54", RIGHT, "the other half is right, too"),
        ("without_the_mark", "50", BELIEF, "choice between two *different* digits"),
        ("without_the_mark", "10", BELIEF, "a guess among 10 digits"),
        ("without_the_mark", "60", BELIEF, "already counted among the lucky guesses"),
        ("without_the_mark", "100", BELIEF, "it gives one answer"),
        ("without_the_mark", "58", NEAR, "the other half is right, too"),
        ("without_the_mark", "25", OTHER, "choose between two digits"),
        ("gates_that_follow_the_mark", "after convolution 1", RIGHT, "by 0.34 on average"),
        (
            "gates_that_follow_the_mark",
            "after convolution 2",
            BELIEF,
            "each squeeze already sees the whole picture",
        ),
        ("gates_that_follow_the_mark", "both", BELIEF, "Training found no use for it"),
        ("gates_that_follow_the_mark", "neither", BELIEF, "could not use them to choose a digit"),
        (
            "controls_beside_se",
            "neither",
            RIGHT,
            "SE gains 0.083, the wider network 0.007, and fixed gates −0.007",
        ),
        ("controls_beside_se", "the wider network", BELIEF, "it is not the number of weights"),
        ("controls_beside_se", "the fixed gates", BELIEF, "differs from picture to picture"),
        ("controls_beside_se", "both", BELIEF, "0.007 and −0.007 against SE's 0.083"),
        ("mark_out_of_reach", "53", RIGHT, "out of reach"),
        ("mark_out_of_reach", "55", RIGHT, "out of reach"),
        ("mark_out_of_reach", "87", BELIEF, "As before"),
        ("mark_out_of_reach", "10", BELIEF, "a guess among 10 digits"),
        ("mark_out_of_reach", "98", BELIEF, "reads one digit alone"),
        ("mark_out_of_reach", "0", BELIEF, "By chance that is right"),
        ("mark_out_of_reach", "60", NEAR, "out of reach"),
        ("mark_out_of_reach", "75", OTHER, "without the mark"),
        (
            "gates_replaced",
            "the gates of the same picture, mark flipped",
            RIGHT,
            "In 0.484 of the pictures",
        ),
        ("gates_replaced", "all gates 1", BELIEF, "do not choose *wrongly*"),
        (
            "gates_replaced",
            "each channel at its mean over the pictures",
            BELIEF,
            "leaves a guess between two digits",
        ),
        (
            "gates_replaced",
            "the gates of another picture",
            BELIEF,
            "the same mark in half of the cases",
        ),
        ("runs_with_constant_gates", "3", RIGHT, "At r = 2, 4, 8 and 16 it is 0, 1, 2, 3 of 5"),
        ("runs_with_constant_gates", "0", BELIEF, "also has to *learn* it"),
        ("runs_with_constant_gates", "5", BELIEF, "in 2 of the 5 runs the gates follow the mark"),
        ("runs_with_constant_gates", "2", BELIEF, "four hidden units"),
        ("runs_with_constant_gates", "1", BELIEF, "eight hidden units"),
        ("runs_with_constant_gates", "4", OTHER, "Neither all runs succeed nor all fail"),
        ("planted_channels", "SE", RIGHT, "end at 0.18, ECA's at 0.47"),
        ("planted_channels", "ECA, k = 3", BELIEF, "no channel has a weight of its own"),
        ("planted_channels", "both", BELIEF, "For SE it is true"),
        ("planted_channels", "neither", BELIEF, "learnt that from the loss"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
