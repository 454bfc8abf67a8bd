"""Published networks as lists of stages, and what attention adds to them.

Counted as their papers count: 1000 classes, parameters that are trained, convolutions without bias
where batch normalisation follows, and a network that has SE of its own without it.

References: He et al., "Deep Residual Learning", arXiv:1512.03385; Sandler et al., "MobileNetV2",
arXiv:1801.04381; Howard et al., "Searching for MobileNetV3", arXiv:1905.02244; Tan and Le,
"EfficientNet", arXiv:1905.11946.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import chain
from math import ceil
from typing import NamedTuple

from attention_lib import _require
from attention_lib.costs.blocks import NOTHING, BlockCost, se_cost, total
from attention_lib.steps.widths import efficientnet_width, mobilenet_v3_width, multiple_of_8

CLASSES = 1000
PLACES = ("outputs", "inner")

Rows = list[list[tuple[int, int, int, int, int | None]]]  # inner, outputs, kernel, stride, hidden


class Conv(NamedTuple):
    """A convolution with what follows it: batch normalisation, or else a bias.

    A dense layer is one whose map is 1 x 1.
    """

    kernel: int
    inputs: int
    outputs: int
    side: int  # height and width of its output
    groups: int = 1
    norm: bool = True

    @property
    def weights(self) -> int:
        """Entries of the kernel."""
        return self.kernel**2 * self.inputs // self.groups * self.outputs

    @property
    def parameters(self) -> int:
        """The kernel, and gamma and beta of the normalisation, or the bias."""
        return self.weights + (2 if self.norm else 1) * self.outputs

    @property
    def running_statistics(self) -> int:
        """Means and variances that batch normalisation keeps, which are not trained."""
        return 2 * self.outputs if self.norm else 0

    @property
    def multiply_adds(self) -> int:
        """The kernel at every place. The normalisation is one with it when the network runs."""
        return self.weights * self.side**2


class Block(NamedTuple):
    """A residual block, and where attention would act in it."""

    inputs: int  # channels that enter
    inner: int  # channels of the widest, or in ResNets the 3 x 3, convolution
    outputs: int  # channels that leave
    side: int  # height and width of the inner and the outgoing map
    convs: tuple[Conv, ...]
    hidden: int | None = None  # units of the SE that the published network has here


class Stage(NamedTuple):
    """Blocks that follow each other at one width."""

    number: int  # as the paper counts, or from 1
    blocks: tuple[Block, ...]


class Network(NamedTuple):
    """A published network, without the attention it may have of its own."""

    name: str
    size: int  # height and width of the picture
    stem: tuple[Conv, ...]
    stages: tuple[Stage, ...]
    head: tuple[Conv, ...]
    place: str  # "outputs" or "inner": the map of a block that attention acts on

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them, in order."""
        return tuple(chain.from_iterable(stage.blocks for stage in self.stages))

    @property
    def convs(self) -> Iterator[Conv]:
        """All of them, the dense layer too."""
        return chain(self.stem, *(block.convs for block in self.blocks), self.head)

    @property
    def parameters(self) -> int:
        """What is trained, without attention."""
        return sum(conv.parameters for conv in self.convs)

    @property
    def running_statistics(self) -> int:
        """What batch normalisation keeps beside them."""
        return sum(conv.running_statistics for conv in self.convs)

    @property
    def multiply_adds(self) -> int:
        """Of all convolutions and the dense layer, for one picture, without attention."""
        return sum(conv.multiply_adds for conv in self.convs)


class Added(NamedTuple):
    """What attention adds to a network."""

    stages: dict[int, BlockCost]
    total: BlockCost
    share: float  # its parameters, relative to the network's own


