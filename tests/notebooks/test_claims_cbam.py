"""The numbers that notebook 06 states in words, computed by the library."""

import numpy as np
import pytest

from attention_lib import steps
from attention_lib.examples import filters, hand_made
from attention_lib.panels.cbam import state as cbam
from tests.notebooks.claims import prose_of


@pytest.fixture(scope="module")
def prose():
    return prose_of("06_cbam")


@pytest.fixture(scope="module")
def maps():
    return filters.feature_maps("cat", 8)


@pytest.fixture(scope="module")
def weights():
    return hand_made.hand_made_cbam(8, 7)


@pytest.fixture(scope="module")
def trace(maps, weights):
    return steps.cbam_forward(maps, weights)


def test_3144_gates_stand_for_25088_numbers(prose, maps, trace):
    channels, places = trace.channel.gates.size, trace.spatial.gates.size
    assert (channels, places) == (8, 56 * 56)
    assert f"{channels + places} numbers stand for {maps.size:,}" in prose


def test_the_most_open_place_is_beside_an_eye_and_the_background_is_half_open(prose, trace):
    state = cbam.compute("cat", "hand-made", 8, 0, 7, "channel_spatial")
    row, column = state.most_open
    assert f"in the ring the gate is {trace.spatial.gates[row, column]:.2f}" in prose
    assert (20 <= row <= 30, 20 <= column <= 30) == (True, True)  # the inner corner of the left eye
    assert np.abs(trace.spatial.gates[50:, :12] - 0.5).mean() < 0.06


def test_one_bright_pixel(prose):
    bright = np.zeros((56, 56, 1))
    bright[20, 30] = 1
    assert steps.global_average_pool(bright)[0] == pytest.approx(1 / 3136)
    assert f"1/3136 is about {1 / 3136:.4f}" in prose
    assert (
        f"one bright pixel or a whole bright map, it is {steps.global_max_pool(bright)[0]:.0f}"
        in prose
    )


def test_means_and_maxima_disagree_about_the_cat(prose, trace):
    to_means, to_maxima = trace.channel.expanded[:, 0]
    said = f"gives −{-to_means:.2f} from the means and {to_maxima:.2f} from the maxima"
    assert said in prose
    gates = trace.channel.gates
    together = f"together {to_means + to_maxima:.2f}, so edges are open at {gates[0]:.2f}"
    assert f"{together} and colours at {gates[4]:.2f}" in prose
    alone = steps.sigmoid(trace.channel.expanded[0])
    assert f"From the means alone it would be {alone[0]:.2f} and {alone[4]:.2f}" in prose


def test_the_mlp_has_32_weights_and_gives_the_same_for_means_and_maxima_of_uniform_maps(
    prose, weights
):
    mlp = weights.channel
    assert f"as many weights as SE, {mlp.reduce.size + mlp.expand.size} here" in prose
    low, high = steps.channel_attention(np.full((56, 56, 8), 0.3), mlp).expanded
    np.testing.assert_allclose(low, high, rtol=1e-5)


def test_spatial_attention_has_98_weights_for_any_number_of_channels(prose, weights, trace):
    assert weights.spatial.kernel.size == hand_made.hand_made_cbam(16).spatial.kernel.size == 98
    assert "7 · 7 · 2 = 98, for 8 channels as for 512" in prose
    steps.spatial_attention(np.ones((9, 9, 512)), weights.spatial)
    largest, mean = trace.spatial.squeezed.max((0, 1))
    assert 3 < largest / mean < 4
    assert "more than three times as large" in prose


def test_channel_gates_do_not_depend_on_where_and_gates_of_places_not_on_what(maps, weights):
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(maps.reshape(-1, 8)).reshape(maps.shape)
    order = rng.permutation(8)

    def what(x):
        return steps.channel_attention(x, weights.channel).gates

    def where(x):
        return steps.spatial_attention(x, weights.spatial).gates

    np.testing.assert_allclose(what(shuffled), what(maps), atol=5e-7)
    np.testing.assert_allclose(where(maps[..., order]), where(maps), atol=5e-7)
    assert np.abs(where(shuffled) - where(maps)).max() > 0.5
    assert np.abs(what(maps[..., order]) - what(maps)).max() > 0.1


def test_all_gates_together_are_a_table_of_rank_one(maps, trace):
    table = np.outer(trace.spatial.gates.ravel(), trace.channel.gates)
    assert np.linalg.matrix_rank(table) == 1
    np.testing.assert_allclose(maps * table.reshape(maps.shape), trace.scaled, atol=1e-6)


def test_edges_left_and_colours_right_has_rank_two():
    wish = np.zeros((56, 56, 8))
    wish[:, :28, :4] = wish[:, 28:, 4:] = 1
    assert np.linalg.matrix_rank(wish.reshape(-1, 8)) == 2


def test_the_order_matters_and_in_parallel_both_work_on_the_input(prose, maps, weights, trace):
    swapped = steps.cbam_forward(maps, weights, order="spatial_channel")
    before, after = trace.channel.gates[0], swapped.channel.gates[0]
    assert f"the edges' gate goes from {before:.2f} to {after:.2f}" in prose
    parallel = steps.cbam_forward(maps, weights, order="parallel")
    np.testing.assert_array_equal(parallel.channel.gates, trace.channel.gates)
    np.testing.assert_array_equal(parallel.spatial.gates, swapped.spatial.gates)


@pytest.mark.tensorflow
def test_the_layer_has_the_parameters_and_the_numbers_that_the_notebook_states(
    prose, maps, weights, trace
):
    from attention_lib._keras import keras  # as in the notebook: in the last section
    from attention_lib.layers import CBAM

    layer = CBAM(reduction=4, spatial_kernel_size=7, use_bias=False, batch_norm=False)
    layer.build((None, 56, 56, 8))
    mlp = weights.channel.reduce.size + weights.channel.expand.size
    assert f"{mlp} for the one MLP and 98 for the spatial kernel: {layer.count_params()}" in prose
    w1, _, w2, _ = weights.channel
    layer.set_weights([w1, w2, weights.spatial.kernel[..., None]])
    output = keras.ops.convert_to_numpy(layer(maps[None]))[0]
    assert "below one millionth, where the maps reach beyond 1" in prose
    assert np.abs(output - trace.scaled).max() < 1e-6
    assert maps.max() > 1
    standard = CBAM(reduction=4)
    standard.build((None, 56, 56, 8))
    trained = sum(weight.shape.num_elements() for weight in standard.trainable_weights)
    kept = standard.count_params() - trained
    counted = f"`count_params` gives {standard.count_params()}: {trained} numbers that are trained"
    assert f"{counted}, and {kept} running statistics" in prose
    assert np.all(standard.gates(maps[None]).spatial == 0.5)
