"""Where the repository is stands in one place, and `make links` writes it everywhere."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import make_links

ROOT = Path(__file__).parents[1]
OURS = re.compile(r"mybinder\.org/v2/gh/([\w.-]+/[\w.-]+)/HEAD|git\+https://github\.com/([\w./-]+)")


@pytest.fixture
def copy(tmp_path):
    """A repository with every file that has a link to the place."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for name in ("README.md", "README.zh.md", "CITATION.cff", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    return tmp_path


def texts(root):
    return {path.name: path.read_text("utf-8") for path in root.iterdir() if path.is_file()}


def test_every_link_names_the_place_that_pyproject_has():
    for name in ("README.md", "README.zh.md"):
        found = OURS.findall((ROOT / name).read_text("utf-8"))
        assert {one or other for one, other in found} == {"/".join(make_links.place())}
    assert "https://github.com/" + "/".join(make_links.place()) in (
        ROOT / "CITATION.cff"
    ).read_text("utf-8")


def test_a_place_is_written_everywhere_and_back_again(copy):
    before, old = texts(copy), make_links.place(copy)
    changed = make_links.write("ann/Attention-2.0", copy)
    assert set(changed) == {"README.md", "README.zh.md", "CITATION.cff", "pyproject.toml"}
    assert make_links.place(copy) == ("ann", "Attention-2.0")
    for form in make_links.FORMS:
        mark = form.format(owner=old[0], name=old[1])
        assert [name for name, text in texts(copy).items() if mark in text] == []
    make_links.write("/".join(old), copy)
    assert texts(copy) == before


@pytest.mark.parametrize("repository", ["", "ann", "ann/", "https://github.com/ann/one", "a/b/c"])
def test_what_is_no_place_is_refused_and_nothing_is_written(copy, repository):
    before = texts(copy)
    with pytest.raises(ValueError, match=r"Write make links REPOSITORY=owner/name\."):
        make_links.write(repository, copy)
    assert texts(copy) == before
