"""Panels in Chinese: every word can be read where it stands, and lines are the English ones."""

import json
import os
import subprocess
import sys

import pytest

from attention_lib import panels

NAMES = "cbam cost eca excitation family kernel_size pipeline scale squeeze training variants"
CODE = """
import json
from attention_lib import panels
from tests.panels.readable import unreadable, unreadable_when_narrow

found, lines = {}, {}
for name in NAMES.split():
    panel = getattr(panels, f"show_{name}")()
    lines[name] = panel.preset
    found[name] = [*unreadable(panel), *unreadable_when_narrow(panel), panel.message]
    panel.restore(panel.preset)
for name in ("eca", "excitation", "pipeline", "squeeze"):
    for channels in (16, 64, 512):
        panel = getattr(panels, f"show_{name}")(channels=channels)
        found[f"{name} {channels}"] = unreadable(panel)
print(json.dumps([found, lines]))
"""


@pytest.fixture(scope="module")
def told():
    """What cannot be read, panel by panel, and each panel's line."""
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
    return json.loads(run.stdout)


def test_nothing_is_cut_off_or_written_over(told):
    found, _ = told
    assert {name: [p for p in left if p] for name, left in found.items()} == {
        name: [] for name in found
    }


def test_a_panels_line_is_the_same_in_both_languages_and_restores_it(told):
    _, lines = told
    assert lines == {name: getattr(panels, f"show_{name}")().preset for name in NAMES.split()}