def added(
    network: Network,
    cost: Callable[..., BlockCost],
    *,
    stages: tuple[int, ...] | None = None,
    place: str | None = None,
) -> Added:
    """Put attention into every block that takes it, and add up.

    Networks that have SE of their own take attention where they have it, the others everywhere.

    Args:
        network: one of `NETWORKS`.
        cost: such as `se_cost` or `functools.partial(eca_cost, gamma=2)`; it is called as
            `cost(channels, height=..., width=...)`.
        stages: numbers of those that get it; None for all.
        place: "outputs" or "inner", in place of the network's own.

    Returns:
        The cost of each stage, of all, and its share.

    Raises:
        ValueError: if a stage or the place is not there, or `cost` refuses a block.
    """
    place = network.place if place is None else _require.choice(place, "place", PLACES)
    numbers = [stage.number for stage in network.stages]
    if not {*(numbers if stages is None else stages)} <= {*numbers}:
        raise ValueError(
            f"`stages` must be among those of {network.name}. Received: stages={stages!r}. "
            f"Choose from {numbers}."
        )
    own = any(block.hidden for block in network.blocks)

    def cost_of(block: Block) -> BlockCost:
        if own and not block.hidden:
            return NOTHING
        return cost(getattr(block, place), height=block.side, width=block.side)

    return _add_up(network, cost_of, numbers if stages is None else stages)


def own_attention(network: Network) -> Added:
    """What the SE blocks cost that the published network has of its own; of none, zeros.

    Args:
        network: one of `NETWORKS`.

    Returns:
        The cost of each stage, of all, and its share.
    """

    def cost_of(block: Block) -> BlockCost:
        if not block.hidden:
            return NOTHING
        return se_cost(block.inner, hidden=block.hidden, height=block.side, width=block.side)

    return _add_up(network, cost_of, [stage.number for stage in network.stages])


def _add_up(
    network: Network, cost_of: Callable[[Block], BlockCost], numbers: Collection[int]
) -> Added:
    stages = {
        stage.number: total(map(cost_of, stage.blocks))
        for stage in network.stages
        if stage.number in numbers
    }
    everything = total(stages.values())
    return Added(stages, everything, everything.parameters / network.parameters)


def _resnet(depth: int, counts: tuple[int, ...]) -> Network:
    stages, inputs = [], 64
    for number, (count, inner, side) in enumerate(
        zip(counts, (64, 128, 256, 512), (56, 28, 14, 7), strict=True), start=2
    ):
        outputs, blocks = inner if depth < 50 else 4 * inner, []
        for _ in range(count):
            # The stride is in the first convolution, as in the paper; others moved it to the 3 x 3.
            convs: tuple[Conv, ...] = (
                (Conv(3, inputs, inner, side), Conv(3, inner, inner, side))
                if depth < 50
                else (
                    Conv(1, inputs, inner, side),
                    Conv(3, inner, inner, side),
                    Conv(1, inner, outputs, side),
                )
            )
            if inputs != outputs:
                convs += (Conv(1, inputs, outputs, side),)
            blocks.append(Block(inputs, inner, outputs, side, convs))
            inputs = outputs
        stages.append(Stage(number, tuple(blocks)))
    head = (Conv(1, inputs, CLASSES, 1, norm=False),)
    return Network(f"ResNet-{depth}", 224, (Conv(7, 3, 64, 112),), tuple(stages), head, "outputs")


def _inverted(
    inputs: int,
    inner: int,
    outputs: int,
    kernel: int,
    side: int,
    stride: int,
    hidden: int | None = None,
) -> Block:
    """Expand, convolve every channel for itself, project."""
    out = ceil(side / stride)
    convs: tuple[Conv, ...] = (
        Conv(kernel, inner, inner, out, groups=inner),
        Conv(1, inner, outputs, out),
    )
    if inner != inputs:
        convs = (Conv(1, inputs, inner, side), *convs)
    return Block(inputs, inner, outputs, out, convs, hidden)


def _mobile(
    name: str, size: int, stem: int, rows: Rows, head: tuple[int, ...], place: str = "inner"
) -> Network:
    """A stage for each row of blocks at one width: (inner, outputs, kernel, stride, hidden)."""
    side = ceil(size / 2)
    inputs, stages = stem, []
    for number, row in enumerate(rows, start=1):
        blocks = []
        for inner, outputs, kernel, stride, hidden in row:
            blocks.append(_inverted(inputs, inner, outputs, kernel, side, stride, hidden))
            inputs, side = outputs, blocks[-1].side
        stages.append(Stage(number, tuple(blocks)))
    last, *dense = head
    convs = [Conv(1, inputs, last, side)]
    for outputs in (*dense, CLASSES):
        convs.append(Conv(1, convs[-1].outputs, outputs, 1, norm=False))
    first = (Conv(3, 3, stem, ceil(size / 2)),)
    return Network(name, size, first, tuple(stages), tuple(convs), place)


