"""Numbers and lists as sentences have them."""

import math

import numpy as np
import pytest

from attention_lib import _words


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "text"),
    [
        (0.125, 2, False, "0.12"),
        (-1.5, 1, False, "−1.5"),
        (-0.001, 2, False, "0.00"),
        (-0.001, 2, True, "0.00"),
        (0.25, 2, True, "+0.25"),
    ],
)
def test_a_number_has_a_true_minus_and_zero_has_no_sign(value, decimals, sign, text):
    assert _words.number(value, decimals, sign=sign) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3136, 3, "3136"),
        (12544, 3, "12,544"),
        (0.30799, 3, "0.308"),
        (-0.13, 3, "−0.13"),
        (0.73106, 4, "0.7311"),
        (1e-5, 3, "1e−05"),
        (1e300, 3, "1e+300"),
        (math.inf, 3, "inf"),
        (-math.inf, 3, "−inf"),
        (math.nan, 3, "nan"),
    ],
)
def test_a_number_is_written_out_where_it_can_be_read(value, digits, text):
    assert _words.written(value, digits) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (10_000, "10k"),
        (83_234, "83.2k"),
        (999_999, "1M"),
        (2_514_944, "2.51M"),
        (4_089_184_256, "4.09G"),
    ],
)
def test_a_large_count_is_cut_to_three_digits(count, text):
    assert _words.short(count) == text


def test_a_long_text_ends_where_it_is_cut():
    assert _words.cut("MobileNetV3Small", 16) == "MobileNetV3Small"
    assert _words.cut("MobileNetV3Small", 8) == "MobileN…"


@pytest.mark.parametrize(("count", "text"), [(1, "1 channel"), (2048, "2,048 channels")])
def test_what_is_counted_is_named(count, text):
    assert _words.many(count, "channel") == text


def test_a_sum_keeps_its_minus():
    assert _words.total(["1", "−2", "3"]) == "1 − 2 + 3"


def test_the_largest_keep_their_order_and_size_alone_counts():
    assert _words.largest(np.array([1, -5, 0, 3]), 2) == [1, 3]


def test_a_list_says_how_many_it_leaves_out():
    assert _words.and_more(["a", "b"], 6, "units") == "a, b, and 6 more units"
    assert _words.and_more(["a", "b"], 0, "units") == "a, b"


def test_markup_is_shown_as_it_is_and_ticks_are_code():
    assert _words.as_html("`x < 1` & <b>") == "<code>x &lt; 1</code> &amp; &lt;b&gt;"
