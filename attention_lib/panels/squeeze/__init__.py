"""The squeeze panel."""

from attention_lib.panels.squeeze.panel import show_squeeze

__all__ = ["show_squeeze"]
