"""The predictions of notebook 00, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("black_maps", "2", RIGHT, "more red than green"),
        ("black_maps", "0", BELIEF, "below zero, too"),
        ("black_maps", "1", BELIEF, "You have found one"),
        ("black_maps", "4", BELIEF, "have to be grey"),
        ("black_maps", "3", OTHER, "come in pairs"),
        ("colour_mix_on_the_wall", "0", RIGHT, "its colour maps are black"),
        ("colour_mix_on_the_wall", "nothing", RIGHT, "its colour maps are black"),
        ("colour_mix_on_the_wall", "10 %", NEAR, "its colour maps are black"),
        ("colour_mix_on_the_wall", "58", BELIEF, "The mix is the same"),
        ("colour_mix_on_the_wall", "50 %", BELIEF, "Half of the faders are up"),
        ("colour_mix_on_the_wall", "100", BELIEF, "nothing but colour"),
        ("colour_mix_on_the_wall", "33", OTHER, "The wall is grey"),
        ("gates_of_cat_and_wall", [0.1, 0.9, 0.9, 0.1], RIGHT, "a yes opens its own"),
        ("gates_of_cat_and_wall", [0, 1, 1, 0], RIGHT, "a yes opens its own"),
        ("gates_of_cat_and_wall", [0.2, 0.8, 0.2, 0.8], BELIEF, "a fixed mix, set once"),
        ("gates_of_cat_and_wall", [0.5, 0.5, 0.5, 0.5], BELIEF, "a fixed mix, set once"),
        ("gates_of_cat_and_wall", [0.9, 0.1, 0.1, 0.9], BELIEF, "The other way round"),
        ("gates_of_cat_and_wall", [0.2, 0.8, 0.5, 0.2], NEAR, "Furthest off is wall: edges"),
        ("gates_of_cat_and_wall", [0.2, 0.8, 0.0, 0.0], OTHER, "Which of the two questions"),
        ("edges_closed_most", "coffee", RIGHT, "far more colour than texture"),
        ("edges_closed_most", "cat", BELIEF, "but not the strongest"),
        ("edges_closed_most", "grass", BELIEF, "opens the edges most of all"),
        ("edges_closed_most", "brick", BELIEF, "nothing but texture"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
