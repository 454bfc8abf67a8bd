"""The language is chosen once, before anything is said in it."""

import os
import subprocess
import sys

import pytest

from attention_lib import language


def test_a_text_stands_as_it_is_or_with_its_places_filled():
    assert language.say("{count} gates") == "{count} gates"
    assert language.say("{count} gates", count=8) == "8 gates"


def test_what_is_no_language_is_refused():
    with pytest.raises(ValueError, match="the language is one of en, zh, not 'fr'"):
        language.speak("fr")


def said(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_the_environment_chooses_too():
    run = said(
        "from attention_lib import language; print(language.chosen)",
        ATTENTION_LIB_LANGUAGE="zh",
    )
    assert (run.stdout, run.stderr) == ("zh\n", "")


def test_rooms_with_words_come_after_the_choice():
    run = said(
        "from attention_lib import figures, language\n"
        "language.speak('en')\n"
        "try: language.speak('zh')\n"
        "except RuntimeError as error: print(language.chosen)"
    )
    assert (run.stdout, run.stderr) == ("en\n", "")


def test_rooms_without_words_may_be_there_before():
    run = said("from attention_lib import language, steps; language.speak('zh')")
    assert (run.returncode, run.stderr) == (0, "")
