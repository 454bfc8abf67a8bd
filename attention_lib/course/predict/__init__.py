"""Predictions: each call shows a question, and reveals the computed truth once you have answered.

Run one as the last line of a cell: `predict.one_bright_pixel()`. `predict.note("...")` asks for a
line in your own words, and judges nothing.
"""

from attention_lib.course.predict._ask import Question, note
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
    formula_total,
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
    kernel_for_512,
    shared_band,
    tie_at_128,
    where_k_becomes_1,
)
from attention_lib.course.predict._evidence import (
    controls_beside_se,
    gates_replaced,
    gates_that_follow_the_mark,
    mark_out_of_reach,
    planted_channels,
    runs_with_constant_gates,
    without_the_mark,
)
from attention_lib.course.predict._excitation import (
    directions,
    gates_of_the_cat,
    hidden_units,
    one_full_layer,
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
    block_of_convolutions,
    fresh_gates,
    gates_of_the_wall,
    gates_on_the_skip,
    numpy_and_keras,
    reduction_of_efficientnet,
    second_dense,
    sixteen_units,
)
from attention_lib.course.predict._museum import (
    check_for_two_mlps,
    columns_with_their_own_gates,
    fewest_checks,
    found_by_the_shape,
    sigmoid_of_sigmoid,
    width_right_by_chance,
)
from attention_lib.course.predict._network import (
    answer_after_attaching,
    bias_to_train_from,
    gates_before_training,
    gates_of_the_photo_network,
    layer_that_changes_most,
    lines_with_channel_gates,
)
from attention_lib.course.predict._quiz import (
    all_open,
    far_channel,
    gates_of_062,
    kernel_for_256,
    one_run_each,
    quarter_of_16,
    quarter_open,
    quiz_hidden_units,
    quiz_parameters,
    quiz_squeeze,
    rank_of_cbam,
    same_gates,
    same_means,
    stage_to_leave_out,
    way_back,
    weights_of_3_by_3,
    weights_of_eca,
    what_it_is,
    worst_place,
    wrong_axes,
)
from attention_lib.course.predict._scale import (
    after_normalisation,
    back_through_a_gate,
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

__all__ = [name for name, value in globals().items() if isinstance(value, Question)]
__all__ += ["note"]
