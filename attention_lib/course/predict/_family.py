"""Predictions for notebook 11: what the relatives of SE, ECA and CBAM do differently."""

import numpy as np

from attention_lib import steps
from attention_lib.course.predict._ask import ask_choice, ask_number
from attention_lib.course.predict._judge import Truth
from attention_lib.examples import family, filters
from attention_lib.language import say


def _cat() -> np.ndarray:
    """The eight maps of the cat."""
    return filters.feature_maps("cat", family.CHANNELS)


@ask_number(
    say(
        "8 maps of 56 × 56. In each channel, coordinate attention makes a gate for every row and "
        "one for every column. How many gates are that?"
    ),
    unit=say("gates"),
)
def gates_of_coordinate_attention() -> Truth:
    """How many gates coordinate attention makes for eight maps."""
    trace = family.FORWARD["Coordinate"](_cat())
    height, width, channels = trace.feature_map.shape
    rows, columns = trace.row_gates.size, trace.column_gates.size
    cbam = channels + height * width
    return Truth(
        rows + columns,
        say(
            "8 · (56 + 56). CBAM makes {cbam}, most of them for places that all channels share. "
            "Here every channel has rows and columns of its own.",
            cbam=cbam,
        ),
        {
            height + width: say(
                "That is one channel's. The others have gates of their own: this is what tells "
                "it from CBAM."
            ),
            rows: say("Those are the rows of all channels. Every column has a gate, too."),
            trace.feature_map.size: say(
                "Each of these numbers is indeed multiplied by two gates. But the numbers of a "
                "row share the one, and those of a column the other."
            ),
            cbam: say(
                "That is CBAM: 8 for the channels, 3136 for the places. Here no place has a "
                "gate of its own, only its row and its column."
            ),
        },
        otherwise=say("Count the rows and the columns of one map. Then there are eight channels."),
    )


PLACES = (33, 41), (50, 5)  # on an edge of the nose, and on the blurred background


def _two_places(maps: np.ndarray) -> float:
    """By how much the first channel differs between two places."""
    (one, other) = (maps[(*place, 0)] for place in PLACES)
    return float(one - other)


@ask_number(
    say(
        "In the map of *vertical edges* two places differ by {before:.2f}. GCNet adds its context, "
        "{added:.2f} for this channel. By how much do the two differ then?"
    ),
    margin=0.02,
    given=lambda: {
        "before": _two_places(_cat()),
        "added": family.FORWARD["GCNet"](_cat()).added[0],
    },
)
def contrast_after_adding() -> Truth:
    """What becomes of the difference between two places when one number is added to both."""
    maps = _cat()
    trace, se = family.FORWARD["GCNet"](maps), family.FORWARD["SE"](maps)
    before, added = _two_places(maps), float(trace.added[0])
    return Truth(
        _two_places(trace.output),
        say(
            "Both rise by the same number, so their difference stays. Adding moves a map up or "
            "down; it cannot turn it up or down, as a gate does."
        ),
        {
            before + added: say(
                "You added to one of the two. The same number comes to every place of the channel."
            ),
            before * added: say("You multiplied, as SE does. GCNet adds."),
            0: say(
                "Then all places would be alike. The places keep their own numbers, and the "
                "context is added on top."
            ),
            _two_places(se.scaled): say(
                "That is what SE makes of it, times {gate:.2f}. GCNet adds.", gate=se.gates[0]
            ),
        },
        otherwise=say("Write the two numbers down, add the same to both, and subtract again."),
    )


OPTIONS = (
    say("it stays as it is"),
    say("its sign turns, its size stays"),
    say("it becomes zero"),
    say("it becomes another number"),
)


@ask_choice(
    say(
        "The left half of a map counts with plus, the right half with minus, most at the edges: "
        "that is the cosine of frequency (0, 1), and FcaNet can take it in place of the mean. Now "
        "the map is mirrored, left to right. What becomes of this summary?"
    ),
    OPTIONS,
)
def mirrored_frequency() -> Truth:
    """What a cosine summary does when the picture is mirrored."""
    maps = _cat()
    one, other = (family.FORWARD["FcaNet"](x).squeezed[0] for x in (maps, maps[:, ::-1]))
    found = {
        say("it stays as it is"): np.isclose(one, other, atol=1e-4),
        say("its sign turns, its size stays"): np.isclose(one, -other, atol=1e-4),
        say("it becomes zero"): np.isclose(other, 0, atol=1e-4),
    }
    return Truth(
        next((option for option in OPTIONS if found.get(option)), OPTIONS[-1]),
        say(
            "The halves have changed places, and with them plus and minus. The mean would not "
            "notice. A higher frequency is a summary that knows a little about *where*."
        ),
        {
            say("it stays as it is"): say(
                "So it is with the mean, which is frequency (0, 0). This one takes the right "
                "half away from the left: mirrored, the halves change places."
            ),
            say("it becomes zero"): say(
                "Zero would mean that left and right balance. Mirroring swaps them, and the "
                "difference is as large as before."
            ),
            say("it becomes another number"): say(
                "Every product of the sum is still there, with the sign turned, as the two "
                "halves have changed places."
            ),
        },
        shown=f"{one:.2f} → {other:.2f}".replace("-", "−"),
    )


