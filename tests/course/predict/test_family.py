"""The predictions of notebook 11, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT
from attention_lib.examples import family, filters


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("gates_of_coordinate_attention", "896", RIGHT, "rows and columns of its own"),
        ("gates_of_coordinate_attention", "8 * (56 + 56)", RIGHT, "CBAM makes 3144"),
        ("gates_of_coordinate_attention", "112", BELIEF, "one channel's"),
        ("gates_of_coordinate_attention", "448", BELIEF, "rows of all channels"),
        ("gates_of_coordinate_attention", "25,088", BELIEF, "share the one"),
        ("gates_of_coordinate_attention", "3,144", BELIEF, "That is CBAM"),
        ("gates_of_coordinate_attention", "8", OTHER, "eight channels"),
        ("contrast_after_adding", "1.08", RIGHT, "their difference stays"),
        ("contrast_after_adding", "1.68", BELIEF, "one of the two"),
        ("contrast_after_adding", "0.64", BELIEF, "You multiplied"),
        ("contrast_after_adding", "0", BELIEF, "all places would be alike"),
        ("contrast_after_adding", "0.19", BELIEF, "what SE makes of it"),
        ("contrast_after_adding", "3", OTHER, "subtract again"),
        ("mirrored_frequency", "its sign turns, its size stays", RIGHT, "plus and minus"),
        ("mirrored_frequency", "it stays as it is", BELIEF, "frequency (0, 0)"),
        ("mirrored_frequency", "it becomes zero", BELIEF, "left and right balance"),
        ("mirrored_frequency", "it becomes another number", BELIEF, "with the sign turned"),
        ("smallest_simam_gate", "0.62", RIGHT, "never closes a gate"),
        ("smallest_simam_gate", "0.622", RIGHT, "never closes a gate"),
        ("smallest_simam_gate", "0", BELIEF, "never below 1/2"),
        ("smallest_simam_gate", "half", BELIEF, "the 1/2 inside"),
        ("smallest_simam_gate", "1", BELIEF, "the largest"),
        ("smallest_simam_gate", "0.6", NEAR, "never closes a gate"),
        ("smallest_simam_gate", "0.3", OTHER, "Which d"),
        ("new_grn", "1", RIGHT, "changes nothing"),
        ("new_grn", "0", BELIEF, "x itself is added"),
        ("new_grn", "0.5", BELIEF, "has no sigmoid"),
        ("new_grn", "2", BELIEF, "would be doubled"),
        ("new_grn", "8", OTHER, "what is left of the formula"),
        ("weights_of_the_softmax", "9,834,496", RIGHT, "32 trained weights"),
        ("weights_of_the_softmax", "3136^2", RIGHT, "32 trained weights"),
        ("weights_of_the_softmax", "3136", BELIEF, "all that GCNet has"),
        ("weights_of_the_softmax", "64", BELIEF, "channels with channels"),
        ("weights_of_the_softmax", "25,088", BELIEF, "how many numbers go in"),
        ("weights_of_the_softmax", "3136 * 3136 * 8", BELIEF, "weighed alike"),
        ("weights_of_the_softmax", "192", BELIEF, "the trained weights"),
        ("weights_of_the_softmax", "56", OTHER, "each of them ask"),
        ("who_notices_a_shuffle", "Coordinate", RIGHT, "along rows and columns"),
        ("who_notices_a_shuffle", "SE", BELIEF, "order of what it adds up"),
        ("who_notices_a_shuffle", "GCNet", BELIEF, "they moved along"),
        ("who_notices_a_shuffle", "SimAM", BELIEF, "mean and the variance"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words


def test_what_the_words_count_is_so():
    maps = filters.feature_maps("cat", 8)
    coarse = family.FORWARD["self-attention"](maps[:3, :4])
    assert coarse.attention.size == 12**2
    assert family.scse_weights().channel.reduce.size * 2 == 32
    assert family.FORWARD["CBAM"](maps).spatial.gates.size + 8 == 3144
    assert sum(w.size for w in family.self_attention_weights()) == 192
