"""Predictions for notebook 10: which check finds which mistake. The museum computes it."""

import itertools

import numpy as np

from attention_lib import steps
from attention_lib.course.predict._ask import ask_choice, ask_number
from attention_lib.course.predict._judge import Truth
from attention_lib.language import say


@ask_number(
    say(
        "The check `y.shape == x.shape` is run on all 14 exhibits, each for *C* and for 2 *C* "
        "channels. How many does it find?"
    ),
    unit=say("exhibits"),
)
def found_by_the_shape() -> Truth:
    """How many exhibits the shape check finds."""
    from attention_lib.course import museum  # here, as it takes a while

    found = [name for name, row in museum.matrix().items() if row["shape"]]
    return Truth(
        len(found),
        say(
            "Gates multiply, and a product keeps the shape of the map, whatever the gates are. The "
            "one it finds makes a wrong *number* of gates, at twice as many channels."
        ),
        {
            0: say(
                "Nearly: a product keeps the shape of the map, whatever the gates are. But "
                "this check also tries 2 *C*, and there one exhibit makes too few gates."
            ),
            len(museum.EXHIBITS): say(
                "A wrong shape would be found. But all these blocks return the right shape: a "
                "product keeps the shape of the map, whatever the gates are."
            ),
            len(museum.EXHIBITS) // 2: say(
                "Half would make it a useful check. But a product keeps the shape of the map, "
                "whatever the gates are, so nearly every mistake passes."
            ),
        },
        otherwise=say("What must go wrong with the gates for the *product* to have another shape?"),
    )


@ask_number(
    say(
        "The bottleneck was given *r* units in place of *C* / *r*, and *r* is 16. For which *C* is "
        "the number of weights right all the same?"
    ),
    unit=say("channels"),
)
def width_right_by_chance() -> Truth:
    """At how many channels a width of r cannot be told from C / r."""
    reduction = 16
    widths = {c: steps.hidden_width(c, reduction) for c in range(reduction, 2049, reduction)}
    right = next(c for c, hidden in widths.items() if hidden == reduction)
    return Truth(
        right,
        say(
            "{right} / {reduction} = {reduction}. That is the width of ResNet-50's first stage, "
            "where one looks first.",
            right=right,
            reduction=reduction,
        ),
        {
            reduction: say(
                "At *C* = {reduction} the right width is {reduction} / {reduction} = 1, and "
                "the exhibit has {reduction}. The two agree where *C* / *r* is {reduction}.",
                reduction=reduction,
            ),
            2 * reduction: say(
                "At {channels} channels the right width is 2, and the exhibit has {reduction}. "
                "The two agree where *C* / *r* is {reduction}.",
                channels=2 * reduction,
                reduction=reduction,
            ),
            1024: say(
                "At 1024 channels the right width is 64, and the exhibit has 16: far too few. "
                "There a count would find it."
            ),
        },
        otherwise=say("Set the two widths equal: *r* = *C* / *r*, with *r* = 16."),
    )


@ask_choice(
    say(
        "CBAM's one MLP was built twice, one for the means and one for the maxima. Which check "
        "finds it?"
    ),
    [say("shape"), say("parameter count"), say("zero weights"), say("one bright pixel")],
)
def check_for_two_mlps() -> Truth:
    """Which check finds an MLP that is not shared."""
    from attention_lib.course import museum

    names = {
        say("shape"): "shape",
        say("parameter count"): "parameters",
        say("zero weights"): "zero",
        say("one bright pixel"): "pixel",
    }
    exhibit = museum.EXHIBITS["two MLPs"]
    finds = [
        option for option, name in names.items() if not exhibit.examine(museum.CHECKS[name]).passed
    ]
    (right,) = finds
    return Truth(
        right,
        say(
            "From outside, two MLPs do the same job as one: the gates depend on means and maxima, "
            "and lie between 0 and 1. Only the number of weights gives it away."
        ),
        {
            say("shape"): say(
                "Two MLPs of the same shape give gates of the same shape. Nothing changes in "
                "what comes out."
            ),
            say("zero weights"): say(
                "With all weights zero both MLPs answer 0, and the sigmoid makes one half of "
                "it, as it should."
            ),
            say("one bright pixel"): say(
                "The bright pixel shows whether the maximum is used. It is used here; *by "
                "which MLP* cannot be seen from outside."
            ),
        },
    )


