"""The cost panel: its state, computed, and the sentences made from it."""

from functools import partial
from typing import NamedTuple

from attention_lib import _require
from attention_lib._words import many, number, sentences, short
from attention_lib.costs import (
    NETWORKS,
    Added,
    Network,
    Stage,
    added,
    cbam_cost,
    eca_cost,
    own_attention,
    printed,
    quoted_top1,
    se_cost,
    table,
)
from attention_lib.language import say
from attention_lib.steps.eca import adaptive_kernel_size
from attention_lib.steps.se import hidden_width

CBAM_SPATIAL = cbam_cost(1, 1, use_bias=False).parameters - 2  # beside the MLP of 2 weights
PAPER_REDUCTION = 16  # in the tables
MOBILE_REDUCTION = 8  # and there for MobileNetV2


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

    def by_stage(self, what: str) -> list[int]:
        """What every stage adds, "parameters" or "multiply_adds"; 0 where it is left out."""
        costs = self.added.stages
        return [
            getattr(costs[stage.number], what) if stage.number in costs else 0
            for stage in self.network.stages
        ]


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
            say(
                "`reduction` must not exceed the channels of any block; {name} has one of "
                "{narrowest}. Received: reduction={reduction}. Choose {narrowest} or less.",
                name=network.name,
                narrowest=narrowest,
                reduction=reduction,
            )
        )


def _widths(network: Network, stage: Stage) -> list[int]:
    own = any(block.hidden for block in network.blocks)
    return [getattr(block, network.place) for block in stage.blocks if block.hidden or not own]


def blocks(stage: Stage, widths: list[int]) -> str:
    """A stage's blocks with attention: how many, how wide, on maps of what size."""
    if not widths:
        return say("takes none")
    low, high = min(widths), max(widths)
    wide = f"{low}" if low == high else f"{low}–{high}"
    side = stage.blocks[-1].side
    return say(
        "{blocks}, C = {wide}, {side} × {side}",
        blocks=many(len(widths), "block"),
        wide=wide,
        side=side,
    )


def totals(state: CostState) -> tuple[str, str]:
    """All that is added: in parameters, and beside what the network has."""
    total, network = state.added.total, state.network
    more = 100 * total.multiply_adds / network.multiply_adds
    return say("+{parameters:,} parameters", parameters=total.parameters), (
        say(
            "{name} has {parameters:,}. Multiply-adds: +{multiply_adds}, +{more:.2g} % of {whole}",
            name=network.name,
            parameters=network.parameters,
            multiply_adds=short(total.multiply_adds),
            more=more,
            whole=short(network.multiply_adds),
        )
    )


def explain(state: CostState) -> str:
    """The arithmetic of the stage that adds most parameters."""
    most = max(state.added.stages, key=lambda stage: state.added.stages[stage].parameters)
    stage, widths = next(row for row in state.stages if row[0].number == most)
    parameters = state.added.stages[most].parameters
    of = many(len(widths), "block")
    if state.mechanism == "ECA":
        sizes = [adaptive_kernel_size(c, state.gamma, state.b) for c in widths]
        low, high = min(sizes), max(sizes)
        kernels = f"k = {low}" if low == high else say("k from {low} to {high}", low=low, high=high)
        return say(
            "Most in stage {number}: {of} × {kernels}, {parameters:,} parameters.",
            number=stage.number,
            of=of,
            kernels=kernels,
            parameters=parameters,
        )
    if len({*widths}) > 1:
        return say(
            "Most in stage {number}: {of} of 2 C · (C // r) weights each.",
            number=stage.number,
            of=of,
        )
    channels, hidden = widths[0], hidden_width(widths[0], state.reduction)
    terms = [say("2 · {channels} · {hidden} weights", channels=channels, hidden=hidden)]
    if state.use_bias:
        terms.append(say("{hidden} + {channels} biases", hidden=hidden, channels=channels))
    if state.mechanism == "CBAM":
        terms.append(say("{count} of the spatial half", count=CBAM_SPATIAL))
    return say(
        "Most in stage {number}: {of} × ({terms}) = {parameters:,} parameters.",
        number=stage.number,
        of=of,
        terms=" + ".join(terms),
        parameters=parameters,
    )


def comment(state: CostState) -> str:
    """What the last stage has to do with it, or what the published network has of its own."""
    network, total = state.network, state.added.total.parameters
    own = own_attention(network).total.parameters
    if own:
        return say(
            "The published network has SE of its own, with {own:,} parameters; here "
            "another stands in its place.",
            own=own,
        )
    if state.mechanism == "ECA":
        return say("By stage, k = {sizes}.", sizes=say(", ").join(map(str, kernels(state))))
    if state.everywhere:
        without = percent((total - state.last) / network.parameters)
        return say(
            "Without the last stage +{percent} would be +{without}.",
            percent=percent(state.added.share),
            without=without,
        )
    return say(
        "The last stage would add {last:,} more: {percent} of all.",
        last=state.last,
        percent=percent(state.last / (state.last + total)),
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
        setting = "" if mechanism == "ECA" else say(" (r = {reduction})", reduction=reduction)
        lines.append(
            say(
                "ECA paper, Table 3: top-1 accuracy {plain} % without, {with_it} % with "
                "{mechanism}{setting}{taken}.",
                plain=plain,
                with_it=with_it,
                mechanism=mechanism,
                setting=setting,
                taken=_taken(name, mechanism),
            )
        )
        if (name, mechanism) == ("ResNet-50", "ECA"):
            count = printed("ECA", "abstract", "ResNet-50 + ECA", "parameters")
            adds = say("It says that this adds {count} parameters.", count=count)
            lines[-1] = sentences((lines[-1], adds))
    if name == "ResNet-50" and mechanism == "SE" and state.everywhere:
        errors = _se_errors()
        at = errors.get(f"r = {state.reduction}")
        if at:
            lines.append(
                say(
                    "SE paper, Table 10: top-1 error {plain} % without, {at} % with r = "
                    "{reduction}.",
                    plain=errors["original"],
                    at=at,
                    reduction=state.reduction,
                )
            )
    return lines or [
        say(
            "The tables that we quote say nothing of {mechanism} in {name}.",
            mechanism=mechanism,
            name=name,
        )
    ]


def _taken(network: str, mechanism: str) -> str:
    """Whose measurements they are: a baseline is somebody's."""
    if not network.startswith("ResNet"):
        return ""
    return (
        say(", both taken from other work") if mechanism == "SE" else say(", the first taken over")
    )


def _se_errors() -> dict[str, str]:
    """Top-1 errors of the SE paper's Table 10, as printed."""
    cells = table("SE", "Table 10").cells
    return {cell.row: cell.printed for cell in cells if cell.quantity == "top-1 error, %"}


def describe(state: CostState) -> str:
    """The whole picture in words."""
    added, beside = totals(state)
    rows = say("; ").join(
        say("stage {stage}: {parameters:,} parameters", stage=stage, parameters=cost.parameters)
        for stage, cost in state.added.stages.items()
    )
    words = sentences((explain(state), comment(state), *quoted(state)))
    return say(
        "{mechanism} in {name}: {added}, +{percent}. {beside}. {rows}. {words}",
        mechanism=state.mechanism,
        name=state.network.name,
        added=added,
        percent=percent(state.added.share),
        beside=beside,
        rows=rows,
        words=words,
    )


def percent(share: float) -> str:
    """A share with as many digits as say something: 9.8 %, 0.62 %, 0.00034 %."""
    value = 100 * share
    return f"{number(value, 1)} %" if value >= 1 else f"{value:.2g} %"
