"""Install the library with each extra into an environment of its own, and use what that gives.

This needs the network. `python tools/try_extras.py layers` tries one extra, "base" is none of them.
"""

import argparse
import os
import subprocess
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
STEPS = "from attention_lib import costs, steps; assert steps.adaptive_kernel_size(512) == 5"
LAYERS = """
import numpy as np
from attention_lib.layers import CBAM, EfficientChannelAttention, SqueezeExcite
from attention_lib.models import attach, gates, pretrained
maps = np.ones((1, 4, 4, 8), "float32")
for layer in (SqueezeExcite(4), EfficientChannelAttention(), CBAM(4)):
    assert layer(maps).shape == maps.shape
assert len(gates.find(pretrained.photo_network())) == 4
"""
PANELS = """
from attention_lib import panels, plots
panel = panels.open_panel("pipeline photo=cat C=8 r=4")
assert len(panel.figure.png()) > 1000
"""
CHINESE = """
from attention_lib import language
language.speak("zh")
from attention_lib.figures import theme
from attention_lib.panels import show_pipeline
assert all(path.is_file() for path in theme.FONTS.values())
figure = show_pipeline().figure
assert "通道" in figure.alt
assert len(figure.png()) > 1000
"""
COURSE = """
from attention_lib.course import checks, keras_checks, museum, predict, progress_table, story
import jupyterlab, voila
assert predict.hidden_units.judge("6").kind == "right"
"""
WORKS = {
    "base": [STEPS],
    "layers": [STEPS, LAYERS],
    "panels": [STEPS, PANELS, CHINESE],
    "lab": [STEPS, LAYERS, PANELS, CHINESE, COURSE],
}
MISSING = {
    "base": {"attention_lib.layers": "layers", "attention_lib.panels": "panels"},
    "layers": {"attention_lib.panels": "panels", "attention_lib.course.predict": "lab"},
    "panels": {"attention_lib.layers": "layers"},
    "lab": {},
}


def try_extra(extra: str) -> None:
    """Install one extra in a fresh environment, use it, and ask for what it does not bring."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if os.name == "nt" else "bin", "python")
        what = str(ROOT) if extra == "base" else f"{ROOT}[{extra}]"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", ROOT / "constraints.txt", what], check=True)
        for code in WORKS[extra]:
            subprocess.run([python, "-c", code], cwd=folder, check=True)
        for module, needed in MISSING[extra].items():
            run = subprocess.run(
                [python, "-c", f"import {module}"], cwd=folder, capture_output=True, text=True
            )
            assert f'its extra "{needed}"' in run.stderr, run.stderr
        print(f"{extra}: works, and names what it does not bring", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("extras", nargs="*", choices=[*WORKS, []], metavar="extra")
    for chosen in parser.parse_args().extras or WORKS:
        try_extra(chosen)
