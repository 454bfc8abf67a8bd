"""Opens a panel as a preset says."""

from attention_lib.panels.base import Panel
from attention_lib.panels.presets import name_of


def open_panel(line: str) -> Panel:
    """Open a panel as a line says.

    Args:
        line: the name of a panel, then pairs; what it does not name is as the panel begins.

    Returns:
        The panel.

    Raises:
        ValueError: if the line is not of that form, or asks for what cannot be.
    """
    from attention_lib import panels  # only now: it imports this module

    panel = getattr(panels, f"show_{name_of(line)}")()
    panel.restore(line)
    return panel
