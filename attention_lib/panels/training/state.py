"""The training panel: its state, and the sentences made from it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib._words import capital, sentences
from attention_lib.examples import photos
from attention_lib.experiments import runs, tasks
from attention_lib.experiments.runs import MECHANISMS, Archive, History, Stored
from attention_lib.experiments.tasks import Examples, Task
from attention_lib.language import say


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
    def seen(self) -> np.ndarray:
        """Which of the probes stand side by side: one a class, their marks as chosen."""
        every = np.arange(len(self.task.classes))
        return 2 * every + self.mark if self.task.marked else every

    @property
    def stored(self) -> list[Stored]:
        """The stored runs of the same row."""
        return self.archive.rows().get(self.history.settings.row, [])


class Gates(NamedTuple):
    """Gates to look at, for each attention over channels."""

    depths: tuple[np.ndarray, ...]  # (C,) each
    others: tuple[np.ndarray, ...]  # with the mark the other way; none where there is no mark
    stored: bool  # whether they are a stored run's means, as long as there are none of this run


def gates(state: TrainingState) -> Gates:
    """The picture's gates; before there are any, the mean ones of a stored run for its kind."""
    depths, at, other = state.history.gates, state.at, state.other_way
    before = not depths
    if before:
        depths = next((run.groups for run in state.stored if run.groups), ())
        at, other = (int(state.mark), int(not state.mark))
        if not state.task.marked:
            at, other = state.picture, None
    others = () if other is None else tuple(_arranged(state, depth[other]) for depth in depths)
    return Gates(tuple(_arranged(state, depth[at]) for depth in depths), others, before)


def _arranged(state: TrainingState, values: np.ndarray) -> np.ndarray:
    """Gates in the order in which they are shown: those of planted channels behind the others."""
    return np.concatenate(split(values)) if state.task.planes_attended else values


def rows(state: TrainingState) -> dict[str, np.ndarray]:
    """The probes in rows of (n, H, W, 3) pictures from 0 to 1, by what a row shows of them."""
    inputs = _square(state.probes.inputs[state.seen])
    if state.task.marked:
        return {say("plane {number}", number=i + 1): _grey(inputs[..., i]) for i in range(2)}
    if state.task.planes_attended:
        halves = (half.mean(-1) for half in split(inputs))
        return {
            name: _grey(half / half.max((1, 2), keepdims=True))
            for name, half in zip((say("photo’s"), say("planted")), halves, strict=True)
        }
    return {"": inputs if inputs.shape[-1] == 3 else _grey(inputs[..., 0])}


def _square(planes: np.ndarray) -> np.ndarray:
    """Pictures (n, H, W, planes) with empty rows below, so that they are as high as wide."""
    _, height, width, _ = planes.shape
    return np.pad(planes, ((0, 0), (0, width - height), (0, 0), (0, 0)))


def _grey(planes: np.ndarray) -> np.ndarray:
    return np.repeat(planes[..., None], 3, axis=-1)


@lru_cache(maxsize=8)
def probes(task: str) -> Examples:
    """The pictures to look at, kept: drawing them takes a tenth of a second."""
    return tasks.probes(task)


def compute(history: History, status: str, picture: int, mark: bool) -> TrainingState:
    """Put together what is shown of a run; `show_training` has the picture and its mark."""
    task = history.settings.task
    shown, many = probes(task), len(tasks.TASKS[task].classes)
    _require.count(picture, "picture", least=0, most=many - 1)
    archive = runs.load_runs(task)
    return TrainingState(history, status, archive, shown, int(picture), bool(mark))


def title(state: TrainingState) -> str:
    """Which run it is."""
    settings, weights = state.history.settings, state.history.weights
    size = say(", {weights:,} weights", weights=weights) if weights else ""
    return say(
        "{row}, seed {seed}{size}", row=runs.title_of(settings.row), seed=settings.seed, size=size
    )


def stand(state: TrainingState) -> str:
    """How far it is."""
    history = state.history
    words = {
        "ready": say("press Start"),
        "getting ready": say("getting ready: TensorFlow is loaded, the network built"),
        "paused": say("paused"),
        "learning": say("learning"),
        "finished": say("finished"),
    }[state.status]
    return say(
        "epoch {epoch:.1f} of {epochs}: {words}",
        epoch=history.epoch,
        epochs=history.epochs,
        words=words,
    )


def scores(state: TrainingState) -> str:
    """Loss and accuracy now."""
    history = state.history
    if not history.tested:
        return ""
    tested = history.tested[-1]
    if not history.loss:
        return say("test accuracy {tested:.3f}", tested=tested)
    loss = history.loss[-1]
    return say("loss {loss:.2f}, test accuracy {tested:.3f}", loss=loss, tested=tested)


