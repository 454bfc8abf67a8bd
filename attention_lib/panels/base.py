"""Panel: controls, a pure compute, and one live figure, wired so that a mistake loses nothing."""

import html
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets

from attention_lib.live import LiveFigure, Scene, with_picture

WIDTH = 960
_HERE = Path(__file__).parent


class _Names(anywidget.AnyWidget):
    """Shows nothing; gives sliders and number boxes of its panel accessible names."""

    _esm = _HERE / "names.js"
    _css = _HERE / "panel.css"


class Panel(widgets.VBox):
    """An interactive panel: whenever a control moves, compute and draw.

    Args:
        scene: draws a state.
        compute: from the controls' values, by name, to the state that the scene draws. It raises
            ValueError with a sentence for values that cannot be.
        controls: every control by the name of the argument that it sets, in the order of use.
        rows: how the controls, and what else belongs beside them, stand in rows.
        height: of the figure, in CSS pixels.

    `state` is the last good state, `message` the sentence beside the picture ("" when all is well),
    `figure` the live figure.

    Raises:
        ValueError: if the first values cannot be.
    """

    def __init__(
        self,
        scene: Scene,
        compute: Callable[..., Any],
        controls: Mapping[str, widgets.Widget],
        rows: Sequence[Sequence[widgets.Widget]],
        *,
        height: int,
    ):
        self.controls = dict(controls)
        self.message = ""
        self._compute = compute
        self._held = False
        self.state = compute(**self.values())
        self.figure = LiveFigure(scene, self.state, width=WIDTH, height=height)
        self._line = widgets.HTML(layout={"width": "100%"})
        self._line.add_class("attention-message")
        names = _Names()
        names.add_class("attention-names")
        boxes = [widgets.HBox(row) for row in rows]
        for box in boxes:
            box.add_class("attention-row")
        super().__init__([*boxes, self._line, self.figure, names])
        self.add_class("attention-panel")
        self._say("")
        for control in self.controls.values():
            control.observe(self._refresh, "value")

    def values(self) -> dict[str, Any]:
        """What the controls are set to, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Set several controls at once and redraw once.

        Args:
            values: new values by control name.

        Raises:
            ValueError: if there is no control of that name.
        """
        unknown = sorted(values.keys() - self.controls.keys())
        if unknown:
            raise ValueError(
                f"Every value must belong to a control of this panel. Received: {unknown}. "
                f"Choose from {list(self.controls)}."
            )
        with self.hold():
            for name, value in values.items():
                self.controls[name].value = value

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let several controls move; the panel redraws once, at the end."""
        held, self._held = self._held, True
        try:
            yield
        finally:
            self._held = held
            self._refresh()

    def _refresh(self, _change: Any = None) -> None:
        if self._held:
            return
        try:
            try:
                state = self._compute(**self.values())
            except ValueError as error:
                self._say(str(error))
                return
            self.figure.show(state)
        except Exception as error:
            self._say(
                f"This panel met a fault of its own ({type(error).__name__}: {error}). "
                "The picture is the last good one; set the control back to go on."
            )
            if os.environ.get("ATTENTION_LIB_STRICT"):
                raise
        else:
            self.state = state
            self._say("")

    def _say(self, message: str) -> None:
        self.message = message
        words = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(message))
        self._line.value = f'<span class="panel-message">{words}</span>'

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Beside the widget, the figure's picture, so that a saved notebook shows it."""
        return with_picture(super()._repr_mimebundle_(**kwargs), self.figure)
