"""LiveFigure: a Matplotlib figure on the page that redraws, and sends, only what moved.

The static layer (axes, ticks, labels) is drawn once and kept. A move restores it, draws the moving
artists over it, compares the result with the picture on the page and sends the rectangles that
differ. The page paints them onto a canvas that carries the alternative text.
"""

import io
import math
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
from PIL import Image

from attention_lib.figures import output
from attention_lib.figures.theme import DARK, LIGHT, POINTS_PER_INCH, Look

_HERE = Path(__file__).parent
_APART = 8  # pixels between two changes that are worth a rectangle each
_NARROWEST = 0.9  # a page shows a figure no smaller, but scrolls
_SPARSEST = 0.5
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


class LiveFigure(anywidget.AnyWidget):
    """A figure of fixed size in CSS pixels that shows one Scene.

    Args:
        scene: what to draw.
        state: the first state to show, in whatever form the scene takes.
        width, height: the size on the page, in CSS pixels.

    `alt` is the alternative text of the picture, `figure` the one Matplotlib figure, `sent` the
    number of pictures sent so far.
    """

    # As text: of a path anywidget would watch the file, and keep every figure for that.
    _esm = (_HERE / "live.js").read_text("utf-8")
    _css = (_HERE / "live.css").read_text("utf-8")
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
        self._scale, self._look, self._zoom = 1.0, LIGHT, 1.0
        self._asked = {"scale": 1.0, "zoom": 1.0, "dark": False}
        self._moving: list[Artist] = []
        self._still = self._pixels = np.zeros((0, 0, 4), np.uint8)
        self._lay_out()
        self._draw()
        super().__init__(width=width, height=height, frame=self._next_frame(whole=True))
        self.on_msg(self._on_message)

    def show(self, state: Any) -> None:
        """Draw `state` and send what changed; on an error the last good picture stays.

        Args:
            state: the new state, in the form the scene takes.
        """
        with self._drawing:
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
            self.frame = self._next_frame(whole=anew)

    def on_click(self, callback: Callable[[float, float], None]) -> None:
        """Call `callback(x, y)` with the place of a click, in CSS pixels of the figure."""
        self._clicked.append(callback)
        self.clickable = True

    def png(self) -> bytes:
        """The picture as it stands, as a PNG."""
        file = io.BytesIO()
        with self._drawing:
            Image.fromarray(self._pixels).save(file, "png")
        return file.getvalue()

    @property
    def pixels(self) -> np.ndarray:
        """The picture as it stands, (rows, columns, 3) bytes."""
        return self._pixels[..., :3]

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
        if self._zoom != 1:
            for text in self.figure.findobj(Text):
                text.set_fontsize(text.get_fontsize() / self._zoom)
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

    def _next_frame(self, *, whole: bool) -> dict[str, Any]:
        """What is drawn, or the parts of it in which it differs from what was sent before."""
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
        return {
            "number": self.sent,
            "whole": whole,
            "width": width,
            "height": height,
            "asked": self._asked,
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
            case {"scale": scale, "dark": dark} if _finite(scale, content.get("zoom", 1)):
                self.appear(scale, content.get("zoom", 1), bool(dark))

    def appear(self, scale: float, zoom: float, dark: bool) -> None:
        """Draw as a view wants it, within reason, and send the picture whole.

        Args:
            scale: dots of the screen for each CSS pixel of the figure.
            zoom: how large the page shows the figure; below 1 its type is enlarged, so that it is
                as large on the screen as ever.
            dark: whether the page is.
        """
        look = DARK if dark else LIGHT
        wanted = _within(scale, _SPARSEST, _DENSEST), _within(zoom, _NARROWEST, 1), look
        with self._drawing:
            self._asked = {"scale": scale, "zoom": zoom, "dark": dark}
            if wanted != (self._scale, self._zoom, self._look):
                self._scale, self._zoom, self._look = wanted
                self._lay_out()
                self._draw()
            self.frame = self._next_frame(whole=True)

    def _ipython_display_(self) -> None:
        output.show(self, self.alt, png=self.png())


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _finite(*numbers: Any) -> bool:
    return all(isinstance(number, int | float) and math.isfinite(number) for number in numbers)


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
