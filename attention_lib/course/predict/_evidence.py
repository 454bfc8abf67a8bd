"""Predictions for notebook 08: when attention helps, and how to tell. From the stored runs."""

import numpy as np

from attention_lib.course.predict._ask import ask_choice, ask_number, of_two
from attention_lib.course.predict._judge import Truth
from attention_lib.experiments import tasks
from attention_lib.experiments.runs import MECHANISMS, Stored, load_runs
from attention_lib.experiments.statistics import difference
from attention_lib.language import say

PLAIN, WIDER, FIXED = (MECHANISMS[name] for name in ("none", "wider", "fixed"))
SE = "SE, r = 4"
RESPONDS = 0.1  # a gate that spreads more than this over pictures depends on them


def _mean(task: str, row: str) -> float:
    return float(load_runs(task).accuracies(row).mean())


@ask_number(
    say(
        "The network reads every digit correctly, but it never sees the mark. In how many percent "
        "of the pictures is its answer right?"
    ),
    unit="%",
    margin=1.5,
)
def without_the_mark() -> Truth:
    """How often guessing between two digits is right."""
    _, test = tasks.draw("cued")
    same = 100 * float((test.labels == test.others).mean())
    classes = len(tasks.TASKS["cued"].classes)
    right = 50 + same / 2
    return Truth(
        right,
        say(
            "Half of the guesses are right. In {same:.0f} % of the pictures both digits are the "
            "same, and there the other half is right, too.",
            same=same,
        ),
        {
            50: say(
                "That is a choice between two *different* digits. In a tenth of the pictures "
                "both are the same digit, and then every choice is right."
            ),
            100 / classes: say(
                "That is a guess among {classes} digits, without reading. This network reads "
                "both digits correctly; it does not know which of the two is asked for.",
                classes=classes,
            ),
            50 + same: say(
                "You added all pictures with equal digits. Half of those were already counted "
                "among the lucky guesses."
            ),
            100: say(
                "It reads both digits correctly, but it gives one answer. Without the mark it "
                "does not know which of the two to give."
            ),
        },
        otherwise=say(
            "Without the mark it must choose between two digits. How often is the choice right, "
            "and what if both digits are the same?"
        ),
        shown=f"{right:.0f} %",
    )


MOVED = of_two(say("after convolution 1"), say("after convolution 2"))


@ask_choice(
    say(
        "The mark decides which digit counts. After training, the mark is flipped and nothing "
        "else. Which gates change?"
    ),
    list(MOVED.values()),
)
def gates_that_follow_the_mark() -> Truth:
    """Which of the two attentions depends on the mark."""
    first, second = load_runs("cued").rows()[SE][0].groups
    moves = [float(np.abs(depth[1] - depth[0]).mean()) for depth in (first, second)]
    told = say(
        "after convolution 1 a gate changes by {first:.2f} on average, after convolution 2 by "
        "{second:.2f}",
        first=moves[0],
        second=moves[1],
    )
    return Truth(
        MOVED[moves[0] > RESPONDS, moves[1] > RESPONDS],
        say(
            "In the stored run of seed 0, {told}. Once the first gates have chosen the digit, the "
            "second ones have nothing left to decide.",
            told=told,
        ),
        {
            say("after convolution 2"): say(
                "It sounds safe to decide last, when more has been seen. But each squeeze "
                "already sees the whole picture, and convolution 2 mixes the two digits. To "
                "close one digit's channels, the choice has to come before that: {told}.",
                told=told,
            ),
            say("both"): say(
                "The second gates could follow, too. Training found no use for it: the first "
                "choice is enough. In the stored run, {told}.",
                told=told,
            ),
            say("neither"): say(
                "Then the gates would be the same for every picture, and the network could not "
                "use them to choose a digit. In the stored run, {told}.",
                told=told,
            ),
        },
    )


NEAR_SE = of_two(say("the wider network"), say("the fixed gates"))


