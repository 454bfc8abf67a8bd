"""What an attention block costs, in closed form: parameters, and multiply-adds per picture."""

from typing import NamedTuple

from attention_lib.steps import _require
from attention_lib.steps.eca import adaptive_kernel_size
from attention_lib.steps.se import hidden_width


class BlockCost(NamedTuple):
    """Parameters by kind and multiply-adds by step; an addition alone counts as one, too."""

    weights: int
    biases: int
    squeeze: int
    excite: int
    scale: int

    @property
    def parameters(self) -> int:
        """Everything that is trained."""
        return self.weights + self.biases

    @property
    def multiply_adds(self) -> int:
        """All three steps together."""
        return self.squeeze + self.excite + self.scale


def se_cost(
    channels: int, reduction: int, *, height: int = 1, width: int = 1, use_bias: bool = True
) -> BlockCost:
    """Cost of Squeeze-and-Excitation: 2 C (C // r) weights, C // r + C biases.

    Args:
        channels: C.
        reduction: r, from 1 to C.
        height: of the feature map; the parameters do not depend on it.
        width: of the feature map.
        use_bias: whether the two layers have biases; the papers' tables count none.

    Returns:
        The cost. A bias is where its sum starts, and adds no operation.

    Raises:
        ValueError: if r exceeds C, or a size is not a whole number of 1 or more.
    """
    hidden = hidden_width(channels, reduction)
    entries = _entries(channels, height, width)
    weights = 2 * int(channels) * hidden
    biases = hidden + int(channels) if use_bias else 0
    return BlockCost(weights, biases, squeeze=entries, excite=weights, scale=entries)


def eca_cost(
    channels: int,
    *,
    gamma: float = 2,
    b: float = 1,
    kernel_size: int | None = None,
    height: int = 1,
    width: int = 1,
) -> BlockCost:
    """Cost of Efficient Channel Attention: k weights, used once per channel.

    Args:
        channels: C.
        gamma: of the kernel size formula.
        b: of the kernel size formula.
        kernel_size: an odd k that replaces the formula.
        height: of the feature map; the parameters do not depend on it.
        width: of the feature map.

    Returns:
        The cost; products with the zero padding are counted, as they are carried out.

    Raises:
        ValueError: if k is even, gamma is not above 0, or a size is not a whole number.
    """
    entries = _entries(channels, height, width)
    if kernel_size is None:
        kernel_size = adaptive_kernel_size(channels, gamma, b)
    k = _require.odd(kernel_size, "kernel_size")
    return BlockCost(k, 0, squeeze=entries, excite=int(channels) * k, scale=entries)


def _entries(channels: int, height: int, width: int) -> int:
    sizes = {"channels": channels, "height": height, "width": width}
    channels, height, width = (_require.count(size, name) for name, size in sizes.items())
    return channels * height * width
