"""Messages of a kernel go to the page without waiting for each other, where we start the server."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]
NAME = "ServerApp.kernel_websocket_connection_class"
OURS = "attention_lib.course.websocket.PromptWebsocket"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def server(tmp_path, jupyter_environment):
    """A Jupyter server with the class in question; gives its port and where it is noted."""
    port, noted = free_port(), tmp_path / "nodelay"
    path = f"{Path(__file__).parent / 'server'}:{jupyter_environment['PYTHONPATH']}"
    environment = jupyter_environment | {"PYTHONPATH": path, "NODELAY": str(noted)}
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--IdentityProvider.token="]
    command += ["--ServerApp.disable_check_xsrf=True", f"--{NAME}=nodelay_spy.Spy"]
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status").close()
                    break
                except OSError:
                    assert time.monotonic() < end, (tmp_path / "log").read_text()
                    assert running.poll() is None, (tmp_path / "log").read_text()
                    time.sleep(0.1)
            yield port, noted
        finally:
            running.terminate()
            running.wait(60)


def test_a_kernels_messages_do_not_wait_for_each_other(server):
    port, noted = server
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/kernels", data=b"{}")
    with urllib.request.urlopen(asked) as answer:
        kernel = json.load(answer)["id"]
    address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels"
    with connect(address, subprotocols=["v1.kernel.websocket.jupyter.org"]):
        end = time.monotonic() + 60
        while not noted.exists() and time.monotonic() < end:
            time.sleep(0.1)
    assert noted.read_text() == "1"


@pytest.mark.parametrize("file", ["Makefile", "binder/postBuild"])
def test_every_server_that_we_start_has_it(file):
    text = (ROOT / file).read_text("utf-8")
    assert NAME.partition(".")[2] in text
    assert OURS in text
