"""The numbers that notebook 08 states in words, from the stored runs."""

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.experiments import tasks
from attention_lib.experiments.runs import load_runs
from attention_lib.experiments.statistics import STUDENT, difference, mean_interval
from tests.notebooks.claims import prose_of

PLAIN, WIDER, FIXED, SE, CBAM = (
    "no attention",
    "no attention, wider",
    "fixed gates",
    "SE, r = 4",
    "CBAM, r = 4",
)
CUED, FAR, DIGITS, DEEP, PLANTED = map(load_runs, ("cued", "far", "digits", "deep", "planted"))


@pytest.fixture(scope="module")
def prose():
    return prose_of("08_evidence")


def mean(archive, row):
    return archive.accuracies(row).mean()


def against(archive, row, other=PLAIN):
    return difference(archive.accuracies(row), archive.accuracies(other))


def weights(archive, row):
    return archive.rows()[row][0].weights


def test_guessing_is_right_in_055_and_the_ceiling_is_098(prose):
    for task in ("cued", "far"):
        _, test = tasks.draw(task)
        assert 0.5 + 0.5 * (test.labels == test.others).mean() == pytest.approx(0.55, abs=0.005)
    assert "Remember 0.55." in prose
    assert mean(DIGITS, PLAIN) == pytest.approx(0.98, abs=0.01)
    assert "about 0.98 is the ceiling" in prose


def test_the_first_gates_follow_the_mark_and_the_second_do_not(prose):
    first, second = CUED.rows()[SE][0].groups
    moves = first[1] - first[0]
    assert f"a gate changes by {np.abs(moves).mean():.2f} on average" in prose
    assert f"{(moves > 0.3).sum()} of the {len(moves)} are higher by more than 0.3, and " in prose
    assert f"and {(moves < -0.3).sum()} lower" in prose
    still = np.abs(second[1] - second[0]).mean()
    assert f"After convolution 2 it is {still:.2f}: all {second.shape[1]} are open" in prose
    assert second.min() > 0.99


@pytest.mark.tensorflow
def test_the_tolerance_is_the_one_that_a_test_holds_a_new_run_to(prose):
    from tests.experiments.test_training import ACCURACY_TOLERANCE

    assert f"Within {ACCURACY_TOLERANCE}." in prose


def test_neither_weights_nor_fixed_gates_come_near_se(prose):
    assert f"SE has {weights(CUED, SE) - weights(CUED, PLAIN):,} weights more" in prose
    assert weights(CUED, WIDER) >= weights(CUED, SE)
    wider, fixed, se = (against(CUED, row) for row in (WIDER, FIXED, SE))
    assert max(wider.mean, fixed.mean) < se.mean / 10
    assert (fixed.verdict, se.verdict) == ("within noise", "higher")
    assert against(CUED, SE, WIDER).verdict == "higher"
    assert f"the one dot of SE at {CUED.accuracies(SE).min():.3f}" in prose


def test_time_is_not_weights(prose):
    def longer(row):
        plain, these = (
            np.mean([run.seconds for run in CUED.rows()[name]]) for name in (PLAIN, row)
        )
        return f"{100 * (these / plain - 1):.0f} %"

    assert f"the wider network takes {longer(WIDER)} longer than the plain one" in prose
    assert f"SE {longer(SE)}." in prose
    more = weights(CUED, FIXED) - weights(CUED, PLAIN)
    assert f"have {more} weights, and take {longer(FIXED)}." in prose


def test_only_attention_reads_a_mark_out_of_sight(prose):
    assert f"Without attention {mean(CUED, PLAIN):.3f}" in prose
    seen = tasks.MARK[0].stop + 2  # two pixels beyond the corner
    assert f"so {seen**2} of the {8 * 8} places see it" in prose
    assert tasks.MARK[1].stop + 2 <= tasks.FAR
    assert f"{mean(FAR, PLAIN):.3f}, wider or not." in prose
    assert {against(FAR, row).verdict for row in (WIDER, FIXED)} == {"within noise"}
    worst, *others = sorted(FAR.accuracies(SE))
    assert min(others) > 0.95
    assert f"The fifth, at {worst:.3f}, guesses too" in prose
    assert mean_interval(FAR.accuracies(SE)).high > 1
    assert "past 1, where no accuracy can be" in prose
    assert FAR.accuracies(PLAIN).max() < 0.55


def test_what_is_left_with_other_gates(prose):
    forced = CUED.rows()[SE][0].forced
    own, replaced = (f"{forced[kind]:.3f}" for kind in ("its own", "its mean"))
    assert f"falls from {own} to {replaced}" in prose
    assert f"{own} became {replaced}" in prose
    assert f"*All one* is lower, {forced['all one']:.3f}" in prose
    flipped, other = forced["mark flipped"], forced["mark flipped, other digit"]
    assert f"The accuracy falls to {flipped:.3f}, and in {other:.3f} of the pictures" in prose


def test_the_factor_for_five_runs_is_students(prose):
    assert f"{STUDENT[5 - 2]} is Student's factor for five runs" in prose


def test_in_six_of_twenty_runs_the_gates_are_constant_and_gain_nothing(prose):
    rows = [f"SE, r = {r}" for r in (2, 4, 8, 16)]
    runs = [run for row in rows for run in CUED.rows()[row]]
    spread = np.array([run.gate_spread[0]["spread"] for run in runs])
    reached = np.array([run.tested[-1] for run in runs])
    depends = spread > 0.1
    assert f"In {depends.sum()} of the {len(runs)} runs" in prose
    assert (~depends).sum() == 6
    assert spread[depends].min() >= 0.16
    assert f"all of these reach {reached[depends].min():.3f} or more" in prose
    assert f"by {spread[~depends].max():.3f} at the most, and none gets beyond" in prose
    assert f"beyond {reached[~depends].max():.3f}" in prose
    assert (CUED.accuracies("SE, r = 16") > 0.95).sum() == 2
    assert {against(CUED, row).verdict for row in rows[2:]} == {"within noise"}


