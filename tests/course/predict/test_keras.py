"""The predictions of notebook 04, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("second_dense", "168", RIGHT, "a bias for each of the 24"),
        ("second_dense", "6*24+24", RIGHT, "a bias for each of the 24"),
        ("second_dense", "24*6+6", BELIEF, "That is the first layer"),
        ("second_dense", "144", BELIEF, "the biases are missing"),
        ("second_dense", "318/2", BELIEF, "not as many biases"),
        ("second_dense", "4*24+24", BELIEF, "You took *r* units"),
        ("second_dense", "170", NEAR, "a bias for each of the 24"),
        ("second_dense", "6", OTHER, "a weight for each pair"),
        ("bigger_maps", "318", RIGHT, "never see the places"),
        ("bigger_maps", "1,272", BELIEF, "Four times the places"),
        ("bigger_maps", "636 parameters", BELIEF, "Twice the side"),
        ("bigger_maps", "48*12+12 + 12*48+48", BELIEF, "twice the *channels*"),
        ("bigger_maps", "3136", OTHER, "hand to the first Dense layer"),
        ("gates_of_the_wall", [0.8, 0.8, 0.2, 0.2], RIGHT, "yes to *more texture than colour?*"),
        ("gates_of_the_wall", [0.85, 0.4, 0.15, 0.15], NEAR, "Furthest off is rising diagonals"),
        ("gates_of_the_wall", [0.2, 0.2, 0.8, 0.8], BELIEF, "as for the cat"),
        ("gates_of_the_wall", [0, 0.1, 0.5, 0.4], BELIEF, "as for the cat"),
        ("gates_of_the_wall", [0.5, 0.5, 0.5, 0.5], BELIEF, "without a clear yes"),
        ("gates_of_the_wall", [1, 0.9, 1, 0.9], BELIEF, "a yes to both questions"),
        ("gates_of_the_wall", [0.6, 0.4, 0, 0], BELIEF, "let the gates sum to one"),
        ("gates_of_the_wall", [0.6, 0.6, 0.15, 0.15], NEAR, "Furthest off is vertical edges"),
        ("gates_of_the_wall", [0.25, 0.25, 0.25, 0.25], OTHER, "Furthest off is vertical edges"),
        ("numpy_and_keras", "to about seven digits", RIGHT, "another order"),
        ("numpy_and_keras", "exactly equal", BELIEF, "every addition rounds"),
        ("numpy_and_keras", "to about three digits", BELIEF, "another formula"),
        ("fresh_gates", "0.5", RIGHT, "the sigmoid of zero is one half"),
        ("fresh_gates", "50 %", RIGHT, "the sigmoid of zero is one half"),
        ("fresh_gates", "0,6", NEAR, "the sigmoid of zero is one half"),
        ("fresh_gates", "1", BELIEF, "An open gate"),
        ("fresh_gates", "0", BELIEF, "not gates near zero"),
        ("fresh_gates", "1/24", BELIEF, "what a softmax would give"),
        ("fresh_gates", "0.3", OTHER, "What is the sigmoid of zero?"),
        ("sixteen_units", "1/2^16", RIGHT, "the halves multiply"),
        ("sixteen_units", "0.000015", RIGHT, "the halves multiply"),
        ("sixteen_units", "1/2^15/2.3", NEAR, "the halves multiply"),
        ("sixteen_units", "1", BELIEF, "the other place, before the addition"),
        ("sixteen_units", "0.5", BELIEF, "what one unit leaves"),
        ("sixteen_units", "1/32", BELIEF, "shared one half out"),
        ("sixteen_units", "65,536", BELIEF, "has been divided by"),
        ("sixteen_units", "0", BELIEF, "never reaches 0"),
        ("sixteen_units", "0.1", OTHER, "two a quarter"),
        ("reduction_of_efficientnet", "24", RIGHT, "serve 240 channels"),
        ("reduction_of_efficientnet", "240/10", RIGHT, "serve 240 channels"),
        ("reduction_of_efficientnet", "4", BELIEF, "of the 40 that enter"),
        ("reduction_of_efficientnet", "1/4", BELIEF, "what its code says"),
        ("reduction_of_efficientnet", "6", BELIEF, "how much wider the map becomes"),
        ("reduction_of_efficientnet", "10", BELIEF, "Those are the units"),
        ("reduction_of_efficientnet", "240/4", BELIEF, "a quarter of the 240"),
        ("reduction_of_efficientnet", "40", OTHER, "How many units are a quarter of 40?"),
        ("block_of_convolutions", "318", RIGHT, "one weight for each pair"),
        ("block_of_convolutions", "9*288+30", BELIEF, "kernels of 3 × 3"),
        ("block_of_convolutions", "288", BELIEF, "The biases are missing"),
        ("block_of_convolutions", "318*56*56", BELIEF, "places do not count"),
        ("block_of_convolutions", "78", BELIEF, "depthwise"),
        ("block_of_convolutions", "1000", OTHER, "24 · 6 pairs"),
        ("gates_on_the_skip", "as good as behind the branch", RIGHT, "gates are learnt"),
        ("gates_on_the_skip", "worse, but better than no SE", BELIEF, "22.78 %"),
        ("gates_on_the_skip", "worse than no SE", BELIEF, "can learn to open"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
