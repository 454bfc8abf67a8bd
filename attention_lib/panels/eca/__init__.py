"""ECA: a small kernel slides over a photograph's channels, beside SE's gates."""
