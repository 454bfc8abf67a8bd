"""Twenty questions over the whole series, for notebook 12. Each truth is computed again."""

from functools import partial

import numpy as np

from attention_lib import costs, steps
from attention_lib.course.predict._ask import ask_choice, ask_number, of_two
from attention_lib.course.predict._judge import Truth
from attention_lib.examples import filters, hand_made
from attention_lib.experiments import runs
from attention_lib.language import say

YES, NO = say("yes"), say("no")

FIXED = say("learnt weights, one for each channel, the same for all pictures")
COMPUTED = say("a weight for each channel, computed from each picture")
PLACES = say("a weight for each place, computed from each picture")
PRUNED = say("some channels removed for good")


@ask_choice(say("Which of these is channel attention?"), [FIXED, COMPUTED, PLACES, PRUNED])
def what_it_is() -> Truth:
    """Which of four descriptions is channel attention."""
    rule = hand_made.hand_made_weights(8, 4)
    cat, wall = (
        steps.se_forward(filters.feature_maps(name, 8), rule).gates for name in ("cat", "brick")
    )
    right = FIXED if np.allclose(cat, wall) else COMPUTED
    return Truth(
        right,
        say(
            "One number for each channel, and another one for another picture: here the same "
            "weights give {cat:.2f} and {wall:.2f}.",
            cat=cat[0],
            wall=wall[0],
        ),
        {
            FIXED: say(
                "Learnt once, they would be one more layer of weights. Gates depend on the picture."
            ),
            PLACES: say("That is spatial attention: where, not what."),
            PRUNED: say(
                "That is pruning. A gate that is closed for one picture opens for another."
            ),
        },
    )


@ask_number(say("Maps of 28 × 28 × 64. How many numbers does the squeeze leave?"))
def quiz_squeeze() -> Truth:
    """How many numbers the squeeze leaves of 64 maps."""
    maps = np.ones((28, 28, 64))
    return Truth(
        steps.squeeze(maps).size,
        say("One mean for each channel."),
        {
            28 * 28: say("That is a map: a mean over the channels, one number for each place."),
            14 * 14 * 64: say("That is pooling 2 × 2: a smaller picture."),
            maps.size: say("That is all of them. The squeeze averages over the places."),
            1: say("One mean over everything would leave nothing to make 64 gates of."),
        },
        otherwise=say("Which axes does the mean go over?"),
    )


@ask_choice(
    say(
        "Two pictures look different and have the same channel means. Can an SE block give them "
        "different gates?"
    ),
    [YES, NO, say("only if r is small")],
)
def same_means() -> Truth:
    """Whether SE can tell two pictures of one channel descriptor apart."""
    maps = filters.feature_maps("cat", 16)
    shuffled = np.random.default_rng(0).permutation(maps.reshape(-1, 16)).reshape(maps.shape)
    weights = steps.random_weights(16, 2, spread=4)
    pair = (steps.se_forward(each, weights).gates for each in (maps, shuffled))
    right = NO if np.allclose(*pair, atol=1e-5) else YES
    return Truth(
        right,
        say("The channel means are all that the excitation is given."),
        {
            YES: say(
                "The excitation never sees the maps, only their means. Shuffle the places of "
                "all maps: no gate changes."
            ),
            say("only if r is small"): say(
                "A small r gives more hidden units, and all of them see the same means."
            ),
        },
    )


@ask_number(
    say("C = 128 and r = 8. How many hidden units does the SE block have?"), unit=say("units")
)
def quiz_hidden_units() -> Truth:
    """The width of a bottleneck."""
    return Truth(
        steps.hidden_width(128, 8),
        "C / r.",
        {
            8: say("That is r. It divides the channels."),
            128 * 8: say("r is a reduction: it divides."),
            128: say("That is one for each channel, no bottleneck at all."),
        },
        otherwise=say("Divide C by r."),
    )


@ask_number(
    say("C = 64, r = 4, both layers with biases. How many parameters does the SE block have?")
)
def quiz_parameters() -> Truth:
    """The parameters of an SE block of 64 channels."""
    cost = costs.se_cost(64, 4)
    return Truth(
        cost.parameters,
        say("64 · 16 + 16 and 16 · 64 + 64."),
        {
            cost.weights: say("Those are the weights. The biases are 16 and 64."),
            cost.weights // 2 + 16: say("That is the first layer. The second leads back."),
            costs.se_cost(64, 16).parameters: say("You took r units, 4. There are C / r = 16."),
        },
        otherwise=say("Two layers: from 64 to 64 / 4 units, and back. One bias for each unit."),
    )


FINE, SUM, WIN = say("no"), say("yes: gates must sum to 1"), say("yes: one channel must stand out")


