"""The bug museum: mistakes of real repositories as working exhibits, and the checks that find them.

`EXHIBITS` and `INSTRUMENTS` are the two halves; `table()` tells which check finds which exhibit.
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
from attention_lib.course.museum.exhibits import EXHIBITS, Exhibit, Source, why_not
from attention_lib.course.museum.instruments import INSTRUMENTS, Finding, Instrument, gates_of
from attention_lib.course.museum.panel import show_museum
from attention_lib.course.museum.tables import Table, examine, matrix, missed_by, table

__all__ = [
    "ECA",
    "EXHIBITS",
    "INSTRUMENTS",
    "SE",
    "Block",
    "ChannelHalf",
    "Exhibit",
    "Finding",
    "Instrument",
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
