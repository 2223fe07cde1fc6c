"""Small triangles where our orders were filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tradedesk.domain.order import Side
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_HALF = 5.0
_TALL = 8.0


class FillItem(PaneItem):
    """▲ below the price of a buy, ▼ above that of a sell, its tip at the price."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._rows: list[int] = []

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def locate(self) -> None:
        """Find the bar of each fill anew."""
        moments = np.array([mark.ts_ns for mark in self.model.fills], np.int64)
        rows = np.searchsorted(self.model.series.ts_ns, moments, side="right") - 1
        self._rows = rows.tolist()
        self.setVisible(bool(self._rows))
        self.update()

    def bars_exchanged(self) -> None:
        """The fills stand at other rows."""
        if self.model.fills:
            self.locate()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw those in view; an edge in the ground colour keeps them apart from candles."""
        if not self._rows:
            return
        first, stop = self.model.viewport.visible_rows()
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(color("bg0"), 1.5))
        for mark, row in zip(self.model.fills, self._rows, strict=True):
            if not first <= row < stop:
                continue
            x = self.model.x_line(row) + 0.5
            y = self.model.y_line(mark.price_ticks) + 0.5
            down = _TALL if mark.side is Side.BUY else -_TALL
            painter.setBrush(color("buy_text" if mark.side is Side.BUY else "sell_text"))
            painter.drawPolygon(
                QPolygonF(
                    [QPointF(x, y), QPointF(x + _HALF, y + down), QPointF(x - _HALF, y + down)]
                )
            )
        painter.restore()
