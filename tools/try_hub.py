"""README's links for teachers, on a real JupyterHub with three learners, all on this machine.

Run: make hub, which installs JupyterHub in build/hub first. About six minutes. Every case prints a
line; the exit status is 1 if one of them failed. What the servers wrote is in build/hub/hub.log.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.lab import (
    IDLE,
    NOT_RUN,
    PROMPT,
    RUN_ALL,
    SCROLL_THROUGH,
    chromium,
    wait_for_server,
)
from tools.make_links import place

ROOT = Path(__file__).parents[1]
MADE = ROOT / "build/hub"  # by make
LOG = MADE / "hub.log"
BASE = "/class/"  # many hubs stand below a path
OWNER, NAME = place()
README = (ROOT / "README.md").read_text("utf-8")
PULL = re.search(r"https://HUB/(\S+)", README)[1]
START = f"{NAME}/notebooks/00_start_here.ipynb"
APPS = {
    parse_qs(urlsplit(link).query)["urlpath"][0].replace("notebooks", f"{NAME}/notebooks", 1)
    for link in re.findall(r"https://mybinder\.org/[^\s)]+urlpath=voila[^\s)]+", README)
}
NOBODY = 20001  # who runs the hub where root would: root may write in a folder that is read-only
SECONDS = 90
CODE = ".jp-CodeCell .jp-InputArea:visible, .highlight:visible"
IS_OPEN = "path => window.jupyterapp?.shell?.currentWidget?.context?.path === path"
SAVE = "() => jupyterapp.commands.execute('docmanager:save')"
WRITTEN = "Written by a learner."
PUSHED = "Pushed by a teacher."
NOT_KEPT = "This is kept until the kernel stops."


# The servers


@contextmanager
def hub(folder: Path) -> Iterator[str]:
    """Run a JupyterHub that lets every name in; gives its address. Homes are in `folder`."""
    port, inside, proxy = free_ports(3)
    address = f"http://127.0.0.1:{port}{BASE}"
    as_nobody = []
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        as_nobody += may_read  # this project, wherever it stands
    command = [
        *(*as_nobody, str(MADE / "venv/bin/jupyterhub"), f"--JupyterHub.bind_url={address}"),
        f"--JupyterHub.hub_bind_url=http://127.0.0.1:{inside}",
        f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{proxy}",
        *("--JupyterHub.authenticator_class=dummy", "--Authenticator.allow_all=True"),
        *("--JupyterHub.spawner_class=simple", "--Spawner.default_url=/lab"),
        f"--SimpleLocalProcessSpawner.home_dir_template={folder}/{{username}}",
        f"--Spawner.args=--ServerApp.kernel_websocket_connection_class={PROMPT}",
        "--Spawner.args=--LabApp.expose_app_in_browser=True",
    ]
    programs = [MADE / "venv/bin", MADE / "npm/node_modules/.bin"]
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**kept, "PATH": path, "HOME": str(folder)}
    with LOG.open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_for_server(f"{address}hub/health", server, LOG)
        yield address
    finally:
        server.terminate()  # and with it the learners' servers
        server.wait(SECONDS)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Course:
    """This working copy as a repository that a teacher pushes to."""

    def __init__(self, folder: Path):
        self.folder, self._served = folder / "teacher", folder / "served"
        run("git", "init", "--quiet", "--initial-branch=main", self.folder)
        names = run("git", "ls-files", "-z", cwd=ROOT).split("\0")[:-1]
        for name in filter(lambda name: (ROOT / name).is_file(), names):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", self.bare)
        self.push("The course.")

    @property
    def bare(self) -> Path:
        return self._served / OWNER / NAME

    def push(self, message: str) -> None:
        who = ["-c", "user.name=Teacher", "-c", "user.email=teacher@localhost"]
        run("git", "add", "--all", cwd=self.folder)
        run("git", *who, "commit", "--quiet", "--message", message, cwd=self.folder)
        run("git", "push", "--quiet", self.bare, "main", cwd=self.folder)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve it over HTTP, as GitHub does; gives what stands for https://github.com."""
        handler = type("Handler", (GitHandler,), {"root": self._served})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class GitHandler(BaseHTTPRequestHandler):
    """Hands every request to `git http-backend`."""

    root: Path

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        told = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": asked.path,
            "QUERY_STRING": asked.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        command = ["git", "http-backend"]
        answer = subprocess.run(
            command, input=body, env=os.environ | told, capture_output=True
        ).stdout
        head, _, data = answer.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


