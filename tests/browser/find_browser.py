"""Finds a Chromium for the browser tests; as a script with --install it gets one if there is none.

Run: python -m tests.browser.find_browser [--install]
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC_APPLICATION = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PLAYWRIGHT_INSTALL = (sys.executable, "-m", "playwright", "install", "chromium")
DRIVER = (sys.executable, "-m", "playwright", "--version")
DEBIAN_INSTALL = ("sh", "-c", "apt-get update && apt-get install --yes chromium libatomic1")
ADVICE = (
    "No Chromium runs here, and the browser tests need one. Install Chromium or Google Chrome, or "
    "run `.venv/bin/playwright install --with-deps chromium`, or set CHROMIUM to a browser's path."
)
DRIVER_ADVICE = (
    "Playwright, which drives the browser in the tests, does not start here: {problem}\n"
    "Install what it misses. On Debian and Ubuntu that is the package libatomic1."
)


class BrowserNotFound(RuntimeError):
    """No browser runs here, or none can be driven; the message says what to do."""


def find_browser() -> str:
    """Return the path of a Chromium that runs.

    Raises:
        BrowserNotFound: if there is none, or nothing to drive it with.
    """
    if problem := driver_problem():
        raise BrowserNotFound(DRIVER_ADVICE.format(problem=problem))
    for path in candidates():
        if runs(path):
            return path
    raise BrowserNotFound(ADVICE)


def get_browser(installs: Iterable[Sequence[str]] | None = None) -> str:
    """Return the path of a Chromium that runs, after trying to install one if need be.

    Args:
        installs: the commands to try, in order, until a browser runs.

    Raises:
        BrowserNotFound: if there is none after the last of them.
    """
    for command in possible_installs() if installs is None else installs:
        try:
            return find_browser()
        except BrowserNotFound:
            print("No browser yet, so:", *command, file=sys.stderr, flush=True)
            subprocess.run(command, check=False)
    return find_browser()


def candidates() -> Iterator[str]:
    """Yield the paths where a browser may be, what CHROMIUM names first."""
    named = os.environ.get("CHROMIUM")
    for name in ([named] if named else []) + [*NAMES, MAC_APPLICATION]:
        if path := shutil.which(name):
            yield path
    yield playwright_browser()


def runs(path: str) -> bool:
    """Tell whether `path` starts: a browser without its libraries is there and does not."""
    if not Path(path).is_file():
        return False
    try:
        version = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return version.returncode == 0


def driver_problem(command: Sequence[str] = DRIVER) -> str:
    """Return what keeps Playwright's driver from starting, or nothing: it brings its own Node."""
    tried = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return (tried.stderr.strip() or "it says nothing.") if tried.returncode else ""


def playwright_browser() -> str:
    """Return where Playwright keeps the browser that it installs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def possible_installs() -> list[Sequence[str]]:
    """Return the commands that may get a browser on this machine."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [PLAYWRIGHT_INSTALL] + ([DEBIAN_INSTALL] if as_root and shutil.which("apt-get") else [])


if __name__ == "__main__":
    try:
        print(get_browser() if "--install" in sys.argv else find_browser())
    except BrowserNotFound as error:
        sys.exit(str(error))
