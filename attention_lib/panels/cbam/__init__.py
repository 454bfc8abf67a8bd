"""The CBAM panel."""

from attention_lib.panels.cbam.panel import show_cbam

__all__ = ["show_cbam"]
