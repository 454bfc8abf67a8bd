"""Predictions for notebook 04: the 318 parameters, fresh gates, and where the block goes.

Nothing here needs Keras: `steps` computes what its layers do, and `costs` counts their weights.
"""

import math

import numpy as np

from attention_lib import costs, steps
from attention_lib.course.predict._ask import ask_bars, ask_choice, ask_number
from attention_lib.course.predict._judge import Belief, Truth
from attention_lib.examples import filters, hand_made, photos
from attention_lib.language import say

SHOWN = {
    say("vertical edges"): 0,
    say("rising diagonals"): 2,
    say("red − green"): 4,
    say("yellow − blue"): 6,
}


@ask_number(
    say(
        "24 channels, reduction 4, both Dense layers with biases. How many of the 318 parameters "
        "are in the *second* Dense layer?"
    )
)
def second_dense() -> Truth:
    """How many of the 318 parameters the second Dense layer has."""
    block = costs.se_cost(24, 4)
    hidden = steps.hidden_width(24, 4)
    half = block.weights // 2
    return Truth(
        half + 24,
        say(
            "{hidden} units lead to 24: {hidden} · 24 weights, and a bias for each of the 24.",
            hidden=hidden,
        ),
        {
            half + hidden: say(
                "That is the first layer, 24 · {hidden} weights and {hidden} biases. The "
                "second leads back to 24 channels, and each of those has a bias.",
                hidden=hidden,
            ),
            half: say(
                "{hidden} · 24 are the weights, and the biases are missing: one for each unit "
                "that the layer leads *to*.",
                hidden=hidden,
            ),
            block.parameters // 2: say(
                "Half of the 318. The two layers have as many weights, and not as many biases: "
                "the first leads to {hidden} units, the second to 24.",
                hidden=hidden,
            ),
            4 * 24 + 24: say(
                "You took *r* units for the middle. It has *C* / *r* of them: 24 / 4."
            ),
        },
        otherwise=say(
            "The middle has 24 / 4 = {hidden} units. A Dense layer has a weight for each pair of "
            "input and output, and a bias for each output.",
            hidden=hidden,
        ),
    )


@ask_number(
    say(
        "The same block on maps of 112 × 112 × 24, twice as high and twice as wide. How many "
        "parameters does it have there?"
    )
)
def bigger_maps() -> Truth:
    """How many parameters the block has on maps of four times the places."""
    small = costs.se_cost(24, 4, height=56, width=56)
    big = costs.se_cost(24, 4, height=112, width=112)
    return Truth(
        big.parameters,
        say(
            "The Dense layers never see the places. The squeeze leaves them one number per "
            "channel, however large the map."
        ),
        {
            small.parameters * 4: say(
                "Four times the places, four times the weights: that holds for a Dense layer "
                "laid on the map itself. These stand behind the squeeze, which leaves 24 "
                "numbers of any map."
            ),
            small.parameters * 2: say(
                "Twice the side, twice the weights: but the Dense layers see neither side. The "
                "squeeze leaves them 24 numbers."
            ),
            costs.se_cost(48, 4).parameters: say(
                "That is what twice the *channels* would make. Here only height and width grow."
            ),
        },
        otherwise=say(
            "How many numbers does the squeeze hand to the first Dense layer, from a large map and "
            "from a small one?"
        ),
    )


def _gates(photo: str) -> np.ndarray:
    weights = hand_made.hand_made_weights(channels=8, reduction=4)
    gates = steps.se_forward(filters.feature_maps(photo, channels=8), weights).gates
    return gates[list(SHOWN.values())]


def _gates_of_the_cat() -> dict[str, str]:
    pairs = zip(SHOWN, _gates("cat"), strict=True)
    return {"cat": say(", ").join(f"*{name}* {gate:.2f}" for name, gate in pairs)}


