import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import CoordinateWeights, coordinate_forward, hard_swish, sigmoid, swish

LOG3 = np.log(3)
FEATURE_MAP = np.array([[[1.0], [3]], [[5], [7]]])  # (2, 2, 1)
WEIGHTS = CoordinateWeights(
    shared=np.array([[1.0]]),
    shared_bias=np.array([-4.0]),
    rows=np.array([[LOG3 / 2]]),
    rows_bias=None,
    columns=np.array([[LOG3]]),
    columns_bias=np.array([LOG3]),
)

seeds = st.integers(0, 2**32)


@st.composite
def blocks(draw):
    """A random map, and random weights for it."""
    height, width, channels, hidden = (draw(st.integers(1, 6)) for _ in range(4))
    rng = np.random.default_rng(draw(seeds))
    out = (hidden, channels), (channels,)
    shapes = [(channels, hidden), (hidden,), *out, *out]
    weights = CoordinateWeights(*(rng.normal(size=shape) for shape in shapes))
    return rng.normal(size=(height, width, channels)), weights


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = coordinate_forward(FEATURE_MAP, WEIGHTS, activation=lambda x: x)
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_array_equal(trace.squeezed, [[2], [6], [3], [5]])  # two rows, two columns
    np.testing.assert_array_equal(trace.reduced, [[-2], [2], [-1], [1]])
    np.testing.assert_allclose(trace.row_logits, [[-LOG3], [LOG3]])
    np.testing.assert_allclose(trace.column_logits, [[0], [2 * LOG3]], atol=1e-15)
    np.testing.assert_allclose(trace.row_gates, [[0.25], [0.75]])
    np.testing.assert_allclose(trace.column_gates, [[0.5], [0.9]])
    np.testing.assert_allclose(trace.scaled[..., 0], [[1 / 8, 0.675], [1.875, 4.725]])


def test_the_authors_curve_is_hard_swish():
    hidden = coordinate_forward(FEATURE_MAP, WEIGHTS).hidden
    np.testing.assert_allclose(hidden, [[-1 / 3], [5 / 3], [-1 / 3], [2 / 3]])
    np.testing.assert_allclose(hidden, hard_swish(np.array([[-2.0], [2], [-1], [1]])))
    other = coordinate_forward(FEATURE_MAP, WEIGHTS, activation=swish).hidden
    np.testing.assert_allclose(other, swish(np.array([[-2.0], [2], [-1], [1]])))


@given(blocks())
def test_the_gates_of_a_channel_are_an_outer_product_of_rows_and_columns(block):
    trace = coordinate_forward(*block)
    gates = np.einsum("ic,jc->ijc", sigmoid(trace.row_logits), sigmoid(trace.column_logits))
    np.testing.assert_allclose(trace.scaled, trace.feature_map * gates)
    ones = coordinate_forward(np.ones_like(trace.feature_map), block[1])
    for channel in np.moveaxis(ones.scaled, -1, 0):
        assert np.linalg.matrix_rank(channel) == 1


def test_two_channels_can_have_two_different_maps_of_gates():
    feature_map = np.zeros((2, 2, 2))
    feature_map[0, :, 0] = feature_map[1, :, 1] = 1
    weights = CoordinateWeights(np.eye(2), None, 9 * np.eye(2), None, np.eye(2), None)
    gates = coordinate_forward(feature_map, weights).row_gates
    np.testing.assert_allclose(gates, [[sigmoid(6), 0.5], [0.5, sigmoid(6)]])


@given(blocks(), seeds)
def test_permuting_the_rows_permutes_their_gates_and_leaves_those_of_the_columns(block, seed):
    feature_map, weights = block
    order = np.random.default_rng(seed).permutation(len(feature_map))
    trace = coordinate_forward(feature_map, weights)
    permuted = coordinate_forward(feature_map[order], weights)
    np.testing.assert_allclose(permuted.row_gates, trace.row_gates[order])
    np.testing.assert_allclose(permuted.column_gates, trace.column_gates)


@given(blocks())
def test_a_picture_turned_over_its_diagonal_swaps_rows_and_columns(block):
    feature_map, weights = block
    shared, shared_bias, *directions = weights
    turned = CoordinateWeights(shared, shared_bias, *directions[2:], *directions[:2])
    np.testing.assert_allclose(
        coordinate_forward(feature_map.swapaxes(0, 1), turned).scaled,
        coordinate_forward(feature_map, weights).scaled.swapaxes(0, 1),
        atol=1e-12,
    )


@given(blocks())
def test_zeros_in_the_last_layers_give_gates_of_one_quarter(block):
    feature_map, weights = block
    zeros = [None if weight is None else np.zeros_like(weight) for weight in weights[2:]]
    scaled = coordinate_forward(feature_map, CoordinateWeights(*weights[:2], *zeros)).scaled
    np.testing.assert_array_equal(scaled, feature_map / 4)


def test_single_precision_stays_single():
    weights = (None if w is None else w.astype(np.float32) for w in WEIGHTS)
    trace = coordinate_forward(FEATURE_MAP.astype(np.float32), CoordinateWeights(*weights))
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"shared": np.ones((2, 1))},
            "`shared` must have a row for each input and a column for each output. Received: "
            "shared of shape (2, 1). Give it the shape (1, 1).",
        ),
        ({"rows": np.ones((1, 2))}, "Received: rows of shape (1, 2)."),
        ({"columns": np.ones((2, 1))}, "Received: columns of shape (2, 1)."),
        ({"shared_bias": np.ones(2)}, "Received: shared_bias of shape (2,)."),
        ({"rows_bias": np.ones(2)}, "Received: rows_bias of shape (2,)."),
        ({"columns_bias": np.ones(2)}, "Received: columns_bias of shape (2,)."),
    ],
)
def test_weights_that_do_not_chain_get_a_sentence(change, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        coordinate_forward(FEATURE_MAP, WEIGHTS._replace(**change))


def test_the_name_of_a_curve_is_not_the_curve_and_a_batch_is_no_map():
    with pytest.raises(ValueError, match="`activation` must be a function of one array"):
        coordinate_forward(FEATURE_MAP, WEIGHTS, activation="relu")
    with pytest.raises(ValueError, match=re.escape("Take one out of the batch: feature_map[0].")):
        coordinate_forward(FEATURE_MAP[None], WEIGHTS)
