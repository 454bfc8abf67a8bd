"""Predictions for notebook 09: the gates of real networks. Keras is loaded after the answer."""

import numpy as np

from attention_lib import steps
from attention_lib.course.predict._ask import ask_choice, ask_number
from attention_lib.course.predict._judge import Truth
from attention_lib.examples import photos
from attention_lib.language import say


def _all_photos(side: int) -> np.ndarray:
    """The six photographs, 255 as white."""
    return np.stack([255 * photos.load_photo(name, side) for name in photos.PHOTOS])


@ask_number(
    say(
        "Its convolutions have 16, 32, 48 and 64 channels, and *r* is 4. How many gates does it "
        "make for a picture?"
    ),
    unit=say("gates"),
)
def gates_of_the_photo_network() -> Truth:
    """How many gates the network that ships with the series has."""
    from attention_lib.models import gates, pretrained

    sites = gates.find(pretrained.photo_network())
    channels = [site.channels for site in sites]
    hidden = [site.width for site in sites]
    return Truth(
        sum(channels),
        say(
            "{channels}: each SE has one gate for each channel.",
            channels=" + ".join(map(str, channels)),
        ),
        {
            len(sites): say(
                "Those are the *sites*, the places in the network where gates are multiplied "
                "onto a map. Each site has one gate for each channel."
            ),
            sum(hidden): say(
                "{hidden} are the *hidden units*, C / r at each site. The second layer makes "
                "one gate for each channel out of them.",
                hidden=" + ".join(map(str, hidden)),
            ),
            channels[-1]: say(
                "Those are the gates of the last site. The three before it have gates, too."
            ),
            sum(channels) * len(photos.PHOTOS): say(
                "You counted a set of gates for each of the six photographs. The question is "
                "about one picture, whatever it shows."
            ),
        },
        otherwise=say(
            "There is an SE behind each of the four convolutions, with one gate for each of its "
            "channels. Add them up."
        ),
    )


LAYERS = [say("layer {number}", number=number) for number in range(1, 5)]


@ask_choice(
    say(
        "Over the six photographs, in which of the four layers do the gates change most from "
        "picture to picture, on average?"
    ),
    LAYERS,
)
def layer_that_changes_most() -> Truth:
    """In which layer of the shipped network gates depend most on the picture."""
    from attention_lib.models import gates, pretrained

    recorded = gates.record(pretrained.photo_network(), _all_photos(pretrained.SIDE))
    changes = [float(values.std(axis=0).mean()) for values in recorded.values()]
    open_ones = float(np.mean([*recorded.values()][-1] > 0.8))
    told = say(", ").join(f"{change:.3f}" for change in changes)
    return Truth(
        LAYERS[int(np.argmax(changes))],
        say(
            "By layer: {told}. Early gates depend little on the picture, later ones more.",
            told=told,
        ),
        {
            LAYERS[0]: say(
                "It sees the picture first, but what it finds, edges, is of use in every "
                "picture: its gates hardly change. By layer: {told}.",
                told=told,
            ),
            LAYERS[1]: say(
                "More than layer 1, and less than the next one. By layer: {told}.", told=told
            ),
            LAYERS[3]: say(
                "It has the single gates that change most, and you may have seen those in the "
                "panel. But {open_ones:.0f} % of its gates are above 0.8, and most of these "
                "stay open for every picture. By layer: {told}.",
                open_ones=100 * open_ones,
                told=told,
            ),
        },
    )


@ask_choice(
    say("Which of the three lines of the next cell multiply by channel gates?"),
    [say("a and c"), say("b and c"), say("only c"), say("all three")],
)
def lines_with_channel_gates() -> Truth:
    """Which of three ways to multiply a map by something made of it is a channel gate."""
    from attention_lib._keras import keras
    from attention_lib.models import gates

    layers, found = keras.layers, []
    x = keras.Input((14, 14, 32))
    pooled = layers.GlobalAveragePooling2D(keepdims=True)(x)
    factors = {
        "a": layers.Conv2D(1, 7, padding="same", activation="sigmoid")(x),
        "b": pooled,
        "c": layers.Dense(32, activation="sigmoid")(pooled),
    }
    for name, factor in factors.items():
        model = keras.Model(x, layers.Multiply()([x, factor]))
        if gates.find(model):
            found.append(name)
    names = {("c",): say("only c"), ("a", "c"): say("a and c"), ("b", "c"): say("b and c")}
    return Truth(
        names.get(tuple(found), say("all three")),
        say(
            "*a* has one number for each place: spatial attention. *b* multiplies each channel by "
            "its own mean, without weights. *c* has weights, and one number for each channel."
        ),
        {
            say("a and c"): say(
                "*a* makes one number for each *place*, the same for all channels. That is "
                "spatial attention, as in notebook 6."
            ),
            say("b and c"): say(
                "*b* has one number for each channel, but it is the mean itself. There are no "
                "weights, so nothing can be learnt, and no bound of 1."
            ),
            say("all three"): say(
                "In all three a map is multiplied by something made of it. But *a* has one "
                "number for each *place*, and *b* multiplies by the mean itself, without "
                "weights."
            ),
        },
    )