@ask_bars(
    say(
        "To the cat this layer gives: {cat}. The same layer, the same weights, and now the brick "
        "wall: nearly grey, and full of lines. Sketch its gates."
    ),
    list(SHOWN),
    margin=0.2,
    given=_gates_of_the_cat,
)
def gates_of_the_wall() -> Truth:
    """Four gates of the brick wall, from the layer that opens the colours for the cat."""
    cat, wall = _gates("cat"), _gates("brick")
    return Truth(
        wall,
        say(
            "The wall says yes to *more texture than colour?*, so its edge channels open and its "
            "colour channels close."
        ),
        [
            Belief(
                cat,
                say(
                    "You opened colours further than edges, as for the cat. The weights belong to "
                    "the layer, and stay. The gates are computed again for each picture, and the "
                    "wall says yes to texture."
                ),
                when=lambda sketch: bool(sketch[2:].min() > sketch[:2].max() + 0.1),
            ),
            Belief(
                np.full(len(SHOWN), 0.5),
                say(
                    "Half open is what gates are without a clear yes. The wall gives one: it has "
                    "lines, and hardly any colour."
                ),
            ),
            Belief(
                np.ones(len(SHOWN)),
                say(
                    "All open would be a yes to both questions. They are opposites, *more "
                    "texture?* and *more colour?*, so one of them closes what the other opens."
                ),
            ),
            Belief(
                np.array([0.5, 0.5, 0, 0]),
                say(
                    "The right channels, but you let the gates sum to one. They need not: each has "
                    "a sigmoid of its own."
                ),
                when=lambda sketch: bool(
                    abs(sketch.sum() - 1) < 0.1 and sketch[:2].min() > sketch[2:].max()
                ),
            ),
        ],
    )


@ask_choice(
    say(
        "The same weights and the same photograph, once through the NumPy steps of notebooks 1 to "
        "3 and once through Keras. How equal will the gates be?"
    ),
    [say("exactly equal"), say("to about seven digits"), say("to about three digits")],
)
def numpy_and_keras() -> Truth:
    """How far two orders of the same sums lie apart in 32 bits."""
    weights = hand_made.hand_made_weights(channels=8, reduction=4)
    maps = filters.feature_maps("cat", channels=8)
    turned = np.ascontiguousarray(maps[::-1, ::-1])  # a view would be added in the old order
    forth, back = (steps.se_forward(each, weights).gates for each in (maps, turned))
    apart = float(np.abs(forth - back).max())
    options = {
        say("exactly equal"): 1e-30,
        say("to about seven digits"): 1e-7,
        say("to about three digits"): 1e-3,
    }
    distance = {name: abs(math.log10(max(apart, 1e-30) / value)) for name, value in options.items()}
    return Truth(
        min(distance, key=distance.get),
        say(
            "A 32-bit number holds about seven digits. Keras adds the same numbers in another "
            "order, and each order rounds a little differently. NumPy alone differs from itself by "
            "{apart:.7f} if it reads the picture from the last pixel to the first.",
            apart=apart,
        ),
        {
            say("exactly equal"): say(
                "Equal on paper. In 32 bits every addition rounds, and the two add in another "
                "order. NumPy alone, reading the picture backwards, differs from itself by "
                "{apart:.7f}.",
                apart=apart,
            ),
            say("to about three digits"): say(
                "Rounding is much smaller than that. A difference in the third digit has "
                "another cause: another formula, such as a bias left out."
            ),
        },
    )


