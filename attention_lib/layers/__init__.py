"""Channel and spatial attention as Keras layers, one mechanism per module.

The layers compute what `attention_lib.steps` computes, for batches and with trainable weights.
Import this package before loading a saved model that has them.

What is no number, or overflows, reaches the gates as it does in Keras' own pooling, and no other
picture of the batch. Layers that look for maxima refuse an empty batch or map with a sentence;
those that average return an empty result.
"""

from attention_lib import _keras  # noqa: F401  first: it keeps TensorFlow quiet as it starts
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
