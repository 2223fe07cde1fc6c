"""Dragging the lines between panes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import Gesture
from tradedesk.ui.chart.panes import LEAST_PANE
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.stage import Stage

_NEAR: Final = 4.0


class SeparatorTool(Tool):
    """A drag makes the pane below higher or lower; a double click gives it its usual height."""

    def __init__(self, stage: Stage, looks: Looks) -> None:
        self._stage, self._looks = stage, looks

    def over(self, at: QPointF) -> bool:
        """On the upper edge of a pane below the bars."""
        return self.pane_at(at) is not None

    def pane_at(self, at: QPointF) -> int | None:
        """Which of the panes below begins at a point."""
        for place, pane in enumerate(self._stage.model.panes.lower):
            if abs(at.y() - pane.plot.top()) <= _NEAR and at.x() < pane.axis.right():
                return place
        return None

    def begin(self, press: Press) -> Gesture | None:
        """Take hold of the line."""
        place = self.pane_at(press.at)
        if place is None:
            return None
        return DragSeparator(self._stage, self._looks, place, press.at.y())

    def double_clicked(self, press: Press) -> bool:
        """The usual height for the panes that share the line."""
        place = self.pane_at(press.at)
        if place is None:
            return False
        panes = self._stage.model.panes.lower
        shared = {pane.key for pane in panes[max(0, place - 1) : place + 1]}
        heights = self._looks.now.pane_heights
        self._looks.change(
            pane_heights={key: each for key, each in heights.items() if key not in shared}
        )
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape | None:
        """Arrows up and down."""
        return Qt.CursorShape.SplitVCursor


class DragSeparator(Gesture):
    """What one pane gains its neighbour above loses; Esc puts the line back."""

    cursor = Qt.CursorShape.SplitVCursor

    def __init__(self, stage: Stage, looks: Looks, place: int, y: float) -> None:
        self._looks, self._y = looks, y
        self._before = dict(looks.now.pane_heights)
        panes = stage.model.panes.lower
        self._lower = (panes[place].key, panes[place].plot.height())
        above = panes[place - 1] if place else None
        self._upper = None if above is None else (above.key, above.plot.height())

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer."""
        gain = max(self._y - at.y(), LEAST_PANE - self._lower[1])
        heights = dict(self._before)
        if self._upper is not None:
            gain = min(gain, self._upper[1] - LEAST_PANE)
            heights[self._upper[0]] = float(round(self._upper[1] - gain))
        heights[self._lower[0]] = float(round(self._lower[1] + gain))
        if gain or self._looks.now.pane_heights != self._before:
            self._looks.change(pane_heights=heights)

    def abort(self) -> None:
        """Put it back."""
        self._looks.change(pane_heights=self._before)
