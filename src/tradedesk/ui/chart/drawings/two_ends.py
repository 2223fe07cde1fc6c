"""A press on one of two ends: click and click again, or press, drag and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt

from tradedesk.ui.chart.gestures import START_PX, Gesture

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF


class Ends(Protocol):
    """What the ends belong to."""

    def follow(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The last end is at a point."""

    def wait(self) -> None:
        """This was the first of two clicks: the last end follows the pointer."""

    def finish(self, at: QPointF) -> None:
        """Both ends are placed."""

    def abort(self) -> None:
        """Nothing of it stays."""


class PlaceEnd(Gesture):
    """The button is down on an end.

    Parameters
    ----------
    first : bool
        Another end is still to come: only a real move makes this the drag that places both.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, ends: Ends, at: QPointF, *, first: bool) -> None:
        self._ends, self._start, self._waits = ends, at, first

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The end follows the pointer."""
        if self._waits and (at - self._start).manhattanLength() < START_PX:
            return
        self._waits = False
        self._ends.follow(at, modifiers)

    def release(self, at: QPointF) -> None:
        """Done, unless this was the first of two clicks."""
        if self._waits:
            self._ends.wait()
        else:
            self._ends.finish(at)

    def abort(self) -> None:
        """Nothing of it stays."""
        self._ends.abort()
