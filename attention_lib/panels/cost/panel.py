"""The cost panel: its controls."""

from attention_lib.costs import NETWORKS
from attention_lib.language import say
from attention_lib.panels.cost.scene import HEIGHT, CostScene
from attention_lib.panels.cost.state import CostState, compute
from attention_lib.panels.kit.controls import Number, choice, tick
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened

MECHANISMS = ("SE", "ECA", "CBAM")
STAGES = {say("all"): "all", say("all but the last"): say("not last")}

WIDTHS = (2, 4, 8, 16, 32, 64)
RECORDED = (
    Grid({"network": EVERY, "mechanism": EVERY, "stages": EVERY}, {"use_bias": EVERY}),
    Grid({"network": EVERY, "reduction": WIDTHS}),
    Grid({"network": EVERY, "reduction": WIDTHS}, start="mechanism=CBAM"),
    Grid({"network": EVERY, "gamma": (1, 2, 3), "b": (0, 1, 2)}, start="mechanism=ECA"),
    Grid({"network": EVERY, "use_bias": EVERY}),
    Grid({"network": EVERY, "use_bias": EVERY}, start="mechanism=CBAM"),
)


@can_be_opened
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
        ValueError: if a value is out of range.
    """
    controls = {
        "network": choice(say("network"), list(NETWORKS), network),
        "mechanism": choice(say("mechanism"), MECHANISMS, mechanism),
        "stages": choice(say("in stages"), STAGES, stages),
        "reduction": Number("r", reduction, 1, 64, powers_of_two=True),
        "gamma": Number("γ", gamma, 0.5, 6, step=0.1),
        "b": Number("b", b, -4, 8, step=0.5),
        "use_bias": tick(say("biases"), use_bias),
    }
    return Panel(
        CostScene(),
        compute,
        controls,
        [["network", "mechanism", "reduction", "use_bias"], ["stages", "gamma", "b"]],
        height=HEIGHT,
        name="cost",
        unused=_unused,
    )


def _unused(state: CostState) -> tuple[str, ...]:
    return ("reduction", "use_bias") if state.mechanism == "ECA" else ("gamma", "b")
