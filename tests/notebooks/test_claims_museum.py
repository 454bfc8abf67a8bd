"""What notebook 10 states in words, computed by the library."""

import ast
import json

import numpy as np
import pytest

from attention_lib import costs, steps
from attention_lib.course import museum
from attention_lib.course.museum import CHECKS, EXHIBITS
from tests.notebooks import FOLDER
from tests.notebooks.claims import prose_of
from tests.notebooks.rules import code_cells, source


@pytest.fixture(scope="module")
def prose():
    return prose_of("10_bug_museum")


@pytest.fixture(scope="module")
def found():
    """By exhibit, the names of the checks that find it."""
    return {name: {c for c, sees in row.items() if sees} for name, row in museum.matrix().items()}


def test_there_are_14_exhibits_and_8_checks(prose):
    assert len(EXHIBITS) == 14
    assert "three of the 14 assign a name" in prose
    assert len(CHECKS) == 8
    assert "You have eight checks" in prose


def test_the_width_that_was_r_is_right_at_256_channels_alone():
    right = [c for c in (64, 128, 256, 512, 1024, 2048) if c // 16 == 16]
    assert right == [256]


def test_of_two_exhibits_one_is_found_by_three_checks(found):
    assert sorted(len(found[name]) for name in ("unread", "kernel 49")) == [1, 3]
    assert found["two MLPs"] == {"parameters"}


def test_the_gates_of_zero_weights(prose):
    half = steps.sigmoid(np.array(0.5))
    assert f"{half:.3f}, and 0 where the sigmoid was forgotten" in prose
    assert f"one between 0.5 and {steps.sigmoid(np.array(1.0)):.3f}" in prose


def test_what_the_se_paper_found_in_place_of_the_sigmoid(prose):
    sigmoid, tanh, relu = (
        costs.printed("SE", "Table 12", row, "top-1 error, %")
        for row in ("sigmoid", "tanh", "ReLU")
    )
    plain = costs.printed("SE", "Table 13", "ResNet-50", "top-1 error, %")
    assert f"with tanh the error is {tanh} % in place of {sigmoid} %, and with ReLU {relu}" in prose
    assert f"worse than without SE, {plain} %" in prose
    assert float(relu) > float(plain) > float(tanh) > float(sigmoid)


def test_four_exhibits_of_the_channel_blocks_are_found_by_the_pixel(prose, found):
    pixel = {name for name in found if "pixel" in found[name]}
    assert pixel - {"made anew", "kernel 49"} == {
        "never called", "overwritten", "reshaped", "mean twice",
    }  # fmt: skip
    assert found["never called"] == {"pixel"}
    assert "Three more exhibits are found in this way" in prose


def test_even_kernels_make_too_few_gates_at_8_128_and_256(prose):
    few = []
    for channels in (8, 32, 64, 128, 256, 512):
        gates = EXHIBITS["even kernel"].wrong(channels).gates(np.ones((1, 8, 8, channels)))
        few += [channels] * (gates.shape[-1] != channels)
    assert few == [8, 128, 256]
    assert "For 8, 128 and 256." in prose


def test_six_checks_find_the_layer_that_is_made_anew(prose, found):
    assert set(CHECKS) - found["made anew"] == {"shape", "constant"}
    assert "Six: all but the shape and the constant input." in prose


def test_four_checks_are_needed_and_enough(found):
    four = {"parameters", "pixel", "zero", "batch"}
    assert museum.missed_by(four) == []
    assert {next(iter(c)) for c in found.values() if len(c) == 1} == four


def test_three_exhibits_assign_a_name_that_nobody_reads(prose):
    def unread(code):
        names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
        stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        return stored - {name.id for name in names if isinstance(name.ctx, ast.Load)}

    unused = [name for name, exhibit in EXHIBITS.items() if unread(exhibit.code)]
    assert unused == ["overwritten", "unread", "mean twice"]
    assert not any(unread(exhibit.right_code) for exhibit in EXHIBITS.values())
    assert "three of the 14 assign a name that nobody reads" in prose


def test_a_block_without_relu_is_wrong_and_passes_all_checks():
    cells = code_cells(json.loads((FOLDER / "10_bug_museum.ipynb").read_text(encoding="utf-8")))
    (code,) = (source(cell) for cell in cells if cell["id"] == "open-start")
    blocks = []
    for text in (code, code.replace("steps.relu(", "(")):
        scope = {"museum": museum, "steps": steps}
        exec(text, scope)
        blocks.append(scope["MyExhibit"])
    for block in blocks:
        assert [row[1] for row in museum.examine(block()).rows] == ["passes"] * 8
    right, wrong = (block().built() for block in blocks)
    x = -np.ones((1, 4, 4, 24))  # where ReLU would be shut
    assert np.abs(wrong.load(right.weights)(x) - right(x)).max() > 0.01


def test_the_broken_block_of_the_second_exercise_runs_and_keeps_the_shape(prose):
    text = "".join(
        "".join(cell["source"])
        for cell in json.loads((FOLDER / "10_bug_museum.ipynb").read_text("utf-8"))["cells"]
        if cell["id"] == "exercise-repair-text"
    )
    scope = {"steps": steps}
    exec(text.split("```python")[1].split("```")[0], scope)
    x = np.ones((5, 4, 3, 8))
    assert scope["my_block"](x, np.ones((8, 2)), np.ones((2, 8))).shape == x.shape


def test_the_numbers_of_the_third_hint():
    lit = np.full((4, 4), 11 / 15)
    lit[1, 2] = 5
    assert lit.mean() == pytest.approx(1)
