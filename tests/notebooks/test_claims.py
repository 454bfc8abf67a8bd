"""The numbers that notebooks 00 to 03 state in words, computed by the library."""

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.costs import printed
from attention_lib.examples import filters, hand_made, photos
from attention_lib.experiments import runs
from tests.notebooks.claims import prose_of

SIXTEEN = filters.channel_names(16)
ERROR = "top-1 error, %"


def trace_of(photo, channels, reduction=4):
    weights = hand_made.hand_made_weights(channels, reduction)
    return steps.se_forward(filters.feature_maps(photo, channels), weights)


@pytest.fixture(scope="module")
def cat():
    return trace_of("cat", 16)


@pytest.fixture(scope="module")
def crops():
    return np.stack([steps.squeeze(filters.feature_maps(crop, 16)) for crop in photos.crops(100)])


# 00 Start here


@pytest.fixture(scope="module")
def start():
    return prose_of("00_start_here")


def test_the_gates_of_six_photographs(start):
    gates = {name: trace_of(name, 8).gates for name in photos.PHOTOS}
    assert min(gates, key=lambda name: gates[name][4]) == "grass"
    assert f"grass closes its colours most, to {gates['grass'][4]:.2f}" in start
    edges, colours = gates["leaves"][[0, 4]]
    assert f"nearer to the middle: {edges:.2f} and {colours:.2f}" in start
    for row in gates.values():
        assert np.ptp(row[:4]) < 1e-6
        assert np.ptp(row[4:]) < 1e-6


def test_with_one_question_on_texture_the_cat_stays_half_open_and_the_wall_as_it_was(start):
    assert (trace_of("cat", 8, 8).gates == 0.5).all()
    for name in ("brick", "grass"):
        np.testing.assert_allclose(trace_of(name, 8, 8).gates, trace_of(name, 8).gates, atol=1e-6)
    assert "All eight are 0.5." in start


# 01 Squeeze


@pytest.fixture(scope="module")
def squeeze():
    return prose_of("01_squeeze")


def test_how_many_numbers_there_are_and_what_is_left(squeeze, cat):
    assert f"{cat.feature_map.size:,} numbers" in squeeze
    assert f"its {56 * 56} places" in squeeze


def test_the_meter_of_red_minus_green(squeeze, cat):
    assert f"The number of channel 4 is {cat.squeezed[4]:.3f}." in squeeze


def test_the_highest_meters(squeeze, cat):
    highest = int(cat.squeezed.argmax())
    assert f"*{SIXTEEN[highest]}*, at {cat.squeezed[highest]:.2f}." in squeeze
    assert (cat.feature_map[..., highest] > 0).all()  # "yellowish at every place"
    meters = {name: trace_of(name, 16).squeezed for name in photos.PHOTOS}
    photo = max(meters, key=lambda name: meters[name].max())
    channel = int(meters[photo].argmax())
    assert f"is the {photo}'s *{SIXTEEN[channel]}*, at {meters[photo][channel]:.2f}." in squeeze


def test_shaken_maps_have_the_same_squeeze_up_to_some_ten_millionths(squeeze, cat):
    places = cat.feature_map.reshape(-1, 16)
    shaken = np.random.default_rng(0).permutation(places).reshape(56, 56, 16)
    assert 1e-7 <= np.abs(steps.squeeze(shaken) - cat.squeezed).max() < 1e-6
    assert "a few ten-millionths" in squeeze


def test_a_shaken_photograph_has_the_same_colours_and_more_texture(squeeze, cat):
    pixels = photos.load_photo("cat").reshape(-1, 3)
    snow = np.random.default_rng(0).permutation(pixels).reshape(112, 112, 3)
    before, after = cat.squeezed, steps.squeeze(filters.feature_maps(snow, 16))
    assert f"*red − green* stays at {before[4]:.2f}" in squeeze
    assert f"{after[4]:.2f}" == f"{before[4]:.2f}"
    assert f"*Vertical edges* falls from {before[0]:.2f} to {after[0]:.2f}" in squeeze
    assert f"*Fine texture* rises from {before[10]:.2f} to {after[10]:.2f}" in squeeze
    assert round(after[10] / before[10]) == 3
    assert "to three times its value" in squeeze


def test_edges_cancel_before_relu(squeeze, cat):
    signed = steps.squeeze(filters.feature_maps("cat", 16, rectify=False))
    assert f"Before ReLU {signed[0]:.3f} is left" in squeeze


def test_three_maps_have_one_squeeze(squeeze, cat):
    assert f"All three have *z* = {cat.squeezed[6]:.3f}" in squeeze


