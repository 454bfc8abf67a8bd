"""README stays true: its links lead somewhere, its code runs, its commands exist."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.notebooks import APPS, PATHS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LINKS = re.findall(r"\]\(\s*([^)\s]+)\s*\)", README)
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
POST_BUILD = ROOT / "postBuild"


def opened_by(prefix):
    """The files that Binder's links open under a path of the server's."""
    at_binder = [urlsplit(link) for link in LINKS if link.startswith("https://mybinder.org/v2/")]
    assert {link.path for link in at_binder} == {"/v2/gh/OWNER/REPOSITORY/HEAD"}
    places = [parse_qs(link.query)["urlpath"][0] for link in at_binder]
    return {place.removeprefix(prefix) for place in places if place.startswith(prefix)}


def test_every_notebook_has_a_link_of_its_own_on_binder():
    assert opened_by("lab/tree/") == {f"notebooks/{path.name}" for path in PATHS}


def test_the_apps_have_links_too():
    apps = {"notebooks/00_start_here.ipynb", *(f"notebooks/apps/{path.name}" for path in APPS)}
    assert opened_by("voila/render/") == apps


def test_every_link_to_a_file_leads_to_one():
    here = [link for link in LINKS if not urlsplit(link).scheme]
    assert len(here) > len(PATHS)
    assert [link for link in here if not (ROOT / link).exists()] == []


def test_the_parts_stand_in_the_order_in_which_a_stranger_asks():
    parts = ["Two commands", "Binder", "The series", "The library", "How it is built"]
    places = [README.index(f"## {part}") for part in parts]
    assert places == sorted(places)
    assert README.index("![") < places[0]  # what it is, with a picture, before all


@pytest.mark.parametrize("code", SNIPPETS)
def test_its_code_runs(code):
    from attention_lib import panels
    from attention_lib.backend import keras

    exec(code, {"x": keras.Input((8, 8, 32)), "panels": panels})


def test_its_commands_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)|`make (\w+)`", README, re.MULTILINE):
        assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE), target
    for name in re.findall(r"python -m (benchmarks\.\w+)", README):
        assert (ROOT / f"{name.replace('.', '/')}.py").exists(), name


def test_what_is_typed_opens_nothing_to_the_world():
    typed = README + (ROOT / "Makefile").read_text("utf-8")
    assert re.findall(r"0\.0\.0\.0|--ip=(?!127\.0\.0\.1)|token=(?:''|\"\"|\s)", typed) == []


def test_binder_drops_headers_that_no_notebook_reads(tmp_path):
    headers, module = tmp_path / "tensorflow/include/x.h", tmp_path / "tensorflow/__init__.py"
    headers.parent.mkdir(parents=True)
    headers.touch()
    module.touch()
    (tmp_path / "python").symlink_to(sys.executable)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHONPATH": str(tmp_path)}
    assert os.access(POST_BUILD, os.X_OK)
    subprocess.run([POST_BUILD], env=environment, check=True)
    assert not headers.parent.exists()
    assert module.exists()