def test_how_many_runs_have_constant_gates_at_each_r(prose):
    spreads = {
        r: np.array([run.gate_spread[0]["spread"] for run in CUED.rows()[f"SE, r = {r}"]])
        for r in (2, 4, 8, 16)
    }
    assert [int((spread < 0.1).sum()) for spread in spreads.values()] == [0, 1, 2, 3]
    assert {len(spread) for spread in spreads.values()} == {5}
    hidden = [steps.hidden_width(tasks.TASKS["cued"].widths[0], r) for r in spreads]
    assert (
        "with {}, {}, {} and {} hidden units the gates stayed constant in".format(*hidden) in prose
    )
    assert "in 0, 1, 2 and 3 of 5 runs" in prose
    narrowest = min(block.outputs for block in costs.NETWORKS["ResNet-50"].blocks)
    assert steps.hidden_width(narrowest, 16) == hidden[0] == 16


def test_the_verdicts_that_a_learner_may_ask_for(prose):
    verdicts = {row: against(CUED, row).verdict for row in CUED.rows() if row != PLAIN}
    noise = {row for row, verdict in verdicts.items() if verdict == "within noise"}
    assert noise == {FIXED, "SE, r = 8", "SE, r = 16"}
    assert set(verdicts.values()) == {"higher", "within noise"}
    assert "SE with *r* = 8 and 16 is within noise, and so are fixed gates. None is lower." in prose


def test_the_eca_authors_fixed_kernels(prose):
    nine, five = (
        costs.printed("ECA", "section 4.2.1", row, "k") for row in ("ResNet-50", "ResNet-101")
    )
    assert f"in ResNet-50 the largest, {nine}, was best, in ResNet-101 it was {five}" in prose
    three = costs.printed("ECA", "Table 2", "ECA", "top-1 accuracy, %")
    assert f"*k* = 3 came near: {three} % (Table 2)" in prose


def test_eca_gains_by_its_reach(prose):
    near, further, all_over = (CUED.accuracies(f"ECA, k = {k}") for k in (3, 9, 31))
    assert f"{near.mean():.3f}, {further.mean():.3f}, {all_over.mean():.3f}" in prose
    assert difference(further, near).verdict == difference(all_over, further).verdict == "higher"
    assert against(CUED, "ECA, k = 31", SE).verdict == "within noise"
    more = weights(CUED, "ECA, k = 31") - weights(CUED, PLAIN)
    assert f"for {more} weights against 1,764" in prose
    assert all_over.min() > CUED.accuracies(PLAIN).max() + 0.05
    assert [steps.adaptive_kernel_size(c) for c in tasks.TASKS["cued"].widths] == [3, 3]


def test_at_the_ceiling_nothing_helps(prose):
    rows = [row for row in DIGITS.rows() if row != PLAIN]
    assert len(rows) == 5
    found = [against(DIGITS, row) for row in rows]
    assert "higher" not in {one.verdict for one in found}
    lower = [-one.mean * DIGITS.recipe["test examples"] for one in found if one.verdict == "lower"]
    assert sorted(round(pictures) for pictures in lower) == [2, 2, 3]
    assert "Three are called *lower*, by two or three of the 500 test pictures" in prose
    assert all(0.98 <= mean(DIGITS, row) <= 0.99 for row in DIGITS.rows())
    assert f"= {1 - 0.95**5:.2f}" in prose


def test_gates_follow_the_class_late_and_it_does_not_pay(prose):
    runs = DEEP.rows()[SE]
    share, spread = (
        [np.mean([run.gate_spread[depth][kind] for run in runs]) for depth in range(4)]
        for kind in ("class", "spread")
    )
    first, *others = (f"{100 * part:.0f}" for part in share)
    assert f"explains {first} % after the first" in prose
    assert f"{others[0]}, {others[1]} and {others[2]} % after the others" in prose
    assert np.argmax(spread) == 2
    assert f"hardly change at all, by {spread[3]:.3f}" in prose
    assert (runs[0].groups[3].mean(0) > 0.99).mean() > 0.9
    assert f"{mean(DEEP, SE):.3f} against {mean(DEEP, PLAIN):.3f}, within noise" in prose
    assert against(DEEP, SE).verdict == "within noise"


def test_se_closes_planted_channels_and_eca_cannot(prose):
    def ends(row):
        course = np.array([run.gates_by_epoch[-1] for run in PLANTED.rows()[row]])
        return course[:, ::2].mean(1), course[:, 1::2].mean(1)

    real, planted = ends(SE)
    assert f"closes them, to {planted.mean():.2f} on average" in prose
    assert f"opens the real ones to {real.mean():.2f}" in prose
    assert (planted < 0.25).all()
    real, planted = ends("ECA, k = 3")
    assert f"ECA ends at {planted.mean():.2f} and {real.mean():.2f}." in prose
    assert f"Fixed gates close the planted channels, too, to {ends(FIXED)[1].mean():.2f}" in prose
    gain = against(PLANTED, SE)
    assert f"By {gain.mean:.3f}, ± {gain.half:.3f}: higher" in prose
    assert gain.verdict == "higher"
    assert f"The plain network reaches {mean(PLANTED, PLAIN):.3f}" in prose
