"""The cost panel: what attention adds to a published network, stage by stage."""

from functools import partial
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention_lib import marks
from attention_lib.costs import (
    NETWORKS,
    Added,
    Network,
    Stage,
    added,
    cbam_cost,
    eca_cost,
    own_attention,
    quoted_top1,
    se_cost,
    table,
)
from attention_lib.lettering import letter
from attention_lib.live import Scene
from attention_lib.look import SMALL, TEXT, Look, page
from attention_lib.panels.base import Panel
from attention_lib.panels.controls import Number, choice, tick
from attention_lib.panels.words import number
from attention_lib.steps import _require
from attention_lib.steps.eca import adaptive_kernel_size
from attention_lib.steps.se import hidden_width

HEIGHT = 540
CBAM_SPATIAL = cbam_cost(1, 1, use_bias=False).parameters - 2  # beside the MLP of 2 weights
MECHANISMS = ("SE", "ECA", "CBAM")
STAGES = {"all": "all", "all but the last": "not last"}
PAPER_REDUCTION = 16  # in the tables
MOBILE_REDUCTION = 8  # and there for MobileNetV2
ECA_PRINTED = {"ResNet-50": "80"}  # parameters, in the abstract

# Where things stand on the page, in CSS pixels.
LEFT = 14
TOP, ROWS, TALLEST_ROW = 46, 230, 48
COLUMNS = ((306, 170), (650, 170))  # left and length of the bars: parameters, multiply-adds
TOTAL = 300
WHOLE = (LEFT, 348, 932, 16)  # the bar of the network and what is added
WORDS = 400
QUOTED = 462


class CostState(NamedTuple):
    """What attention adds, and what was chosen."""

    network: Network
    mechanism: str
    reduction: int
    gamma: float
    b: float
    use_bias: bool
    everywhere: bool
    added: Added
    last: int  # what the last stage costs, be it left out or not

    @property
    def stages(self) -> list[tuple[Stage, list[int]]]:
        """Every stage, with the channels of each map that takes attention there."""
        return [(stage, _widths(self.network, stage)) for stage in self.network.stages]


def compute(
    network: str,
    mechanism: str,
    stages: str,
    reduction: int,
    gamma: float,
    b: float,
    use_bias: bool,
) -> CostState:
    """Add up the cost of every block; `show_cost` has the arguments."""
    chosen = NETWORKS[network]
    cost = {
        "SE": partial(se_cost, reduction=reduction, use_bias=use_bias),
        "ECA": partial(eca_cost, gamma=gamma, b=b),
        "CBAM": partial(cbam_cost, reduction=reduction, use_bias=use_bias),
    }[mechanism]
    if mechanism != "ECA":
        _fits(chosen, reduction)
    numbers = [stage.number for stage in chosen.stages]
    everywhere = added(chosen, cost)
    asked = everywhere if stages == "all" else added(chosen, cost, stages=tuple(numbers[:-1]))
    last = everywhere.stages[numbers[-1]].parameters
    return CostState(chosen, mechanism, reduction, gamma, b, use_bias, stages == "all", asked, last)


def _fits(network: Network, reduction: int) -> None:
    """Check that every block leaves at least one hidden unit."""
    reduction = _require.count(reduction, "reduction")
    narrowest = min(c for stage in network.stages for c in _widths(network, stage))
    if reduction > narrowest:
        raise ValueError(
            f"`reduction` must not exceed the channels of any block; {network.name} has one of "
            f"{narrowest}. Received: reduction={reduction}. Choose {narrowest} or less."
        )


def _widths(network: Network, stage: Stage) -> list[int]:
    own = any(block.hidden for block in network.blocks)
    return [getattr(block, network.place) for block in stage.blocks if block.hidden or not own]