@ask_number(
    say(
        "SimAM has no weights. A gate is `sigmoid(d / (4 (v + λ)) + 1/2)`, with d the squared "
        "distance from the channel's mean. What is the smallest gate that it can give?"
    ),
    margin=0.006,
)
def smallest_simam_gate() -> Truth:
    """The smallest gate of SimAM."""
    smallest = steps.simam_forward(np.full((4, 4, 1), 0.3)).gates.min()
    return Truth(
        round(float(smallest), 3),
        say(
            "A number at the mean has d = 0, and sigmoid(1/2) is left. SimAM never closes a gate: "
            "it opens some further."
        ),
        {
            0: say(
                "A sigmoid comes near 0 where its argument is far below zero. Here d is a "
                "square and 1/2 is added: the argument is never below 1/2."
            ),
            0.5: say(
                "sigmoid(0) is 0.5. At the mean d is 0, and the 1/2 inside the sigmoid is left."
            ),
            1: say("That is the largest: far from the mean d grows, and the sigmoid comes near 1."),
        },
        otherwise=say("Which d makes the argument smallest? Put it in, and take the sigmoid."),
    )


@ask_number(
    say(
        "GRN gives back γ · x · ratio + β + x. Before training γ and β are zero. By what does a "
        "new layer multiply each number?"
    ),
)
def new_grn() -> Truth:
    """What a new GRN layer multiplies by."""
    maps = _cat()
    zeros = np.zeros(family.CHANNELS, np.float32)
    new = steps.grn_forward(maps, zeros, zeros)
    return Truth(
        round(float(new.output.sum() / maps.sum()), 6),
        say(
            "Only + x is left: a new layer changes nothing, and training can begin from a network "
            "that works. A new SE block halves."
        ),
        {
            0: say(
                "γ · x · ratio is zero. But x itself is added at the end, as on a skip connection."
            ),
            0.5: say("That is SE before training, as sigmoid(0) is 0.5. GRN has no sigmoid."),
            2: say("x would be doubled with γ = 1 and a ratio of 1. Before training γ is zero."),
        },
        otherwise=say("Put zero for γ and for β, and see what is left of the formula."),
    )


SHUFFLED = ("SE", "GCNet", "SimAM", "Coordinate")


@ask_choice(
    say(
        "All places of the maps are shuffled, the same way in every channel. Three of these four "
        "give back what they gave before, only shuffled. Which one does not?"
    ),
    SHUFFLED,
)
def who_notices_a_shuffle() -> Truth:
    """Which method depends on where things are."""
    maps = _cat()
    flat = maps.reshape(-1, family.CHANNELS)
    order = np.random.default_rng(0).permutation(len(flat))
    shuffled = flat[order].reshape(maps.shape)

    def apart(name: str) -> float:
        before, after = (family.FORWARD[name](x)[-1].reshape(flat.shape) for x in (maps, shuffled))
        return float(np.abs(before[order] - after).max())

    return Truth(
        max(SHUFFLED, key=apart),
        say(
            "Its means are taken along rows and columns, and a shuffle makes other rows and "
            "columns. The others pool over all places at once, or weigh each place by what stands "
            "there."
        ),
        {
            "SE": say(
                "A mean does not notice the order of what it adds up. So the gates are the "
                "same, and each number meets its own gate again."
            ),
            "GCNet": say(
                "It weighs the places, but each by the numbers that stand there, and they "
                "moved along. Its softmax gives the same weights in another order."
            ),
            "SimAM": say(
                "Each number is compared with the mean and the variance of its channel. A "
                "shuffle leaves both as they are."
            ),
        },
    )


@ask_number(
    say(
        "Self-attention, one head, on maps of 56 × 56 with 8 channels. How many weights does the "
        "softmax make?"
    ),
    unit=say("weights"),
)
def weights_of_the_softmax() -> Truth:
    """How many weights self-attention makes from one map."""
    maps = _cat()
    places = maps[..., 0].size
    return Truth(
        places**2,
        say(
            "3136 places, and each asks all 3136. They are made anew for every picture. SE mixes "
            "its eight means with 32 trained weights."
        ),
        {
            places: say(
                "That is one place's row, and all that GCNet has: one set of weights for all. "
                "In self-attention every place asks for itself."
            ),
            family.CHANNELS**2: say(
                "8 · 8 would be channels with channels, as in SE. Here places talk to places."
            ),
            maps.size: say("That is how many numbers go in. A weight belongs to a pair of places."),
            places**2 * family.CHANNELS: say(
                "The channels share the weights: all the values of a place are weighed alike."
            ),
            3 * family.CHANNELS**2: say(
                "Those are the trained weights, of queries, keys and values. Out of them and "
                "the picture the softmax makes its own: one for each pair of places."
            ),
        },
        otherwise=say("How many places are there, and how many does each of them ask?"),
    )
