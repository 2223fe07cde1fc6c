"""Dragging an axis scales it; a double click makes the price axis automatic again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.stage import Stage

_AXIS_PX: Final = 160.0


class AxisTool(Tool):
    """Price axis and time axis."""

    def __init__(self, stage: Stage, reset: Callable[[], None]) -> None:
        self._stage, self._reset = stage, reset

    def over(self, at: QPointF) -> bool:
        """On one of the axes."""
        return self._on_prices(at) or self._on_time(at)

    def begin(self, press: Press) -> Gesture | None:
        """Begin to scale."""
        if self._on_prices(press.at):
            return ScalePrices(self._stage, press.at)
        if self._on_time(press.at):
            return ScaleTime(self._stage, press.at)
        return None

    def double_clicked(self, press: Press) -> bool:
        """Prices back to automatic; on the time axis all of the view."""
        if self._on_prices(press.at):
            self._stage.model.viewport.auto_y = True
            self._stage.view_changed()
        else:
            self._reset()
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """Arrows along the axis."""
        if self._on_prices(at):
            return Qt.CursorShape.SizeVerCursor
        return Qt.CursorShape.SizeHorCursor

    def _on_prices(self, at: QPointF) -> bool:
        return self._stage.model.panes.price_axis.contains(at)

    def _on_time(self, at: QPointF) -> bool:
        return self._stage.model.panes.time_axis.contains(at)


class ScalePrices(Gesture):
    """Drag on the price axis."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage, self._last = stage, at.y()

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Down shows more prices, up fewer."""
        self._stage.model.viewport.scale_y(2 ** ((at.y() - self._last) / _AXIS_PX))
        self._last = at.y()
        self._stage.view_changed()


class ScaleTime(Gesture):
    """Drag on the time axis."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage, self._last = stage, at.x()

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Right makes bars wider, left narrower."""
        self._stage.model.viewport.zoom(2 ** ((at.x() - self._last) / _AXIS_PX))
        self._last = at.x()
        self._stage.view_changed()
