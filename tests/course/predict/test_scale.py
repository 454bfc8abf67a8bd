"""The predictions of notebook 03, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("scaled_shape", "(56, 56, 16)", RIGHT, "multiplied where it stands"),
        ("scaled_shape", "(16,)", BELIEF, "the shape of the gates"),
        ("scaled_shape", "(56, 56)", BELIEF, "added up into one map"),
        ("scaled_shape", "(28, 28, 16)", BELIEF, "a smaller picture"),
        ("times_the_mean", "14.9", RIGHT, "cannot sharpen"),
        ("times_the_mean", "14", NEAR, "cannot sharpen"),
        ("times_the_mean", "14.9 * 0.17", BELIEF, "and left the mean"),
        ("times_the_mean", "14.9 / 0.17", BELIEF, "and left the brightest place"),
        ("times_the_mean", "0.17", BELIEF, "That is the gate"),
        ("times_the_mean", "1", BELIEF, "A gate cannot do that"),
        ("times_the_mean", "7", OTHER, "Multiply both by the gate"),
        ("after_normalisation", "1", RIGHT, "takes the half away again"),
        ("after_normalisation", "0.5", BELIEF, "right behind the gates"),
        ("after_normalisation", "2", BELIEF, "halved already"),
        ("after_normalisation", "0.25", BELIEF, "does not halve again"),
        ("after_normalisation", "0", BELIEF, "Zero is the mean"),
        ("whose_gates", "a mixture of many pictures'", RIGHT, "another picture, 56 in all"),
        ("whose_gates", "its own", BELIEF, "what was meant"),
        ("whose_gates", "those of another picture", BELIEF, "every column gets a row"),
        ("whose_gates", "none: there is an error", BELIEF, "fit by chance"),
        ("where_it_opens", "the brick wall", RIGHT, "stripes running up"),
        ("where_it_opens", "grass in grey", BELIEF, "running up is 0. The gate is 0.95."),
        ("where_it_opens", "none: it is closed", BELIEF, "*pruning*"),
        ("most_work", "squeeze and scale, alike", RIGHT, "every value of the maps"),
        ("most_work", "excitation", BELIEF, "Parameters are not work"),
        ("most_work", "squeeze", BELIEF, "once more"),
        ("most_work", "scale", BELIEF, "so has the squeeze"),
        ("back_through_a_gate", "0.17", RIGHT, "on the way back"),
        ("back_through_a_gate", "1", BELIEF, "on a skip connection"),
        ("back_through_a_gate", "0.14", BELIEF, "the slope of the sigmoid"),
        ("back_through_a_gate", "0.83", BELIEF, "does not pass the rest"),
        ("back_through_a_gate", "0", BELIEF, "a little passes"),
        ("back_through_a_gate", "6", OTHER, "the derivative of *s*"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
