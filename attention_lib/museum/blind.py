"""Why a check cannot see a mistake."""

from attention_lib.museum.exhibits import Exhibit
from attention_lib.museum.instruments import Instrument

USUALLY = {
    "shape": "The shapes are right, and would be right whatever the numbers were.",
    "parameters": "All weights are there, as many as there should be. The mistake is in what is "
    "done with them.",
    "permutation": "What is wrong here is wrong for all channels alike, so the gates move along "
    "with their channels.",
    "constant": "It treats like places alike, and it hears brightness. That is all this check "
    "asks.",
    "batch": "Each picture is worked out by itself, rightly or wrongly. Company changes nothing.",
    "zero": "With zero weights nothing but zeros reach the sigmoid. What goes wrong before it "
    "cannot show.",
    "save": "All its weights are kept and come back, and the mistake comes back with them.",
    "pixel": "It hears the summary that it should hear. What goes wrong comes after.",
}
AT_64 = "At 64 channels, where this check looks, the formula gives 3, and so does the exhibit."
ALONE = "This check shows one picture at a time, and for one picture the gates land right."
ITS_OWN_MEAN = "On an even map every place is its own mean, so nobody misses the pooling."
ONE_FOR_ALL = "This half has one gate for all channels of a place; their order never mattered."
NOT_HOW_LARGE = (
    "The gates move, and like places get like ones. How large a gate may be is not asked."
)
HERE = {
    ("columns", "shape"): "It tried 8 pictures of 8 × 8, and the sizes hid it. Five would have "
    "stopped at once: give a shape check sizes that all differ.",
    ("columns", "constant"): ALONE,
    ("columns", "pixel"): ALONE,
    ("columns", "permutation"): ALONE,
    ("columns", "zero"): "All gates are 0.5, so it does not matter where they land.",
    ("overwritten", "constant"): ITS_OWN_MEAN,
    ("never called", "constant"): ITS_OWN_MEAN,
    ("never called", "parameters"): "Pooling has no weights, so none are missing.",
    ("reshaped", "constant"): "Each row holds a bit of all channels, but the same bit wherever one "
    "looks: the gates are wrong, and alike.",
    ("mean twice", "constant"): "On an even map the mean is the maximum, so adding it twice is "
    "right there.",
    ("mean twice", "zero"): "Twice zero is zero, and its sigmoid one half, as it should be.",
    ("two MLPs", "pixel"): "The maximum is heard. By which MLP cannot be told from outside.",
    ("two MLPs", "constant"): "Two MLPs treat like places alike, too, and both hear brightness.",
    ("width", "pixel"): "The means are heard, by too few questions or too many.",
    ("no units", "zero"): "Its gates are one half with weights as without: it has none.",
    ("no units", "save"): "There is nothing to lose: it has no weights.",
    ("no units", "pixel"): "Gates that never move do not move here either, as they should not.",
    ("no units", "batch"): "Every gate is one half, alone as in company.",
    ("no units", "permutation"): "All gates are one half, in any order.",
    ("even kernel", "permutation"): AT_64,
    ("even kernel", "pixel"): AT_64,
    ("even kernel", "constant"): AT_64,
    ("unread", "permutation"): AT_64,
    ("unread", "pixel"): AT_64,
    ("unread", "constant"): AT_64,
    ("unread", "shape"): "A kernel of 3 keeps every shape, for any number of channels.",
    ("made anew", "shape"): "A fresh kernel has the same shape as the last one.",
    ("made anew", "constant"): "Within one call all places share the kernel. Between two calls the "
    "gates should differ, and they do, for the wrong reason.",
    ("sigmoid twice", "constant"): NOT_HOW_LARGE,
    ("no sigmoid", "constant"): NOT_HOW_LARGE,
    ("no sigmoid", "pixel"): "It asks which places are heard, not how large a gate may be.",
    ("no sigmoid", "permutation"): ONE_FOR_ALL,
    ("kernel 49", "permutation"): ONE_FOR_ALL,
    ("kernel 49", "shape"): "Padding keeps the shape, whatever the kernel.",
}  # fmt: skip


def why_not(exhibit: Exhibit, instrument: Instrument) -> str:
    """Why this check finds nothing in this exhibit."""
    return HERE.get((exhibit.name, instrument.name), USUALLY[instrument.name])
