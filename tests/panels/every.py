"""Every panel, by the name that a preset begins with; that of one's own network needs Keras."""

import pytest

from attention_lib.course import museum  # noqa: F401, its panel is one of them
from attention_lib.panels.kit.presets import PANELS

LOADS = {"your_network": pytest.mark.tensorflow}
every_panel = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=LOADS.get(name, ())) for name in PANELS]
)
