"""A panel and a card in Chinese, driven in the browser."""

import re

from playwright.sync_api import expect

from tools.make_zh import LANGUAGE

CARD = "from attention_lib.course import predict\npredict.black_maps()"
PANEL = (
    'from attention_lib import panels\npanels.show_scale(photo="cat", channels=8, gates=[1.0] * 8)'
)
LATIN = r"[A-Za-z]{2,}"


def words_left(part):
    """The Latin words of a part of the page, but for SE."""
    return set(re.findall(LATIN, part.inner_text())) - {"SE"}


def test_a_panel_speaks_chinese_and_shows_the_kernels_picture(show):
    page = show(LANGUAGE, PANEL)
    (panel,) = page.panels()
    assert words_left(panel) == set()
    picture = panel.locator("canvas")
    before = page.frames(picture)
    panel.get_by_role("button", name="二分之一").click()
    page.wait_for_frame(picture, before)
    expect(picture).to_have_attribute("aria-label", re.compile("手动设定，都相等"))
    assert re.findall(LATIN, picture.get_attribute("aria-label")) == []
    assert page.wrong_pictures() == []
    panel.get_by_role("button", name="演示").click()
    expect(panel.get_by_role("button", name="退出")).to_be_visible()
    assert page.problems == []


def test_a_card_answers_in_chinese(show):
    page = show(LANGUAGE, CARD)
    (card,) = page.predictions()
    card.get_by_role("textbox").fill("2")
    card.get_by_role("button", name="提交").click()
    expect(card).to_contain_text("正确。")
    assert words_left(card) == set()
    assert page.problems == []
