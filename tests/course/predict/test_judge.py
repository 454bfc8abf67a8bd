"""How answers are read and judged, whatever is asked."""

import numpy as np
import pytest

from attention_lib.course.predict._judge import (
    BELIEF,
    NEAR,
    OTHER,
    RIGHT,
    UNREAD,
    Belief,
    Truth,
    judge_bars,
    judge_number,
    read_number,
    written,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3136", 3136),
        ("3,136", 3136),
        ("3 136", 3136),
        ("1,234,567", 1_234_567),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("−0.5", -0.5),
        ("1e-3", 0.001),
        ("1/4", 0.25),
        ("24*6+6 + 6*24+24", 318),
        ("56 x 56", 3136),
        ("56×56", 3136),
        ("０．５", 0.5),
        ("１，０００。", 1000),
        ("（２＋３）＊４", 20),
        ("٣", 3),
        ("2^11", 2048),
        ("about 16 numbers", 16),
        ("x4", 4),
        ("× 4", 4),
        ("times 4", 4),
        ("≈0.3", 0.3),
        ("50 %", 0.5),
        ("Half", 0.5),
        ("six", 6),
        ("大约 16 个", 16),
        ("一半", 0.5),
        ("两", 2),
        ("两张", 2),
        ("三个", 3),
        ("十次", 10),
        ("两个单元", 2),
        ("二分之一", 0.5),
        ("八分之一", 0.125),
        ("六", 6),
        ("16.", 16),
    ],
)
def test_a_number_is_read_as_people_type_it(text, value):
    assert read_number(text) == pytest.approx(value)


def test_a_percentage_is_read_in_the_unit_that_is_asked_for():
    assert read_number("50 %", "%") == read_number("50", "%") == 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a number first"),
        ("many", "“many” does not read as a number"),
        ("1 2", "does not read as a number"),
        ("(-1)**0.5", "does not read as a number"),
        ("True", "does not read as a number"),
        ("1/0", "is not a finite number"),
        ("9**9**9", "is not a finite number"),
        ("9" * 81, "too long"),
        ("(" * 79, "does not read as a number"),
        ("1\x00", "does not read as a number"),
    ],
)
def test_what_is_no_number_is_told_in_a_sentence(text, says):
    with pytest.raises(ValueError, match=f"{says}.*\\.$"):
        read_number(text)


TRUTH = Truth(200.0, "so it is", {100: "halved", 0.0: "nothing"}, "think again")


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("200", RIGHT, "so it is"),
        ("210", RIGHT, "so it is"),
        ("190", RIGHT, "so it is"),
        ("211", NEAR, "so it is"),
        ("230", NEAR, "so it is"),
        ("231", OTHER, "think again"),
        ("105", BELIEF, "halved"),
        ("106", OTHER, "think again"),
        ("0", BELIEF, "nothing"),
        ("-200", OTHER, "think again"),
    ],
)
def test_a_number_is_judged_by_its_distance(answer, kind, words):
    reply = judge_number(answer, lambda: TRUTH, within=0.05)
    assert (reply.kind, reply.words, reply.truth) == (kind, words, 200.0)


def test_a_count_must_be_exact_and_so_must_a_belief_in_one():
    truth = Truth(318, "", {319: "one more"})
    kinds = [judge_number(text, lambda: truth).kind for text in ("318", "318.0", "317", "319")]
    assert kinds == [RIGHT, RIGHT, NEAR, BELIEF]


def test_a_large_count_must_be_exact_too():
    truth = Truth(9_834_496, "", [])
    assert judge_number("56^2 * 56^2", lambda: truth).kind == RIGHT
    assert judge_number("9,834,497", lambda: truth).kind == NEAR


def test_the_nearest_of_two_beliefs_is_heard():
    truth = Truth(9.0, "", {1.0: "one", 1.5: "one and a half"})
    assert judge_number("1.4", lambda: truth, margin=0.5).words == "one and a half"


NAMES = ["red", "green"]
SKETCHED = Truth(
    np.array([0.8, 0.2]),
    "colour opens red",
    [
        Belief(np.array([0.5, 0.5]), "undecided"),
        Belief(np.array([0.0, 1.0]), "a cake", when=lambda sketch: abs(sketch.sum() - 1) < 0.05),
    ],
    "look again",
)


@pytest.mark.parametrize(
    ("sketch", "kind", "words"),
    [
        ([0.8, 0.2], RIGHT, "colour opens red"),
        ([0.7, 0.3], RIGHT, "colour opens red"),
        ([0.6, 0.2], NEAR, "Furthest off is red. colour opens red"),
        ([0.45, 0.55], BELIEF, "undecided"),
        ([0.3, 0.7], BELIEF, "a cake"),
        ([0.1, 0.98], OTHER, "Furthest off is green. look again"),  # near a cake, and none
        ([0.8, 0.9], OTHER, "Furthest off is green. look again"),
    ],
)
def test_a_sketch_is_judged_bar_by_bar(sketch, kind, words):
    reply = judge_bars(sketch, lambda: SKETCHED, NAMES, margin=0.1)
    assert (reply.kind, reply.words, reply.shown) == (kind, words, "0.80, 0.20")


def test_a_sketch_that_nobody_has_touched_reveals_nothing():
    reply = judge_bars([], None, NAMES, margin=0.1)
    assert (reply.kind, reply.truth) == (UNREAD, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3136, "3136"),
        (12544.0, "12,544"),
        (0.30831, "0.308"),
        (-0.13, "−0.13"),
        (0.5, "0.5"),
        (123456.7, "123,457"),
        (1e-5, "1e−05"),
    ],
)
def test_numbers_are_written_as_in_the_notebooks(value, text):
    assert written(value) == text
