"""The kernel-size panel."""

from attention_lib.panels.kernel_size.panel import show_kernel_size

__all__ = ["show_kernel_size"]
