"""The browser finder: what it takes for a browser, and what it does without one."""

import stat
import sys

import pytest

from tests.browser import find_browser as finder
from tests.browser.find_browser import BrowserNotFound, driver_problem, find_browser, get_browser


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a browser; returns the one folder on its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(finder, "MAC_APPLICATION", str(tmp_path / "no application"))
    monkeypatch.setattr(finder, "playwright_browser", lambda: str(tmp_path / "not installed"))
    monkeypatch.setattr(finder, "driver_problem", lambda: "")
    return tmp_path


def program(path, status=0):
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_browser_on_path_is_found(bare):
    path = program(bare / "google-chrome")
    assert find_browser() == path


def test_the_driver_of_this_environment_starts():
    assert not driver_problem()


def test_the_named_browser_comes_first(bare, monkeypatch):
    program(bare / "chromium")
    named = program(bare / "my browser")
    monkeypatch.setenv("CHROMIUM", named)
    assert find_browser() == named


def test_a_browser_that_does_not_start_is_passed_over(bare):
    program(bare / "chromium", status=127)
    works = program(bare / "google-chrome")
    assert find_browser() == works


def test_playwrights_own_browser_is_found(bare, monkeypatch):
    path = program(bare / "headless")
    monkeypatch.setattr(finder, "playwright_browser", lambda: path)
    assert find_browser() == path


def test_without_a_browser_a_sentence_says_what_to_do(bare):
    with pytest.raises(BrowserNotFound, match="Install Chromium or Google Chrome, or run"):
        find_browser()


def test_without_a_driver_a_sentence_says_what_it_misses(bare, monkeypatch):
    program(bare / "chromium")
    broken = [sys.executable, "-c", "raise SystemExit('no libatomic.so.1')"]
    problem = driver_problem(broken)
    monkeypatch.setattr(finder, "driver_problem", lambda: problem)
    with pytest.raises(BrowserNotFound, match=r"no libatomic\.so\.1\nInstall what it misses"):
        find_browser()


def test_installs_are_tried_in_order_until_a_browser_runs(bare):
    fails = [sys.executable, "-c", "raise SystemExit(1)"]
    copy = "import shutil, sys; shutil.copy(*sys.argv[1:])"
    chromium = str(bare / "chromium")
    works = [sys.executable, "-c", copy, program(bare / "downloaded"), chromium]
    never = [sys.executable, "-c", f"open({str(bare / 'too far')!r}, 'w')"]
    assert get_browser([fails, works, never]) == chromium
    assert not (bare / "too far").exists()


def test_when_no_install_helps_the_sentence_comes(bare):
    with pytest.raises(BrowserNotFound, match="set CHROMIUM to a browser's path"):
        get_browser([[sys.executable, "-c", "raise SystemExit(1)"]])


def test_nothing_is_installed_where_a_browser_runs(bare):
    path = program(bare / "chromium")
    assert get_browser([[sys.executable, "-c", f"open({str(bare / 'needless')!r}, 'w')"]]) == path
    assert not (bare / "needless").exists()


def test_only_root_installs_system_packages(bare, monkeypatch):
    program(bare / "apt-get")
    monkeypatch.setattr(finder.os, "geteuid", lambda: 1000)
    assert finder.possible_installs() == [finder.PLAYWRIGHT_INSTALL]
    monkeypatch.setattr(finder.os, "geteuid", lambda: 0)
    assert finder.possible_installs() == [finder.PLAYWRIGHT_INSTALL, finder.DEBIAN_INSTALL]
