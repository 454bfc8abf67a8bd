"""Predictions: each call shows a question, and reveals the computed truth once you have answered.

Run one as the last line of a cell: `predict.one_bright_pixel()`.
"""

from attention_lib.predict._eca import (
    after_the_shuffle,
    arithmetic_of_eca,
    bigger_gamma,
    end_of_the_list,
    formula_total,
    kernel_for_512,
    nobody_beside,
    shared_band,
    tie_at_128,
)
from attention_lib.predict._excitation import gates_of_the_cat
from attention_lib.predict._keras import (
    a_quarter_of_what,
    bigger_maps,
    fresh_gates,
    gates_of_the_wall,
    numpy_and_keras,
    second_dense,
    sixteen_units,
)
from attention_lib.predict._squeeze import (
    before_relu,
    divide_by,
    numbers_left,
    one_bright_pixel,
    twice_the_size,
)

__all__ = [
    "a_quarter_of_what",
    "after_the_shuffle",
    "arithmetic_of_eca",
    "before_relu",
    "bigger_gamma",
    "bigger_maps",
    "divide_by",
    "end_of_the_list",
    "formula_total",
    "fresh_gates",
    "gates_of_the_cat",
    "gates_of_the_wall",
    "kernel_for_512",
    "nobody_beside",
    "numbers_left",
    "numpy_and_keras",
    "one_bright_pixel",
    "second_dense",
    "shared_band",
    "sixteen_units",
    "tie_at_128",
    "twice_the_size",
]
