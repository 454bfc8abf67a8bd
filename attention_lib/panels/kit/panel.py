"""Panel: controls, a pure compute, and one live figure, wired so that a mistake loses nothing."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import traitlets

from attention_lib._words import as_html
from attention_lib.figures import output
from attention_lib.figures.live import LiveFigure, Scene
from attention_lib.language import say
from attention_lib.panels.kit import presets
from attention_lib.panels.kit.session import ASK, SESSION_CSS, SessionWidget, own_id, watching

WIDTH = 960
_HERE = Path(__file__).parent


class _Foot(SessionWidget):
    """The foot of a panel: presenting, and the state as a line of text.

    It also gives the sliders and number boxes of its panel accessible names. The line is sent only
    while the page shows it; `problem` is what was wrong with the last one that was pasted, or came
    with the page's address. `shared` is what a link to this server begins with, and what the same
    link begins with for everybody else.
    """

    _esm = watching(ASK, _HERE / "names.js", _HERE / "foot.js")
    _css = SESSION_CSS + (_HERE / "panel.css").read_text("utf-8")
    name = traitlets.Unicode().tag(sync=True)
    line = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    kernel = traitlets.Unicode().tag(sync=True)
    shared = traitlets.List().tag(sync=True)


class Panel(widgets.VBox):
    """An interactive panel: whenever a control moves, compute and draw.

    Args:
        scene: draws a state.
        compute: from the controls' values, by name, to the state that the scene draws. It raises
            ValueError with a sentence for values that cannot be.
        controls: every control by the name of the argument that it sets, in the order of use.
        rows: the controls' names as they stand in rows, what is used most in the first; a button or
            another widget that sets no value of its own stands there itself.
        height, width: of the figure, in CSS pixels.
        name: what presets call the panel.
        click: which controls a click on the picture sets, each with what finds its value from the
            place (x, y) of the click, or finds none.
        unused: from a state to the names of the controls that have no effect in it: they are kept
            out of sight, and their places free.
        over: widgets that lie over the picture.

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
        rows: Sequence[Sequence[str | widgets.Widget]],
        *,
        height: int,
        width: int = WIDTH,
        name: str,
        click: Mapping[str, Callable[[float, float], Any]] | None = None,
        unused: Callable[[Any], Collection[str]] | None = None,
        over: Sequence[widgets.Widget] = (),
    ):
        self.name = name
        self.controls = dict(controls)
        self.message = ""
        self._compute = compute
        self._unused = unused or (lambda _state: ())
        self._held = False
        self._computed = self.values()
        self.state = compute(**self._computed)
        self.figure = LiveFigure(scene, self.state, width=width, height=height)
        self._line = widgets.HTML(layout={"width": "100%"})
        self._line.add_class("attention-message")
        self.foot = _Foot(name=name, kernel=own_id(), shared=_shared())
        self.foot.add_class("attention-foot")
        boxes = [
            _box("attention-row", *(self.controls.get(part, part) for part in row)) for row in rows
        ]
        for box in boxes[1:]:
            box.add_class("attention-rarer")  # behind More, while it is presented
        picture = _box("attention-picture", self.figure, *over)
        frame = _box("attention-frame", _box("attention-scroll", picture), self._line)
        super().__init__([*boxes, frame, self.foot])
        self.add_class("attention-panel")
        self._say("")
        self._hide_unused()
        self._click = dict(click or {})
        if click:
            self.figure.on_click(self._choose)
        for control in self.controls.values():
            control.observe(self._refresh, "value")
        self.foot.observe(self._write, "shown")
        self.foot.on_msg(self._hear)

    @property
    def preset(self) -> str:
        """The panel's state as a line of text, which `restore` and `panels.open_panel` take."""
        return presets.write(self.name, self.controls)

    def restore(self, preset: str) -> None:
        """Set the controls as a preset says; what it does not name stays as it is.

        Args:
            preset: a line of text as `preset` gives it, whole or in part, with the name or without.

        Raises:
            ValueError: if it is not of that form, or asks for what cannot be; then the panel is
                as it was.
        """
        texts = presets.read(preset, self.name, self.controls)
        before = self.values()
        try:
            with self.hold():
                for name, text in texts.items():
                    control = self.controls[name]
                    control.value = presets.value_of(name, control, text)
            problem = self.message
        except ValueError as error:
            problem = str(error)
        if problem:
            self.set(**before)
            raise ValueError(problem)

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
                say(
                    "Every value must belong to a control of this panel. Received: {unknown}. "
                    "Choose from {list}.",
                    unknown=unknown,
                    list=list(self.controls),
                )
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

    def _refresh(self, change: Any = None) -> None:
        if self._held:
            return
        values = self.values()
        if change and values == self._computed:
            return  # a control that follows another has had this drawn already
        self._computed = values
        try:
            try:
                state = self._compute(**values)
            except ValueError as error:
                self._say(str(error))
                return
            self.figure.show(state)
        except Exception as error:
            self._say(
                say(
                    "This panel met a fault of its own ({name}: {error}). The picture is the "
                    "last good one; set the control back to go on.",
                    name=type(error).__name__,
                    error=error,
                )
            )
            if os.environ.get("ATTENTION_LIB_STRICT"):
                raise
        else:
            self.state = state
            self._say("")
            self._hide_unused()
            self.foot.problem = ""
            self._write()

    def _choose(self, x: float, y: float) -> None:
        """Set what a click has found, if it has found anything."""
        for name, find in self._click.items():
            found = find(x, y)
            if found is not None:
                self.controls[name].value = found

    def _hide_unused(self) -> None:
        unused = self._unused(self.state)
        for name, control in self.controls.items():
            control.layout.visibility = "hidden" if name in unused else None

    def _write(self, _change: Any = None) -> None:
        """Show the line of the state, where somebody looks at it."""
        self.foot.line = self.preset if self.foot.shown else ""

    def _hear(self, _foot: Any, content: Any, _buffers: Any) -> None:
        """A line that was pasted into the foot, or came with the page's address."""
        if content == {"there": True}:
            return
        try:
            self.restore(content.get("restore") if isinstance(content, dict) else content)
        except ValueError as error:
            self.foot.problem = str(error)

    def _say(self, message: str) -> None:
        self.message = message
        self._line.value = f'<span class="panel-message">{as_html(message)}</span>'

    def _ipython_display_(self) -> None:
        output.show(self, self.figure.alt, png=self.figure.png())


def _box(name: str, *children: Any) -> widgets.Box:
    box = widgets.Box(children)
    box.add_class(name)
    return box


def _shared() -> list[str]:
    """How a link to a server of one's own becomes one for everybody: on a hub, and on Binder.

    Returns:
        What it begins with, and what to put there; nothing where the link is good as it is.
    """
    told = os.environ.get
    own = told("JUPYTERHUB_SERVICE_PREFIX", "")
    if not own:
        return []
    if request := told("BINDER_REQUEST", ""):
        return [own, f"{told('BINDER_LAUNCH_HOST', '')}{request}?urlpath="]
    hub = told("JUPYTERHUB_HOST", "") + told("JUPYTERHUB_BASE_URL", "/")
    return [own, f"{hub}hub/user-redirect/"]


def open_panel(line: str) -> Panel:
    """Open a panel as a line says.

    Args:
        line: the name of a panel, then pairs; what it does not name is as the panel begins.

    Returns:
        The panel.

    Raises:
        ValueError: if the line is not of that form, or asks for what cannot be.
    """
    panel = presets.PANELS[presets.name_of(line)]()
    panel.restore(line)
    return panel