class CostScene(Scene):
    """Draws a CostState: a row for each stage, the sum below, and what is quoted below that."""

    def layout(self, state: CostState) -> str:
        return state.network.name

    def build(self, figure: Figure, look: Look, state: CostState) -> list[Artist]:
        self._look = look
        self._page = page(figure, look)
        self._row = min(ROWS / len(state.network.stages), TALLEST_ROW)
        self._headings(state)
        return [*self._rows(state), *self._sum(), *self._words()]

    def update(self, state: CostState) -> str:
        self._update_rows(state)
        self._update_sum(state)
        lines = explain(state), comment(state), *quoted(state)
        for line, text in zip(self._lines, [*lines, "", ""], strict=False):
            line.set_text(text)
        rows = "; ".join(
            f"stage {stage}: {cost.parameters:,} parameters"
            for stage, cost in state.added.stages.items()
        )
        return (
            f"{state.mechanism} in {state.network.name}: {self._total.get_text()}, "
            f"{self._share.get_text()}. {rows}. {' '.join(filter(None, lines))}"
        )

    # -- a row for each stage ---------------------------------------------------------------------

    def _headings(self, state: CostState) -> None:
        look = self._look
        bold = {"fontsize": TEXT, "weight": "bold", "color": look.ink}
        letter(self._page, LEFT, 26, f"{state.network.name}", **bold)
        for (left, _), text in zip(
            COLUMNS, ("parameters added", "multiply-adds added, one picture"), strict=True
        ):
            letter(self._page, left, 26, text, **bold)
        plain = {"fontsize": SMALL + 0.5, "color": look.ink, "va": "center_baseline"}
        for row, (stage, widths) in enumerate(state.stages):
            y = TOP + (row + 0.5) * self._row
            letter(self._page, LEFT, y, _describe(stage, widths), **plain)

    def _rows(self, state: CostState) -> list[Artist]:
        look, count = self._look, len(state.network.stages)
        self.bars = [
            marks.Bars(self._page, look, sideways=True, box=(left, TOP, length, self._row * count))
            for left, length in COLUMNS
        ]
        style = {"fontsize": TEXT, "va": "center_baseline"}
        self._numbers = [
            [letter(self._page, 0, TOP + (row + 0.5) * self._row, **style) for row in range(count)]
            for _ in COLUMNS
        ]
        words = [text for column in self._numbers for text in column]
        return [*(bars.artist for bars in self.bars), *words]

    def _update_rows(self, state: CostState) -> None:
        look, total = self._look, state.added.total
        for bars, texts, (left, length), what, whole in zip(
            self.bars,
            self._numbers,
            COLUMNS,
            ("parameters", "multiply_adds"),
            (total.parameters, total.multiply_adds),
            strict=True,
        ):
            costs = [
                getattr(state.added.stages[stage.number], what)
                if stage.number in state.added.stages
                else 0
                for stage in state.network.stages
            ]
            highest = max(*costs, 1)
            most = int(np.argmax(costs))
            colours = np.tile(to_rgba(look.bar), (len(costs), 1))
            colours[most] = to_rgba(look.accent)
            bars.set(np.array(costs) / highest, colours)
            for row, (text, cost) in enumerate(zip(texts, costs, strict=True)):
                share = f"  {100 * cost / whole:.1f} %" if cost else ""
                text.set(
                    x=left + length * cost / highest + 8,
                    text=f"{cost:,}{share}" if what == "parameters" else f"{_short(cost)}{share}",
                    color=look.accent if cost and row == most else look.ink,
                )

    # -- all together -----------------------------------------------------------------------------

    def _sum(self) -> list[Artist]:
        look, (left, top, width, height) = self._look, WHOLE
        big = {"fontsize": 19, "weight": "bold", "color": look.accent}
        self._total = letter(self._page, LEFT, TOTAL + 24, **big)
        plain = {"fontsize": TEXT + 0.5, "color": look.ink}
        self._share = letter(self._page, 350, TOTAL + 24, **plain)
        network = Rectangle((left, top), width, height, facecolor=look.bar)
        self._part = Rectangle((left, top), 0, height, facecolor=look.accent)
        for patch in (network, self._part):
            self._page.add_patch(patch)
        return [network, self._part, self._total, self._share]

    def _update_sum(self, state: CostState) -> None:
        left, top, width, height = WHOLE
        total, network = state.added.total, state.network
        part = width * total.parameters / (network.parameters + total.parameters)
        self._part.set_bounds(left + width - part, top, part, height)
        self._total.set_text(f"+{total.parameters:,} parameters")
        more = 100 * total.multiply_adds / network.multiply_adds
        self._share.set_text(
            f"+{percent(state.added.share)} of the network’s {network.parameters:,};   "
            f"multiply-adds +{_short(total.multiply_adds)}, "
            f"+{more:.2g} % of {_short(network.multiply_adds)}"
        )

    def _words(self) -> list[Artist]:
        look = self._look
        plain = {"fontsize": TEXT + 0.5, "color": look.ink}
        self._lines = [letter(self._page, LEFT, WORDS + 24 * i, **plain) for i in range(2)]
        self._page.add_patch(
            Rectangle((LEFT, QUOTED - 16), 3, 68, facecolor=look.faint, linewidth=0)
        )
        heading = "Quoted from the papers, not computed here (it takes training):"
        quiet = {"fontsize": TEXT, "color": look.quiet}
        letter(self._page, LEFT + 14, QUOTED, heading, **quiet)
        self._lines += [
            letter(self._page, LEFT + 14, QUOTED + 22 * i, **quiet) for i in range(1, 3)
        ]
        return self._lines


