"""Pictures as tiles, each kept once, in lossless sheets.

Two states of a panel differ in few places. A picture is cut into squares; a square that was met
before is only named again. The sheets hold the squares in the order in which they were first met,
so whoever has the first sheets can show the first pictures.
"""

from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 16  # of a tile, in dots
ACROSS = 64  # tiles of a sheet, each way
SHEET = ACROSS * ACROSS


class Tiles:
    """The tiles of pictures of one size, and which of them each picture is made of."""

    def __init__(self) -> None:
        self.size = (0, 0)  # of a picture: columns and rows, in dots
        self.rows: list[np.ndarray] = []
        self._numbers: dict[bytes, int] = {}

    def add(self, pixels: np.ndarray) -> int:
        """Keep a picture.

        Args:
            pixels: (rows, columns, 3) bytes, as large as those before.

        Returns:
            The picture's number, from 0.

        Raises:
            ValueError: if it is of another size.
        """
        height, width = pixels.shape[:2]
        if self.rows and (width, height) != self.size:
            raise ValueError(
                f"Every picture of a panel must be of one size, {self.size}. "
                f"Received: {(width, height)}. Keep the figure's size."
            )
        self.size = width, height
        down, across = -(-height // SIDE), -(-width // SIDE)
        padded = np.zeros((down * SIDE, across * SIDE, 3), np.uint8)
        padded[:height, :width] = pixels
        squares = padded.reshape(down, SIDE, across, SIDE * 3).swapaxes(1, 2)
        squares = np.ascontiguousarray(squares).reshape(down * across, -1)
        number = self._numbers
        ids = [number.setdefault(square.tobytes(), len(number)) for square in squares]
        self.rows.append(np.array(ids, np.int32))
        return len(self.rows) - 1

    @property
    def sheets_for(self) -> list[int]:
        """How many sheets each picture needs, counted from the first."""
        return [int(row.max()) // SHEET + 1 for row in self.rows]

    def index(self) -> bytes:
        """Which tile stands where: for each place, what it differs from picture to picture, as
        32-bit integers; differences deflate well."""
        rows = np.array(self.rows, np.int32)
        steps = np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1]))
        return np.ascontiguousarray(steps.T, "<i4").tobytes()

    def write(self, folder: Path, effort: int = 3) -> int:
        """Write the sheets, 0.webp and so on, into a folder that is made.

        Args:
            folder: for the sheets.
            effort: from 0 to 5, to keep them small.

        Returns:
            How many there are.
        """
        folder.mkdir(parents=True, exist_ok=True)
        tiles = list(self._numbers)
        starts = range(0, len(tiles), SHEET)
        for number, start in enumerate(starts):
            part = tiles[start : start + SHEET]
            down = -(-len(part) // ACROSS)
            sheet = np.zeros((down * ACROSS, SIDE, SIDE, 3), np.uint8)
            sheet[: len(part)] = np.frombuffer(b"".join(part), np.uint8).reshape(-1, SIDE, SIDE, 3)
            sheet = sheet.reshape(down, ACROSS, SIDE, SIDE, 3).swapaxes(1, 2)
            write_webp(
                sheet.reshape(down * SIDE, ACROSS * SIDE, 3), folder / f"{number}.webp", effort
            )
        return len(starts)


def write_webp(pixels: np.ndarray, path: Path, effort: int = 3) -> None:
    """Write a picture without loss."""
    Image.fromarray(pixels).save(path, "webp", lossless=True, quality=20 * effort, method=effort)
