"""The interactive panels, one a folder; each `show_*` function returns a widget."""

from attention_lib import _extras

_extras.need("panels", "anywidget", "ipywidgets", "matplotlib", "PIL")
# ruff: noqa: E402  what follows would fail without them, and not in a sentence

from attention_lib.panels.cbam.panel import show_cbam
from attention_lib.panels.cost.panel import show_cost
from attention_lib.panels.eca.panel import show_eca
from attention_lib.panels.excitation.panel import show_excitation
from attention_lib.panels.family.panel import show_family
from attention_lib.panels.kernel_size.panel import show_kernel_size
from attention_lib.panels.kit.panel import open_panel
from attention_lib.panels.pipeline.panel import show_pipeline
from attention_lib.panels.scale.panel import show_scale
from attention_lib.panels.squeeze.panel import show_squeeze
from attention_lib.panels.training.panel import show_training
from attention_lib.panels.variants.panel import show_variants
from attention_lib.panels.your_network.panel import show_your_network

__all__ = [
    "open_panel",
    "show_cbam",
    "show_cost",
    "show_eca",
    "show_excitation",
    "show_family",
    "show_kernel_size",
    "show_pipeline",
    "show_scale",
    "show_squeeze",
    "show_training",
    "show_variants",
    "show_your_network",
]
