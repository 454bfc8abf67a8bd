"""Measure a site that `make pages` has built: sizes, first views, moves, and pixels.

python -m benchmarks.pages [--site build/pages/site] [--states 300] [--only PANEL ...] [--out FILE]
"""

import argparse
import base64
import functools
import gzip
import http.server
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from attention_lib import panels
from attention_lib.course import museum
from attention_lib.panels.kit.panel import Panel
from benchmarks.report import bar, cell, median, save, table
from pages import hero
from pages.execute import ROOT
from tests.browser.lab import chromium

del museum  # imported so that its panel can be opened
MOVES = 10
KEYS = ("ArrowRight", "ArrowLeft")
LOOKS = {("light", 1): "light-1", ("dark", 2): "dark-2"}
OWN = {"hero": hero.hero, "narrow_hero": hero.narrow_hero}
ALIVE = ".attention-host[data-panel='{}'][data-alive]"

# From each key to the picture that has changed by it, in ms.
WATCH = """canvas => {
  window.moves = [];
  let pressed = null;
  addEventListener('keydown', event => (pressed = event.timeStamp), true);
  new MutationObserver(() => {
    if (pressed !== null) window.moves.push(performance.now() - pressed);
    pressed = null;
  }).observe(canvas, { attributeFilter: ['data-line'] });
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a server of the site, on loopback."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=site)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def pages_of(site: Path) -> dict[str, str]:
    """The page on which each panel first stands."""
    found: dict[str, str] = {}
    for path in sorted(site.glob("*.html")):
        for name in re.findall(r'data-panel="(\w+)"', path.read_text("utf-8")):
            found.setdefault(name, path.name)
    return found


def open_page(browser: Browser, url: str, name: str, look: str = "light", density: int = 1) -> Page:
    """A page in a new, empty profile; wide unless its panel is the narrow one."""
    size = {"width": 390 if name == "narrow_hero" else 1280, "height": 900}
    context = browser.new_context(
        viewport=size, color_scheme=look, device_scale_factor=density, reduced_motion="reduce"
    )
    return context.new_page()


def wake(page: Page, name: str) -> Locator:
    """Bring a panel into sight; its host, once it moves."""
    page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(
        """name => {
          const host = document.querySelector(`[data-panel="${name}"]`);
          host.hidden = false;
          host.scrollIntoView();
        }""",
        name,
    )
    page.wait_for_selector(ALIVE.format(name), state="attached")
    return page.locator(ALIVE.format(name)).first


def sent(response: Any) -> int:
    """The bytes of a file as a host such as GitHub Pages sends it: text compressed."""
    body = response.body()
    text = response.headers.get("content-type", "").startswith(("text/", "application/j"))
    return len(gzip.compress(body)) if text else len(body)


def first_view(browser: Browser, address: str, path: str, name: str) -> dict[str, float]:
    """A page with an empty cache: bytes, and ms until its first panel is seen, and moves."""
    page = open_page(browser, address, name)
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{address}/{path}", wait_until="load")
    seen, at_once = page.evaluate("() => performance.now()"), {each.url for each in answers}
    host = wake(page, name)
    moves = page.evaluate("() => performance.now()")
    page.wait_for_load_state("networkidle")
    fetched = [(each.url, sent(each)) for each in answers if each.url.startswith(address)]
    ours = (address, "data:", "blob:")
    data = re.compile(r"/panels/\w+/(?!still)")
    figures = {
        "seen": seen,
        "moves": moves,
        "view": sum(size for url, size in fetched if url in at_once and not data.search(url)),
        "data": sum(size for url, size in fetched if data.search(url) and f"/{name}/" in url),
        "outside": sum(not each.url.startswith(ours) for each in answers),
        "states": len(page.evaluate("name => attention.statesOf(name)", name)),
        "alive": host.count(),
    }
    page.context.close()
    return figures


def moves(browser: Browser, address: str, path: str, name: str) -> list[float]:
    """Ms from a key to the changed picture, over the panel's lists, sliders and buttons."""
    page = open_page(browser, address, name)
    page.goto(f"{address}/{path}")
    host = wake(page, name)
    host.locator("canvas").evaluate(WATCH)
    controls = host.locator("select, input[type=range]:not([data-fader]), input[type=radio]")
    for number in range(controls.count()):
        control = controls.nth(number)
        if not control.is_visible():
            continue
        control.focus()
        for move in range(MOVES):
            page.keyboard.press(KEYS[move // 5 % 2])
            page.wait_for_timeout(60)
    found = page.evaluate("() => window.moves")
    page.context.close()
    return found


def in_python(name: str, line: str) -> Panel:
    """The same state in Python."""
    if name not in OWN:
        return panels.open_panel(line)
    panel = OWN[name]()
    panel.restore(line)
    return panel


def differing(
    browser: Browser, address: str, path: str, name: str, count: int, seed: int
) -> list[str]:
    """Random states whose pixels, words or line on the page are not Python's."""
    found = []
    generator = np.random.default_rng(seed)
    for (look, density), part in LOOKS.items():
        page = open_page(browser, address, name, look, density)
        page.goto(f"{address}/{path}")
        canvas = wake(page, name).locator("canvas")
        states = page.evaluate("name => attention.statesOf(name)", name)
        for number in generator.choice(len(states), size=count // len(LOOKS)):
            line = states[number]
            page.evaluate("([name, line]) => attention.show(name, line)", [name, line])
            png = canvas.evaluate("canvas => canvas.toDataURL('image/png')").partition(",")[2]
            pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))
            panel = in_python(name, line)
            panel.figure.appear(density, 1, look == "dark")
            same = {
                "line": canvas.get_attribute("data-line") == line == panel.preset,
                "words": canvas.get_attribute("aria-label") == panel.figure.alt,
                "pixels": np.array_equal(pixels, panel.figure.pixels),
            }
            found += [f"{part} {line}: {what}" for what, equal in same.items() if not equal]
            panel.close()
        page.context.close()
    return found


def main() -> None:
    """Measure, print the tables, and say which bars are reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "pages" / "site")
    parser.add_argument("--states", type=int, default=300, help="to compare, over all panels")
    parser.add_argument("--only", nargs="*", help="names of panels")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    where = pages_of(asked.site)
    where = {name: path for name, path in where.items() if not asked.only or name in asked.only}
    rows, all_moves, wrong, views = [], [], [], {}
    each = 2 * -(-asked.states // (2 * len(where)))
    with served(asked.site) as address, chromium() as browser:
        for seed, (name, path) in enumerate(where.items()):
            views[name] = first_view(browser, address, path, name)
            took = moves(browser, address, path, name)
            wrong += differing(browser, address, path, name, each, seed)
            all_moves += took
            view = views[name]
            rows.append(
                (
                    name,
                    path.removesuffix(".html"),
                    view["states"],
                    f"{view['view'] / 1e3:.0f}",
                    f"{view['data'] / 1e6:.2f}",
                    f"{view['seen']:.0f} / {view['moves']:.0f}",
                    cell(took),
                )
            )
            print(rows[-1], flush=True)
    head = ["panel", "page", "states", "first view, kB", "data, MB", "seen / moves after, ms"]
    print("\n" + table([*head, "a move, ms"], rows))
    size = sum(path.stat().st_size for path in asked.site.rglob("*") if path.is_file()) / 1e6
    worst = {key: max(view[key] for view in views.values()) for key in next(iter(views.values()))}
    late = float(np.percentile(all_moves, 95))
    print(bar(size <= 100, "the site is at most 100 MB", f"{size:.0f}"))
    print(bar(worst["view"] <= 5e5, "a first view is 500 kB", f"{worst['view'] / 1e3:.0f}"))
    print(bar(worst["data"] <= 2e6, "a panel's first data are 2 MB", f"{worst['data'] / 1e6:.2f}"))
    print(bar(worst["seen"] <= 1000, "a panel is seen within 1 s", f"{worst['seen']:.0f} ms"))
    reached = median(all_moves) <= 16 and late <= 50
    print(bar(reached, "a move takes 16 ms, p95 50", cell(all_moves, 1)))
    print(bar(worst["outside"] == 0, "nothing comes from elsewhere", worst["outside"]))
    print(bar(not wrong, f"{each * len(where)} states are Python's own", f"{len(wrong)} are not"))
    print("\n".join(wrong[:20]))
    save(asked.out, {"views": views, "moves": all_moves, "wrong": wrong, "MB": size})


if __name__ == "__main__":
    main()
