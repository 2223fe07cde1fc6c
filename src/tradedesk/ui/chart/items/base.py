"""What all items of the chart have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel


class PaneItem(QGraphicsRectItem):
    """An item that covers one rectangle of the chart and reads the model when it paints.

    Scene coordinates are logical pixels of the view, so positions need no mapping. It is a
    rectangle to Qt, which then finds its bounds without calling Python; only `paint` is its own.
    """

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__()
        self.model = model
        self.area = QRectF()
        self.setPen(Qt.PenStyle.NoPen)
        self.setZValue(z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def place(self, area: QRectF) -> None:
        """Cover another rectangle."""
        if area != self.area:
            self.area = QRectF(area)
            self.setRect(self.area)

    def update(self, rect: QRectF | None = None) -> None:  # type: ignore[override]
        """Have this part of it repainted, or all."""
        self.model.exposure.ask(self.area if rect is None else rect)


class LowerLayer(PaneItem):
    """What an item paints below the tags, while its labels and chips lie above them."""

    def __init__(self, model: ChartModel, z: float, draw: Callable[[QPainter], None]) -> None:
        super().__init__(model, z)
        self._draw = draw
        self.hide()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Let the owner draw."""
        self._draw(painter)
