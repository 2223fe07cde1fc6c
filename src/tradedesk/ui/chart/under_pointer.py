"""Shows what lies under the pointer: the tool there, crosshair, the bar's figures, the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.gestures import Gesture
    from tradedesk.ui.chart.stage import Stage
    from tradedesk.ui.chart.tools.tool import Tool


def owner_of(tools: Sequence[Tool], at: QPointF) -> Tool | None:
    """The first tool that takes what happens at a point."""
    return next((tool for tool in tools if tool.over(at)), None)


def show_pointer(
    stage: Stage, tools: Sequence[Tool], gesture: Gesture | None, at: QPointF | None
) -> QPointF | None:
    """Show the pointer at a point of the view, None for nowhere; returns where it is in the plot.

    While a gesture is under way the tools show what they did before.
    """
    inside = at if at is not None and stage.model.panes.plot.contains(at) else None
    owner = None if at is None or gesture is not None else owner_of(tools, at)
    if gesture is None:
        for tool in tools:
            tool.show(at if tool is owner else None)
    shown_by = gesture if gesture is not None else owner
    level = shown_by is None or not shown_by.level_shown
    stage.crosshair.show_at(inside, level=level)
    stage.pointer_room.settle()
    stage.hover_bar(inside)
    stage.view.viewport().setCursor(_cursor(gesture, owner, at))
    return inside


def _cursor(gesture: Gesture | None, owner: Tool | None, at: QPointF | None) -> Qt.CursorShape:
    shape: Qt.CursorShape | None
    if at is None:
        shape = Qt.CursorShape.ArrowCursor
    elif gesture is not None:
        shape = gesture.cursor
    else:
        shape = None if owner is None else owner.cursor(at)
    return Qt.CursorShape.CrossCursor if shape is None else shape
