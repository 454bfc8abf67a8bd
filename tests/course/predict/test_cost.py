"""The predictions of notebook 07, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("twice_c_and_twice_r", "2", RIGHT, "twice the r halves them"),
        ("twice_c_and_twice_r", "2*2048*64 / (2*1024*64)", RIGHT, "twice the r halves them"),
        ("twice_c_and_twice_r", "times 4", BELIEF, "C is squared"),
        ("twice_c_and_twice_r", "1", BELIEF, "The two do not cancel"),
        ("twice_c_and_twice_r", "1/2", BELIEF, "That is what r does alone"),
        ("twice_c_and_twice_r", "8", BELIEF, "You let r raise the price"),
        ("twice_c_and_twice_r", "16", OTHER, "what does C do alone"),
        ("share_of_the_last_stage", "62.5 %", RIGHT, "these three are the widest"),
        ("share_of_the_last_stage", "60", RIGHT, "these three are the widest"),
        ("share_of_the_last_stage", "19", BELIEF, "the share of the *blocks*"),
        ("share_of_the_last_stage", "25 %", BELIEF, "all stages would pay alike"),
        ("share_of_the_last_stage", "40.7", BELIEF, "You let the price grow with C"),
        ("share_of_the_last_stage", "75", BELIEF, "one of the shortest"),
        ("share_of_the_last_stage", "57", NEAR, "these three are the widest"),
        ("share_of_the_last_stage", "33", OTHER, "blocks × C²"),
        ("without_the_last_stage", "3.7", RIGHT, "went with it"),
        ("without_the_last_stage", "8", BELIEF, "3 blocks of 16"),
        ("without_the_last_stage", "7.4 %", BELIEF, "one stage of four"),
        ("without_the_last_stage", "6.1", BELIEF, "what you save"),
        ("without_the_last_stage", "37.5 %", BELIEF, "SE's own weights"),
        ("without_the_last_stage", "4", NEAR, "went with it"),
        ("without_the_last_stage", "1", OTHER, "Take that part off"),
        ("arithmetic_saved", "18 %", RIGHT, "the smaller part"),
        ("arithmetic_saved", "20", RIGHT, "the smaller part"),
        ("arithmetic_saved", "99.99", BELIEF, "in *parameters*"),
        ("arithmetic_saved", "80", BELIEF, "what *stays*"),
        ("arithmetic_saved", "0", BELIEF, "2.4 million products"),
        ("arithmetic_saved", "25", NEAR, "the smaller part"),
        ("arithmetic_saved", "50", OTHER, "three steps"),
        ("formula_total", "3 × 5 + 4 × 5 + 6 × 5 + 3 × 7", RIGHT, "not the paper's 80"),
        ("formula_total", "80", BELIEF, "That is what the paper says"),
        ("formula_total", "5+5+5+7", BELIEF, "one block for each stage"),
        ("formula_total", "3*3 + 4*5 + 6*5 + 3*5", BELIEF, "inner widths"),
        ("formula_total", "3*5 + 4*5 + 6*7 + 3*7", BELIEF, "You rounded *t*"),
        ("formula_total", "48", BELIEF, "in all 16 blocks"),
        ("formula_total", "5", OTHER, "Work out *k*"),
        ("totals_told_apart", "1", RIGHT, "10,486 parameters"),
        ("totals_told_apart", "4", BELIEF, "added to 25.6 million"),
        ("totals_told_apart", "2", BELIEF, "two sides of a step"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
