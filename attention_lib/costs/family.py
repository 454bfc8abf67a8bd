"""How many weights each of the attentions has, for C channels."""

from attention_lib import _require
from attention_lib.steps.eca import adaptive_kernel_size
from attention_lib.steps.se import hidden_width

SPATIAL = 2 * 7 * 7  # CBAM's and Triplet's convolution over two pooled maps


def family_weights(channels: int, reduction: int = 16) -> dict[str, int]:
    """Count what is trained in each attention, biases and normalisations left out.

    SK is not listed: it has convolutions of its own. GE is its smallest form, theta-minus.
    Self-attention has one head, as deep as there are channels, and no layer behind it. Of GRN,
    whose gamma and beta are all that it has, both count.

    Args:
        channels: C.
        reduction: r, from 1 to C. Coordinate attention has its own width, C / 32 but 8 or more.

    Returns:
        Numbers of weights by name, in the order in which the methods were published.

    Raises:
        ValueError: if r exceeds C, or a size is not a whole number of 1 or more.
    """
    hidden = hidden_width(channels, reduction)
    channels = _require.count(channels, "channels")
    bottleneck = 2 * channels * hidden
    return {
        "SE": bottleneck,
        "self-attention": 3 * channels**2,
        "GE": 0,
        "BAM": bottleneck + channels * hidden + 2 * 9 * hidden**2 + hidden,
        "CBAM": bottleneck + SPATIAL,
        "scSE": bottleneck + channels,
        "GCNet": bottleneck + channels,
        "ECA": adaptive_kernel_size(channels),
        "Triplet": 3 * SPATIAL,
        "FcaNet": bottleneck,
        "Coordinate": 3 * channels * max(8, channels // 32),
        "SimAM": 0,
        "GRN": 2 * channels,
    }