@ask_choice(
    say(
        "Two controls: a network without attention, but *wider*, with at least as many weights as "
        "SE; and *fixed gates*, which are learnt but the same for every picture. Which of them "
        "comes near SE?"
    ),
    list(NEAR_SE.values()),
)
def controls_beside_se() -> Truth:
    """Whether more weights, or gates that are the same for all pictures, explain SE's gain."""
    cued = load_runs("cued")
    plain, se = cued.accuracies(PLAIN), cued.accuracies(SE)
    gain = difference(se, plain).mean
    wider, fixed = (difference(cued.accuracies(row), plain).mean for row in (WIDER, FIXED))
    return Truth(
        NEAR_SE[wider > gain / 2, fixed > gain / 2],
        say(
            "SE gains {gain:.3f}, the wider network {wider:.3f}, and fixed gates {fixed}. What "
            "helps is that the gates depend on the picture.",
            gain=gain,
            wider=wider,
            fixed=_signed(fixed),
        ),
        {
            say("the wider network"): say(
                "More weights do help a little. But {wider:.3f} is far from SE's {gain:.3f}: "
                "it is not the number of weights.",
                wider=wider,
                gain=gain,
            ),
            say("the fixed gates"): say(
                "Multiplying channels is not enough, if every picture is multiplied by the "
                "same: {fixed} against SE's {gain:.3f}. The mark differs from picture to "
                "picture, and so must the gates.",
                fixed=_signed(fixed),
                gain=gain,
            ),
            say("both"): say(
                "Then it would not matter that a gate depends on the picture. It does: "
                "{wider:.3f} and {fixed} against SE's {gain:.3f}.",
                wider=wider,
                fixed=_signed(fixed),
                gain=gain,
            ),
        },
    )


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


@ask_number(
    say(
        "With the mark near the digits, the plain network reaches {near:.0f} %. Now four empty "
        "columns lie between the mark and the digits: no place on a digit sees the mark. How many "
        "percent does the plain network reach now?"
    ),
    unit="%",
    margin=3,
    given=lambda: {"near": 100 * _mean("cued", PLAIN)},
)
def mark_out_of_reach() -> Truth:
    """What the plain network reaches where two convolutions cannot reach the mark."""
    right, near, ceiling = (100 * _mean(task, PLAIN) for task in ("far", "cued", "digits"))
    classes = len(tasks.TASKS["far"].classes)
    return Truth(
        right,
        say(
            "Two convolutions of 3 × 3 reach two pixels. The mark is out of reach, so the network "
            "chooses between two digits, as without any mark."
        ),
        {
            near: say(
                "As before: but then the mark lay within the reach of some places. Two "
                "convolutions of 3 × 3 reach two pixels, and now four empty columns lie "
                "between."
            ),
            100 / classes: say(
                "That is a guess among {classes} digits. It still reads both digits; what it "
                "does not know is which of the two is asked for.",
                classes=classes,
            ),
            ceiling: say(
                "That is how well such a network reads one digit alone. Here it must know "
                "which one, and the mark is out of its reach."
            ),
            0: say(
                "It still reads both digits and answers with one of them. By chance that is "
                "right in half of the pictures."
            ),
        },
        otherwise=say(
            "What can it still do without the mark? The first card of this notebook asked."
        ),
        shown=f"{right:.0f} %",
    )


ALL_ONE, MEAN = say("all gates 1"), say("each channel at its mean over the pictures")
ANOTHER = say("the gates of another picture")
FLIPPED = say("the gates of the same picture, mark flipped")
REPLACED = {
    ALL_ONE: "all one",
    MEAN: "its mean",
    ANOTHER: "another picture's",
    FLIPPED: "mark flipped",
}


@ask_choice(
    say(
        "A trained SE network stays as it is; only its gates are replaced. Which replacement "
        "leaves the lowest accuracy?"
    ),
    list(REPLACED),
)
def gates_replaced() -> Truth:
    """Which gates in place of a network's own hurt most."""
    run = load_runs("cued").rows()[SE][0]
    left = {option: run.forced[kind] for option, kind in REPLACED.items()}
    worst = min(left, key=left.__getitem__)
    other = run.forced["mark flipped, other digit"]
    return Truth(
        worst,
        say(
            "From {own:.3f} to {lowest:.3f}, far below a guess between two digits. In {other:.3f} "
            "of the pictures the network now reads the *other* digit: the gates carry the choice.",
            own=run.forced["its own"],
            lowest=left[worst],
            other=other,
        ),
        {
            ALL_ONE: say(
                "It hurts, {all_one:.3f}: the next layer expects smaller values. But open "
                "gates do not choose *wrongly*. Gates for the flipped mark do: {lowest:.3f}.",
                all_one=left[ALL_ONE],
                lowest=left[worst],
            ),
            MEAN: say(
                "The mean takes away the choice and leaves a guess between two digits, "
                "{mean:.3f}. Gates that choose the wrong digit are worse than a guess: "
                "{lowest:.3f}.",
                mean=left[MEAN],
                lowest=left[worst],
            ),
            ANOTHER: say(
                "The other picture has the same mark in half of the cases, so half of the "
                "choices stay right: {another:.3f}. With the mark flipped every choice is "
                "wrong: {lowest:.3f}.",
                another=left[ANOTHER],
                lowest=left[worst],
            ),
        },
        shown=say("{what}: {value:.3f}", what=worst, value=left[worst]),
    )


