"""A line in the learner's own words, repeated where the check is read."""

import re

import pytest
from playwright.sync_api import expect

from tools.make_zh import LANGUAGE

NOTE = 'from attention_lib.course import predict\npredict.note("What will {} be?")'
NUMBER = "predict.one_bright_pixel()"
FOLD = """
from IPython.display import Markdown
Markdown("<details>\\n<summary><b>{}</b> (open)</summary>\\n\\nA hundred.\\n\\n</details>")
"""


@pytest.mark.parametrize(
    ("language", "check", "commit", "wrote"),
    [("", "Check", "Commit", "You wrote"), (LANGUAGE, "核对", "提交", "你写的是")],
    ids=["English", "Chinese"],
)
def test_a_check_repeats_the_line_of_the_card_before_it(show, language, check, commit, wrote):
    fold = FOLD.format(check)
    page = show(language or "pass", NOTE.format("a"), fold, NOTE.format("b"), NUMBER, fold)
    of_a, of_a_number = page.page.locator("details").all()
    cards = page.page.locator(".attention-predict")

    of_a.locator("summary").click()
    expect(of_a).to_contain_text("A hundred.")
    assert wrote not in of_a.inner_text()  # nothing has been written yet
    of_a.locator("summary").click()

    for card, line in ((cards.nth(0), "some ten"), (cards.nth(1), "another line")):
        card.get_by_role("textbox").fill(line)
        card.get_by_role("button", name=commit).click()
        expect(card.locator(".predict-reply")).to_contain_text(line)
    of_a.locator("summary").click()
    expect(of_a.locator("p").first).to_have_text(re.compile(f"{wrote} some ten"))
    of_a_number.locator("summary").click()
    expect(of_a_number).to_contain_text("A hundred.")
    assert "another line" not in of_a_number.inner_text()  # a number stands between
    assert page.problems == []
