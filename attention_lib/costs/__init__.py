"""What attention costs, in closed form: in a block, in published networks, in the papers."""

from attention_lib.costs.blocks import BlockCost, cbam_cost, eca_cost, se_cost, total, variant_cost
from attention_lib.costs.family import family_weights
from attention_lib.costs.networks import (
    NETWORKS,
    Added,
    Block,
    Conv,
    Network,
    Stage,
    added,
    own_attention,
)
from attention_lib.costs.papers import (
    CLAIMS,
    KERNEL_READINGS,
    TABLES,
    Cell,
    Table,
    printed,
    quoted_top1,
    table,
)

__all__ = [
    "CLAIMS",
    "KERNEL_READINGS",
    "NETWORKS",
    "TABLES",
    "Added",
    "Block",
    "BlockCost",
    "Cell",
    "Conv",
    "Network",
    "Stage",
    "Table",
    "added",
    "cbam_cost",
    "eca_cost",
    "family_weights",
    "own_attention",
    "printed",
    "quoted_top1",
    "se_cost",
    "table",
    "total",
    "variant_cost",
]
