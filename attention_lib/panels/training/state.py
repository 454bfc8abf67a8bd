"""What the training panel shows."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.examples import photos
from attention_lib.experiments import runs, tasks
from attention_lib.experiments.runs import MECHANISMS, Archive, History
from attention_lib.experiments.tasks import Examples, Task


class TrainingState(NamedTuple):
    """A run, the stored runs beside it, and the picture that the learner looks at."""

    history: History
    status: str  # "ready", "getting ready", "learning", "paused" or "finished"
    archive: Archive
    probes: Examples
    picture: int
    mark: bool

    @property
    def task(self) -> Task:
        return tasks.TASKS[self.history.settings.task]

    @property
    def at(self) -> int:
        """Which of the probes is looked at."""
        return 2 * self.picture + self.mark if self.task.marked else self.picture

    @property
    def other_way(self) -> int | None:
        """Which probe is the same picture with the mark the other way."""
        return 2 * self.picture + 1 - self.mark if self.task.marked else None

    @property
    def gates(self) -> tuple[np.ndarray, ...]:
        """(C,) gates of the picture, for each attention over channels."""
        return tuple(depth[self.at] for depth in self.history.gates)

    @property
    def gates_other_way(self) -> tuple[np.ndarray, ...]:
        """The same with the mark the other way; the gates themselves where there is no mark."""
        at = self.at if self.other_way is None else self.other_way
        return tuple(depth[at] for depth in self.history.gates)


@lru_cache(maxsize=8)
def probes(task: str) -> Examples:
    """The pictures to look at, kept: drawing them takes a tenth of a second."""
    return tasks.probes(task)


def compute(history: History, status: str, picture: int, mark: bool) -> TrainingState:
    """Put together what is shown.

    Args:
        history: of the run.
        status: of the run.
        picture: which one to look at, from 0, one a class.
        mark: whether its mark is on, where it has one.

    Returns:
        The state.

    Raises:
        ValueError: if there is no such picture, or the task's are not on this computer.
    """
    task = history.settings.task
    shown, many = probes(task), len(tasks.TASKS[task].classes)
    _require.count(picture, "picture", least=0, most=many - 1)
    archive = runs.load_runs(task)
    return TrainingState(history, status, archive, shown, int(picture), bool(mark))


def title(state: TrainingState) -> str:
    """Which run it is."""
    settings, weights = state.history.settings, state.history.weights
    size = f", {weights:,} weights" if weights else ""
    return f"{settings.row}, seed {settings.seed}{size}"


def stand(state: TrainingState) -> str:
    """How far it is."""
    history = state.history
    words = {
        "ready": "press Start",
        "getting ready": "getting ready: TensorFlow is loaded, the network built",
        "paused": "paused",
        "learning": "learning",
        "finished": "finished",
    }[state.status]
    return f"epoch {history.epoch:.1f} of {history.epochs}: {words}"


def scores(state: TrainingState) -> str:
    """Loss and accuracy now."""
    history = state.history
    if not history.tested:
        return ""
    loss = f"loss {history.loss[-1]:.2f}, " if history.loss else ""
    return f"{loss}test accuracy {history.tested[-1]:.3f}"


def asked(state: TrainingState) -> str:
    """What the picture is, and what is asked of it."""
    label, other = (int(kind[state.at]) for kind in (state.probes.labels, state.probes.others))
    name = state.task.classes[label]
    if state.task.marked:
        first, second = (label, other) if state.mark else (other, label)
        plane = "first" if state.mark else "second"
        return f"Mark {'on' if state.mark else 'off'}: of {first} and {second} the {plane} is asked"
    if name in photos.PHOTOS:
        return f"A patch of {photos.PHOTOS[name].title}"
    return f"A {name}"


def answer(state: TrainingState, at: int) -> str:
    """What the network says of a probe."""
    chances = state.history.chances[at]
    best = int(chances.argmax())
    verdict = "right" if best == state.probes.labels[at] else "wrong"
    return f"{state.task.classes[best]}, {verdict}, {100 * chances[best]:.0f} % sure"


def explain(state: TrainingState) -> tuple[str, str]:
    """Two sentences on the picture that is looked at."""
    if state.history.chances is None:
        return f"{asked(state)}. The network is not there yet: press Start.", ""
    first = f"{asked(state)}. The network answers {answer(state, state.at)}."
    if not state.gates:
        name = MECHANISMS[state.history.settings.mechanism]
        return first, f"{name[0].upper()}{name[1:]}: there are no gates to see."
    if state.other_way is not None:
        moves = [
            float(np.abs(here - there).mean())
            for here, there in zip(state.gates, state.gates_other_way, strict=True)
        ]
        steps = " and ".join(f"{move:.2f}" for move in moves)
        return first, (
            f"Mark the other way: {answer(state, state.other_way)}. On average a gate then changes "
            f"by {steps} after the two convolutions."
        )
    if state.task.planes_attended:
        real, planted = split(state.gates[0])
        return first, (
            f"Mean gate of the real maps {real.mean():.2f}, of the planted maps "
            f"{planted.mean():.2f}."
        )
    return first, "Choose another picture: do the gates change?"


def split(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of real and of planted channels: every second one is planted."""
    return values[..., ::2], values[..., 1::2]


def describe(state: TrainingState) -> str:
    """The alternative text of the picture."""
    parts = [
        f"Training on {state.task.title}: {title(state)}; {stand(state)}",
        scores(state),
        " ".join(explain(state)).strip().rstrip("."),
        *(
            f"Gates of attention {depth + 1}, {len(gates)} channels: from {gates.min():.2f} to "
            f"{gates.max():.2f}"
            for depth, gates in enumerate(state.gates)
        ),
    ]
    return ". ".join(part for part in parts if part) + "."
