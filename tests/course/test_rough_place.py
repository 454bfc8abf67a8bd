"""No home, one that cannot be written, and a full disk: panels work, and a loss is said."""

import os
import subprocess
import sys

import pytest

USE = """
from attention_lib import panels
from attention_lib.course import progress
from attention_lib.panels.your_network import uploads
if full:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # every write to a file fails
panel = panels.open_panel("kernel_size C=64")
panel.restore("C=512")
assert panel.state.choice.kernel_size == 5 and panel.figure.png()
assert uploads.read_picture(photo).shape[-1] == 3
print(progress.record("exercise", "rule") or "kept")
"""
SAYS = ("mkdir -p failed for path", "Matplotlib created a temporary cache directory")


@pytest.mark.parametrize("home", [None, os.devnull + "/nowhere"])
@pytest.mark.parametrize(
    "full",
    [
        False,
        pytest.param(True, marks=pytest.mark.skipif(os.name != "posix", reason="no such limit")),
    ],
)
def test_panels_work_and_what_cannot_be_kept_is_said(tmp_path, home, full):
    (tmp_path / "a.ipynb").write_text("{}")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HOME", "MPL", "XDG"))}
    told = "from pathlib import Path\nfrom attention_lib import data\n"
    told += "photo = (Path(data.__file__).parent / 'cat.jpg').read_bytes()\n"
    run = subprocess.run(
        [sys.executable, "-c", f"full = {full}\n{told}{USE}"],
        env=kept | ({"HOME": home} if home else {}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    unkept = "Your progress could not be kept in a file: File too large."
    assert run.stdout.startswith(unkept if full else "kept\n")
    assert all(line.startswith(SAYS) for line in run.stderr.splitlines()), run.stderr
    left = {path.name for path in tmp_path.iterdir()} - {"attention_progress.txt"}
    assert left == {"a.ipynb"}
