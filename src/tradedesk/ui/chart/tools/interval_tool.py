"""A digit opens the box for another bar size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.tools.tool import KeyStroke, Tool

if TYPE_CHECKING:
    from collections.abc import Callable


class IntervalTool(Tool):
    """Digits 1 to 9."""

    def __init__(self, open_box: Callable[[str], None]) -> None:
        self._open_box = open_box

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Open the box with the digit typed."""
        if not stroke.plain or stroke.repeated or not stroke.text.isdigit() or stroke.text == "0":
            return False
        self._open_box(stroke.text)
        return True
