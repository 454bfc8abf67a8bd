"""Train the small networks, watch them learn, interfere with their gates, remake the stored runs.

python -m attention_lib.training --all        remake every stored run
python -m attention_lib.training planted      remake those of one task
"""

import argparse
import json
import math
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

import attention_lib
from attention_lib import tasks
from attention_lib.backend import keras
from attention_lib.evidence import Progress, Settings, Stored, choose
from attention_lib.networks import Pass, build_network, count_weights, look_inside
from attention_lib.tasks import Examples

BATCH = 64
RATE = 0.01  # of Adam at the start; it falls to 0 along a cosine
STRETCH = 8  # batches between two looks
LOOKED_AT = 500  # test pictures whose gates are kept with a stored run
SEEDS = 5
RUNS = Path(__file__).parent / "data" / "runs"

_learning = Lock()
_rested: dict[Settings, "Trainer"] = {}  # fits that were interrupted


class Trainer:
    """One run: a network that learns stretch by stretch, and may rest in between.

    Args:
        settings: from `evidence.choose`.

    `network` has the present weights, `progress` what was seen so far; both are good at any time,
    also after an interruption, which costs no more than the stretch under way.

    Raises:
        ValueError: if the task's pictures are not on this computer.
    """

    def __init__(self, settings: Settings):
        task = tasks.require(settings.task)
        self._examples, self._test = tasks.draw(settings.task, settings.seed)
        self._probes = tasks.probes(settings.task)
        rng = np.random.default_rng([3, settings.seed])
        batches = len(self._examples.labels) // BATCH
        orders = [rng.permutation(len(self._examples.labels)) for _ in range(task.epochs)]
        self._batches = np.stack(orders)[:, : batches * BATCH].reshape(-1, BATCH)
        self._an_epoch, self._done = batches, 0
        self._momenta: list[np.ndarray] = []
        self._learnt: tuple[float, ...] = ()  # loss and accuracy of batches not looked at yet
        self.network = build_network(settings, self._examples.inputs.shape[1:])
        weights = count_weights(self.network)
        self.progress = Progress(settings, task.epochs, weights, tested=(self._score(),))
        self.progress = self.progress._replace(**self._look())

    @property
    def test(self) -> Examples:
        """The examples that are never learnt from."""
        return self._test

    def advance(self, batches: int = STRETCH) -> Progress:
        """Learn from some batches, not beyond the end of an epoch.

        Args:
            batches: how many at most.

        Returns:
            What is seen now.
        """
        stop = min(self._done + batches, (self._done // self._an_epoch + 1) * self._an_epoch)
        stop = min(stop, len(self._batches))
        if not self._learnt:  # else an interruption came before the look
            if stop == self._done:
                return self.progress
            with _learning:
                self._learn(stop)
        loss, accuracy = self._learnt
        tested = self.progress.tested
        if self._done % self._an_epoch == 0:
            tested += (self._score(),)
        seen = self.progress._replace(
            at=(*self.progress.at, self._done / self._an_epoch),
            loss=(*self.progress.loss, loss),
            accuracy=(*self.progress.accuracy, accuracy),
            tested=tested,
            **self._look(),
        )
        self.progress, self._learnt = seen, ()
        return self.progress

    def _learn(self, stop: int) -> None:
        """Lend the weights to the compiled network of this shape, and take them back wiser."""
        learner = _learner(self.progress.settings._replace(seed=0), self.network.input_shape[1:])
        learner.set_weights(self.network.get_weights())
        momenta = self._momenta or [np.zeros(v.shape) for v in learner.optimizer.variables]
        for variable, value in zip(learner.optimizer.variables, momenta, strict=True):
            variable.assign(value)
        learner.reset_metrics()
        for step in range(self._done, stop):
            fall = (1 + math.cos(math.pi * step / len(self._batches))) / 2
            learner.optimizer.learning_rate = RATE * fall
            which = self._batches[step]
            seen = learner.train_on_batch(
                self._examples.inputs[which], self._examples.labels[which]
            )
        self._momenta = [v.numpy() for v in learner.optimizer.variables]
        self.network.set_weights(learner.get_weights())
        self._done, self._learnt = stop, (float(seen[0]), float(seen[1]))

    def _score(self) -> float:
        return accuracy(look_inside(self.network, self._test.inputs), self._test)

    def _look(self) -> dict[str, Any]:
        seen = look_inside(self.network, self._probes.inputs)
        powers = np.exp(seen.logits - seen.logits.max(1, keepdims=True))
        return {"gates": seen.gates, "chances": powers / powers.sum(1, keepdims=True)}


@lru_cache(maxsize=32)
def _learner(settings: Settings, shape: tuple[int, int, int]) -> keras.Sequential:
    """A compiled network, one for each shape of network.

    Every training function that TensorFlow compiles keeps about 15 MB for good, so all runs of one
    shape share one.
    """
    learner = build_network(settings, shape)
    learner.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    learner.optimizer.build(learner.trainable_variables)
    return learner


def fit(
    task: str,
    mechanism: str = "se",
    *,
    reduction: int = 4,
    kernel_size: int = 3,
    seed: int = 0,
    tell: Callable[[str], Any] | None = print,
) -> Trainer:
    """Train a network from start to end. After an interruption, the same call goes on from there.

    Args:
        task: a key of `tasks.TASKS`.
        mechanism: a key of `evidence.MECHANISMS`.
        reduction: r of SE and CBAM.
        kernel_size: k of ECA, odd.
        seed: of the examples, the first weights and the order.
        tell: what to do with a line of words after each epoch; None keeps quiet.

    Returns:
        The run: its `network`, its `progress` and its `test` examples.

    Raises:
        ValueError: if a value cannot be.
        KeyboardInterrupt: with a sentence, when it is interrupted.
    """
    settings = choose(task, mechanism, reduction=reduction, kernel_size=kernel_size, seed=seed)
    trainer = _rested.pop(settings, None) or Trainer(settings)
    try:
        for progress in epochs(trainer):
            if tell:
                tell(
                    f"epoch {progress.epoch:2.0f} of {progress.epochs}: "
                    f"loss {progress.loss[-1]:.2f}, test accuracy {progress.tested[-1]:.3f}"
                )
    except KeyboardInterrupt:
        _rested[settings] = trainer
        epoch, last = trainer.progress.epoch, trainer.progress.epochs
        raise KeyboardInterrupt(
            f"The run rests after {epoch:.1f} of {last} epochs. "
            "Run the cell again, and it goes on from there."
        ) from None
    return trainer


def epochs(trainer: Trainer) -> Iterator[Progress]:
    """Go on to the end, and look up after every epoch."""
    while not trainer.progress.finished:
        if trainer.advance().epoch.is_integer():
            yield trainer.progress


def accuracy(seen: Pass, examples: Examples) -> float:
    """The share of right answers."""
    return float((seen.answers == examples.labels).mean())


def force_gates(trainer: Trainer) -> dict[str, float]:
    """Put other gates in place of a network's own, and see what is lost.

    Args:
        trainer: a run whose mechanism has gates of channels.

    Returns:
        Test accuracy by what was put there: "its own", "all one", "its mean" (over the test
        pictures, channel by channel) and "another picture's". With marks also "mark flipped", the
        gates of the same picture with the mark the other way, and "mark flipped, other digit", how
        often it then reads the digit that was not asked for.
    """
    network, test = trainer.network, trainer.test
    own = look_inside(network, test.inputs)
    if not own.gates:
        return {"its own": accuracy(own, test)}
    put = {
        "its own": own.gates,
        "all one": [1.0] * len(own.gates),
        "its mean": [depth.mean(0) for depth in own.gates],
        "another picture's": [np.roll(depth, 1, axis=0) for depth in own.gates],
    }
    flipped = tasks.flip_marks(test) if tasks.TASKS[trainer.progress.settings.task].marked else None
    if flipped:
        put["mark flipped"] = look_inside(network, flipped.inputs).gates
    seen = {name: look_inside(network, test.inputs, gates) for name, gates in put.items()}
    shares = {name: accuracy(passed, test) for name, passed in seen.items()}
    if flipped:
        shares["mark flipped, other digit"] = accuracy(seen["mark flipped"], flipped)
    return shares


def mean_gates(trainer: Trainer) -> tuple[np.ndarray, ...]:
    """Mean gates of groups of test pictures, for each attention over channels.

    Args:
        trainer: a run.

    Returns:
        (groups, C) for each depth. With marks, the groups are the same pictures with the mark off
        and on; else there is one for each class.
    """
    test = trainer.test.take(slice(LOOKED_AT))
    if tasks.TASKS[trainer.progress.settings.task].marked:
        flipped = tasks.flip_marks(test)
        both = [look_inside(trainer.network, part.inputs).gates for part in (test, flipped)]
        return tuple(
            np.stack(
                [np.where(test.marks[:, None] == on, here, there).mean(0) for on in (False, True)]
            )
            for here, there in zip(*both, strict=True)
        )
    return tuple(
        np.stack([depth[test.labels == label].mean(0) for label in np.unique(test.labels)])
        for depth in look_inside(trainer.network, test.inputs).gates
    )


def listening(trainer: Trainer) -> tuple[dict[str, float], ...]:
    """How much gates differ from picture to picture, and what explains it.

    Args:
        trainer: a run.

    Returns:
        For each depth "spread", the standard deviation of a gate over test pictures, averaged over
        channels; and which share of the variance goes with the "class", and with the "mark".
    """
    test = trainer.test
    return tuple(
        {
            "spread": float(gates.std(0).mean()),
            "class": explained(gates, test.labels),
            "mark": explained(gates, test.marks),
        }
        for gates in look_inside(trainer.network, test.inputs).gates
    )


def explained(values: np.ndarray, groups: np.ndarray) -> float:
    """Which share of the variance of `values` (n, C) lies between groups (n,), all C together."""
    values = np.asarray(values, float)
    total = values.var(0).sum()
    if total < 1e-9:  # the same for every picture
        return 0.0
    within = sum(
        (groups == group).mean() * values[groups == group].var(0).sum()
        for group in np.unique(groups)
    )
    return float(1 - within / total)


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
    course = [_first_gates(trainer)]
    losses, accuracies = [], []
    for progress in epochs(trainer):
        course.append(_first_gates(trainer))
        last = [i for i, at in enumerate(progress.at) if at > progress.epoch - 1]
        losses.append(np.mean([progress.loss[i] for i in last]))
        accuracies.append(np.mean([progress.accuracy[i] for i in last]))
    return Stored(
        settings,
        trainer.progress.weights,
        time.process_time() - began,
        tuple(losses),
        tuple(accuracies),
        trainer.progress.tested,
        force_gates(trainer),
        mean_gates(trainer),
        listening(trainer),
        np.array(course),
    )


def _first_gates(trainer: Trainer) -> np.ndarray:
    """Mean gates of the first attention on the input; of one after a convolution none are kept."""
    if not tasks.TASKS[trainer.progress.settings.task].planes_attended:
        return np.zeros(0)
    seen = look_inside(trainer.network, trainer.test.take(slice(LOOKED_AT)).inputs)
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
            entry["course"] = entry["course"] if run.course.size else []
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
    parser = argparse.ArgumentParser(prog="python -m attention_lib.training", description=__doc__)
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
