"""From a key press on a slider to the changed picture, in JupyterLab and Chromium.

Run: python -m benchmarks.slider_latency [--moves 40] [--json FILE]

Our panels and other ways to show the same gates stand on one page, with one kernel, and are moved
in turn, so that whatever else the machine does meets all of them alike. In the end our panels are
moved from far away, through a network that takes 80 ms there and back. About eight minutes.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Error as PlaywrightError

from benchmarks import report
from benchmarks.jupyter import lab, require_no_error
from tests.browser.lab import LabPage

CHANNELS = (64, 512, 2048)
WARM_UP = 2  # moves of each slider that are not counted
DRAG_STEPS, DRAG_PAUSE = 60, 12  # moves of the mouse, and ms between them

MOST = 45  # ms, median
TIMES_TRANSPORT, TIMES_FASTER = 1.5, 2.5
MOST_FOR_CHANNELS = 80  # ms, median
MOST_FOR_DRAG = 150  # ms after its last event
ROUND_TRIP, MOST_FAR = 0.08, 115  # seconds; ms, median

PANELS = {
    "excitation": "show_excitation(channels={C}, reduction=4)",
    "kernel_size": "show_kernel_size(channels={C})",
    "scale": "show_scale(channels=16)",  # its desk has no more faders
    "pipeline": "show_pipeline(channels={C}, reduction=4)",
}
OTHERS = {
    "`interact`, inline, bars": "inline_bars",
    "`interact`, inline, stairs": "inline_stairs",
    "ipympl, stairs": "ipympl_stairs",
    "transport alone": "transport",
}
IPYMPL, TRANSPORT = "ipympl, stairs", "transport alone"
SET_UP = """import json
from attention_lib.panels import *
from benchmarks import others
%matplotlib inline"""  # last, for importing ipympl chooses its own backend


class Slider(NamedTuple):
    """One slider on the page."""

    label: str
    cell: int
    name: str | None = None  # its accessible name; without, the first of the cell
    control: str = ""  # the slider itself, in the kernel
    low: float = float("-inf")
    high: float = float("inf")

    @property
    def panel(self) -> str:
        return self.control.partition(".")[0]


def notebook(channels: int) -> list[str]:
    """Code cells: set up, our panels in order, the other techniques in order."""
    ours = [f"{name} = {show.format(C=channels)}; {name}" for name, show in PANELS.items()]
    return [SET_UP, *ours, *(f"others.{name}({channels})" for name in OTHERS.values())]


def moved_at(channels: int) -> list[Slider]:
    """The sliders of our panels to be moved at each C."""
    most = min(channels.bit_length() - 1, 8)
    return [
        Slider(
            "excitation: r", 1, "r, reduction", "excitation.controls['reduction'].slider", high=most
        ),
        Slider("kernel size: b", 2, "b", "kernel_size.controls['b'].slider"),
        Slider("kernel size: γ", 2, "γ", "kernel_size.controls['gamma'].slider"),
        Slider("scale: a gate, C = 16", 3, "gate 4", "scale.controls['gates'].faders[4]"),
    ]


COMPARED = [Slider(label, cell) for cell, label in enumerate(OTHERS, 1 + len(PANELS))]
SWEPT = [  # from C = 4, for r is 4, to 2048
    Slider(
        f"{label}: C", cell, "C, channels", f"{name}.controls['channels'].slider", low=2, high=11
    )
    for label, cell, name in (
        ("excitation", 1, "excitation"),
        ("kernel size", 2, "kernel_size"),
        ("pipeline", 4, "pipeline"),
    )
]


class Hand:
    """Moves the sliders of a page, by keyboard or by mouse."""

    def __init__(self, lab_page: LabPage):
        self.page = lab_page.page
        self._upwards: dict[str, bool] = {}

    def press(self, slider: Slider) -> dict[str, float]:
        """Press one arrow key, up and down the slider's range; returns what page.js measured."""
        place = self._look(slider)
        low, high = max(place["low"], slider.low), min(place["high"], slider.high)
        upwards = self._upwards.get(slider.label, True)
        if not low < place["value"] < high:
            upwards = place["value"] <= low
        self._upwards[slider.label] = upwards
        self.page.keyboard.press("ArrowRight" if upwards else "ArrowLeft")
        try:
            return self.page.evaluate("() => bench.moved()")
        except PlaywrightError as error:
            raise RuntimeError(f"{slider.label}, from {place['value']}: {error.message}") from error

    def drag(self, slider: Slider) -> dict[str, Any]:
        """Drag from end to end and part of the way back; returns what came of it."""
        place = self._look(slider)
        grip, low, high = self.page.evaluate("() => bench.grip()")
        length = place["high"] - place["low"]
        start = max((slider.low - place["low"]) / length, 0)
        end = min((slider.high - place["low"]) / length, 1)
        self.page.mouse.move(*grip)
        self.page.mouse.down()
        self.page.evaluate("() => bench.sample()")
        for step in range(1, DRAG_STEPS + 1):
            part = start + (end - start) * (1 - abs(1 - 1.6 * step / DRAG_STEPS))
            where = [a + part * (b - a) for a, b in zip(low, high, strict=True)]
            self.page.mouse.move(*where)
            self.page.wait_for_timeout(DRAG_PAUSE)
        self.page.mouse.up()
        state = (
            f"{{'value': round({slider.control}.value, 9), "  # as the page writes it
            f"'sent': {slider.panel}.figure.sent, 'alt': {slider.panel}.figure.alt}}"
        )
        return self.page.evaluate("code => bench.dragged(code)", f"print(json.dumps({state}))")

    def _look(self, slider: Slider) -> dict[str, float]:
        return self.page.evaluate(
            "([cell, name]) => bench.look(cell, name)", [slider.cell, slider.name]
        )


