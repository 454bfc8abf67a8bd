import re

import numpy as np
import pytest

from attention_lib.costs import family_weights
from attention_lib.examples import family


def test_weights_for_256_channels_as_worked_out_by_hand():
    assert family_weights(256) == {
        "SE": 8_192,  # 2 * 256 * 16
        "self-attention": 196_608,  # three matrices of 256 x 256
        "GE": 0,
        "BAM": 16_912,  # 8192, then 256 * 16, two of 3 * 3 * 16 * 16, and 16
        "CBAM": 8_290,  # and 98
        "scSE": 8_448,  # and 256
        "GCNet": 8_448,
        "ECA": 5,
        "Triplet": 294,
        "FcaNet": 8_192,
        "Coordinate": 6_144,  # 3 * 256 * 8
        "SimAM": 0,
        "GRN": 512,
    }


def size(*weights):
    return sum(np.size(weight) for weight in weights)


def test_they_are_the_sizes_of_the_weights_that_ship():
    counted = family_weights(family.CHANNELS, family.REDUCTION)
    context, scse = family.gcnet_weights(), family.scse_weights()
    cbam = family.FORWARD["CBAM"].keywords["weights"]
    assert counted["scSE"] == size(scse.channel.reduce, scse.channel.expand, scse.spatial)
    assert family_weights(8, 2)["GCNet"] == size(context.attend, context.reduce, context.expand)
    assert counted["CBAM"] == size(cbam.channel.reduce, cbam.channel.expand, cbam.spatial.kernel)
    assert counted["ECA"] == family.BAND.size
    assert counted["self-attention"] == size(*family.self_attention_weights())
    shared = family.fcanet_weights(4)
    assert counted["SE"] == counted["FcaNet"] == size(shared.reduce, shared.expand)


def test_coordinate_attention_grows_beyond_256_channels_only():
    assert [family_weights(c)["Coordinate"] // c for c in (64, 256, 512)] == [24, 24, 48]


@pytest.mark.parametrize(
    ("channels", "reduction", "sentence"),
    [(8, 16, "`reduction` must not exceed `channels`."), (0, 1, "Received: channels=0.")],
)
def test_what_cannot_be_gets_a_sentence(channels, reduction, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        family_weights(channels, reduction)
