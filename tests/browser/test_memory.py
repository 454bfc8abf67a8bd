"""A visitor with little memory sees what holds it, and lets go of it with a button."""

from playwright.sync_api import expect

from tests.browser.lab import leaves_the_machine

ON_BINDER = "import os\nos.environ['MEM_LIMIT'] = str(2 * 2**30)"
LOOK = ("from attention_lib.course import memory", "memory.show_memory()")
APP = "notebooks/apps/kernel_size_lab.ipynb"
DEAD = "() => jupyterapp.shell.currentWidget.sessionContext.session === null"


def test_the_other_notebooks_are_listed_and_shut_down(show):
    other = show("kept = 1")
    page = show(ON_BINDER, *LOOK)
    words = page.page.locator(".attention-memory [role=status]")
    expect(words).to_contain_text("Also running, and holding memory: ")
    expect(words).to_contain_text("All share 2 GB here. The kernel that finds none left dies")
    page.page.locator(".attention-memory").get_by_role("button").click()
    expect(words).to_have_text("No other notebook is running: the memory is yours.")
    other.page.wait_for_function(DEAD)
    page.page.route("**/api/sessions*", lambda route: route.fulfill(status=403))
    page.run_all()  # this one lives on, and a server that will not tell is no dead end
    expect(words).to_contain_text("could not be asked (403")
    assert all("403" in problem for problem in page.problems)


def test_an_app_that_has_no_notebook_open_is_seen_and_shut_down(show, lab, browser):
    app = browser.new_page()
    app.route(leaves_the_machine, lambda route: route.abort())
    app.goto(lab.format(path="").replace("/lab/tree/", f"/voila/render/{APP}"))
    expect(app.locator("canvas").first).to_be_visible(timeout=60_000)
    page = show(*LOOK)
    words = page.page.locator(".attention-memory [role=status]")
    expect(words).to_contain_text("an app without a notebook")
    page.page.locator(".attention-memory").get_by_role("button").click()
    expect(words).to_have_text("No other notebook is running: the memory is yours.")
    app.close()
    assert page.problems == []
