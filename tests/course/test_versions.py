import platform
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

import attention_lib
from attention_lib.course import versions


@pytest.fixture
def nothing_installed(monkeypatch):
    def version(distribution):
        raise PackageNotFoundError(distribution)

    monkeypatch.setattr(versions, "version", version)


def test_versions_are_those_of_what_runs_here():
    line = versions.installed()
    assert f"Python {platform.python_version()}" in line
    assert f"attention_lib {attention_lib.__version__}" in line
    assert f"NumPy {np.__version__}" in line


def test_what_is_not_installed_is_named(nothing_installed):
    line = versions.installed()
    for name in ("NumPy", "Matplotlib", "ipywidgets", "Keras", "TensorFlow"):
        assert f"{name} is missing" in line


@pytest.mark.parametrize(("modules", "state"), [({}, "not loaded"), ({"keras": None}, "loaded")])
def test_whether_keras_is_loaded_is_told(monkeypatch, modules, state):
    monkeypatch.setattr(versions, "version", lambda distribution: "3.0")
    monkeypatch.setattr(versions.sys, "modules", modules)
    assert versions.installed().endswith(f"TensorFlow 3.0 ({state})")


def test_either_build_of_tensorflow_counts(monkeypatch):
    def version(distribution):
        if distribution == "tensorflow":
            raise PackageNotFoundError(distribution)
        return "2.0"

    monkeypatch.setattr(versions, "version", version)
    assert "TensorFlow 2.0" in versions.installed()
