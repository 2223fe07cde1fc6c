"""Dragging the bars, and what a double click in the pane does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import START_PX, Gesture
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.stage import Stage


class PanTool(Tool):
    """Takes every press that nobody else wanted."""

    def __init__(self, stage: Stage, reset: Callable[[], None]) -> None:
        self._stage, self._reset = stage, reset

    def begin(self, press: Press) -> Gesture | None:
        """Begin to pan."""
        return Pan(self._stage, press.at)

    def double_clicked(self, press: Press) -> bool:
        """Back to the default view."""
        self._reset()
        return True


class Pan(Gesture):
    """Drags the bars; in a fixed price scale up and down as well. Esc leaves them there."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        self._last = at
        self._start = at
        self._moving = False

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer once it has really moved."""
        if not self._moving and (at - self._start).manhattanLength() < START_PX:
            return
        self._moving = True
        view = self._stage.model.viewport
        view.pan(at.x() - self._last.x())
        if not view.auto_y:
            view.pan_y(at.y() - self._last.y())
        self._last = at
        self._stage.view_changed()
