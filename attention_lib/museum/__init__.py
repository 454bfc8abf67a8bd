"""The bug museum: mistakes of real repositories as working exhibits, and the checks that find them.

`EXHIBITS` and `INSTRUMENTS` are the two halves; `table()` tells which check finds which exhibit.
"""

from attention_lib.museum.blind import why_not
from attention_lib.museum.blocks import ECA, SE, Block, ChannelHalf, SpatialHalf, convolve, slide
from attention_lib.museum.exhibits import EXHIBITS, Exhibit, Source
from attention_lib.museum.instruments import INSTRUMENTS, Finding, Instrument, gates_of
from attention_lib.museum.tables import Table, examine, matrix, missed_by, table

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
    "slide",
    "table",
    "why_not",
]