def test_keeping_the_places_costs_a_tenth_more_arithmetic(squeeze):
    stages = ((256, 3, 56), (512, 4, 28), (1024, 6, 14), (2048, 3, 7))
    more = sum(
        blocks * costs.se_cost(channels, 16, use_bias=False).excite * side**2
        for channels, blocks, side in stages
    )
    assert more / 3.86e9 == pytest.approx(0.1, abs=0.01)  # ResNet-50: 3.86 billion, by the paper
    assert "a tenth more arithmetic" in squeeze


def test_the_quoted_errors_of_keeping_the_places(squeeze):
    none, kept, mean = (
        printed("SE", "Table 16", row, ERROR) for row in ("ResNet-50", "NoSqueeze", "SE")
    )
    assert f"{kept} % errors against {mean} % with the squeeze ({none} % without" in squeeze


def test_the_mean_of_one_bright_pixel(squeeze):
    spark = np.zeros((56, 56, 1))
    spark[20, 30] = 1
    assert f"about {steps.squeeze(spark)[0]:.4f}. The maximum is 1." in squeeze


def test_the_strongest_by_maximum_are_the_edges_and_by_mean_the_colours(cat):
    by_maximum = np.argsort(-steps.global_max_pool(cat.feature_map))
    by_mean = np.argsort(-cat.squeezed)
    assert set(by_maximum[:4]) == {0, 1, 2, 3}
    assert set(by_mean[:2]) == {4, 6}


def test_the_quoted_errors_of_mean_and_maximum(squeeze):
    mean, maximum = (printed("SE", "Table 11", row, ERROR) for row in ("average", "maximum"))
    assert f"{mean} % errors with the mean, {maximum} % with the maximum" in squeeze


def test_the_rocket_is_dark_by_the_mean_and_an_edge_by_the_maximum(squeeze):
    maps = filters.feature_maps("rocket", channels=16)
    means, maxima = steps.squeeze(maps), steps.global_max_pool(maps)
    assert f"By the mean *{SIXTEEN[means.argmax()]}*" in squeeze
    assert f"By the maximum *{SIXTEEN[maxima.argmax()]}*" in squeeze
    assert (maps[..., 15] > 0).mean() > 0.9  # "nearly everywhere in the picture"


# 02 Excitation


@pytest.fixture(scope="module")
def excitation():
    return prose_of("02_excitation")


def test_what_the_cat_and_the_wall_say_yes_to(excitation, cat):
    asked = hand_made.hand_made_names(16, 4)
    wall = trace_of("brick", 16).hidden
    assert np.flatnonzero(cat.hidden).tolist() == [1]
    assert np.flatnonzero(wall).tolist() == [0, 2]
    assert f"yes to one, *{asked[1]}*, with {cat.hidden[1]:.2f}" in excitation
    assert f"yes to *{asked[0]}* ({wall[0]:.2f}) and to *{asked[2]}* ({wall[2]:.2f})" in excitation


def test_with_two_questions_the_walls_horizontal_edges_open(excitation):
    four, two = (trace_of("brick", 16, reduction).gates[1] for reduction in (4, 8))
    assert f"from {four:.2f} to {two:.2f}" in excitation


def test_nobody_asks_about_brightness():
    for photo in photos.PHOTOS:
        assert (trace_of(photo, 16).gates[14:] == 0.5).all()


def test_a_silent_channel_is_open_and_a_louder_one_shut(excitation, cat):
    assert cat.squeezed[5] == 0 < cat.squeezed[0]
    assert f"has a gate of {cat.gates[5]:.2f}, as open as the channel with the" in excitation
    assert cat.gates[5] == pytest.approx(cat.gates[cat.squeezed.argmax()])
    assert f"is nearly closed at {cat.gates[0]:.2f}" in excitation


def test_softmax_shares_and_sigmoid_does_not(excitation, cat):
    pushed = cat.logits + 3 * (np.arange(16) == 0)
    before, after = steps.sigmoid(cat.logits), steps.sigmoid(pushed)
    assert f"channel 0 goes from {before[0]:.2f} to {after[0]:.2f}" in excitation
    assert f"of all gates is {before.sum():.2f} and then {after.sum():.2f}" in excitation
    np.testing.assert_allclose(before[1:], after[1:], rtol=1e-6)
    shares = [np.exp(x) / np.exp(x).sum() for x in (cat.logits, pushed)]
    assert f"channel 4 goes from {shares[0][4]:.2f} to {shares[1][4]:.2f}" in excitation


