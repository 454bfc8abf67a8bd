import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from attention_lib.steps import global_average_pool, global_max_pool

pools = pytest.mark.parametrize("pool", [global_average_pool, global_max_pool])
feature_maps = arrays(
    np.float64, array_shapes(min_dims=3, max_dims=3, max_side=5), elements=st.floats(-10, 10)
)


def test_each_channel_is_averaged_over_its_places():
    feature_map = [[[1, 10], [2, 20]], [[3, 30], [6, -60]]]
    np.testing.assert_array_equal(global_average_pool(feature_map), [3, 0])


def test_each_channel_gives_its_largest_value():
    feature_map = [[[1, 10], [2, 20]], [[3, 30], [6, -60]]]
    np.testing.assert_array_equal(global_max_pool(feature_map), [6, 30])


def test_one_bright_pixel_is_all_to_the_maximum_and_next_to_nothing_to_the_mean():
    feature_map = np.zeros((56, 56, 1))
    feature_map[17, 40] = 1
    assert global_max_pool(feature_map) == 1
    assert global_average_pool(feature_map) == pytest.approx(1 / 3136)


def test_signed_responses_cancel_and_rectified_ones_do_not():
    stripes = np.tile([[[1.0], [-1.0]]], (4, 4, 1))
    assert global_average_pool(stripes) == 0
    assert global_average_pool(np.maximum(stripes, 0)) == 0.5


@pools
@given(feature_map=feature_maps, seed=st.integers(0, 99))
def test_pooling_does_not_notice_where_anything_is(pool, feature_map, seed):
    pixels = feature_map.reshape(-1, feature_map.shape[-1])
    shuffled = np.random.default_rng(seed).permutation(pixels).reshape(feature_map.shape)
    np.testing.assert_allclose(pool(shuffled), pool(feature_map), atol=1e-12)


@given(feature_map=feature_maps)
def test_a_bigger_map_of_the_same_has_the_same_mean(feature_map):
    twice = np.concatenate([feature_map, feature_map])
    np.testing.assert_allclose(
        global_average_pool(twice), global_average_pool(feature_map), atol=1e-12
    )


def test_whole_numbers_are_averaged_without_overflow():
    assert global_average_pool(np.full((40, 40, 1), 250, np.uint8)) == 250


@pools
@pytest.mark.parametrize(
    ("feature_map", "sentence"),
    [
        (
            np.ones((2, 4, 4, 3)),
            "`feature_map` must have the shape (height, width, channels), no axis empty. "
            "Received: feature_map of shape (2, 4, 4, 3). "
            "Take one out of the batch: feature_map[0].",
        ),
        (
            np.ones((4, 4)),
            "Received: feature_map of shape (4, 4). Reshape or fill it.",
        ),
        (
            np.ones((0, 4, 3)),
            "Received: feature_map of shape (0, 4, 3). Reshape or fill it.",
        ),
        (
            [[[1], [2]], [[3]]],
            "`feature_map` must be an array of shape (height, width, channels). "
            "Received: list that NumPy cannot make into one",
        ),
        (
            np.full((2, 2, 1), "cat"),
            "`feature_map` must hold real numbers. Received: feature_map of dtype <U3. "
            "Convert it with `.astype('float32')`.",
        ),
        (np.full((2, 2, 1), 1j), "Received: feature_map of dtype complex128."),
    ],
)
def test_what_is_no_feature_map_gets_a_sentence(pool, feature_map, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        pool(feature_map)
