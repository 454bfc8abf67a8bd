"""The museum panel, driven by its own controls."""

import html
import re

import numpy as np
import pytest

from attention_lib.course import museum
from attention_lib.course.museum import CHECKS, EXHIBITS
from attention_lib.figures.theme import LIGHT
from tests.panels.readable import unreadable, unreadable_when_narrow


@pytest.fixture(scope="module")
def panel():
    """One for all: every test chooses what it shows."""
    return museum.show_museum()


def texts(panel):
    """What the card and the reply say, without mark-up."""
    return [html.unescape(re.sub("<[^>]*>", "", w.value)) for w in (panel.card, panel.reply)]


def blocks(panel):
    """What is drawn of the exhibit, and of the right block."""
    return panel.figure.scene.blocks


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_check_on_an_exhibit_says_and_draws_what_the_library_saw(panel, name):
    figure, exhibit = panel.figure.figure, EXHIBITS[name]
    found = museum.matrix({name: exhibit})[name]
    for key, check in CHECKS.items():
        panel.set(exhibit=name, check=key)
        assert panel.message == ""
        assert unreadable(panel) == []
        says_what_was_seen(panel, exhibit, check, found[key])
        gates_are_those_that_were_seen(panel)
        one_axis_holds_all_gates(panel)
    assert panel.figure.figure is figure
    assert len(figure.axes) == 1


def says_what_was_seen(panel, exhibit, check, found):
    card, reply = texts(panel)
    assert exhibit.title in card
    findings = panel.state.finding, panel.state.right
    for block, finding in zip(blocks(panel), findings, strict=True):
        assert block.verdict.get_text().endswith("passes" if finding.passed else "fails")
        assert block.words.text == finding.words
    assert exhibit.examine_right(check).words in panel.figure.alt
    if exhibit is not EXHIBITS["made anew"]:
        assert exhibit.examine(check).words in panel.figure.alt
    words = exhibit.unseen if found else museum.why_not(exhibit, check)
    assert words.replace("`", "") in reply
    assert reply.startswith("This check finds it.") == found
    right = set(exhibit.right_code.splitlines()) - set(exhibit.code.splitlines())
    shown = all(line.strip() in card for line in right)
    assert shown == found  # the right line is not given away before


def gates_are_those_that_were_seen(panel):
    right = panel.state.right
    for block, finding in zip(blocks(panel), (panel.state.finding, right), strict=True):
        if not finding.seen:
            assert (block.row, block.pictures) == (None, [])
        elif finding.seen[0].ndim == 1:
            np.testing.assert_array_equal(block.row.values, finding.seen[-1])
            others = finding.seen[0] if len(finding.seen) == 2 else None
            if others is None and finding is not right:
                others = right.seen[0]  # nothing to compare with but the right block
            np.testing.assert_array_equal(block.row.dashes, others)
            for name in finding.names:
                assert name in block.note.get_text()
        else:
            for i, (name, gates) in enumerate(zip(finding.names, finding.seen, strict=True)):
                picture = block.pictures[i]
                assert picture.title.get_text() == name
                colours = LIGHT.gates(np.clip(gates, 0, 1))[..., :3] * 255
                np.testing.assert_allclose(picture.shown, colours, atol=5)  # 256 shades


def one_axis_holds_all_gates(panel):
    rows = [block.row for block in blocks(panel) if block.row]
    ends = {(row._bars.low, row._bars.high) for row in rows}
    assert len(ends) <= 1
    for low, high in ends:
        assert low <= min(0, *(row.values.min() for row in rows))
        assert high >= max(1, *(row.values.max() for row in rows))


def test_found_the_card_shows_both_lines_and_the_reply_where_it_was_met(panel):
    panel.set(exhibit="sigmoid twice", check="zero")
    card, reply = texts(panel)
    assert "−     return sigmoid(sigmoid(mean + largest))" in card
    assert "+     return sigmoid(mean + largest)" in card
    assert "Met in huoxiangzuo/HiFuse, issue 9." in reply
    assert "https://github.com/huoxiangzuo/HiFuse/issues/9" in panel.reply.value


def test_a_difference_between_places_is_shown_in_the_colours_of_signs(panel):
    panel.set(exhibit="never called", check="pixel")
    exhibit, right = blocks(panel)
    shown = [picture.title.get_text() for picture in exhibit.pictures]
    assert shown == ["uniform map", "one bright pixel", "difference"]
    before, after = panel.state.finding.seen
    lowest = np.unravel_index((after - before).argmin(), before.shape)
    strongest = np.array(LIGHT.weights(0.0)[:3]) * 255
    np.testing.assert_allclose(exhibit.pictures[2].shown[lowest], strongest, atol=1)
    assert exhibit.spans[2].get_text() == f"−{abs((after - before).min()):.2f} to 0.00"
    assert right.spans[2].get_text() == "0.00 everywhere"
    assert len(np.unique(right.pictures[2].shown.reshape(-1, 3), axis=0)) == 1


def test_a_gate_beyond_one_is_drawn_beyond_one(panel):
    panel.set(exhibit="no sigmoid", check="constant")
    row = blocks(panel)[0].row
    assert row.values.max() > 1.4
    assert row._bars.high == row.values.max()


def test_columns_are_seen_as_columns(panel):
    panel.set(exhibit="columns", check="batch")
    exhibit, right = panel.state.finding.seen, panel.state.right.seen
    assert np.ptp(exhibit[1], axis=0).max() < 1e-9 < np.ptp(exhibit[1], axis=1).max()
    np.testing.assert_allclose(right[0], right[1])
    shown = blocks(panel)[0].pictures[1].shown
    assert (shown == shown[0]).all()
    assert len(np.unique(shown[0], axis=0)) > 2


def test_the_verdict_of_a_block_that_fails_has_the_accent_colour(panel):
    panel.set(exhibit="columns", check="batch")
    colours = [block.verdict.get_color() for block in blocks(panel)]
    assert colours == [LIGHT.accent, LIGHT.ink]


def test_code_and_reply_stay_in_sight_where_the_panel_is_presented(panel):
    first = panel.children[0]
    assert panel.card in first.children
    assert panel.reply in first.children
    assert not any("attention-rarer" in part._dom_classes for part in panel.children)


@pytest.mark.sweep
@pytest.mark.parametrize("readable", [unreadable, unreadable_when_narrow])
@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_all_words_can_be_read(panel, exhibit, readable):
    for check in CHECKS:
        panel.set(exhibit=exhibit, check=check)
        assert readable(panel) == []


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
