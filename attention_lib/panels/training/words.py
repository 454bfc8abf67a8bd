"""The training panel in words, from its state."""

import numpy as np

from attention_lib import photos
from attention_lib.evidence import MECHANISMS
from attention_lib.panels.training.state import TrainingState


def title(state: TrainingState) -> str:
    """Which run it is."""
    settings, weights = state.progress.settings, state.progress.weights
    size = f", {weights:,} weights" if weights else ""
    return f"{settings.row}, seed {settings.seed}{size}"


def stand(state: TrainingState) -> str:
    """How far it is."""
    progress = state.progress
    words = {
        "ready": "press Start",
        "getting ready": "getting ready: TensorFlow is loaded, the network built",
        "paused": "paused",
        "learning": "learning",
        "finished": "finished",
    }[state.status]
    return f"epoch {progress.epoch:.1f} of {progress.epochs}: {words}"


def scores(state: TrainingState) -> str:
    """Loss and accuracy now."""
    progress = state.progress
    if not progress.tested:
        return ""
    loss = f"loss {progress.loss[-1]:.2f}, " if progress.loss else ""
    return f"{loss}test accuracy {progress.tested[-1]:.3f}"


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
    chances = state.progress.chances[at]
    best = int(chances.argmax())
    verdict = "right" if best == state.probes.labels[at] else "wrong"
    return f"{state.task.classes[best]}, {verdict}, {100 * chances[best]:.0f} % sure"


def explain(state: TrainingState) -> tuple[str, str]:
    """Two sentences on the picture that is looked at."""
    if state.progress.chances is None:
        return f"{asked(state)}. The network is not there yet: press Start.", ""
    first = f"{asked(state)}. The network answers {answer(state, state.at)}."
    if not state.gates:
        name = MECHANISMS[state.progress.settings.mechanism]
        return first, f"{name[0].upper()}{name[1:]}: there are no gates to see."
    if state.other_way is not None:
        moves = [
            float(np.abs(here - there).mean())
            for here, there in zip(state.gates, state.gates_other_way, strict=True)
        ]
        steps = " and ".join(f"{move:.2f}" for move in moves)
        return first, (
            f"Mark the other way: {answer(state, state.other_way)}. On average a gate then moves "
            f"by {steps} after the two convolutions."
        )
    if state.task.planes_attended:
        real, planted = split(state.gates[0])
        return first, (
            f"Mean gate of the real maps {real.mean():.2f}, of the planted maps "
            f"{planted.mean():.2f}."
        )
    return first, "Choose another picture: do the gates move?"


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
