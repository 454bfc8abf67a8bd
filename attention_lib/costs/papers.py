"""The papers' tables, cell by cell: what is printed, what we count, and the difference.

What takes training to find is quoted. The SE paper's parameters fit if the running statistics of
batch normalisation are counted too, and its networks are those of He et al. The ECA paper's M is
2^20: its authors' counting script divides by 1024 twice. Its FLOPs are quoted: the script divides
them by 2^30, and the authors' ResNets stride in the 3 x 3 convolution, not in the 1 x 1 before it.
In its Tables 2 and 3 the results without attention and with SE are not the ECA authors' own; they
were taken from other work. Five rows of Table 3 are left out here, as they come from other papers.

References: Hu et al., "Squeeze-and-Excitation Networks", arXiv:1709.01507; Wang et al., "ECA-Net",
arXiv:1910.03151.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from attention_lib._words import number
from attention_lib.costs.blocks import BlockCost, cbam_cost, eca_cost, se_cost
from attention_lib.costs.networks import NETWORKS, Added, Network, added
from attention_lib.language import say

MILLION, BINARY_MILLION, BILLION = 10**6, 2**20, 10**9


class Cell(NamedTuple):
    """One number of a table."""

    row: str
    quantity: str
    printed: str  # as in the paper
    ours: float | None = None  # in the same unit; None where the number is quoted

    @property
    def quoted(self) -> bool:
        """Whether we took the number as it stands."""
        return self.ours is None

    @property
    def difference(self) -> float | None:
        """Ours minus what is printed; None where the number is quoted."""
        return None if self.ours is None else self.ours - float(self.printed)

    @property
    def agrees(self) -> bool | None:
        """Whether ours gives what is printed, rounded alike; None where the number is quoted."""
        if self.ours is None:
            return None
        digits = len(self.printed.partition(".")[2])
        return f"{self.ours:.{digits}f}" == self.printed


class Table(NamedTuple):
    """A table of a paper, or a claim in its text."""

    paper: str  # "SE" or "ECA"
    place: str  # such as "Table 10"
    title: str
    cells: tuple[Cell, ...]

    def _repr_html_(self) -> str:
        """A line for each row: what is printed, ours and the difference, or what is quoted."""
        counted = dict.fromkeys(c.quantity for c in self.cells if not c.quoted)
        quoted = dict.fromkeys(c.quantity for c in self.cells if c.quoted)
        heads = "".join(
            f'<th colspan="3" style="text-align: center">{_shown(q)}</th>' for q in counted
        )
        heads += "".join(f"<th>{_shown(q)}</th>" for q in quoted)
        three = say("printed"), say("ours"), say("difference")
        kinds = "".join(f"<th>{kind}</th>" for kind in three) * len(counted)
        kinds += f"<th><em>{say('quoted')}</em></th>" * len(quoted)
        lines = "".join(
            f"<tr><td>{_shown(row)}</td>"
            + "".join(_html(cells.get(q), q in counted) for q in (*counted, *quoted))
            + "</tr>"
            for row, cells in self._by_row().items()
        )
        title = say(
            "{paper} paper, {place}: {title}",
            paper=self.paper,
            place=_shown(self.place),
            title=self.title,
        )
        return (  # where the page is narrow, the numbers scroll in a frame of their own
            f'<p>{title}</p><div role="region" aria-label="{title}" tabindex="0" '
            'style="overflow-x: auto"><table>'
            f"<thead><tr><th></th>{heads}</tr><tr><th></th>{kinds}</tr></thead>"
            f"<tbody>{lines}</tbody></table></div>"
        )

    def _by_row(self) -> dict[str, dict[str, Cell]]:
        rows: dict[str, dict[str, Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, {})[cell.quantity] = cell
        return rows


def _shown(name: str) -> str:
    """A row, a quantity or a place, which are English by name, as the page has it."""
    names = {
        "top-1 error, %": say("top-1 error, %"),
        "top-5 error, %": say("top-5 error, %"),
        "top-1 accuracy, %": say("top-1 accuracy, %"),
        "top-5 accuracy, %": say("top-5 accuracy, %"),
        "parameters": say("parameters"),
        "parameters, M": say("parameters, M"),
        "parameters, 2^20": say("parameters, 2^20"),
        "more arithmetic, %": say("more arithmetic, %"),
        "training step on 8 GPUs, ms": say("training step on 8 GPUs, ms"),
        "inference on a CPU, ms": say("inference on a CPU, ms"),
        "training": say("training"),
        "inference": say("inference"),
        "original": say("original"),
        "maximum": say("maximum"),
        "average": say("average"),
        "SE in stage 2": say("SE in stage 2"),
        "SE in stage 3": say("SE in stage 3"),
        "SE in stage 4": say("SE in stage 4"),
        "SE in all": say("SE in all"),
        "SE after the 3 x 3": say("SE after the 3 x 3"),
        "SE-GC, 16 groups": say("SE-GC, 16 groups"),
        "SE-GC, C / 16 groups": say("SE-GC, C / 16 groups"),
        "SE-GC, C / 8 groups": say("SE-GC, C / 8 groups"),
        "abstract": say("abstract"),
        "Table 3, speed": say("Table 3, speed"),
    }
    kind, _, number_of = name.partition(" ")
    if kind == "Table" and number_of.isdigit():
        return say("Table {number}", number=number_of)
    if kind == "section":
        return say("section {number}", number=number_of)
    return names.get(name, name)


def _html(cell: Cell | None, counted: bool) -> str:
    """A cell of the page's table: three, where we counted; bold where the two disagree."""
    if cell is None:
        return "<td></td>" * (3 if counted else 1)
    if cell.ours is None or cell.difference is None:
        return f"<td><em>{cell.printed}</em></td>"
    digits = len(cell.printed.partition(".")[2]) + 1
    difference = number(cell.difference, digits, sign=True)
    if not cell.agrees:
        difference = f"<strong>{difference}</strong>"
    return f"<td>{cell.printed}</td><td>{cell.ours:.{digits}f}</td><td>{difference}</td>"


