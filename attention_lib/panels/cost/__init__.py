"""The cost panel."""
