"""The tasks on which networks are trained: what they are shown, and what they are asked.

All but CIFAR-10 ship with the library. The handwritten digits are 8 x 8 pixels each.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from attention_lib import _require
from attention_lib.examples import filters, photos
from attention_lib.language import say

DIGITS = tuple("0123456789")
LEARNT_FROM = 1297  # of the 1797 digits; the others are for testing
PAIRS, TEST_PAIRS = 4096, 2000
MARK = (slice(0, 2), slice(0, 2))  # where in its plane the mark is
FAR = 4  # columns between the edge and the digits where the mark is to be out of sight
PATCH = 4  # places a side of a patch of feature maps
REAL, BRIGHTER = 16, 2  # real channels, and how many times brighter the planted ones are
PATCHES, TEST_PATCHES = 2048, 1000
CIFAR10 = ("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
CIFAR10_PICTURES, CIFAR10_TEST = 8192, 2000


class Examples(NamedTuple):
    """Pictures and their answers; all arrays have n rows."""

    inputs: np.ndarray  # (n, H, W, planes) float32
    labels: np.ndarray  # (n,) the right answers
    marks: np.ndarray  # (n,) whether the mark is on; False where there is none
    others: np.ndarray  # (n,) what the answer would be with the mark the other way

    def take(self, which: np.ndarray | slice) -> "Examples":
        """Some of the examples."""
        return Examples(*(array[which] for array in self))


class Task(NamedTuple):
    """What there is to learn, and the network that is to learn it."""

    title: str
    classes: tuple[str, ...]
    widths: tuple[int, ...]  # channels after each convolution
    epochs: int
    draw: Callable[[int], tuple[Examples, Examples]]  # from a seed to examples and test examples
    marked: bool = False  # whether a mark says which digit is asked for
    planes_attended: int = 0  # if any, attention stands before the convolutions, not after each

    @property
    def attended(self) -> tuple[int, ...]:
        """How many channels each attention has."""
        return (self.planes_attended,) if self.planes_attended else self.widths


def draw(name: str, seed: int = 0) -> tuple[Examples, Examples]:
    """Draw the examples of a task.

    Args:
        name: a key of `TASKS`.
        seed: of the examples to learn from. Those for testing are always the same.

    Returns:
        The examples to learn from, and those for testing.

    Raises:
        ValueError: if there is no such task, or its pictures are not on this computer.
    """
    return require(name).draw(seed)


def require(name: str) -> Task:
    """The task of that name.

    Raises:
        ValueError: if there is none.
    """
    return TASKS[_require.choice(name, "task", TASKS)]


def flip_marks(examples: Examples) -> Examples:
    """The same digits with the mark the other way, so that the other digit is asked for."""
    inputs = examples.inputs.copy()
    where = (slice(None), *MARK, 2)
    inputs[where] = 1 - inputs[where]
    return Examples(inputs, examples.others, ~examples.marks, examples.labels)


def probes(name: str) -> Examples:
    """A few test examples to look at while a network learns.

    Args:
        name: a key of `TASKS`.

    Returns:
        One example a class. With marks, each stands there twice: first with the mark off, then
        the same digits with the mark on; it is the class with the mark off.
    """
    _, test = draw(name)
    asked = np.where(test.marks, test.others, test.labels)
    differ = (test.labels != test.others) | (test.others < 0)
    firsts = [np.flatnonzero((asked == c) & differ)[0] for c in range(len(TASKS[name].classes))]
    chosen = test.take(np.array(firsts))
    if not TASKS[name].marked:
        return chosen
    both = Examples(
        *(np.concatenate(pair) for pair in zip(chosen, flip_marks(chosen), strict=True))
    )
    return both.take(np.lexsort((both.marks, [*range(len(firsts))] * 2)))


@lru_cache(maxsize=1)
def digits() -> tuple[np.ndarray, np.ndarray]:
    """The digits as (1797, 8, 8) float32 in [0, 1], and what each says."""
    path = resources.files("attention_lib.data") / "digits.npz"
    with path.open("rb") as file, np.load(file) as stored:
        return (stored["images"] / 16).astype(np.float32), stored["labels"].astype(np.int64)


def _split() -> tuple[np.ndarray, np.ndarray]:
    """Which digits are learnt from, and which are for testing."""
    order = np.random.default_rng(0).permutation(len(digits()[0]))
    return order[:LEARNT_FROM], order[LEARNT_FROM:]


def _pairs(which: np.ndarray, count: int, margin: int, rng: np.random.Generator) -> Examples:
    """Two digits on a plane each, and a mark on a third that is on when the first is asked for."""
    images, says = digits()
    first, second = rng.choice(which, (2, count))
    marks = rng.integers(0, 2, count).astype(bool)
    inputs = np.zeros((count, 8, 8 + margin, 3), np.float32)
    inputs[:, :, margin:, 0], inputs[:, :, margin:, 1] = images[first], images[second]
    inputs[:, *MARK, 2] = marks[:, None, None]
    asked, other = np.where(marks, [first, second], [second, first])
    return Examples(inputs, says[asked], marks, says[other])


def _cued(margin: int) -> Callable[[int], tuple[Examples, Examples]]:
    def draw_pairs(seed: int) -> tuple[Examples, Examples]:
        learn, test = _split()
        return (
            _pairs(learn, PAIRS, margin, np.random.default_rng([1, seed])),
            _pairs(test, TEST_PAIRS, margin, np.random.default_rng(2)),
        )

    return draw_pairs


def _unmarked(inputs: np.ndarray, labels: np.ndarray) -> Examples:
    return Examples(inputs, labels, np.zeros(len(labels), bool), np.full(len(labels), -1))


def _plain(seed: int) -> tuple[Examples, Examples]:
    images, says = digits()
    learn, test = (_unmarked(images[which][..., None], says[which]) for which in _split())
    return learn, test


@lru_cache(maxsize=1)
def _photo_maps() -> np.ndarray:
    return np.stack([filters.feature_maps(name, REAL) for name in photos.PHOTOS])


def _patches(count: int, left: int, rng: np.random.Generator) -> Examples:
    """Patches of a photograph's maps; every second channel is of another patch, and brighter."""
    maps = _photo_maps()
    width = maps.shape[2] // 2
    which = rng.integers(0, len(maps), (2, count))
    rows = rng.integers(0, maps.shape[1] - PATCH + 1, (2, count))
    columns = rng.integers(left, left + width - PATCH + 1, (2, count))
    step = np.arange(PATCH)
    at = which[..., None, None], (rows[..., None] + step)[..., None]
    real, planted = maps[*at, (columns[..., None] + step)[..., None, :]]
    inputs = np.stack([real, BRIGHTER * planted], axis=-1).reshape(count, PATCH, PATCH, 2 * REAL)
    return _unmarked(inputs, which[0])


