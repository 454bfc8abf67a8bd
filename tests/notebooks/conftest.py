"""Each notebook is run once a session; every test about the run looks at that one."""

from pathlib import Path

import pytest

from tests.notebooks import CHINESE, PATHS
from tests.notebooks.harness import Run, run_notebook


def _name(path: Path) -> str:
    return f"zh-{path.stem}" if path in CHINESE else path.stem


@pytest.fixture(scope="session", params=[*PATHS, *CHINESE], ids=_name)
def notebook_path(request):
    return request.param


@pytest.fixture(scope="session")
def notebook_run(notebook_path, tmp_path_factory, jupyter_environment) -> Run:
    return run_notebook(notebook_path, tmp_path_factory.mktemp("run"), jupyter_environment)