@ask_choice(say("All 16 gates of a picture are 0.9. Is something wrong?"), [FINE, SUM, WIN])
def all_open() -> Truth:
    """Whether 16 gates of 0.9 can be."""
    logit = float(np.log(9))
    gates = steps.sigmoid(np.full(16, logit))
    right = FINE if np.allclose(gates, 0.9) else SUM
    return Truth(
        right,
        say(
            "Each gate has a sigmoid of its own. Here they sum to {total:.1f}, and that means "
            "nothing.",
            total=gates.sum(),
        ),
        {
            SUM: say(
                "With a softmax they would. SE has a sigmoid for each channel, and *normalised "
                "weights* only means: between 0 and 1."
            ),
            WIN: say("Channels do not compete. All may be open, or none."),
        },
    )


DEAD = say("hidden units that ReLU sets to 0 for both")
BATCH, WIDE = say("a batch that is too small"), say("a reduction that is too small")


@ask_choice(
    say(
        "A trained block gives the same gates for a cat and for a wall. What do you look for first?"
    ),
    [DEAD, BATCH, WIDE],
)
def same_gates() -> Truth:
    """What makes gates the same for all pictures."""
    weights = hand_made.hand_made_weights(8, 4)
    dead = weights._replace(reduce_bias=np.full(2, -9, np.float32))
    cat, wall = (
        steps.se_forward(filters.feature_maps(name, 8), dead).gates for name in ("cat", "brick")
    )
    right = DEAD if np.allclose(cat, wall) else BATCH
    return Truth(
        right,
        say(
            "Then nothing of the picture reaches the gates. They are the sigmoid of the second "
            "bias."
        ),
        {
            BATCH: say("Each picture has gates of its own, whatever else is in the batch."),
            WIDE: say("A smaller r means more hidden units, and more ways to answer."),
        },
    )


@ask_number(
    say(
        "A plain stack: gates, a convolution, a normalisation. All gates change from 1 to 0.25. By "
        "what is the result multiplied?"
    ),
    margin=0.02,
)
def quarter_open() -> Truth:
    """What is left of equal gates behind a normalisation."""
    maps = filters.feature_maps("cat", 16)
    mix = np.random.default_rng(0).normal(size=(16, 8))
    one, quarter = ((maps * gate) @ mix for gate in (1, 0.25))
    one, quarter = ((y - y.mean((0, 1))) / y.std((0, 1)) for y in (one, quarter))
    return Truth(
        round(float((quarter * one).sum() / (one * one).sum()), 3),
        say("The normalisation divides by a spread that is a quarter, too."),
        {
            0.25: say("That is so before the normalisation. It divides by the spread."),
            4.0: say("It divides by a quarter of the spread, but what it divides is a quarter."),
        },
        otherwise=say("What happens to the spread, and what is divided by it?"),
    )


@ask_number(
    say(
        "A gate is 0.5. In training, 0.6 arrives at one place of the scaled map. How much of it "
        "reaches the same place of the map through the multiplication?"
    ),
    within=0.02,
)
def way_back() -> Truth:
    """What passes back through a gate."""
    arrives, gate = 0.6, 0.5
    scaled = steps.scale(np.ones((1, 1, 1)), np.array([gate]))
    return Truth(
        round(float(arrives * scaled[0, 0, 0]), 3),
        say("What multiplies on the way out multiplies on the way back."),
        {
            arrives: say("That is so on a skip connection. A product passes *s* times as much."),
            arrives * gate * (1 - gate): say(
                "The slope of the sigmoid is on the way to the weights."
            ),
            arrives / gate: say("The derivative of *s* · *x* by *x* is *s*: multiply by it."),
        },
        otherwise=say("The derivative of *s* · *x* by *x* is *s*."),
    )


RAISES, WORKS, STRIPES = (
    say("an error"),
    say("each picture has its gates"),
    say("no error, and wrong gates"),
)


@ask_choice(
    say("32 pictures of 32 × 32 × 64, and gates of shape (32, 64). What does `maps * gates` give?"),
    [RAISES, WORKS, STRIPES],
)
def wrong_axes() -> Truth:
    """What NumPy makes of a batch as large as the maps are wide."""
    gates = np.random.default_rng(0).random((32, 64))
    maps = np.ones((32, 32, 32, 64))
    right = WORKS if np.allclose(maps * gates, maps * gates[:, None, None]) else STRIPES
    return Truth(
        right,
        say(
            "Shapes are lined up from the last axis, so 32 falls on the width. The fix: `gates[:, "
            "None, None, :]`."
        ),
        {
            RAISES: say("With 33 pictures there would be one. Here the shapes fit by chance."),
            WORKS: say(
                "Shapes are lined up from the last axis: 32 falls on the width, not on the "
                "pictures."
            ),
        },
    )


