"""The small network that ships knows its six photographs; ImageNet's are fetched on demand only."""

import importlib.util
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from attention_lib._keras import keras
from attention_lib.examples import photos
from attention_lib.models import pretrained

SCRIPT = Path(__file__).parents[2] / "tools" / "train_photo_network.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("train_photo_network", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def network():
    return pretrained.photo_network()


def accuracy(network, images, labels):
    logits = keras.ops.convert_to_numpy(network(images.astype("float32"), training=False))
    return (logits.argmax(1) == labels).mean()


def test_the_weights_are_small():
    file = resources.files("attention_lib.data").joinpath("photo_network.npz")
    assert len(file.read_bytes()) < 1_500_000


def test_it_knows_crops_of_the_part_it_never_saw(network, script):
    images, labels = script.crops(300, script.BORDER, 224, seed=3)
    assert accuracy(network, images, labels) > 0.7


def test_it_knows_crops_like_those_it_learnt_from(network, script):
    images, labels = script.crops(120, 0, script.BORDER, seed=4)
    assert accuracy(network, images, labels) > 0.95


def test_it_knows_the_whole_photographs_in_their_order(network):
    images = np.stack([photos.load_photo(name, pretrained.SIDE) for name in photos.PHOTOS]) * 255
    assert accuracy(network, images, np.arange(6)) >= 5 / 6


def test_crops_for_the_test_share_no_pixel_with_those_for_training(script, monkeypatch):
    """Columns left and right of the border are painted; no crop has both colours."""
    painted = np.zeros((224, 224, 3), "float32")
    painted[:, script.BORDER :] = 1
    monkeypatch.setattr(script.photos, "load_photo", lambda name, size: painted)
    for low, high in ((0, script.BORDER), (script.BORDER, 224)):
        images, _ = script.crops(60, low, high, seed=0)
        assert (images.reshape(60, -1) == images[:, :1, 0, 0]).all()


def test_only_networks_with_a_known_size_are_fetched():
    with pytest.raises(ValueError, match=r"`name` must be 'MobileNetV3Small', .*'VGG16'"):
        pretrained.imagenet("VGG16")


def test_the_size_is_told_and_without_a_network_so_is_what_to_do(monkeypatch, capsys):
    def offline(weights):
        raise Exception("URL fetch failure on https://example.org: None -- no route\nmore")

    monkeypatch.setattr(keras.applications, "MobileNetV3Small", offline)
    with pytest.raises(ValueError, match=r"must be fetched over the network, once.*no route Try"):
        pretrained.imagenet("MobileNetV3Small")
    assert "MobileNetV3Small: about 10 MB of weights" in capsys.readouterr().out


def test_the_size_told_is_that_of_the_weights():
    model = keras.applications.MobileNetV3Small(weights=None)
    megabytes = model.count_params() * 4 / 1e6
    assert pretrained.IMAGENET["MobileNetV3Small"] == pytest.approx(megabytes, abs=1)


def test_what_is_fetched_is_asked_for_with_imagenets_weights(monkeypatch):
    monkeypatch.setattr(keras.applications, "EfficientNetB0", lambda weights: weights)
    assert pretrained.imagenet("EfficientNetB0") == "imagenet"


def test_of_several_those_that_cannot_be_fetched_are_left_out(monkeypatch, capsys):
    def offline(weights):
        raise OSError("no route")

    monkeypatch.setattr(keras.applications, "MobileNetV3Small", offline)
    monkeypatch.setattr(keras.applications, "EfficientNetB0", lambda weights: "a model")
    networks = pretrained.fetch("MobileNetV3Small", "EfficientNetB0", "VGG16")
    assert networks == {"EfficientNetB0": "a model"}
    said = capsys.readouterr().out
    assert "The weights of MobileNetV3Small must be fetched over the network, once." in said
    assert "`name` must be 'MobileNetV3Small', " in said
