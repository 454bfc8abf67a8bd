"""The predictions of notebook 09, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("gates_of_the_photo_network", "160", RIGHT, "16 + 32 + 48 + 64"),
        ("gates_of_the_photo_network", "4", BELIEF, "Those are the *sites*"),
        ("gates_of_the_photo_network", "40", BELIEF, "4 + 8 + 12 + 16 are the *hidden units*"),
        ("gates_of_the_photo_network", "64", BELIEF, "the gates of the last site"),
        ("gates_of_the_photo_network", "960", BELIEF, "each of the six photographs"),
        ("gates_of_the_photo_network", "112", OTHER, "Add them up"),
        ("layer_that_changes_most", "layer 3", RIGHT, "0.014, 0.040, 0.078, 0.053"),
        ("layer_that_changes_most", "layer 1", BELIEF, "is of use in every picture"),
        ("layer_that_changes_most", "layer 2", BELIEF, "less than the next one"),
        ("layer_that_changes_most", "layer 4", BELIEF, "the single gates that change most"),
        ("lines_with_channel_gates", "only c", RIGHT, "spatial attention"),
        ("lines_with_channel_gates", "a and c", BELIEF, "one number for each *place*"),
        ("lines_with_channel_gates", "b and c", BELIEF, "no weights"),
        ("lines_with_channel_gates", "all three", BELIEF, "multiplies by the mean itself"),
        ("gates_before_training", "all close to 0.5", RIGHT, "within 0.05 of 0.5"),
        ("gates_before_training", "anywhere from 0 to 1", BELIEF, "they are *small*"),
        ("gates_before_training", "all exactly 0.5", BELIEF, "weights of zero"),
        ("gates_before_training", "all close to 1", BELIEF, "does not start open"),
        (
            "answer_after_attaching",
            "no: its branches are about halved",
            RIGHT,
            "0.5 of what it gave",
        ),
        ("answer_after_attaching", "yes, exactly", BELIEF, "but it does multiply"),
        (
            "answer_after_attaching",
            "no: its answers are all zero",
            BELIEF,
            "all gates would have to be closed",
        ),
        ("bias_to_train_from", "3", RIGHT, "0.953, nearly open"),
        ("bias_to_train_from", "100", BELIEF, "the gates cannot learn"),
        ("bias_to_train_from", "0", BELIEF, "every branch is halved"),
        ("bias_to_train_from", "−3", BELIEF, "nearly closed"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
