"""A page that asks whether its kernel is still there gets an answer, whatever else it says."""

import pytest

from attention_lib import panels
from attention_lib.course import predict
from attention_lib.course.progress_table import show_progress
from attention_lib.panels.kit.session import SessionLine, SessionWidget

WATCHED = {
    "panel": lambda: panels.show_kernel_size().foot,
    "card": predict.twice_the_size,
    "line": SessionLine,
}


@pytest.mark.parametrize("make", WATCHED.values(), ids=WATCHED)
def test_the_page_is_answered_and_nothing_else_happens(make):
    widget = make()
    sent = []
    widget.send = lambda content, buffers=None: sent.append(content)
    before = widget.get_state()
    widget._handle_custom_msg({"there": True}, [])
    assert sent == [{"heard": True}]
    assert widget.get_state() == before
    widget._handle_custom_msg({"here": True}, [])
    assert {"heard": True} not in sent[1:]


def test_the_progress_table_has_a_line_for_it():
    row = show_progress().children[-1]
    assert isinstance(row.children[-1], SessionWidget)
