from hypothesis import given
from hypothesis import strategies as st

from attention_lib.panels.kit.parts import first_shown

PLACES = 23


def test_a_row_that_fits_stands_still_in_the_middle():
    assert {first_shown(channel, 8, 1, PLACES) for channel in range(8)} == {-7}


def test_a_long_row_scrolls_but_not_past_the_padding():
    firsts = [first_shown(channel, 512, 2, PLACES) for channel in (0, 9, 10, 256, 500, 511)]
    assert firsts == [-2, -2, -1, 245, 489, 491]


@given(st.integers(1, 5000), st.integers(0, 60), st.data())
def test_the_chosen_channel_is_always_on_the_row(channels, reach, data):
    channel = data.draw(st.integers(0, channels - 1))
    first = first_shown(channel, channels, reach, PLACES)
    assert first <= channel < first + PLACES
