"""The progress panel says what is done, and forgets only when asked twice."""

import pytest

from attention_lib.course import progress, progress_table


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "01_squeeze.ipynb").touch()
    return tmp_path


def line(panel, title):
    return next(line for line in panel.text.splitlines() if title in line)


def test_it_says_what_is_done_notebook_by_notebook(folder):
    panel = progress_table.show_progress()
    assert line(panel, "Squeeze") == "1 · Squeeze | ○○ 0 of 2 | 0 of 5"
    progress.record("exercise", "other_map")
    progress.record("prediction", "squeeze/divide_by")
    panel.controls["again"].click()
    assert line(panel, "Squeeze") == "1 · Squeeze | ○● 1 of 2 | 1 of 5"
    progress.record("exercise", "twin")  # as the check was called before
    panel.show()
    assert line(panel, "Squeeze") == "1 · Squeeze | ○● 1 of 2 | 1 of 5"
    for question in range(9):
        progress.record("prediction", f"squeeze/asked_before_{question}")
    panel.show()
    assert line(panel, "Squeeze").endswith("5 of 5")  # and no more
    assert line(panel, "ECA") == "5 · ECA | ○○○ 0 of 3 | 0 of 8"
    assert line(panel, "Evidence").endswith("0 of 2 | 0 of 7")
    assert "own words" not in panel.text
    progress.record("prediction", "note/What next?")
    panel.show()
    assert "Predictions in your own words: 1." in panel.text
    assert str(progress.path()) in panel.text
    assert "Nothing leaves this machine" in panel.text


def test_it_forgets_when_asked_twice(folder):
    progress.record("exercise", "other_map")
    panel = progress_table.show_progress()
    forget = panel.controls["forget"]
    forget.click()
    assert progress.path().exists()
    assert forget.description == "Forget all: sure?"
    panel.controls["again"].click()
    assert forget.description == "Forget all"
    forget.click()
    forget.click()
    assert not progress.path().exists()
    assert line(panel, "Squeeze") == "1 · Squeeze | ○○ 0 of 2 | 0 of 5"


def test_a_file_of_something_else_is_told_and_stays(folder):
    progress.path().write_text("mine <b>")
    panel = progress_table.show_progress()
    assert "holds something else than your progress" in panel.text
    panel.controls["forget"].click()
    panel.controls["forget"].click()
    assert progress.path().read_text() == "mine <b>"


def test_a_saved_notebook_shows_the_table(folder, outputs_of):
    panel = progress_table.show_progress()
    still, live = outputs_of(panel)
    assert still["text/plain"] == panel.text
    assert "<table" in still["text/html"]
    assert "Bug museum" in still["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in live
