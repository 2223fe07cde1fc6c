"""Small diamonds where alerts have fired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.theme.current import color

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.marks import AlertMark
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_HALF = 5.0


class AlertMarks(PaneItem):
    """One diamond an alert, its middle at the price."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._marks: tuple[AlertMark, ...] = ()
        self._rows: list[int] = []
        self.hide()

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def show_marks(self, marks: Sequence[AlertMark]) -> None:
        """Show other ones."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self._locate()

    def bars_exchanged(self) -> None:
        """They stand at other rows."""
        if self._marks:
            self._locate()

    def rows_at(self, at: QPointF) -> tuple[str, ...]:
        """What there is to tell about a point."""
        zone, text = self.model.zone, self.model.price_text
        return tuple(
            f"ALERT {text(mark.price_ticks)} · {zone.datetime(mark.ts_ns):%H:%M:%S}"
            for mark, box in self._boxes()
            if box.contains(at)
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Those in view."""
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(color("bg0"), 1.5))
        painter.setBrush(color("tx"))
        for _, box in self._boxes():
            middle = box.center()
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(middle.x(), box.top()),
                        QPointF(box.right(), middle.y()),
                        QPointF(middle.x(), box.bottom()),
                        QPointF(box.left(), middle.y()),
                    ]
                )
            )
        painter.restore()

    def _locate(self) -> None:
        moments = np.array([mark.ts_ns for mark in self._marks], np.int64)
        rows = np.searchsorted(self.model.series.ts_ns, moments, side="right") - 1
        self._rows = rows.tolist()
        self.setVisible(bool(self._marks))
        self.update()

    def _boxes(self) -> list[tuple[AlertMark, QRectF]]:
        first, stop = self.model.viewport.visible_rows()
        found = []
        for mark, row in zip(self._marks, self._rows, strict=True):
            if row >= 0 and first <= row < stop:
                x = self.model.x_line(row) + 0.5
                y = self.model.y_line(mark.price_ticks) + 0.5
                found.append((mark, QRectF(x - _HALF, y - _HALF, 2 * _HALF, 2 * _HALF)))
        return found
