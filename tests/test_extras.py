"""Each part works with what its extra brings, and says which extra it misses."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
HIDDEN = {
    "layers": ["keras", "tensorflow"],
    "panels": ["PIL", "anywidget", "ipywidgets", "matplotlib"],
}


def run(code: str, hidden: list[str]) -> subprocess.CompletedProcess:
    """Run code in a fresh interpreter in which some packages are as if they were not installed."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({hidden!r}))\n"
    command = [sys.executable, "-c", hide + code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("hidden", "code", "said"),
    [
        (
            HIDDEN["layers"] + HIDDEN["panels"],
            "from attention_lib import costs, steps\n"
            "print(steps.adaptive_kernel_size(512), costs.se_cost(24, 4).parameters)",
            "5 318",
        ),
        (
            HIDDEN["panels"],
            "import numpy as np\n"
            "from attention_lib.layers import SqueezeExcite\n"
            "from attention_lib.models import attach, gates, pretrained\n"
            "network = pretrained.photo_network()\n"
            "print(len(gates.find(network)), SqueezeExcite(4)(np.ones((1, 2, 2, 8))).shape[-1])",
            "4 8",
        ),
        (
            HIDDEN["layers"],
            "from attention_lib import panels\n"
            "panel = panels.open_panel('kernel_size C=512')\n"
            "print(panel.state.choice.kernel_size, len(panel.figure.png()) > 1000)",
            "5 True",
        ),
    ],
    ids=["base", "layers", "panels"],
)
def test_a_part_needs_no_more_than_its_extra(hidden, code, said):
    ran = run(code, hidden)
    assert ran.stdout.strip() == said, ran.stderr


@pytest.mark.parametrize(
    ("code", "hidden", "extra"),
    [
        ("import attention_lib.layers", ["keras"], "layers"),
        ("import attention_lib.layers", ["tensorflow"], "layers"),
        ("import attention_lib.models.gates", ["keras"], "layers"),
        ("import attention_lib.experiments.training", ["keras"], "layers"),
        ("import attention_lib.course.keras_checks", ["keras"], "layers"),
        ("from attention_lib.examples import photos; photos.load_photo('cat')", ["PIL"], "panels"),
        ("import attention_lib.plots", ["matplotlib"], "panels"),
        ("import attention_lib.figures.theme", ["PIL"], "panels"),
        ("import attention_lib.panels", ["ipywidgets"], "panels"),
        ("import attention_lib.panels", ["anywidget"], "panels"),
        ("from attention_lib.course import predict", ["anywidget"], "lab"),
        ("from attention_lib.course import checks", ["matplotlib"], "lab"),
    ],
)
def test_a_missing_package_gets_a_sentence_that_names_the_extra(code, hidden, extra):
    said = run(code, hidden).stderr.strip().splitlines()[-1]
    assert said == (
        f"ModuleNotFoundError: This part of attention_lib needs the package {hidden[0]!r}, which "
        f'is not installed. Install the library with its extra "{extra}": pip install '
        f'".[{extra}]" in a clone, or as README says.'
    )
    assert extra in EXTRAS


def test_the_extra_for_the_notebooks_holds_the_others():
    assert "attention-lib[layers,panels]" in EXTRAS["lab"]
