"""Predictions for notebook 07: what attention costs, and what the counts leave out."""

from functools import partial

import numpy as np

from attention_lib import costs, steps
from attention_lib.course.predict._ask import ask_choice, ask_number
from attention_lib.course.predict._judge import Truth
from attention_lib.language import say

SE = partial(costs.se_cost, reduction=16, use_bias=False)


def _resnet() -> costs.Network:
    return costs.NETWORKS["ResNet-50"]


@ask_number(
    say(
        "A block of 1024 channels with r = 16 is widened to 2048 channels, and r is raised to 32. "
        "By what is the number of its weights multiplied?"
    ),
)
def twice_c_and_twice_r() -> Truth:
    """What doubling both C and r does to the weights of an SE block."""

    def weights(channels: int, reduction: int) -> int:
        return costs.se_cost(channels, reduction, use_bias=False).weights

    before = weights(1024, 16)
    return Truth(
        round(weights(2048, 32) / before),
        say("Twice the channels would be four times the weights; twice the r halves them."),
        {
            round(weights(2048, 16) / before): say(
                "That is what the channels do alone: C is squared. Twice the r leaves half as "
                "many hidden units, and half of the weights."
            ),
            round(steps.hidden_width(2048, 32) / steps.hidden_width(1024, 16)): say(
                "The two do not cancel. C / r does stay the same, so there are as many hidden "
                "units; but each is connected to twice as many channels, on either side."
            ),
            weights(1024, 32) / before: say(
                "That is what r does alone. C stands in the price as a square, and doubling it "
                "outweighs doubling r."
            ),
            round(weights(2048, 8) / before): say(
                "You let r raise the price. It is what the width is divided by: a larger r "
                "means fewer hidden units."
            ),
        },
        otherwise=say("Put both into 2 C² / r: what does C do alone, and then r?"),
    )


@ask_number(
    say(
        "The last of the four stages has 3 of the 16 blocks. What share of SE's weights sits "
        "there, in percent?"
    ),
    unit="%",
    within=0.05,
)
def share_of_the_last_stage() -> Truth:
    """The last stage's share of SE's weights in ResNet-50."""
    resnet = _resnet()
    extra = costs.added(resnet, SE)
    counts = [len(stage.blocks) for stage in resnet.stages]
    widths = [stage.blocks[0].outputs for stage in resnet.stages]
    last = 100 * extra.stages[5].parameters / extra.total.parameters
    linear = [count * width for count, width in zip(counts, widths, strict=True)]
    return Truth(
        last,
        say("A block costs the square of its width, and these three are the widest."),
        {
            100 * counts[-1] / sum(counts): say(
                "That is {last} of {blocks}, the share of the *blocks*. These are the widest, "
                "and a block costs the square of its width.",
                last=counts[-1],
                blocks=sum(counts),
            ),
            100 / len(counts): say(
                "One of four stages, a quarter each: then all stages would pay alike. A block "
                "costs the square of its width."
            ),
            100 * linear[-1] / sum(linear): say(
                "You let the price grow with C. It grows with its square: each of twice as "
                "many channels has weights for twice as many hidden units."
            ),
            100 * widths[-1] ** 2 / sum(width**2 for width in widths): say(
                "You squared the widths, which is the point. But the stages have 3, 4, 6 and 3 "
                "blocks: the last is one of the shortest."
            ),
        },
        otherwise=say(
            "Add up blocks × C² by stage. With the first stage's C as 1, the widths are 1, 2, 4 "
            "and 8."
        ),
        shown=f"{last:.1f} %",
    )


@ask_number(
    say(
        "Leave SE out of the last stage. By how many percent does it still enlarge ResNet-50, in "
        "place of {all:.1f} %?"
    ),
    unit="%",
    within=0.06,
    given=lambda: {"all": 100 * costs.added(_resnet(), SE).share},
)
def without_the_last_stage() -> Truth:
    """What SE adds to ResNet-50 if the last stage goes without."""
    resnet = _resnet()
    extra, fewer = costs.added(resnet, SE), costs.added(resnet, SE, stages=(2, 3, 4))
    blocks = [len(stage.blocks) for stage in resnet.stages]
    last = 100 * extra.stages[5].parameters / extra.total.parameters
    return Truth(
        100 * fewer.share,
        say("{last:.1f} % of the price was in that stage, and went with it.", last=last),
        {
            100 * extra.share * sum(blocks[:-1]) / sum(blocks): say(
                "You took off 3 blocks of 16. They are the most expensive ones: in weights it "
                "is far more."
            ),
            100 * extra.share * (len(blocks) - 1) / len(blocks): say(
                "You took off one stage of four, as if all cost the same. The last one alone "
                "has more than half."
            ),
            100 * (extra.share - fewer.share): say(
                "That is what you save. What is left is the other part."
            ),
            100 * fewer.total.parameters / extra.total.parameters: say(
                "That is what is left of SE's own weights. Relative to the whole network it is "
                "that part of {share:.1f} %.",
                share=100 * extra.share,
            ),
        },
        otherwise=say("You have seen the last stage's share of SE's weights. Take that part off."),
        shown=f"{100 * fewer.share:.1f} %",
    )


