"""The engine of pictures: theme, text, marks, live and still figures; it knows no attention."""

from attention_lib import _extras

_extras.need("panels", "matplotlib", "PIL")
