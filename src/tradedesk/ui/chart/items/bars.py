"""Candles: integer rectangles in device pixels, handed to Qt by pointer."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import RectBuffer
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.columns import Shapes
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes


class BarsItem(PaneItem):
    """Paints the exposed bars of the price pane, and only those."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._buffer = RectBuffer()

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def newest_changed(self) -> None:
        """Repaint the strip of the newest bar."""
        self.update(self.model.bar_strip(len(self.model.series) - 1, self.area))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill rectangles of rising bars, then of falling ones."""
        ratio, pane = self.model.ratio, self.area
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, right in self.model.exposure.spans(self.area):
            found = self.model.shapes((int(left * ratio), ceil(right * ratio)))
            if found is not None:
                painter.setClipRect(QRectF(0, 0, pane.width() * ratio, pane.height() * ratio))
                self._paint_candles(painter, found)
        painter.restore()

    def _paint_candles(self, painter: QPainter, found: Shapes) -> None:
        """Wicks and bodies; below one pixel a bar one line from lowest to highest a column."""
        rows = self.model.ymap.rows
        wick, body = found.widths.wick, found.widths.body
        count, rising = len(found.x), found.rising
        boxes = np.empty((2 * count if found.widths.has_body else count, 4), np.int32)
        wicks = boxes[:count]
        wicks[:, 0] = found.x - wick // 2
        wicks[:, 1] = rows(found.high)
        wicks[:, 2] = wicks[:, 0] + (wick - 1)
        wicks[:, 3] = rows(found.low)
        if found.widths.has_body:
            opened, closed = rows(found.open), rows(found.close)
            bodies = boxes[count:]
            bodies[:, 0] = wicks[:, 0] - (body - wick + 1) // 2
            bodies[:, 1] = np.minimum(opened, closed)
            bodies[:, 2] = bodies[:, 0] + (body - 1)
            bodies[:, 3] = np.maximum(opened, closed)
            rising = np.concatenate((rising, rising))
        self._buffer.fill_some(painter, boxes, rising, color("buy_fill"))
        self._buffer.fill_some(painter, boxes, ~rising, color("sell_fill"))
