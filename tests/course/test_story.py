"""A story steps through presets, forth and back, whatever was moved in between."""

import base64
import html
import re

import pytest

from attention_lib import costs
from attention_lib.course.story import show_story
from attention_lib.course.walks import WALKS
from attention_lib.steps import choose_kernel

STEPS = [
    ("kernel_size C=64", "First 64"),
    ("kernel_size C=128 b=3", "then <128>"),
    ("excitation C=64 r=16 weights=seeded", "then SE"),
    ("kernel_size C=512", "and 512"),
]


def words(story):
    return re.sub("<[^>]*>", "", story._words.value)


def test_next_and_back_set_the_panel_as_written():
    story = show_story(STEPS)
    assert (story.panel.values()["channels"], words(story)) == (64, "1 of 4 First 64")
    story._next.click()
    assert story.panel.preset == "kernel_size C=128 gamma=2 b=3 channel=3"
    assert words(story) == "2 of 4 then &lt;128&gt;"
    story._next.click()
    assert story.panel.preset.startswith("excitation photo=cat weights=seeded C=64 r=16 ")
    story._next.click()
    assert story.panel.preset == "kernel_size C=512 gamma=2 b=1 channel=3"  # b as at the beginning
    story._back.click()
    story._back.click()
    assert story.panel.preset == "kernel_size C=128 gamma=2 b=3 channel=3"


def test_what_a_class_has_tried_out_is_set_right_at_the_next_step():
    story = show_story(STEPS)
    story.panel.set(gamma=1, channel=60)
    story.go(1)
    story.panel.controls["channels"].value = 0
    assert story.panel.message
    story.go(0)
    assert story.panel.preset == "kernel_size C=64 gamma=2 b=1 channel=3"
    assert story.panel.message == ""


def test_it_ends_where_it_ends():
    story = show_story(STEPS[:2])
    assert story._back.disabled
    assert not story._next.disabled
    for _ in range(3):
        story._next.click()
    assert story.at == 1
    assert story._next.disabled
    assert not story._back.disabled


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([], "a step or more"),
        ("depth", "one of width, kernel, overview.*Received: 'depth'"),
        ([("kernel_size C=0", "?")], "channels"),
        ([("kernel C=8", "?")], "name of a panel.*'kernel'"),
    ],
)
def test_a_story_that_cannot_be_told_is_refused(steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        show_story(steps)


@pytest.mark.parametrize("name", WALKS)
def test_the_walks_that_ship_can_be_walked_to_the_end(name):
    story = show_story(name)
    for at, step in enumerate(story.steps):
        story.go(at)
        assert story.panel.message == ""
        assert len(step.words) < 160  # two lines at the most


def test_the_walks_say_what_is_so():
    eight, two = (costs.se_cost(64, r).weights for r in (16, 2))
    assert eight * 8 == two
    assert [choose_kernel(c).t for c in (64, 128)] == [3.5, 4]
    assert choose_kernel(4).kernel_size == 1


def test_a_saved_notebook_shows_the_words_and_the_picture_of_the_step(outputs_of):
    story = show_story("width")
    story.go(1)
    still, live = outputs_of(story)
    assert base64.b64decode(still["image/png"]) == story.panel.figure.png()
    for words in (story.steps[1].words, story.panel.figure.alt):
        assert words in still["text/plain"]
        assert html.escape(words) in still["text/html"]
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == story.model_id
