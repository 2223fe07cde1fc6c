"""What all items of the chart have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

if TYPE_CHECKING:
    from tradedesk.ui.chart.model import ChartModel


class PaneItem(QGraphicsItem):
    """An item that covers one rectangle of the chart and reads the model when it paints.

    Scene coordinates are logical pixels of the view, so positions need no mapping.
    """

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__()
        self.model = model
        self.area = QRectF()
        self.setZValue(z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def place(self, area: QRectF) -> None:
        """Cover another rectangle."""
        if area != self.area:
            self.prepareGeometryChange()
            self.area = QRectF(area)

    def boundingRect(self) -> QRectF:
        """The rectangle given to `place`."""
        return self.area
