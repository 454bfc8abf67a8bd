"""Predictions for notebook 06: what CBAM's two halves depend on, cost, and cannot do."""

import numpy as np

from attention_lib import steps
from attention_lib.course.predict._ask import ask_bars, ask_choice, ask_number
from attention_lib.course.predict._judge import Belief, Truth
from attention_lib.examples import filters, hand_made, photos
from attention_lib.language import say

EDGES, COLOURS = 0, 4  # a channel of each kind; the hand-made weights treat its like alike


def _cat(order: str = "channel_spatial") -> steps.CBAMTrace:
    """The cat through the hand-made CBAM."""
    maps = filters.feature_maps("cat", channels=8)
    return steps.cbam_forward(maps, hand_made.hand_made_cbam(8), order=order)


@ask_number(
    say("The cat as 8 maps of 56 × 56: 25,088 numbers. How many gates does CBAM make for them?"),
    unit=say("gates"),
)
def gates_of_cbam() -> Truth:
    """How many gates CBAM makes for eight maps."""
    trace = _cat()
    height, width, channels = trace.feature_map.shape
    of_channels, of_places = trace.channel.gates.size, trace.spatial.gates.size
    return Truth(
        of_channels + of_places,
        say(
            "{of_channels} for the channels, 56 · 56 = {of_places} for the places. No gate belongs "
            "to both a channel and a place.",
            of_channels=of_channels,
            of_places=of_places,
        ),
        {
            trace.feature_map.size: say(
                "That is a gate for every number: spatial attention *per channel*. CBAM has "
                "one spatial attention map, the same for all channels."
            ),
            of_channels: say(
                "Those are the gates of channels, *what*, as in SE. There is also a gate for "
                "each place."
            ),
            of_places: say(
                "Those are the gates of places, *where*. The gates of channels did not go "
                "away: one for each channel comes on top."
            ),
            channels + height + width: say(
                "You counted a gate for each row and one for each column. A place is a row "
                "*and* a column: there are {height} · {width} of them.",
                height=height,
                width=width,
            ),
            2: say(
                "There are two halves, but each makes a list: a gate for every channel, and a "
                "gate for every place."
            ),
        },
        otherwise=say("Count the channels, then the places of one map, and add the two."),
    )


POOLED = [
    say("one pixel: mean"),
    say("one pixel: maximum"),
    say("all bright: mean"),
    say("all bright: maximum"),
]


@ask_bars(
    say(
        "Two maps of 56 × 56. One is black, with a single pixel at 1; the other is at 1 "
        "everywhere. Sketch the mean and the maximum of each."
    ),
    POOLED,
    margin=0.15,
    gates=False,
)
def mean_and_maximum() -> Truth:
    """Mean and maximum of one bright pixel, and of a map that is bright all over."""
    maps = np.ones((56, 56, 2))
    maps[..., 0] = 0
    maps[20, 30, 0] = 1
    means, maxima = steps.global_average_pool(maps), steps.global_max_pool(maps)
    pooled = np.ravel([means, maxima], order="F")
    places = maps[..., 0].size
    return Truth(
        pooled,
        say(
            "The mean of the one pixel is 1/{places}: nearly nothing. The maximum is 1, as for a "
            "map that is bright all over.",
            places=places,
        ),
        [
            Belief(
                np.repeat(means, 2),
                say(
                    "You let the maximum count how many places are bright. It only takes the "
                    "largest value: a single pixel at 1 is enough."
                ),
                when=lambda sketch: bool(
                    sketch[0] <= 0.15 and sketch[1] <= 0.5 and sketch[3] > sketch[1] + 0.15
                ),
            ),
            Belief(
                np.repeat(maxima, 2),
                say(
                    "You let a single pixel raise the mean. It divides by {places}: of the one "
                    "bright place nearly nothing is left.",
                    places=places,
                ),
                when=lambda sketch: bool(sketch[0] > 0.15 and sketch[1] >= 0.85),
            ),
            Belief(
                np.ravel([maxima, means], order="F"),
                say(
                    "The two are the other way round: it is the *maximum* that one pixel is enough "
                    "for, and the mean that hardly changes."
                ),
                when=lambda sketch: bool(sketch[0] > sketch[1] + 0.15),
            ),
        ],
        otherwise=say(
            "A mean adds up all places and divides by {places}. A maximum is the brightest place, "
            "however many there are.",
            places=places,
        ),
        shown=f"1/{places}, 1, 1, 1",
    )


@ask_number(
    say(
        "8 channels, 2 hidden units, no biases. How many weights does it take for the means *and* "
        "the maxima?"
    ),
    unit=say("weights"),
)
def weights_for_two_summaries() -> Truth:
    """How many weights CBAM's channel half has."""
    mlp = hand_made.hand_made_cbam(8).channel
    one_layer, all_of_it = mlp.reduce.size, mlp.reduce.size + mlp.expand.size
    return Truth(
        all_of_it,
        say(
            "8 · 2 + 2 · 8, once. The two lists go through the same two layers, one after the "
            "other."
        ),
        {
            2 * all_of_it: say(
                "That is two MLPs, one for each pooled vector. CBAM has one of {all_of_it} "
                "weights, and both lists go through it.",
                all_of_it=all_of_it,
            ),
            one_layer: say(
                "That is one layer, 8 channels to 2 hidden units. The way back, 2 to 8, has as "
                "many again."
            ),
            2 * mlp.reduce.size + mlp.expand.size: say(
                "You put the two lists end to end, 16 inputs for the first layer. They are not "
                "joined: each goes through on its own, and through the same weights."
            ),
        },
        otherwise=say(
            "From 8 channels to 2 hidden units, and back to 8. Does either list need weights of "
            "its own?"
        ),
    )


