"""The argument checks say what came as a reader would write it."""

import numpy as np
import pytest

from attention_lib import _require


@pytest.mark.parametrize(
    ("value", "written"),
    [(np.int64(0), "0"), (np.float32(0.5), "0.5"), (np.True_, "True"), (-3, "-3"), ("4", "'4'")],
)
def test_what_came_is_written_plainly(value, written):
    with pytest.raises(ValueError, match=rf"Received: channels={written}\."):
        _require.count(value, "channels")


def test_a_number_that_is_not_finite_is_written_plainly():
    with pytest.raises(ValueError, match=r"Received: gamma=nan\."):
        _require.finite(np.float32("nan"), "gamma")
