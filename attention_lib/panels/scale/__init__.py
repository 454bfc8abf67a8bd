"""The scale panel."""

from attention_lib.panels.scale.panel import show_scale

__all__ = ["show_scale"]
