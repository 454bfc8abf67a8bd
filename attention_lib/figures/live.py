"""LiveFigure: a Matplotlib figure on the page that redraws, and sends, only what moved.

The static layer (axes, ticks, labels) is drawn once and kept. A move restores it, draws the moving
artists over it, compares the result with the picture on the page and sends the rectangles that
differ. The page paints them onto a canvas that carries the alternative text.
"""

import base64
import ctypes
import math
import struct
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from attention_lib.figures.theme import DARK, LIGHT, POINTS_PER_INCH, Look

_HERE = Path(__file__).parent
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
if hasattr(_LIBC, "mallopt"):
    # As large arrays come and go glibc learns to keep them, up to 64 MB at the end of each thread's
    # memory, which malloc_trim leaves there. What is larger than 8 MB is to go back when freed.
    _LIBC.mallopt(-3, 8 << 20)  # M_MMAP_THRESHOLD
    _LIBC.mallopt(-1, 8 << 20)  # M_TRIM_THRESHOLD
_APART = 8  # pixels between two changes that are worth a rectangle each
_TIDIED = 8  # pictures between two times that free memory is given back
_AWAKE = 2  # figures whose pixels stand ready: 6 MB each, and 24 MB on a dense screen
_DENSEST = 2.0  # beyond two dots a pixel the eye gains nothing and every picture costs more


class Scene:
    """What a LiveFigure draws. Subclasses say what stands still and what moves."""

    def layout(self, state: Any) -> Any:
        """What the static layer depends on; when it changes, the whole figure is drawn again."""
        return None

    def build(self, figure: Figure, look: Look, state: Any) -> list[Artist]:
        """Lay out an empty figure and return the artists that will move."""
        raise NotImplementedError

    def update(self, state: Any) -> str:
        """Move the artists to `state` and return the alternative text of the new picture."""
        raise NotImplementedError


_recent: list["LiveFigure"] = []  # those awake, the one used last at the end
_counting = threading.Lock()


