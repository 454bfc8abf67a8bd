"""The excitation panel."""

from attention_lib.panels.excitation.panel import show_excitation

__all__ = ["show_excitation"]
