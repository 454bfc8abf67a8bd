"""Any Keras model: find its gates, read them, attach attention; and a network that ships."""

from attention_lib import _keras  # noqa: F401  first: it keeps TensorFlow quiet as it starts
