import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_lib.steps import sigmoid, simam_forward

FEATURE_MAP = np.array([[[0.0, 2], [0, 2]], [[0, 2], [4, 2]]])  # (2, 2, 2)

seeds = st.integers(0, 2**32)


@st.composite
def feature_maps(draw):
    """A random map of two places or more."""
    height, width, channels = (draw(st.integers(2, 6)), *(draw(st.integers(1, 6)) for _ in "wc"))
    return np.random.default_rng(draw(seeds)).normal(size=(height, width, channels))


def test_every_intermediate_is_as_worked_out_by_hand():
    trace = simam_forward(FEATURE_MAP, regularisation=1)
    assert trace.feature_map is FEATURE_MAP
    np.testing.assert_array_equal(trace.means, [1, 2])
    np.testing.assert_array_equal(trace.deviations[..., 0], [[1, 1], [1, 9]])
    np.testing.assert_array_equal(trace.deviations[..., 1], 0)
    np.testing.assert_array_equal(trace.variances, [4, 0])  # 12 / 3
    np.testing.assert_allclose(trace.inverse_energies[..., 0], [[0.55, 0.55], [0.55, 0.95]])
    np.testing.assert_allclose(trace.inverse_energies[..., 1], 0.5)
    np.testing.assert_array_equal(trace.gates, sigmoid(trace.inverse_energies))
    np.testing.assert_array_equal(trace.scaled, FEATURE_MAP * trace.gates)


def test_an_inverse_energy_is_what_the_best_line_reaches():
    """The paper's equation 1, minimised here by least squares, with its own labels and lambda."""
    rng, regularisation = np.random.default_rng(0), 0.1
    values = rng.normal(size=1600)
    inverse = simam_forward(values.reshape(40, 40, 1), regularisation=regularisation)
    for i in (0, 1, int(values.argmax())):
        target, others = values[i], np.delete(values, i)
        share = 1 / np.sqrt(others.size)
        rows = np.stack([others, np.ones_like(others)], axis=1) * share
        rows = np.vstack([rows, [target, 1], [np.sqrt(regularisation), 0]])
        labels = np.concatenate([np.full(others.size, -share), [1, 0]])
        _, (energy,), *_ = np.linalg.lstsq(rows, labels, rcond=None)
        # Mean and variance are of all the numbers, not of the others: the paper's shortcut.
        assert inverse.inverse_energies.ravel()[i] == pytest.approx(1 / energy, rel=0.02)


@given(feature_maps())
def test_no_gate_is_below_that_of_the_mean(feature_map):
    gates = simam_forward(feature_map).gates
    assert np.all(gates >= sigmoid(0.5))
    assert np.all(gates < 1)


@given(feature_maps(), st.floats(-5, 5))
def test_what_is_added_to_a_channel_or_turns_its_sign_changes_no_gate(feature_map, shift):
    gates = simam_forward(feature_map).gates
    np.testing.assert_allclose(simam_forward(feature_map + shift).gates, gates, rtol=1e-9)
    np.testing.assert_allclose(simam_forward(-feature_map).gates, gates)


@given(feature_maps(), seeds)
def test_a_channel_does_not_hear_the_others(feature_map, seed):
    alone = simam_forward(feature_map[..., :1]).gates[..., 0]
    np.testing.assert_allclose(simam_forward(feature_map).gates[..., 0], alone)


@given(feature_maps(), seeds)
def test_permuting_the_places_permutes_the_gates(feature_map, seed):
    order = np.random.default_rng(seed).permutation(len(feature_map))
    np.testing.assert_allclose(
        simam_forward(feature_map[order]).gates, simam_forward(feature_map).gates[order]
    )


@given(feature_maps())
def test_the_further_from_the_mean_the_wider_the_gate(feature_map):
    trace = simam_forward(feature_map)
    for deviations, gates in zip(
        trace.deviations.reshape(-1, trace.means.size).T,
        trace.gates.reshape(-1, trace.means.size).T,
        strict=True,
    ):
        assert np.all(np.diff(gates[np.argsort(deviations)]) >= 0)


def test_single_precision_stays_single():
    trace = simam_forward(np.random.default_rng(0).random((3, 5, 4), np.float32))
    assert {array.dtype for array in trace} == {np.dtype("float32")}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: simam_forward(np.ones((1, 1, 4))),
            "`feature_map` must have two places or more, as each is compared with the others. "
            "Received: feature_map of shape (1, 1, 4). Give a larger map.",
        ),
        (
            lambda: simam_forward(FEATURE_MAP, regularisation=0),
            "`regularisation` must be a finite number greater than 0. Received: regularisation=0.",
        ),
        (
            lambda: simam_forward(FEATURE_MAP[None]),
            "Take one out of the batch: feature_map[0].",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
