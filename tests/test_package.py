"""What an install gets: every file of the library, not its modules alone."""

import subprocess
import sys
from pathlib import Path

import attention_lib

LIBRARY = Path(attention_lib.__file__).parent
BUILD = ["-c", "import setuptools; setuptools.setup()", "--quiet"]


def files(folder):
    return {
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and path.name[0] != "." and "__pycache__" not in path.parts
    }


def test_every_file_of_the_library_is_built_into_its_package(tmp_path):
    steps = ["egg_info", f"--egg-base={tmp_path}", "build", f"--build-base={tmp_path}"]
    subprocess.run([sys.executable, *BUILD, *steps], cwd=LIBRARY.parent, check=True)
    built = files(tmp_path / "lib" / LIBRARY.name)
    assert built == files(LIBRARY)
    assert {path.suffix for path in built} > {".css", ".js", ".json", ".mo", ".npz", ".otf"}
