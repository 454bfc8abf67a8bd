"""The excitation panel."""
