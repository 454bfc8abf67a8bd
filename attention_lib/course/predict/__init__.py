"""Predictions: each call shows a question, and reveals the computed truth once you have answered.

Run one as the last line of a cell: `predict.one_bright_pixel()`. `predict.note("...")` asks for a
line in your own words, and judges nothing.
"""

from attention_lib.course.predict._ask import note
from attention_lib.course.predict._cbam import (
    colours_on_the_background,
    gates_of_cbam,
    mean_and_maximum,
    spatial_attention_first,
    weights_for_two_summaries,
    weights_of_spatial_attention,
)
from attention_lib.course.predict._cost import (
    arithmetic_saved,
    share_of_the_last_stage,
    totals_told_apart,
    twice_c_and_twice_r,
    without_the_last_stage,
)
from attention_lib.course.predict._eca import (
    after_the_shuffle,
    arithmetic_of_eca,
    bigger_gamma,
    end_of_the_list,
    formula_total,
    kernel_for_512,
    shared_band,
    tie_at_128,
    where_k_becomes_1,
)
from attention_lib.course.predict._excitation import (
    directions,
    gates_of_the_cat,
    hidden_units,
    push_one,
    sets_of_gates,
    twice_the_channels,
    twice_the_reduction,
    zero_weights,
)
from attention_lib.course.predict._family import (
    contrast_after_adding,
    gates_of_coordinate_attention,
    mirrored_frequency,
    new_grn,
    smallest_simam_gate,
    weights_of_the_softmax,
    who_notices_a_shuffle,
)
from attention_lib.course.predict._keras import (
    bigger_maps,
    fresh_gates,
    gates_of_the_wall,
    numpy_and_keras,
    reduction_of_efficientnet,
    second_dense,
    sixteen_units,
)
from attention_lib.course.predict._scale import (
    after_normalisation,
    most_work,
    scaled_shape,
    times_the_mean,
    where_it_opens,
    whose_gates,
)
from attention_lib.course.predict._squeeze import (
    before_relu,
    divide_by,
    numbers_left,
    one_bright_pixel,
    twice_the_size,
)
from attention_lib.course.predict._start import (
    black_maps,
    colour_mix_on_the_wall,
    edges_closed_most,
    gates_of_cat_and_wall,
)

__all__ = [
    "after_normalisation",
    "after_the_shuffle",
    "arithmetic_of_eca",
    "arithmetic_saved",
    "before_relu",
    "bigger_gamma",
    "bigger_maps",
    "black_maps",
    "colour_mix_on_the_wall",
    "colours_on_the_background",
    "contrast_after_adding",
    "directions",
    "divide_by",
    "edges_closed_most",
    "end_of_the_list",
    "formula_total",
    "fresh_gates",
    "gates_of_cat_and_wall",
    "gates_of_cbam",
    "gates_of_coordinate_attention",
    "gates_of_the_cat",
    "gates_of_the_wall",
    "hidden_units",
    "kernel_for_512",
    "mean_and_maximum",
    "mirrored_frequency",
    "most_work",
    "new_grn",
    "note",
    "numbers_left",
    "numpy_and_keras",
    "one_bright_pixel",
    "push_one",
    "reduction_of_efficientnet",
    "scaled_shape",
    "second_dense",
    "sets_of_gates",
    "share_of_the_last_stage",
    "shared_band",
    "sixteen_units",
    "smallest_simam_gate",
    "spatial_attention_first",
    "tie_at_128",
    "times_the_mean",
    "totals_told_apart",
    "twice_c_and_twice_r",
    "twice_the_channels",
    "twice_the_reduction",
    "twice_the_size",
    "weights_for_two_summaries",
    "weights_of_spatial_attention",
    "weights_of_the_softmax",
    "where_it_opens",
    "where_k_becomes_1",
    "who_notices_a_shuffle",
    "whose_gates",
    "without_the_last_stage",
    "zero_weights",
]
