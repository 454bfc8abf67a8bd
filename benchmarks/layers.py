"""What attention costs in time: a block's forward pass, and forward with backward.

Run: python -m benchmarks.layers [--shape 32 56 56 256] [--rounds 40] [--json FILE]

Our layers, the blocks written by hand out of Keras' own layers, and the SE layers of keras-hub and
keras-cv, where installed, work on the same tensors with the same weights, one after the other in
every round, so that whatever else the machine does meets all of them alike; ratios are taken within
a round. Beside them stands the floor: what NumPy needs, with a thread for every core, to read all
maps twice and write them once. Three minutes.
"""

import argparse
import importlib
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from attention_lib._keras import keras
from attention_lib.layers import CBAM, EfficientChannelAttention, SqueezeExcite, eca_block, se_block
from benchmarks import report

import tensorflow as tf  # isort: skip  # after the backend, which keeps it quiet

SHAPE = (32, 56, 56, 256)
REDUCTION = 16
WARM_UP = 2  # rounds that are not counted: the first compiles
HELD = 6  # results that are kept, so that each needs memory of its own
MOST_FAULTS = 100  # pages new to a call that found memory to reuse
TIMES_PEER, TIMES_FLOOR = 1.05, 1.5

FLOOR = "floor: read twice, write once"
SE, ECA, WHOLE = "SqueezeExcite", "EfficientChannelAttention", "CBAM"
SE_BY_HAND, ECA_BY_HAND = "SE by hand", "ECA by hand"
HUB, CV = "keras-hub's SE", "keras-cv's SE"
OUTSIDE = {
    HUB: ("keras-hub", "keras_hub.src.models.mobilenet.mobilenet_backbone"),
    CV: ("keras-cv", "keras_cv.layers"),
}
PEERS = {SE: (SE_BY_HAND, HUB, CV), ECA: (ECA_BY_HAND,)}
MODES = {
    "eager": lambda function: function,
    "tf.function": lambda function: tf.function(function, autograph=False),
    "jit": lambda function: tf.function(function, autograph=False, jit_compile=True),
}
FORWARD, BACKWARD = "forward", "with backward"
COLUMNS = list(product((FORWARD, BACKWARD), MODES))

Times = dict[str, dict[str, list[float]]]  # by subject and column: ms, one a round