def measure(moves: int) -> dict[str, Any]:
    """Move everything; returns moves and drags by label and C; under 0, the moves of C."""
    moved: dict[str, dict[int, list[dict]]] = {}
    dragged: dict[str, dict[int, dict]] = {}
    pages = [(channels, moved_at(channels), COMPARED) for channels in CHANNELS] + [(0, SWEPT, [])]
    notebooks = {f"{column}": notebook(column or CHANNELS[0]) for column, _, _ in pages}
    with lab(notebooks) as open_page:
        for column, ours, others in pages:
            what = f"C = {column}" if column else "moves of C"
            print(f"{datetime.now():%X} {what}", file=sys.stderr)
            page = open_page(f"{column}")
            page.run_all()
            hand = Hand(page)
            for turn in range(-WARM_UP, moves):
                for slider in [*ours, *others]:
                    figures = hand.press(slider)
                    if turn >= 0:
                        moved.setdefault(slider.label, {}).setdefault(column, []).append(figures)
            for slider in ours:
                dragged.setdefault(slider.label, {})[column] = hand.drag(slider)
            require_no_error(page)
            page.close()
    return {"moves": moved, "drags": dragged, "far": visit(moves)}


def visit(moves: int) -> dict[str, Any]:
    """Move and drag our panels from far away; returns moves and drags by label."""
    print(f"{datetime.now():%X} from far away", file=sys.stderr)
    moved: dict[str, list[dict]] = {}
    with lab({"far": notebook(CHANNELS[0])}, late=ROUND_TRIP / 2) as open_page:
        page = open_page("far")
        page.run_all()
        hand = Hand(page)
        sliders = moved_at(CHANNELS[0])
        for turn in range(-WARM_UP, moves):
            for slider in sliders:
                figures = hand.press(slider)
                if turn >= 0:
                    moved.setdefault(slider.label, []).append(figures)
        drags = {slider.label: hand.drag(slider) for slider in sliders}
        require_no_error(page)
        page.close()
    return {"moves": moved, "drags": drags}


def tables(figures: dict[str, Any]) -> Iterator[str]:
    """The figures as Markdown."""
    moved = figures["moves"]
    head = [f"C = {channels}" for channels in CHANNELS]
    yield "### Key press to changed picture, median / p95 ms\n"
    yield report.table(
        ["", *head],
        [
            [label, *(report.cell(times(moved, label, channels)) for channels in CHANNELS)]
            for label in moved
            if 0 not in moved[label]
        ],
    )
    yield "### Moves of C, from 4 to 2048 and back, median / p95 ms\n"
    yield report.table(
        ["", "all moves", *(f"to {channels}" for channels in CHANNELS)],
        [
            [
                label,
                report.cell(times(moved, label, 0)),
                *(report.cell(arrivals(moved[label][0], channels)) for channels in CHANNELS),
            ]
            for label in moved
            if 0 in moved[label]
        ],
    )
    yield f"### From {1000 * ROUND_TRIP:.0f} ms away, C = {CHANNELS[0]}\n"
    far = figures["far"]
    yield report.table(
        ["", "key press to picture, median / p95 ms", "end of a drag to its picture, ms"],
        [
            [label, report.cell([move["ms"] for move in of]), f"{far['drags'][label]['ms']:.0f}"]
            for label, of in far["moves"].items()
        ],
    )
    yield "### Where the time of a move goes, median ms\n"
    legs = ["sent", "begun", "made", "received", "changed", "ms"]
    names = ["page", "to the kernel", "in the kernel", "to the page", "decoding", "painting"]
    rows = []
    for label, by_column in moved.items():
        for column, all_moves in by_column.items():
            if "made" in all_moves[0]:
                where = f"{label}, C = {column}" if column else label
                rows.append([where, *_legs(all_moves, legs)])
    yield report.table(["", *names], rows)