PLACED = {
    say("behind the branch"): "SE",
    say("in front of the branch"): "SE-PRE",
    say("on the skip"): "SE-Identity",
    say("after the addition"): "SE-POST",
}


@ask_choice(
    say("The SE authors trained ResNet-50 with the block in four places. Which was worst?"),
    list(PLACED),
)
def worst_place() -> Truth:
    """Which of four places had most errors after training."""
    errors = {
        place: float(costs.printed("SE", "Table 14", row, "top-1 error, %"))
        for place, row in PLACED.items()
    }
    right = max(errors, key=errors.__getitem__)
    said = {place: say("No: {error:.2f} % errors there.", error=errors[place]) for place in PLACED}
    said[say("on the skip")] += say(" Before training it does harm, and training repairs that.")
    return Truth(
        right,
        say(
            "The other three are before the addition, and alike: gate before the two paths are "
            "added."
        ),
        {place: words for place, words in said.items() if place != right},
        shown=say("{place}, {error:.2f} %", place=right, error=errors[right]),
    )


@ask_number(
    say(
        "In EfficientNet 16 channels enter a unit, and 96 are gated. How many hidden units does "
        "its SE block have?"
    ),
    unit=say("units"),
)
def quarter_of_16() -> Truth:
    """The width of EfficientNet's bottleneck."""
    return Truth(
        steps.efficientnet_width(16),
        say("A quarter of the channels that *enter*."),
        {
            96 // 4: say("A quarter of what? Of the 16 that enter, not of the 96."),
            96 // 16: say("That is how much wider the map becomes."),
            16: say("That is no reduction of what enters. A quarter of it is taken."),
        },
        otherwise=say("A quarter of the channels that enter."),
    )


@ask_number(say("C = 256, gamma = 2, b = 1. How large is ECA's kernel?"))
def kernel_for_256() -> Truth:
    """ECA's kernel size at 256 channels."""
    chosen = steps.choose_kernel(256)
    return Truth(
        chosen.kernel_size,
        say(
            "t is {t:g}, cut to {truncated}, which is even, and raised.",
            t=chosen.t,
            truncated=chosen.truncated,
        ),
        {
            chosen.truncated: say("Cut, but even. An odd kernel has a middle: one more."),
            chosen.t: say("That is t. The size is a whole, odd number."),
            3: say("An even number is raised, not lowered."),
            9: say("You left out gamma: divide by 2."),
        },
        otherwise=say("(log2 256 + 1) / 2, cut to a whole number; if that is even, one more."),
    )


@ask_number(say("C = 2048. How many weights does an ECA block have, with the formula's kernel?"))
def weights_of_eca() -> Truth:
    """ECA's weights at 2048 channels."""
    cost = costs.eca_cost(2048)
    return Truth(
        cost.parameters,
        say("The kernel, and nothing else. All channels share it."),
        {
            cost.parameters * 2048: say(
                "That is a kernel for each channel. ECA has one for all of them."
            ),
            5: say("That is the kernel for 128 to 1024 channels. 2048 is the next step."),
            costs.se_cost(2048, 16, use_bias=False).parameters: say("That is SE with r = 16."),
        },
        otherwise=say("As many as the kernel is long: (log2 2048 + 1) / 2, whole and odd."),
    )


DEPENDING = of_two("SE", "ECA")


@ask_choice(
    say(
        "256 channels. In which block can the gate of channel 0 depend on the mean of channel 200?"
    ),
    list(DEPENDING.values()),
)
def far_channel() -> Truth:
    """Which block lets a gate depend on a channel far away."""
    maps = np.random.default_rng(0).random((4, 4, 256))
    changed = maps.copy()
    changed[..., 200] += 1
    blocks = {
        "SE": partial(steps.se_forward, weights=steps.random_weights(256, 16)),
        "ECA": partial(steps.eca_forward, kernel=steps.random_kernel(5)),
    }
    depends = [
        name
        for name, block in blocks.items()
        if not np.isclose(block(maps).gates[0], block(changed).gates[0], atol=1e-9)
    ]
    return Truth(
        DEPENDING["SE" in depends, "ECA" in depends],
        say("SE's hidden units see all channels. ECA's kernel of 5 sees two on either side."),
        {
            "ECA": say("The other way round: a kernel of 5 reaches two channels to either side."),
            say("both"): say("ECA's kernel of 5 reaches two channels to either side, no further."),
            say("neither"): say("SE's hidden units see all 256 means."),
        },
    )