@ask_number(
    say(
        "SE has {se:,} weights here, ECA a few dozen. How much of SE's *arithmetic*, its "
        "multiply-adds, does ECA save, in percent?"
    ),
    unit="%",
    margin=5,
    given=lambda: {"se": costs.added(_resnet(), SE).total.parameters},
)
def arithmetic_saved() -> Truth:
    """How much of SE's multiply-adds ECA saves in ResNet-50."""
    se, eca = (costs.added(_resnet(), cost).total for cost in (SE, costs.eca_cost))
    stays = eca.multiply_adds / se.multiply_adds
    products = se.excite - eca.excite
    return Truth(
        100 * (1 - stays),
        say(
            "Squeeze and scale visit every place of every map, with ECA as with SE. What it saves "
            "is most of the excitation, and that was the smaller part."
        ),
        {
            100 * (1 - eca.parameters / se.parameters): say(
                "That is what it saves in *parameters*. A weight of SE is used once for a "
                "picture; the maps are read twice, with either."
            ),
            100 * stays: say(
                "That is what *stays*: squeeze and scale, above all, which both have."
            ),
            0: say(
                "So it nearly is where maps are large. But in the last stages they are 14 × 14 "
                "and 7 × 7, and there the weights count: {millions:.1f} million products are "
                "saved.",
                millions=products / 1000000.0,
            ),
        },
        otherwise=say(
            "A block has three steps. Which of them is another one in ECA, and which are the same?"
        ),
        shown=f"{100 * (1 - stays):.0f} %",
    )


BLOCKS = (3, 4, 6, 3)  # of ResNet-50, by stage
OUTPUTS = (256, 512, 1024, 2048)
INNER = (64, 128, 256, 512)


def _rounded_first(channels: int) -> int:
    t = round(steps.choose_kernel(channels).t)
    return t if t % 2 else t + 1


def _total(sizes: list[int]) -> int:
    return int(np.dot(BLOCKS, sizes))


@ask_number(
    say(
        "What does the formula give for the 16 blocks in all? (You may type a sum such as 3 × 1 + "
        "4 × 1.)"
    )
)
def formula_total() -> Truth:
    """How many parameters ECA's formula adds to ResNet-50."""
    sizes = [steps.adaptive_kernel_size(channels) for channels in OUTPUTS]
    terms = " + ".join(f"{n} · {k}" for n, k in zip(BLOCKS, sizes, strict=True))
    return Truth(
        _total(sizes),
        say("{terms}: not the paper's 80.", terms=terms),
        {
            80: say(
                "That is what the paper says, and you would be right to expect it. Its own "
                "formula gives {terms}.",
                terms=terms,
            ),
            sum(sizes): say(
                "That is one block for each stage. The stages have 3, 4, 6 and 3 of them."
            ),
            _total([steps.adaptive_kernel_size(channels) for channels in INNER]): say(
                "That is on the blocks' inner widths, 64 to 512. Their outputs have 256 to "
                "2048 channels."
            ),
            _total([_rounded_first(channels) for channels in OUTPUTS]): say(
                "You rounded *t*. At 1024 channels it is 5.5: cut to 5, which stays; rounded "
                "to 6, which is raised to 7."
            ),
            16 * 3: say("That is *k* = 3 in all 16 blocks, the default of the authors' code."),
        },
        otherwise=say(
            "Work out *k* for 256, 512, 1024 and 2048, and count each as often as its stage has "
            "blocks: 3, 4, 6, 3."
        ),
    )


def _counts() -> str:
    *others, last = sorted(reading.parameters for reading in costs.KERNEL_READINGS)
    return say("{others} or {last}", others=say(", ").join(map(str, others)), last=last)


@ask_choice(
    say(
        "Table 3 prints totals in units of 2²⁰, to two decimals. ResNet-50 with {counts} "
        "parameters more: how many different numbers does that make in print?"
    ),
    ["4", "2", "1"],
    given=lambda: {"counts": _counts()},
)
def totals_told_apart() -> Truth:
    """How many of the four readings the paper's table can tell apart."""
    network = _resnet().parameters
    printed = {f"{(network + r.parameters) / 2**20:.2f}" for r in costs.KERNEL_READINGS}
    step = 2**20 / 100
    return Truth(
        str(len(printed)),
        say(
            "One step of the last digit is {step:,.0f} parameters. Nothing that adds a few dozen "
            "can be seen there.",
            step=step,
        ),
        {
            "4": say(
                "They are four different numbers, but they are added to 25.6 million, and the "
                "table is cut to hundredths of 2²⁰: one step is {step:,.0f} parameters.",
                step=step,
            ),
            "2": say(
                "Numbers that lie so close together could fall on two sides of a step. But a "
                "step is {step:,.0f} parameters wide, and they do not.",
                step=step,
            ),
        },
        shown=f"{len(printed)}: {', '.join(sorted(printed))}",
    )
