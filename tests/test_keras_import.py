import os
import subprocess
import sys

import keras
import pytest

from attention_lib import _keras


def run(code):
    as_ours = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=as_ours, capture_output=True, text=True, check=False)


def test_keras_is_keras():
    assert _keras.keras is keras


@pytest.mark.parametrize("room", ["layers", "models.gates", "experiments.training"])
def test_nothing_is_written_while_tensorflow_starts_and_stderr_works_afterwards(room):
    ran = run(f"import os\nimport attention_lib.{room}\nos.write(2, b'heard')")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "heard", 0)


@_keras._stderr_held_back()
def fail_to_load():
    os.write(2, b"why it failed")
    raise ImportError("no such library")


def test_what_was_held_back_is_written_if_loading_fails(capfd):
    with pytest.raises(ImportError, match="no such library"):
        fail_to_load()
    assert capfd.readouterr().err == "why it failed"
