"""What an attention block costs: parameters, and multiply-adds per picture."""

from collections.abc import Iterable
from typing import NamedTuple

from attention_lib import _require
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


NOTHING = BlockCost(0, 0, 0, 0, 0)


def total(costs: Iterable[BlockCost]) -> BlockCost:
    """Add costs up, each kind for itself.

    Args:
        costs: of any number of blocks.

    Returns:
        The cost of all of them; of none, zeros.
    """
    return BlockCost(*map(sum, zip(NOTHING, *costs, strict=True)))


def se_cost(
    channels: int,
    reduction: int = 16,
    *,
    hidden: int | None = None,
    height: int = 1,
    width: int = 1,
    use_bias: bool = True,
) -> BlockCost:
    """Cost of Squeeze-and-Excitation: 2 C (C // r) weights, C // r + C biases.

    Args:
        channels: C.
        reduction: r, from 1 to C.
        hidden: units of the bottleneck, in place of C // r.
        height: of the feature map; the parameters do not depend on it.
        width: of the feature map.
        use_bias: whether the two layers have biases; the papers' tables count none.

    Returns:
        The cost. A bias is where its sum starts, and adds no operation.

    Raises:
        ValueError: if r exceeds C, or a size is not a whole number of 1 or more.
    """
    entries = _entries(channels, height, width)
    if hidden is None:
        hidden = hidden_width(channels, reduction)
    hidden = _require.count(hidden, "hidden")
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


def cbam_cost(
    channels: int,
    reduction: int = 16,
    *,
    spatial_kernel_size: int = 7,
    height: int = 1,
    width: int = 1,
    use_bias: bool = True,
) -> BlockCost:
    """Cost of CBAM: SE's MLP and 2 k^2 weights, and the two numbers of the batch normalisation.

    Args:
        channels: C.
        reduction: r, from 1 to C.
        spatial_kernel_size: k, odd.
        height: of the feature map; the parameters do not depend on it.
        width: of the feature map.
        use_bias: whether the MLP has biases.

    Returns:
        The cost. Averages and maxima are taken over places and over channels, the MLP is used
        twice, and each half scales the map.

    Raises:
        ValueError: if r exceeds C, k is even, or a size is not a whole number of 1 or more.
    """
    mlp = se_cost(channels, reduction, height=height, width=width, use_bias=use_bias)
    kernel = 2 * _require.odd(spatial_kernel_size, "spatial_kernel_size") ** 2
    places = int(height) * int(width)
    return BlockCost(
        weights=mlp.weights + kernel + 1,
        biases=mlp.biases + 1,
        squeeze=4 * mlp.squeeze,
        excite=2 * mlp.excite + (kernel + 1) * places,
        scale=2 * mlp.scale,
    )


def variant_cost(
    name: str,
    channels: int,
    *,
    reduction: int = 16,
    groups: int = 16,
    kernel_size: int = 3,
    height: int = 1,
    width: int = 1,
) -> BlockCost:
    """Cost of an excitation that the ECA paper compares, without biases.

    Args:
        name: "SE", "SE-Var1", "SE-Var2", "SE-Var3", "SE-GC", "ECA-NS" or "ECA".
        channels: C.
        reduction: SE's r, from 1 to C.
        groups: G of the group convolution; it must divide C.
        kernel_size: k of ECA-NS and ECA, odd.
        height: of the feature map; the parameters do not depend on it.
        width: of the feature map.

    Returns:
        The cost.

    Raises:
        ValueError: if the name is not one of these, or the sizes do not fit.

    Reference: Wang et al., "ECA-Net", arXiv:1910.03151, Table 2.
    """
    entries = _entries(channels, height, width)
    channels, size = int(channels), {"height": height, "width": width}
    if name == "SE":
        return se_cost(channels, reduction, use_bias=False, **size)
    if name == "ECA":
        return eca_cost(channels, kernel_size=kernel_size, **size)
    weights = {
        "SE-Var1": lambda: 0,
        "SE-Var2": lambda: channels,
        "SE-Var3": lambda: channels**2,
        "SE-GC": lambda: channels * _require.quotient(channels, "channels", groups, "groups"),
        "ECA-NS": lambda: channels * _require.odd(kernel_size, "kernel_size"),
    }
    count = weights[_require.choice(name, "name", ("SE", "ECA", *weights))]()
    return BlockCost(count, 0, squeeze=entries, excite=count, scale=entries)


def _entries(channels: int, height: int, width: int) -> int:
    sizes = {"channels": channels, "height": height, "width": width}
    channels, height, width = (_require.count(size, name) for name, size in sizes.items())
    return channels * height * width