# A learner


class Learner:
    """One who is logged in to the hub, in a browser of their own."""

    def __init__(self, browser: Browser, address: str, github: str, name: str, homes: Path):
        self.name, self.home = name, homes / name
        self._address, self._github = address, github
        view = {"width": 1280, "height": 900}
        may = ["clipboard-read", "clipboard-write"]
        self.browser = browser.new_context(viewport=view, permissions=may)
        self.browser.set_default_timeout(1000 * SECONDS)

    def follow(self, link: str) -> Page:
        """Open a link in a new tab, and log in if the hub asks."""
        page = self.browser.new_page()
        page.goto(link if link.startswith("http") else self._address + link)
        if "/hub/login" in page.url:
            page.get_by_label("Username").fill(self.name)
            page.get_by_label("Password").fill("anything")
            page.get_by_role("button", name="Sign in").click()
        return page

    def open(self, link: str, path: str = START) -> Page:
        """Follow a link that must open a notebook in JupyterLab."""
        page = self.follow(link)
        ready(page, path)
        return page

    def pull(self) -> Page:
        """Follow README's link, which brings the notebooks; the repository is this machine's."""
        return self.open(PULL.replace(quote("https://github.com", ""), quote(self._github, "")))

    def visit(self, path: str = START) -> Page:
        """Follow the plain link to a notebook."""
        return self.open(f"hub/user-redirect/lab/tree/{path}", path)


def ready(page: Page, path: str = START) -> None:
    """Wait until a notebook is in front, and its kernel idle."""
    page.wait_for_function(IS_OPEN, arg=path)
    page.wait_for_function(IDLE)


def run_all(*pages: Page) -> None:
    """Run every cell of notebooks at the same time. A cell that fails stops those that follow."""
    for page in pages:
        page.evaluate(f"() => {{ window.ran = ({RUN_ALL})(); }}")
    for page in pages:
        page.evaluate("() => window.ran")
        page.wait_for_function(IDLE)
        assert page.evaluate(NOT_RUN) == 0, "not every cell ran"


def first_panel(page: Page) -> Locator:
    return page.locator(".attention-panel:visible").first


def move(page: Page) -> None:
    """Press an arrow on a slider of the first panel, and wait until its picture has changed."""
    panel = first_panel(page)
    panel.scroll_into_view_if_needed()
    picture = panel.locator("canvas.live-figure").first
    expect(picture).to_have_attribute("data-frame", re.compile(r"\d"))
    before = picture.get_attribute("data-frame")
    handle = panel.locator(".attention-row .noUi-handle:visible").first
    handle.focus()
    at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
    expect(picture).not_to_have_attribute("data-frame", before)


def line_of(page: Page) -> Locator:
    """The box in which the first panel's state stands as a line."""
    panel = first_panel(page)
    panel.scroll_into_view_if_needed()
    box = panel.get_by_label("State as a line")
    if not box.is_visible():
        panel.get_by_role("button", name="State").click()
    return box


def copied_link(page: Page) -> str:
    """What Copy link of the first panel copies."""
    line_of(page)
    first_panel(page).get_by_role("button", name="Copy link").click()
    first_panel(page).get_by_role("button", name="Copied", exact=True).wait_for()
    return page.evaluate("() => navigator.clipboard.readText()")


# The cases, in this order: later ones need what earlier ones leave