class KernelReading(NamedTuple):
    """A way to choose ECA's kernels in ResNet-50, and what it costs there."""

    rule: str
    kernel_sizes: tuple[int, ...]  # of stages 2 to 5
    parameters: int


def table(paper: str, place: str) -> Table:
    """Find a table of a paper.

    Args:
        paper: "SE" or "ECA".
        place: such as "Table 10".

    Returns:
        The table; a notebook shows it with what is printed, ours and the difference.

    Raises:
        ValueError: if there is none.
    """
    every = (*TABLES, *CLAIMS)
    for found in every:
        if (found.paper, found.place) == (paper, place):
            return found
    places = ", ".join(f"{found.paper} {found.place}" for found in every)
    raise ValueError(
        f"`paper` and `place` must be those of a table that we have. Received: {paper!r}, "
        f"{place!r}. Choose from {places}."
    )


def printed(paper: str, place: str, row: str, quantity: str) -> str:
    """One number as a paper prints it.

    Args:
        paper: "SE" or "ECA".
        place: such as "Table 10".
        row: such as "r = 16".
        quantity: such as "top-1 error, %".

    Returns:
        The number as it is printed, as text.

    Raises:
        ValueError: if there is no such table, row or quantity.
    """
    cells = table(paper, place).cells
    for cell in cells:
        if (cell.row, cell.quantity) == (row, quantity):
            return cell.printed
    known = "; ".join(f"{cell.row}: {cell.quantity}" for cell in cells)
    raise ValueError(
        f"`row` and `quantity` must be those of a cell of {paper} {place}. "
        f"Received: {row!r}, {quantity!r}. Choose from {known}."
    )


def quoted_top1(network: str, mechanism: str) -> str | None:
    """Top-1 accuracy in percent as the ECA paper's Table 3 reports it.

    Args:
        network: such as "ResNet-50".
        mechanism: "none", "SE", "CBAM" or "ECA".

    Returns:
        As printed, or None where the table says nothing.
    """
    row = network if mechanism == "none" else f"{network} + {mechanism}"
    for cell in ECA_TABLE_3.cells:
        if (cell.row, cell.quantity) == (row, "top-1 accuracy, %"):
            return cell.printed
    return None


