"""The crosshair of a linked chart: where its pointer is in time, and in price if it is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QRectF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import dashes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes


class LinkedCrosshair(PaneItem):
    """Dotted lines without chips, fainter than the chart's own."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._ts_ns: int | None = None
        self._ticks: int | None = None
        self.hide()
        self.dress()

    def dress(self) -> None:
        """Take the colours of the palette in use."""
        self._dots = dashes("line", 2, 2)

    def area_in(self, panes: Panes) -> QRectF:
        """All panes."""
        return panes.plot

    def show_at(self, ts_ns: int | None, ticks: int | None) -> None:
        """Mark a time and a price; None for what is not shared."""
        if (ts_ns, ticks) == (self._ts_ns, self._ticks):
            return
        for rect in self._touched():
            self.update(rect)
        self._ts_ns, self._ticks = ts_ns, ticks
        self.setVisible(ts_ns is not None)
        for rect in self._touched():
            self.update(rect)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Lines through the bar that was open then, and through the price."""
        painter.setPen(self._dots)
        x, y = self._x(), self._y()
        if x is not None:
            painter.drawLine(QLineF(x, 0, x, self.area.bottom() - 1))
        if y is not None:
            painter.drawLine(QLineF(0, y, self.area.right() - 1, y))

    def _x(self) -> int | None:
        """Column of the bar that was open at the time; None out of view."""
        series = self.model.series
        if self._ts_ns is None or not len(series) or self._ts_ns < series.ts_ns[0]:
            return None
        row = int(np.searchsorted(series.ts_ns, self._ts_ns, side="right")) - 1
        x = self.model.x_line(row)
        return x if 0 <= x < self.area.right() else None

    def _y(self) -> int | None:
        if self._ticks is None:
            return None
        y = self.model.y_line(self._ticks)
        pane = self.model.panes.price
        return y if pane.top() <= y < pane.bottom() else None

    def _touched(self) -> Iterable[QRectF]:
        x, y = self._x(), self._y()
        if x is not None:
            yield QRectF(x - 1, 0, 3, self.area.bottom())
        if y is not None:
            yield QRectF(0, y - 1, self.area.right(), 3)