def first_pull(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """The nbgitpuller link brings the notebooks and opens the first."""
    page = one.pull()
    run_all(page)
    move(page)
    page.evaluate(SAVE)
    page.close()


def pull_again(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """Again, after the learner has written: it opens the same, and what was written is there."""
    change(one.home / NAME / "notebooks/00_start_here.ipynb", exercise=True, text=WRITTEN)
    page = one.pull()
    expect(page.get_by_text(WRITTEN).first).to_be_attached()
    page.close()


def pull_after_push(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """After a push: the teacher's change is there, and the learner's exercise is still theirs."""
    notebook = "notebooks/00_start_here.ipynb"
    change(course.folder / notebook, exercise=False, text=PUSHED)
    change(course.folder / notebook, exercise=True, text="# The teacher's.")
    course.push("A change.")
    page = one.pull()
    expect(page.get_by_text(PUSHED).first).to_be_attached()
    mine = (one.home / NAME / notebook).read_text("utf-8")
    assert WRITTEN in mine, "the exercise was overwritten"
    assert "# The teacher's." not in mine, "the exercise was overwritten"
    run_all(page)
    move(page)
    page.close()


def change(notebook: Path, *, exercise: bool, text: str) -> None:
    """Write into the first cell, or into the first exercise, of a notebook in its file."""
    import nbformat

    content = nbformat.read(notebook, 4)
    cells = content.cells
    if exercise:
        cells = [cell for cell in cells if "exercise" in cell.metadata.get("tags", [])]
        text = f"# {text.lstrip('# ')}"
    cells[0].source = f"{text}\n{cells[0].source}" if exercise else f"{cells[0].source}\n\n{text}"
    nbformat.write(content, notebook)


def plain_link(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """The plain link opens the notebook of whoever has a copy at that path."""
    two.pull().close()
    two.visit().close()


def panel_link(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """A copied panel link opens the panel as it stood, for another, after reloads too."""
    page = one.visit()
    for _ in range(2):
        run_all(page)
        move(page)
        link, state = copied_link(page), line_of(page).input_value()
        theirs = two.open(link)
        run_all(theirs)
        expect(line_of(theirs)).to_have_value(state)
        theirs.reload()
        ready(theirs)
        run_all(theirs)
        move(theirs)
        theirs.close()
        page.reload()
        ready(page)
    page.close()


def voila(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """Both apps show panels that move, and no code."""
    assert len(APPS) == 2, APPS
    for app in sorted(APPS):
        page = two.follow(f"hub/user-redirect/{app}")
        move(page)
        assert not page.locator(CODE).count()
        page.close()


def server_stopped(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """A server is stopped and started while the page is open: the panel says so, and comes back."""
    page = one.visit()
    run_all(page)
    move(page)
    home = one.follow("hub/home")
    home.get_by_role("button", name="Stop My Server").click()
    home.get_by_role("button", name="Start My Server").wait_for()
    expect(first_panel(page).locator(".attention-session").first).not_to_be_empty(timeout=60_000)
    home.close()
    one.visit().close()
    page.reload()
    ready(page)
    run_all(page)
    move(page)
    page.close()


def read_only(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """A folder that may only be read: panels work; cards and progress say that nothing is kept."""
    two.pull().close()
    folder = two.home / "read_only"
    shutil.copytree(course.folder / "notebooks", folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    page = two.visit("read_only/00_start_here.ipynb")
    run_all(page)
    move(page)
    page.evaluate(SCROLL_THROUGH)
    expect(page.locator(".attention-progress").first).to_contain_text(NOT_KEPT)
    card = page.locator(".attention-predict").filter(has=page.get_by_role("textbox")).first
    card.get_by_role("textbox").fill("50")
    card.get_by_role("button", name="Commit").click()
    expect(card).to_contain_text(NOT_KEPT)
    page.close()


def two_at_once(one: Learner, two: Learner, three: Learner, course: Course) -> None:
    """One learner in 00 and another in 05, whole, at the same time."""
    three.pull().close()
    pages = [one.visit(), three.visit(f"{NAME}/notebooks/05_eca.ipynb")]
    run_all(*pages)
    for page in pages:
        move(page)
        page.close()


CASES: list[Callable[[Learner, Learner, Learner, Course], None]] = [
    first_pull,
    pull_again,
    pull_after_push,
    plain_link,
    panel_link,
    voila,
    server_stopped,
    read_only,
    two_at_once,
]


def main(names: list[str]) -> int:
    """Try every case, or those that are named; returns how many failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and with it what it started
    failed = 0
    with tempfile.TemporaryDirectory(prefix="hub-") as place_of_all:
        folder = Path(place_of_all)
        folder.chmod(0o755)
        homes = folder / "homes"
        homes.mkdir()
        course = Course(folder)
        with course.serve() as github, hub(homes) as address, chromium() as browser:
            learners = [
                Learner(browser, address, github, name, homes) for name in ("one", "two", "three")
            ]
            for case in CASES:
                if names and case.__name__ not in names:
                    continue
                start = time.monotonic()
                try:
                    case(*learners, course)
                    said = "well"
                except Exception:
                    traceback.print_exc()
                    said, failed = "FAILED", failed + 1
                    for learner in learners:
                        for number, page in enumerate(learner.browser.pages):
                            page.screenshot(
                                path=MADE / f"{case.__name__}-{learner.name}-{number}.png"
                            )
                            page.close()
                print(f"{said}, {time.monotonic() - start:.0f} s: {case.__doc__}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
