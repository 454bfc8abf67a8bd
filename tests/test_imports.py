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
PHOTOS = NUMPY | {"PIL"}
PICTURES = PHOTOS | {"matplotlib"}
WIDGETS = PICTURES | {"IPython", "anywidget", "ipywidgets"}
KERAS = PICTURES | {"keras", "tensorflow"} | {"IPython", "pandas", "scipy"}  # if they are there
HEAVY = WIDGETS | KERAS | {"jax", "pandas", "scipy", "torch"}

# Part of the library: (the heavy packages it may load, the other parts it may load)
MAY_LOAD = {
    "": (set(), set()),
    "about": (set(), set()),
    "steps": (NUMPY, set()),
    "costs": (NUMPY, {"steps"}),
    "progress": (set(), set()),
    "checks": (NUMPY, {"steps", "costs", "progress"}),
    "museum": (NUMPY, {"steps"}),
    "photos": (PHOTOS, set()),
    "questions": (PHOTOS, {"photos", "steps"}),
    "uploads": (PHOTOS, set()),
    "tasks": (PHOTOS, {"photos"}),
    "evidence": (PHOTOS, {"photos", "steps", "tasks"}),
    "data": (set(), set()),
    "look": (PICTURES, set()),
    "lettering": (PICTURES, {"look"}),
    "marks": (PICTURES, {"look"}),
    "alternatives": (PICTURES, {"look"}),
    "plots": (PICTURES, {"alternatives", "costs", "look", "steps"}),
    "charts": (
        PICTURES,
        {"alternatives", "costs", "evidence", "look", "photos", "plots", "steps", "tasks"},
    ),
    "live": (WIDGETS, {"look"}),
    "panels": (
        WIDGETS,
        {
            "alternatives",
            "costs",
            "evidence",
            "lettering",
            "live",
            "look",
            "marks",
            "museum",
            "photos",
            "plots",
            "progress",
            "questions",
            "steps",
            "tasks",
            "uploads",
        },
    ),
    "predict": (
        WIDGETS,
        {"costs", "lettering", "live", "look", "marks", "photos", "progress", "questions", "steps"},
    ),
    "backend": (KERAS, set()),
    "layers": (KERAS, {"backend", "steps"}),
    "attach": (KERAS, {"backend"}),
    "gates": (KERAS, {"backend", "layers", "steps"}),
    "trained": (KERAS, {"backend", "layers", "photos", "steps"}),
    "networks": (KERAS, {"backend", "evidence", "layers", "photos", "steps", "tasks"}),
    "training": (
        KERAS,
        {"backend", "evidence", "layers", "networks", "photos", "steps", "tasks"},
    ),
    "keras_museum": (KERAS, {"backend", "layers", "museum", "steps"}),
    "keras_checks": (KERAS, {"backend", "checks", "costs", "progress", "steps"}),
}


def modules() -> list[str]:
    """Every module of the library, without importing any."""
    paths = (path.relative_to(LIBRARY.parent) for path in LIBRARY.rglob("*.py"))
    return sorted(".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths)


def part_of(module: str) -> str:
    """The part that a module of the library belongs to; "" is the package itself."""
    return module.partition(".")[2].partition(".")[0]


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


def test_every_module_belongs_to_a_part():
    assert {part_of(module) for module in modules()} <= set(MAY_LOAD)


@pytest.mark.parametrize("part", sorted({part_of(module) for module in modules()} & set(MAY_LOAD)))
def test_a_part_loads_only_what_it_may(part):
    heavy, parts = MAY_LOAD[part]
    loaded = loaded_by([module for module in modules() if part_of(module) == part])
    ours = {module for module in loaded if module.partition(".")[0] == "attention_lib"}
    assert {name.partition(".")[0] for name in loaded} & HEAVY <= heavy
    assert {part_of(module) for module in ours} <= parts | {part, ""}


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
