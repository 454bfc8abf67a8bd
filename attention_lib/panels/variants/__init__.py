"""The variants panel."""

from attention_lib.panels.variants.panel import show_variants

__all__ = ["show_variants"]
