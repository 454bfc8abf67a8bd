"""The cheat sheet as it is printed, and on a telephone."""

import re

import pytest

from tools.make_cheat_sheet import FILES, NOTEBOOKS


@pytest.mark.parametrize("file", FILES.values())
def test_it_is_one_sheet_of_paper_and_fits_a_telephone(browser, file):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((NOTEBOOKS / file).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.close()