def _describe(stage: Stage, widths: list[int]) -> str:
    """A stage's blocks with attention: how many, how wide, on maps of what size."""
    name = f"stage {stage.number}"
    if not widths:
        return f"{name}: takes none"
    low, high = min(widths), max(widths)
    wide = f"{low}" if low == high else f"{low}–{high}"
    blocks = "block" if len(widths) == 1 else "blocks"
    side = stage.blocks[-1].side
    return f"{name}: {len(widths)} {blocks}, C = {wide}, {side} × {side}"


def explain(state: CostState) -> str:
    """The arithmetic of the stage that adds most parameters."""
    most = max(state.added.stages, key=lambda stage: state.added.stages[stage].parameters)
    stage, widths = next(row for row in state.stages if row[0].number == most)
    parameters = state.added.stages[most].parameters
    blocks = f"{len(widths)} block{'s' if len(widths) > 1 else ''}"
    if state.mechanism == "ECA":
        sizes = [adaptive_kernel_size(c, state.gamma, state.b) for c in widths]
        kernels = (
            f"k = {sizes[0]}" if len({*sizes}) == 1 else f"k from {min(sizes)} to {max(sizes)}"
        )
        return f"Most in stage {stage.number}: {blocks} × {kernels}, {parameters:,} parameters."
    if len({*widths}) > 1:
        return f"Most in stage {stage.number}: {blocks} of 2 C · (C // r) weights each."
    channels, hidden = widths[0], hidden_width(widths[0], state.reduction)
    sum_of = f"2 · {channels} · {hidden} weights"
    if state.use_bias:
        sum_of += f" + {hidden} + {channels} biases"
    if state.mechanism == "CBAM":
        sum_of += f" + {CBAM_SPATIAL} of the spatial half"
    return f"Most in stage {stage.number}: {blocks} × ({sum_of}) = {parameters:,} parameters."


def comment(state: CostState) -> str:
    """What the last stage has to do with it, or what the published network has of its own."""
    network, total = state.network, state.added.total.parameters
    own = own_attention(network).total.parameters
    if own:
        return (
            f"The published network has SE of its own, with {own:,} parameters; "
            "here it is left out and another put in its place."
        )
    if state.mechanism == "ECA":
        return f"By stage, k = {', '.join(map(str, kernels(state)))}."
    if state.everywhere:
        without = percent((total - state.last) / network.parameters)
        return f"Without the last stage +{percent(state.added.share)} would be +{without}."
    return (
        f"The last stage would add {state.last:,} more: "
        f"{percent(state.last / (state.last + total))} of all."
    )


