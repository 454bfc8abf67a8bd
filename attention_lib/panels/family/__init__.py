"""The panel of the family of attentions."""

from attention_lib.panels.family.panel import show_family

__all__ = ["show_family"]
