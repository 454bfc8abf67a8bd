"""The card: nothing before the commit, guess and truth side by side after it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from attention_lib.course import predict, progress
from attention_lib.figures.theme import DARK, LIGHT


def press_commit(card, answer):
    """What the page sends when the button is pressed."""
    card._handle_custom_msg({"commit": answer}, [])


def test_a_number_is_told_beside_the_truth():
    card = predict.one_bright_pixel()
    press_commit(card, "")
    assert card.said["words"].startswith("Type a number first")
    assert not card.said["truth"]
    press_commit(card, " 1 ")
    assert card.said["yours"] == "1"
    assert card.said["truth"].startswith("1/3136")
    assert "That is the maximum" in card.said["words"]
    assert card.said["first"] == ""
    press_commit(card, "1/3136")
    assert card.said["title"] == "Right."
    assert card.said["first"] == "1"


def test_a_choice_is_told_beside_the_truth():
    card = predict.numbers_left()
    press_commit(card, "")
    assert not card.said["truth"]
    press_commit(card, "3136")
    assert (card.said["yours"], card.said["truth"]) == ("3136", "16")
    assert "spatial attention" in card.said["words"]


def test_a_sketch_is_told_beside_the_truth_and_nothing_of_it_before():
    card = predict.gates_of_the_cat()
    truth = predict.gates_of_the_cat.reveal().value
    press_commit(card, [])
    assert card.said["bars"] == []
    press_commit(card, [1.0, 0.8, 0.35, 0.0])
    assert "copy its own channel" in card.said["words"]
    assert card.said["bars"] == pytest.approx(list(truth))


def test_a_bar_of_gates_has_the_gates_colours_in_both_themes_and_another_has_one():
    form = predict.gates_of_the_cat.form
    for name, look in {"light": LIGHT, "dark": DARK}.items():
        assert [form[name][at] for at in (0, 50, 100)] == [
            to_hex(look.gates(v)) for v in (0.0, 0.5, 1.0)
        ]
        assert set(predict.mean_and_maximum.form[name]) == {look.bar}


def test_a_note_keeps_the_line_and_judges_nothing():
    card = predict.note("What will the *cat* do?")
    assert card.asks == "What will the <em>cat</em> do?"
    press_commit(card, "  ")
    assert card.said["words"] == "Write a line first. A guess is enough."
    press_commit(card, " it <b>sleeps</b> ")
    reply = card.said
    assert (reply["kind"], reply["title"], reply["truth"]) == ("noted", "", "")
    assert reply["yours"] == "it <b>sleeps</b>"  # the page shows it as text
    assert "open the check" in reply["words"]
    press_commit(card, "it wakes")
    assert (card.said["yours"], card.said["first"]) == ("it wakes", "it <b>sleeps</b>")


def test_a_note_counts_once_it_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "01_squeeze.ipynb").touch()
    card = predict.note("What will the cat do?")
    press_commit(card, "")
    assert progress.read()[0]["prediction"] == {}
    press_commit(card, "sleep")
    assert list(progress.read()[0]["prediction"]) == ["note/What will the cat do?"]


def test_the_same_words_twice_are_news_to_the_page():
    card = predict.numbers_left()
    told = []
    card.observe(lambda change: told.append(change.new), "said")
    for _ in range(2):
        press_commit(card, "16")
    assert len(told) == 2


def test_what_the_learner_typed_is_no_markup():
    card = predict.one_bright_pixel()
    press_commit(card, "<img src=x>")
    assert "<img" not in card.said["words"]


def test_a_saved_notebook_shows_the_question_and_the_options(outputs_of):
    still, live = outputs_of(predict.numbers_left())
    assert still["text/plain"].startswith("The cat as 16 maps")
    assert "- 12,544" in still["text/plain"]
    assert "How many numbers" in still["text/html"]
    assert still["text/html"].count("<li>") == 4
    assert re.search(r"<p>.*</p><ul>(<li>[^<]*</li>)+</ul>", still["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in live
    still, _ = outputs_of(predict.one_bright_pixel())
    assert "li>" not in still["text/html"]


def test_a_fault_of_the_card_itself_is_said(monkeypatch):
    card = predict.numbers_left()
    monkeypatch.setattr(card.question, "reveal", lambda: 1 / 0)
    monkeypatch.delenv("ATTENTION_LIB_STRICT")
    press_commit(card, "16")
    assert "a fault of its own (ZeroDivisionError" in card.said["words"]
    monkeypatch.setenv("ATTENTION_LIB_STRICT", "1")
    with pytest.raises(ZeroDivisionError):
        card._hear(None, {"commit": "16"}, [])


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=3), part, max_size=2)
    ),
    max_leaves=8,
)
messages = anything | anything.map(lambda what: {"commit": what})


def is_answer(card, message):
    """Whether it is what the page sends: text, or for a sketch numbers from 0 to 1 or none."""
    what = message.get("commit") if isinstance(message, dict) else None
    if card.form["kind"] != "bars":
        return isinstance(what, str)
    numbers = what if isinstance(what, list) else [None]
    return len(numbers) in (0, 4) and all(type(v) in (int, float) and 0 <= v <= 1 for v in numbers)


@pytest.mark.parametrize("name", ["one_bright_pixel", "numbers_left", "gates_of_the_cat", "note"])
def test_what_no_page_sends_changes_nothing_and_what_one_may_send_gets_words(name):
    card = predict.note("What next?") if name == "note" else getattr(predict, name)()

    @settings(max_examples=60)
    @given(messages)
    def tell(message):
        before = card.said, card.reply, card.first
        card._handle_custom_msg(message, [])
        if is_answer(card, message):
            assert card.said["words"]
            assert "fault" not in card.said["words"]
        else:
            assert (card.said, card.reply, card.first) == before

    tell()
