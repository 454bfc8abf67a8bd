"""The engine of pictures, without attention: theme, text, marks, live and still figures."""

from attention_lib import _extras

_extras.need("panels", "matplotlib", "PIL")
