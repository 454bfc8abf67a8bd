"""Train every network of notebook 08 again and write the stored runs.

Run: python -m tools.remake_runs --all          every stored run
     python -m tools.remake_runs planted        those of one task
"""

import argparse
import json
import platform
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

import attention_lib
from attention_lib._keras import keras
from attention_lib.experiments import tasks
from attention_lib.experiments.networks import forward
from attention_lib.experiments.probes import LOOKED_AT, force_gates, gate_spread, mean_gates
from attention_lib.experiments.runs import Settings, Stored, choose
from attention_lib.experiments.training import BATCH, RATE, Trainer, epochs

SEEDS = 5


RUNS = Path(__file__).parents[1] / "attention_lib" / "data" / "runs"


ATTENTIONS = [{"mechanism": "se"}, {"mechanism": "eca"}, {"mechanism": "cbam"}]


CONTROLS = [{"mechanism": name} for name in ("none", "wider", "fixed")]


WIDE_ECA = [{"mechanism": "eca", "kernel_size": k} for k in (9, 31)]


VARIANTS = {
    "cued": [
        *CONTROLS,
        *({"mechanism": "se", "reduction": r} for r in (2, 4, 8, 16)),
        {"mechanism": "eca"},
        *WIDE_ECA,
        {"mechanism": "cbam"},
    ],
    "far": [*CONTROLS, *ATTENTIONS, *WIDE_ECA],
    "digits": [*CONTROLS, *ATTENTIONS],
    "deep": [{"mechanism": "none"}, {"mechanism": "se"}],
    "planted": [*CONTROLS, *ATTENTIONS],
}


def measure(settings: Settings) -> Stored:
    """Make one run and take down what is stored of it."""
    began = time.process_time()
    trainer = Trainer(settings)
    gates_by_epoch = [_first_gates(trainer)]
    losses, accuracies = [], []
    for history in epochs(trainer):
        gates_by_epoch.append(_first_gates(trainer))
        last = [i for i, at in enumerate(history.at) if at > history.epoch - 1]
        losses.append(np.mean([history.loss[i] for i in last]))
        accuracies.append(np.mean([history.accuracy[i] for i in last]))
    return Stored(
        settings,
        trainer.history.weights,
        time.process_time() - began,
        tuple(losses),
        tuple(accuracies),
        trainer.history.tested,
        force_gates(trainer),
        mean_gates(trainer),
        gate_spread(trainer),
        np.array(gates_by_epoch),
    )


def _first_gates(trainer: Trainer) -> np.ndarray:
    """Mean gates of the first attention on the input; of one after a convolution none are kept."""
    if not tasks.TASKS[trainer.history.settings.task].planes_attended:
        return np.zeros(0)
    seen = forward(trainer.network, trainer.test.take(slice(LOOKED_AT)).inputs)
    return seen.gates[0].mean(0) if seen.gates else np.zeros(0)


def remake(task: str) -> None:
    """Make all stored runs of a task again, and write them after each."""
    kept = {
        "task": task,
        "recipe": {
            "batch": BATCH,
            "learning rate": RATE,
            "epochs": tasks.TASKS[task].epochs,
            "widths": tasks.TASKS[task].widths,
            "examples": len(tasks.draw(task)[0].labels),
            "test examples": len(tasks.draw(task)[1].labels),
        },
        "versions": {
            "attention_lib": attention_lib.__version__,
            "keras": keras.__version__,
            keras.backend.backend(): _backend_version(),
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "runs": [],
    }
    for variant in VARIANTS[task]:
        for seed in range(SEEDS):
            run = measure(choose(task, **variant, seed=seed))
            print(f"{task}: {run.settings.row}, seed {seed}: {run.tested[-1]:.3f}", flush=True)
            entry = _plain(run._asdict())
            del entry["settings"]["task"]
            entry["groups"] = [] if seed else entry["groups"]  # one run's are enough to look at
            entry["gates_by_epoch"] = entry["gates_by_epoch"] if run.gates_by_epoch.size else []
            kept["runs"].append(entry)
            RUNS.mkdir(exist_ok=True)
            (RUNS / f"{task}.json").write_text(_written(kept), encoding="utf-8")


def _backend_version() -> str:
    return __import__(keras.backend.backend()).__version__


def _plain(value: Any) -> Any:
    """As JSON has it, with four decimals."""
    if isinstance(value, Settings):
        return value._asdict()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return np.round(value, 4).astype(float).tolist()
    return round(float(value), 4) if isinstance(value, float) else value


def _written(kept: dict[str, Any]) -> str:
    """One line for each run, so that a difference shows which."""
    head = json.dumps({key: kept[key] for key in ("task", "recipe", "versions")}, indent=1)
    runs = ",\n".join(json.dumps(run, separators=(",", ":")) for run in kept["runs"])
    return f'{head[:-2]},\n "runs": [\n{runs}\n ]\n}}\n'


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.remake_runs", description=__doc__)
    parser.add_argument("tasks", nargs="*", choices=[*VARIANTS, []], help="whose runs to remake")
    parser.add_argument("--all", action="store_true", help="remake every stored run")
    asked = parser.parse_args(arguments)
    chosen = [*VARIANTS] if asked.all else asked.tasks
    if not chosen:
        parser.error(f"say --all, or which: {', '.join(VARIANTS)}")
    for task in chosen:
        remake(task)


if __name__ == "__main__":
    main()
