"""The mathematics of channel attention in NumPy, one mechanism per module.

Every forward function returns a trace: a NamedTuple of all intermediates, in the paper's order.
Arrays are channels-last, (H, W, C), one picture at a time.
"""

from attention_lib.steps.activations import (
    ACTIVATIONS,
    GATES,
    hard_sigmoid,
    relu,
    sigmoid,
    swish,
)
from attention_lib.steps.cbam import (
    BatchNorm,
    CBAMTrace,
    CBAMWeights,
    ChannelTrace,
    SpatialTrace,
    SpatialWeights,
    cbam_forward,
    channel_attention,
    random_spatial_weights,
    scale_places,
    spatial_attention,
)
from attention_lib.steps.eca import (
    ECAExcitation,
    ECATrace,
    KernelChoice,
    adaptive_kernel_size,
    choose_kernel,
    eca_forward,
    neighbours,
    random_kernel,
    trace_interaction,
)
from attention_lib.steps.interaction import (
    Interactions,
    band_interaction,
    interactions,
    low_rank_interaction,
)
from attention_lib.steps.pooling import global_average_pool, global_max_pool
from attention_lib.steps.se import (
    SEExcitation,
    SETrace,
    SEWeights,
    excite,
    hidden_width,
    random_weights,
    scale,
    se_forward,
    squeeze,
    trace_excitation,
)
from attention_lib.steps.widths import efficientnet_width, mobilenet_v3_width, multiple_of_8

__all__ = [
    "ACTIVATIONS",
    "GATES",
    "BatchNorm",
    "CBAMTrace",
    "CBAMWeights",
    "ChannelTrace",
    "ECAExcitation",
    "ECATrace",
    "Interactions",
    "KernelChoice",
    "SEExcitation",
    "SETrace",
    "SEWeights",
    "SpatialTrace",
    "SpatialWeights",
    "adaptive_kernel_size",
    "band_interaction",
    "cbam_forward",
    "channel_attention",
    "choose_kernel",
    "eca_forward",
    "efficientnet_width",
    "excite",
    "global_average_pool",
    "global_max_pool",
    "hard_sigmoid",
    "hidden_width",
    "interactions",
    "low_rank_interaction",
    "mobilenet_v3_width",
    "multiple_of_8",
    "neighbours",
    "random_kernel",
    "random_spatial_weights",
    "random_weights",
    "relu",
    "scale",
    "scale_places",
    "se_forward",
    "sigmoid",
    "spatial_attention",
    "squeeze",
    "swish",
    "trace_excitation",
    "trace_interaction",
]
