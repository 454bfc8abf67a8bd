"""What was measured: settings of a run, what is seen while it learns, stored runs, statistics.

Nothing here needs Keras; `attention_lib.experiments.training` makes the runs.
"""

import json
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.experiments import tasks
from attention_lib.language import say

MECHANISMS = {
    "none": "no attention",
    "wider": "no attention, wider",
    "fixed": "fixed gates",
    "se": "SE",
    "eca": "ECA",
    "cbam": "CBAM",
}


def title_of(row: str) -> str:
    """What a row of a table, such as "no attention" or "all one", is called in any language."""
    return {
        "no attention": say("no attention"),
        "no attention, wider": say("no attention, wider"),
        "fixed gates": say("fixed gates"),
        "its own": say("its own"),
        "its mean": say("its mean"),
        "another picture's": say("another picture's"),
        "all one": say("all one"),
        "mark flipped": say("mark flipped"),
        "mark flipped, other digit": say("mark flipped, other digit"),
    }.get(row, row)


GATED = ("fixed", "se", "eca", "cbam")


class Settings(NamedTuple):
    """What distinguishes one run from another; `choose` makes a valid one."""

    task: str
    mechanism: str
    reduction: int | None  # for SE and CBAM
    kernel_size: int | None  # for ECA
    seed: int

    @property
    def row(self) -> str:
        """The run's name in a table, the same for every seed."""
        name = MECHANISMS[self.mechanism]
        if self.reduction is not None:
            return f"{name}, r = {self.reduction}"
        if self.mechanism == "eca":
            return f"{name}, k = {self.kernel_size}"
        return name


def choose(
    task: str,
    mechanism: str = "se",
    *,
    reduction: int = 4,
    kernel_size: int = 3,
    seed: int = 0,
) -> Settings:
    """Check the settings of a run; what its mechanism does not use is left out.

    Args:
        task: a key of `tasks.TASKS`.
        mechanism: a key of `MECHANISMS`.
        reduction: r of SE and CBAM.
        kernel_size: k of ECA, odd. The paper's formula gives 3 for each width used here.
        seed: of the examples, the first weights and the order.

    Returns:
        The settings.

    Raises:
        ValueError: if a value is out of range.
    """
    least = min(tasks.require(task).attended)
    _require.choice(mechanism, "mechanism", MECHANISMS)
    seed = _require.count(seed, "seed", least=0, most=2**32 - 1)
    reduction = _require.count(reduction, "reduction")
    if mechanism not in ("se", "cbam"):
        reduction = None
    elif reduction > least:
        raise ValueError(
            f"`reduction` must not exceed the {least} channels of the narrowest attention. "
            f"Received: reduction={reduction}. Choose {least} or less."
        )
    kernel_size = _require.odd(kernel_size, "kernel_size")
    return Settings(task, mechanism, reduction, kernel_size if mechanism == "eca" else None, seed)


class History(NamedTuple):
    """What is seen of a run while it learns; it does not change when the run goes on."""

    settings: Settings
    epochs: int
    weights: int  # how many numbers are learnt; 0 before the network is built
    at: tuple[float, ...] = ()  # after how many epochs each of the next two was taken
    loss: tuple[float, ...] = ()
    accuracy: tuple[float, ...] = ()
    tested: tuple[float, ...] = ()  # test accuracy before learning and after every epoch
    gates: tuple[np.ndarray, ...] = ()  # (probes, C) for each attention over channels
    chances: np.ndarray | None = None  # (probes, classes) what the network thinks of each

    @property
    def epoch(self) -> float:
        """How many epochs have been learnt."""
        return self.at[-1] if self.at else 0.0

    @property
    def finished(self) -> bool:
        return self.epoch >= self.epochs


class Stored(NamedTuple):
    """A run as it is kept in `data/runs`."""

    settings: Settings
    weights: int
    seconds: float  # of one processor core, start to end
    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    tested: tuple[float, ...]
    forced: dict[str, float]  # test accuracy with other gates in place of the network's own
    groups: tuple[np.ndarray, ...]  # (groups, C) mean gates, of seed 0 alone; see `mean_gates`
    gate_spread: tuple[dict[str, float], ...]  # a dict for each depth, see `probes.gate_spread`
    gates_by_epoch: np.ndarray  # (epochs + 1, C) mean gates of the first attention


class Archive(NamedTuple):
    """All stored runs of a task, with what they were made with."""

    task: str
    recipe: dict[str, Any]
    versions: dict[str, str]
    runs: tuple[Stored, ...]

    def rows(self) -> dict[str, list[Stored]]:
        """The runs by their row in a table, in the order in which they were made."""
        rows: dict[str, list[Stored]] = {}
        for run in self.runs:
            rows.setdefault(run.settings.row, []).append(run)
        return rows

    def accuracies(self, row: str) -> np.ndarray:
        """Test accuracy at the end, of every seed of a row.

        Raises:
            ValueError: if there is no such row.
        """
        rows = self.rows()
        return np.array([run.tested[-1] for run in rows[_require.choice(row, "row", rows)]])


@lru_cache(maxsize=8)
def load_runs(task: str) -> Archive:
    """Read the stored runs of a task.

    Args:
        task: a key of `tasks.TASKS`.

    Returns:
        The runs; there are none of a task for which none was stored.

    Raises:
        ValueError: if there is no such task.
    """
    tasks.require(task)
    path = resources.files("attention_lib.data") / "runs" / f"{task}.json"
    if not path.is_file():
        return Archive(task, {}, {}, ())
    kept = json.loads(path.read_text(encoding="utf-8"))
    runs = tuple(_revive(task, run) for run in kept["runs"])
    return Archive(task, kept["recipe"], kept["versions"], runs)


def _revive(task: str, run: dict[str, Any]) -> Stored:
    return Stored(
        settings=Settings(task, **run["settings"]),
        weights=run["weights"],
        seconds=run["seconds"],
        loss=tuple(run["loss"]),
        accuracy=tuple(run["accuracy"]),
        tested=tuple(run["tested"]),
        forced=run["forced"],
        groups=tuple(np.array(depth) for depth in run["groups"]),
        gate_spread=tuple(run["gate_spread"]),
        gates_by_epoch=np.array(run["gates_by_epoch"]),
    )
