"""The predictions of notebook 05, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("shared_band", "3", RIGHT, "They share"),
        ("shared_band", "16*3 - 2", BELIEF, "two to each at the ends"),
        ("shared_band", "48", BELIEF, "also at the two ends"),
        ("shared_band", "16", BELIEF, "the diagonal"),
        ("shared_band", "16 × 16", BELIEF, "the full square"),
        ("shared_band", "6", OTHER, "used again is not a new one"),
        ("end_of_the_list", "1*0 + 10*1 + 100*2", RIGHT, "there is a zero"),
        ("end_of_the_list", "21", BELIEF, "That is channel 1"),
        ("end_of_the_list", "12", BELIEF, "turned the kernel round"),
        ("end_of_the_list", "214", BELIEF, "to a ring"),
        ("end_of_the_list", "211", BELIEF, "in place of its missing neighbour"),
        ("end_of_the_list", "10", OTHER, "meets three numbers"),
        ("kernel_for_512", "5", RIGHT, "which is odd and stays"),
        ("kernel_for_512", "3*8", BELIEF, "three doublings, and each adds a half"),
        ("kernel_for_512", "3", BELIEF, "the natural logarithm"),
        ("kernel_for_512", "6", BELIEF, "Only an even number gets one more"),
        ("kernel_for_512", "9", BELIEF, "the logarithm of 512 alone"),
        ("kernel_for_512", "11", BELIEF, "left γ out"),
        ("kernel_for_512", "4", BELIEF, "*b* is missing"),
        ("kernel_for_512", "7", OTHER, "How often must 1 be doubled"),
        ("bigger_gamma", "it gets narrower", RIGHT, "*t* falls from 5 to 2.5"),
        ("bigger_gamma", "it gets wider", BELIEF, "sounds like a gain"),
        ("bigger_gamma", "it stays as it is", BELIEF, "cut to 2 and raised to 3"),
        ("tie_at_128", "5", RIGHT, "a tie goes up"),
        ("tie_at_128", "3", BELIEF, "raised, not lowered"),
        ("tie_at_128", "4", BELIEF, "has no middle"),
        ("tie_at_128", "7", BELIEF, "the logarithm of 128"),
        ("tie_at_128", "1", OTHER, "is even"),
        ("where_k_becomes_1", "7", RIGHT, "the cut leaves 1"),
        ("where_k_becomes_1", "8", BELIEF, "takes one channel fewer"),
        ("where_k_becomes_1", "4", BELIEF, "already below 2 at 7"),
        ("where_k_becomes_1", "2", BELIEF, "does not ask whether it fits"),
        ("where_k_becomes_1", "1", BELIEF, "while there still are some"),
        ("where_k_becomes_1", "10", OTHER, "*t* must be below 2"),
        ("arithmetic_of_eca", "nearly as much", RIGHT, "hardly counts, in SE too"),
        ("arithmetic_of_eca", "a thousandth", BELIEF, "692,224 multiply-adds that no kernel"),
        ("arithmetic_of_eca", "a tenth", BELIEF, "nine tenths of SE's work"),
        ("arithmetic_of_eca", "a half", BELIEF, "half of SE's work"),
        ("after_the_shuffle", "SE's alone", RIGHT, "has other neighbours"),
        ("after_the_shuffle", "ECA's alone", BELIEF, "The kernel is the same for every channel"),
        ("after_the_shuffle", "both", BELIEF, "True of SE"),
        ("after_the_shuffle", "neither", BELIEF, "True of ECA"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words


def test_the_arithmetic_is_counted_by_hand():
    trip, dense, slide = 2 * 26 * 26 * 512, 2 * 512 * 32, 5 * 512
    part = round(100 * (trip + slide) / (trip + dense))
    assert predict.arithmetic_of_eca.reveal().shown == f"{part} %"
