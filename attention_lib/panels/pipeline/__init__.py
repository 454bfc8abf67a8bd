"""The pipeline panel: a photograph through an SE block, one stage at a time."""
