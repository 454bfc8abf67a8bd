"""Predictions for notebook 05: what the band costs, how wide it is, and what it assumes."""

import math

import numpy as np

from attention_lib import costs, steps
from attention_lib.course.predict._ask import ask_choice, ask_number, of_two
from attention_lib.course.predict._judge import Truth
from attention_lib.examples import filters
from attention_lib.language import say


@ask_number(
    say(
        "16 channels. Each gate depends on its own channel's mean and on the one on either side, "
        "with the same three weights at every gate. How many weights have to be learnt?"
    )
)
def shared_band() -> Truth:
    """How many weights a band has that all channels share."""
    designs = steps.interactions(channels=16, reduction=4, kernel_size=3)
    return Truth(
        costs.eca_cost(16, kernel_size=3).parameters,
        say("They share: three numbers serve all 16 gates, and would serve 16 thousand."),
        {
            np.count_nonzero(designs.band): say(
                "You gave every gate three weights of its own, and two to each at the ends. "
                "But all gates share one set."
            ),
            16 * 3: say(
                "You gave every gate three weights of its own, also at the two ends. But all "
                "gates share one set."
            ),
            np.count_nonzero(designs.diagonal): say(
                "One for each channel is the diagonal, where each gate has a weight of its "
                "own. Here no gate has one: they share three."
            ),
            designs.full.size: say(
                "That is every gate with a weight for every channel, the full square."
            ),
        },
        otherwise=say("Count only what is learnt: a number that is used again is not a new one."),
    )


MEANS, KERNEL = np.array([1.0, 2.0, 0.0, 4.0]), np.array([1.0, 10.0, 100.0])


def _first_logit(padded: np.ndarray, kernel: np.ndarray = KERNEL) -> int:
    return round(float(padded[: len(kernel)] @ kernel))


@ask_number(say("There is no channel before channel 0. What is its logit?"))
def end_of_the_list() -> Truth:
    """The logit of the first channel, whose neighbour before it is a zero."""
    logits = steps.trace_interaction(MEANS, KERNEL).logits
    alone = np.pad(MEANS, 1)
    return Truth(
        round(float(logits[0])),
        say("Where no channel is, there is a zero: 1 · 0 + 10 · 1 + 100 · 2."),
        {
            round(float(logits[1])): say(
                "That is channel 1, where the kernel meets 1, 2, 0. Channel 0 has its own "
                "gate, and the kernel reaches past the end for it."
            ),
            _first_logit(alone, KERNEL[::-1]): say(
                "You turned the kernel round, as a mathematician's convolution does. The "
                "layers of Keras and PyTorch do not: the third weight is for the neighbour "
                "*after*."
            ),
            _first_logit(np.pad(MEANS, 1, mode="wrap")): say(
                "You closed the list to a ring, so that channel 3 comes before channel 0. "
                "ECA's list has ends, and past them are zeros."
            ),
            _first_logit(np.pad(MEANS, 1, mode="edge")): say(
                "You used channel 0 a second time, in place of its missing neighbour. Past the "
                "ends there are zeros."
            ),
        },
        otherwise=say(
            "The kernel meets three numbers: a zero past the end, channel 0's own 1, and the 2 "
            "after it. Multiply them by 1, 10 and 100, and add."
        ),
    )


def _odd(t: float) -> int:
    return int(t) + (int(t) % 2 == 0)


