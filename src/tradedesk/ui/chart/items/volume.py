"""Volume in a pane of its own below the bars."""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.column_picture import WORTH_IT, draw_columns
from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.panes import VOLUME
from tradedesk.ui.chart.primitives import RectBuffer, hollow, mixed
from tradedesk.ui.theme.current import palette

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.columns import Shapes
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_FILL = 0.78
_INK = 0.42
_SHAPED_INK = 0.62
_STEPS = 8
"""Sizes of the scale from one volume to twice as much."""


def room_for(volume: int) -> int:
    """What the scale is made for: some more, so that a busy bar outgrows it only now and then."""
    return ceil(2 ** (ceil(log2(max(1, volume)) * _STEPS) / _STEPS))


class VolumeItem(PaneItem):
    """A column a bar in the bar's colour, subdued; the busiest one in view nearly fills it.

    Where shapes tell as much as colours, columns of rising bars are hollow, as their bodies are.
    """

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._buffer = RectBuffer()
        self._largest = 1
        self._painted: tuple[int, float] | None = None
        self.dress()

    def dress(self) -> None:
        """Take the colours of the palette in use."""
        self._hollow = palette().shapes
        share = _SHAPED_INK if self._hollow else _INK
        self._inks = (mixed("bg0", "buy_fill", share), mixed("bg0", "sell_fill", share))

    def area_in(self, panes: Panes) -> QRectF:
        """The pane for volume."""
        return panes.plot_of(VOLUME)

    def fit(self) -> bool:
        """Let the largest volume in view nearly reach the top."""
        found = self.model.extremes()
        largest = room_for(1 if found is None else found.volume)
        changed = largest != self._largest
        self._largest = largest
        return changed

    def holds_newest(self) -> bool:
        """Whether its volume does not reach beyond the scale; true while none is shown."""
        return self.area.isEmpty() or int(self.model.series.volume[-1]) <= self._largest

    def view_changed(self) -> None:
        """All is painted: how high the newest column will have been is not known here."""
        self._painted = None

    def newest_changed(self) -> None:
        """Repaint the strip of the newest bar, as high as its column is or was."""
        model, row = self.model, len(self.model.series) - 1
        strip = model.bar_strip(row, self.area)
        high = self.area.height() * _FILL * int(model.series.volume[row]) / self._largest + 2
        before, self._painted = self._painted, (row, high)
        if before is not None and before[0] == row and model.xmap.scale >= 1.0:
            strip.setTop(max(strip.top(), strip.bottom() - max(before[1], high)))
        self.update(strip)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill the columns of rising bars, then of falling ones."""
        if self.area.isEmpty():
            return
        ratio = self.model.ratio
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setClipRect(
            QRectF(
                0, self.area.top() * ratio, self.area.width() * ratio, self.area.height() * ratio
            )
        )
        for left, right in self.model.exposure.spans(self.area):
            found = self.model.shapes((int(left * ratio), ceil(right * ratio)))
            if found is not None:
                self._paint_columns(painter, found)
        painter.restore()

    def _paint_columns(self, painter: QPainter, found: Shapes) -> None:
        ratio, strip = self.model.ratio, self.area
        base = int(strip.bottom() * ratio) - 1
        scale = strip.height() * ratio * _FILL / self._largest
        wick, body = found.widths.wick, found.widths.body
        tops = base + 1 - np.ceil(found.volume * scale).astype(np.int32)
        if body == 1 and len(tops) >= WORTH_IT:
            draw_columns(painter, found.x, tops, base, found.rising, self._inks)
            return
        boxes = np.empty((len(found.x), 4), np.int32)
        boxes[:, 0] = found.x - wick // 2 - (body - wick + 1) // 2
        boxes[:, 1] = tops
        boxes[:, 2] = boxes[:, 0] + (body - 1)
        boxes[:, 3] = base
        some = found.volume > 0
        rising = found.rising
        up, down = boxes[rising & some], boxes[~rising & some]
        if self._hollow:
            up = hollow(up, max(1, int(ratio)))
        self._buffer.fill_all(painter, up, self._inks[0])
        self._buffer.fill_all(painter, down, self._inks[1])