@ask_number(
    say(
        "A fresh layer gets six photographs, each as 24 maps, and gives 144 gates. What will be "
        "their mean?"
    ),
    margin=0.05,
)
def fresh_gates() -> Truth:
    """The mean gate of layers with Keras' own kind of random weights, and no training."""
    z = [steps.squeeze(filters.feature_maps(name, channels=24)) for name in photos.PHOTOS]
    rng, limit = np.random.default_rng(0), math.sqrt(6 / (24 + 6))
    means = []
    for _ in range(50):
        reduce, expand = rng.uniform(-limit, limit, (2, 24, 6))
        means.append(np.mean([steps.excite(each, reduce, expand.T) for each in z]))
    return Truth(
        float(np.mean(means)),
        say(
            "Small channel means and small weights make logits near zero, and the sigmoid of zero "
            "is one half. A new block halves what passes through it."
        ),
        {
            1.0: say(
                "An open gate would let a new block pass everything. But the sigmoid reaches 1 "
                "only for large logits, and these are near zero: it gives one half."
            ),
            0.0: say(
                "Logits near zero are not gates near zero: the sigmoid of zero is one half. A "
                "closed gate needs a logit far below zero, and that must be learnt first."
            ),
            1 / 24: say(
                "One part in 24 is what a softmax would give, where all gates sum to one. Here "
                "each gate has a sigmoid of its own."
            ),
        },
        otherwise=say(
            "Nothing is learnt, so the logits lie near zero, some above and some below. What is "
            "the sigmoid of zero?"
        ),
        shown=say(
            "{mean:.2f}, the mean of {layers} fresh layers", mean=np.mean(means), layers=len(means)
        ),
    )


@ask_number(
    say(
        "ResNet-50 has 16 such units, one behind the other (in four of them a 1 × 1 convolution "
        "stands on the skip). No branch has learnt anything yet: each gives 0. The block stands "
        "*after* the addition, and all its gates are 0.5. How much of `x` is left at the end? (You "
        "may type 1/2 or 2^3.)"
    ),
    within=0.1,
)
def sixteen_units() -> Truth:
    """What 16 units with the block after the addition leave of what enters them."""
    x = np.ones((8, 8, 24))
    gates = steps.excite(steps.squeeze(x), np.zeros((24, 6)), np.zeros((6, 24)))
    before = after = x
    for _ in range(16):
        before = before + steps.scale(0 * before, gates)
        after = steps.scale(after + 0 * after, gates)
    left = float(after.mean())
    return Truth(
        left,
        say("Every unit halves what the skip carries, and the halves multiply."),
        {
            float(before.mean()): say(
                "That is the other place, before the addition: there the gates meet the branch "
                "alone. After the addition `x` goes through every block on its way."
            ),
            float(gates.mean()): say(
                "That is what one unit leaves. The next halves the half, and 14 more follow."
            ),
            float(gates.mean()) / 16: say(
                "You shared one half out among the 16. But each unit halves what the one "
                "before it has left: a half, a quarter, an eighth."
            ),
            2**16: say(
                "That is what `x` has been divided by. What is left is one part in so many."
            ),
            0.0: say(
                "So little that it looks like nothing, and yet halving never reaches 0. "
                "Halve 1 sixteen times."
            ),
        },
        otherwise=say("One unit leaves a half of `x`, two a quarter. Go on to sixteen."),
        shown=f"1/{round(1 / left):,} = {left:.6f}",
    )


@ask_number(
    say(
        "EfficientNet's units first make their maps six times as many: 40 channels enter, 240 are "
        "gated. Their bottleneck has a quarter of the 40. Which reduction *r* is that, seen from "
        "the 240 channels that the block gates?"
    )
)
def reduction_of_efficientnet() -> Truth:
    """The reduction of EfficientNet's block, seen from the channels that it gates."""
    entering, gated = 40, 6 * 40
    width = steps.efficientnet_width(entering)
    quarter = steps.hidden_width(gated, 4)
    return Truth(
        gated // width,
        say(
            "{entering} / 4 = {width} units serve {gated} channels. A quarter of *what* is the "
            "question.",
            entering=entering,
            width=width,
            gated=gated,
        ),
        {
            entering // width: say(
                "A quarter, but of the {entering} that enter, which makes {width} units. *r* = "
                "4 on the {gated} channels would make {quarter}, six times as many.",
                entering=entering,
                width=width,
                gated=gated,
                quarter=quarter,
            ),
            width / entering: say(
                "That is what its code says, `se_ratio=0.25`, and it is taken of the "
                "{entering} that enter. *r* is what the {gated} are divided by to give the "
                "units.",
                entering=entering,
                gated=gated,
            ),
            gated // entering: say(
                "That is how much wider the map becomes, {gated} / {entering}. The bottleneck "
                "is narrower than the {entering}, too.",
                gated=gated,
                entering=entering,
            ),
            width: say(
                "Those are the units, a quarter of {entering}. *r* is what the {gated} are "
                "divided by to give them.",
                entering=entering,
                gated=gated,
            ),
            quarter: say(
                "So many units would be a quarter of the {gated}. The quarter is taken of the "
                "{entering} that enter, and *r* is what the {gated} are divided by to give it.",
                gated=gated,
                entering=entering,
            ),
        },
        otherwise=say(
            "How many units are a quarter of {entering}? And what must {gated} be divided by to "
            "give that many?",
            entering=entering,
            gated=gated,
        ),
    )


