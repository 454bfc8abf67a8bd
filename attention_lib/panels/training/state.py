"""What the training panel shows."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib import evidence, tasks
from attention_lib.evidence import Archive, Progress
from attention_lib.tasks import Examples, Task


class TrainingState(NamedTuple):
    """A run, the stored runs beside it, and the picture that the learner looks at."""

    progress: Progress
    status: str  # "ready", "getting ready", "learning", "paused" or "finished"
    archive: Archive
    probes: Examples
    picture: int
    mark: bool

    @property
    def task(self) -> Task:
        return tasks.TASKS[self.progress.settings.task]

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
        return tuple(depth[self.at] for depth in self.progress.gates)

    @property
    def gates_other_way(self) -> tuple[np.ndarray, ...]:
        """The same with the mark the other way; the gates themselves where there is no mark."""
        at = self.at if self.other_way is None else self.other_way
        return tuple(depth[at] for depth in self.progress.gates)


@lru_cache(maxsize=8)
def probes(task: str) -> Examples:
    """The pictures to look at, kept: drawing them takes a tenth of a second."""
    return tasks.probes(task)


def compute(progress: Progress, status: str, picture: int, mark: bool) -> TrainingState:
    """Put together what is shown.

    Args:
        progress: of the run.
        status: of the run.
        picture: which one to look at, from 0, one a class.
        mark: whether its mark is on, where it has one.

    Returns:
        The state.

    Raises:
        ValueError: if there is no such picture, or the task's are not on this computer.
    """
    task = progress.settings.task
    shown, many = probes(task), len(tasks.TASKS[task].classes)
    if picture not in range(many):
        raise ValueError(
            f"`picture` must be one of the {many} pictures, one a class. "
            f"Received: picture={picture}. Choose 0 to {many - 1}."
        )
    archive = evidence.load_runs(task)
    return TrainingState(progress, status, archive, shown, int(picture), bool(mark))
