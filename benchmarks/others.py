"""Other ways to show gates that follow a slider, for comparison; runs in the kernel.

Each shows the C gates of the excitation panel, and its one slider chooses r.
"""

import anywidget
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from ipympl.backend_nbagg import Canvas, FigureManager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_lib.panels.excitation import state as excitation

SIZE = (7, 3)  # inches of 100 pixels


def gates(channels: int, position: int) -> np.ndarray:
    """The gates (C,) for r = 2 ** position, computed as the panel does."""
    state = excitation.compute(
        photo="cat",
        weights="seeded",
        channels=channels,
        reduction=2**position,
        activation="relu",
        gate="sigmoid",
        spread=4.0,
        seed=0,
    )
    return state.trace.gates


def slider(channels: int) -> widgets.IntSlider:
    """From r = 1 up to the most that the excitation panel's slider reaches for this C."""
    return widgets.IntSlider(value=2, min=0, max=min(channels.bit_length() - 1, 8), description="r")


def inline_bars(channels: int) -> widgets.Widget:
    """What a first notebook does: `interact`, a new figure, a bar for each channel."""

    def show(position: int) -> None:
        _, ax = plt.subplots(figsize=SIZE, dpi=100)
        ax.bar(np.arange(channels), gates(channels, position))
        ax.set_ylim(0, 1)
        plt.show()

    return widgets.interactive(show, position=slider(channels))


def inline_stairs(channels: int) -> widgets.Widget:
    """The same with one artist for all channels."""

    def show(position: int) -> None:
        _, ax = plt.subplots(figsize=SIZE, dpi=100)
        ax.stairs(gates(channels, position), fill=True)
        ax.set_ylim(0, 1)
        plt.show()

    return widgets.interactive(show, position=slider(channels))


def ipympl_stairs(channels: int) -> widgets.Widget:
    """One figure, kept, in ipympl's canvas; the stairs move."""
    figure = Figure(figsize=SIZE, dpi=100)
    canvas = Canvas(figure)
    FigureManager(canvas, 1)
    ax: Axes = figure.add_subplot(ylim=(0, 1))
    control = slider(channels)
    stairs = ax.stairs(gates(channels, control.value), fill=True)

    def move(change: dict) -> None:
        stairs.set_data(gates(channels, change.new))
        canvas.draw_idle()

    control.observe(move, "value")
    return widgets.VBox([control, canvas])


class _Canvas(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const canvas = document.createElement("canvas");
      canvas.className = "transport";
      canvas.width = 700;
      canvas.height = 300;
      const context = canvas.getContext("2d");
      let frame = 0;
      function paint() {
        const { buffer, byteOffset, byteLength } = model.get("values");
        const values = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
        context.clearRect(0, 0, 700, 300);
        values.forEach((value, i) => {
          context.fillRect((i * 700) / values.length, 300, 700 / values.length, -300 * value);
        });
        canvas.dataset.frame = ++frame;
      }
      model.on("change:values", paint);
      el.appendChild(canvas);
      paint();
    }
    export default { render };
    """
    values = traitlets.Bytes().tag(sync=True)


def transport(channels: int) -> widgets.Widget:
    """No computing and no drawing in the kernel: numbers that are ready, painted in the browser."""
    control = slider(channels)
    ready = [gates(channels, i).astype(np.float32).tobytes() for i in range(control.max + 1)]
    canvas = _Canvas(values=ready[control.value])
    control.observe(lambda change: canvas.set_trait("values", ready[change.new]), "value")
    return widgets.VBox([control, canvas])