def test_larger_random_weights_drive_the_gates_to_their_ends(excitation, cat):
    ends = []
    for spread in (1, 2, 4):
        drawn = steps.random_weights(16, 4, spread=spread)
        gates = steps.trace_excitation(cat.squeezed, drawn).gates
        ends.append(f"{gates.min():.2f} to {gates.max():.2f}")
    assert "from {}, then {}, then {}.".format(*ends) in excitation


def test_two_of_twelve_single_units_are_silent_for_all_pictures(excitation, crops):
    silent = [
        seed
        for seed in range(12)
        if not steps.relu(crops @ steps.random_weights(16, 16, spread=4, seed=seed).reduce).any()
    ]
    assert silent == [1, 2]
    assert "In two, seeds 1 and 2." in excitation


def logits(crops, reduction):
    weights = steps.random_weights(16, reduction, spread=4)
    return steps.relu(crops @ weights.reduce) @ weights.expand


def test_the_hand_made_bias(excitation):
    assert (hand_made.hand_made_weights(16, 4).reduce_bias == np.float32(-0.1)).all()
    assert "$b_1$ = −0.1" in excitation


@pytest.mark.parametrize(("reduction", "directions"), [(16, 1), (8, 2), (4, 4), (2, 7)])
def test_the_logits_spread_in_as_many_directions_as_units_say_yes(
    excitation, crops, reduction, directions
):
    table = logits(crops, reduction)
    assert np.linalg.matrix_rank(table - table.mean(axis=0), rtol=1e-4) == directions
    assert "1, 2 and 4: as many as there are hidden units." in excitation
    assert "eight units and seven directions" in excitation


def test_with_one_unit_the_logits_of_two_channels_lie_on_a_line_and_some_on_one_point(crops):
    table = logits(crops, 16)
    assert np.linalg.matrix_rank(table[:, :2], rtol=1e-4) == 1
    assert (table == 0).all(axis=1).any()


def test_two_layers_without_relu_have_the_rank_of_the_bottleneck(excitation):
    weights = steps.random_weights(16, 4, spread=4)
    rank = np.linalg.matrix_rank(weights.reduce @ weights.expand)
    assert f"of shape 16 × 16 and rank {rank}" in excitation


def test_what_doubling_costs(excitation):
    article = costs.se_cost(24, 4)
    assert f"that is {article.weights} + 6 + 24 = {article.parameters}" in excitation
    here, twice_c, twice_r = (
        costs.se_cost(*sizes).parameters for sizes in ((256, 16), (512, 16), (256, 32))
    )
    assert f"{here:,} becomes {twice_c:,}, nearly four times" in excitation
    assert f"Doubling *r* leaves {twice_r:,}." in excitation
    assert 3.9 < twice_c / here < 4
    assert 0.5 < twice_r / here < 0.52


def test_the_quoted_errors_and_parameters_by_reduction(excitation):
    rows = [f"r = {r}" for r in (2, 4, 8, 16, 32)]
    errors = [printed("SE", "Table 10", row, ERROR) for row in rows]
    millions = [printed("SE", "Table 10", row, "parameters, M") for row in rows]
    assert "| error | {} % | {} % | {} % | {} % | {} % |".format(*errors) in excitation
    assert "| parameters | {} M | {} M | {} M | {} M | {} M |".format(*millions) in excitation
    saved = float(millions[0]) - float(millions[3])
    assert f"{saved:.1f} million parameters are saved" in excitation


def test_whose_number_it_is_in_the_eca_authors_table(excitation):
    theirs = printed("ECA", "Table 2", "SE", "top-1 accuracy, %")
    own = 100 - float(printed("SE", "Table 10", "r = 16", ERROR))
    assert f"The {theirs} % for SE is not the ECA authors' own" in excitation
    assert f"which is **{own:.2f} %**, more than one full layer" in excitation
    assert own > float(printed("ECA", "Table 2", "SE-Var3", "top-1 accuracy, %"))


def test_on_few_channels_some_runs_stay_as_low_as_no_attention(excitation):
    cued = runs.load_runs("cued")
    none = cued.accuracies("no attention").max()
    rows = cued.rows()
    low = []
    for r in (2, 4, 8, 16):
        found = [run for run in rows[f"SE, r = {r}"] if run.tested[-1] < none + 0.01]
        assert all(run.gate_spread[0]["spread"] < 0.02 for run in found)
        low.append(len(found))
    assert "0, 1, 2 and 3 stay near no attention, for r = 2, 4, 8 and 16" in excitation
    assert low == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("reduction", "millions"), [(2, 45.7), (4, 35.7), (8, 30.7), (16, 28.1), (32, 26.9)]
)
def test_the_quoted_parameters_are_those_of_the_formula(reduction, millions):
    blocks = {256: 3, 512: 4, 1024: 6, 2048: 3}
    added = sum(
        number * costs.se_cost(channels, reduction, use_bias=False).parameters
        for channels, number in blocks.items()
    )
    assert 25.557 + added / 1e6 == pytest.approx(millions, abs=0.15)  # 25,557,032 without SE