se_without_biases = partial(se_cost, use_bias=False)
cbam_without_biases = partial(cbam_cost, use_bias=False)
RESNET_50 = NETWORKS["ResNet-50"]


def _stored(network: Network, extra: Added | None = None) -> float:
    """Numbers that are kept, in millions: parameters and running statistics."""
    more = extra.total.parameters if extra else 0
    return (network.parameters + network.running_statistics + more) / MILLION


def _gflops(network: Network, extra: Added | None = None) -> float:
    """Multiply-adds in billions, which the papers call FLOPs."""
    more = extra.total.multiply_adds if extra else 0
    return (network.multiply_adds + more) / BILLION


def _errors(row: str, top1: str, top5: str) -> tuple[Cell, Cell]:
    return Cell(row, "top-1 error, %", top1), Cell(row, "top-5 error, %", top5)


def _se_table_2() -> Iterator[Cell]:
    for name, gflops, errors, se_gflops, se_errors in (
        ("ResNet-50", "3.86", ("24.80", "7.48"), "3.87", ("23.29", "6.62")),
        ("ResNet-101", "7.58", ("23.17", "6.52"), "7.60", ("22.38", "6.07")),
        ("ResNet-152", "11.30", ("22.42", "6.34"), "11.32", ("21.57", "5.73")),
    ):
        network = NETWORKS[name]
        yield Cell(name, "GFLOPs", gflops, _gflops(network))
        yield from _errors(name, *errors)
        with_se = _gflops(network, added(network, se_without_biases))
        yield Cell(f"SE-{name}", "GFLOPs", se_gflops, with_se)
        yield from _errors(f"SE-{name}", *se_errors)


def _se_table_10() -> Iterator[Cell]:
    for reduction, top1, top5, millions in (
        (2, "22.29", "6.00", "45.7"),
        (4, "22.25", "6.09", "35.7"),
        (8, "22.26", "5.99", "30.7"),
        (16, "22.28", "6.03", "28.1"),
        (32, "22.72", "6.20", "26.9"),
    ):
        extra = added(RESNET_50, partial(se_without_biases, reduction=reduction))
        yield Cell(f"r = {reduction}", "parameters, M", millions, _stored(RESNET_50, extra))
        yield from _errors(f"r = {reduction}", top1, top5)
    yield Cell("original", "parameters, M", "25.6", _stored(RESNET_50))
    yield from _errors("original", "23.30", "6.55")


def _se_table_13() -> Iterator[Cell]:
    for row, stages, top1, top5, gflops, millions in (
        ("ResNet-50", (), "23.30", "6.55", "3.86", "25.6"),
        ("SE in stage 2", (2,), "23.03", "6.48", "3.86", "25.6"),
        ("SE in stage 3", (3,), "23.04", "6.32", "3.86", "25.7"),
        ("SE in stage 4", (4,), "22.68", "6.22", "3.86", "26.4"),
        ("SE in all", None, "22.28", "6.03", "3.87", "28.1"),
    ):
        extra = added(RESNET_50, se_without_biases, stages=stages)
        yield Cell(row, "parameters, M", millions, _stored(RESNET_50, extra))
        yield Cell(row, "GFLOPs", gflops, _gflops(RESNET_50, extra))
        yield from _errors(row, top1, top5)


def _se_table_15() -> Iterator[Cell]:
    for row, place, top1, top5, gflops, millions in (
        ("SE", "outputs", "22.28", "6.03", "3.87", "28.1"),
        ("SE after the 3 x 3", "inner", "22.48", "6.02", "3.86", "25.8"),
    ):
        extra = added(RESNET_50, se_without_biases, place=place)
        yield Cell(row, "parameters, M", millions, _stored(RESNET_50, extra))
        yield Cell(row, "GFLOPs", gflops, _gflops(RESNET_50, extra))
        yield from _errors(row, top1, top5)


