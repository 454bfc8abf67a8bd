"""How long until the first live panel, and how much memory: for each notebook.

Run: python -m benchmarks.footprint [NOTEBOOK ...] [--moves 500] [--rounds 1] [--json FILE]

Without names, the four notebooks for which bars stand. About four minutes.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from benchmarks import report
from benchmarks.jupyter import MEASURE, ROOT, lab, require_no_error
from tests.browser.lab import LISTEN, LabPage

STARTS = 3  # of which the median counts
LIGHT = ("00_start_here", "01_squeeze", "02_excitation", "03_scale")  # for these the bars stand
MOST_SECONDS, MOST_MEGABYTES, MOST_GROWTH = 3, 180, 20

ASK = "code => bench.ask(code)"
START = """async () => {
  const { sessionContext } = jupyterapp.shell.currentWidget;
  await jupyterapp.commands.execute('notebook:clear-all-cell-outputs');
  await sessionContext.shutdown();
  window.begun = performance.now();
  await sessionContext.changeKernel({ name: 'python3' });
  await sessionContext.session.kernel.info;
  return performance.now() - window.begun;
}"""
RUN = """async () => {
  const run = jupyterapp.commands.execute('notebook:run-all-cells').then(() => null);
  const picture = (async () => {
    while (!document.querySelector('.live-figure[data-frame]'))
      await new Promise(requestAnimationFrame);
    return performance.now() - window.begun;
  })();
  const first = await Promise.race([run, picture]);
  await run;
  return first;
}"""


def measure(notebooks: Sequence[Path], moves: int, rounds: int) -> dict[str, dict[str, Any]]:
    """Start, run, weigh and move each notebook; returns the figures by its name.

    The first round of moves also fills caches; what a second adds is lost.
    """
    found = {}
    with lab({path.stem: path for path in notebooks}) as open_page:
        for index, path in enumerate(notebooks):
            page = open_page(path.stem)
            if index == 0:
                start(page)  # uncounted: the first of all compiles modules
            starts = [start(page) for _ in range(STARTS)]
            kernel = psutil.Process(int(page.page.evaluate(ASK, "import os; print(os.getpid())")))
            loaded = page.page.evaluate(ASK, "import sys; print('tensorflow' in sys.modules)")
            weights = [weigh(kernel)]
            for _ in range(rounds):
                made = page.page.evaluate("moves => bench.exercise(moves)", moves)
                weights.append(weigh(kernel))
            found[path.stem] = {
                "kernel_ms": [kernel_ms for kernel_ms, _ in starts],
                "panel_ms": [panel_ms for _, panel_ms in starts if panel_ms],
                **weights[0],
                "tensorflow": loaded.strip() == "True",
                "moves": made,
                "growth": [after["uss"] - before["uss"] for before, after in pairwise(weights)],
            }
            require_no_error(page)
            page.close()
    return found


def start(page: LabPage) -> tuple[float, float | None]:
    """Run a notebook in a new kernel; ms until the kernel is there, and the first panel."""
    kernel_ms = page.page.evaluate(START)
    page.page.evaluate(LISTEN)
    page.page.evaluate(f"() => {{ {MEASURE} }}")
    panel_ms = page.page.evaluate(RUN)
    page.wait_until_idle()
    return kernel_ms, panel_ms


def weigh(kernel: psutil.Process) -> dict[str, float]:
    """Megabytes that a process holds: all, and those that it shares with no other."""
    memory = kernel.memory_full_info()
    return {"rss": memory.rss / 1e6, "uss": memory.uss / 1e6}


def table(found: dict[str, dict[str, Any]]) -> str:
    """The figures as Markdown."""
    units = ["kernel, s", "first panel, s", "RSS, MB", "USS, MB", "TensorFlow"]
    units += ["moves", "growth, MB"]
    rows = []
    for name, figures in found.items():
        seconds = [
            f"{report.median(figures[key]) / 1000:.1f}" if figures[key] else "no panel"
            for key in ("kernel_ms", "panel_ms")
        ]
        size = [f"{figures[key]:.0f}" for key in ("rss", "uss")]
        loaded = "yes" if figures["tensorflow"] else "no"
        grown = ", then ".join(f"{each:+.0f}" for each in figures["growth"])
        growth = [grown if figures["moves"] else ""]
        rows.append([name, *seconds, *size, loaded, figures["moves"] or "", *growth])
    return report.table(["", *units], rows)


def bars(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    """For each bar, whether it is reached."""
    light = {name: found[name] for name in LIGHT if name in found}
    seconds = {name: report.median(figures["panel_ms"]) / 1000 for name, figures in light.items()}
    sizes = {name: figures["rss"] for name, figures in light.items()}
    heavy = [name for name, figures in light.items() if figures["tensorflow"]]
    grown = {name: each["growth"] for name, each in found.items() if each["moves"]}
    grow = "moves let a kernel grow by {} MB at most"
    lines = [
        (seconds, MOST_SECONDS, "notebooks 00 to 03 show their first panel in {} s", "{:.1f} s"),
        (sizes, MOST_MEGABYTES, "their kernels hold at most {} MB", "{:.0f} MB"),
    ]
    for rounds in zip(*(grown[name] for name in grown), strict=True):
        lines.append((dict(zip(grown, rounds, strict=True)), MOST_GROWTH, grow, "{:+.0f} MB"))
    for figures, most, claim, form in lines:
        listed = ", ".join(f"{name} {form.format(value)}" for name, value in figures.items())
        reached = all(value <= most for value in figures.values())
        yield report.bar(reached, claim.format(most), listed)
    yield report.bar(not heavy, "they do not load TensorFlow", ", ".join(heavy) or "none does")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--moves", type=int, default=500, help="of sliders, in each notebook")
    parser.add_argument("--rounds", type=int, default=1, help="how often so many")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    arguments = parser.parse_args()
    paths = arguments.notebooks or [ROOT / "notebooks" / f"{name}.ipynb" for name in LIGHT]
    figures = measure(paths, arguments.moves, arguments.rounds)
    report.save(arguments.json, figures)
    print(table(figures), *bars(figures), sep="\n")
