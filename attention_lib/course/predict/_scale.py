"""Predictions for notebook 03: what a gate does to a map, and what it can never do."""

import numpy as np

from attention_lib import costs, steps
from attention_lib.course.predict._ask import ask_choice, ask_number
from attention_lib.course.predict._judge import Truth
from attention_lib.examples import filters, hand_made
from attention_lib.language import say


def _trace(photo: str) -> steps.SETrace:
    """A photograph through four hand-made questions."""
    weights = hand_made.hand_made_weights(channels=16, reduction=4)
    return steps.se_forward(filters.feature_maps(photo, channels=16), weights)


def _shape(array: np.ndarray) -> str:
    return str(array.shape)


@ask_choice(
    say("Maps of 56 × 56 × 16, and 16 gates. What shape comes out of the scaling?"),
    ["(16,)", "(56, 56)", "(28, 28, 16)", "(56, 56, 16)"],
)
def scaled_shape() -> Truth:
    """The shape of a scaled map."""
    trace = _trace("cat")
    maps = trace.feature_map
    return Truth(
        _shape(trace.scaled),
        say("Every value is multiplied where it stands, and none is dropped or added up."),
        {
            _shape(trace.gates): say(
                "That is the shape of the gates. They are what the maps are multiplied by; the "
                "maps themselves go on."
            ),
            _shape(maps[..., 0]): say(
                "That would be the channels added up into one map. Scaling adds nothing up: "
                "each channel keeps a map of its own."
            ),
            _shape(maps[::2, ::2]): say(
                "That is a smaller picture, as pooling makes it. A gate turns values down; it "
                "never changes height or width."
            ),
        },
    )


def _contrast(edges: np.ndarray) -> float:
    return float(edges.max() / edges.mean())


@ask_number(
    say(
        "The brightest place of the cat's *vertical edges* is {before:.1f} times as bright as the "
        "map's mean. Then the map is multiplied by its gate, {gate:.2f}. How many times the mean "
        "is the brightest place now?"
    ),
    unit=say("times"),
    within=0.03,
    given=lambda: {
        "before": _contrast(_trace("cat").feature_map[..., 0]),
        "gate": _trace("cat").gates[0],
    },
)
def times_the_mean() -> Truth:
    """How far the brightest place stands out after scaling."""
    trace = _trace("cat")
    before, after = (_contrast(x[..., 0]) for x in (trace.feature_map, trace.scaled))
    gate = float(trace.gates[0])
    return Truth(
        after,
        say(
            "The brightest place and the mean are multiplied by the same gate, and their ratio "
            "stays. A gate cannot sharpen."
        ),
        {
            before * gate: say(
                "You scaled the brightest place and left the mean. All places of the map share "
                "one gate, so the mean goes down along with it."
            ),
            before / gate: say(
                "You scaled the mean and left the brightest place. All places of the map share "
                "one gate."
            ),
            gate: say(
                "That is the gate. It turns everything in the map down alike; the question is "
                "how far the brightest place still stands out."
            ),
            1.0: say(
                "Then all places of the map would be alike. A gate cannot do that: it "
                "multiplies every place by the same number."
            ),
        },
        otherwise=say(
            "Multiply both by the gate, the brightest place and the mean, and divide again."
        ),
    )


@ask_number(
    say(
        "All gates at 0.5 instead of 1. Then a convolution mixes the channels, and a normalisation "
        "takes the mean away and divides by the spread. By what is the outcome multiplied?"
    ),
    margin=0.02,
)
def after_normalisation() -> Truth:
    """What is left of equal gates after mixing and normalising."""
    maps = filters.feature_maps("cat", channels=16)
    mix = np.random.default_rng(0).normal(size=(16, 8))
    plain, half = (_normalised((maps * gate) @ mix) for gate in (1, 0.5))
    factor = float((half * plain).sum() / (plain * plain).sum())
    return Truth(
        round(factor, 4),
        say(
            "Half of everything has half the spread, and dividing by the spread takes the half "
            "away again."
        ),
        {
            0.5: say(
                "That is so right behind the gates, and behind the convolution. But the spread "
                "is halved as well, and the normalisation divides by it."
            ),
            2.0: say(
                "It divides by half the spread, which doubles; but what it divides is halved "
                "already."
            ),
            0.25: say(
                "Halved once by the gates; the convolution does not halve again, since it is "
                "linear. And the normalisation divides by the halved spread."
            ),
            float(round(abs(plain.mean()), 6)): say(
                "Zero is the mean of what comes out, whatever the gates are. The values around "
                "it are not all zero."
            ),
        },
        otherwise=say(
            "Let the values be 2 and 6, then 1 and 3. Take the mean away and divide by the spread: "
            "what differs?"
        ),
    )


def _normalised(x: np.ndarray) -> np.ndarray:
    return (x - x.mean((0, 1))) / x.std((0, 1))


WHOSE = [say("its own"), say("those of another picture"), say("a mixture of many pictures'")]


