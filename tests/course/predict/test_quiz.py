"""The twenty questions of notebook 12, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict import _quiz
from attention_lib.course.predict._judge import BELIEF, OTHER, RIGHT


def test_there_are_twenty():
    asked = [name for name in predict.__all__ if vars(_quiz).get(name) is getattr(predict, name)]
    assert len(asked) == 20


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("what_it_is", _quiz.COMPUTED, RIGHT, "0.17 and 0.85"),
        ("what_it_is", _quiz.FIXED, BELIEF, "one more layer of weights"),
        ("what_it_is", _quiz.PLACES, BELIEF, "spatial attention"),
        ("what_it_is", _quiz.PRUNED, BELIEF, "pruning"),
        ("quiz_squeeze", "64", RIGHT, "One mean"),
        ("quiz_squeeze", "784", BELIEF, "over the channels"),
        ("quiz_squeeze", "10", OTHER, "Which axes"),
        ("same_means", "no", RIGHT, "all that the excitation"),
        ("same_means", "yes", BELIEF, "never sees the maps"),
        ("quiz_hidden_units", "16", RIGHT, "C / r"),
        ("quiz_hidden_units", "8", BELIEF, "That is r"),
        ("quiz_parameters", "64*16+16 + 16*64+64", RIGHT, "64 · 16"),
        ("quiz_parameters", "2048", BELIEF, "The biases"),
        ("quiz_parameters", "1040", BELIEF, "the first layer"),
        ("quiz_parameters", "580", BELIEF, "You took r units"),
        ("all_open", _quiz.FINE, RIGHT, "sum to 14.4"),
        ("all_open", _quiz.SUM, BELIEF, "softmax"),
        ("same_gates", _quiz.DEAD, RIGHT, "second bias"),
        ("same_gates", _quiz.WIDE, BELIEF, "more hidden units"),
        ("quarter_open", "1", RIGHT, "a spread that is a quarter"),
        ("quarter_open", "1/4", BELIEF, "before the normalisation"),
        ("way_back", "0.3", RIGHT, "on the way back"),
        ("way_back", "0.6", BELIEF, "on a skip connection"),
        ("way_back", "0.15", BELIEF, "slope of the sigmoid"),
        ("wrong_axes", _quiz.STRIPES, RIGHT, "falls on the width"),
        ("wrong_axes", _quiz.RAISES, BELIEF, "With 33 pictures"),
        ("worst_place", "after the addition", RIGHT, "before the addition"),
        ("worst_place", "on the skip", BELIEF, "22.20 % errors there"),
        ("quarter_of_16", "4", RIGHT, "that *enter*"),
        ("quarter_of_16", "24", BELIEF, "not of the 96"),
        ("kernel_for_256", "5", RIGHT, "t is 4.5, cut to 4"),
        ("kernel_for_256", "4", BELIEF, "even"),
        ("kernel_for_256", "4.5", BELIEF, "That is t"),
        ("weights_of_eca", "7", RIGHT, "share it"),
        ("weights_of_eca", "14336", BELIEF, "a kernel for each channel"),
        ("weights_of_eca", "2*2048^2/16", BELIEF, "SE with r = 16"),
        ("far_channel", "SE", RIGHT, "see all channels"),
        ("far_channel", "both", BELIEF, "no further"),
        ("weights_of_3_by_3", "18", RIGHT, "two maps"),
        ("weights_of_3_by_3", "9", BELIEF, "not one"),
        ("weights_of_3_by_3", "98", BELIEF, "7 × 7"),
        ("rank_of_cbam", "1", RIGHT, "outer product"),
        ("rank_of_cbam", "8", BELIEF, "not independent"),
        ("stage_to_leave_out", "stage 5", RIGHT, "62.5 %"),
        ("stage_to_leave_out", "stage 2", BELIEF, "1.0 % of SE's"),
        ("one_run_each", _quiz.NOTHING, RIGHT, "several seeds"),
        ("one_run_each", _quiz.BETTER, BELIEF, "by the seed alone"),
        ("gates_of_062", _quiz.TWICE, RIGHT, "0.622"),
        ("gates_of_062", _quiz.NO_RELU, BELIEF, "ReLU of 0"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