@ask_number(
    say(
        "For 64 channels *k* is 3. What is it for the article's 512, eight times as many, with γ = "
        "2 and *b* = 1?"
    )
)
def kernel_for_512() -> Truth:
    """The kernel size for 512 channels."""
    choice = steps.choose_kernel(512)
    log2 = round(choice.log2_channels)
    k, natural = choice.kernel_size, (math.log(512) + 1) / 2
    return Truth(
        k,
        say(
            "512 is 2 to the {log2}th, so *t* = ({log2} + 1) / 2 = {t:.0f}, which is odd and "
            "stays. These are all the weights that ECA has there.",
            log2=log2,
            t=choice.t,
        ),
        {
            steps.adaptive_kernel_size(64) * 8: say(
                "Eight times the channels, eight times the kernel? That is what the logarithm "
                "is there to prevent: eight times are three doublings, and each adds a half to "
                "*t*."
            ),
            _odd(natural): say(
                "Then three doublings would add no neighbour. Or you took the natural "
                "logarithm, which makes *t* = {natural:.2f}. The formula takes the one to base "
                "2, which is {log2} for 512.",
                natural=natural,
                log2=log2,
            ),
            k + 1: say(
                "You raised {k}, which is odd already. Only an even number gets one more.", k=k
            ),
            log2: say("That is the logarithm of 512 alone. Add *b*, and divide by γ."),
            _odd(log2 + 1): say(
                "You left γ out: {log2} + 1 = {total}, raised to {raised}. γ divides it by 2 "
                "first.",
                log2=log2,
                total=log2 + 1,
                raised=_odd(log2 + 1),
            ),
            log2 // 2: say(
                "Half of {log2}, cut: *b* is missing, and no kernel is even. An even number is "
                "raised by one.",
                log2=log2,
            ),
        },
        otherwise=say(
            "How often must 1 be doubled to make 512? Add 1, halve it, cut it, and if that is "
            "even, add one."
        ),
    )


@ask_choice(
    say("512 channels again. γ goes from 2 up to 4. What becomes of the band?"),
    [say("it gets wider"), say("it stays as it is"), say("it gets narrower")],
)
def bigger_gamma() -> Truth:
    """What a bigger gamma does to the kernel of 512 channels."""
    before, after = steps.choose_kernel(512), steps.choose_kernel(512, gamma=4)
    options = [say("it gets narrower"), say("it stays as it is"), say("it gets wider")]
    change = int(np.sign(after.kernel_size - before.kernel_size))
    return Truth(
        options[1 + change],
        say(
            "γ divides: *t* falls from {t_before:.0f} to {t_after}.",
            t_before=before.t,
            t_after=after.t,
        ),
        {
            say("it gets wider"): say(
                "The name sounds like a gain, but it divides: *t* falls from {t_before:.0f} to "
                "{t_after}. A bigger γ is a smaller kernel.",
                t_before=before.t,
                t_after=after.t,
            ),
            say("it stays as it is"): say(
                "So it would for a smaller change of γ. *t* falls from {t_before:.0f} to "
                "{t_after}, which is cut to {truncated} and raised to {k_after}.",
                t_before=before.t,
                t_after=after.t,
                truncated=after.truncated,
                k_after=after.kernel_size,
            ),
        },
        shown=say(
            "k = {k_before} becomes {k_after}",
            k_before=before.kernel_size,
            k_after=after.kernel_size,
        ),
    )


@ask_number(say("*C* = 128: *t* is 4 exactly, as far from 3 as from 5. What is *k*?"))
def tie_at_128() -> Truth:
    """The kernel size where the formula meets a tie."""
    choice = steps.choose_kernel(128)
    return Truth(
        choice.kernel_size,
        say("An even number is raised, so a tie goes up."),
        {
            choice.truncated - 1: say(
                "An even number is raised, not lowered. *k* = 3 ends one channel sooner, at 127."
            ),
            choice.truncated: say(
                "An even kernel has no middle: a channel would have more neighbours on one "
                "side than on the other. A user's layer, posted in ECANet's issue 24, got 63 "
                "gates out of 64 channels that way. It is raised by one."
            ),
            round(choice.log2_channels): say(
                "That is the logarithm of 128. *t* is already worked out: it is 4, and only "
                "has to become odd."
            ),
        },
        otherwise=say("*t* = 4 is even. The formula makes it odd by adding one."),
    )