def _legs(all_moves: list[dict], stations: Sequence[str]) -> list[str]:
    passed = [[0.0, *(move[station] for station in stations)] for move in all_moves]
    return [
        f"{report.median([at[i + 1] - at[i] for at in passed]):.0f}" for i in range(len(stations))
    ]


def times(moved: dict, label: str, column: int) -> list[float]:
    return [move["ms"] for move in moved[label][column]]


def arrivals(all_moves: list[dict], channels: int) -> list[float]:
    """Times of the moves of C that ended at `channels`."""
    return [move["ms"] for move in all_moves if 2 ** move["value"] == channels]


def bars(figures: dict[str, Any]) -> Iterator[str]:
    """For each bar, whether it is reached."""
    moved, dragged = figures["moves"], figures["drags"]

    def typical(label: str, column: int) -> float:
        return report.median(times(moved, label, column))

    held = [(s.label, channels) for channels in CHANNELS for s in moved_at(channels)]
    longest = {at: typical(*at) for at in held}
    slower = {at: typical(*at) / typical(TRANSPORT, at[1]) for at in held}
    faster = {at: typical(IPYMPL, at[1]) / typical(*at) for at in held}
    worst = max(longest, key=longest.get)
    yield report.bar(
        longest[worst] <= MOST,
        f"moves of r, b, γ and a gate take at most {MOST} ms, median",
        f"at most {longest[worst]:.0f} ms ({worst[0]}, C = {worst[1]})",
    )
    worst = max(slower, key=slower.get)
    yield report.bar(
        slower[worst] <= TIMES_TRANSPORT,
        f"they take at most {TIMES_TRANSPORT} times as long as transport alone",
        f"at most {slower[worst]:.1f} times ({worst[0]}, C = {worst[1]})",
    )
    worst = min(faster, key=faster.get)
    yield report.bar(
        faster[worst] >= TIMES_FASTER,
        f"they are at least {TIMES_FASTER} times faster than ipympl",
        f"at least {faster[worst]:.1f} times ({worst[0]}, C = {worst[1]})",
    )
    sweeps = {slider.label: typical(slider.label, 0) for slider in SWEPT}
    yield report.bar(
        max(sweeps.values()) <= MOST_FOR_CHANNELS,
        f"moves of C take at most {MOST_FOR_CHANNELS} ms, median",
        ", ".join(f"{label} {ms:.0f}" for label, ms in sweeps.items()),
    )
    far = {label: [move["ms"] for move in of] for label, of in figures["far"]["moves"].items()}
    worst = max(far, key=lambda label: report.median(far[label]))
    yield report.bar(
        report.median(far[worst]) <= MOST_FAR,
        f"from {1000 * ROUND_TRIP:.0f} ms away moves take at most {MOST_FAR} ms, median",
        f"at most {report.median(far[worst]):.0f} ms ({worst})",
    )
    drags = [drag for by_column in dragged.values() for drag in by_column.values()]
    away = list(figures["far"]["drags"].values())
    for where, all_drags in (("", drags), (", from far away too", away)):
        late = max(drag["ms"] for drag in all_drags)
        right = sum(drag["page"] == drag["kernel"] for drag in all_drags)
        yield report.bar(
            right == len(all_drags) and late <= MOST_FOR_DRAG,
            f"a drag ends on its last value within {MOST_FOR_DRAG} ms{where}",
            f"{right} of {len(all_drags)} end on it, the latest after {late:.0f} ms",
        )
    drags += away
    blank, frames = (sum(drag[key] for drag in drags) for key in ("blank", "frames"))
    yield report.bar(blank == 0, "no frame is blank", f"{blank} of {frames} frames")
    pictures, events = (sum(drag[key] for drag in drags) for key in ("pictures", "events"))
    yield report.bar(
        all(drag["pictures"] <= drag["events"] for drag in drags),
        "nothing queues: no drag brings more pictures than events",
        f"{pictures} pictures for {events} events",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--moves", type=int, default=40, help="of each slider at each C")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    found = measure(arguments.moves)
    report.save(arguments.json, found)
    print(*tables(found), *bars(found), sep="\n")
