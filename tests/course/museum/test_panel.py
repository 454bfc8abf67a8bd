"""The museum panel, driven by its own controls."""

import html
import re

import numpy as np
import pytest

from attention_lib.course import museum
from attention_lib.course.museum import CHECKS, EXHIBITS
from tests.panels.readable import unreadable


@pytest.fixture
def panel():
    return museum.show_museum()


def texts(panel):
    """What the card and the reply say, without mark-up."""
    scene = panel.figure.scene
    return [html.unescape(re.sub("<[^>]*>", "", w.value)) for w in (scene._card, scene._reply)]


def test_every_check_on_every_exhibit_says_what_the_library_saw(panel):
    figure = panel.figure.figure
    found = museum.matrix()
    for name, exhibit in EXHIBITS.items():
        for key, check in CHECKS.items():
            panel.set(exhibit=name, check=key)
            card, reply = texts(panel)
            assert panel.message == ""
            assert unreadable(panel) == []
            assert exhibit.title in card
            assert exhibit.examine_right(check).words in panel.figure.alt
            if name != "made anew":
                assert exhibit.examine(check).words in panel.figure.alt
            words = exhibit.unseen if found[name][key] else museum.why_not(exhibit, check)
            assert words.replace("`", "") in reply
            assert reply.startswith("This check finds it.") == found[name][key]
            shown = all(line in card for line in exhibit.difference[1])
            assert shown == found[name][key]  # the right line is not given away before
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1


def test_found_the_card_shows_both_lines_and_the_reply_where_it_was_met(panel):
    panel.set(exhibit="sigmoid twice", check="zero")
    card, reply = texts(panel)
    assert "−     return sigmoid(sigmoid(mean + largest))" in card
    assert "+     return sigmoid(mean + largest)" in card
    assert "Met in huoxiangzuo/HiFuse, issue 9." in reply
    assert "https://github.com/huoxiangzuo/HiFuse/issues/9" in panel.figure.scene._reply.value


def test_columns_are_seen_as_columns(panel):
    panel.set(exhibit="columns", check="batch")
    exhibit, right = panel.state.finding.seen, panel.state.right.seen
    assert np.ptp(exhibit[1], axis=0).max() < 1e-9 < np.ptp(exhibit[1], axis=1).max()
    np.testing.assert_allclose(right[0], right[1])


def test_both_themes_can_be_drawn_and_read(panel):
    light = panel.figure.png()
    panel.figure._on_message(None, {"scale": 2, "dark": True}, None)
    assert panel.figure.png() != light
    assert unreadable(panel) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [({"exhibit": "bug"}, "`exhibit` must be one of"), ({"check": "eye"}, "`check` must be one")],
)
def test_what_is_not_there_gets_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        museum.show_museum(**arguments)
