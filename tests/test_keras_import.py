import os
import subprocess
import sys

import keras
import pytest

from attention_lib import _keras


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_keras_is_keras():
    assert _keras.keras is keras


def test_nothing_is_written_while_tensorflow_starts_and_stderr_works_afterwards():
    ran = run("import os\nfrom attention_lib._keras import keras\nos.write(2, b'heard')")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "heard", 0)


@_keras._stderr_held_back()
def fail_to_load():
    os.write(2, b"why it failed")
    raise ImportError("no such library")


def test_what_was_held_back_is_written_if_loading_fails(capfd):
    with pytest.raises(ImportError, match="no such library"):
        fail_to_load()
    assert capfd.readouterr().err == "why it failed"
