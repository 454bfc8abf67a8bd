"""Progress is kept beside the notebooks, and nothing that goes wrong with it costs a verdict."""

import ast
import errno
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from attention_lib.course import checks, predict, progress
from tests.notebooks import PATHS
from tests.notebooks.rules import code_cells, source


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder of a notebook."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "01_squeeze.ipynb").touch()
    return tmp_path


def right(feature_map):
    return feature_map.mean((0, 1))


def test_a_check_that_passes_is_kept_with_its_date(folder):
    assert not checks.squeeze(lambda feature_map: ...).passed
    assert not progress.path().exists()
    verdict = checks.squeeze(right)
    assert verdict.passed
    done, problem = progress.read()
    assert problem == ""
    assert list(done["exercise"]) == ["squeeze"]
    assert len(done["exercise"]["squeeze"]) == len("2026-11-23")


def test_the_first_date_and_what_else_was_done_stay(folder):
    progress.path().write_text(f"{progress.HEADER}\n2020-01-01 exercise other_map\n")
    assert progress.record("exercise", "other_map") == ""
    assert progress.record("prediction", "squeeze/divide_by") == ""
    done, _ = progress.read()
    assert done["exercise"] == {"other_map": "2020-01-01"}
    assert list(done["prediction"]) == ["squeeze/divide_by"]


def test_nothing_is_written_where_no_notebooks_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert progress.record("exercise", "squeeze") == ""
    assert list(tmp_path.iterdir()) == []
    assert list(progress.read()[0]["exercise"]) == ["squeeze"]  # in memory
    assert progress.where() == (
        f"There are no notebooks in {tmp_path}, so no file is made. "
        "This is kept until the kernel stops."
    )


def test_what_is_done_in_both_languages_counts_once_in_each(folder, monkeypatch):
    """A note is known by its words: the other edition stands in a folder and a file of its own."""
    progress.record("prediction", "note/What will the cat do?")
    (folder / "zh").mkdir()
    (folder / "zh" / "01_squeeze.ipynb").touch()
    monkeypatch.chdir(folder / "zh")
    progress.record("prediction", "note/这只猫会怎样？")
    assert list(progress.read()[0]["prediction"]) == ["note/这只猫会怎样？"]
    monkeypatch.chdir(folder)
    assert list(progress.read()[0]["prediction"]) == ["note/What will the cat do?"]


def test_the_file_is_lines_that_one_can_read(folder):
    assert progress.where().startswith(f"It will be kept in `{progress.path()}`, a text file")
    progress.record("exercise", "squeeze")
    progress.record("prediction", "note/What will\nthe cat do?")
    header, *lines = progress.path().read_text("utf-8").splitlines()
    assert "You may delete this file" in header
    today = date.today().isoformat()
    assert lines == [
        f"{today} exercise squeeze",
        f"{today} prediction note/What will the cat do?",
    ]
    assert list(progress.read()[0]["prediction"]) == ["note/What will the cat do?"]
    assert progress.where().startswith(f"Kept in `{progress.path()}`, a text file")


def test_a_line_that_was_cut_costs_no_other(folder):
    progress.record("exercise", "squeeze")
    with progress.path().open("a") as file:
        file.write("2026-11-29 exerc")
    progress.record("exercise", "other_map")
    done, problem = progress.read()
    assert problem == ""
    assert list(done["exercise"]) == ["other_map", "squeeze"]


AT_ONCE = """
import sys
from attention_lib.course import progress
sys.stdin.read(1)
for i in range(40):
    assert progress.record("exercise", f"{sys.argv[1]}_{i}") == ""
"""


def test_two_kernels_that_write_at_once_lose_nothing(folder):
    both = [
        subprocess.Popen([sys.executable, "-c", AT_ONCE, name], stdin=subprocess.PIPE)
        for name in ("one", "other")
    ]
    for process in both:
        process.stdin.write(b"x")
        process.stdin.flush()
    assert [process.wait(60) for process in both] == [0, 0]
    for process in both:
        process.stdin.close()
    assert len(progress.read()[0]["exercise"]) == 80


def test_forgetting_deletes_the_file(folder):
    progress.record("exercise", "squeeze")
    assert progress.forget() == ""
    assert not progress.path().exists()
    assert progress.forget() == ""


