"""The pipeline panel: a photograph through an SE block, one stage at a time."""

from attention_lib.panels.pipeline.panel import show_pipeline

__all__ = ["show_pipeline"]
