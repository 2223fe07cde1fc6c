"""Measuring: Shift and drag, or the tool of the strip. The next press takes the measure away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication

from tradedesk.ui.chart.drawings.modes import MEASURE
from tradedesk.ui.chart.drawings.pointing import pointed
from tradedesk.ui.chart.gestures import START_PX, Gesture
from tradedesk.ui.chart.tools.tool import Press, Tool

if TYPE_CHECKING:
    from tradedesk.ui.chart.drawings.easel import Easel
    from tradedesk.ui.chart.drawings.measure_item import MeasureItem

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
            return Measuring(self, press.at, waits=False)
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
        return Measuring(self, press.at, waits=True)

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

    def finish(self) -> None:
        """The measure stays until the next press."""
        self._follows = False
        if self._easel.mode is MEASURE:
            self._easel.done_with_mode()


class ShiftMeasureTool(Tool):
    """Shift and drag where nothing else takes the press."""

    def __init__(self, easel: Easel, tool: MeasureTool) -> None:
        self._easel, self._tool = easel, tool

    def begin(self, press: Press) -> Gesture | None:
        """Begin to measure."""
        in_pane = self._easel.mapping.model.panes.price.contains(press.at)
        return self._tool.start(press) if in_pane and press.modifiers & _SHIFT else None


class Measuring(Gesture):
    """The button is down on an end of the measure; `waits` for a real move if it is the first."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, tool: MeasureTool, at: QPointF, *, waits: bool) -> None:
        self._tool, self._start, self._waits = tool, at, waits

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Measure up to the pointer."""
        if self._waits and (at - self._start).manhattanLength() < START_PX:
            return
        self._waits = False
        self._tool.follow(at, modifiers)

    def release(self, at: QPointF) -> None:
        """The end, or the first of two clicks."""
        if self._waits:
            self._tool.wait()
        else:
            self._tool.finish()

    def abort(self) -> None:
        """Nothing was measured."""
        self._tool.drop()
