"""Presets: every panel can be written as a line, and a line is read strictly."""

import random

import ipywidgets as widgets
import pytest

from attention_lib import panels
from attention_lib.panels.kit import presets
from attention_lib.panels.kit.controls import Number
from attention_lib.panels.kit.faders import Faders
from tests.panels.every import every_panel

SEED = 7


def some_value(control, rng):
    """Something else that a control can be set to."""
    match control:
        case widgets.Dropdown():
            options = control.options
            options = options.values() if isinstance(options, dict) else options
            return rng.choice([o[1] if isinstance(o, tuple) else o for o in options])
        case widgets.Checkbox():
            return rng.choice([True, False])
        case Faders():
            return rng.choice([None, tuple(rng.random() for _ in range(16))])
        case Number():
            low, high = control._position(control._low), control._position(control._high)
            step = 1 if control._powers else control._step
            place = low + step * rng.randint(0, round((high - low) / step))
            return 2**place if control._powers else round(place, 12)


@every_panel
def test_every_control_of_every_panel_survives_the_round_trip(name):
    panel, other = panels.open_panel(name), panels.open_panel(name)
    rng = random.Random(SEED)
    settings = ({k: some_value(c, rng) for k, c in panel.controls.items()} for _ in range(50))
    for values in settings:  # until they can be
        with panel.hold():
            for key, value in values.items():
                panel.controls[key].value = value
        if not panel.message:
            break
    other.restore(panel.preset)
    assert other.values() == panel.values()
    assert other.preset == panel.preset
    assert (other.message, other.figure.alt) == (panel.message, panel.figure.alt)


def test_a_panel_that_rests_writes_the_papers_letters():
    panel = panels.show_kernel_size(channels=512, gamma=2, b=1, channel=3)
    assert panel.preset == "kernel_size C=512 gamma=2 b=1 channel=3"
    panel.controls["gamma"].value = 1.5
    assert panel.preset == "kernel_size C=512 gamma=1.5 b=1 channel=3"


def test_a_cell_restores_a_panel():
    panel = panels.open_panel("kernel_size  C=128 gamma=2")
    assert (panel.values()["channels"], panel.state.choice.t) == (128, 4)


def test_what_a_line_does_not_name_stays():
    panel = panels.show_kernel_size(channels=512)
    panel.restore("b=3")
    assert panel.values() == {"channels": 512, "gamma": 2, "b": 3, "channel": 3}


def test_words_with_spaces_are_quoted():
    options = {"the cat": "my cat.png", "another": 'a "b" \\ c'}
    controls = {"photo": widgets.Dropdown(options=options, value='a "b" \\ c')}
    line = presets.write("any", controls)
    assert line == r'any photo="a \"b\" \\ c"'
    (text,) = presets.read(line, "any", controls).values()
    assert presets.value_of("photo", controls["photo"], text) == controls["photo"].value


@pytest.fixture(scope="module")
def panel():
    return panels.show_kernel_size(channels=512)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "for the panel `kernel_size`.*begins with ''"),
        ("C = 8", "for the panel `kernel_size`.*begins with 'C'"),
        ("excitation C=8", "for the panel `kernel_size`.*'excitation'.*open_panel"),
        ("C=8; gamma=2", "'8;'.*Write C=512"),
        ("kernel_size C = 8", "pairs such as C=64.*'C = 8'"),
        ("C=", "pairs such as C=64"),
        ("C=__import__('os')", "`C` must be a number"),
        ("C=8 C=16", "once.*C twice"),
        ("C=8 channels=16", "once.*channels twice"),
        ("height=3", "belong to a control.*height.*C, gamma, b, channel"),
        ("C=nan", "`C` must be a number.*'nan'"),
        ("C=1e999", "`C` must be a number"),
        ("C=٣", "`C` must be a number"),
        ("C=0x10", "`C` must be a number"),
        ("gamma=0", "gamma"),
        ("C=8 gamma=-1", "gamma"),
        ('C="8', "pairs such as C=64"),
        (r'C="\x"', "as in JSON"),
        ("C=8 " * 200, "600 characters or fewer"),
    ],
)
def test_a_bad_line_gets_a_sentence_and_loses_nothing(panel, line, sentence):
    before = panel.values(), panel.figure.png()
    with pytest.raises(ValueError, match=f"(?s){sentence}"):
        panel.restore(line)
    panel._hear(panel.foot, {"restore": line}, [])
    assert panel.foot.problem  # beside the line that it is about, and not over the picture
    assert panel.message == ""
    assert (panel.values(), panel.figure.png()) == before
    panel.controls["b"].value = 3 - panel.controls["b"].value
    assert panel.foot.problem == ""


def test_a_choice_that_is_none_and_a_tick_that_is_neither_are_refused():
    panel = panels.show_eca()
    for line, sentence in {
        "photo=dog": r"`photo` must be one of cat, .*Received: 'dog'",
        "shuffled=yes": r"`shuffled` must be one of on, off\. Received: 'yes'",
    }.items():
        with pytest.raises(ValueError, match=sentence):
            panel.restore(line)


@pytest.mark.parametrize("text", ["1,2", "1,,0", ",".join("1" * 17), "on", "1;0"])
def test_gates_that_cannot_be_are_refused(text):
    with pytest.raises(ValueError, match="`gates` must be up to 16 numbers"):
        panels.show_scale().restore(f"gates={text}")


@pytest.mark.parametrize("line", ["nothing C=8", "", "os.system C=1", None, 7])
def test_only_a_panel_is_opened(line):
    with pytest.raises(ValueError, match=r"must (begin with the name of a panel|be a text)"):
        panels.open_panel(line)


def test_the_line_is_sent_only_while_it_is_looked_at():
    panel = panels.show_kernel_size(channels=512)
    panel.controls["b"].value = 2
    assert panel.foot.line == ""
    panel.foot.shown = True
    assert panel.foot.line == panel.preset
    panel.controls["b"].value = 3
    assert panel.foot.line == panel.preset
    panel.foot.shown = False
    assert panel.foot.line == ""  # or it would be an old one when it is looked at again
