"""Channel attention, made visible: squeeze, excitation, scale, ECA and CBAM.

Nothing is imported here, so that `import attention_lib` costs nothing. Take what you need from
`attention_lib.steps` (NumPy), `attention_lib.layers` (Keras) or `attention_lib.panels` (widgets).
"""

__version__ = "0.2.0"
