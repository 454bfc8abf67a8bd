"""Thirty students behind one Jupyter server.

Run: python -m benchmarks.classroom [--students 30] [--moves 40] [--every 1] [--json FILE]

Every student has a kernel of their own, runs a whole notebook at the same moment as all the others,
and then moves the sliders of its panels, about one step a second. What a browser would send is sent
here from one process, so that the machine has the server and the kernels to itself. The section of
05 that loads TensorFlow is left out: thirty of those fit no small hub.
"""

import argparse
import asyncio
import itertools
import json
import random
import struct
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import nbformat
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks import report
from benchmarks.jupyter import ROOT, server

NOTEBOOKS = ("00_start_here", "01_squeeze", "02_excitation", "03_scale", "05_eca")
SKIPPED = {"raises-exception", "tensorflow"}  # the tags of cells that a class leaves out
PATIENCE = 300  # seconds for one answer
MOST_MEGABYTES, MOST_MS = 150, 250


class Student:
    """A kernel, what its notebook has shown, and how long its moves took."""

    def __init__(self, name: str, socket: WebSocketClientConnection):
        self.name = name
        self.moves: list[float] = []  # ms, from the message to the new picture
        self.seconds = 0.0  # for the whole notebook
        self._socket = socket
        self._sliders: dict[str, dict[str, Any]] = {}
        self._figures: set[str] = set()

    async def run(self, cells: Sequence[str]) -> None:
        """Run a notebook, and open its pictures as a page does."""
        begun = time.perf_counter()
        for cell in cells:
            await self._ask("shell", "execute_request", {"code": cell, "silent": False})
        for figure in self._figures:
            hello = {"method": "custom", "content": {"scale": 1, "dark": False}}
            await self._ask("shell", "comm_msg", {"comm_id": figure, "data": hello})
        self.seconds = time.perf_counter() - begun

    async def play(self, moves: int, every: float, rng: random.Random) -> None:
        """Move sliders that bring a new picture, one step about `every` seconds."""
        live = [slider for slider in self._sliders if await self._move(slider) is not None]
        for slider in itertools.islice(itertools.cycle(live), moves):
            await asyncio.sleep(rng.uniform(0, 2 * every))
            ms = await self._move(slider)
            if ms is not None:
                self.moves.append(ms)

    async def _move(self, slider: str) -> float | None:
        """Move one step, there or back; returns ms to the picture, None if none came."""
        state = self._sliders[slider]
        up = state["value"] + state["step"] <= state["max"] and not state.get("down")
        state["down"] = up
        state["value"] += state["step"] if up else -state["step"]
        data = {"method": "update", "state": {"value": state["value"]}, "buffer_paths": []}
        return await self._ask("shell", "comm_msg", {"comm_id": slider, "data": data})

    async def _ask(self, channel: str, kind: str, content: dict) -> float | None:
        """Send, and read until the kernel is done; returns ms to the last picture that came."""
        ident, begun, picture = uuid4().hex, time.perf_counter(), None
        header = {"msg_id": ident, "msg_type": kind, "session": self.name, "username": ""}
        header |= {"version": "5.3", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self._socket.write_message(json.dumps(message | {"channel": channel}))
        while True:
            came = _decode(await asyncio.wait_for(self._socket.read_message(), PATIENCE))
            told, content = came["msg_type"], came["content"]
            if told == "error":
                raise RuntimeError(f"{self.name}: {content['ename']}: {content['evalue']}")
            if told == "comm_open":
                self._meet(content["comm_id"], content["data"].get("state", {}))
            if came["parent_header"].get("msg_id") != ident:
                continue
            if told == "comm_msg" and "frame" in content["data"].get("state", {}):
                picture = (time.perf_counter() - begun) * 1000
            if told == "status" and content["execution_state"] == "idle":
                return picture

    def _meet(self, comm: str, state: dict[str, Any]) -> None:
        """Remember a widget that can be moved, or that is a picture."""
        one = isinstance(state.get("value"), int | float)  # and not a range
        if "Slider" in state.get("_model_name", "") and one and not state.get("disabled"):
            self._sliders[comm] = state
        if "frame" in state:
            self._figures.add(comm)


def _decode(message: str | bytes) -> dict[str, Any]:
    """A kernel's message; of one with pictures in it, the part that is not bytes."""
    if isinstance(message, bytes):
        count, first = struct.unpack_from("!2I", message)
        end = struct.unpack_from("!I", message, 8)[0] if count > 1 else len(message)
        message = message[first:end]
    return json.loads(message)


async def lesson(address: str, students: int, moves: int, every: float) -> dict[str, Any]:
    """Let the class run its notebooks, and move its panels; returns what came of it."""
    url = urlsplit(address)
    base, token = f"{url.netloc}/api/kernels", parse_qs(url.query)["token"][0]
    authorised = {"Authorization": f"token {token}"}
    cells = {name: _cells(ROOT / "notebooks" / f"{name}.ipynb") for name in NOTEBOOKS}
    clock = time.perf_counter()

    async def start(index: int) -> Student:
        http = AsyncHTTPClient()
        asked = HTTPRequest(
            f"http://{base}", "POST", authorised, body="{}", request_timeout=PATIENCE
        )
        ident = json.loads((await http.fetch(asked)).body)["id"]
        channels = HTTPRequest(f"ws://{base}/{ident}/channels", headers=authorised)
        socket = await websocket_connect(channels, max_message_size=2**30)
        return Student(f"{NOTEBOOKS[index % len(NOTEBOOKS)]}-{index}", socket)

    AsyncHTTPClient.configure(None, max_clients=students)
    crowd = await asyncio.gather(*(start(index) for index in range(students)))
    started = time.perf_counter() - clock
    ran = await asyncio.gather(
        *(student.run(cells[student.name.rpartition("-")[0]]) for student in crowd),
        return_exceptions=True,
    )
    rngs = [random.Random(index) for index in range(students)]
    played = await asyncio.gather(
        *(student.play(moves, every, rng) for student, rng in zip(crowd, rngs, strict=True)),
        return_exceptions=True,
    )
    kernels = [
        process
        for process in psutil.Process().children(recursive=True)
        if "ipykernel_launcher" in " ".join(process.cmdline())
    ]
    sizes = [process.memory_full_info() for process in kernels]
    return {
        "students": students,
        "problems": [str(problem) for problem in (*ran, *played) if problem is not None],
        "kernels_s": started,
        "notebook_s": [student.seconds for student in crowd],
        "rss": [size.rss / 1e6 for size in sizes],
        "pss": [size.pss / 1e6 for size in sizes],
        "moves": {student.name: student.moves for student in crowd},
    }


def _cells(path: Path) -> list[str]:
    """The code of a notebook, but for what shows an error, and the section on Keras."""
    notebook = nbformat.read(path, as_version=4)
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and not SKIPPED & set(cell.metadata.get("tags", ()))
    ]


