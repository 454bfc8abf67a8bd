"""Predictions for notebook 02: how wide the middle is, what a gate follows, and what it costs."""

import numpy as np

from attention_lib import photos, questions, steps
from attention_lib.predict._ask import ask_bars
from attention_lib.predict._judge import Belief, Truth

METERS = {"yellow − blue": 6, "red − green": 4, "vertical edges": 0, "green − red": 5}


def _cat() -> steps.SETrace:
    """The cat through the hand-made questions."""
    weights = questions.hand_made_weights(channels=16, reduction=4)
    return steps.se_forward(photos.feature_maps("cat", channels=16), weights)


def _meters() -> dict[str, str]:
    z = _cat().squeezed
    return {"meters": ", ".join(f"*{name}* {z[c]:.2f}" for name, c in METERS.items())}


@ask_bars(
    "Four of the cat's meters: {meters}. The cat says yes to one question, *more colour than "
    "texture?* Sketch the four gates.",
    list(METERS),
    margin=0.2,
    given=_meters,
)
def gates_of_the_cat() -> Truth:
    """Four gates of the cat, one of them of a channel with nothing in it."""
    trace, chosen = _cat(), list(METERS.values())
    z = trace.squeezed[chosen]
    shares = np.exp(trace.logits[chosen]) / np.exp(trace.logits[chosen]).sum()
    return Truth(
        trace.gates[chosen],
        "A gate follows the answers to the questions, not its own meter: all colour channels open, "
        "even the one that has nothing to say.",
        [
            Belief(
                z / z.max(),
                "You let each gate copy its own meter. A large z does not mean an open gate: "
                "*green − red*, with nothing in it, stands as open as the loudest, because the "
                "questions hear all the meters.",
                when=lambda sketch: bool(np.all(np.diff(sketch) <= 0) and np.ptp(sketch) > 0.2),
            ),
            Belief(
                shares,
                "Your gates share one cake. Softmax would make channels compete; here each has a "
                "sigmoid of its own, and all may be open at once.",
                when=lambda sketch: bool(abs(sketch.sum() - 1) < 0.05),
            ),
            Belief(
                np.full(len(chosen), 0.5),
                "Half open is what a hand holds that knows nothing. This one has had a yes.",
            ),
            Belief(
                np.ones(len(chosen)),
                "All open would be no choice at all. A yes to colour opens the colour channels, "
                "and closes the edges.",
            ),
        ],
    )