@pytest.mark.parametrize(
    "text",
    ["{", "my own notes\nand more", '{"attention_lib": 1}', "\x00", "[" * 9999, "\n"],
)
def test_a_file_of_something_else_is_left_as_it_is(folder, text):
    progress.path().write_text(text)
    verdict = checks.squeeze(right)
    assert verdict.passed
    assert "holds something else than your progress, and is left as it is" in verdict.message
    assert list(progress.read()[0]["exercise"]) == ["squeeze"]  # in memory
    assert "something else" in progress.forget()
    assert progress.path().read_text() == text


def test_a_file_that_is_no_text_is_left_as_it_is(folder):
    progress.path().write_bytes(b"\xff\xfe\x00")
    assert "something else" in progress.record("exercise", "squeeze")
    assert progress.path().read_bytes() == b"\xff\xfe\x00"


def test_a_folder_in_place_of_the_file_is_a_sentence(folder):
    progress.path().mkdir()
    verdict = checks.squeeze(right)
    assert verdict.passed
    assert "Your progress could not be read: Is a directory." in verdict.message


@pytest.mark.parametrize("number", ["EROFS", "ENOSPC", "EACCES"])
def test_a_disk_that_takes_nothing_is_a_sentence_and_costs_nothing(folder, monkeypatch, number):
    progress.record("exercise", "other_map")
    before = progress.path().read_text()
    code = getattr(errno, number)

    def refuse(path, mode="r", **named):
        if mode == "a":
            raise OSError(code, os.strerror(code))
        return opened(path, mode, **named)

    opened = Path.open
    monkeypatch.setattr(Path, "open", refuse)
    words = f"Your progress could not be kept in a file: {os.strerror(code)}. This is kept until"
    verdict = checks.squeeze(right)
    assert verdict.passed
    assert words in verdict.message
    card = predict.divide_by()
    card._hear(card, {"commit": "3136"}, [])
    assert card.said["unkept"].startswith(words)
    assert card.said["title"] == "Right."
    assert list(progress.read()[0]["exercise"]) == ["squeeze", "other_map"]
    assert progress.where().startswith("Not all could be kept in `")
    card._hear(card, {"commit": "3136"}, [])
    assert card.said["unkept"] == ""  # it has been said
    assert progress.path().stat().st_size == len(before)


def test_a_folder_that_takes_no_file_is_told_before_anything_is_done(folder, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert progress.where() == (
        f"No file can be written in {folder}. This is kept until the kernel stops."
    )


def test_a_folder_that_is_gone_is_a_sentence(folder, monkeypatch):
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert progress.record("exercise", "squeeze").endswith("This is kept until the kernel stops.")
    assert progress.where().startswith("No file can be written: No such file")


def test_the_series_is_that_of_the_notebooks():
    for part in progress.SERIES:
        (path,) = (path for path in PATHS if path.stem == part.notebook)
        called = [
            node.func.attr
            for cell in code_cells(json.loads(path.read_text("utf-8")))
            if source(cell).startswith(("checks.", "keras_checks."))
            for node in ast.walk(ast.parse(source(cell)))
            if isinstance(node, ast.Call)
        ]
        assert called == list(part.exercises)
    assert [part.notebook for part in progress.SERIES] == [path.stem for path in PATHS]


def test_no_two_exercises_share_a_name():
    names = [name for part in progress.SERIES for name in part.exercises]
    assert len(set(names)) == len(names)
    assert np.isin([name for name in checks.__all__ if name != "Verdict"], names).all()


def test_a_prediction_on_the_page_is_kept_and_what_is_no_answer_is_not(folder):
    card = predict.divide_by()
    card._hear(card, {"commit": "what?"}, [])
    assert progress.read()[0]["prediction"] == {}
    card._hear(card, {"commit": "3136"}, [])
    assert list(progress.read()[0]["prediction"]) == ["squeeze/divide_by"]


def test_every_question_is_about_a_part_of_the_series():
    questions = [name for name in predict.__all__ if name != "note"]
    asked = Counter(getattr(predict, name).about.split("/")[0] for name in questions)
    assert {part.about: part.predictions for part in progress.SERIES if part.predictions} == asked
    for name in questions:
        assert getattr(predict, name).about.endswith(f"/{name}")