def _no_squeeze(channels: int, *, height: int, width: int) -> BlockCost:
    """The two layers as 1 x 1 convolutions, without the average before them."""
    se = se_without_biases(channels, height=height, width=width)
    return se._replace(squeeze=0, excite=se.excite * height * width)


def _se_table_16() -> Iterator[Cell]:
    for row, cost, top1, top5, gflops, millions in (
        ("ResNet-50", None, "23.30", "6.55", "3.86", "25.6"),
        ("NoSqueeze", _no_squeeze, "22.93", "6.39", "4.27", "28.1"),
        ("SE", se_without_biases, "22.28", "6.03", "3.87", "28.1"),
    ):
        extra = added(RESNET_50, cost) if cost else None
        yield Cell(row, "parameters, M", millions, _stored(RESNET_50, extra))
        yield Cell(row, "GFLOPs", gflops, _gflops(RESNET_50, extra))
        yield from _errors(row, top1, top5)


def _eca_table_3() -> Iterator[Cell]:
    resnet: dict[str, Callable[..., BlockCost]] = {
        "SE": se_without_biases,
        "CBAM": cbam_without_biases,
        "ECA": eca_cost,
    }
    mobile: dict[str, Callable[..., BlockCost]] = {
        "SE": partial(se_without_biases, reduction=8),
        "ECA": eca_cost,
    }
    for name, mechanism, millions, flops, top1, top5 in (
        ("ResNet-50", None, "24.37", "3.86 G", "75.20", "92.52"),
        ("ResNet-50", "SE", "26.77", "3.87 G", "76.71", "93.38"),
        ("ResNet-50", "CBAM", "26.77", "3.87 G", "77.34", "93.69"),
        ("ResNet-50", "ECA", "24.37", "3.86 G", "77.48", "93.68"),
        ("ResNet-101", None, "42.49", "7.34 G", "76.83", "93.48"),
        ("ResNet-101", "SE", "47.01", "7.35 G", "77.62", "93.93"),
        ("ResNet-101", "CBAM", "47.01", "7.35 G", "78.49", "94.31"),
        ("ResNet-101", "ECA", "42.49", "7.35 G", "78.65", "94.34"),
        ("ResNet-152", None, "57.40", "10.82 G", "77.58", "93.66"),
        ("ResNet-152", "SE", "63.68", "10.85 G", "78.43", "94.27"),
        ("ResNet-152", "ECA", "57.40", "10.83 G", "78.92", "94.55"),
        ("MobileNetV2", None, "3.34", "319.4 M", "71.64", "90.20"),
        ("MobileNetV2", "SE", "3.40", "320.1 M", "72.42", "90.67"),
        ("MobileNetV2", "ECA", "3.34", "319.9 M", "72.56", "90.81"),
    ):
        network = NETWORKS[name]
        costs = mobile if name == "MobileNetV2" else resnet
        extra = added(network, costs[mechanism]).total.parameters if mechanism else 0
        row = f"{name} + {mechanism}" if mechanism else name
        yield Cell(row, "parameters, 2^20", millions, (network.parameters + extra) / BINARY_MILLION)
        yield Cell(row, "FLOPs", flops)
        yield Cell(row, "top-1 accuracy, %", top1)
        yield Cell(row, "top-5 accuracy, %", top5)


def _eca_table_2() -> Iterator[Cell]:
    for row, top1, top5 in (
        ("Vanilla", "75.20", "92.25"),
        ("SE", "76.71", "93.38"),
        ("SE-Var1", "76.00", "92.90"),
        ("SE-Var2", "77.07", "93.31"),
        ("SE-Var3", "77.42", "93.64"),
        ("SE-GC, 16 groups", "76.95", "93.47"),
        ("SE-GC, C / 16 groups", "76.98", "93.31"),
        ("SE-GC, C / 8 groups", "76.96", "93.38"),
        ("ECA-NS", "77.35", "93.61"),
        ("ECA", "77.43", "93.65"),
    ):
        yield Cell(row, "top-1 accuracy, %", top1)
        yield Cell(row, "top-5 accuracy, %", top5)


