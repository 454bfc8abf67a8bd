"""Predictions for notebook 02: how wide the middle is, what a gate depends on, what it costs."""

from functools import cache

import numpy as np

from attention_lib import costs, steps
from attention_lib.course.predict._ask import ask_bars, ask_choice, ask_number
from attention_lib.course.predict._judge import Belief, Truth
from attention_lib.examples import filters, hand_made, photos
from attention_lib.language import say

MEANS = {
    say("yellow − blue"): 6,
    say("red − green"): 4,
    say("vertical edges"): 0,
    say("green − red"): 5,
}


def _trace(photo: str) -> steps.SETrace:
    """A photograph through four hand-made questions."""
    weights = hand_made.hand_made_weights(channels=16, reduction=4)
    return steps.se_forward(filters.feature_maps(photo, channels=16), weights)


def _means() -> dict[str, str]:
    z = _trace("cat").squeezed
    return {"means": say(", ").join(f"*{name}* {z[c]:.2f}" for name, c in MEANS.items())}


@ask_number(
    say(
        "A block has 24 channels and the reduction *r* = 4, on maps of 56 × 56. How many hidden "
        "units stand in its middle?"
    ),
    unit=say("units"),
)
def hidden_units() -> Truth:
    """The width of the bottleneck of a block of 24 channels."""
    channels, reduction, side = 24, 4, 56
    units = steps.random_weights(channels, reduction).reduce.shape[1]
    return Truth(
        units,
        say(
            "*r* divides the channels: {channels} / {reduction}.",
            channels=channels,
            reduction=reduction,
        ),
        {
            reduction: say(
                "That is *r* itself. *r* does not count the units, it divides the channels: "
                "{channels} / {reduction}. (Code with *r* units has been published: with a "
                "small *r* it has far too few.)",
                channels=channels,
                reduction=reduction,
            ),
            side // reduction: say(
                "You divided the height, {side}. The squeeze has averaged over height and "
                "width; *r* divides the number of channels, {channels}.",
                side=side,
                channels=channels,
            ),
            channels * reduction: say(
                "You multiplied. The middle is narrower than the ends, not wider: *r* is a "
                "reduction."
            ),
            channels: say(
                "That would be no bottleneck: each layer as wide as the channels, with *r* = "
                "1. Here the middle is {reduction} times narrower.",
                reduction=reduction,
            ),
            channels - reduction: say("You took *r* away from C. It is a ratio: C divided by *r*."),
        },
        otherwise=say("Divide the number of channels by *r*."),
    )


@ask_number(
    say(
        "Six photographs pass through the same four questions and 16 channels. How many different "
        "sets of gates will there be?"
    ),
    unit=say("sets"),
)
def sets_of_gates() -> Truth:
    """How many different sets of gates six photographs get."""
    gates = np.stack([_trace(name).gates for name in photos.PHOTOS])
    return Truth(
        len(np.unique(gates.round(3), axis=0)),
        say(
            "Only the weights are learnt and then fixed. The gates are computed again for each "
            "picture from its own channel descriptor."
        ),
        {
            1: say(
                "You took the gates to be learnt, one for each channel. What is learnt are the "
                "weights; the gates are computed from each picture."
            ),
            len(hand_made.hand_made_names(16, 4)): say(
                "That is how many questions there are. An answer is not a plain yes or no but "
                "an amount, and every picture gives its own four amounts."
            ),
            gates.shape[1]: say(
                "So many gates are in each set, one for every channel. The question is how "
                "many sets differ."
            ),
            2: say(
                "One for colour, one for texture? The answers are amounts, not yes or no: a "
                "stronger yes opens further."
            ),
        },
        otherwise=say(
            "Each photograph gives one set. Could two of them give the same four answers, to the "
            "last digit?"
        ),
    )


