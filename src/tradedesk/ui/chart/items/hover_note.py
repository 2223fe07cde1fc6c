"""A few rows of words beside the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.fonts import ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_TEXT_PX = 12
_ROW = 18.0
_PAD = (8.0, 4.0)
_AWAY = 14.0


class HoverNote(PaneItem):
    """Stands right of and above the pointer, or where there is room."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._rows: tuple[str, ...] = ()
        self._at = QPointF()
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the fonts of the palette in use."""
        self._texts = Texts(ui_font(_TEXT_PX))

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def rows(self) -> tuple[str, ...]:
        """What is shown."""
        return self._rows

    def say(self, rows: tuple[str, ...], at: QPointF | None = None) -> None:
        """Show other rows at a point; empty for none."""
        at = self._at if at is None else at
        if (rows, at) == (self._rows, self._at):
            return
        if self._rows:
            self.update(self._box().adjusted(-1, -1, 1, 1))
        self._rows, self._at = rows, QPointF(at)
        self.setVisible(bool(rows))
        if rows:
            self.update(self._box().adjusted(-1, -1, 1, 1))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The rows on a plate."""
        if not self._rows:
            return
        box = self._box()
        paint_box(painter, box, "bg2", "tx3")
        painter.setFont(self._texts.font)
        painter.setPen(pen("tx"))
        for at, row in enumerate(self._rows):
            top = box.top() + _PAD[1] + at * _ROW + (_ROW - self._texts.height()) / 2
            self._texts.draw(painter, box.left() + _PAD[0], top, row)

    def _box(self) -> QRectF:
        pane = self.area
        width = round(max(self._texts.width(row) for row in self._rows)) + 2 * _PAD[0]
        height = len(self._rows) * _ROW + 2 * _PAD[1]
        left = self._at.x() + _AWAY
        if left + width > pane.right() - 4:
            left = max(pane.left() + 4, self._at.x() - _AWAY - width)
        top = self._at.y() - _AWAY - height
        if top < pane.top() + 4:
            top = self._at.y() + _AWAY
        return QRectF(round(left), round(top), width, height)
