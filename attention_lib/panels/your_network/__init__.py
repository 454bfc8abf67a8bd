"""The panel of your own network."""