class LiveFigure(anywidget.AnyWidget):
    """A figure of fixed size in CSS pixels that shows one Scene.

    Args:
        scene: what to draw.
        state: the first state to show, in whatever form the scene takes.
        width, height: the size on the page, in CSS pixels.

    `alt` is the alternative text of the picture, `figure` the one Matplotlib figure, `sent` the
    number of pictures sent so far.

    Of many figures, as of a cell that was run again and again, only those used last have their
    pixels ready; those of another one are kept deflated until it is used.
    """

    _esm = _HERE / "live.js"
    _css = _HERE / "live.css"
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    clickable = traitlets.Bool(False).tag(sync=True)

    def __init__(self, scene: Scene, state: Any, *, width: int, height: int):
        self.scene = scene
        self.figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH))
        self._canvas = FigureCanvasAgg(self.figure)
        self.alt = ""
        self.sent = 0
        self._clicked: list[Callable[[float, float], None]] = []
        # JupyterLab has the kernel hear the page on one thread while cells run on another.
        self._drawing = threading.RLock()
        self._state = state
        self._scale, self._look = 1.0, LIGHT
        self._moving: list[Artist] = []
        self._still = self._pixels = np.zeros((0, 0, 4), np.uint8)
        self._asleep: list[bytes] = []  # the two, deflated
        self._lay_out()
        super().__init__(width=width, height=height)
        self._draw()
        self._publish(whole=True)
        self._was_used()
        self.on_msg(self._on_message)

    def show(self, state: Any) -> None:
        """Draw `state` and send what changed; on an error the last good picture stays.

        Args:
            state: the new state, in the form the scene takes.
        """
        with self._drawing:
            self._wake()
            previous, self._state = self._state, state
            try:
                anew = self.scene.layout(state) != self._layout
                if anew:
                    self._lay_out()
                self._draw()
            except Exception:
                self._state = previous
                self._lay_out()
                self._draw()
                raise
            self._publish(whole=anew)
            self._was_used()
            if anew or self.sent % _TIDIED == 0:
                _give_back()

    def on_click(self, callback: Callable[[float, float], None]) -> None:
        """Call `callback(x, y)` with the place of a click, in CSS pixels of the figure."""
        self._clicked.append(callback)
        self.clickable = True

    def png(self) -> bytes:
        """The picture as it stands, as a PNG."""
        with self._drawing:
            self._wake()
            picture = _encode(self._pixels)
            self._was_used()
        return picture

    def _wake(self) -> None:
        """Have the pixels ready."""
        if self._asleep:
            self._still, self._pixels = map(self._inflate, self._asleep)
            self._asleep = []

    def _was_used(self) -> None:
        """Let the figure that was used longest ago put its pixels away."""
        with _counting:
            if self in _recent:
                _recent.remove(self)
            _recent.append(self)
            oldest = _recent.pop(0) if len(_recent) > _AWAKE else None
        if oldest and oldest._drawing.acquire(blocking=False):  # or else it is in use
            try:
                oldest._sleep()
            finally:
                oldest._drawing.release()

    def _sleep(self) -> None:
        if self._asleep:
            return
        self._asleep = [_deflate([self._still]), _deflate([self._pixels])]
        self._still = self._pixels = self._pixels[:0].copy()
        for text in self.figure.findobj(Text):
            text._renderer = None  # it would keep the canvas it was drawn on
        self._canvas = FigureCanvasAgg(self.figure)
        _give_back()

    def _inflate(self, pixels: bytes) -> np.ndarray:
        whole = np.frombuffer(bytearray(zlib.decompress(pixels)), np.uint8)
        return whole.reshape(*self._drawn().shape)

    def _drawn(self) -> np.ndarray:
        """The canvas's own pixels, (rows, columns, 4) bytes."""
        return np.asarray(self._canvas.get_renderer().buffer_rgba())

    def _lay_out(self) -> None:
        """Draw the static layer afresh and keep it."""
        for ax in self.figure.axes:
            for artist in list(ax.artists):
                artist.remove()  # its pixels would wait for the garbage collector
            ax.remove()  # clear() alone would first set up each anew, as slow as making it
        self.figure.clear()
        self.figure.set_dpi(POINTS_PER_INCH * self._scale)
        self._layout = self.scene.layout(self._state)
        moving = self.scene.build(self.figure, self._look, self._state)
        for artist in moving:
            artist.set_animated(True)
        self._moving = sorted(moving, key=Artist.get_zorder)
        self._canvas.draw()
        self._still = self._drawn().copy()

    def _draw(self) -> None:
        """Draw the moving artists over the static layer."""
        self.alt = self.scene.update(self._state)
        renderer = self._canvas.get_renderer()
        self._drawn()[:] = self._still
        for artist in self._moving:
            artist.draw(renderer)

    def _publish(self, *, whole: bool) -> None:
        """Send what is drawn, or the parts of it in which it differs from what was sent before."""
        self.sent += 1
        drawn = self._drawn()
        height, width = drawn.shape[:2]
        whole = whole or drawn.shape != self._pixels.shape
        if whole:
            places = [(slice(0, height), slice(0, width))]
            self._pixels = drawn.copy()
        else:
            places = _places(drawn.view(np.uint32)[..., 0] != self._pixels.view(np.uint32)[..., 0])
            for place in places:
                self._pixels[place] = drawn[place]
        self.frame = {
            "number": self.sent,
            "whole": whole,
            "width": width,
            "height": height,
            "alt": self.alt,
            "places": [
                [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start]
                for rows, columns in places
            ],
            "pixels": _deflate([drawn[place] for place in places]),
        }

    def _on_message(self, _widget: Any, content: dict, _buffers: Any) -> None:
        """A click, or a view that has opened or changed its theme or density; no other message."""
        match content:
            case {"click": [x, y]} if _finite(x, y):
                for callback in self._clicked:
                    callback(x, y)
            case {"scale": scale, "dark": dark} if _finite(scale):
                self._appear(min(max(scale, 1.0), _DENSEST), DARK if dark else LIGHT)

    def _appear(self, scale: float, look: Look) -> None:
        """Draw as densely and in the look that a view wants, and send the picture whole."""
        with self._drawing:
            self._wake()
            if (scale, look) != (self._scale, self._look):
                self._scale, self._look = scale, look
                self._lay_out()
                self._draw()
            self._publish(whole=True)
            self._was_used()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Beside the widget, the picture itself, so that a saved notebook shows it."""
        return with_picture(super()._repr_mimebundle_(**kwargs), self)


def with_picture(bundle: Any, figure: LiveFigure) -> Any:
    """Add a figure's picture and alternative text to a widget's display data.

    Args:
        bundle: what `_repr_mimebundle_` of a widget returned: a dict, or a (data, metadata) pair.
        figure: the LiveFigure whose picture to add.

    Returns:
        The same form, with `image/png` and `text/plain` in the data.
    """
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, None)
    data = {
        **(data or {}),
        "image/png": base64.b64encode(figure.png()).decode(),
        "text/plain": figure.alt,
    }
    return data if metadata is None else (data, metadata)


def _finite(*numbers: Any) -> bool:
    return all(isinstance(number, int | float) and math.isfinite(number) for number in numbers)


def _give_back() -> None:
    """Give memory that is free back to the system.

    glibc keeps what lies between pieces still in use, and after arrays of all sizes have come and
    gone, as C moves, that is tens of megabytes. A few ms; elsewhere than on Linux nothing happens.
    """
    trim = getattr(_LIBC, "malloc_trim", None)
    if trim:
        trim(0)


def _places(differs: np.ndarray) -> list[tuple[slice, slice]]:
    """Rectangles that hold every True: bands of rows, each as wide as it needs to be."""
    bands = _runs(differs.any(axis=1))
    return [(rows, columns) for rows in bands for columns in _runs(differs[rows].any(axis=0))]


def _runs(changed: np.ndarray) -> list[slice]:
    """Slices that hold every True; those less than _APART away from each other are one."""
    where = np.flatnonzero(changed)
    if not where.size:
        return []
    breaks = np.flatnonzero(np.diff(where) >= _APART)
    starts, ends = where[np.r_[0, breaks + 1]], where[np.r_[breaks, -1]] + 1
    return [slice(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def _deflate(parts: list[np.ndarray]) -> bytes:
    """The bytes of all parts, one after the other, in one zlib stream.

    The page inflates it in a few ms; a PNG for each part would wait for other threads each time.
    """
    stream = zlib.compressobj(1)
    packed = [stream.compress(np.ascontiguousarray(part)) for part in parts]
    return b"".join([*packed, stream.flush()])


def _encode(pixels: np.ndarray) -> bytes:
    """A PNG of (rows, columns, 4) bytes.

    Pillow tries every filter on every row, which takes more than half of its time, and flat
    pictures gain nothing by it.
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 4 * width), np.uint8)  # a row begins with its filter: none
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # eight bits each of RGBA
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
