"""The panel of the family of attentions."""
