"""Predictions for notebook 00: what maps show, what a fixed mix misses, how gates follow."""

import numpy as np

from attention_lib import steps
from attention_lib.course.predict._ask import ask_bars, ask_choice, ask_number
from attention_lib.course.predict._judge import Belief, Truth
from attention_lib.examples import filters, hand_made
from attention_lib.language import say

FOR_COLOUR = np.array([0, 0, 0, 0, 1, 1, 1, 1])
GROUPS = [
    say("cat: edges, 0 to 3"),
    say("cat: colours, 4 to 7"),
    say("wall: edges"),
    say("wall: colours"),
]


def _trace(photo: str) -> steps.SETrace:
    """A photograph through the hand-made questions."""
    return steps.se_forward(filters.feature_maps(photo, 8), hand_made.hand_made_weights(8, 4))


def _passed(photo: str) -> float:
    """How much of its light a mix for colour lets through, in per cent."""
    maps = filters.feature_maps(photo, channels=8)
    return float(100 * (maps * FOR_COLOUR).sum() / maps.sum())


@ask_number(
    say("The cat is ginger. How many of the four colour maps will be black all over?"),
    unit=say("maps"),
)
def black_maps() -> Truth:
    """How many of the cat's colour maps are black."""
    colours = filters.feature_maps("cat", channels=8)[..., 4:]
    signed = filters.feature_maps("cat", channels=8, rectify=False)[..., 4:]
    lit = colours.any(axis=(0, 1))
    return Truth(
        int((~lit).sum()),
        say(
            "Ginger is more red than green and more yellow than blue, everywhere. So *green − red* "
            "and *blue − yellow* find nothing."
        ),
        {
            int((~signed.any(axis=(0, 1))).sum()): say(
                "Every filter finds something, but below zero, too. A map keeps only the yes: "
                "where nothing is greener than red, *green − red* is black."
            ),
            len(lit): say(
                "Then the picture would have to be grey. Here there is plenty of red and yellow."
            ),
            int((~lit[:2]).sum()): say(
                "You have found one. The two pairs, red and green, yellow and blue, each have "
                "a side that the cat is not on."
            ),
        },
        otherwise=say("The maps come in pairs: red and green, yellow and blue. Where is ginger?"),
    )


@ask_number(
    say(
        "On the cat, a mix for colour, edges at 0 and colours at 1, lets {cat:.0f} % of the light "
        "in the maps through. How much on the brick wall?"
    ),
    unit="%",
    margin=5,
    given=lambda: {"cat": _passed("cat")},
)
def colour_mix_on_the_wall() -> Truth:
    """How much a mix for colour lets through of the brick wall."""
    wall = _passed("brick")
    return Truth(
        wall,
        say("The wall is grey: its colour maps are black, and the mix has closed all the others."),
        {
            _passed("cat"): say(
                "The mix is the same, but not what it is given. How much comes through depends "
                "on where the picture has its light, and the grey wall has none in the colours."
            ),
            100 * FOR_COLOUR.mean(): say(
                "Half of the faders are up, but not half of the light is in those channels. "
                "The grey wall has all of its light behind those that are down."
            ),
            100.0: say(
                "For that, all faders must be up, or the picture must be nothing but colour. "
                "This wall is the opposite: grey."
            ),
        },
        otherwise=say("The wall is grey. What do colour maps show of grey?"),
        shown=f"{wall:.0f} %",
    )


@ask_bars(
    say(
        "The hand's two questions: *more texture than colour?* and *more colour than texture?* "
        "Sketch how far it opens edges and colours, for the ginger cat and for the grey wall."
    ),
    GROUPS,
    margin=0.2,
)
def gates_of_cat_and_wall() -> Truth:
    """Gates of edges and colours, for the cat and for the wall."""
    cat, wall = (_trace(photo).gates[[0, 4]] for photo in ("cat", "brick"))
    return Truth(
        np.concatenate([cat, wall]),
        say(
            "The cat says yes to colour, the wall to texture, and a yes opens its own channels and "
            "closes the others."
        ),
        [
            Belief(
                np.concatenate([cat, cat]),
                say(
                    "You gave both pictures the same faders. That is a fixed mix, set once; this "
                    "hand reads the meters of each picture and sets them anew."
                ),
                when=lambda sketch: bool(np.abs(sketch[:2] - sketch[2:]).max() <= 0.15),
            ),
            Belief(
                np.concatenate([wall, cat]),
                say(
                    "The other way round. This hand does not add what is missing in a picture: it "
                    "opens what the picture has more of."
                ),
                when=lambda sketch: bool(sketch[0] > sketch[1] and sketch[2] < sketch[3]),
            ),
        ],
        otherwise=say(
            "Which of the two questions does a ginger cat say yes to, and which a grey wall?"
        ),
    )


SIX = {
    "cat": say("cat"),
    "brick": say("brick"),
    "leaves": say("leaves"),
    "rocket": say("rocket"),
    "grass": say("grass"),
    "coffee": say("coffee"),
}


@ask_choice(
    say("Six photographs, one rule. Which one will close its edge channels most?"),
    list(SIX.values()),
)
def edges_closed_most() -> Truth:
    """Which photograph closes its edge channels most."""
    edges = {name: float(_trace(name).gates[0]) for name in SIX}
    most = min(edges, key=edges.__getitem__)
    why = {
        "cat": say(
            "It is ginger, but it has stripes too, which count for texture: a yes to colour, but "
            "not the strongest."
        ),
        "brick": say("A grey wall has nothing but texture. It opens the edges."),
        "leaves": say("There is much of both, so the answers are weaker."),
        "rocket": say("A smooth dusk has little of either, so the answers are weaker."),
        "grass": say("Grass in grey is all texture. It opens the edges most of all."),
        "coffee": say("A warm brown everywhere: there is far more colour than texture."),
    }
    told = {
        name: say("{why} The gate of its edges is {gate:.2f}.", why=why[name], gate=edges[name])
        for name in SIX
    }
    return Truth(
        SIX[most],
        told[most],
        {SIX[name]: words for name, words in told.items() if name != most},
    )
