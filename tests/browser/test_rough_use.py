"""Rough use in JupyterLab: two panels, one shown twice, a large file, a restart in mid-drag."""

import re

from playwright.sync_api import expect

MADE = ("from attention_lib import panels", "one = panels.show_kernel_size()\none", "one")
PICKED = """
import ipywidgets
from attention_lib.panels.your_network.panel import Upload
button, told = Upload(most=3), ipywidgets.Label()
button.on_msg(lambda _, file, held: setattr(told, "value", f"{file['size']} B, {len(held)} sent"))
ipywidgets.VBox([button, told])
"""
ASKED = "from attention_lib.course import predict\npredict.numbers_left()"
OTHER = "panels.show_excitation(weights='seeded')"
RESTART = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
LEFT_UNDONE = "stderr: Task was destroyed but it is pending"  # a kernel's word on its way out


def test_panels_side_by_side_and_twice_and_a_kernel_restarted_in_mid_drag(show):
    page = show(*MADE, PICKED, OTHER, ASKED)
    one, again, other = page.panels()
    figures = [panel.locator(".live-figure") for panel in (one, again, other)]
    words = figures[2].get_attribute("aria-label")
    handle = one.locator(".noUi-handle").first
    page.press(handle, "ArrowLeft", 3)
    for panel, figure in ((one, figures[0]), (again, figures[1])):
        expect(panel.get_by_label("C, channels, typed")).to_have_value("64")
        expect(figure).to_have_attribute("aria-label", re.compile(r"log₂\(64\)/2"))
    assert figures[2].get_attribute("aria-label") == words  # the other panel has not moved
    page.press(other.locator(".noUi-handle").first, "ArrowRight", 2)
    expect(figures[2]).not_to_have_attribute("aria-label", words)
    expect(one.get_by_label("C, channels, typed")).to_have_value("64")
    assert page.problems == []

    for content, told in {b"1234": "4 B, 0 sent", b"123": "3 B, 1 sent"}.items():
        with page.page.expect_file_chooser() as chooser:
            page.page.get_by_role("button", name="your picture").click()
        picture = {"name": "mine.png", "mimeType": "image/png", "buffer": content}
        chooser.value.set_files(picture)
        expect(page.page.get_by_text(told)).to_be_visible()  # what is too large is not sent

    handle.focus()
    page.page.keyboard.down("ArrowRight")
    page.page.evaluate(RESTART)
    page.page.keyboard.up("ArrowRight")
    page.wait_until_idle()
    card = page.page.locator(".predict-form")
    expect(card.get_by_role("status").last).to_contain_text(
        "The kernel is gone. Run this cell again."
    )
    page.run_all()
    expect(page.page.locator(".attention-panel")).to_have_count(3)
    one, again, _ = page.panels()
    page.press(one.locator(".noUi-handle").first, "ArrowLeft", 1)
    expect(again.get_by_label("C, channels, typed")).to_have_value("256")
    assert [problem for problem in page.problems if LEFT_UNDONE not in problem] == []