@ask_number(
    say(
        "CBAM on 256 channels, with a spatial kernel of 3 × 3 and no bias. How many weights does "
        "the spatial kernel have?"
    )
)
def weights_of_3_by_3() -> Truth:
    """The weights of CBAM's spatial kernel."""
    spatial = hand_made.hand_made_cbam(8, kernel_size=3).spatial
    return Truth(
        spatial.kernel.size,
        say("3 · 3 · 2: it sees two maps, the mean and the maximum over the channels."),
        {
            9: say("It sees two maps, not one."),
            9 * 256: say("It does not see the channels, only two maps made of them."),
            49 * 2: say("That is for 7 × 7."),
        },
        otherwise=say("How many maps does the kernel see?"),
    )


@ask_number(
    say(
        "CBAM: a table of what each number of the maps is multiplied by, places down, channels "
        "across. What is its rank?"
    )
)
def rank_of_cbam() -> Truth:
    """The rank of CBAM's table of factors."""
    trace = steps.cbam_forward(filters.feature_maps("cat", 8), hand_made.hand_made_cbam(8))
    table = np.outer(trace.spatial.gates.ravel(), trace.channel.gates)
    return Truth(
        int(np.linalg.matrix_rank(table)),
        say(
            "It is an outer product: a list of places times a list of channels. So *edges here, "
            "colours there* cannot be."
        ),
        {
            2: say("Two lists, but each column is a multiple of the same list of places."),
            8: say("The eight columns are not independent: each is the same list, times one."),
        },
        otherwise=say(
            "How many columns are independent, if each is the same list times one number?"
        ),
    )


STAGES = {say("stage 2"): 2, say("stage 3"): 3, say("stage 4"): 4, say("stage 5"): 5}


@ask_choice(
    say("SE in ResNet-50 costs too many parameters. In which stage do you leave it out first?"),
    list(STAGES),
)
def stage_to_leave_out() -> Truth:
    """In which stage SE has most parameters."""
    block = partial(costs.se_cost, reduction=16, use_bias=False)
    extra = costs.added(costs.NETWORKS["ResNet-50"], block)
    share = {
        name: extra.stages[number].parameters / extra.total.parameters
        for name, number in STAGES.items()
    }
    right = max(share, key=share.__getitem__)
    return Truth(
        right,
        say(
            "It has {share:.1%} of SE's parameters: they grow with the square of C.",
            share=share[right],
        ).replace("%", " %"),
        {
            name: say(
                "It has {part:.1%} of SE's parameters. Where are most channels?", part=part
            ).replace("%", " %")
            for name, part in share.items()
            if name != right
        },
    )


BETTER, NOTHING, WORSE = say("SE helps"), say("nothing yet"), say("SE does not help")


@ask_choice(
    say("One run with SE is 0.5 points better than one run without. What do you know?"),
    [BETTER, NOTHING, WORSE],
)
def one_run_each() -> Truth:
    """What one run of each kind says, beside what seeds alone change."""
    plain = 100 * runs.load_runs("cued").accuracies("no attention")
    by_seed = float(np.ptp(plain))
    right = NOTHING if by_seed > 0.5 else BETTER
    return Truth(
        right,
        say(
            "In notebook 8 five runs of the *same* network differ by {by_seed:.1f} points. Train "
            "several seeds, then compare.",
            by_seed=by_seed,
        ),
        {
            BETTER: say(
                "Five runs of the same network differ by {by_seed:.1f} points, by the seed alone.",
                by_seed=by_seed,
            ),
            WORSE: say("One run cannot say that either. Train several seeds."),
        },
    )


TWICE, NO_RELU, TOO_WIDE = (
    say("the sigmoid is applied twice"),
    say("ReLU is missing"),
    say("r is too small"),
)


@ask_choice(
    say(
        "All weights and biases of an SE block are set to 0, and its gates are 0.62. What is wrong?"
    ),
    [TWICE, NO_RELU, TOO_WIDE],
)
def gates_of_062() -> Truth:
    """Which mistake gives 0.62 at zero weights."""
    nothing = steps.random_weights(8, 4, spread=0)
    gates = steps.se_forward(np.ones((4, 4, 8)), nothing).gates
    twice = float(steps.sigmoid(gates)[0])
    right = TWICE if round(twice, 2) == 0.62 else NO_RELU
    return Truth(
        right,
        say(
            "Zero weights must give {gates:g}. The sigmoid of that is {twice:.3f}.",
            gates=gates[0],
            twice=twice,
        ),
        {
            NO_RELU: say("ReLU of 0 is 0: at zero weights nobody can see whether it is there."),
            TOO_WIDE: say("However many hidden units there are, zero weights give a logit of 0."),
        },
    )
