"""Dragging an axis scales it; a double click makes that of a pane automatic again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.scale import Scale

_AXIS_PX: Final = 160.0


class AxisTool(Tool):
    """Time axis, price axis, and the axes of panes with indicators.

    Parameters
    ----------
    reset : callable
        Brings the whole view back to what it is at first.
    below : callable
        Tells the scale of a pane below the bars by its height in the chart; None for none.
    """

    def __init__(
        self, stage: Stage, reset: Callable[[], None], below: Callable[[float], Scale | None]
    ) -> None:
        self._stage, self._reset, self._below = stage, reset, below

    def over(self, at: QPointF) -> bool:
        """On one of the axes."""
        return self._scale(at) is not None or self._on_time(at)

    def begin(self, press: Press) -> Gesture | None:
        """Begin to scale."""
        scale = self._scale(press.at)
        if scale is not None:
            return ScaleValues(self._stage, scale, press.at)
        if self._on_time(press.at):
            return ScaleTime(self._stage, press.at)
        return None

    def double_clicked(self, press: Press) -> bool:
        """Values back to automatic; on the time axis all of the view."""
        scale = self._scale(press.at)
        if scale is None:
            self._reset()
        else:
            scale.auto_y = True
            self._stage.view_changed()
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """Arrows along the axis."""
        if self._on_time(at):
            return Qt.CursorShape.SizeHorCursor
        return Qt.CursorShape.SizeVerCursor

    def _scale(self, at: QPointF) -> Scale | None:
        """What the axis at a point belongs to."""
        axis = self._stage.model.panes.price_axis
        if axis.contains(at):
            return self._stage.model.viewport
        return self._below(at.y()) if axis.left() <= at.x() < axis.right() else None

    def _on_time(self, at: QPointF) -> bool:
        return self._stage.model.panes.time_axis.contains(at)


class ScaleValues(Gesture):
    """Drag on the axis of a pane."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, stage: Stage, scale: Scale, at: QPointF) -> None:
        self._stage, self._scale, self._last = stage, scale, at.y()

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Down shows more values, up fewer."""
        self._scale.scale_y(2 ** ((at.y() - self._last) / _AXIS_PX))
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
