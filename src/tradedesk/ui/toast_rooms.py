"""Where toasts may stand: beside orders and exits, and beside the phases of a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollArea, QWidget

    from tradedesk.ui.desk_widgets import DeskWidgets

_AXIS = 36
"""Height at the bottom of the chart that its times have for themselves."""
_LEGEND = 40
_CHANGES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move)


class ToastRooms(QObject):
    """Free rectangles of the window, in its coordinates.

    Parameters
    ----------
    window : QWidget
        What toasts lie upon.
    widgets : DeskWidgets
        What they must not hide.
    column : QScrollArea
        The right column, in which ticket, position and phases stand.

    Signals
    -------
    changed()
        Something that must not be hidden came, went or moved.
    """

    changed = Signal()

    def __init__(self, window: QWidget, widgets: DeskWidgets, column: QScrollArea) -> None:
        super().__init__(window)
        self._window = window
        self._widgets = widgets
        self._column = column
        for watched in (widgets.phases, widgets.unknown):
            watched.installEventFilter(self)
        column.verticalScrollBar().valueChanged.connect(self.changed)

    def below_card(self) -> QRect:
        """The right column below the position card: no order button and no exit is there."""
        return self._below(self._widgets.position)

    def all(self) -> list[QRect]:
        """Rooms from the one that is liked best; the last is large enough for anything.

        The phases of a way out stand below the position card. What they leave may be too low for a
        toast, and then the old bars of the chart are what is missed least.
        """
        if self._widgets.phases.isHidden():
            return [self.below_card()]
        return [self._below(self._widgets.phases), self._on_chart()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self.changed.emit()
        return False

    def _below(self, card: QWidget) -> QRect:
        room = QRect(self._corner(self._column), self._column.size())
        room.setTop(max(room.top(), self._corner(card).y() + card.height()))
        return room

    def _on_chart(self) -> QRect:
        """At the left above the axis of times, or above the questions that stand there."""
        charts, unknown = self._widgets.charts, self._widgets.unknown
        low = charts.height() - _AXIS if unknown.isHidden() else unknown.y()
        corner = self._corner(charts)
        width = min(self._column.width(), charts.width())
        return QRect(corner.x(), corner.y() + _LEGEND, width, low - _LEGEND)

    def _corner(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self._window, QPoint(0, 0))
