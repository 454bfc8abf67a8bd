import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import SelfAttentionWeights, self_attention_forward

LOG3 = np.log(3)
FEATURE_MAP = np.array([[[1.0], [0]]])  # (1, 2, 1)
WEIGHTS = SelfAttentionWeights(np.array([[LOG3]]), np.array([[1.0]]), np.array([[4.0, -8]]))

seeds = st.integers(0, 2**32)


@st.composite
def blocks(draw):
    """A random map, and random weights for it."""
    height, width, channels, depth, outputs = (draw(st.integers(1, 5)) for _ in range(5))
    rng = np.random.default_rng(draw(seeds))
    shapes = [(channels, depth), (channels, depth), (channels, outputs)]
    weights = SelfAttentionWeights(*(rng.normal(size=shape) for shape in shapes))
    return rng.normal(size=(height, width, channels)), weights


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = self_attention_forward(FEATURE_MAP, WEIGHTS)
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_allclose(trace.queries, [[LOG3], [0]])
    np.testing.assert_allclose(trace.keys, [[1], [0]])
    np.testing.assert_allclose(trace.values, [[4, -8], [0, 0]])
    np.testing.assert_allclose(trace.scores, [[LOG3, 0], [0, 0]])
    np.testing.assert_allclose(trace.attention, [[0.75, 0.25], [0.5, 0.5]])
    np.testing.assert_allclose(trace.output, [[[3, -6], [2, -4]]])


def test_scores_are_divided_by_the_root_of_the_depth():
    weights = WEIGHTS._replace(query=np.full((1, 4), LOG3), key=np.ones((1, 4)))
    trace = self_attention_forward(FEATURE_MAP, weights)
    np.testing.assert_allclose(trace.scores, [[2 * LOG3, 0], [0, 0]])  # 4 log 3 over 2
    np.testing.assert_allclose(trace.attention[0], [0.9, 0.1])


@given(blocks())
def test_every_row_sums_to_one_so_the_output_stays_among_the_values(block):
    trace = self_attention_forward(*block)
    np.testing.assert_allclose(trace.attention.sum(-1), 1)
    assert np.all(trace.attention >= 0)
    assert np.all(trace.output <= trace.values.max(0) + 1e-12)
    assert np.all(trace.output >= trace.values.min(0) - 1e-12)


@given(blocks(), seeds)
def test_permuting_the_places_permutes_the_output(block, seed):
    feature_map, weights = block
    order = np.random.default_rng(seed).permutation(len(feature_map))
    np.testing.assert_allclose(
        self_attention_forward(feature_map[order], weights).output,
        self_attention_forward(feature_map, weights).output[order],
        atol=1e-12,
    )


@given(blocks())
def test_without_a_question_every_place_gets_the_mean_of_the_values(block):
    feature_map, weights = block
    trace = self_attention_forward(feature_map, weights._replace(query=0 * weights.query))
    np.testing.assert_allclose(trace.attention, 1 / len(trace.values))
    expected = np.broadcast_to(trace.values.mean(0), trace.output.shape)
    np.testing.assert_allclose(trace.output, expected, atol=1e-12)


def test_one_place_hears_itself_alone():
    trace = self_attention_forward(np.array([[[5.0]]]), WEIGHTS)
    np.testing.assert_array_equal(trace.attention, [[1]])
    np.testing.assert_array_equal(trace.output, [[[20, -40]]])


def test_single_precision_stays_single():
    weights = SelfAttentionWeights(*(weight.astype(np.float32) for weight in WEIGHTS))
    trace = self_attention_forward(FEATURE_MAP.astype(np.float32), weights)
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"query": np.ones((3, 1))},
            "`query` must have a row for each input and a column for each output. Received: query "
            "of shape (3, 1). Give it the shape (1, 1).",
        ),
        ({"key": np.ones((1, 2))}, "Received: key of shape (1, 2)."),
        ({"value": np.ones((2, 2))}, "Received: value of shape (2, 2)."),
        ({"value": np.ones(2)}, "`value` must have the shape (inputs, outputs), no axis empty."),
    ],
)
def test_weights_that_do_not_chain_get_a_sentence(change, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        self_attention_forward(FEATURE_MAP, WEIGHTS._replace(**change))


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match=re.escape("Take one out of the batch: feature_map[0].")):
        self_attention_forward(FEATURE_MAP[None], WEIGHTS)
