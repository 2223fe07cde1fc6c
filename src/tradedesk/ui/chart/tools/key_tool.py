"""Keys that move the view; asked after those of orders and drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.tools.tool import KeyStroke, Tool

if TYPE_CHECKING:
    from collections.abc import Callable


class KeyTool(Tool):
    """Hands keys on; Esc stops a journey to a date."""

    def __init__(self, take: Callable[[KeyStroke], bool], stop: Callable[[], bool]) -> None:
        self._take, self._stop = take, stop

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """Move the view, or change how it is drawn."""
        return self._take(stroke)

    def drop(self) -> bool:
        """Stay here."""
        return self._stop()
