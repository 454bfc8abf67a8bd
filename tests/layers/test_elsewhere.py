"""The layers on two devices, and on Keras' other backends."""

import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from tests.layers.on_backend import outputs

# A backend and what it needs. Keras' NumPy backend computes its convolutions with JAX.
NEEDS = {"jax": "jax", "numpy": "jax", "torch": "torch", "openvino": "openvino"}
INSTALLED = [backend for backend, package in NEEDS.items() if find_spec(package)]
NONE = pytest.mark.skip(reason=f"none of {', '.join(sorted(set(NEEDS.values())))} is installed")


def run(module: str, *arguments: str, **environment: str) -> str:
    """What another interpreter prints, if it comes to its end."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.layers.{module}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_devices_learn_what_one_learns():
    assert run("on_two_devices") == "the same on two devices\n"


@pytest.mark.parametrize("backend", INSTALLED or [pytest.param("none", marks=NONE)])
def test_another_backend_computes_the_same(backend, tmp_path):
    run("on_backend", str(tmp_path / "outputs.npz"), KERAS_BACKEND=backend)
    found, expected = np.load(tmp_path / "outputs.npz"), outputs()
    assert set(found) == set(expected)
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, atol=1e-5, err_msg=name)
