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
    from tradedesk.ui.chart.tools.scale import Scale


class PanTool(Tool):
    """Takes every press that nobody else wanted."""

    def __init__(
        self, stage: Stage, reset: Callable[[], None], below: Callable[[float], Scale | None]
    ) -> None:
        self._stage, self._reset, self._below = stage, reset, below

    def begin(self, press: Press) -> Gesture | None:
        """Begin to pan."""
        model = self._stage.model
        in_price = model.panes.price.contains(press.at)
        return Pan(self._stage, press.at, model.viewport if in_price else self._below(press.at.y()))

    def double_clicked(self, press: Press) -> bool:
        """Back to the default view."""
        self._reset()
        return True


class Pan(Gesture):
    """Drags the bars; in a pane of a fixed scale up and down as well. Esc leaves them there."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, stage: Stage, at: QPointF, scale: Scale | None) -> None:
        self._stage, self._scale = stage, scale
        self._last = at
        self._start = at
        self._moving = False

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer once it has really moved."""
        if not self._moving and (at - self._start).manhattanLength() < START_PX:
            return
        self._moving = True
        self._stage.model.viewport.pan(at.x() - self._last.x())
        if self._scale is not None and not self._scale.auto_y:
            self._scale.pan_y(at.y() - self._last.y())
        self._last = at
        self._stage.view_changed()
