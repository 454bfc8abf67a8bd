"""Each notebook is run once a session; every test about the run looks at that one."""

import pytest

from tests.notebooks import PATHS
from tests.notebooks.harness import Run, run_notebook


@pytest.fixture(scope="session", params=PATHS, ids=lambda path: path.stem)
def notebook_path(request):
    return request.param


@pytest.fixture(scope="session")
def notebook_run(notebook_path, tmp_path_factory, jupyter_environment) -> Run:
    return run_notebook(notebook_path, tmp_path_factory.mktemp("run"), jupyter_environment)
