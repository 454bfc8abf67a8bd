"""Exercise checks: give them your function, and they say what is wrong with it and why.

A check tries the function on small, random and edge cases, and answers in words. It never raises.
"""

from attention_lib.course.checks._cbam import channel_gates, two_maps
from attention_lib.course.checks._cost import last_share, network_weights
from attention_lib.course.checks._eca import adaptive_kernel_size, interact
from attention_lib.course.checks._evidence import difference, mean_gates
from attention_lib.course.checks._examine import Verdict
from attention_lib.course.checks._excitation import excite, parameters
from attention_lib.course.checks._family import context, response
from attention_lib.course.checks._museum import repaired, uses_maximum
from attention_lib.course.checks._network import most_changed, movement
from attention_lib.course.checks._scale import scale, scale_batch
from attention_lib.course.checks._squeeze import other_map, squeeze
from attention_lib.course.checks._start import gates_by_hand, rule

__all__ = [
    "Verdict",
    "adaptive_kernel_size",
    "channel_gates",
    "context",
    "difference",
    "excite",
    "gates_by_hand",
    "interact",
    "last_share",
    "mean_gates",
    "most_changed",
    "movement",
    "network_weights",
    "other_map",
    "parameters",
    "repaired",
    "response",
    "rule",
    "scale",
    "scale_batch",
    "squeeze",
    "two_maps",
    "uses_maximum",
]
