"""The exam's keys, computed."""

import re

import numpy as np
import pytest

from attention_lib import costs, steps
from tools.make_instructor import NOTES


@pytest.fixture(scope="module")
def keys():
    parts = re.split(r"^## (\d+)\n", (NOTES / "exam.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {int(n): text.split("**Key.**") for n, text in zip(parts[::2], parts[1::2], strict=True)}


def test_there_are_ten_questions_with_a_key_and_points(keys):
    assert sorted(keys) == list(range(1, 11))
    for question, *key in keys.values():
        assert re.search(r"\(\d points\)", question)
        assert len(key) == 1


def test_shapes_and_parameters(keys):
    trace = steps.se_forward(np.ones((28, 28, 96)), steps.random_weights(96, 8))
    for shape in (trace.squeezed.shape, trace.hidden.shape, trace.gates.shape, trace.scaled.shape):
        assert str(shape) in keys[1][1]
    assert f"= {costs.se_cost(96, 8).parameters} parameters" in keys[1][1]


def test_both_doubled(keys):
    one, two = (costs.se_cost(c, r, use_bias=False).weights for c, r in ((256, 16), (512, 32)))
    assert f"half of that: {two // one}." in keys[2][1]


def test_two_gates_by_hand(keys):
    reduce, expand = np.array([[1.0], [-1.0]]), np.array([[2.0, 3.0]])
    first, second = (
        steps.trace_excitation(np.array(z), steps.SEWeights(reduce, None, expand, None))
        for z in ([1.0, 2.0], [3.0, 1.0])
    )
    assert (first.reduced, first.hidden, *first.gates) == (-1, 0, 0.5, 0.5)
    assert second.logits.tolist() == [4, 6]
    assert "gates {:.3f} and {:.3f}.".format(*second.gates) in keys[4][1]


def test_kernel_sizes(keys):
    sizes = [steps.adaptive_kernel_size(c) for c in (64, 128, 2048)]
    assert "{}, {} and {}.".format(*sizes) in keys[6][1]


def test_the_wrong_line_runs_and_is_wrong():
    maps, gates = np.ones((16, 16, 16, 64)), np.random.default_rng(0).random((16, 64))
    assert not np.allclose(maps * gates, maps * gates[:, None, None, :])


def test_four_places_before_and_after_training(keys):
    behind, skip, after = (
        costs.printed("SE", "Table 14", row, "top-1 error, %")
        for row in ("SE", "SE-Identity", "SE-POST")
    )
    assert f"{behind}, {skip} and {after} %" in keys[8][0]
    assert f"All of it; 1/{2**16}; 1/{2**16}." in keys[8][1]


def test_the_share_of_the_last_stage(keys):
    squares = [blocks * c**2 for blocks, c in ((3, 256), (4, 512), (6, 1024), (3, 2048))]
    assert f"is {100 * squares[-1] / sum(squares):.1f} % of it" in keys[9][1]
