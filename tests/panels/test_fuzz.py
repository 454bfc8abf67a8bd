"""Rough use: random moves, typing, clicks, messages and pasted lines, a thousand sequences of them.

`make check` plays a hundred; `pytest tests/panels/test_fuzz.py --hypothesis-profile=rough` plays
many more, new ones each time.
"""

import io
import re
import sys
import types
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from PIL import Image

from attention_lib import costs, panels
from attention_lib.examples import filters, hand_made
from attention_lib.figures.live import LiveFigure
from attention_lib.panels.kit import presets
from attention_lib.panels.kit.controls import Number
from attention_lib.panels.kit.panel import Panel
from attention_lib.panels.variants.state import SPREAD
from attention_lib.panels.your_network.panel import Upload
from attention_lib.steps.activations import ACTIVATIONS, GATES
from attention_lib.steps.se import random_weights, squeeze, trace_excitation
from attention_lib.steps.variants import draw_variants
from tests.panels.every import every_panel
from tests.panels.test_training import Pupil

MOST_MOVES = 3
SEQUENCES = {"quick": 8}.get(settings.get_current_profile_name(), 84)  # a panel
PHASES = (Phase.explicit, Phase.generate)  # what is so short need not be shrunk, which takes long
REDRAWN = 10  # every so many sequences the picture is compared with one drawn from nothing
ROUGH = settings.get_current_profile_name() == "rough"
LIMITS = {} if ROUGH else {"max_examples": SEQUENCES, "derandomize": True}
LONGEST_SENTENCE = 400
MANY = 64  # beyond so many channels the numbers shown are not worked out again
TYPED = (
    *(0, 1, 2, 3, 4, 5, 8, 16, 24, 0.5, 2.5, -1, -0.0, 1e-9, 63, 4096, 1e9),
    *(2**53 + 1, 1e18, 1e300, -1e300, 1e-300, float("nan"), float("inf"), -float("inf")),
)
NONSENSE = (None, "", "x", -1, 1e9, float("nan"), [], {}, [1], [1, "2"], [None, None], True)
REACHED = (
    *(widgets.IntSlider, widgets.FloatSlider, widgets.FloatText, widgets.Play),
    *(widgets.Dropdown, widgets.Checkbox, widgets.Button, Upload),
)


def picture_file() -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 30)).save(stored, "PNG")
    return stored.getvalue()


UPLOADS = picture_file(), b"no picture"


# -- what a hand can do, and a page, and somebody who writes to the kernel ------------------------