@ask_bars(
    say(
        "Four of the cat's channel means: {means}. The cat says yes to one question, *more colour "
        "than texture?* Sketch the four gates."
    ),
    list(MEANS),
    margin=0.2,
    given=_means,
)
def gates_of_the_cat() -> Truth:
    """Four gates of the cat, one of them of a channel with nothing in it."""
    trace, chosen = _trace("cat"), list(MEANS.values())
    z = trace.squeezed[chosen]
    shares = np.exp(trace.logits[chosen]) / np.exp(trace.logits[chosen]).sum()
    return Truth(
        trace.gates[chosen],
        say(
            "A gate depends on the answers to the questions, not on its own channel's mean: all "
            "colour channels open, even the one that has nothing in it."
        ),
        [
            Belief(
                shares,
                say(
                    "Your gates sum to one. With a softmax they would, and channels would compete; "
                    "SE lets all be open, each by a sigmoid of its own."
                ),
                when=lambda sketch: bool(abs(sketch.sum() - 1) < 0.02),
            ),
            Belief(
                z / z.max(),
                say(
                    "You let each gate copy its own channel's mean. A large *z* does not mean an "
                    "open gate: *green − red*, with nothing in it, is as open as the channel with "
                    "the largest mean, because the questions use all the means."
                ),
                when=lambda sketch: bool(np.all(np.diff(sketch) <= 0.1) and np.ptp(sketch) > 0.2),
            ),
            Belief(
                np.full(len(chosen), 0.5),
                say(
                    "Half open is what every gate would be if no question were answered with yes. "
                    "Here one is."
                ),
            ),
            Belief(
                np.ones(len(chosen)),
                say(
                    "All open would be no choice at all. A yes to colour opens the colour "
                    "channels, and closes the edges."
                ),
            ),
        ],
        otherwise=say(
            "A yes to colour opens every colour channel, whatever its own mean, and closes the "
            "edges."
        ),
    )


PUSHED = [say("they fall, to make room"), say("they stay as they are"), say("they rise with it")]


@ask_choice(
    say(
        "The logit of channel 0 is raised by 3, so its gate opens. What do the other 15 gates of "
        "an SE block do?"
    ),
    PUSHED,
)
def push_one() -> Truth:
    """What the other gates do when one logit is raised."""
    logits = _trace("cat").logits
    pushed = logits + 3 * (np.arange(16) == 0)
    moves = (steps.sigmoid(pushed) - steps.sigmoid(logits))[1:]
    before, after = (np.exp(x) / np.exp(x).sum() for x in (logits, pushed))
    left = f"{after[1] / before[1] * 100:.0f} %"
    return Truth(
        PUSHED[1 + int(np.sign(moves.sum().round(6)))],
        say("Each gate has a sigmoid of its own, and sees no logit but its own."),
        {
            PUSHED[0]: say(
                "Softmax would do that: its shares sum to one, so channels compete, and the "
                "others would shrink to {left} of what they were. SE lets all be open: one "
                "sigmoid for each channel.",
                left=left,
            ),
            PUSHED[2]: say(
                "Channels do meet, but earlier, in the hidden units. A logit comes after that, "
                "and moves its own gate only."
            ),
        },
        shown=say("they move by {most:.0f}", most=np.abs(moves).max()),
    )


@ask_number(
    say("All weights and biases of the block are zero. What is each of its 16 gates?"), margin=0.01
)
def zero_weights() -> Truth:
    """The gates of a block whose weights are all zero."""
    nothing = steps.random_weights(channels=16, reduction=4, spread=0)
    z = steps.squeeze(filters.feature_maps("cat", channels=16))
    logits = steps.trace_excitation(z, nothing).logits
    return Truth(
        float(steps.trace_excitation(z, nothing).gates[0]),
        say("Every logit is 0, and the sigmoid of 0 is 1 / (1 + 1)."),
        {
            float(logits[0]): say(
                "That is the logit, the number before the curve. The sigmoid of 0 is not 0: it "
                "is the middle of the curve."
            ),
            1.0: say(
                "Fully open would take a large logit. With zero weights the logit is 0, and "
                "the sigmoid is at its middle."
            ),
            float((np.exp(logits) / np.exp(logits).sum())[0]): say(
                "That is a softmax share, 1/16: channels would compete for one whole. Each "
                "gate here has a sigmoid of its own."
            ),
        },
        otherwise=say("Zero weights give zero logits. What is 1 / (1 + e⁻⁰)?"),
    )


@cache
def _summaries() -> np.ndarray:
    """Summaries of a hundred pictures, (100, 16), kept: they take half a second."""
    return np.stack([steps.squeeze(filters.feature_maps(crop, 16)) for crop in photos.crops(100)])


