"""Hidden widths as real networks choose them, where C // r is not the rule.

References: Tan and Le, "EfficientNet", arXiv:1905.11946; Howard et al., "Searching for
MobileNetV3", arXiv:1905.02244.
"""

from attention_lib import _require


def efficientnet_width(block_inputs: int) -> int:
    """A quarter of the channels that entered the block, before it expanded them; at least 1.

    Args:
        block_inputs: channels of the block's input, 1 or more.

    Returns:
        Hidden units of the block's SE.

    Raises:
        ValueError: if `block_inputs` is not a whole number of 1 or more.
    """
    return max(1, _require.count(block_inputs, "block_inputs") // 4)


def mobilenet_v3_width(channels: int) -> int:
    """A quarter of the expanded channels, to a multiple of 8.

    Args:
        channels: C of the map that SE acts on, 1 or more.

    Returns:
        Hidden units of the block's SE.

    Raises:
        ValueError: if `channels` is not a whole number of 1 or more.
    """
    return multiple_of_8(_require.count(channels, "channels") / 4)


def multiple_of_8(width: float) -> int:
    """The nearest multiple of 8, ties going up, but never more than a tenth below.

    Args:
        width: above 0.

    Returns:
        8 or more.

    Raises:
        ValueError: if `width` is not a finite number above 0.
    """
    width = _require.finite(width, "width", above=0)
    nearest = max(8, int(width + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * width else nearest
