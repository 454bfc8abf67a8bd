"""What a learner reads in the course goes through `say`, and is judged alike in any language."""

import json
import re
import subprocess
import sys

import pytest

MARKED = re.compile("«[^«»]*»")
TAG = re.compile("<[^>]*>")
NAMES = {"SE", "ECA", "ECA, k = 3", "GCNet", "SimAM", "Coordinate"}  # the same in every language


@pytest.fixture(scope="module")
def said():
    run = subprocess.run(
        [sys.executable, "-m", "tests.course.in_marks"], capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)


def unmarked(text):
    """What of a text has not been through `say`."""
    while (rest := MARKED.sub("", text)) != text:
        text = rest
    return TAG.sub("", text)


def test_a_text_within_a_text_is_marked_and_what_stands_beside_it_is_not():
    assert unmarked("«a «b» c» <b>d</b>") == " d"


@pytest.mark.sweep
def test_every_text_of_the_course_is_said(said):
    assert len(said) > 200
    found = {
        (where, text)
        for where, texts in said.items()
        for text in texts
        if re.search("[A-Za-z]{2}", unmarked(text)) and text not in NAMES
    }
    assert found == set()
