"""A frame around the chart while the keyboard brought the focus to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel

_WIDTH = 2.0


class FocusFrame(PaneItem):
    """Two pixels in the accent colour at the edges."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.hide()

    def show_on(self, on: bool) -> None:
        """Show it or not."""
        if on != self.isVisible():
            self.setVisible(on)
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Four bars."""
        area, ink = self.area, color("accent")
        for bar in (
            QRectF(area.left(), area.top(), area.width(), _WIDTH),
            QRectF(area.left(), area.bottom() - _WIDTH, area.width(), _WIDTH),
            QRectF(area.left(), area.top(), _WIDTH, area.height()),
            QRectF(area.right() - _WIDTH, area.top(), _WIDTH, area.height()),
        ):
            painter.fillRect(bar, ink)