@ask_choice(
    say(
        "A batch of 56 pictures, each 56 wide: `batch * batch_gates` multiplies (56, 56, 56, 8) by "
        "(56, 8). Which gates does the first picture get?"
    ),
    [*WHOSE, say("none: there is an error")],
)
def whose_gates() -> Truth:
    """Which gates the first picture of a batch gets when the shapes fit by chance."""
    gates = np.random.default_rng(0).random((56, 8))
    batch = np.ones((56, 1, 56, 8))  # one row of each picture, all at 1: the gates show through
    columns = (batch * gates)[0, 0]
    of_pictures = {int(np.flatnonzero((gates == column).all(axis=1))[0]) for column in columns}
    own, other = of_pictures == {0}, len(of_pictures) == 1
    return Truth(
        WHOSE[0 if own else 1 if other else 2],
        say(
            "NumPy lines shapes up from the right: 56 by 8 falls on width and channels. So each "
            "column gets the gates of another picture, {pictures} in all.",
            pictures=len(of_pictures),
        ),
        {
            WHOSE[0]: say(
                "That is what was meant. But NumPy lines shapes up from the right, where (56, "
                "8) meets width and channels, not the batch."
            ),
            WHOSE[1]: say(
                "Then a whole picture would get one row of gates. The 56 falls on the *width*: "
                "every column gets a row of its own."
            ),
            say("none: there is an error"): say(
                "With 57 pictures there would be one. Here the batch is as large as the map is "
                "wide, so the shapes fit by chance."
            ),
        },
    )


OPENS = {
    say("the brick wall"): "brick",
    say("palm leaves"): "leaves",
    say("grass in grey"): "grass",
    say("a cup of coffee"): "coffee",
}
CLOSED = say("none: it is closed")


@ask_choice(
    say(
        "For the cat, the gate of *vertical edges* is {gate:.2f}. For which picture will it stand "
        "highest? (The wall is turned, so that its rows run upwards.)"
    ),
    [*OPENS, CLOSED],
    given=lambda: {"gate": _trace("cat").gates[0]},
)
def where_it_opens() -> Truth:
    """For which photograph a gate that is closed for the cat opens most."""
    gates = {option: float(_trace(name).gates[0]) for option, name in OPENS.items()}
    highest = max(gates, key=gates.__getitem__)
    why = {
        say("the brick wall"): say(
            "It has more texture than colour, and stripes running up: two questions say yes."
        ),
        say("grass in grey"): say(
            "Close: much texture opens the edges. But its blades run in all directions, and the "
            "answer to the question on stripes running up is 0."
        ),
        say("palm leaves"): say("Many edges, but more colour than texture, and that closes them."),
        say("a cup of coffee"): say("Warm brown everywhere: the yes to colour closes the edges."),
    }
    told = {
        option: say("{why} The gate is {gate:.2f}.", why=why[option], gate=gates[option])
        for option in gates
    }
    return Truth(
        highest,
        told[highest],
        {
            **{option: words for option, words in told.items() if option != highest},
            CLOSED: say(
                "To close a channel for good is *pruning*, and another thing. A gate is "
                "computed for each picture: closed for this one, open for the next."
            ),
        },
    )


SQUEEZE, EXCITATION, SCALE = say("squeeze"), say("excitation"), say("scale")
ALIKE = say("squeeze and scale, alike")


@ask_choice(
    say("Which of the three lines does most of the block's arithmetic?"),
    [SQUEEZE, EXCITATION, SCALE, ALIKE],
)
def most_work() -> Truth:
    """Which step of the block does most of the arithmetic."""
    cost = costs.se_cost(channels=16, reduction=4, height=56, width=56)
    work = {SQUEEZE: cost.squeeze, EXCITATION: cost.excite, SCALE: cost.scale}
    most = [step for step, count in work.items() if count == max(work.values())]
    return Truth(
        ALIKE if most == [SQUEEZE, SCALE] else most[0],
        say("Both go through every value of the maps; the excitation sees 16 numbers only."),
        {
            EXCITATION: say(
                "It has all the parameters, but little to do with them: {excite} "
                "multiplications, against {scale:,} for the scaling. Parameters are not work.",
                excite=cost.excite,
                scale=cost.scale,
            ),
            SQUEEZE: say(
                "It goes through every value of the maps, to add them up. But scaling goes "
                "through them once more, and is as much work."
            ),
            SCALE: say(
                "It goes through every value of the maps. But so has the squeeze, to add them "
                "up, and that was as much work."
            ),
        },
        shown=say(", ").join(f"{step} {count:,}" for step, count in work.items()),
    )


@ask_number(
    say(
        "For the cat, the gate of *vertical edges* is {gate:.2f}. In training, a gradient arrives "
        "at the scaled map. It goes back through the multiplication, to the map. By what is it "
        "multiplied on the way?"
    ),
    within=0.05,
    given=lambda: {"gate": _trace("cat").gates[0]},
)
def back_through_a_gate() -> Truth:
    """What a gradient is multiplied by on its way back through a gate."""
    trace = _trace("cat")
    gate = float(trace.gates[0])
    nudged = trace.feature_map.astype(float)
    nudged[20, 30, 0] += 1
    back = float((steps.scale(nudged, trace.gates) - trace.scaled)[20, 30, 0])
    return Truth(
        round(back, 4),
        say(
            "What the map is multiplied by on the way out, the gradient is multiplied by on the "
            "way back. A filter behind a closed gate learns little from this picture."
        ),
        {
            1.0: say(
                "That is so on a skip connection: an addition passes the gradient as it is. "
                "This is a product, and the derivative of *s* · *x* by *x* is *s*."
            ),
            gate * (1 - gate): say(
                "That is the slope of the sigmoid at this gate. It stands on the way to the "
                "weights that made the gate, not on the way to the map."
            ),
            1 - gate: say(
                "A gate that is nearly closed does not pass the rest on the way back. The "
                "derivative of *s* · *x* by *x* is *s*."
            ),
            0.0: say("It is nearly closed, and not closed: a little passes, in both directions."),
        },
        otherwise=say("What is the derivative of *s* · *x* by *x*?"),
    )
