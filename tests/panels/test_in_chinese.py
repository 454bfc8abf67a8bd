"""Panels in Chinese: every word can be read where it stands."""

import json
import os
import subprocess
import sys

NAMES = "cbam cost eca excitation family kernel_size pipeline scale squeeze training variants"
CODE = """
import json
from attention_lib import panels
from tests.panels.readable import unreadable, unreadable_when_narrow

found = {}
for name in NAMES.split():
    panel = getattr(panels, f"show_{name}")()
    found[name] = [*unreadable(panel), *unreadable_when_narrow(panel), panel.message]
for name in ("eca", "excitation", "pipeline", "squeeze"):
    for channels in (16, 64, 512):
        panel = getattr(panels, f"show_{name}")(channels=channels)
        found[f"{name} {channels}"] = unreadable(panel)
print(json.dumps(found))
"""


def test_nothing_is_cut_off_or_written_over():
    environment = {**os.environ, "ATTENTION_LIB_LANGUAGE": "zh"}
    code = f"NAMES = {NAMES!r}\n{CODE}"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.stderr == ""
    assert {name: [p for p in left if p] for name, left in json.loads(run.stdout).items()} == {
        name: [] for name in json.loads(run.stdout)
    }
