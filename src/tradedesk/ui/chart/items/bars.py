"""Candles and volume: integer rectangles in device pixels, handed to Qt by pointer."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import RectBuffer, mixed
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.columns import Shapes
    from tradedesk.ui.chart.model import ChartModel

_VOLUME_FILL = 0.78
_VOLUME_INK = 0.42


class BarsItem(PaneItem):
    """Paints the exposed bars of the price pane and of the volume strip, and only those."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._buffer = RectBuffer()
        self._largest = 1
        self._dress()

    def _dress(self) -> None:
        """Take the colours of the palette in use."""
        self._inks = (mixed("bg0", "buy_fill", _VOLUME_INK), mixed("bg0", "sell_fill", _VOLUME_INK))

    def rescale(self, largest: int) -> bool:
        """Let a volume of `largest` reach the top; tells whether that changed anything."""
        largest = max(1, largest)
        changed = largest != self._largest
        self._largest = largest
        return changed

    def bar_rect(self, row: int) -> QRectF:
        """Strip of the plot that a bar can touch."""
        half = max(self.model.viewport.spacing / 2, 1.0) + 1
        x = self.model.x_line(row)
        return QRectF(x - half, self.area.top(), 2 * half, self.area.height()) & self.area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill rectangles of rising bars, then of falling ones."""
        ratio, pane = self.model.ratio, self.model.panes.price
        has_strip = self.model.panes.volume.height() > 0
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, right in self.model.exposure.spans(self.area):
            found = self.model.shapes((int(left * ratio), ceil(right * ratio)))
            if found is None:
                continue
            if has_strip:
                painter.setClipping(False)
                self._paint_volume(painter, found)
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
        self._fill(painter, boxes, rising, color("buy_fill"))
        self._fill(painter, boxes, ~rising, color("sell_fill"))

    def _paint_volume(self, painter: QPainter, found: Shapes) -> None:
        """Volume in its own scale, in the bar's colour, subdued."""
        ratio, strip = self.model.ratio, self.model.panes.volume
        base = int(strip.bottom() * ratio) - 1
        scale = strip.height() * ratio * _VOLUME_FILL / self._largest
        wick, body = found.widths.wick, found.widths.body
        boxes = np.empty((len(found.x), 4), np.int32)
        boxes[:, 0] = found.x - wick // 2 - (body - wick + 1) // 2
        boxes[:, 1] = base + 1 - np.ceil(found.volume * scale).astype(np.int32)
        boxes[:, 2] = boxes[:, 0] + (body - 1)
        boxes[:, 3] = base
        some = found.volume > 0
        rising = found.rising
        self._fill(painter, boxes, rising & some, self._inks[0])
        self._fill(painter, boxes, ~rising & some, self._inks[1])

    def _fill(
        self,
        painter: QPainter,
        boxes: NDArray[np.int32],
        which: NDArray[np.bool_],
        brush: QColor,
    ) -> None:
        """Fill some of the boxes given as rows of left, top, right, bottom, edges included."""
        chosen = boxes[which]
        self._buffer.rows(len(chosen))[:] = chosen
        self._buffer.fill(painter, len(chosen), brush)
