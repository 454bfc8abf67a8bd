"""Predictions for notebook 01: what the squeeze leaves, divides by, and does not notice."""

import numpy as np

from attention_lib import steps
from attention_lib._words import written
from attention_lib.course.predict._ask import ask_choice, ask_number
from attention_lib.course.predict._judge import Truth
from attention_lib.examples import filters
from attention_lib.language import say


@ask_choice(
    say("The cat as 16 maps of 56 × 56. How many numbers does the squeeze leave?"),
    ["1", "16", "3136", "12,544"],
)
def numbers_left() -> Truth:
    """How many numbers the squeeze leaves of 16 maps."""
    maps = filters.feature_maps("cat", channels=16)
    height, width, channels = maps.shape
    return Truth(
        written(steps.squeeze(maps).size),
        say("Each of the maps is averaged over all its places, and one number is left of each."),
        {
            written(maps[::2, ::2].size): say(
                "That is {half_height} × {half_width} × {channels}, a smaller picture: pooling "
                "2 × 2 makes it. The squeeze leaves no picture at all, one number for a whole "
                "map.",
                half_height=height // 2,
                half_width=width // 2,
                channels=channels,
            ),
            written(maps.mean(axis=-1).size): say(
                "That is {height} × {width}, one number for each place: a mean over the "
                "channels. It is a map, and belongs to spatial attention. The squeeze averages "
                "over the places and keeps the channels.",
                height=height,
                width=width,
            ),
            written(maps.mean().size): say(
                "One number for everything would be the mean of all channels together. Each "
                "channel is averaged for itself, so that each gate can be another one."
            ),
        },
    )


@ask_number(
    say(
        "The 56 × 56 values of channel 4 of 16, *red − green*, are added up. What must the sum be "
        "divided by to give *z*?"
    )
)
def divide_by() -> Truth:
    """What the sum of one channel is divided by."""
    maps = filters.feature_maps("cat", channels=16)
    height, width, channels = maps.shape
    return Truth(
        round(float(maps[..., 4].sum() / steps.squeeze(maps)[4])),
        say("As many as were added up: 56 × 56."),
        {
            channels: say(
                "You divided by C, not by H × W. {channels} is how many channels there are, "
                "and they never meet here: each is averaged on its own, over its places.",
                channels=channels,
            ),
            height: say(
                "That is one side of the map. There are {height} rows of {width} values each: "
                "divide by both.",
                height=height,
                width=width,
            ),
            height + width: say(
                "Sides added. There are {height} rows of {width} values each: multiply.",
                height=height,
                width=width,
            ),
            maps.size: say(
                "That is H × W × C, the values of all channels together. Only one channel was "
                "added up here."
            ),
        },
        otherwise=say(
            "A mean is the sum divided by how many were added up. How many values has one map of "
            "56 × 56?"
        ),
    )


@ask_choice(
    say(
        "An edge filter says + where dark turns bright, − where bright turns dark. After ReLU the "
        "mean of the cat's *vertical edges* is {after:.2f}. What was it before?"
    ),
    [say("about the same"), say("about 0"), say("about as far below 0")],
    given=lambda: {"after": steps.squeeze(filters.feature_maps("cat", 16))[0]},
)
def before_relu() -> Truth:
    """The mean of an edge map before ReLU."""
    after = steps.squeeze(filters.feature_maps("cat", 16))[0]
    before = steps.squeeze(filters.feature_maps("cat", 16, rectify=False))[0]
    options = {
        say("about the same"): after,
        say("about 0"): 0.0,
        say("about as far below 0"): -after,
    }
    return Truth(
        min(options, key=lambda option: abs(options[option] - before)),
        say(
            "A stripe turns brighter on one side and darker on the other, and the two answers "
            "cancel in the mean."
        ),
        {
            say("about the same"): say(
                "Then there would have been nothing for ReLU to remove. But half of an edge "
                "filter's answers are negative: before ReLU they cancel the others."
            ),
            say("about as far below 0"): say(
                "Then dark edges would outweigh bright ones. In a picture both come in pairs, "
                "the two sides of a stripe, so they cancel."
            ),
        },
        shown=written(before),
    )


@ask_number(
    say(
        "A black map of 56 × 56 has a single pixel at 1. What is its mean? (You may type a "
        "fraction.)"
    ),
    within=0.1,
)
def one_bright_pixel() -> Truth:
    """The mean of a black map with one bright pixel."""
    spark = np.zeros((56, 56, 1))
    spark[20, 30] = 1
    mean = float(steps.squeeze(spark)[0])
    return Truth(
        mean,
        say(
            "{places} values are averaged, and one of them is 1: in the mean it hardly counts.",
            places=spark.size,
        ),
        {
            float(steps.global_max_pool(spark)[0]): say(
                "That is the maximum, the largest value. The squeeze takes the mean, and here "
                "{dark} of {places} values are 0.",
                dark=spark.size - 1,
                places=spark.size,
            ),
            0.0: say(
                "Nearly, but a mean uses every place: the one bright place is in it, divided "
                "by {places}.",
                places=spark.size,
            ),
            1 / spark.shape[0]: say("You divided by one side only. The map has 56 × 56 places."),
            float(spark.sum() / 16): say(
                "You divided by C, not by H × W. There is one channel here, with 56 × 56 places."
            ),
        },
        otherwise=say("Add up all places, which gives 1, and divide by how many places there are."),
        shown=f"1/{spark.size} = {mean:.6f}",
    )


@ask_number(
    say(
        "Every map is doubled in height and width: each pixel becomes four. By what is its mean "
        "multiplied?"
    ),
)
def twice_the_size() -> Truth:
    """What doubling a map in height and width does to its mean."""
    maps = filters.feature_maps("cat", channels=16)[..., 6:7]
    bigger = maps.repeat(2, axis=0).repeat(2, axis=1)
    return Truth(
        round(float(steps.squeeze(bigger)[0] / steps.squeeze(maps)[0]), 3),
        say("The sum grows, and so does what it is divided by."),
        {
            round(float(bigger.sum() / maps.sum())): say(
                "That is what happens to the sum. The mean divides it by as many more places."
            ),
            bigger.shape[0] / maps.shape[0]: say(
                "That is how each side grows. A mean does not count places, it divides by them."
            ),
            maps.size / bigger.size: say(
                "The same light spread over four times the places would do that. But each "
                "value is copied, not shared out: the sum grows along."
            ),
        },
        otherwise=say("Try it on one row: the mean of 1, 3 and the mean of 1, 1, 3, 3."),
    )
