"""The kernel-size panel."""