def _mobilenet_v2() -> Network:
    rows: Rows = []
    inputs = 32
    for expansion, outputs, count, stride in (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ):
        rows.append([])
        for index in range(count):
            rows[-1].append((expansion * inputs, outputs, 3, 1 if index else stride, None))
            inputs = outputs
    return _mobile("MobileNetV2", 224, 32, rows, (1280,), "outputs")


def _mobilenet_v3(name: str, stages: list[list[tuple]], head: tuple[int, ...]) -> Network:
    rows = [
        [
            (inner, outputs, kernel, stride, mobilenet_v3_width(inner) if se else None)
            for inner, outputs, kernel, stride, se in row
        ]
        for row in stages
    ]
    return _mobile(f"MobileNetV3-{name}", 224, 16, rows, head)


def _efficientnet(number: int, wider: float, deeper: float, size: int) -> Network:
    stem = inputs = multiple_of_8(32 * wider)
    rows: Rows = []
    for expansion, outputs, kernel, stride, count in (
        (1, 16, 3, 1, 1),
        (6, 24, 3, 2, 2),
        (6, 40, 5, 2, 2),
        (6, 80, 3, 2, 3),
        (6, 112, 5, 1, 3),
        (6, 192, 5, 2, 4),
        (6, 320, 3, 1, 1),
    ):
        rows.append([])
        for index in range(ceil(count * deeper)):
            width = multiple_of_8(outputs * wider)
            hidden = efficientnet_width(inputs)
            rows[-1].append((expansion * inputs, width, kernel, 1 if index else stride, hidden))
            inputs = width
    return _mobile(f"EfficientNet-B{number}", size, stem, rows, (multiple_of_8(1280 * wider),))


NETWORKS = {
    network.name: network
    for network in (
        _resnet(18, (2, 2, 2, 2)),
        _resnet(34, (3, 4, 6, 3)),
        _resnet(50, (3, 4, 6, 3)),
        _resnet(101, (3, 4, 23, 3)),
        _resnet(152, (3, 8, 36, 3)),
        _mobilenet_v2(),
        _mobilenet_v3(
            "Small",
            [
                [(16, 16, 3, 2, True)],
                [(72, 24, 3, 2, False), (88, 24, 3, 1, False)],
                [(96, 40, 5, 2, True), (240, 40, 5, 1, True), (240, 40, 5, 1, True)],
                [(120, 48, 5, 1, True), (144, 48, 5, 1, True)],
                [(288, 96, 5, 2, True), (576, 96, 5, 1, True), (576, 96, 5, 1, True)],
            ],
            (576, 1024),
        ),
        _mobilenet_v3(
            "Large",
            [
                [(16, 16, 3, 1, False)],
                [(64, 24, 3, 2, False), (72, 24, 3, 1, False)],
                [(72, 40, 5, 2, True), (120, 40, 5, 1, True), (120, 40, 5, 1, True)],
                [
                    (240, 80, 3, 2, False),
                    (200, 80, 3, 1, False),
                    (184, 80, 3, 1, False),
                    (184, 80, 3, 1, False),
                ],
                [(480, 112, 3, 1, True), (672, 112, 3, 1, True)],
                [(672, 160, 5, 2, True), (960, 160, 5, 1, True), (960, 160, 5, 1, True)],
            ],
            (960, 1280),
        ),
        _efficientnet(0, 1.0, 1.0, 224),
        _efficientnet(1, 1.0, 1.1, 240),
        _efficientnet(2, 1.1, 1.2, 260),
        _efficientnet(3, 1.2, 1.4, 300),
        _efficientnet(4, 1.4, 1.8, 380),
        _efficientnet(5, 1.6, 2.2, 456),
        _efficientnet(6, 1.8, 2.6, 528),
        _efficientnet(7, 2.0, 3.1, 600),
    )
}
