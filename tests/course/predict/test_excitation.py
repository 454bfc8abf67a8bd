"""The predictions of notebook 02, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("hidden_units", "6", RIGHT, "divides the channels"),
        ("hidden_units", "4", BELIEF, "That is *r* itself"),
        ("hidden_units", "14", BELIEF, "You divided the height"),
        ("hidden_units", "96", BELIEF, "You multiplied"),
        ("hidden_units", "24", BELIEF, "no bottleneck"),
        ("hidden_units", "20", BELIEF, "took *r* away"),
        ("hidden_units", "12", OTHER, "Divide the number of channels"),
        ("sets_of_gates", "6", RIGHT, "computed again"),
        ("sets_of_gates", "1", BELIEF, "You took the gates to be learnt"),
        ("sets_of_gates", "2", BELIEF, "amounts, not yes or no"),
        ("sets_of_gates", "4", BELIEF, "how many questions"),
        ("sets_of_gates", "16", BELIEF, "gates are in each set"),
        ("gates_of_the_cat", [0.8, 0.8, 0.2, 0.8], RIGHT, "not on its own channel's mean"),
        ("gates_of_the_cat", [0.38, 0.31, 0.13, 0.0], BELIEF, "copy its own channel's mean"),
        ("gates_of_the_cat", [1.0, 0.8, 0.35, 0.0], BELIEF, "copy its own channel's mean"),
        ("gates_of_the_cat", [0.4, 0.3, 0.2, 0.1], BELIEF, "With a softmax they would"),
        ("gates_of_the_cat", [0.25, 0.25, 0.25, 0.25], BELIEF, "With a softmax they would"),
        ("gates_of_the_cat", [0.5, 0.5, 0.1, 0.5], OTHER, "opens every colour channel"),
        ("gates_of_the_cat", [0.9, 1.0, 0.4, 0.0], BELIEF, "copy its own channel's mean"),
        ("gates_of_the_cat", [0.5, 0.5, 0.5, 0.5], BELIEF, "if no question were answered"),
        ("gates_of_the_cat", [1, 1, 1, 1], BELIEF, "no choice at all"),
        ("gates_of_the_cat", [0.8, 0.8, 0.2, 0.5], NEAR, "Furthest off is green − red"),
        ("gates_of_the_cat", [0.9, 0.9, 0.9, 0.0], BELIEF, "copy its own channel's mean"),
        ("gates_of_the_cat", [0.0, 0.2, 0.9, 0.5], OTHER, "opens every colour channel"),
        ("push_one", "they stay as they are", RIGHT, "a sigmoid of its own"),
        ("push_one", "they fall, to make room", BELIEF, "Softmax would do that"),
        ("push_one", "they rise with it", BELIEF, "in the hidden units"),
        ("zero_weights", "1/2", RIGHT, "sigmoid of 0"),
        ("zero_weights", "0", BELIEF, "That is the logit"),
        ("zero_weights", "1", BELIEF, "a large logit"),
        ("zero_weights", "1/16", BELIEF, "softmax share"),
        ("zero_weights", "0.7", OTHER, "zero logits"),
        ("directions", "2", RIGHT, "one direction"),
        ("directions", "8", BELIEF, "That is *r*"),
        ("directions", "16", BELIEF, "Sixteen logits come out"),
        ("directions", "100", BELIEF, "that many pictures"),
        ("directions", "1", BELIEF, "a line"),
        ("twice_the_channels", "4", RIGHT, "both sides double"),
        ("twice_the_channels", "33312/8464", RIGHT, "both sides double"),
        ("twice_the_channels", "3.6", NEAR, "both sides double"),
        ("twice_the_channels", "2", BELIEF, "one side of each matrix"),
        ("twice_the_channels", "8", BELIEF, "Cubed?"),
        ("twice_the_channels", "1", BELIEF, "does not stay"),
        ("twice_the_channels", "16", OTHER, "to its square"),
        ("twice_the_reduction", "half", RIGHT, "half the weights"),
        ("twice_the_reduction", "0.5", RIGHT, "half the weights"),
        ("twice_the_reduction", "50 %", RIGHT, "half the weights"),
        ("twice_the_reduction", "2", BELIEF, "fewer hidden units"),
        ("twice_the_reduction", "1/4", BELIEF, "Only one side"),
        ("twice_the_reduction", "4", BELIEF, "what doubling C does"),
        ("twice_the_reduction", "1", BELIEF, "the middle is halved"),
        ("one_full_layer", "more than SE", RIGHT, "whose numbers are they"),
        ("one_full_layer", "as much as SE", BELIEF, "better by 0.71 points"),
        ("one_full_layer", "less: between none and SE", BELIEF, "what the claim says"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
