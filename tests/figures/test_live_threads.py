"""JupyterLab has the kernel hear the page on one thread while cells run on another."""

import threading

import pytest

from attention_lib.figures.live import LiveFigure, Scene
from attention_lib.figures.theme import page


class Watched(Scene):
    """Counts the threads inside it; the first to come waits a while for company."""

    def __init__(self):
        self.inside, self.most = 0, 0
        self.company = threading.Event()

    def layout(self, state):
        return state

    def build(self, figure, look, state):
        page(figure, look)
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside > 1:
            self.company.set()
        elif state == "later":
            self.company.wait(0.2)
        self.inside -= 1
        return []

    def update(self, state):
        return "nothing"


@pytest.mark.parametrize("page_says", [{"scale": 2, "dark": False}, {"scale": 1, "dark": True}])
def test_a_view_that_opens_while_a_cell_draws_waits(page_says):
    scene = Watched()
    figure = LiveFigure(scene, "first", width=60, height=40)
    cell = threading.Thread(target=figure.show, args=["later"])
    cell.start()
    while not scene.inside and cell.is_alive():
        pass
    figure._on_message(figure, page_says, [])
    cell.join()
    assert scene.most == 1
    assert figure.frame["number"] == figure.sent == 3
