"""The CBAM panel."""
