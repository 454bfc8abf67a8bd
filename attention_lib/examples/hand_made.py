"""A hand-made excitation for the named filters, whose hidden units are questions one can read.

Random weights mean nothing, and trained ones rarely say what they mean. These were chosen so that
every gate has a reason. A hidden unit adds up what speaks for its question and takes away what
speaks against it; what ReLU leaves is how strongly the answer is yes. A yes opens some channels and
closes others. Where nobody says yes, a gate stays half open.
"""

import numpy as np

from attention_lib import _require
from attention_lib.language import say
from attention_lib.steps.cbam import CBAMWeights, SpatialWeights
from attention_lib.steps.se import SEWeights, hidden_width

# The most important first: a reduction that leaves room for two questions asks the first two.
HIDDEN_NAMES = (
    say("more texture than colour?"),
    say("more colour than texture?"),
    say("stripes running up?"),
    say("stripes running across?"),
)

# One row per channel, one column per question. The left half, W1, is what speaks for a question (+)
# and against it (-). The right half, W2 turned on its side, is what a yes opens (+) and closes (-).
# Most photographs have texture and many have colour: what tells them apart is the balance, so the
# first two questions set one against the other. The stripes' weights are large because the
# difference that they look for is small. Nobody asks about brightness or darkness.
# fmt: off
TABLE = np.array([
    # listens            answers
    # tex col  up across tex col  up across
    [  2, -1,  5, -5,      2, -2,  3, -3],  # vertical edges
    [  2, -1, -5,  5,      2, -2, -3,  3],  # horizontal edges
    [  2, -1,  0,  0,      2, -2,  0,  0],  # rising diagonals
    [  2, -1,  0,  0,      2, -2,  0,  0],  # falling diagonals
    [ -2,  2,  0,  0,     -2,  2,  0,  0],  # red − green
    [ -2,  2,  0,  0,     -2,  2,  0,  0],  # green − red
    [ -2,  2,  0,  0,     -2,  2,  0,  0],  # yellow − blue
    [ -2,  2,  0,  0,     -2,  2,  0,  0],  # blue − yellow
    [  0,  0,  0,  0,      2, -2,  0,  0],  # bright spots
    [  0,  0,  0,  0,      2, -2,  0,  0],  # dark spots
    [  1, -1,  0,  0,      2, -2,  0,  0],  # fine texture
    [  0,  0,  2, -2,      2, -2,  3, -3],  # broad stripes up
    [  0,  0, -2,  2,      2, -2, -3,  3],  # broad stripes across
    [ -2,  2,  0,  0,     -2,  2,  0,  0],  # colour borders
    [  0,  0,  0,  0,      0,  0,  0,  0],  # brightness
    [  0,  0,  0,  0,      0,  0,  0,  0],  # darkness
], dtype=np.float32)
# fmt: on
LISTENS, ANSWERS = np.hsplit(TABLE, 2)
STRONGEST = (float(np.abs(LISTENS).max()), float(np.abs(ANSWERS).max()))  # weights of W1, W2

THRESHOLD = 0.1  # a faint tinge or a slight lean is not yet a yes


def exist_for(channels: int, reduction: int) -> bool:
    """Whether there are hand-made weights for this C and r.

    Raises:
        ValueError: if there can be no weights of any kind, as for r > C.
    """
    hidden = hidden_width(channels, reduction)
    return channels in (8, 16) and hidden <= len(HIDDEN_NAMES)


def hand_made_names(channels: int, reduction: int) -> tuple[str, ...]:
    """What the hidden units ask, in order of importance.

    Args:
        channels: 8 or 16.
        reduction: leaves room for 1 to 4 questions, channels // reduction.

    Returns:
        One question for each hidden unit.

    Raises:
        ValueError: if there are no hand-made weights for the two.
    """
    return HIDDEN_NAMES[: _width(channels, reduction)]


def hand_made_weights(channels: int, reduction: int) -> SEWeights:
    """The weights and biases of the two layers that ask and answer the questions.

    Args:
        channels: 8 or 16.
        reduction: leaves room for 1 to 4 questions, channels // reduction.

    Returns:
        float32 weights for the first `channels` named filters.

    Raises:
        ValueError: if there are no hand-made weights for the two.
    """
    hidden = _width(channels, reduction)
    return SEWeights(
        reduce=LISTENS[:channels, :hidden].copy(),
        reduce_bias=np.full(hidden, -THRESHOLD, np.float32),
        expand=ANSWERS[:channels, :hidden].T.copy(),
        expand_bias=np.zeros(channels, np.float32),  # half open until somebody says yes
    )


def _width(channels: int, reduction: int) -> int:
    hidden = hidden_width(channels, reduction)
    if not exist_for(channels, reduction):
        raise ValueError(
            "There are hand-made weights for 8 channels with a reduction of 2 to 8, and for "
            f"16 channels with one of 4 to 16. Received: channels={channels}, "
            f"reduction={reduction}. Choose one of these, or take `random_weights`."
        )
    return hidden


CBAM_CHANNELS = (8, 16)
COLOUR_COUNTS = 3.5  # as maxima of edges are that much above those of colours
CONTRAST = 8  # how steeply a place's gate follows its contrast


def hand_made_cbam(channels: int, kernel_size: int = 7) -> CBAMWeights:
    """Weights of CBAM that one can read: two questions, and a look at the surroundings.

    The MLP has to serve means and maxima, which are ten times as large, so it asks the first two
    questions with other weights than `hand_made_weights`, and has no biases. The convolution takes
    what is around a place away from what is there, in both of its maps alike.

    Args:
        channels: 8 or 16.
        kernel_size: of the convolution, odd.

    Returns:
        float32 weights.

    Raises:
        ValueError: if there are no hand-made weights for so many channels, or k is even.
    """
    if channels not in CBAM_CHANNELS:
        raise ValueError(
            "There are hand-made weights of CBAM for 8 and for 16 channels. "
            f"Received: channels={_require.plain(channels)}. Choose one of these, or take "
            "random weights."
        )
    listens = np.zeros((channels, 2), np.float32)
    listens[:4], listens[4:8] = (1, -1), (-COLOUR_COUNTS, COLOUR_COUNTS)
    mlp = SEWeights(listens, None, ANSWERS[:channels, :2].T / 2, None)
    return CBAMWeights(mlp, local_contrast(kernel_size))


def local_contrast(kernel_size: int = 7) -> SpatialWeights:
    """A spatial convolution that opens where a place stands out: the middle minus the mean.

    Args:
        kernel_size: k, odd. With 1 there are no surroundings, and every gate is half open.

    Returns:
        (k, k, 2) float32 weights that sum to zero, the same for both maps.

    Raises:
        ValueError: if k is even.
    """
    size = _require.odd(kernel_size, "kernel_size")
    bell = np.exp(-0.5 * ((np.arange(size) - size // 2) * 6 / size) ** 2)
    middle = np.outer(bell, bell) / bell.sum() ** 2
    kernel = CONTRAST * (middle - 1 / size**2)
    return SpatialWeights(np.stack([kernel, kernel], axis=-1).astype(np.float32))
