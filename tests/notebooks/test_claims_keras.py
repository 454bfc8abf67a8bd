"""The numbers that notebook 04 states in words, computed by the library and by Keras."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from attention_lib import costs, steps
from attention_lib._keras import keras
from attention_lib.course import predict
from attention_lib.examples import filters, hand_made, photos
from attention_lib.layers import SqueezeExcite, se_block
from attention_lib.panels.excitation import state as excitation
from tests.notebooks.claims import defined, prose_of, two_columns


@pytest.fixture(scope="module")
def prose():
    return prose_of("04_se_in_keras")


def to_numpy(x):
    return keras.ops.convert_to_numpy(x)


def test_a_kernel_with_tensorflow_holds_about_540_megabytes(prose):
    code = (
        "from attention_lib.layers import se_block; import psutil; "
        "print(psutil.Process().memory_info().rss)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "about 540 MB" in prose
    assert 400e6 < int(run.stdout) < 700e6  # it depends on the platform


def test_the_error_of_the_old_code_says_what_the_notebook_prints():
    with pytest.raises(ValueError, match="A KerasTensor cannot be used") as raised:
        tf.nn.relu(keras.Input((24,)))
    shown, _, _ = str(raised.value).partition(" You are likely")
    assert shown.endswith("(from the namespaces `keras.layers` and `keras.ops`).")


def test_318_is_150_and_168_and_288_without_biases(prose):
    cost = costs.se_cost(24, 4)
    first, second = 24 * 6 + 6, 6 * 24 + 24
    assert f"= {first} and 6 · 24 + 24 = {second}, together {cost.parameters}" in prose
    assert costs.se_cost(24, 4, height=112, width=112).parameters == cost.parameters


def test_without_biases_silence_gives_gates_of_one_half():
    silent = np.zeros((1, 4, 4, 8), "float32")
    np.testing.assert_array_equal(to_numpy(SqueezeExcite(4, use_bias=False).gates(silent)), 0.5)


def test_the_cat_opens_colours_and_the_wall_edges():
    weights = hand_made.hand_made_weights(8, 4)
    cat, brick = (
        steps.se_forward(filters.feature_maps(name, 8), weights).gates for name in ("cat", "brick")
    )
    edges, colours = slice(0, 4), slice(4, 8)
    assert (cat[colours] > 0.7).all()
    assert (cat[edges] < 0.3).all()
    assert (brick[edges] > 0.7).all()
    assert (brick[colours] < 0.3).all()


def test_numpy_and_keras_agree_to_about_seven_digits():
    weights = hand_made.hand_made_weights(8, 4)
    maps = filters.feature_maps("cat", 8)
    layer = SqueezeExcite(4)
    layer.build((None, *maps.shape))
    layer.set_weights(weights)
    gates = to_numpy(layer.gates(maps[None]))[0]
    np.testing.assert_allclose(gates, steps.se_forward(maps, weights).gates, atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_at_birth_gates_are_near_one_half(seed):
    keras.utils.set_random_seed(seed)
    maps = np.stack([filters.feature_maps(name, 24) for name in photos.PHOTOS])
    gates = to_numpy(SqueezeExcite(4).gates(maps))
    assert gates.size == 144
    assert np.abs(gates - 0.5).max() < 0.15
    assert abs(gates.mean() - 0.5) < 0.02


def test_after_the_addition_16_units_leave_a_65536th(prose):
    layer = SqueezeExcite(4)
    x = np.ones((1, 4, 4, 24), "float32")
    layer.build(x.shape)
    layer.set_weights([0 * weight for weight in layer.get_weights()])
    assert to_numpy(x + layer(x)).mean() == 1.5
    assert to_numpy(layer(x + x)).mean() == 1
    after = x
    for _ in range(16):
        after = layer(after)
    assert to_numpy(after).mean() == 1 / 2**16
    assert f"one part in {2**16:,} is left" in prose


def test_resnet_50_has_16_units_and_in_four_a_convolution_on_the_skip():
    model = keras.applications.ResNet50(weights=None, include_top=False)
    additions = [layer for layer in model.layers if layer.name.endswith("_add")]
    assert len(additions) == 16
    assert sum(layer.name.endswith("_0_conv") for layer in model.layers) == 4
    assert "in four of them a 1 × 1 convolution" in predict.sixteen_units.asks


def test_the_articles_function_stops_and_todays_gives_318(prose):
    article, today = (
        defined(lines, "se_block", layers=keras.layers, tf=tf)
        for lines in two_columns("04_se_in_keras", "the-article")
    )
    inputs = keras.Input((56, 56, 24))
    with pytest.raises(ValueError, match="A KerasTensor cannot be used"):
        article(inputs)
    ours, theirs = (keras.Model(inputs, block(inputs)) for block in (se_block, today))
    assert theirs.count_params() == 318
    theirs.set_weights(ours.get_weights())
    maps = filters.feature_maps("cat", 24)[None]
    np.testing.assert_allclose(to_numpy(ours(maps)), to_numpy(theirs(maps)), atol=1e-6)


def test_r_of_3_makes_416(prose):
    assert f"24 · 8 + 8 + 8 · 24 + 24 = {costs.se_cost(24, 3).parameters}" in prose


def test_the_quoted_errors_of_the_four_places(prose):
    se, pre, post, skip = (
        costs.printed("SE", "Table 14", row, "top-1 error, %")
        for row in ("SE", "SE-PRE", "SE-POST", "SE-Identity")
    )
    none = costs.printed("SE", "Table 16", "ResNet-50", "top-1 error, %")
    assert (
        f"Behind the branch {se} %, in front of it {pre} %, on the skip {skip} %: alike." in prose
    )
    assert f"After the addition it is {post} %, worse than these" in prose
    assert f"still better than no SE ({none} %)" in prose


def test_the_quoted_numbers_of_the_block_after_the_3_by_3(prose):
    for quantity, said in {"parameters, M": "M parameters", "top-1 error, %": "% errors"}.items():
        here, usual = (
            costs.printed("SE", "Table 15", row, quantity) for row in ("SE after the 3 x 3", "SE")
        )
        assert f"{here} {said} in place of {usual}" in prose


@pytest.mark.parametrize(
    ("make", "depthwise", "gating", "project"),
    [
        (keras.applications.EfficientNetB0, "block2b_dwconv", "block2b_se_", "block2b_project"),
        (keras.applications.MobileNetV3Large, "_3_depthwise", "_3_squeeze_excite", "_3_project"),
    ],
)
def test_these_networks_gate_after_the_depthwise_convolution(
    prose, make, depthwise, gating, project
):
    names = [layer.name for layer in make(weights=None).layers]
    parts = (depthwise, gating, project)
    at = [min(i for i, name in enumerate(names) if part in name) for part in parts]
    assert at == sorted(at)
    assert prose.count("after the depthwise convolution |") == 2


def widths(model, part):
    """(C, width) of each SE block of a Keras application whose convolutions are named `part`."""
    convolutions = [layer for layer in model.layers if part in layer.name and layer.weights]
    return [
        (expand.filters, reduce.filters)
        for reduce, expand in zip(convolutions[::2], convolutions[1::2], strict=True)
    ]


def test_efficientnet_takes_a_quarter_of_what_enters(prose):
    found = widths(keras.applications.EfficientNetB0(weights=None), "_se_")
    assert (240, steps.efficientnet_width(40)) in found
    assert {channels // width for channels, width in found[1:]} == {24}  # after the first, 1 : 6
    right, copied = costs.se_cost(240, 24).parameters, costs.se_cost(240, 4).parameters
    assert 5 < copied / right < 6
    assert steps.hidden_width(240, 4) == 6 * steps.hidden_width(240, 24)
    assert "six times the hidden units, and more than five times the parameters" in prose


def test_mobilenet_takes_a_quarter_rounded_to_a_multiple_of_8():
    found = widths(keras.applications.MobileNetV3Large(weights=None), "squeeze_excite_conv")
    assert [width for _, width in found] == [steps.mobilenet_v3_width(c) for c, _ in found]
    assert (72, 24) in found  # a quarter is 18


def test_a_hard_sigmoid_drives_some_of_the_panels_gates_to_their_ends(prose):
    states = {
        gate: excitation.compute("cat", "seeded", 96, 24, "swish", gate, spread=7, seed=0)
        for gate in ("hard_sigmoid", "sigmoid")
    }
    hard, soft = (state.trace.gates for state in states.values())
    assert f"{np.isin(hard, [0, 1]).sum()} of the {hard.size} gates are *exactly* 0 or 1" in prose
    assert (hard.min(), hard.max()) == (0, 1)
    assert (
        f"No: they lie between {soft.min():.2f} and {soft.max():.2f}. The sigmoid comes near"
        in prose
    )
    assert (states["sigmoid"].trace.reduced < 0).sum() == 1  # the hidden unit


def test_the_hard_sigmoid_of_today_and_of_keras_2(prose):
    today = to_numpy(keras.activations.hard_sigmoid(np.ones(1, "float32")))[0]
    assert today == pytest.approx(steps.hard_sigmoid(1.0))
    assert f"Lower, {today:.2f} in place of {0.2 * 1 + 0.5:.1f}" in prose
    np.testing.assert_array_equal(steps.hard_sigmoid(np.array([-3.0, 3.0])), [0, 1])


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
def test_a_file_without_the_class_is_refused(tmp_path):
    inputs = keras.Input((4, 4, 8))
    path = tmp_path / "model.keras"
    keras.Model(inputs, SqueezeExcite(4)(inputs)).save(path)
    code = f"import keras; keras.saving.load_model({str(path)!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Could not locate class 'SqueezeExcite'" in run.stderr
