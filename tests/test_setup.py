"""The set-up: what is declared once agrees everywhere, and the commands do what README says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import zipfile
from importlib.metadata import distribution
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import attention_lib

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines()]
PYTHONS = ["3.11", "3.12", "3.13"]


def tracked_files() -> list[Path]:
    """What belongs to the repository; without git, what is there."""
    command = ["git", "ls-files", "--cached", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0")[:-1]
    found = (ROOT / name for name in names) if names else ROOT.glob("[!.]*/**/*")
    return [path for path in found if path.is_file()]


@pytest.fixture(scope="module")
def fresh_copy(tmp_path_factory) -> Path:
    """The repository as a clone has it."""
    folder = tmp_path_factory.mktemp("copy")
    for path in tracked_files():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return folder


# What is pinned


def test_every_pin_is_a_name_and_a_version():
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[a-z0-9.-]+==[a-z0-9.]+( ; [^#]+)?", line), line


def needed(name: str, extras: set[str], seen: dict[str, set[str]]) -> dict[str, set[str]]:
    """Every distribution that an installed one needs here, with the extras asked of each."""
    for text in distribution(name).requires or []:
        requirement = Requirement(text)
        wanted = requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in (extras | {""})
        )
        key = canonicalize_name(requirement.name)
        if wanted and not (key in seen and requirement.extras <= seen[key]):
            seen.setdefault(key, set()).update(requirement.extras)
            needed(key, seen[key], seen)
    return seen


def test_everything_that_is_needed_is_pinned():
    pinned = {pin.name for pin in PINS if pin.marker is None or pin.marker.evaluate()}
    built_with = {Requirement(text).name for text in PYPROJECT["build-system"]["requires"]}
    ours = PYPROJECT["project"]["name"]
    assert built_with | set(needed(ours, {"lab", "test"}, {})) <= pinned | {ours}


def test_the_pins_are_what_pyproject_allows():
    versions = {pin.name: next(iter(pin.specifier)).version for pin in PINS}
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"].values()
    for requirement in map(Requirement, chain(project["dependencies"], *extras)):
        if requirement.name == project["name"]:
            continue  # an extra that holds others
        text = str(requirement)
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), text


# What is declared in more than one place


def test_the_version_is_the_newest_of_the_changes():
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[1]
    assert newest == attention_lib.__version__


def test_what_is_cited_is_what_the_project_says_of_itself():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["license"] == PYPROJECT["project"]["license"]
    assert cited["authors"][0]["name"] in (ROOT / "LICENSE").read_text("utf-8").replace(
        "the", "The"
    )
    assert "version" not in cited  # it stands in attention_lib/__init__.py
    assert {"cff-version", "message", "title"} <= cited.keys()  # what the format asks for


def test_environment_yml_installs_the_project_under_its_pins():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, from_pip = environment["dependencies"]
    assert environment["name"] == PYPROJECT["project"]["name"]
    assert environment["channels"] == ["conda-forge"]
    assert python == "python=3.12"
    assert pip == "pip"
    assert from_pip == {"pip": ["-c constraints.txt", "-e .[lab]"]}
    assert "lab" in PYPROJECT["project"]["optional-dependencies"]
    of_binder = yaml.safe_load((ROOT / "binder/environment.yml").read_text())
    assert of_binder == {**environment, "dependencies": [python, pip]}  # its postBuild has the rest


def test_the_same_pythons_are_named_everywhere():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == PYTHONS
    assert PYPROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    makefile = (ROOT / "Makefile").read_text()
    first, last = (version.replace(".", ", ") for version in (PYTHONS[0], PYTHONS[-1]))
    assert f"({first}) <= sys.version_info[:2] <= ({last})" in makefile


def test_binder_reads_the_repository_as_meant(fresh_copy, jupyter_environment):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    command += ["--user-id", "1000", "--user-name", "jovyan", "."]
    read = subprocess.run(
        command,
        cwd=fresh_copy,
        env=jupyter_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = read.stdout + read.stderr
    assert read.returncode == 0, said
    assert "Building conda environment for python=3.12" in said
    steps = ['env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"']
    steps += ["COPY --chown=1000:1000 src/ ${REPO_DIR}/", "RUN ./binder/postBuild"]
    assert sorted(steps, key=said.index) == steps


def test_what_is_installed_has_every_file_of_the_library(fresh_copy, tmp_path):
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path)]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *options, str(fresh_copy)]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    ours = (path.relative_to(fresh_copy) for path in fresh_copy.glob("attention_lib/**/*.*"))
    assert {path.as_posix() for path in ours} <= set(zipfile.ZipFile(wheel).namelist())


def test_nothing_names_a_package_registry():
    hosts = ["python" + "hosted", "pypi" + ".org", "registry." + "npm", "deb." + "debian"]
    for path in tracked_files():
        text = path.read_bytes()
        assert [host for host in hosts if host.encode() in text] == [], path


# What make does


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


FITS = 'if [ "$1" = -m ]; then /bin/mkdir -p .venv/bin; echo "$0" > .venv/bin/python; fi'
DOES_NOT_RUN = "exit 127"


@pytest.fixture
def machine(tmp_path):
    """Make `.venv` on a machine that has only the given Pythons; returns which one made it."""

    def make(pythons: dict[str, str], *arguments: str) -> str:
        for name, script in pythons.items():
            program(tmp_path / name, script)
        (tmp_path / "project").mkdir()
        shutil.copy(ROOT / "Makefile", tmp_path / "project")
        made = subprocess.run(
            [shutil.which("make"), "-s", ".venv/bin/python", *arguments],
            cwd=tmp_path / "project",
            env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            return made.stderr
        maker = (tmp_path / "project/.venv/bin/python").read_text().strip()
        return str(Path(maker).relative_to(tmp_path)) if "/" in maker else f"bin/{maker}"

    return make


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [
        ({"bin/python3.12": FITS, "bin/python3.13": FITS}, "bin/python3.12"),
        ({"bin/python3.12": DOES_NOT_RUN, "bin/python3.13": FITS}, "bin/python3.13"),
        ({"bin/python3.13": DOES_NOT_RUN, "bin/python3": FITS}, "bin/python3"),
        (
            {".pyenv/versions/3.12.1/bin/python3.12": FITS, "bin/python3.13": FITS},
            ".pyenv/versions/3.12.1/bin/python3.12",
        ),
    ],
)
def test_make_takes_python_3_12_if_it_runs_and_else_what_does(machine, pythons, chosen):
    assert machine(pythons) == chosen


def test_make_takes_the_python_that_is_named(machine, tmp_path):
    pythons = {"bin/python3.12": FITS, "mine/python": FITS}
    assert machine(pythons, f"PYTHON={tmp_path}/mine/python") == "mine/python"


def test_without_a_python_make_says_what_to_do(machine):
    said = machine({"bin/python3": DOES_NOT_RUN})
    assert said.startswith("No Python 3.11, 3.12 or 3.13 with venv was found. Install one")


@pytest.fixture
def lab_of_make(tmp_path, jupyter_environment):
    """Start JupyterLab by the command of `make lab`; gives the page that a browser would open."""
    opened = tmp_path / "opened"
    program(tmp_path / "browser", f'echo "$1" > "{opened}.part"; mv "{opened}.part" "{opened}"')
    plan = subprocess.run(
        ["make", "-n", "--no-print-directory", "lab"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    command = plan.strip().splitlines()[-1].replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    environment = jupyter_environment | {"BROWSER": f"{tmp_path}/browser %s"}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            shlex.split(command), cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        end = time.monotonic() + 60
        while not opened.exists() and server.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert opened.exists(), (tmp_path / "log").read_text()
        yield opened.read_text().strip().removeprefix("file://")
    finally:
        server.terminate()
        server.wait(60)


def test_make_lab_opens_the_start_notebook_on_loopback_with_a_token(lab_of_make):
    page = Path(lab_of_make).read_text(encoding="utf-8")
    address = re.search(r'href="(http://127\.0\.0\.1:\d+)/lab/tree/([\w.]+)\?token=(\w+)"', page)
    assert address, page
    assert address[2] == "00_start_here.ipynb"
    assert len(address[3]) >= 32
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{address[1]}/api/contents")


# What decides whether a change lands

PASSED = "===== 3 passed in 1.00s ====="
FAILED = "===== 1 failed, 2 passed in 1.00s ====="


@pytest.mark.parametrize(
    ("make", "status", "closing"),
    [
        (f"echo '{PASSED}'", 0, PASSED),
        (f"echo '{FAILED}'; echo 'make: Error' >&2; exit 2", 2, FAILED),
        ("echo 'make: no Python' >&2; exit 2", 2, "make: no Python"),
    ],
)
def test_ci_closes_with_the_result_and_exits_with_its_status(tmp_path, make, status, closing):
    program(tmp_path / "make", make)
    path = f"{tmp_path}:{os.environ['PATH']}"
    run = subprocess.run(
        [ROOT / ".ci/run"], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert run.returncode == status
    assert run.stdout.strip().splitlines()[-1] == closing
