"""What a cell shows of a widget: twice, for a page with a kernel and for one without."""

import base64
import gc
import weakref
from types import SimpleNamespace

import ipywidgets as widgets
import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.widgets.widget import _instances

from attention_lib import panels
from attention_lib.figures import output

VIEW = "application/vnd.jupyter.widget-view+json"
PNG = b"\x89PNG"


def test_first_comes_what_is_read_without_a_kernel_and_then_the_widget():
    button = widgets.Button()
    still, live = output.outputs(button, 'a "cat"', "<p>which?</p>", PNG)
    assert base64.b64decode(still["image/png"]) == PNG
    assert still["text/plain"] == 'a "cat"'
    assert VIEW not in still
    html = still["text/html"]
    assert html.startswith('<div class="attention-still"><p>which?</p><p><img ')
    assert 'alt="a &quot;cat&quot;"' in html
    assert html.count(still["image/png"]) == 1
    assert live[VIEW]["model_id"] == button.model_id
    assert live["text/plain"] == "Run this cell to make it live."
    assert set(live) == {VIEW, "text/plain"}


def test_without_a_picture_there_is_none():
    still, _ = output.outputs(widgets.Button(), "words", "<p>words</p>")
    assert set(still) == {"text/html", "text/plain"}
    assert "<img" not in still["text/html"]


class Holder(widgets.VBox):
    """Holds widgets that are none of its children."""

    def __init__(self, *hidden):
        self.hidden = {"some": [hidden[0]], "more": hidden[1:]}
        super().__init__([widgets.IntSlider(style={"description_width": "initial"})])


def test_a_widget_is_closed_with_all_that_it_holds():
    before = set(_instances)
    held = widgets.Button(), widgets.HBox([widgets.Text()])
    output.close(Holder(*held))
    assert set(_instances) == before
    assert all(part.comm is None for part in held)
    output.close(held[0])  # once more does no harm


@pytest.mark.parametrize("make", [panels.show_kernel_size, panels.show_scale])
def test_nothing_holds_on_to_a_panel_that_was_closed(make):
    panel = make()
    lost = weakref.ref(panel), weakref.ref(panel.figure)
    output.close(panel)
    del panel
    gc.collect()
    assert [ref() for ref in lost] == [None, None]


@pytest.fixture
def shell(monkeypatch):
    """A notebook's shell: cells have ids, and what they show goes nowhere."""
    shell = InteractiveShell.instance()
    shell.running = None
    shell.get_parent = lambda: {"metadata": {"cellId": shell.running} if shell.running else {}}
    monkeypatch.setattr(output, "display", lambda *_args, **_options: None)
    monkeypatch.setattr(output, "_now", [])
    monkeypatch.setattr(output, "_before", {})
    yield shell
    InteractiveShell.clear_instance()


def run(shell, cell, code):
    """Run a cell, as a front end does that tells which one it is."""
    shell.running = cell
    shell.run_cell(code, store_history=True, cell_id=cell).raise_error()
    shell.running = None


SHOWN = """
import ipywidgets
from attention_lib.figures import output
class Shown(ipywidgets.VBox):
    def _ipython_display_(self):
        output.show(self, "shown")
"""


def is_open(widget):
    return widget.comm is not None


def test_a_cell_that_is_run_again_lets_go_of_what_it_has_shown(shell):
    run(shell, "a", SHOWN)
    lost = []
    for _ in range(4):
        run(shell, "b", "Shown([ipywidgets.Text()])")
        lost.append(weakref.ref(output._before["b"][0]))
    gc.collect()
    assert [ref() is None for ref in lost] == [True, True, True, False]
    assert is_open(lost[-1]())
    run(shell, "b", "1")
    gc.collect()
    assert lost[-1]() is None


def test_what_has_a_name_or_is_shown_elsewhere_stays(shell):
    run(shell, "a", SHOWN)
    run(shell, "b", "kept = Shown(); kept")
    kept = shell.user_ns["kept"]
    run(shell, "b", "1")
    assert is_open(kept)
    run(shell, "b", "kept")
    run(shell, "c", "kept")
    run(shell, "b", "kept = Shown(); kept")  # it stands in c yet
    assert is_open(kept)
    run(shell, "c", "kept")
    assert not is_open(kept)


def test_the_same_widget_shown_again_stays(shell):
    run(shell, "a", SHOWN)
    run(shell, "b", "both = [Shown(), Shown()]")
    first, second = shell.user_ns["both"]
    for _ in range(2):
        run(shell, "c", "from IPython.display import display\ndisplay(both[1], both[0])")
    assert is_open(first)
    assert is_open(second)


def test_without_the_cells_id_nothing_is_closed(shell):
    run(shell, "a", SHOWN)
    run(shell, None, "Shown()")
    shown = shell.user_ns["_"]
    run(shell, None, "Shown()")
    output._let_go(SimpleNamespace(info=SimpleNamespace(cell_id=None)))
    assert is_open(shown)
