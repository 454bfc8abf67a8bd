"""The small networks: the same but for their attention, and open to being looked into."""

import numpy as np
import pytest

from attention_lib import steps
from attention_lib._keras import keras
from attention_lib.experiments import tasks
from attention_lib.experiments.networks import FixedGates, build_network, count_weights, forward
from attention_lib.experiments.runs import MECHANISMS, choose, load_runs
from attention_lib.layers import CBAM

SHAPE = (8, 8, 3)
PICTURES = tasks.probes("cued").inputs


def network(mechanism="se", task="cued", **settings):
    shape = tasks.probes(task).inputs.shape[1:]
    return build_network(choose(task, mechanism, **settings), shape)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_stepping_through_gives_what_the_network_gives(mechanism):
    built = network(mechanism)
    expected = keras.ops.convert_to_numpy(built(PICTURES))
    np.testing.assert_allclose(forward(built, PICTURES).logits, expected, atol=1e-5)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_network_has_the_weights_that_its_stored_runs_had(mechanism):
    archive = load_runs("planted")
    row = archive.rows()[choose("planted", mechanism).row]
    assert count_weights(network(mechanism, "planted")) == row[0].weights


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    one, same, other = (network(seed=seed).get_weights() for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(one, same, strict=True))
    assert any((a != b).any() for a, b in zip(one, other, strict=True))


def test_se_adds_what_its_formula_says():
    added = count_weights(network("se", reduction=8)) - count_weights(network("none"))
    assert added == sum(2 * c * (c // 8) + c // 8 + c for c in (32, 48))


def test_eca_adds_its_kernels():
    assert count_weights(network("eca", kernel_size=9)) == count_weights(network("none")) + 18


def test_gates_that_do_not_look_are_the_same_for_every_picture_and_begin_half_open():
    for gates in forward(network("fixed"), PICTURES).gates:
        np.testing.assert_array_equal(gates, np.full_like(gates, 0.5))


def test_gates_that_do_not_look_follow_their_positions():
    layer = FixedGates()
    layer.build((None, 2, 2, 3))
    positions = np.array([-1.0, 0.0, 2.0])
    layer.set_weights([positions])
    gates = keras.ops.convert_to_numpy(layer.gates(np.ones((4, 2, 2, 3), np.float32)))
    np.testing.assert_allclose(gates, [steps.sigmoid(positions)] * 4, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
def test_gates_that_do_not_look_survive_saving(tmp_path):
    built = network("fixed")
    built.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(loaded(PICTURES), built(PICTURES))


def test_its_own_gates_put_in_place_of_its_own_change_nothing():
    built = network("se")
    seen = forward(built, PICTURES)
    again = forward(built, PICTURES, seen.gates)
    np.testing.assert_allclose(again.logits, seen.logits, atol=1e-6)


def test_gates_are_read_where_they_work():
    """With the first gates closed nothing reaches the second attention."""
    built = network("se")
    seen = forward(built, PICTURES, [0.0, 1.0])
    assert (seen.gates[0] == 0).all()
    assert np.ptp(seen.logits, axis=0) == pytest.approx(0, abs=1e-6)  # the same for all pictures


def test_gates_may_be_given_by_channel_or_by_picture():
    built = network("se")
    rows = forward(built, PICTURES).gates
    by_channel = [depth.mean(0) for depth in rows]
    by_picture = [np.tile(depth, (len(PICTURES), 1)) for depth in by_channel]
    here, there = (forward(built, PICTURES, gates) for gates in (by_channel, by_picture))
    np.testing.assert_array_equal(here.logits, there.logits)


def test_many_pictures_are_the_same_as_few_at_a_time(monkeypatch):
    built = network("se")
    gates = forward(built, PICTURES).gates
    whole = forward(built, PICTURES, gates)
    monkeypatch.setattr("attention_lib.experiments.networks.BATCH", 7)
    parts = forward(built, PICTURES, gates)
    np.testing.assert_allclose(parts.logits, whole.logits, atol=1e-6)


@pytest.mark.parametrize("gates", [[], [1.0], [1.0, 1.0, 1.0]])
def test_there_must_be_gates_for_every_attention(gates):
    with pytest.raises(ValueError, match="one entry for each attention over channels"):
        forward(network("se"), PICTURES, gates)


def test_the_networks_cbam_is_the_layer_cbam():
    """Written as two layers, so that the gates of channels can be read and put in place."""
    halves = [layer for layer in network("cbam").layers if "attention" in layer.name][:2]
    maps = np.random.default_rng(0).normal(size=(4, 8, 8, 32)).astype(np.float32)
    whole = CBAM(4)
    whole.build(maps.shape)
    whole.set_weights([w for half in halves for w in half.get_weights()])
    np.testing.assert_allclose(halves[1](halves[0](maps)), whole(maps), atol=1e-6)
