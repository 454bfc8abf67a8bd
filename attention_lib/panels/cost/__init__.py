"""The cost panel."""

from attention_lib.panels.cost.panel import show_cost

__all__ = ["show_cost"]