@ask_number(say("Go down from 16 channels, one at a time. At how many does *k* become 1?"))
def where_k_becomes_1() -> Truth:
    """The most channels for which no gate depends on a neighbour."""
    alone = next(c for c in range(16, 0, -1) if steps.adaptive_kernel_size(c) == 1)
    at_8, at_4 = steps.choose_kernel(8), steps.choose_kernel(4)
    return Truth(
        alone,
        say(
            "At 8 channels *t* is {t:.0f}, even, and raised to {kernel_size}. One channel fewer, "
            "and the cut leaves 1, which is odd and stays.",
            t=at_8.t,
            kernel_size=at_8.kernel_size,
        ),
        {
            8: say(
                "At 8 channels *t* is {t:.0f} exactly, and an even number is raised: *k* is "
                "{kernel_size} there. It takes one channel fewer.",
                t=at_8.t,
                kernel_size=at_8.kernel_size,
            ),
            4: say(
                "*k* is 1 there, but it was so before: the rule changes between the powers of "
                "two. *t* is {t} at 4, and already below 2 at {alone}.",
                t=at_4.t,
                alone=alone,
            ),
            2: say(
                "Below three channels a kernel of 3 would reach past both ends. The formula "
                "does not ask whether it fits, and stops sooner."
            ),
            1: say(
                "With one channel there is no neighbour. The formula leaves the neighbours out "
                "while there still are some."
            ),
        },
        otherwise=say(
            "*k* is 1 when *t* is cut to 1, so *t* must be below 2. Which is the largest such *C*?"
        ),
    )


SAVED = {
    say("a thousandth"): 0.001,
    say("a tenth"): 0.1,
    say("a half"): 0.5,
    say("nearly as much"): 1.0,
}


@ask_choice(
    say(
        "Maps of 26 × 26 × 512, and *r* = 16 for SE. How much of SE's arithmetic does the *whole "
        "block* need with ECA?"
    ),
    list(SAVED),
)
def arithmetic_of_eca() -> Truth:
    """How many multiply-adds a block with ECA needs, as a part of SE's."""
    se = costs.se_cost(512, 16, height=26, width=26, use_bias=False)
    eca = costs.eca_cost(512, height=26, width=26)
    part = eca.multiply_adds / se.multiply_adds
    trip = se.squeeze + se.scale
    return Truth(
        min(SAVED, key=lambda name: abs(math.log(SAVED[name] / part))),
        say(
            "Squeeze reads every number of the map, and scale multiplies every one of them. What "
            "lies between hardly counts, in SE too."
        ),
        {
            say("a thousandth"): say(
                "The weights shrink by more than that. But both blocks go through the map "
                "twice, {trip:,} multiply-adds that no kernel saves.",
                trip=trip,
            ),
            say("a tenth"): say(
                "Then the Dense layers would be nine tenths of SE's work. They are {excite:,} "
                "multiply-adds, and the two trips through the map are {trip:,}.",
                excite=se.excite,
                trip=trip,
            ),
            say("a half"): say(
                "Then the Dense layers would be half of SE's work. They are {excite:,} "
                "multiply-adds beside {trip:,} for the two trips through the map.",
                excite=se.excite,
                trip=trip,
            ),
        },
        shown=f"{100 * part:.0f} %",
    )


STAYING = of_two(say("SE's alone"), say("ECA's alone"))


@ask_choice(
    say(
        "We shuffle 16 channels. In SE the weights move along with their channels. In ECA there is "
        "nothing to move: the kernel belongs to no channel. Whose gates stay the same, only "
        "renumbered?"
    ),
    list(STAYING.values()),
)
def after_the_shuffle() -> Truth:
    """Which gates a shuffle of the channels leaves as they were."""
    z = steps.squeeze(filters.feature_maps("cat", channels=16))
    order = np.random.default_rng(0).permutation(16)
    w1, _, w2, _ = steps.random_weights(16, 4, spread=4)
    kernel = steps.random_kernel(3, spread=4)
    se = steps.excite(z, w1, w2)[order] - steps.excite(z[order], w1[order], w2[:, order])
    eca = [steps.trace_interaction(each, kernel).gates for each in (z, z[order])]
    same = bool(np.abs(se).max() < 1e-5), bool(np.abs(eca[0][order] - eca[1]).max() < 1e-5)
    return Truth(
        STAYING[same],
        say(
            "SE's weights belong to channels. ECA's kernel depends on position: after the shuffle "
            "each channel has other neighbours."
        ),
        {
            say("ECA's alone"): say(
                "The kernel is the same for every channel, but not what it meets: each channel "
                "has other neighbours now. SE's weights went along with their channels."
            ),
            say("both"): say(
                "True of SE, whose weights went along. In ECA a gate depends on the channels "
                "beside it, and after the shuffle those are others."
            ),
            say("neither"): say(
                "True of ECA, whose channels have other neighbours. But in SE every channel "
                "meets the weights it met before, and a sum does not depend on the order."
            ),
        },
    )
