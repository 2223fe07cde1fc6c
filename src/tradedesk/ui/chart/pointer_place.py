"""Where the pointer rests over a widget, even while the widget moves below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class PointerPlace:
    """The last known place of the pointer, in pixels of a widget.

    A band that comes above the widget moves it without an event of the mouse.
    """

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._at: QPointF | None = None
        self._corner = QPoint()

    @property
    def at(self) -> QPointF | None:
        """Where it is by now; None when it is elsewhere."""
        if self._at is None:
            return None
        return self._at + QPointF(self._corner - self._widget.mapToGlobal(QPoint()))

    def take(self, at: QPointF | None) -> None:
        """It was heard of here, or left."""
        self._at, self._corner = at, self._widget.mapToGlobal(QPoint())