def _kernel_readings() -> Iterator[KernelReading]:
    counts = [len(stage.blocks) for stage in RESNET_50.stages]

    def by_formula(place: str) -> tuple[int, ...]:
        widths = (getattr(stage.blocks[0], place) for stage in RESNET_50.stages)
        return tuple(eca_cost(width).parameters for width in widths)

    for rule, kernel_sizes in (
        (say("the formula, on the blocks' outputs"), by_formula("outputs")),
        (say("the formula, on the blocks' inner widths"), by_formula("inner")),
        (say("as the authors' file of weights is named: 3557"), (3, 5, 5, 7)),
        (say("as the authors' code has it if nothing is said"), (3, 3, 3, 3)),
    ):
        parameters = sum(n * k for n, k in zip(counts, kernel_sizes, strict=True))
        yield KernelReading(rule, kernel_sizes, parameters)


KERNEL_READINGS = tuple(_kernel_readings())  # the paper says that ECA adds 80 parameters

ECA_TABLE_3 = Table(
    "ECA", "Table 3", say("Attention in four networks on ImageNet"), tuple(_eca_table_3())
)
TABLES = (
    Table("SE", "Table 2", say("SE in networks of different depth"), tuple(_se_table_2())),
    Table("SE", "Table 10", say("SE-ResNet-50 at different reductions"), tuple(_se_table_10())),
    Table(
        "SE",
        "Table 11",
        say("What squeezes"),
        (*_errors("maximum", "22.57", "6.09"), *_errors("average", "22.28", "6.03")),
    ),
    Table(
        "SE",
        "Table 12",
        say("What gates"),
        (
            *_errors("ReLU", "23.47", "6.98"),
            *_errors("tanh", "23.00", "6.38"),
            *_errors("sigmoid", "22.28", "6.03"),
        ),
    ),
    Table("SE", "Table 13", say("SE in one stage of ResNet-50"), tuple(_se_table_13())),
    Table(
        "SE",
        "Table 14",
        say("Where in the block"),
        (
            *_errors("SE", "22.28", "6.03"),
            *_errors("SE-PRE", "22.23", "6.00"),
            *_errors("SE-POST", "22.78", "6.35"),
            *_errors("SE-Identity", "22.20", "6.15"),
        ),
    ),
    Table("SE", "Table 15", say("SE after the 3 x 3 convolution"), tuple(_se_table_15())),
    Table("SE", "Table 16", say("Without the squeeze"), tuple(_se_table_16())),
    Table("ECA", "Table 2", say("Excitations compared in ResNet-50"), tuple(_eca_table_2())),
    ECA_TABLE_3,
)

CLAIMS = (  # what the papers say beside their tables
    Table(
        "SE",
        "section 4",
        say("What SE adds to ResNet-50"),
        (
            Cell("SE-ResNet-50", "more arithmetic, %", "0.26"),
            Cell("ResNet-50", "training step on 8 GPUs, ms", "190"),
            Cell("SE-ResNet-50", "training step on 8 GPUs, ms", "209"),
            Cell("ResNet-50", "inference on a CPU, ms", "164"),
            Cell("SE-ResNet-50", "inference on a CPU, ms", "167"),
        ),
    ),
    Table(
        "ECA", "abstract", say("ECA in ResNet-50"), (Cell("ResNet-50 + ECA", "parameters", "80"),)
    ),
    Table(
        "ECA",
        "section 4.2.1",
        say("The best fixed kernel size, of those from 3 to 9"),
        (Cell("ResNet-50", "k", "9"), Cell("ResNet-101", "k", "5")),
    ),
    Table(
        "ECA",
        "Table 3, speed",
        say("Pictures a second, on a GPU"),
        (
            Cell("ResNet-50", "training", "1024"),
            Cell("ResNet-50 + SE", "training", "759"),
            Cell("ResNet-50 + ECA", "training", "785"),
            Cell("ResNet-50", "inference", "1855"),
            Cell("ResNet-50 + SE", "inference", "1620"),
            Cell("ResNet-50 + ECA", "inference", "1805"),
        ),
    ),
)
