"""The numbers that notebook 09 states in words, computed by the library."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from attention_lib import costs
from attention_lib._keras import keras
from attention_lib.examples import photos
from attention_lib.layers import SqueezeExcite
from attention_lib.models import gates, pretrained
from attention_lib.models.attach import attach
from attention_lib.panels import show_your_network
from attention_lib.steps import mobilenet_v3_width, sigmoid
from tests.notebooks.claims import prose_of


@pytest.fixture(scope="module")
def prose():
    return prose_of("09_your_network")


@pytest.fixture(scope="module")
def network():
    return pretrained.photo_network()


def all_photos(side):
    return np.stack([255 * photos.load_photo(name, side) for name in photos.PHOTOS])


def test_160_gates_at_four_sites(network, prose):
    channels = [site.channels for site in gates.find(network)]
    assert sum(channels) == 160
    assert f"{channels[-1]} / 4 = {gates.find(network)[-1].width} hidden units" in prose


def test_it_names_all_six(network):
    answers = keras.ops.convert_to_numpy(network(all_photos(pretrained.SIDE)))
    assert answers.argmax(1).tolist() == [0, 1, 2, 3, 4, 5]


def test_it_names_4_of_5_pieces_of_the_quarter_kept_back(network, prose):
    path = Path(__file__).parents[2] / "tools" / "train_photo_network.py"
    spec = importlib.util.spec_from_file_location("train_photo_network", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert 1 - script.BORDER / 224 == 1 / 4
    pieces, labels = script.crops(600, script.BORDER, 224, seed=2)
    answers = keras.ops.convert_to_numpy(network(pieces.astype("float32"))).argmax(1)
    assert (answers == labels).mean() == pytest.approx(4 / 5, abs=0.02)
    assert "on pieces of that quarter it names 4 of 5" in prose


def test_of_two_blocks_whose_shapes_fit_one_gates_channels(prose):
    found = []
    for axes in [(1, 2), (2, 3)]:
        x = keras.Input((14, 14, 14))
        numbers = keras.layers.Dense(14, activation="sigmoid")(keras.ops.mean(x, axis=axes))
        found.append(gates.find(keras.Model(x, x * numbers[:, None, None])))
    assert [len(sites) for sites in found] == [1, 0]
    assert "The first. Axes 1 and 2 are rows and columns." in prose


def test_between_cat_and_wall_later_gates_change(network, prose):
    panel = show_your_network(network, layer=0)
    first, second = panel.state.gates
    assert np.abs(first - second).max() < 0.1
    panel.controls["layer"].value = 3
    first, second = panel.state.gates
    moved = np.abs(first - second)
    channel = moved.argmax()
    assert (
        f"{(moved > 0.1).sum()} of {len(moved)} do, and channel {channel} goes from "
        f"{first[channel]:.2f} to {second[channel]:.2f}." in prose
    )
    assert f"with a mean of {first.mean():.2f} for the cat" in prose


def test_layer_3_changes_most_and_layer_1_least(network, prose):
    recorded = gates.record(network, all_photos(pretrained.SIDE))
    moves = [values.std(axis=0).mean() for values in recorded.values()]
    assert (int(np.argmax(moves)), int(np.argmin(moves))) == (2, 0)
    assert f"Layer 3, by {moves[2]:.3f} on average, and layer 1 least, by {moves[0]:.3f}" in prose
    furthest = [np.ptp(values, axis=0).max() for values in recorded.values()]
    assert np.argmax(furthest) == 3
    assert (recorded["se_4"] > 0.8).mean() > 0.8


def test_mobilenet_has_gates_in_9_of_11_blocks(prose):
    mobile = keras.applications.MobileNetV3Small(weights=None)
    sites = gates.find(mobile)
    blocks = {
        layer.name.rpartition("_project")[0] for layer in mobile.layers if "_project" in layer.name
    }
    blocks = {name for name in blocks if not name.endswith(("_bn",))}
    assert f"{len(sites)} of {len(blocks)}, and 96 / 4 = 24" in prose
    assert {site.width for site in sites if site.channels == 96} == {24}
    assert {site.width for site in sites if site.channels == 240} == {mobilenet_v3_width(240)}
    assert mobilenet_v3_width(240) == 64
    for values in gates.record(mobile, all_photos(224)).values():
        assert np.abs(values - 0.5).max() < 0.05


@pytest.mark.parametrize(("name", "words"), [("MobileNetV3Small", "10"), ("EfficientNetB0", "22")])
def test_the_sizes_of_the_downloads(name, words, prose):
    assert f"about {pretrained.IMAGENET[name]} MB" in prose
    assert str(pretrained.IMAGENET[name]) == words


def test_attention_in_resnet_50_is_the_papers_and_the_biases(prose):
    stages = zip((256, 512, 1024, 2048), (3, 4, 6, 3), strict=True)
    blocks = [channels for channels, count in stages for _ in range(count)]
    bare = sum(costs.se_cost(c, 16, use_bias=False).parameters for c in blocks)
    whole = sum(costs.se_cost(c, 16).parameters for c in blocks)
    assert f"{len(blocks)} sites, and {whole:,} parameters more" in prose
    assert f"the SE paper's {bare:,} and the biases" in prose


def test_the_notebooks_sites_are_the_last_normalisation_of_each_unit():
    resnet = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3))
    copy = attach(resnet, SqueezeExcite(16), lambda layer: layer.name.endswith("_3_bn"))
    assert copy.count_params() - resnet.count_params() == 2_530_992
    adds = [layer for layer in copy.layers if layer.name.endswith("_add")]
    for layer in adds:
        names = [x._keras_history.operation.name for x in layer.input]
        assert sum("_3_bn_squeeze_excite" in name for name in names) == 1


def test_a_bias_of_100_is_a_gate_of_one_and_3_is_nearly(prose):
    assert sigmoid(np.float32(100)) == 1
    assert 0.9 < sigmoid(3.0) < 1
    assert "Below, a bias of 100 goes to all the new gates" in prose
