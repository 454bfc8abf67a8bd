"""Every test begins with nothing done."""

import pytest

from attention_lib.course import progress


@pytest.fixture(autouse=True)
def nothing_done():
    """Forget what other tests have left in memory."""
    for kept in progress._in_memory.values():
        kept.clear()
