"""The interactive panels, one a file; each `show_*` function returns a widget."""

from attention_lib.panels.excitation import show_excitation
from attention_lib.panels.kernel_size import show_kernel_size
from attention_lib.panels.pipeline import show_pipeline

__all__ = ["show_excitation", "show_kernel_size", "show_pipeline"]
