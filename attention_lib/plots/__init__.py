"""Still pictures: traces and stored runs onto Matplotlib axes."""

from attention_lib import _extras

_extras.need("panels", "matplotlib", "PIL")
# ruff: noqa: E402  what follows would fail without them, and not in a sentence

from attention_lib.plots.runs import (
    plot_comparison,
    plot_forced,
    plot_gate_spread,
    plot_gates_by_class,
    plot_gates_by_epoch,
    plot_spread,
)
from attention_lib.plots.traces import (
    plot_feature_maps,
    plot_gates,
    plot_interaction,
    plot_interactions,
    plot_kernel_sizes,
    plot_logits,
    plot_photo,
    plot_side_by_side,
)

__all__ = [
    "plot_comparison",
    "plot_feature_maps",
    "plot_forced",
    "plot_gate_spread",
    "plot_gates",
    "plot_gates_by_class",
    "plot_gates_by_epoch",
    "plot_interaction",
    "plot_interactions",
    "plot_kernel_sizes",
    "plot_logits",
    "plot_photo",
    "plot_side_by_side",
    "plot_spread",
]