def tables(crowd: dict[str, Any]) -> Iterator[str]:
    """The figures as Markdown."""
    yield f"### {crowd['students']} students at once\n"
    rows = []
    for name in NOTEBOOKS:
        moves = [
            ms for who, all_ms in crowd["moves"].items() if who.startswith(name) for ms in all_ms
        ]
        rows.append([name, len(moves), report.cell(moves)])
    rows.append(["all", len(_all_moves(crowd)), report.cell(_all_moves(crowd))])
    yield report.table(["", "moves", "message to picture, median / p95 ms"], rows)
    yield (
        f"Kernels there after {crowd['kernels_s']:.0f} s; whole notebooks run, all at once, in "
        f"{report.median(crowd['notebook_s']):.0f} s (median). A kernel holds "
        f"{report.median(crowd['pss']):.0f} MB (PSS: memory shared by several is divided among "
        f"them), {report.median(crowd['rss']):.0f} MB counted alone (RSS).\n"
    )


def bars(crowd: dict[str, Any]) -> Iterator[str]:
    """For each bar, whether it is reached."""
    failed = crowd["problems"]
    said = failed[0] if failed else f"{crowd['students']} of {crowd['students']}"
    yield report.bar(not failed, "every student's notebook and panels work", said)
    heaviest = max(crowd["pss"])
    yield report.bar(
        heaviest <= MOST_MEGABYTES,
        f"at most {MOST_MEGABYTES} MB a student (PSS)",
        f"{heaviest:.0f} MB at most, {max(crowd['rss']):.0f} MB counted alone (RSS)",
    )
    typical = report.median(_all_moves(crowd))
    yield report.bar(
        typical < MOST_MS, f"a move takes less than {MOST_MS} ms, median", f"{typical:.0f} ms"
    )


def _all_moves(crowd: dict[str, Any]) -> list[float]:
    return [ms for moves in crowd["moves"].values() for ms in moves]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--moves", type=int, default=40, help="of each student")
    parser.add_argument("--every", type=float, default=1, help="seconds between moves, on average")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    with server() as address:
        crowd = asyncio.run(lesson(address, arguments.students, arguments.moves, arguments.every))
    report.save(arguments.json, crowd)
    print(*tables(crowd), *bars(crowd), sep="\n")
