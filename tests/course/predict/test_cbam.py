"""The predictions of notebook 06, answered as learners do."""

import pytest

from attention_lib.course import predict
from attention_lib.course.predict._judge import BELIEF, NEAR, OTHER, RIGHT


@pytest.mark.parametrize(
    ("name", "answer", "kind", "says"),
    [
        ("gates_of_cbam", "3,144", RIGHT, "No gate belongs to both"),
        ("gates_of_cbam", "8 + 56*56", RIGHT, "No gate belongs to both"),
        ("gates_of_cbam", "25,088", BELIEF, "spatial attention *per channel*"),
        ("gates_of_cbam", "8 gates", BELIEF, "as in SE"),
        ("gates_of_cbam", "56 × 56", BELIEF, "The gates of channels did not go away"),
        ("gates_of_cbam", "120", BELIEF, "A place is a row *and* a column"),
        ("gates_of_cbam", "2", BELIEF, "each makes a list"),
        ("gates_of_cbam", "3000", NEAR, "8 for the channels"),
        ("gates_of_cbam", "64", OTHER, "add the two"),
        ("mean_and_maximum", [0, 1, 1, 1], RIGHT, "1/3136"),
        ("mean_and_maximum", [0, 0, 1, 1], BELIEF, "a single pixel at 1 is enough"),
        (
            "mean_and_maximum",
            [0.1, 0.5, 1, 1],
            BELIEF,
            "a single pixel at 1 is enough",
        ),
        (
            "mean_and_maximum",
            [0.5, 1, 1, 1],
            BELIEF,
            "You let a single pixel raise the mean",
        ),
        ("mean_and_maximum", [0.3, 1, 1, 1], BELIEF, "You let a single pixel raise the mean"),
        ("mean_and_maximum", [1, 0, 1, 1], BELIEF, "the other way round"),
        ("mean_and_maximum", [0, 0.8, 0.9, 0.9], NEAR, "Furthest off is one pixel: maximum"),
        ("mean_and_maximum", [0, 0, 0, 0], OTHER, "the brightest place"),
        ("mean_and_maximum", [0, 1, 0.8, 1], NEAR, "Furthest off is all bright: mean"),
        ("mean_and_maximum", [0, 1, 0.2, 0.5], OTHER, "the brightest place"),
        ("weights_for_two_summaries", "32", RIGHT, "once"),
        ("weights_for_two_summaries", "64", BELIEF, "two MLPs"),
        ("weights_for_two_summaries", "16", BELIEF, "one layer"),
        ("weights_for_two_summaries", "16*2 + 2*8", BELIEF, "end to end"),
        ("weights_for_two_summaries", "10", OTHER, "Does either list need weights of its own?"),
        ("weights_of_spatial_attention", "98", RIGHT, "of 512 as of 8"),
        ("weights_of_spatial_attention", "7*7*2", RIGHT, "of 512 as of 8"),
        ("weights_of_spatial_attention", "25,088", BELIEF, "looks at every channel"),
        ("weights_of_spatial_attention", "49", BELIEF, "for one map"),
        ("weights_of_spatial_attention", "7 x 7 x 3", BELIEF, "never sees the photo"),
        ("weights_of_spatial_attention", "50,176", BELIEF, "*over* the channels"),
        ("weights_of_spatial_attention", "14", OTHER, "How many maps"),
        ("colours_on_the_background", "0.13", RIGHT, "fall in the same ratio"),
        ("colours_on_the_background", "0.37 * 0.25 / 0.72", RIGHT, "fall in the same ratio"),
        ("colours_on_the_background", "0.25", BELIEF, "turned down for edges alone"),
        ("colours_on_the_background", "0.37", BELIEF, "only the gate of the place"),
        ("colours_on_the_background", "0.72", BELIEF, "*edges here, colours there*"),
        ("colours_on_the_background", "0.63", BELIEF, "You shared out 1"),
        ("colours_on_the_background", "-0.10", BELIEF, "Gates multiply"),
        ("colours_on_the_background", "0.1", NEAR, "fall in the same ratio"),
        ("colours_on_the_background", "0.5", OTHER, "The same happens to the colours"),
        ("spatial_attention_first", "it opens further", RIGHT, "they count less now"),
        ("spatial_attention_first", "it stays as it is", BELIEF, "computed from the maps"),
        ("spatial_attention_first", "it closes", BELIEF, "depends on all channels"),
    ],
)
def test_an_answer_gets_the_words_meant_for_it(name, answer, kind, says):
    reply = getattr(predict, name).judge(answer)
    assert reply.kind == kind
    assert says in reply.words