@ask_number(
    say(
        "A hundred pictures, 16 channels, *r* = 8: a table of 100 × 16 logits. How many of its "
        "singular values are not zero?"
    ),
    unit=say("directions"),
)
def directions() -> Truth:
    """In how many directions the logits of a narrow block spread."""
    z, reduction = _summaries(), 8
    w = steps.random_weights(channels=16, reduction=reduction, spread=4)
    logits = steps.relu(z @ w.reduce) @ w.expand
    return Truth(
        int(np.linalg.matrix_rank(logits, rtol=1e-4)),
        say(
            "Everything the logits know has passed through 16 / 8 hidden units: each is one "
            "direction."
        ),
        {
            reduction: say(
                "That is *r*. It divides: there are 16 / 8 hidden units, and each gives one "
                "direction at the most."
            ),
            logits.shape[1]: say(
                "Sixteen logits come out, but all of them are mixed from the few hidden units. "
                "They cannot spread in more directions than those."
            ),
            logits.shape[0]: say(
                "There are that many pictures, but each is put into the few hidden units "
                "first. More pictures give no new directions."
            ),
            1: say("That is what one hidden unit would give: a line. Here there are 16 / 8."),
        },
        otherwise=say("How many hidden units are there? Every logit is a mix of those."),
    )


def _parameters(channels: int, reduction: int) -> int:
    return costs.se_cost(channels, reduction).parameters


@ask_number(
    say(
        "C = 256, *r* = 16. Now C is doubled, and *r* stays. By what are the parameters multiplied?"
    ),
    within=0.03,
)
def twice_the_channels() -> Truth:
    """What doubling the channels does to the parameters."""
    before, after = _parameters(256, 16), _parameters(512, 16)
    return Truth(
        after / before,
        say(
            "C stands on both sides of each matrix, C × C/r: both sides double. (The biases only "
            "double, hence a little less than four.)"
        ),
        {
            512 / 256: say(
                "Then one side of each matrix would have to stay. But with C the hidden units "
                "double, too: C × C/r."
            ),
            (512 / 256) ** 3: say(
                "Cubed? Each matrix has two sides, C and C/r. Both double, and there is no third."
            ),
            1.0: say(
                "The number does not stay. Both matrices lead from or to C channels, and so "
                "grow with C."
            ),
        },
        otherwise=say("Look at 2 C² / r: what does a doubled C do to its square?"),
        shown=f"{after:,} / {before:,} = {after / before:.2f}",
    )


@ask_number(
    say(
        "C = 256, *r* = 16. Now *r* is doubled, and C stays. By what are the parameters multiplied?"
    ),
    within=0.05,
)
def twice_the_reduction() -> Truth:
    """What doubling the reduction does to the parameters."""
    before, after = _parameters(256, 16), _parameters(256, 32)
    return Truth(
        after / before,
        say(
            "Half as many hidden units, half the weights. (The biases of the gates stay, hence a "
            "little more than half.)"
        ),
        {
            32 / 16: say("A larger *r* means fewer hidden units, not more: *r* divides."),
            (16 / 32) ** 2: say(
                "Only one side of each matrix is halved, C/r. The other is C, and stays."
            ),
            1.0: say(
                "The shapes at both ends stay, but the middle is halved, and both matrices "
                "lead through it."
            ),
            4.0: say("That is what doubling C does, and *r* works the other way: it divides."),
        },
        otherwise=say("Look at 2 C² / r: what does a doubled *r* do to it?"),
        shown=f"{after:,} / {before:,} = {after / before:.2f}",
    )


LAYERS = [say("less: between none and SE"), say("as much as SE"), say("more than SE")]


def _in_table_2(row: str) -> float:
    return float(costs.printed("ECA", "Table 2", row, "top-1 accuracy, %"))


@ask_choice(
    say(
        "The ECA authors' table: ResNet-50 has {none:.2f} % top-1 accuracy without attention, and "
        "{se:.2f} % with SE's two layers. What does it have with one full layer, C × C weights?"
    ),
    LAYERS,
    given=lambda: {"none": _in_table_2("Vanilla"), "se": _in_table_2("SE")},
)
def one_full_layer() -> Truth:
    """What one full layer in place of two reaches, in the ECA authors' table."""
    se, full = _in_table_2("SE"), _in_table_2("SE-Var3")
    return Truth(
        LAYERS[1 + (full > se + 0.1) - (full < se - 0.1)],
        say(
            "In this table one full layer is better than two with a bottleneck. But whose numbers "
            "are they? Look at the check."
        ),
        {
            LAYERS[0]: say(
                "That is what the claim says: more nonlinearity fits better. In this table the "
                "one layer is better than the two."
            ),
            LAYERS[1]: say(
                "In this table the one layer is better by {gain:.2f} points. (It also has more "
                "weights: *C*² in place of 2 *C*² / *r*.)",
                gain=full - se,
            ),
        },
        shown=f"{full:.2f} %",
    )