# 03 Scale


@pytest.fixture(scope="module")
def scale():
    return prose_of("03_scale")


def test_the_gates_that_the_cat_gets(scale, cat):
    assert "a gate of about 0.2 here" in scale
    assert round(float(cat.gates[0]), 1) == 0.2
    assert "one of about 0.8" in scale
    assert round(float(cat.gates[5]), 1) == 0.8
    assert "run from 0.2 to 0.8" in scale
    assert (round(float(cat.gates.min()), 1), round(float(cat.gates.max()), 1)) == (0.2, 0.8)


def test_a_scaled_map_is_as_much_brighter_than_its_mean_at_the_same_place(scale, cat):
    before, after = cat.feature_map[..., 0], cat.scaled[..., 0]
    assert before.argmax() == after.argmax()
    for edges in (before, after):
        assert f"{edges.max() / edges.mean():.1f} times the mean" in scale
    assert not cat.scaled[..., 5].any()


def normalised(x):
    return (x - x.mean((0, 1))) / x.std((0, 1))


def test_normalising_after_mixing_undoes_equal_gates_only(cat):
    mix = np.random.default_rng(0).normal(size=(16, 8))
    plain, half, hundredth, gated = (
        normalised(cat.feature_map * gates @ mix) for gates in (1, 0.5, 0.01, cat.gates)
    )
    assert np.abs(half - plain).max() < 5e-4
    assert np.abs(hundredth - plain).max() < 5e-4
    assert np.abs(gated - plain).max() > 0.5


def test_one_gate_that_differs_is_seen_behind_the_normalisation_if_its_map_is_not_black(scale, cat):
    mix = np.random.default_rng(0).normal(size=(16, 8))
    plain = normalised(cat.feature_map @ mix)
    moved = []
    for channel in (4, 5):
        gates = np.where(np.arange(16) == channel, 1, 0.5)
        moved.append(np.abs(normalised(cat.feature_map * gates @ mix) - plain).max())
    assert f"makes a difference of {moved[0]:.3f}. Channel 5 makes none" in scale
    assert moved[1] < 1e-3


def test_what_a_gate_learns_from(scale, cat):
    x, wanted = cat.feature_map.astype(float), np.arange(16) < 4
    gradient = ((cat.gates - wanted) * np.square(x)).sum(axis=(0, 1))
    assert f"*Vertical edges* has −{-gradient[0]:.1f}, so its gate opens." in scale
    assert f"*Yellow − blue* has +{gradient[6]:.1f}, so its gate closes." in scale
    assert gradient[5] == 0


def test_normalising_at_once_undoes_every_gate(cat):
    bright = cat.feature_map.std((0, 1)) > 0
    before, after = normalised(cat.feature_map[..., bright]), normalised(cat.scaled[..., bright])
    assert np.abs(after - before).max() < 1e-5


def test_a_batch_as_large_as_the_width_is_gated_by_columns(scale):
    weights = hand_made.hand_made_weights(8, 4)
    batch = np.stack([filters.feature_maps(crop, 8) for crop in photos.crops(56, seed=1)])
    gates = np.stack([steps.se_forward(maps, weights).gates for maps in batch])
    for column in (0, 1, 55):
        wrong = (batch * gates)[:, :, column]
        np.testing.assert_array_equal(wrong, batch[:, :, column] * gates[column])
    assert "*Column* 0 of every picture got the gates of picture 0" in scale


def test_the_next_picture_opens_what_the_cat_closed(scale):
    gates = {name: trace_of(name, 16).gates[0] for name in photos.PHOTOS}
    assert max(gates, key=gates.get) == "brick"
    assert f"For the brick wall the gate is {gates['brick']:.2f}." in scale


def test_where_the_parameters_are_and_where_the_work(scale):
    cost = costs.se_cost(16, 4, height=56, width=56)
    assert f"{cost.weights} weights and {cost.biases} biases" in scale
    assert f"{cost.excite} multiplications, against {cost.squeeze:,}" in scale
    assert cost.scale == cost.squeeze
