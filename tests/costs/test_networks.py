import re
from functools import partial

import keras
import numpy as np
import pytest

from attention_lib.costs import (
    NETWORKS,
    BlockCost,
    added,
    cbam_cost,
    eca_cost,
    own_attention,
    se_cost,
    total,
    variant_cost,
)
from attention_lib.layers import CBAM, EfficientChannelAttention, SqueezeExcite
from tests.costs.against_keras import build, count, expected

RESNET_50 = NETWORKS["ResNet-50"]
without_biases = partial(se_cost, use_bias=False)

# Trained parameters and multiply-adds, with the network's own SE. Those of a network that no test
# here builds were counted once by `python -m tests.costs.against_keras`; the parameters of
# ResNet-18 and 34, which Keras has not, are as torchvision counts them.
KNOWN = {
    "ResNet-18": (11_689_512, 1_814_073_344),
    "ResNet-34": (21_797_672, 3_663_761_408),
    "ResNet-50": (25_557_032, 3_857_973_248),
    "ResNet-101": (44_549_160, 7_570_194_432),
    "ResNet-152": (60_192_808, 11_282_415_616),
    "MobileNetV2": (3_504_872, 300_774_272),
    "MobileNetV3-Small": (2_542_856, 56_510_400),
    "MobileNetV3-Large": (5_483_032, 216_589_760),
    "EfficientNet-B0": (5_288_548, 385_814_752),
    "EfficientNet-B1": (7_794_184, 686_802_832),
    "EfficientNet-B2": (9_109_994, 993_561_872),
    "EfficientNet-B3": (12_233_232, 1_827_141_392),
    "EfficientNet-B4": (19_341_616, 4_393_771_024),
    "EfficientNet-B5": (30_389_784, 10_266_384_752),
    "EfficientNet-B6": (43_040_704, 19_067_593_536),
    "EfficientNet-B7": (66_347_960, 37_745_884_192),
}
BUILT = ["ResNet-50", "MobileNetV2", "MobileNetV3-Small", "MobileNetV3-Large", "EfficientNet-B0"]


def test_the_networks_have_the_sizes_they_are_known_for():
    counted = {name: (expected(name).trained, expected(name).multiply_adds) for name in NETWORKS}
    assert counted == KNOWN


@pytest.mark.parametrize("name", BUILT)
def test_a_network_that_keras_builds_has_the_count_of_the_closed_form(name):
    assert count(build(name)) == expected(name)


# attention in ResNet-50, built


@pytest.mark.parametrize(
    ("make", "cost"),
    [
        (partial(SqueezeExcite, 16, use_bias=False), without_biases),
        (EfficientChannelAttention, eca_cost),
        (CBAM, cbam_cost),
    ],
    ids=["se", "eca", "cbam"],
)
def test_resnet_50_with_our_layers_has_the_count_of_the_closed_form(make, cost):
    places = {f"conv{stage.number}_block": stage.number for stage in RESNET_50.stages}
    stages, parameters = [], {stage.number: 0 for stage in RESNET_50.stages}

    def call(layer, *args, **kwargs):
        """Follow each residual branch by attention, before the addition."""
        outputs = layer(*args, **kwargs)
        if not layer.name.endswith("_3_bn"):
            return outputs
        attention = make()
        outputs = attention(outputs)
        number = places[re.match(r"conv\d_block", layer.name)[0]]
        stages.append(number)
        parameters[number] += sum(np.prod(w.shape) for w in attention.trainable_weights)
        return outputs

    model = keras.models.clone_model(build("ResNet-50"), call_function=call)
    assert stages == [2] * 3 + [3] * 4 + [4] * 6 + [5] * 3
    extra = added(RESNET_50, cost)
    assert {stage: cost.parameters for stage, cost in extra.stages.items()} == parameters
    grown = sum(np.prod(w.shape) for w in model.trainable_weights)
    assert grown - 26_560 == RESNET_50.parameters + extra.total.parameters  # Keras' idle biases


# what attention adds


def test_the_stages_of_resnet_50():
    described = [
        (stage.number, len(stage.blocks), block.inner, block.outputs, block.side)
        for stage in RESNET_50.stages
        for block in stage.blocks[-1:]
    ]
    assert described == [
        (2, 3, 64, 256, 56),
        (3, 4, 128, 512, 28),
        (4, 6, 256, 1024, 14),
        (5, 3, 512, 2048, 7),
    ]
    assert [stage.blocks[0].inputs for stage in RESNET_50.stages] == [64, 256, 512, 1024]


def test_efficientnet_b0_has_these_hidden_widths():
    hidden = [(block.inner, block.hidden) for block in NETWORKS["EfficientNet-B0"].blocks]
    assert hidden == [
        (32, 8),
        (96, 4),
        *[(144, 6)] * 2,
        *[(240, 10)] * 2,
        *[(480, 20)] * 3,
        *[(672, 28)] * 3,
        *[(1152, 48)] * 4,
    ]


