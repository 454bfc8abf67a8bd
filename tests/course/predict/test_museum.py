"""The predictions of notebook 10, answered as learners do."""

import itertools

import pytest

from attention_lib.course import museum, predict
from attention_lib.course.predict._judge import BELIEF, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("found_by_the_shape", "1", RIGHT, "a wrong *number* of gates"),
        ("found_by_the_shape", "0", BELIEF, "this check also tries 2 *C*"),
        ("found_by_the_shape", "14", BELIEF, "all these blocks return the right shape"),
        ("found_by_the_shape", "7", BELIEF, "nearly every mistake passes"),
        ("found_by_the_shape", "3", OTHER, "What must go wrong"),
        ("width_right_by_chance", "256", RIGHT, "256 / 16 = 16"),
        ("width_right_by_chance", "16", BELIEF, "the right width is 16 / 16 = 1"),
        ("width_right_by_chance", "32", BELIEF, "the right width is 2"),
        ("width_right_by_chance", "1024", BELIEF, "the right width is 64"),
        ("width_right_by_chance", "100", OTHER, "Set the two widths equal"),
        ("check_for_two_mlps", "parameter count", RIGHT, "Only the number of weights"),
        ("check_for_two_mlps", "shape", BELIEF, "gates of the same shape"),
        ("check_for_two_mlps", "zero weights", BELIEF, "both MLPs answer 0"),
        ("check_for_two_mlps", "one bright pixel", BELIEF, "whether the maximum is used"),
        ("sigmoid_of_sigmoid", "0.622", RIGHT, "the second one makes 0.622 of 0.5"),
        ("sigmoid_of_sigmoid", "0.5", BELIEF, "what one sigmoid makes of 0"),
        ("sigmoid_of_sigmoid", "0.25", BELIEF, "is not a factor"),
        ("sigmoid_of_sigmoid", "0", BELIEF, "arrives at the first sigmoid"),
        ("sigmoid_of_sigmoid", "1", BELIEF, "very large numbers"),
        ("sigmoid_of_sigmoid", "0.731", BELIEF, "the sigmoid of 1"),
        ("sigmoid_of_sigmoid", "0.9", OTHER, "Work from the inside out"),
        ("columns_with_their_own_gates", "1", RIGHT, "only column 3 is right"),
        ("columns_with_their_own_gates", "8", BELIEF, "the shape (8, 1, 1, 24)"),
        ("columns_with_their_own_gates", "0", BELIEF, "column 3 does get the gates of picture 3"),
        ("columns_with_their_own_gates", "3", BELIEF, "*column number 3*"),
        ("columns_with_their_own_gates", "24", OTHER, "from the end"),
        (
            "fewest_checks",
            "4",
            RIGHT,
            "Parameter count, one against many, zero weights and one bright pixel",
        ),
        ("fewest_checks", "8", BELIEF, "only what another check finds"),
        ("fewest_checks", "1", BELIEF, "misses 13 of 14"),
        ("fewest_checks", "2", BELIEF, "They miss 3"),
        ("fewest_checks", "3", BELIEF, "leave one of the four out"),
        ("fewest_checks", "14", BELIEF, "a list of known mistakes"),
        ("fewest_checks", "6", OTHER, "found by one check alone"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words


def test_no_two_checks_miss_fewer_exhibits_than_the_count_and_the_bright_pixel():
    missed = {
        pair: len(museum.missed_by(pair)) for pair in itertools.combinations(museum.CHECKS, 2)
    }
    assert min(missed, key=missed.get) == ("parameters", "pixel")
