"""Measuring: Shift and drag, or the tool of the strip. The next press takes the measure away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

from tradedesk.ui.chart.drawings.modes import MEASURE
from tradedesk.ui.chart.drawings.pointing import pointed
from tradedesk.ui.chart.drawings.two_ends import PlaceEnd
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from tradedesk.ui.chart.drawings.easel import Easel
    from tradedesk.ui.chart.drawings.measure_item import MeasureItem
    from tradedesk.ui.chart.gestures import Gesture

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MeasureTool(Tool):
    """The tool in hand; also takes the finished measure away with the next press anywhere."""

    def __init__(self, easel: Easel, item: MeasureItem) -> None:
        self._easel, self._item = easel, item
        self._follows = False

    def over(self, at: QPointF) -> bool:
        """In the price pane with the tool in hand."""
        in_pane = self._easel.mapping.model.panes.price.contains(at)
        return in_pane and (self._easel.mode is MEASURE or self._follows)

    def show(self, at: QPointF | None) -> None:
        """Between two clicks the end follows the pointer."""
        if at is not None and self._follows:
            self.follow(at, QGuiApplication.keyboardModifiers())

    def begin(self, press: Press) -> Gesture | None:
        """Begin, end, or take away."""
        if self._follows and self.over(press.at):
            self.follow(press.at, press.modifiers)
            return PlaceEnd(self, press.at, first=False)
        self._follows = False
        self._item.show_ends(None)
        return self.start(press) if self.over(press.at) else None

    def start(self, press: Press) -> Gesture | None:
        """Begin to measure at a press."""
        anchor = pointed(self._easel, press.at, press.modifiers & _CTRL)
        if anchor is None:
            return None
        self._easel.select(None)
        self._item.show_ends((anchor, anchor))
        return PlaceEnd(self, press.at, first=True)

    def drop(self) -> bool:
        """Esc takes it away, then the tool."""
        shown = self._item.ends is not None
        self._follows = False
        self._item.show_ends(None)
        return shown

    # --- for the gesture ----------------------------------------------------------------------

    def follow(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Measure up to a point."""
        ends = self._item.ends
        end = pointed(self._easel, at, modifiers & _CTRL)
        if ends is not None and end is not None:
            self._item.show_ends((ends[0], end))

    def wait(self) -> None:
        """This was the first of two clicks."""
        self._follows = self._easel.mode is MEASURE
        if not self._follows:
            self._item.show_ends(None)

    def finish(self, at: QPointF) -> None:
        """The measure stays until the next press."""
        self._follows = False
        if self._easel.mode is MEASURE:
            self._easel.done_with_mode()

    def abort(self) -> None:
        """Nothing was measured."""
        self.drop()


class ShiftMeasureTool(Tool):
    """Shift and drag where nothing else takes the press."""

    def __init__(self, easel: Easel, tool: MeasureTool) -> None:
        self._easel, self._tool = easel, tool

    def begin(self, press: Press) -> Gesture | None:
        """Begin to measure."""
        in_pane = self._easel.mapping.model.panes.price.contains(press.at)
        return self._tool.start(press) if in_pane and press.modifiers & _SHIFT else None
