"""Train the small networks some batches at a time, and keep what is seen on the way."""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from attention_lib._keras import keras
from attention_lib.experiments import tasks
from attention_lib.experiments.networks import Pass, build_network, count_weights, forward
from attention_lib.experiments.runs import History, Settings, choose
from attention_lib.experiments.tasks import Examples
from attention_lib.language import say

BATCH = 64
RATE = 0.01  # of Adam at the start; it falls to 0 along a cosine
STRETCH = 8  # batches between two looks
_learning = Lock()
_rested: dict[Settings, "Trainer"] = {}  # fits that were interrupted


class Trainer:
    """One run: a network that is trained some batches at a time, and can be paused.

    Args:
        settings: from `runs.choose`.

    `network` has the present weights, `history` what was seen so far; both are good at any time,
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
        self.history = History(settings, task.epochs, weights, tested=(self._score(),))
        self.history = self.history._replace(**self._look())

    @property
    def test(self) -> Examples:
        """The examples that are never learnt from."""
        return self._test

    def advance(self, batches: int = STRETCH) -> History:
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
                return self.history
            with _learning:
                self._learn(stop)
        loss, accuracy = self._learnt
        tested = self.history.tested
        if self._done % self._an_epoch == 0:
            tested += (self._score(),)
        seen = self.history._replace(
            at=(*self.history.at, self._done / self._an_epoch),
            loss=(*self.history.loss, loss),
            accuracy=(*self.history.accuracy, accuracy),
            tested=tested,
            **self._look(),
        )
        self.history, self._learnt = seen, ()
        return self.history

    def _learn(self, stop: int) -> None:
        """Train the compiled network of this shape on some batches, and copy the weights."""
        learner = _learner(self.history.settings._replace(seed=0), self.network.input_shape[1:])
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
        return accuracy(forward(self.network, self._test.inputs), self._test)

    def _look(self) -> dict[str, Any]:
        seen = forward(self.network, self._probes.inputs)
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
        mechanism: a key of `runs.MECHANISMS`.
        reduction: r of SE and CBAM.
        kernel_size: k of ECA, odd.
        seed: of the examples, the first weights and the order.
        tell: what to do with a line of words after each epoch; None keeps quiet.

    Returns:
        The run: its `network`, its `history` and its `test` examples.

    Raises:
        ValueError: if a value is out of range.
        KeyboardInterrupt: with a sentence, when it is interrupted.
    """
    settings = choose(task, mechanism, reduction=reduction, kernel_size=kernel_size, seed=seed)
    trainer = _rested.pop(settings, None) or Trainer(settings)
    try:
        for history in epochs(trainer):
            if tell:
                tell(
                    say(
                        "epoch {epoch:2.0f} of {epochs}: loss {loss:.2f}, test accuracy "
                        "{accuracy:.3f}",
                        epoch=history.epoch,
                        epochs=history.epochs,
                        loss=history.loss[-1],
                        accuracy=history.tested[-1],
                    )
                )
    except KeyboardInterrupt:
        _rested[settings] = trainer
        epoch, last = trainer.history.epoch, trainer.history.epochs
        raise KeyboardInterrupt(
            say(
                "The run rests after {epoch:.1f} of {last} epochs. Run the cell again, and it goes "
                "on from there.",
                epoch=epoch,
                last=last,
            )
        ) from None
    return trainer


def epochs(trainer: Trainer) -> Iterator[History]:
    """Train to the end, and yield the history after every epoch."""
    while not trainer.history.finished:
        if trainer.advance().epoch.is_integer():
            yield trainer.history


def accuracy(seen: Pass, examples: Examples) -> float:
    """The share of right answers."""
    return float((seen.answers == examples.labels).mean())
