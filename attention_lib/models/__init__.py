"""Any Keras model: find its gates, read them, attach attention; and a network that ships."""
