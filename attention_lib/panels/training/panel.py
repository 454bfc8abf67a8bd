"""The training panel: choose a task and a mechanism, start, pause, stop, and look meanwhile."""

from typing import Any

from attention_lib.experiments import tasks
from attention_lib.experiments.runs import MECHANISMS, choose, title_of
from attention_lib.language import say
from attention_lib.panels.kit.controls import Number, button, choice, group, tick
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.kit.presets import EVERY, Grid, can_be_opened
from attention_lib.panels.training.live_run import LiveRun
from attention_lib.panels.training.scene import HEIGHT, TrainingScene
from attention_lib.panels.training.state import TrainingState, compute, probes

START = {
    "ready": say("Start"),
    "paused": say("Go on"),
    "finished": say("Again"),
}  # what may be pressed at rest
ROWS = {title_of(row): name for name, row in MECHANISMS.items()}
TASKS = {task.title: name for name, task in tasks.TASKS.items()}


class TrainingPanel(Panel):
    """A panel whose state also changes by itself, while its network learns.

    `run` is what learns: `run.wait()` waits until it rests.
    """

    def __init__(self, controls: dict):
        values = {name: control.value for name, control in controls.items()}
        self.run = LiveRun(_settings(**values))
        self._start, self._pause, self._stop = self._buttons = (
            button(say("Start"), say("Learn, or go on learning")),
            button(say("Pause"), say("Rest after the batches under way")),
            button(say("Stop"), say("Give this run up and stand at its beginning")),
        )
        actions = self.run.start, self.run.pause, self.run.stop
        task, picture = controls["task"], controls["picture"]
        task.observe(
            lambda change: picture.end_at(len(tasks.TASKS[change.new].classes) - 1), "value"
        )
        scene = TrainingScene()
        super().__init__(
            scene,
            self._show,
            controls,
            [
                ["task", "mechanism", group(*self._buttons), "mark", "picture"],
                ["seed", "reduction", "kernel_size"],
            ],
            height=HEIGHT,
            name="training",
            click={"picture": scene.picture_at, "mark": scene.mark_at},
            unused=_unused,
        )
        self.run.changed = self._refresh
        for pressed, action in zip(self._buttons, actions, strict=True):
            pressed.on_click(lambda _, action=action: (action(), self._refresh()))

    def close(self) -> None:
        """Close the panel and give its run up."""
        super().close()
        self.run.stop()

    def _show(self, picture: int, mark: bool, **values) -> TrainingState:
        """From the controls to the state; another run is chosen when a setting has changed."""
        settings = _settings(**values)
        if settings != self.run.history.settings:
            probes(settings.task)  # so that what cannot be learnt is refused before
            self.run.choose(settings)
        state = compute(self.run.history, self.run.status, picture, mark)
        resting = state.status in START
        self._start.description = START.get(state.status, say("Start"))
        self._start.disabled = not resting
        self._pause.disabled = resting
        self._stop.disabled = state.status == "ready"
        return state

    def _refresh(self, change: Any = None) -> None:
        super()._refresh(change)
        if self.run.trouble and not self.message:
            self._say(self.run.trouble)


def _unused(state: TrainingState) -> list[str]:
    settings = state.history.settings
    unused = [name for name in ("reduction", "kernel_size") if getattr(settings, name) is None]
    return unused if state.task.marked else [*unused, "mark"]


def _settings(*, task, mechanism, reduction, kernel_size, seed, **_others):
    return choose(task, mechanism, reduction=reduction, kernel_size=kernel_size, seed=seed)


RECORDED = (
    Grid({"task": EVERY, "mechanism": EVERY}, {"seed": range(5), "mark": EVERY}),
    Grid({"picture": range(10), "mark": EVERY}),
)


@can_be_opened
def show_training(
    task: str = "cued",
    mechanism: str = "se",
    reduction: int = 4,
    kernel_size: int = 3,
    seed: int = 0,
    picture: int = 3,
    mark: bool = True,
) -> TrainingPanel:
    """Watch a small network learn: its loss, its accuracy, and its gates for one picture.

    Keras is loaded when Start is pressed. The stored runs of the same settings stand behind.

    Args:
        task: a key of `tasks.TASKS`.
        mechanism: a key of `runs.MECHANISMS`.
        reduction: r of SE and CBAM.
        kernel_size: k of ECA.
        seed: of the examples, the first weights and the order.
        picture: which picture to look at, one a class.
        mark: whether its mark is on, where it has one.

    Returns:
        The panel.

    Raises:
        ValueError: if a value is out of range.
    """
    return TrainingPanel(
        {
            "task": choice(say("task"), TASKS, task),
            "mechanism": choice(say("attention"), ROWS, mechanism),
            "reduction": Number(say("r, reduction"), reduction, 1, 16, powers_of_two=True),
            "kernel_size": Number(say("k, kernel size"), kernel_size, 1, 31, step=2),
            "seed": Number(say("seed"), seed, 0, 20, typed=True),
            "picture": Number(say("picture"), picture, 0, 9, typed=True),
            "mark": tick(say("mark on"), mark),
        }
    )