@ask_number(
    say(
        "24 channels, *r* = 4. In place of the two Dense layers stand two convolutions of 1 × 1, "
        "from 24 to 6 channels and from 6 to 24, with biases. How many parameters does the block "
        "have?"
    )
)
def block_of_convolutions() -> Truth:
    """How many parameters the block has when it is written with 1 x 1 convolutions."""
    dense = costs.se_cost(24, 4)
    hidden = steps.hidden_width(24, 4)
    pairs = ((24, hidden), (hidden, 24))
    return Truth(
        sum(1 * 1 * entering * leaving + leaving for entering, leaving in pairs),
        say(
            "A kernel of 1 × 1 has one weight for each pair of input and output channel, as a "
            "Dense layer has."
        ),
        {
            9 * dense.weights + dense.biases: say(
                "That is for kernels of 3 × 3: nine weights for each pair of channels. A "
                "kernel of 1 × 1 has one."
            ),
            dense.weights: say(
                "The biases are missing: {hidden} in the first, 24 in the second.",
                hidden=hidden,
            ),
            dense.parameters * 56 * 56: say(
                "A convolution has the same weights at every place, so places do not count. "
                "And here it stands on a map of 1 × 1."
            ),
            24 + 24 + dense.biases: say(
                "One weight for each channel would be a *depthwise* convolution, in which "
                "channels do not meet. Here every input channel leads to every output channel."
            ),
        },
        otherwise=say(
            "A kernel of 1 × 1 has one weight for each pair of input and output channel. There are "
            "24 · 6 pairs in the first, and 6 biases."
        ),
    )


FOUND = [
    say("as good as behind the branch"),
    say("worse, but better than no SE"),
    say("worse than no SE"),
]


def _error(place: str, row: str) -> float:
    return float(costs.printed("SE", place, row, "top-1 error, %"))


@ask_choice(
    say(
        "After training on ImageNet, ResNet-50 has {none:.2f} % errors without SE, and {se:.2f} % "
        "with the block behind the branch. How good is it with the block on the skip?"
    ),
    FOUND,
    given=lambda: {"none": _error("Table 16", "ResNet-50"), "se": _error("Table 14", "SE")},
)
def gates_on_the_skip() -> Truth:
    """What training found for a block on the skip, which halves `x` in every fresh unit."""
    none, behind = _error("Table 16", "ResNet-50"), _error("Table 14", "SE")
    on_the_skip, after = _error("Table 14", "SE-Identity"), _error("Table 14", "SE-POST")
    worse = on_the_skip > (behind + after) / 2
    return Truth(
        FOUND[worse + (on_the_skip > none)],
        say(
            "Before training it halves `x` in every unit. But gates are learnt, and after training "
            "nothing of that was left."
        ),
        {
            FOUND[1]: say(
                "That is what the block *after* the addition reached, {after:.2f} %. Before "
                "training both leave equally little of `x`. After training only one is worse.",
                after=after,
            ),
            FOUND[2]: say(
                "That would follow if the gates stayed at one half. But they are learnt, and a "
                "gate on the skip can learn to open."
            ),
        },
        shown=f"{on_the_skip:.2f} %",
    )
