"""The bug museum: mistakes of real repositories as working exhibits, and the checks that find them.

`EXHIBITS` and `CHECKS` are the two halves; `table()` tells which check finds which exhibit.
"""

from attention_lib.course.museum.blocks import (
    ECA,
    SE,
    Block,
    ChannelHalf,
    SpatialHalf,
    convolve,
    slide,
)
from attention_lib.course.museum.checks import CHECKS, Check, Finding, gates_of
from attention_lib.course.museum.exhibits import EXHIBITS, Exhibit, Source, why_not
from attention_lib.course.museum.panel import show_museum
from attention_lib.course.museum.tables import Table, examine, matrix, missed_by, table

__all__ = [
    "CHECKS",
    "ECA",
    "EXHIBITS",
    "SE",
    "Block",
    "ChannelHalf",
    "Check",
    "Exhibit",
    "Finding",
    "Source",
    "SpatialHalf",
    "Table",
    "convolve",
    "examine",
    "gates_of",
    "matrix",
    "missed_by",
    "show_museum",
    "slide",
    "table",
    "why_not",
]
