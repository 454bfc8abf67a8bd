"""The squeeze panel."""
