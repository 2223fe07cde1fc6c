"""Candles and volume: integer rectangles in device pixels, handed to Qt by pointer."""

from __future__ import annotations

from collections.abc import Callable
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

Exposed = Callable[[QRectF], list[tuple[float, float]]]
"""Gives the spans of x of a rectangle that are being repainted."""

_VOLUME_FILL = 0.78
_VOLUME_INK = 0.42


class BarsItem(PaneItem):
    """Paints the exposed bars of its pane, and only those."""

    def __init__(self, model: ChartModel, z: float, exposed: Exposed) -> None:
        super().__init__(model, z)
        self._exposed = exposed
        self._buffer = RectBuffer()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill rectangles of rising bars, then of falling ones."""
        ratio = self.model.ratio
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        for left, right in self._exposed(self.area):
            span = (int(left * ratio), ceil(right * ratio))
            found = self.model.shapes(span)
            if found is not None:
                self._paint_shapes(painter, found)
        painter.restore()

    def bar_rect(self, row: int) -> QRectF:
        """Strip of the pane that a bar can touch."""
        view = self.model.viewport
        half = max(view.spacing / 2, 1.0) + 1
        x = view.x_of(row)
        return QRectF(x - half, self.area.top(), 2 * half, self.area.height()) & self.area

    def _paint_shapes(self, painter: QPainter, found: Shapes) -> None:
        raise NotImplementedError

    def _fill(self, painter: QPainter, boxes: tuple[NDArray[np.int32], ...], brush: QColor) -> None:
        """Fill boxes given as (left, top, right, bottom) columns, edges included."""
        count = len(boxes[0])
        rows = self._buffer.rows(count)
        for at, column in enumerate(boxes):
            rows[:, at] = column
        self._buffer.fill(painter, count, brush)


class CandleItem(BarsItem):
    """Wicks and bodies; below one pixel a bar one line from lowest to highest a column."""

    def _paint_shapes(self, painter: QPainter, found: Shapes) -> None:
        rows = self.model.viewport.ymap(self.model.ratio).rows
        wick, body = found.widths.wick, found.widths.body
        x = found.x - wick // 2
        top, bottom = rows(found.high), rows(found.low)
        if found.widths.has_body:
            opened, closed = rows(found.open), rows(found.close)
            left = x - (body - wick + 1) // 2
            x = np.concatenate((x, left))
            right = np.concatenate((x[: len(left)] + (wick - 1), left + (body - 1)))
            top = np.concatenate((top, np.minimum(opened, closed)))
            bottom = np.concatenate((bottom, np.maximum(opened, closed)))
            rising = np.tile(found.rising, 2)
        else:
            right, rising = x + (wick - 1), found.rising
        boxes = (x, top, right, bottom)
        for which, token in ((rising, "buy_fill"), (~rising, "sell_fill")):
            self._fill(painter, tuple(column[which] for column in boxes), color(token))


class VolumeItem(BarsItem):
    """Volume in its own strip and its own scale, in the bar's colour, subdued."""

    def __init__(self, model: ChartModel, z: float, exposed: Exposed) -> None:
        super().__init__(model, z, exposed)
        self._largest = 1
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the palette in use."""
        self._inks = (mixed("bg0", "buy_fill", _VOLUME_INK), mixed("bg0", "sell_fill", _VOLUME_INK))

    def rescale(self, largest: int) -> bool:
        """Let `largest` reach the top; tells whether that changed anything."""
        largest = max(1, largest)
        changed = largest != self._largest
        self._largest = largest
        return changed

    def _paint_shapes(self, painter: QPainter, found: Shapes) -> None:
        ratio = self.model.ratio
        base = int(self.area.bottom() * ratio) - 1
        scale = self.area.height() * ratio * _VOLUME_FILL / self._largest
        wick, body = found.widths.wick, found.widths.body
        left = found.x - wick // 2 - (body - wick + 1) // 2
        heights = np.ceil(found.volume * scale).astype(np.int32)
        boxes = (left, base + 1 - heights, left + (body - 1), np.full_like(left, base))
        some = found.volume > 0
        rising = found.rising
        for which, ink in ((rising & some, self._inks[0]), (~rising & some, self._inks[1])):
            self._fill(painter, tuple(column[which] for column in boxes), ink)
