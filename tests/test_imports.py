"""Who may import whom: each part is imported in a fresh interpreter, which tells what it loaded."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import attention_lib

LIBRARY = Path(attention_lib.__file__).parent

NUMPY = {"numpy"}
PICTURES = NUMPY | {"PIL", "matplotlib"}
WIDGETS = PICTURES | {"IPython", "anywidget", "ipywidgets"}
KERAS = PICTURES | {"keras", "tensorflow"} | {"IPython", "pandas", "scipy"}  # if they are there
HEAVY = WIDGETS | KERAS | {"jax", "pandas", "scipy", "torch"}

# A room of the library, or a part of one: (the heavy packages it may load, the rooms it may load).
# All may load what is SHARED. One rule stands above the table: nothing below knows the course.
SHARED = {"_extras", "_require", "_words", "language"}  # what is said, and in which words
STILL = {"costs", "examples", "experiments.runs", "experiments.tasks", "figures", "steps"}
DRAWN = STILL | {"experiments.statistics", "figures.live", "figures.output", "plots"}
MAY_LOAD = {
    "": (set(), set()),
    "_extras": (set(), set()),
    "_require": (NUMPY, set()),
    "_words": (NUMPY, set()),
    "language": (set(), set()),
    "_keras": (KERAS, set()),
    "data": (set(), set()),
    "steps": (NUMPY, set()),
    "figures": (PICTURES, set()),
    "figures.output": (WIDGETS, {"figures"}),
    "figures.live": (WIDGETS, {"figures", "figures.output"}),
    "costs": (NUMPY, {"steps"}),
    "examples": (NUMPY, {"steps"}),
    "layers": (KERAS, {"_keras", "steps"}),
    "models": (KERAS, {"_keras", "examples", "layers", "steps"}),
    "experiments.tasks": (NUMPY, {"examples"}),
    "experiments.statistics": (NUMPY, set()),
    "experiments.runs": (NUMPY, {"examples", "experiments.tasks", "steps"}),
    "experiments": (
        KERAS,
        {"_keras", "examples", "experiments.runs", "experiments.tasks", "layers", "steps"},
    ),
    "plots": (PICTURES, STILL | {"experiments.statistics"}),
    "panels": (WIDGETS, DRAWN),
    "course": (WIDGETS, DRAWN | {"course.progress", "panels"}),
    "course.checks": (NUMPY | {"IPython"}, {"costs", "course.progress", "steps"}),
    "course.keras_checks": (
        KERAS,
        {"_keras", "costs", "course.checks", "course.progress", "steps"},
    ),
    "course.museum": (WIDGETS, DRAWN | {"panels"}),
    "course.museum.keras_exhibits": (
        KERAS | WIDGETS,
        DRAWN | {"_keras", "course.museum", "layers", "panels"},
    ),
    "course.progress": (set(), set()),
    "course.versions": (set(), set()),
}


def modules() -> list[str]:
    """Every module of the library, without importing any."""
    paths = (path.relative_to(LIBRARY.parent) for path in LIBRARY.rglob("*.py"))
    return sorted(".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths)


def part_of(module: str) -> str:
    """The line of the table that a module belongs to: its own, or that of the room around it."""
    inside = module.partition(".")[2]
    while inside not in MAY_LOAD:
        inside = inside.rpartition(".")[0]
    return inside


def loaded_by(names: list[str]) -> set[str]:
    """What a fresh interpreter has loaded after importing `names`, beyond what it starts with."""
    code = (
        "import importlib, json, sys; before = set(sys.modules)\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout))


def test_importing_the_package_imports_nothing():
    assert loaded_by(["attention_lib"]) == {"attention_lib"}


def test_every_module_belongs_to_a_room():
    rooms = {module.partition(".")[2].partition(".")[0] for module in modules()}
    assert rooms <= set(MAY_LOAD)


@pytest.mark.parametrize("part", MAY_LOAD)
def test_a_room_loads_only_what_it_may(part):
    heavy, parts = MAY_LOAD[part]
    loaded = loaded_by([module for module in modules() if part_of(module) == part])
    assert {name.partition(".")[0] for name in loaded} & HEAVY <= heavy
    ours = {module for module in loaded if module.partition(".")[0] == "attention_lib"}
    around = {module for module in ours if any(other.startswith(f"{module}.") for other in ours)}
    assert {part_of(module) for module in ours - around} <= parts | {part, "", *SHARED}


@pytest.mark.parametrize(
    "path", sorted((LIBRARY / "layers").glob("*.py")), ids=lambda path: path.stem
)
def test_layers_are_written_for_keras_whatever_runs_below(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
    packages = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    assert packages <= {"attention_lib", "keras"}
    assert not {name for name in imported if name.startswith("keras.src")}  # Keras' own inside
