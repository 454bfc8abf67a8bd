"""Predictions: each call shows a question, and reveals the computed truth once you have answered.

Run one as the last line of a cell: `predict.one_bright_pixel()`.
"""

from attention_lib.predict._excitation import gates_of_the_cat
from attention_lib.predict._squeeze import (
    before_relu,
    divide_by,
    numbers_left,
    one_bright_pixel,
    twice_the_size,
)

__all__ = [
    "before_relu",
    "divide_by",
    "gates_of_the_cat",
    "numbers_left",
    "one_bright_pixel",
    "twice_the_size",
]