@ask_number(
    say(
        "In one exhibit the sigmoid is applied twice. All its weights are set to zero. What are "
        "its gates?"
    ),
    margin=0.004,
)
def sigmoid_of_sigmoid() -> Truth:
    """What a second sigmoid makes of one half."""
    half = float(steps.sigmoid(np.array(0.0)))
    twice = float(steps.sigmoid(np.array(half)))
    return Truth(
        twice,
        say(
            "Zero weights give 0, the first sigmoid makes 0.5 of it, and the second one makes "
            "{twice:.3f} of 0.5. One sigmoid would have stopped at 0.5: that is the check.",
            twice=twice,
        ),
        {
            half: say(
                "That is what one sigmoid makes of 0. The second one gets this 0.5, not the 0."
            ),
            half * half: say(
                "You multiplied one half by one half. The second sigmoid is not a factor: it "
                "is applied *to* 0.5."
            ),
            0: say("Zero is what arrives at the first sigmoid. A sigmoid makes 0.5 of 0."),
            1: say("A sigmoid reaches 1 only for very large numbers. The second one gets 0.5."),
            float(steps.sigmoid(np.array(1.0))): say(
                "That is the sigmoid of 1, the most that two sigmoids can give. With zero "
                "weights the second one gets 0.5."
            ),
        },
        otherwise=say(
            "Work from the inside out: what does the first sigmoid make of 0, and the second one "
            "of that?"
        ),
        shown=f"{twice:.3f}",
    )


@ask_number(
    say(
        "8 pictures of 8 × 8, gates of shape (8, 24) and a `*`. Axes are lined up from the end. "
        "How many of the 8 columns of picture 3 get the gates of picture 3?"
    ),
    unit=say("columns"),
)
def columns_with_their_own_gates() -> Truth:
    """How many columns of a picture get its own gates when gates land on columns."""
    gates = np.arange(8)[:, None] + np.zeros((8, 24))
    landed = np.broadcast_to(gates, (8, 8, 8, 24))
    own = int((landed[3, 0, :, 0] == 3).sum())
    return Truth(
        own,
        say(
            "Column 0 gets the gates of picture 0, column 1 those of picture 1, and so on, in "
            "every picture. In picture 3 only column 3 is right."
        ),
        {
            8: say(
                "It would be right if the gates had the shape (8, 1, 1, 24). Without those two "
                "axes of length one the 8 pictures are lined up with the 8 *columns*."
            ),
            0: say(
                "Then it would stop with an error, or mix up everything. It is less easy to "
                "see: column 3 does get the gates of picture 3."
            ),
            3: say(
                "It is *column number 3* that is right, one column alone. Columns 0, 1 and 2 "
                "get the gates of pictures 0, 1 and 2."
            ),
        },
        otherwise=say(
            "Line up (8, 24) with (8, 8, 8, 24) from the end: which axis of the map meets the 8 "
            "pictures?"
        ),
    )


@ask_number(
    say(
        "Each of the 14 exhibits must be found by at least one check. What is the smallest number "
        "of checks that is enough?"
    ),
    unit=say("checks"),
)
def fewest_checks() -> Truth:
    """The smallest number of checks that find every exhibit."""
    from attention_lib.course import museum

    names = [*museum.CHECKS]
    few = next(
        checks
        for size in range(1, len(names) + 1)
        for checks in itertools.combinations(names, size)
        if not museum.missed_by(checks)
    )
    *titles, last = (museum.CHECKS[name].title for name in few)
    shapes = len(museum.missed_by(["shape"]))
    pixel = len(museum.missed_by(["parameters", "pixel"]))
    return Truth(
        len(few),
        say(
            "{others} and {last}: each of them finds an exhibit that no other check finds, so none "
            "can be left out.",
            others=say(", ").join(titles).capitalize(),
            last=last,
        ),
        {
            len(names): say(
                "All checks together are enough. But shape, permutation, constant input and "
                "save and load find here only what another check finds, too."
            ),
            1: say(
                "No single check sees everything. The one that everybody writes, the shape, "
                "misses {shapes} of 14.",
                shapes=shapes,
            ),
            2: say(
                "The best two are the parameter count and one bright pixel. They miss {pixel}.",
                pixel=pixel,
            ),
            3: say(
                "Close. Four checks each find an exhibit that no other check finds: leave one "
                "of the four out, and its exhibit stays."
            ),
            len(museum.EXHIBITS): say(
                "One check for each exhibit would be a list of known mistakes. A good check "
                "finds several, also some that nobody has thought of."
            ),
        },
        otherwise=say(
            "Which exhibits are found by one check alone? Each of those checks is needed."
        ),
    )
