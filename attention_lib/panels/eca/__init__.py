"""ECA: a small kernel slides over a photograph's channels, beside SE's gates."""

from attention_lib.panels.eca.panel import show_eca
from attention_lib.panels.eca.state import compute

__all__ = ["compute", "show_eca"]
