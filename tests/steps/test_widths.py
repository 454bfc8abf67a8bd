import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import efficientnet_width, mobilenet_v3_width, multiple_of_8


def test_efficientnet_b0_has_these_widths():
    block_inputs = (32, 16, 24, 40, 80, 112, 192)
    assert [efficientnet_width(inputs) for inputs in block_inputs] == [8, 4, 6, 10, 20, 28, 48]


def test_a_thin_block_keeps_one_hidden_unit():
    assert [efficientnet_width(inputs) for inputs in (1, 3, 7)] == [1, 1, 1]


def test_mobilenet_v3_has_these_widths():
    large = {72: 24, 120: 32, 480: 120, 672: 168, 960: 240}
    small = {16: 8, 96: 24, 240: 64, 120: 32, 144: 40, 288: 72, 576: 144}
    for channels, width in (large | small).items():
        assert mobilenet_v3_width(np.int64(channels)) == width


def test_ties_go_up_and_a_tenth_is_never_lost():
    assert [multiple_of_8(width) for width in (1, 11, 12, 19, 20, 28)] == [8, 16, 16, 24, 24, 32]
    assert multiple_of_8(11) == 16  # 8 would be more than a tenth below
    assert multiple_of_8(67) == 64  # and here it is not


@given(st.floats(0.5, 10_000))
def test_the_multiple_is_never_far(width):
    chosen = multiple_of_8(width)
    assert chosen % 8 == 0
    assert max(0.9 * width, 8) <= chosen <= max(width + 8, 8)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: efficientnet_width(0),
            "`block_inputs` must be a whole number of 1 or more. Received: block_inputs=0.",
        ),
        (lambda: mobilenet_v3_width(24.0), "Received: channels=24.0."),
        (
            lambda: multiple_of_8(0),
            "`width` must be a finite number greater than 0. Received: width=0.",
        ),
    ],
)
def test_a_width_that_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
