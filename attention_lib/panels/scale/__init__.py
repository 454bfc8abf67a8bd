"""The scale panel."""
