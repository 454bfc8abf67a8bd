"""Exercise checks for functions and layers that build Keras models: notebooks 04, 05 and 06.

Beside `attention_lib.course.checks`, because these load TensorFlow.
"""

from attention_lib.course.keras_checks._cbam import cbam_block
from attention_lib.course.keras_checks._eca import eca_layer
from attention_lib.course.keras_checks._se import residual_unit, se_block

__all__ = ["cbam_block", "eca_layer", "residual_unit", "se_block"]