def kernels(state: CostState) -> list[int]:
    """ECA's kernel size in the last block of every stage that has it."""
    return [
        adaptive_kernel_size(widths[-1], state.gamma, state.b)
        for stage, widths in state.stages
        if widths and stage.number in state.added.stages
    ]


def quoted(state: CostState) -> list[str]:
    """What the papers report for this network and mechanism."""
    name, mechanism = state.network.name, state.mechanism
    lines = []
    plain, with_it = quoted_top1(name, "none"), quoted_top1(name, mechanism)
    if plain and with_it:
        reduction = MOBILE_REDUCTION if name == "MobileNetV2" else PAPER_REDUCTION
        setting = "" if mechanism == "ECA" else f" (r = {reduction})"
        printed = ECA_PRINTED.get(name) if mechanism == "ECA" else None
        counted = f" It says that this adds {printed} parameters." if printed else ""
        lines.append(
            f"ECA paper, Table 3: top-1 accuracy {plain} % without, {with_it} % with "
            f"{mechanism}{setting}.{counted}"
        )
    if name == "ResNet-50" and mechanism == "SE" and state.everywhere:
        errors = _se_errors()
        at = errors.get(f"r = {state.reduction}")
        if at:
            lines.append(
                f"SE paper, Table 10: top-1 error {errors['original']} % without, "
                f"{at} % with r = {state.reduction}."
            )
    return lines or [f"The tables that we quote say nothing of {mechanism} in {name}."]


def _se_errors() -> dict[str, str]:
    """Top-1 errors of the SE paper's Table 10, as printed."""
    cells = table("SE", "Table 10").cells
    return {cell.row: cell.printed for cell in cells if cell.quantity == "top-1 error, %"}


def percent(share: float) -> str:
    """A share with as many digits as say something: 9.8 %, 0.62 %, 0.00034 %."""
    value = 100 * share
    return f"{number(value, 1)} %" if value >= 1 else f"{value:.2g} %"


def _short(count: int) -> str:
    """A large count in millions or billions."""
    if count >= 10**9:
        return f"{count / 10**9:.2f} G"
    if count >= 10**5:
        return f"{count / 10**6:.2f} M"
    return f"{count:,}"


def show_cost(
    network: str = "ResNet-50",
    mechanism: str = "SE",
    stages: str = "all",
    reduction: int = 16,
    gamma: float = 2,
    b: float = 1,
    use_bias: bool = False,
) -> Panel:
    """See what attention adds to a published network: parameters and multiply-adds by stage.

    Args:
        network: a key of `costs.NETWORKS`.
        mechanism: "SE", "ECA" or "CBAM".
        stages: "all", or "not last" for all but the last one.
        reduction: r of SE and of CBAM.
        gamma: of ECA's kernel size formula.
        b: of ECA's kernel size formula.
        use_bias: whether SE's and CBAM's MLP has biases; the papers count none.

    Returns:
        The panel.

    Raises:
        ValueError: if a value cannot be.
    """
    controls = {
        "network": choice("network", list(NETWORKS), network),
        "mechanism": choice("mechanism", MECHANISMS, mechanism),
        "stages": choice("in stages", STAGES, stages),
        "reduction": Number("r", reduction, 1, 64, powers_of_two=True, width=200),
        "gamma": Number("γ", gamma, 0.5, 6, step=0.1, width=200),
        "b": Number("b", b, -4, 8, step=0.5, width=200),
        "use_bias": tick("biases", use_bias),
    }

    def show_what_counts(_change=None) -> None:
        eca = controls["mechanism"].value == "ECA"
        for name in ("reduction", "use_bias"):
            controls[name].layout.display = "none" if eca else ""
        for name in ("gamma", "b"):
            controls[name].layout.display = "" if eca else "none"

    first = [controls[name] for name in ("network", "mechanism", "stages")]
    second = [controls[name] for name in ("reduction", "use_bias", "gamma", "b")]
    panel = Panel(CostScene(), compute, controls, [first, second], height=HEIGHT, name="cost")
    controls["mechanism"].observe(show_what_counts, "value")
    show_what_counts()
    return panel
