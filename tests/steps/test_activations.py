import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import (
    ACTIVATIONS,
    GATES,
    hard_sigmoid,
    hard_swish,
    relu,
    sigmoid,
    softmax,
    swish,
)

LOG3 = np.log(3)
numbers = st.floats(-1e6, 1e6)


def test_relu_keeps_what_is_positive():
    np.testing.assert_array_equal(relu(np.array([-2.0, 0.0, 1.5])), [0, 0, 1.5])


def test_sigmoid_of_log_odds_is_the_probability():
    np.testing.assert_allclose(sigmoid(np.array([-LOG3, 0, LOG3])), [0.25, 0.5, 0.75])


def test_swish_is_x_times_its_sigmoid():
    np.testing.assert_allclose(swish(np.array([-LOG3, 0, LOG3])), [-0.25 * LOG3, 0, 0.75 * LOG3])


def test_hard_sigmoid_is_flat_then_straight_then_flat():
    np.testing.assert_allclose(
        hard_sigmoid(np.array([-4.0, -3, -1, 0, 1, 3, 4])), [0, 0, 1 / 3, 1 / 2, 2 / 3, 1, 1]
    )


def test_hard_sigmoid_is_not_the_line_that_keras_2_had():
    assert hard_sigmoid(1.0) != pytest.approx(0.2 * 1.0 + 0.5)


def test_hard_swish_is_x_times_its_hard_sigmoid():
    np.testing.assert_allclose(
        hard_swish(np.array([-4.0, -3, -1, 0, 1, 3, 4])), [0, 0, -1 / 3, 0, 2 / 3, 3, 4]
    )


def test_softmax_shares_one_out_by_the_odds():
    np.testing.assert_allclose(softmax(np.array([[LOG3, 0], [5, 5]])), [[3 / 4, 1 / 4], [0.5, 0.5]])


@given(st.lists(numbers, min_size=1, max_size=9), numbers)
def test_softmax_sums_to_one_and_does_not_notice_what_is_added_to_all(row, shift):
    shares = softmax(np.array(row))
    assert shares.sum() == pytest.approx(1)
    assert np.all(shares >= 0)
    assert shares[np.argmax(row)] == shares.max()
    np.testing.assert_allclose(softmax(np.array(row) + shift), shares, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_softmax_saturates_without_overflow(dtype):
    largest = np.finfo(dtype).max
    with np.errstate(over="ignore"):  # of the difference, which may well be minus infinity
        np.testing.assert_array_equal(softmax(np.array([-largest, largest], dtype)), [0, 1])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_sigmoid_saturates_without_overflow(dtype):
    largest = np.finfo(dtype).max
    np.testing.assert_array_equal(sigmoid(np.array([-largest, largest], dtype)), [0, 1])


@given(numbers)
def test_sigmoid_is_symmetric_about_one_half(x):
    assert sigmoid(x) + sigmoid(-x) == pytest.approx(1)


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
@given(x=numbers, y=numbers)
def test_gates_rise_from_closed_to_open(gate, x, y):
    low, high = sorted((x, y))
    assert 0 <= gate(low) <= gate(high) <= 1
    assert gate(0.0) == 0.5


@pytest.mark.parametrize(
    "curve",
    [*ACTIVATIONS.values(), *GATES.values(), hard_swish, softmax],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_curves_keep_the_precision_of_their_input(curve, dtype):
    assert curve(np.array([-1, 0, 1], dtype)).dtype == dtype


def test_names_stand_for_their_curves():
    assert {"relu": relu, "swish": swish} == ACTIVATIONS
    assert {"sigmoid": sigmoid, "hard_sigmoid": hard_sigmoid} == GATES