def responds(run: Stored) -> bool:
    """Whether the run's first gates differ from picture to picture."""
    return run.gate_spread[0]["spread"] > RESPONDS


@ask_number(
    say(
        "With *r* = 16, two hidden units are left after convolution 1. Five runs were trained. In "
        "how many of the five did the gates stay the same for every picture?"
    ),
    unit=say("runs"),
)
def runs_with_constant_gates() -> Truth:
    """In how many runs with two hidden units no gate depends on the picture."""
    rows = load_runs("cued").rows()
    ladder = {r: sum(not responds(run) for run in rows[f"SE, r = {r}"]) for r in (2, 4, 8, 16)}
    runs = len(rows["SE, r = 16"])
    told = say(", ").join(map(str, ladder.values()))
    return Truth(
        ladder[16],
        say(
            "At r = 2, 4, 8 and 16 it is {told} of {runs}. The fewer hidden units, the sooner all "
            "of them start dead, and a dead unit gets no gradient.",
            told=told,
            runs=runs,
        ),
        {
            0: say(
                "One bit has to get through, and two units are enough for one bit. But a unit "
                "also has to *learn* it, and with two units both may start dead: {constant} of "
                "{runs} runs.",
                constant=ladder[16],
                runs=runs,
            ),
            runs: say(
                "Then two units would be too few to carry the mark. They are not: in "
                "{following} of the {runs} runs the gates follow the mark, and the accuracy is "
                "as high as with many units.",
                following=runs - ladder[16],
                runs=runs,
            ),
            ladder[8]: say(
                "So many it was with four hidden units, r = 8. With two there are more: "
                "{constant}.",
                constant=ladder[16],
            ),
            ladder[4]: say(
                "So many it was with eight hidden units, r = 4. With two there are more: "
                "{constant}.",
                constant=ladder[16],
            ),
        },
        otherwise=say(
            "Two units can carry the mark, and they can also start dead. Neither all runs succeed "
            "nor all fail."
        ),
        shown=say("{constant} of {runs}", constant=ladder[16], runs=runs),
    )


CLOSING = of_two("SE", "ECA, k = 3")


@ask_choice(
    say(
        "Of 32 maps on the input, every second one is planted: it belongs to another photograph. "
        "After 8 epochs, which attention has closed the planted channels, to below 0.3?"
    ),
    list(CLOSING.values()),
)
def planted_channels() -> Truth:
    """Which attention closes channels that only distract."""
    rows = load_runs("planted").rows()
    se, eca = (
        float(np.mean([run.gates_by_epoch[-1][1::2] for run in rows[row]]))
        for row in (SE, "ECA, k = 3")
    )
    ends = say("SE's planted gates end at {se:.2f}, ECA's at {eca:.2f}.", se=se, eca=eca)
    return Truth(
        CLOSING[se < 0.3, eca < 0.3],
        say(
            "{ends} SE has weights of its own for every channel. ECA has one kernel of three "
            "weights for all channels: whatever it does to one, it does to all.",
            ends=ends,
        ),
        {
            "ECA, k = 3": say(
                "{ends} A kernel of three weights serves all 32 channels, so no channel has a "
                "weight of its own that could close it.",
                ends=ends,
            ),
            say("both"): say(
                "{ends} For SE it is true. ECA shares three weights among all channels, and no "
                "channel has a weight of its own that could close it.",
                ends=ends,
            ),
            say("neither"): say(
                "{ends} In all five runs SE closed them within a few epochs. It was not told "
                "which channels were planted; it learnt that from the loss.",
                ends=ends,
            ),
        },
    )
