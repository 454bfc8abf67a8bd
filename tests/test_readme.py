"""README stays true: its links lead somewhere, its code runs, its commands exist."""

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.notebooks import APPS, PATHS
from tools.make_links import place

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LINKS = re.findall(r"\]\(\s*([^)\s]+)\s*\)", README)
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
POST_BUILD = ROOT / "binder/postBuild"


def opened_by(prefix):
    """The files that Binder's links open under a path of the server's."""
    at_binder = [urlsplit(link) for link in LINKS if link.startswith("https://mybinder.org/v2/")]
    assert {link.path for link in at_binder} == {f"/v2/gh/{'/'.join(place())}/HEAD"}
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
    parts = ["Two commands", "Without installing anything", "The series", "The library"]
    parts += ["For teachers", "How it is built", "Measured"]
    places = [README.index(f"## {part}") for part in parts]
    assert places == sorted(places)
    assert README.index("![") < places[0]  # what it is, with a picture, before all
    assert len(README.splitlines()) <= 117


@pytest.mark.tensorflow
@pytest.mark.parametrize("code", SNIPPETS)
def test_its_code_runs(code):
    from attention_lib import panels
    from attention_lib._keras import keras

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


@pytest.fixture
def packages(tmp_path):
    """An environment in which pip notes what is asked of it, and TensorFlow is two files."""
    for name in ("tensorflow/include/x.h", "tensorflow/__init__.py", "clang/native/libclang.so"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    script = f'[ "$1" = -m ] && echo "$@" > {tmp_path}/asked || echo {tmp_path}'
    (tmp_path / "python").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "python").chmod(0o755)
    return tmp_path


def test_binder_installs_in_one_step_and_leaves_what_no_notebook_reads(packages):
    path = f"{packages}{os.pathsep}{os.environ['PATH']}"
    assert os.access(POST_BUILD, os.X_OK)
    subprocess.run([POST_BUILD], cwd=ROOT, env={"PATH": path}, check=True)
    asked = "-m pip install --no-cache-dir --constraint constraints.txt --editable .[lab]"
    assert (packages / "asked").read_text().strip() == asked
    left = {path.name for path in packages.glob("*/*") if path.parent.name != "etc"}
    assert left == {"__init__.py"}
    (config,) = packages.glob("etc/jupyter/jupyter_server_config.d/*.json")
    assert json.loads(config.read_text()).keys() == {"ServerApp"}


def test_contributing_names_files_that_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:attention_lib|tests|tools)/[\w/.]+)`", text)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []
