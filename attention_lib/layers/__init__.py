"""Channel and spatial attention as Keras layers, one mechanism per module.

The layers compute what `attention_lib.steps` computes, for batches and with trainable weights.
Import this package before loading a saved model that has them.
"""

from attention_lib.layers.cbam import CBAM, CBAMGates, ChannelAttention, SpatialAttention
from attention_lib.layers.eca import EfficientChannelAttention, eca_block
from attention_lib.layers.se import SqueezeExcite, se_block

__all__ = [
    "CBAM",
    "CBAMGates",
    "ChannelAttention",
    "EfficientChannelAttention",
    "SpatialAttention",
    "SqueezeExcite",
    "eca_block",
    "se_block",
]
