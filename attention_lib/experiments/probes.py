"""Change a trained network's gates and see what is lost; tell if gates depend on the picture."""

import numpy as np

from attention_lib.experiments import tasks
from attention_lib.experiments.networks import forward
from attention_lib.experiments.training import Trainer, accuracy

LOOKED_AT = 500  # test pictures whose gates are kept with a stored run


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
    own = forward(network, test.inputs)
    if not own.gates:
        return {"its own": accuracy(own, test)}
    put = {
        "its own": own.gates,
        "all one": [1.0] * len(own.gates),
        "its mean": [depth.mean(0) for depth in own.gates],
        "another picture's": [np.roll(depth, 1, axis=0) for depth in own.gates],
    }
    flipped = tasks.flip_marks(test) if tasks.TASKS[trainer.history.settings.task].marked else None
    if flipped:
        put["mark flipped"] = forward(network, flipped.inputs).gates
    seen = {name: forward(network, test.inputs, gates) for name, gates in put.items()}
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
    if tasks.TASKS[trainer.history.settings.task].marked:
        flipped = tasks.flip_marks(test)
        both = [forward(trainer.network, part.inputs).gates for part in (test, flipped)]
        return tuple(
            np.stack(
                [np.where(test.marks[:, None] == on, here, there).mean(0) for on in (False, True)]
            )
            for here, there in zip(*both, strict=True)
        )
    return tuple(
        np.stack([depth[test.labels == label].mean(0) for label in np.unique(test.labels)])
        for depth in forward(trainer.network, test.inputs).gates
    )


def gate_spread(trainer: Trainer) -> tuple[dict[str, float], ...]:
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
        for gates in forward(trainer.network, test.inputs).gates
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