def _planted(seed: int) -> tuple[Examples, Examples]:
    half = _photo_maps().shape[2] // 2
    return (
        _patches(PATCHES, 0, np.random.default_rng([1, seed])),
        _patches(TEST_PATCHES, half, np.random.default_rng(2)),
    )


_fetched: list[tuple[Examples, Examples]] = []


def fetch_cifar10() -> None:
    """Download CIFAR-10, 170 MB, once, and keep a part of it at half size for this session.

    After this "cifar10" is a task like the others. Keras keeps the download. Where it cannot be
    fetched, this prints why, and the other tasks are there as before.
    """
    import keras

    print("CIFAR-10: about 170 MB of pictures, fetched unless Keras has them already.")
    try:
        loaded = keras.datasets.cifar10.load_data()
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        print(
            f"CIFAR-10 must be fetched over the network, once. Received: {reason} Try again where "
            "there is a network; the other tasks ship with the library and need none."
        )
        return
    parts = zip(loaded, (CIFAR10_PICTURES, CIFAR10_TEST), strict=True)
    _fetched[:] = [tuple(_unmarked(_halve(x[:n]), y[:n, 0].astype(int)) for (x, y), n in parts)]


def _halve(pictures: np.ndarray) -> np.ndarray:
    """Pictures (n, 32, 32, 3) in bytes as (n, 16, 16, 3) in [0, 1], four pixels averaged to one."""
    count, height, width, colours = pictures.shape
    blocks = pictures.reshape(count, height // 2, 2, width // 2, 2, colours)
    return blocks.mean((2, 4), dtype=np.float32) / 255


def _cifar10(seed: int) -> tuple[Examples, Examples]:
    if not _fetched:
        raise ValueError(
            "CIFAR-10 must be fetched before it can be learnt. Received: a task whose pictures "
            "are not on this computer. Call `tasks.fetch_cifar10()`, which downloads 170 MB."
        )
    return _fetched[0]


TASKS = {
    "cued": Task(say("cued digits"), DIGITS, (32, 48), 12, _cued(0), marked=True),
    "far": Task(
        say("cued digits, mark out of sight"), DIGITS, (32, 48), 12, _cued(FAR), marked=True
    ),
    "digits": Task(say("plain digits"), DIGITS, (32, 48), 12, _plain),
    "deep": Task(say("plain digits, four layers"), DIGITS, (16, 24, 32, 48), 12, _plain),
    "planted": Task(
        say("planted channels"), tuple(photos.PHOTOS), (24,), 8, _planted, planes_attended=2 * REAL
    ),
    "cifar10": Task(say("CIFAR-10 at half size"), CIFAR10, (32, 48), 12, _cifar10),
}