def subjects(maps: tf.Tensor) -> tuple[dict[str, keras.Layer], list[str]]:
    """What is timed, and a line for each package outside: what ran, or why it did not."""
    channels = maps.shape[-1]
    inputs = keras.Input((None, None, channels))
    found = {
        SE: SqueezeExcite(REDUCTION),
        SE_BY_HAND: keras.Model(inputs, se_block(inputs, REDUCTION)),
        ECA: EfficientChannelAttention(),
        ECA_BY_HAND: keras.Model(inputs, eca_block(inputs)),
        WHOLE: CBAM(REDUCTION),
    }
    lines = []
    for name, (package, module) in OUTSIDE.items():
        try:
            made = importlib.import_module(module).SqueezeAndExcite2D
        except ImportError as error:
            lines.append(f"{package} did not run: {error}")
        else:
            found[name] = made(channels, bottleneck_filters=channels // REDUCTION, name="se")
            lines.append(f"{package} {version(package)}")
    for ours, peers in PEERS.items():
        expected = found[ours](maps[:1])
        for peer in (found[name] for name in peers if name in found):
            peer(maps[:1])
            weights = zip(found[ours].get_weights(), peer.weights, strict=True)
            peer.set_weights([mine.reshape(its.shape) for mine, its in weights])
            np.testing.assert_allclose(peer(maps[:1]), expected, atol=1e-5)
    return found, lines


def runs(layers: dict[str, keras.Layer], maps: tf.Tensor) -> dict[tuple[str, str], Callable]:
    """Calls without arguments, by subject and column."""
    slopes = tf.reverse(maps, [0])  # of what would come after the block
    found = {(FLOOR, column(FORWARD, mode)): floor(maps.numpy()) for mode in MODES}
    for (name, layer), mode in product(layers.items(), MODES):
        forward, backward = (MODES[mode](each) for each in passes(layer))
        found[name, column(FORWARD, mode)] = lambda run=forward: run(maps)
        found[name, column(BACKWARD, mode)] = lambda run=backward: run(maps, slopes)
    return found


def passes(layer: keras.Layer) -> tuple[Callable, Callable]:
    """Forward alone, and with backward from given slopes to the maps and every weight."""

    def forward(maps):
        return layer(maps)

    def with_backward(maps, slopes):
        with tf.GradientTape() as tape:
            tape.watch(maps)
            scaled = layer(maps)
        sources = [maps, *(weight.value for weight in layer.trainable_weights)]
        return scaled, tape.gradient(scaled, sources, output_gradients=slopes)

    return forward, with_backward


def floor(maps: np.ndarray) -> Callable[[], None]:
    """Read all maps, then read and write them, into memory that is there already."""
    threads = os.cpu_count() or 1
    pool = ThreadPoolExecutor(threads)
    parts = np.array_split(maps.reshape(-1), threads)
    written = np.array_split(np.ones_like(maps).reshape(-1), threads)

    def run() -> None:
        list(pool.map(np.vdot, parts, parts))
        list(pool.map(np.copyto, written, parts))

    return run


def measure(calls: dict[tuple[str, str], Callable], rounds: int) -> Times:
    """Time every call once a round, column by column, the subjects in a new order each time; ms."""
    rng = np.random.default_rng(0)
    names = list(dict.fromkeys(name for name, _ in calls))
    found: Times = {name: {} for name in names}
    for turn in range(-WARM_UP, rounds):
        if turn % 10 == 0:
            print(f"{datetime.now():%X} round {turn} of {rounds}", file=sys.stderr)
        for where in (column(*each) for each in COLUMNS):
            for name in rng.permutation([name for name in names if (name, where) in calls]):
                spent, _ = timed(calls[name, where])
                if turn >= 0:
                    found[name].setdefault(where, []).append(spent)
    return found


def timed(call: Callable) -> tuple[float, Any]:
    """How long a call takes, in ms, and what it gives: whoever drops that frees its memory."""
    begun = time.perf_counter()
    given = call()  # on a processor TensorFlow returns when the numbers are there
    return 1000 * (time.perf_counter() - begun), given


def fresh(calls: dict[tuple[str, str], Callable]) -> Iterator[str]:
    """What it costs if results are kept, so that the next needs memory never touched before.

    To be asked first: TensorFlow keeps what is freed, and later there is enough of it.
    """
    held = []
    for mode in MODES:
        call = calls[SE, column(FORWARD, mode)]
        timed(call)  # compiles
        reused = [timed(call)[0] for _ in range(HELD)]
        kept, faults = [], []
        for _ in range(HELD):
            before = page_faults()
            spent, given = timed(call)
            held.append(given)
            if page_faults() - before > MOST_FAULTS:
                kept.append(spent)
                faults.append(page_faults() - before)
        found = f"{SE}, {mode}: {report.median(reused):.1f} ms if each result is dropped"
        if kept:
            found += f", {report.median(kept):.1f} ms if all are kept"
            found += f" ({report.median(faults):,.0f} page faults a call)"
        yield f"- {found}."


def page_faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def column(part: str, mode: str) -> str:
    return f"{part}, {mode}"


def table(found: Times) -> str:
    """Median / 95th percentile, as Markdown."""
    columns = [column(*each) for each in COLUMNS]
    rows = [
        [name, *(report.cell(times.get(each, []), digits=1) for each in columns)]
        for name, times in found.items()
    ]
    return report.table(["ms", *columns], rows)


def bars(found: Times) -> Iterator[str]:
    """For each bar, whether it is reached."""
    for ours, peers in PEERS.items():
        ratios = {}
        for where in (column(*each) for each in COLUMNS):
            times = {name: found[name][where] for name in peers if name in found}
            best = min(times.values(), key=report.median)
            ratios[where] = ratio(found[ours][where], best)
        claim = f"{ours} is nowhere slower than {TIMES_PEER} times the best Keras peer"
        yield report.bar(max(ratios.values()) <= TIMES_PEER, claim, listed(ratios))
    where = column(FORWARD, "jit")
    ratios = {ours: ratio(found[ours][where], found[FLOOR][where]) for ours in PEERS}
    claim = f"forward under jit takes at most {TIMES_FLOOR} times the floor"
    yield report.bar(max(ratios.values()) <= TIMES_FLOOR, claim, listed(ratios))


def ratio(ours: list[float], theirs: list[float]) -> float:
    return report.median(np.divide(ours, theirs))


def listed(ratios: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in ratios.items())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shape", nargs=4, type=int, default=SHAPE, help="batch, H, W and C")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    tf.config.set_visible_devices([], "GPU")
    tf.get_logger().setLevel("ERROR")  # a function for each subject is no retracing
    rng = np.random.default_rng(0)
    batch = tf.constant(rng.standard_normal(arguments.shape, dtype=np.float32))
    layers, lines = subjects(batch)
    calls = runs(layers, batch)
    allocator = list(fresh(calls))
    figures = measure(calls, arguments.rounds)
    report.save(arguments.json, figures)
    print(f"{' x '.join(map(str, arguments.shape))}, float32, r = {REDUCTION};", end=" ")
    print(f"{os.cpu_count()} cores, keras {keras.version()}, tensorflow {tf.__version__};", end=" ")
    print("; ".join(lines), end=".\n\n")
    print(table(figures), *bars(figures), *allocator, sep="\n")