@ask_number(
    say(
        "The spatial kernel is 7 × 7 and slides over the two maps. How many weights has it if "
        "there are 512 channels?"
    ),
    unit=say("weights"),
)
def weights_of_spatial_attention() -> Truth:
    """How many weights the spatial convolution has."""
    channels, side = 512, 7
    planes = steps.spatial_attention(
        np.ones((side, side, channels)), hand_made.local_contrast(side)
    ).squeezed.shape[-1]
    return Truth(
        side * side * planes,
        say(
            "7 · 7 · 2. The channels are gone before the kernel comes: of 512 as of 8, two maps "
            "are left."
        ),
        {
            side * side * channels: say(
                "7 · 7 · 512 would be a kernel that looks at every channel. This one sees "
                "their maximum and their mean, two maps in all."
            ),
            side * side: say("7 · 7 is for one map. There are two, each with weights of its own."),
            side * side * photos.load_photo("cat").shape[-1]: say(
                "7 · 7 · 3 looks at the photo, in red, green and blue. The spatial kernel "
                "never sees the photo: it slides over two maps, made from all the channels."
            ),
            side * side * planes * channels: say(
                "Two maps for each channel would be that many. But the maximum and the mean "
                "are taken *over* the channels: two maps for all of them together."
            ),
        },
        otherwise=say(
            "Every one of the 7 × 7 positions has a weight for each map that the kernel sees. How "
            "many maps is that?"
        ),
    )


def _two_places() -> tuple[float, float, float, float]:
    """What edges and colours are multiplied by at the most open place, and at a half open one."""
    trace = _cat()
    places, channels = trace.spatial.gates.ravel(), trace.channel.gates[[EDGES, COLOURS]]
    eye, background = channels * places.max(), channels * places[np.abs(places - 0.5).argmin()]
    return (*map(float, eye), *map(float, background))


@ask_number(
    say(
        "Beside the cat's eye, where the gate of the place is largest, edges are multiplied by "
        "{edges:.2f} and colours by {colours:.2f}. On the background edges are multiplied by "
        "{dimmed:.2f}. And colours?"
    ),
    margin=0.015,
    given=lambda: dict(zip(("edges", "colours", "dimmed"), _two_places(), strict=False)),
)
def colours_on_the_background() -> Truth:
    """What colours are multiplied by at one place, told from edges and from another place."""
    edges, colours, dimmed, truth = _two_places()
    return Truth(
        truth,
        say(
            "From the eye to the background, edges go from {edges:.2f} to {dimmed:.2f}. The gates "
            "of places are the same for all channels, so colours fall in the same ratio.",
            edges=edges,
            dimmed=dimmed,
        ),
        {
            colours: say(
                "Then the background would be turned down for edges alone. There is one gate "
                "for a place, and it multiplies all channels."
            ),
            dimmed: say(
                "Then only the gate of the place would count. A channel's gate is the same all "
                "over the map: beside the eye it set colours to {colours:.2f} where edges had "
                "{edges:.2f}.",
                colours=colours,
                edges=edges,
            ),
            edges: say(
                "That is *edges here, colours there*: the wish that CBAM cannot fulfil. Where "
                "the gate of a place turns edges down, it turns colours down as much."
            ),
            1 - dimmed: say(
                "You shared out 1 between edges and colours. Nothing makes them sum to one: "
                "each is the channel's gate times the place's."
            ),
            dimmed - (edges - colours): say(
                "You carried the difference over. Gates multiply: it is the ratio that stays."
            ),
        },
        otherwise=say(
            "What happened to the edges, from one place to the other? The same happens to the "
            "colours."
        ),
    )


@ask_choice(
    say(
        "In the usual order the gate of *vertical edges* is {usual:.2f}. Now spatial attention "
        "comes first. What becomes of that gate?"
    ),
    [say("it opens further"), say("it stays as it is"), say("it closes")],
    given=lambda: {"usual": _cat().channel.gates[EDGES]},
)
def spatial_attention_first() -> Truth:
    """What a channel's gate does when the places are gated first."""
    usual, swapped = _cat().channel, _cat("spatial_channel").channel
    change = swapped.gates[EDGES] - usual.gates[EDGES]
    options = {say("it opens further"): 1, say("it stays as it is"): 0, say("it closes"): -1}
    (mean, largest), (dim_mean, dim_largest) = (
        (half.squeezed[0, COLOURS], half.squeezed[1, EDGES]) for half in (usual, swapped)
    )
    return Truth(
        min(options, key=lambda option: abs(options[option] - np.sign(np.round(change, 3)))),
        say(
            "Spatial attention halves the mean of the reds, {mean:.2f} to {dim_mean:.2f}, and "
            "hardly changes the maximum of the edges, {largest:.2f} to {dim_largest:.2f}. The "
            "colours closed the edges, and they count less now.",
            mean=mean,
            dim_mean=dim_mean,
            largest=largest,
            dim_largest=dim_largest,
        ),
        {
            say("it stays as it is"): say(
                "The two multiplications could be swapped. But this gate is computed from the "
                "maps, and the maps are others now."
            ),
            say("it closes"): say(
                "All values are smaller, but this gate depends on all channels. Spatial "
                "attention turns uniform surfaces down most, and it was their colours that "
                "closed the edges."
            ),
        },
        shown=f"{usual.gates[EDGES]:.2f} → {swapped.gates[EDGES]:.2f}",
    )