def names(state: TrainingState) -> list[str]:
    """The classes, as short as there is room for."""
    classes = state.task.classes
    return [name if len(classes) <= 6 else name[:4] for name in classes]


def wanted(state: TrainingState) -> list[str]:
    """The right answer to each of the probes."""
    return [names(state)[label] for label in state.probes.labels[state.seen]]


def answers(state: TrainingState) -> list[str]:
    """What the network answers to each of the probes, once it is there."""
    if state.history.chances is None:
        return []
    return [names(state)[best] for best in state.history.chances[state.seen].argmax(1)]


def asked(state: TrainingState) -> str:
    """What the picture is, and what is asked of it."""
    label, other = (int(kind[state.at]) for kind in (state.probes.labels, state.probes.others))
    name = state.task.classes[label]
    if state.task.marked:
        first, second = (label, other) if state.mark else (other, label)
        planes = {"first": first, "second": second}
        if state.mark:
            return say("Mark on: of {first} and {second} the first is asked", **planes)
        return say("Mark off: of {first} and {second} the second is asked", **planes)
    if name in photos.PHOTOS:
        return say("A patch of {title}", title=photos.PHOTOS[name].title)
    return say("A {name}", name=name)


def answer(state: TrainingState, at: int) -> str:
    """What the network says of a probe."""
    chances = state.history.chances[at]
    best = int(chances.argmax())
    verdict = say("right") if best == state.probes.labels[at] else say("wrong")
    return say(
        "{name}, {verdict}, {percent:.0f} % sure",
        name=state.task.classes[best],
        verdict=verdict,
        percent=100 * chances[best],
    )


def explain(state: TrainingState) -> tuple[str, str]:
    """Two sentences on the picture that is looked at, or on what is to come."""
    if state.history.chances is None:
        return say("{asked}. {to_come}", asked=asked(state), to_come=_to_come(state)), ""
    first = say(
        "{asked}. The network answers {answer}.", asked=asked(state), answer=answer(state, state.at)
    )
    shown = gates(state)
    if not shown.depths:
        name = capital(runs.title_of(MECHANISMS[state.history.settings.mechanism]))
        return first, say("{name}: there are no gates to see.", name=name)
    if state.other_way is not None:
        moves = [
            float(np.abs(here - there).mean())
            for here, there in zip(shown.depths, shown.others, strict=True)
        ]
        steps = say(" and ").join(f"{move:.2f}" for move in moves)
        return first, (
            say(
                "Mark the other way: {answer}. On average a gate then changes by {steps}.",
                answer=answer(state, state.other_way),
                steps=steps,
            )
        )
    if state.task.planes_attended:
        real, planted = np.split(shown.depths[0], 2)
        return first, (
            say(
                "Mean gate of the real maps {real:.2f}, of the planted maps {planted:.2f}.",
                real=real.mean(),
                planted=planted.mean(),
            )
        )
    return first, say("Choose another picture: do the gates change?")


def _to_come(state: TrainingState) -> str:
    """What Start does, and how long it takes."""
    if not state.stored:
        return say("Start lets a network learn; nobody has stored a run like this one.")
    seconds = np.mean([run.seconds for run in state.stored])
    return say(
        "Start lets a network learn, for {seconds:.0f} s or so: does it do as the stored ones?",
        seconds=seconds,
    )


def source(state: TrainingState) -> str:
    """Whose gates they are, and what a dash is."""
    shown = gates(state)
    if not shown.depths:
        return say("none before Start")
    if not shown.stored:
        return say("dash: mark the other way") if shown.others else ""
    if shown.others:
        return say("stored run’s means, this mark; dash: the other way")
    return say("stored run’s means for {name}", name=state.task.classes[state.picture])


def ends(state: TrainingState) -> dict[str, np.ndarray]:
    """The stored runs' test accuracies at the end, by row."""
    return {
        row: np.array([run.tested[-1] for run in stored])
        for row, stored in state.archive.rows().items()
    }


def split(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of real and of planted channels: every second one is planted."""
    return values[..., ::2], values[..., 1::2]


def describe(state: TrainingState) -> str:
    """The whole picture in words."""
    shown = gates(state)
    parts = [
        say(
            "Training on {task}: {run}; {stand}",
            task=state.task.title,
            run=title(state),
            stand=stand(state),
        ),
        scores(state),
        *explain(state),
        *(
            say(
                "Gates of attention {depth}, {count} channels: from {low:.2f} to {high:.2f}",
                depth=depth + 1,
                count=len(values),
                low=values.min(),
                high=values.max(),
            )
            for depth, values in enumerate(shown.depths)
        ),
        source(state) if shown.stored else "",
    ]
    return sentences(
        part if part.endswith((".", "?", "。", "？")) else say("{part}.", part=part)
        for part in parts
        if part
    )