@pytest.mark.parametrize(
    ("depth", "weights", "with_biases"),
    [
        (50, 2_514_944, 2_530_992),
        (101, 4_743_168, 4_777_712),
        (152, 6_578_176, 6_629_040),
    ],
)
def test_what_se_adds_to_a_resnet(depth, weights, with_biases):
    network = NETWORKS[f"ResNet-{depth}"]
    assert added(network, without_biases).total.parameters == weights
    assert added(network, se_cost).total.parameters == with_biases


def test_the_last_stage_pays_for_most_of_se():
    extra = added(RESNET_50, without_biases)
    assert RESNET_50.parameters + extra.total.parameters == 28_071_976
    assert RESNET_50.parameters + added(RESNET_50, se_cost).total.parameters == 28_088_024
    assert round(100 * extra.share, 1) == 9.8
    assert round(100 * extra.stages[5].parameters / extra.total.parameters, 1) == 62.5
    assert round(100 * added(RESNET_50, without_biases, stages=(2, 3, 4)).share, 1) == 3.7


def test_all_is_the_sum_of_the_stages():
    for network in NETWORKS.values():
        extra = added(network, partial(se_cost, reduction=2))
        assert extra.total == total(extra.stages.values())
        assert [*extra.stages] == [stage.number for stage in network.stages]
        assert extra.share == extra.total.parameters / network.parameters


def test_eca_adds_86_by_its_formula_or_74_within_the_blocks():
    assert added(RESNET_50, eca_cost).total.parameters == 86
    assert added(RESNET_50, eca_cost, place="inner").total.parameters == 74


def test_gamma_and_b_reach_every_block():
    assert (
        added(RESNET_50, partial(eca_cost, gamma=1)).total.parameters
        == 3 * 9 + 4 * 11 + 6 * 11 + 3 * 13
    )


def test_where_a_network_has_se_of_its_own_attention_goes_there_and_nowhere_else():
    network = NETWORKS["MobileNetV3-Large"]
    with_se = {stage.number: len([b for b in stage.blocks if b.hidden]) for stage in network.stages}
    extra = added(network, partial(eca_cost, kernel_size=3))
    assert {number: cost.parameters // 3 for number, cost in extra.stages.items()} == with_se
    assert with_se == {1: 0, 2: 0, 3: 3, 4: 0, 5: 2, 6: 3}


def test_a_network_without_se_of_its_own_costs_nothing_for_it():
    assert own_attention(RESNET_50).total == BlockCost(0, 0, 0, 0, 0)
    assert own_attention(RESNET_50).share == 0


def test_what_the_own_se_of_mobile_networks_costs():
    b0, large = NETWORKS["EfficientNet-B0"], NETWORKS["MobileNetV3-Large"]
    assert own_attention(b0).total.parameters == 5_288_548 - b0.parameters
    assert round(100 * own_attention(b0).share, 1) == 13.7
    assert round(100 * own_attention(large).share, 1) == 38.1


def test_attention_acts_on_maps_of_their_size():
    extra = added(RESNET_50, eca_cost)
    entries = 3 * 256 * 56**2 + 4 * 512 * 28**2 + 6 * 1024 * 14**2 + 3 * 2048 * 7**2
    assert extra.total.squeeze == extra.total.scale == entries == 5_519_360
    last = added(NETWORKS["EfficientNet-B7"], eca_cost).stages[7]
    assert last.squeeze % 19**2 == 0  # 600 halved five times, rounded up


def test_variants_can_be_put_into_a_network():
    counted = {
        name: added(RESNET_50, partial(variant_cost, name)).total.parameters
        for name in ("SE-Var1", "SE-Var2", "SE-Var3", "SE-GC", "ECA-NS", "ECA")
    }
    channels = sum(block.outputs for block in RESNET_50.blocks)
    squares = sum(block.outputs**2 for block in RESNET_50.blocks)
    assert counted == {
        "SE-Var1": 0,
        "SE-Var2": channels,
        "SE-Var3": squares,
        "SE-GC": squares // 16,
        "ECA-NS": 3 * channels,
        "ECA": 48,
    }


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: added(RESNET_50, se_cost, stages=(1, 2)),
            "`stages` must be among those of ResNet-50. Received: stages=(1, 2). "
            "Choose from [2, 3, 4, 5].",
        ),
        (
            lambda: added(RESNET_50, se_cost, place="inputs"),
            "`place` must be 'outputs' or 'inner'. Received: place='inputs'.",
        ),
        (
            lambda: added(NETWORKS["MobileNetV2"], partial(se_cost, reduction=32)),
            "`reduction` must not exceed `channels`. Received: channels=16, reduction=32.",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
