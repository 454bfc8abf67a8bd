"""Live training: a small network learns, and its loss, accuracy and gates move meanwhile."""

from attention_lib.panels.training.panel import show_training

__all__ = ["show_training"]
