"""What only the notebooks call: predictions, checks, the museum, progress and walks."""

from attention_lib import _extras

_extras.need("lab", "anywidget", "ipywidgets", "matplotlib", "PIL")
