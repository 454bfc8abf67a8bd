"""A real JupyterLab in a real browser, and what the tests do with it.

JupyterLab and the browser are started once and shared; each notebook has a page of its own.
"""

import ast
import json
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, sync_playwright

from tests.browser.find_browser import find_browser

SECONDS_TO_START = 60
SECONDS_TO_RUN = 300
SECONDS_TO_PAINT = 60
LOOPBACK = ("127.0.0.1", "localhost")

# What JupyterLab fetches from elsewhere by itself, and does without when offline.
ASKED_FOR_BY_JUPYTERLAB = ("https://cdnjs.cloudflare.com/ajax/libs/font-awesome/",)  # ipywidgets

# What a kernel writes when JupyterLab asks after its widgets before a notebook has imported any.
ASKED_TOO_EARLY = "stderr: No such comm"

PROMPT = "attention_lib.course.websocket.PromptWebsocket"

SETTINGS = {  # JupyterLab is as installed, but for what it would ask elsewhere
    "@jupyterlab/apputils-extension/notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    },
}

IDLE = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return context?.isReady && context.session?.kernel?.status === 'idle';
}"""

# The kernel reports an error in a widget's callback, and nothing on the page shows it.
LISTEN = """() => {
  const { sessionContext, content } = jupyterapp.shell.currentWidget;
  const expected = id => content.widgets.some(cell =>
    cell.outputArea?.future?.msg.header.msg_id === id &&
    (cell.model.getMetadata('tags') ?? []).includes('raises-exception'));
  window.kernelErrors = [];
  sessionContext.session.kernel.anyMessage.connect((_, { msg, direction }) => {
    const { ename, evalue, name, text } = msg.content;
    if (direction !== 'recv' || expected(msg.parent_header.msg_id)) return;
    if (msg.header.msg_type === 'error') window.kernelErrors.push(`${ename}: ${evalue}`);
    if (msg.header.msg_type === 'stream' && name === 'stderr')
      window.kernelErrors.push(`stderr: ${text}`);
  });
}"""
RUN_ALL = "() => jupyterapp.commands.execute('notebook:run-all-cells')"
NOT_RUN = """() => jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) =>
  model.type === 'code' && model.sharedModel.source.trim() && !model.executionCount).length"""
SCROLL_THROUGH = """async () => {
  const { content } = jupyterapp.shell.currentWidget;
  for (let i = 0; i < content.widgets.length; i++) {
    await content.scrollToItem(i, 'smart');
    await new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)));
  }
}"""
WIDGET = "application/vnd.jupyter.widget-view+json"
# JupyterLab makes an output when its cell is scrolled to.
NOT_OPEN = """type => {
  const { widgets } = jupyterapp.shell.currentWidget.content;
  return widgets.filter(({ outputArea }) =>
    outputArea?.model.toJSON().some(({ data }, i) =>
      data?.[type] && !outputArea.widgets[i]?.node.querySelector(
        '.jupyter-widgets, [class^=attention-], [class*=" attention-"]'))).length;
}"""
# What is on the canvases of a part of the page.
CANVASES = """async part => {
  const hex = bytes => Array.from(new Uint8Array(bytes), b => b.toString(16).padStart(2, '0'));
  const seen = [];
  for (const canvas of part.querySelectorAll('canvas.live-figure')) {
    const { width, height, clientWidth } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const own = parseFloat(canvas.style.width); // as wide as it is drawn for
    seen.push({
      checksum: hex(await crypto.subtle.digest('SHA-256', data)).join(''),
      size: [width, height],
      alt: canvas.ariaLabel,
      wanted: Math.min(2 * own, devicePixelRatio * clientWidth),
      dark: document.body.dataset.jpThemeLight === 'false',
    });
  }
  return seen;
}"""
# The same of every output that shows a widget, in order, with the widget's name.
PICTURES = f"""async type => {{
  const pictures = [];
  for (const {{ outputArea }} of jupyterapp.shell.currentWidget.content.widgets) {{
    for (let i = 0; i < (outputArea?.model.length ?? 0); i++) {{
      const view = outputArea.model.get(i).data[type];
      if (view) pictures.push([view.model_id, await ({CANVASES})(outputArea.widgets[i].node)]);
    }}
  }}
  return pictures;
}}"""
EVALUATE = """async expression => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const user_expressions = { it: expression };
  const request = { code: '', silent: true, store_history: false, user_expressions };
  const { content } = await kernel.requestExecute(request).done;
  const { data, ename, evalue } = content.user_expressions.it;
  return data?.['text/plain'] ?? `${ename}: ${evalue}`;
}"""
SAVE = "() => jupyterapp.commands.execute('docmanager:save')"
SHUT_DOWN = "() => jupyterapp.shell.currentWidget.sessionContext.shutdown()"
KINDS = ("number", "choice", "bars", "note")  # of predictions
FRAMES = "figures => figures.map(figure => Number(figure.dataset.frame ?? 0))"
CHANGED = """([figures, before]) =>
  figures.some((figure, i) => Number(figure.dataset.frame ?? 0) > before[i])"""
THEME = """theme =>
  jupyterapp.commands.execute('apputils:change-theme', { theme: `JupyterLab ${theme}` })"""
SHOWN = (".jp-OutputArea-output", ".jp-MarkdownOutput")
AXE = """async ([context, rules]) => {
  const only = rules ? { runOnly: rules } : {};
  const { violations } = await axe.run(context, { resultTypes: ['violations'], ...only });
  return violations.filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.map(n => n.html).join(' | ')}`);
}"""


@contextmanager
def jupyterlab(folder: Path, environment: dict[str, str], below: str = "/") -> Iterator[str]:
    """Run JupyterLab on loopback over `folder`; gives the address to open notebooks below.

    Args:
        folder: what JupyterLab shows; it may write there.
        environment: with Jupyter's own folders elsewhere than the user's (see tests/conftest.py).
        below: the path that all its addresses begin with, as on Binder and on every hub.
    """
    for name, setting in SETTINGS.items():
        path = Path(environment["JUPYTER_CONFIG_DIR"], "lab", "user-settings", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(path.name + ".jupyterlab-settings").write_text(json.dumps(setting))
    token = secrets.token_hex(16)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder.parent / "jupyterlab.log"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"),
        f"--ServerApp.base_url={below}",
        *("--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"),
        "--JupyterNotebookApp.expose_app_in_browser=True",
        f"--ServerApp.kernel_websocket_connection_class={PROMPT}",  # as make lab has it
    ]
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        wait_for_server(f"http://127.0.0.1:{port}{below}api?token={token}", server, log)
        yield f"http://127.0.0.1:{port}{below}lab/tree/{{path}}?reset&token={token}"
    finally:
        server.terminate()
        server.wait(SECONDS_TO_START)


def wait_for_server(url: str, server: subprocess.Popen, log: Path) -> None:
    """Return when the server answers; if it does not, raise what it wrote."""
    end = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start. It wrote:\n{log.read_text()}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a Chromium without a window."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-gpu"])
        yield browser
        browser.close()


class LabPage:
    """A notebook open in JupyterLab.

    Args:
        browser: to open the page in.
        address: of JupyterLab, as `jupyterlab` gives it.
        path: of the notebook, below JupyterLab's folder.

    `problems` lists every error so far: in the page, in its console, in a cell, in a callback; and
    every request for something that is not on this machine.
    """

    def __init__(self, browser: Browser, address: str, path: str):
        self._problems: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(SECONDS_TO_PAINT * 1000)
        self.page.on("pageerror", lambda error: self._problems.append(f"page error: {error}"))
        self.page.on("console", self._hear)
        self.page.route(leaves_the_machine, self._refuse)
        self.path = path
        self.page.goto(address.format(path=path))
        self.begin()

    def begin(self) -> None:
        """Wait until the page is there, loaded for the first time or again, and listen to it."""
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.wait_until_idle(SECONDS_TO_START)
        self.page.evaluate(LISTEN)

    def run_all(self) -> None:
        """Run every cell, wait until the kernel has nothing left to do, and bring each in sight."""
        self.page.evaluate(RUN_ALL)
        self.wait_until_idle()
        self.scroll_through()
        if cells := self.page.evaluate(NOT_RUN):
            self._problems.append(f"{cells} cells did not run")

    def wait_until_idle(self, seconds: int = SECONDS_TO_RUN) -> None:
        """Wait until the kernel is there and idle."""
        self.page.wait_for_function(IDLE, timeout=seconds * 1000)

    @property
    def problems(self) -> list[str]:
        """Every error so far."""
        of_the_kernel = self.page.evaluate("() => window.kernelErrors")
        return self._problems + [e for e in of_the_kernel if not e.startswith(ASKED_TOO_EARLY)]

    def scroll_through(self, *, live: bool = True) -> None:
        """Bring every cell on the screen once, and wait until what it shows is there.

        Args:
            live: whether its widgets have a kernel.
        """
        self.page.evaluate(SCROLL_THROUGH)
        if live:
            self.page.wait_for_function(f"type => !({NOT_OPEN})(type)", arg=WIDGET)

    def wrong_pictures(self, seconds: float = SECONDS_TO_PAINT) -> list[str]:
        """How the pictures on the page differ from those that the kernel draws.

        Args:
            seconds: to wait until every canvas has the kernel's own pixels, as dense as its screen
                and as dark as its page.

        Returns:
            A sentence for each that has not by then, or is of hardly any colour.
        """
        end = time.monotonic() + seconds
        while True:
            seen = self.pictures()
            ids = [model_id for model_id, _ in seen]
            drawn = self.evaluate(f"{{id: pixels.expected(id) for id in {ids}}}", "pixels")
            drawn_for_the_largest(seen)
            wrong = [problem for id, shown in seen for problem in differences(shown, drawn[id])]
            if not wrong or time.monotonic() > end:
                return wrong
            self.page.wait_for_timeout(200)

    def pictures(self) -> list[tuple[str, list[dict]]]:
        """The name of each widget that an output shows, and what is on its canvases."""
        return self.page.evaluate(PICTURES, WIDGET)

    def evaluate(self, expression: str, module: str = "builtins") -> Any:
        """What an expression is in the kernel, read from how it is written there.

        Args:
            expression: of what has the same form in Python's source: numbers, texts, lists.
            module: that it uses, by name.
        """
        code = f"(lambda {module}: {expression})(__import__({module!r}))"
        return ast.literal_eval(self.page.evaluate(EVALUATE, code))

    def panels(self) -> list[Locator]:
        """The panels on the page, in order."""
        return self.page.locator(".attention-panel").all()

    def predictions(self) -> list[Locator]:
        """The cards that ask for a prediction, one of each kind."""
        cards = self.page.locator(".attention-predict")
        kinds = (cards.filter(has=self.page.locator(f".predict-{k}")) for k in KINDS)
        return [cards.first for cards in kinds if cards.count()]

    def press(self, handle: Locator, key: str, times: int = 1) -> None:
        """Press a key on a slider handle, as somebody without a mouse does."""
        handle.scroll_into_view_if_needed()
        handle.focus()
        for _ in range(times):
            self.page.keyboard.press(key)

    def frames(self, figures: Locator) -> list[int]:
        """How many pictures each of the figures has shown."""
        return figures.evaluate_all(FRAMES)

    def wait_for_frame(
        self, figures: Locator, before: list[int], seconds: float = SECONDS_TO_PAINT
    ) -> None:
        """Wait until one of the figures shows a newer picture than it did `before`."""
        self.page.wait_for_function(
            CHANGED, arg=[figures.element_handles(), before], timeout=seconds * 1000
        )

    def serious_barriers(self, panel: Locator) -> list[str]:
        """What axe-core finds in a panel that would keep somebody out, seriously or wholly."""
        self._load_axe()
        return self.page.evaluate(AXE, [panel.element_handle(), None])

    def serious_barriers_anywhere(self, rules: list[str] | None = None) -> list[str]:
        """The same of everything that the notebook shows, but for JupyterLab's own parts.

        Args:
            rules: of axe-core; all, if none are named.
        """
        self._load_axe()
        shown = {"include": [[part] for part in SHOWN if self.page.locator(part).count()]}
        return self.page.evaluate(AXE, [shown, rules])

    def _load_axe(self) -> None:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))

    def darken(self) -> None:
        """Choose JupyterLab's dark theme."""
        self.page.evaluate(THEME, "Dark")
        self.page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")

    def lighten(self) -> None:
        """Choose JupyterLab's light theme."""
        self.page.evaluate(THEME, "Light")
        self.page.wait_for_selector("body[data-jp-theme-light=true]", state="attached")

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate(SAVE)

    def close(self) -> None:
        """Shut the kernel down, for its memory, and close the page."""
        self.page.evaluate(SHUT_DOWN)
        self.page.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not leaves_the_machine(message.location["url"]):
            self._problems.append(f"console: {message.text} ({message.location['url']})")

    def _refuse(self, route: Route) -> None:
        if not route.request.url.startswith(ASKED_FOR_BY_JUPYTERLAB):
            self._problems.append(f"the page asked for {route.request.url}")
        route.abort()


def leaves_the_machine(url: str) -> bool:
    """Tell whether `url` is a web address that is not on this machine."""
    parts: Any = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK


def drawn_for_the_largest(seen: list[tuple[str, list[dict]]]) -> None:
    """Have every view of a figure want the dots of that figure's largest view."""
    for model_id, shown in seen:
        views = [canvases for other, canvases in seen if other == model_id]
        for i, canvas in enumerate(shown):
            canvas["wanted"] = max(view[i]["wanted"] for view in views if i < len(view))


def differences(seen: list[dict], drawn: list[dict]) -> list[str]:
    """What is wrong with the canvases of one widget."""
    if len(seen) != len(drawn):
        return [f"{len(drawn)} pictures are drawn and {len(seen)} shown"]
    wrong = []
    for shown, true in zip(seen, drawn, strict=True):
        if true["colours"] < 20:
            wrong.append(f"a picture has {true['colours']} colours")
        if abs(shown["size"][0] - shown["wanted"]) > 1 or shown["dark"] != true["dark"]:
            wrong.append(f"a page wants {shown}, and {true} is drawn")
        if any(shown[name] != true[name] for name in ("size", "checksum", "alt")):
            wrong.append(f"{shown} is shown, and {true} is drawn")
    return wrong