CLOSE, HALF = say("all close to 0.5"), say("all exactly 0.5")
NEAR = 0.05


@ask_choice(
    say("MobileNetV3 Small with random weights sees the six photographs. Where do its gates lie?"),
    [say("anywhere from 0 to 1"), CLOSE, HALF, say("all close to 1")],
)
def gates_before_training() -> Truth:
    """Between which values the gates of an untrained network lie."""
    from attention_lib._keras import keras
    from attention_lib.models import gates

    network = keras.applications.MobileNetV3Small(weights=None)
    recorded = gates.record(network, _all_photos(224))
    low = min(float(values.min()) for values in recorded.values())
    high = max(float(values.max()) for values in recorded.values())
    close = max(0.5 - low, high - 0.5) < NEAR
    span = (
        say("All of them are within {near} of 0.5.", near=NEAR)
        if close
        else say("From {low:.1f} to {high:.1f}.", low=low, high=high)
    )
    where = say("anywhere from 0 to 1")
    if close:
        where = HALF if high == low == 0.5 else CLOSE
    if low > 0.9:
        where = say("all close to 1")
    return Truth(
        where,
        say(
            "{span} Random weights are small, so what arrives at the sigmoid is near 0.", span=span
        ),
        {
            say("anywhere from 0 to 1"): say(
                "{span} The weights are random, but they are *small*: what arrives at the "
                "sigmoid is near 0, and its sigmoid near 0.5.",
                span=span,
            ),
            HALF: say(
                "Nearly. {span} Exactly 0.5 needs weights of zero; random ones are small, but "
                "not zero.",
                span=span,
            ),
            say("all close to 1"): say(
                "{span} A new gate does not start open. It starts half closed, which matters "
                "as soon as you put it into a trained network.",
                span=span,
            ),
        },
        shown=say("{where}, within {near}", where=where, near=NEAR) if close else where,
    )


@ask_choice(
    say(
        "SE is attached to a network with all its old weights kept. Does the copy answer as "
        "before, before any training?"
    ),
    [
        say("yes, exactly"),
        say("no: its branches are about halved"),
        say("no: its answers are all zero"),
    ],
)
def answer_after_attaching() -> Truth:
    """What a new SE does to what a network computes."""
    from attention_lib._keras import keras
    from attention_lib.layers import SqueezeExcite
    from attention_lib.models.attach import attach

    inputs = keras.Input((8, 8, 32))
    network = keras.Model(inputs, keras.layers.Conv2D(32, 3, name="branch")(inputs))
    copy = attach(network, SqueezeExcite(16), where=lambda layer: layer.name == "branch")
    picture = np.random.default_rng(0).normal(size=(1, 8, 8, 32)).astype("float32")
    before, after = (keras.ops.convert_to_numpy(model(picture)) for model in (network, copy))
    part = float(np.abs(after).sum() / np.abs(before).sum())
    answer = say("no: its branches are about halved")
    if np.allclose(before, after):
        answer = say("yes, exactly")
    elif part < 0.1:
        answer = say("no: its answers are all zero")
    return Truth(
        answer,
        say(
            "New gates are close to 0.5. Behind one convolution, {part:.1f} of what it gave is "
            "left.",
            part=part,
        ),
        {
            say("yes, exactly"): say(
                "The new layer has learnt nothing, but it does multiply: by gates close to "
                "0.5. Behind one convolution, {part:.1f} of what it gave is left.",
                part=part,
            ),
            say("no: its answers are all zero"): say(
                "For that all gates would have to be closed. New gates are close to 0.5: the "
                "sigmoid of small numbers. Behind one convolution, {part:.1f} is left.",
                part=part,
            ),
        },
    )


BIASES = {"−3": -3.0, "0": 0.0, "3": 3.0, "100": 100.0}


@ask_choice(
    say(
        "The gates should start open, so that the old network's answers hardly change, and they "
        "should still be able to learn. Which bias before the sigmoid is best?"
    ),
    list(BIASES),
)
def bias_to_train_from() -> Truth:
    """Which bias gives new gates that are open and still learn."""
    gate = {name: float(steps.sigmoid(np.array(bias))) for name, bias in BIASES.items()}
    slope = {name: value * (1 - value) for name, value in gate.items()}
    is_open = [name for name in BIASES if gate[name] > 0.9]
    best = max(is_open, key=slope.__getitem__)
    return Truth(
        best,
        say(
            "The gate is {gate:.3f}, nearly open, and the sigmoid still has a slope of {slope:.3f} "
            "there. At 100 the gate is 1, but the slope is 0.",
            gate=gate["3"],
            slope=slope["3"],
        ),
        {
            "100": say(
                "The gate is 1, so nothing changes at all. But the sigmoid is flat there, its "
                "slope is {slope:.0f}: no gradient comes through, and the gates cannot learn.",
                slope=slope["100"],
            ),
            "0": say(
                "The gate is {gate}: that is how a new block starts by itself, and every "
                "branch is halved.",
                gate=gate["0"],
            ),
            "−3": say(
                "The gate is {gate:.3f}: it starts nearly closed, and the old network's "
                "branches are gone.",
                gate=gate["−3"],
            ),
        },
    )
