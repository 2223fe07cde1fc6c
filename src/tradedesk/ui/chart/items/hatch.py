"""Hatching of the plot while a click there would place nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPainter

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes


class Hatch(PaneItem):
    """Slanted lines under the bars."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.hide()

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def show_on(self, on: bool) -> None:
        """Hatch the plot, or not."""
        if on != self.isVisible():
            self.setVisible(on)
            self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill what is exposed; the pattern is anchored, so that parts fit together."""
        dirty = self.model.exposure.within(self.area)
        if not dirty.isEmpty():
            painter.fillRect(dirty, QBrush(color("bg3"), Qt.BrushStyle.BDiagPattern))
