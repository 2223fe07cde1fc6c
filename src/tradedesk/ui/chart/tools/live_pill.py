"""The pill that leads back to the newest bar, and the keys that do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.tools.tool import KeyStroke, Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.stage import Stage

_KEYS: Final = (Qt.Key.Key_End.value, Qt.Key.Key_Space.value)


class LivePillTool(Tool):
    """A click on the pill, End or Space."""

    def __init__(self, stage: Stage, live: Callable[[], None]) -> None:
        self._stage, self._live = stage, live

    def over(self, at: QPointF) -> bool:
        """On the pill."""
        return self._stage.pill.holds(at)

    def show(self, at: QPointF | None) -> None:
        """Light it."""
        self._stage.pill.hover(at is not None)

    def begin(self, press: Press) -> Gesture | None:
        """Go there at once."""
        if not self.over(press.at):
            return None
        self._live()
        return Gesture()

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """It can be clicked."""
        return Qt.CursorShape.PointingHandCursor

    def key_pressed(self, stroke: KeyStroke) -> bool:
        """End and Space."""
        if stroke.key in _KEYS and stroke.plain and not stroke.repeated:
            self._live()
            return True
        return False
