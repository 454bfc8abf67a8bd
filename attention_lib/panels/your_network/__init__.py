"""The panel of your own network."""

from attention_lib.panels.your_network.panel import show_your_network

__all__ = ["show_your_network"]