def inside(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """A widget and everything in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def inputs(panel: Panel) -> Iterator[widgets.Widget]:
    """Everything in a panel that can be moved, typed into, chosen from or pressed."""
    return (widget for widget in inside(panel) if isinstance(widget, REACHED))


def move(control: widgets.Widget, at: float, typed: float) -> None:
    """Do to a control what the page can: `at`, from 0 to 1, says where; boxes take `typed`."""
    match control:
        case widgets.FloatText():
            control.value = typed
        case widgets.FloatSlider() | widgets.IntSlider() | widgets.Play():
            steps = round(at * (control.max - control.min) / control.step)
            control.value = min(control.min + control.step * steps, control.max)
        case widgets.Dropdown():
            control.index = min(int(at * len(control.options)), len(control.options) - 1)
        case widgets.Checkbox():
            control.value = at > 0.5
        case widgets.Button():
            control.click()
        case Upload():
            file = UPLOADS[at > 0.5]
            control._handle_custom_msg({"name": f"{at:.1f}.png", "size": len(file)}, [file])


anywhere = st.floats(0, 1).map(lambda at: at**3)  # more often small: a large C takes its time
numbers = st.sampled_from(TYPED) | st.integers(0, 40) | st.floats()
clicks = st.tuples(st.floats(-50, 1010), st.floats(-50, 700)).map(lambda at: {"click": [*at]})
hellos = st.fixed_dictionaries(
    {"scale": st.sampled_from([1, 1, 0.5, 2]), "dark": st.booleans()},
    optional={"zoom": st.sampled_from([0.5, 0.93, 1, 2])},
)
garbled = st.sampled_from(NONSENSE).flatmap(
    lambda what: st.sampled_from(
        [
            {"click": what},
            {"scale": what, "dark": what},
            {"scale": 1, "dark": 1, "zoom": what},
            what,
        ]
    )
)
words = st.sampled_from(["hand-made", "seeded", "on", "off", "rule", "0,1", "1,2", "cat", "SE"])


def lines(panel: Panel) -> st.SearchStrategy:
    """Lines to paste: in part, wrong, and no lines at all."""
    names = st.sampled_from([*(presets._LETTERS.get(name, name) for name in panel.controls), "x"])
    pair = st.tuples(names, words | numbers.map(str)).map("=".join)
    pairs = st.lists(pair, max_size=3).map(lambda pairs: " ".join([panel.name, *pairs]))
    return (pairs | pair | st.text(max_size=30)).map(lambda line: {"restore": line})


def moves(panel: Panel) -> st.SearchStrategy:
    """What is done to a panel, one thing after the other; a control is told by its place."""
    control = st.integers(0, len(list(inputs(panel))) - 1)
    moved = st.tuples(control, anywhere, numbers)
    told = st.tuples(st.just("tell"), clicks | hellos | garbled)
    pasted = st.tuples(st.just("paste"), lines(panel) | garbled)
    return st.lists(st.one_of(moved, moved, told, pasted), min_size=1, max_size=MOST_MOVES)


class Table:
    """A panel that is used by one rough hand after the other."""

    def __init__(self, name: str):
        self.panel = panels.open_panel(name)
        self.picture = self.panel.figure, self.panel.figure.figure
        self.inputs = list(inputs(self.panel))
        # What a gate cannot be is said and not kept, so that its box is no value of the panel's.
        self.gate = getattr(getattr(self.panel.controls.get("gates"), "gate", None), "box", None)
        self.told = ""  # a sentence that is about no value: of a pasted line, an upload, a gate
        self.played = 0

    def play(self, moves: list[tuple]) -> None:
        note(f"begins at {self.panel.preset}")
        for what, *how in moves:
            if what == "tell":
                self.panel.figure._on_message(self.panel.figure, *how, [])
                continue
            if what == "paste":
                self.panel._hear(self.panel.foot, *how, [])
                self.told = self.panel.message
                continue
            move(self.inputs[what], *how)
            if isinstance(self.inputs[what], Upload) or self.inputs[what] is self.gate:
                self.told = self.panel.message
        self.played += 1
        if self.panel.name == "training":
            self.panel.run.wait()
        self.check()
        if self.panel.figure._scale > 1:  # four times the pixels: not for long
            self.panel.figure._on_message(self.panel.figure, {"scale": 1, "dark": False}, [])

    def check(self) -> None:
        panel, figure = self.panel, self.panel.figure
        assert (figure, figure.figure) == self.picture
        assert [w for w in inside(panel) if isinstance(w, LiveFigure)] == [figure]
        assert list(inputs(panel)) == self.inputs
        for number in (c for c in panel.controls.values() if isinstance(c, Number)):
            np.testing.assert_array_equal(number.box.value, float(number.value))
        try:
            state, sentence = panel._compute(**panel.values()), ""
        except ValueError as error:
            state, sentence = None, str(error)
        assert panel.message in (sentence, self.told)
        assert "fault" not in panel.message
        assert len(panel.message) < LONGEST_SENTENCE
        if state is None:
            assert panel.message
            return
        assert_same(panel.state, state)
        for shown, wanted in SHOWN.get(panel.name, nothing)(figure.scene, **panel.values()):
            np.testing.assert_allclose(shown, wanted, atol=1e-5)
        if self.played % REDRAWN == 0:
            anew = LiveFigure(type(figure.scene)(), state, width=figure.width, height=figure.height)
            dark = figure._look is not anew._look
            told = {"scale": figure._scale, "dark": dark, "zoom": figure._zoom}
            anew._on_message(anew, told, [])
            assert anew.alt == figure.alt
            assert np.array_equal(anew._pixels, figure._pixels)


def assert_same(state: Any, wanted: Any) -> None:
    """Check that two states hold the same, number for number."""
    assert type(state) is type(wanted)
    if isinstance(state, np.ndarray):
        assert np.array_equal(state, wanted)
    elif isinstance(state, tuple | list):
        assert len(state) == len(wanted)
        for part, other in zip(state, wanted, strict=True):
            assert_same(part, other)
    elif isinstance(state, partial):
        assert_same(
            (state.func, *state.keywords.values()), (wanted.func, *wanted.keywords.values())
        )
    else:
        assert state == wanted


# -- the numbers shown, and what the library makes of the values that the controls show -----------


@cache
def summary(photo: str, channels: int) -> np.ndarray:
    return squeeze(filters.feature_maps(photo, channels))


def nothing(scene, **values):
    return ()


def excitation(
    scene,
    photo,
    weights,
    channels,
    reduction,
    activation="relu",
    gate="sigmoid",
    spread=4.0,
    seed=0,
    **_others,
):
    if channels > MANY:
        return
    if weights == "hand-made" and hand_made.exist_for(channels, reduction):
        made = hand_made.hand_made_weights(channels, reduction)
    else:
        made = random_weights(channels, reduction, spread=spread, seed=seed)
    curves = {"activation": ACTIVATIONS[activation], "gate": GATES[gate]}
    trace = trace_excitation(summary(photo, channels), made, **curves)
    yield scene.z.values, trace.squeezed
    yield scene.gates.values, trace.gates


def squeezed(scene, photo, channels, rectify, shuffle, **_others):
    if channels <= MANY and rectify and shuffle != "photo":
        yield scene.means.values, summary(photo, channels)


def scaled(scene, photo, channels, gates, **_others):
    if gates is not None:
        shown = [float(text) for text in scene.gates.numbers]
        wanted = [*gates, *[1.0] * channels][:channels]
        yield shown, np.round(wanted, 2)


def cost(scene, network, mechanism, stages, reduction, gamma, b, use_bias):
    made = {
        "SE": partial(costs.se_cost, reduction=reduction, use_bias=use_bias),
        "ECA": partial(costs.eca_cost, gamma=gamma, b=b),
        "CBAM": partial(costs.cbam_cost, reduction=reduction, use_bias=use_bias),
    }[mechanism]
    numbers = [stage.number for stage in costs.NETWORKS[network].stages]
    chosen = None if stages == "all" else numbers[:-1]
    total = costs.added(costs.NETWORKS[network], made, stages=chosen).total.parameters
    yield int(re.sub(r"\D", "", scene._total.get_text())), total


def variants(scene, photo, channels, reduction, groups, kernel_size, seed, **_others):
    sizes = {"reduction": reduction, "groups": groups, "kernel_size": kernel_size}
    drawn = draw_variants(channels, seed=seed, spread=SPREAD, **sizes)
    for bars, made in zip(scene.bars, drawn, strict=True):
        yield bars.values, made.trace(summary(photo, channels)).gates


SHOWN = {
    "pipeline": excitation,
    "excitation": excitation,
    "squeeze": squeezed,
    "scale": scaled,
    "variants": variants,
    "cost": cost,
}


# -- the test -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            sys.modules, "attention_lib.experiments.training", types.SimpleNamespace(Trainer=Pupil)
        )
        yield {}


@every_panel
def test_whatever_is_done_to_a_panel_it_shows_the_truth_or_says_a_sentence(tables, name):
    tables[name] = Table(name)

    @settings(**LIMITS, phases=PHASES)
    @given(moves(tables[name].panel))
    def play(moves):
        try:
            tables[name].play(moves)
        except BaseException:
            tables[name] = Table(name)  # what has failed is tried again on a fresh one
            raise

    play()
    assert tables[name].played >= SEQUENCES
