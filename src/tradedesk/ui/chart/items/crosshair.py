"""Dotted lines through the pointer with a chip on each axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF

from tradedesk.ui.chart.chips import CHIP
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.items.price_axis import paint_box
from tradedesk.ui.chart.primitives import Texts, dashes, pen
from tradedesk.ui.chart.time_scale import moment_text
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel

_CHIP_PX = 12
_TIME_PAD = 8


class Crosshair(PaneItem):
    """Follows the pointer over the plot; the vertical line stands on a bar.

    Attributes
    ----------
    below : LowerLayer
        The lines; to be put into the scene as well, under the tags.
    """

    def __init__(self, model: ChartModel, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self.below = LowerLayer(self, below_z, self._paint_lines)
        self._at: QPointF | None = None
        self.hide()
        self._level = True
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._texts = Texts(ui_font(_CHIP_PX, MEDIUM))
        self._dots, self._ink = dashes("tx3", 1, 3), pen("tx")

    @property
    def price_chip(self) -> QRectF | None:
        """Where its chip on the price axis stands; None while it has none."""
        return self._price_box(self._at) if self._at is not None and self._shows_price() else None

    @property
    def time_chip(self) -> QRectF | None:
        """Where its chip on the time axis stands; None while it has none."""
        text = "" if self._at is None else self._time_text(self._at)
        return self._time_box(self._at, text) if self._at is not None and text else None

    @property
    def at(self) -> QPointF | None:
        """Where it is, None when hidden."""
        return self._at

    def show_at(self, at: QPointF | None, level: bool = True) -> None:
        """Move it; without `level` only the vertical line and the time are shown."""
        if (at, level) == (self._at, self._level):
            return
        for rect in self._touched():
            self.update(rect)
        self._at, self._level = at, level
        self.setVisible(at is not None)
        self.below.setVisible(at is not None)
        for rect in self._touched():
            self.update(rect)

    def hide_for_picture(self) -> tuple[QPointF | None, bool]:
        """Hide it; returns what `show_at` takes to bring it back."""
        kept = self._at
        self.show_at(None, level=self._level)
        return kept, self._level

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """A chip on each axis."""
        if self._at is None:
            return
        if self._shows_price():
            self._paint_chip(painter, self._price_box(self._at), self._price_text(self._at))
        text = self._time_text(self._at)
        if text:
            self._paint_chip(painter, self._time_box(self._at, text), text)

    def _paint_lines(self, painter: QPainter) -> None:
        if self._at is None:
            return
        panes = self.model.panes
        painter.setPen(self._dots)
        x = self._x(self._at)
        painter.drawLine(QLineF(x, 0, x, panes.plot.bottom() - 1))
        if self._shows_price():
            y = round(self._at.y())
            painter.drawLine(QLineF(0, y, panes.price.right() - 1, y))

    def _paint_chip(self, painter: QPainter, box: QRectF, text: str) -> None:
        paint_box(painter, box, "bg3", "line")
        painter.setFont(self._texts.font)
        painter.setPen(self._ink)
        self._texts.draw_centred(painter, box, text)

    def _shows_price(self) -> bool:
        return self._level and self._at is not None and self.model.panes.price.contains(self._at)

    def _x(self, at: QPointF) -> float:
        view = self.model.viewport
        row = view.row_at(at.x())
        return round(at.x()) if row is None else self.model.x_line(row)

    def _price_text(self, at: QPointF) -> str:
        return self.model.price_text(self.model.snapped_ticks(at.y()))

    def _price_box(self, at: QPointF) -> QRectF:
        axis = self.model.panes.price_axis
        return QRectF(axis.left() + 2, round(at.y()) - CHIP / 2, axis.width() - 4, CHIP)

    def _time_text(self, at: QPointF) -> str:
        model = self.model
        row = model.row_at(at.x())
        if row is None:
            return ""
        return moment_text(model.zone, int(model.series.ts_ns[row]), model.period_ns)

    def _time_box(self, at: QPointF, text: str) -> QRectF:
        axis, plot = self.model.panes.time_axis, self.model.panes.plot
        width = round(self._texts.width(text)) + 2 * _TIME_PAD
        left = min(max(self._x(at) - width / 2, 0.0), plot.right() - width)
        return QRectF(round(left), axis.top() + 3, width, axis.height() - 6)

    def _touched(self) -> Iterable[QRectF]:
        if self._at is None:
            return
        panes = self.model.panes
        yield QRectF(self._x(self._at) - 1, 0, 3, panes.plot.bottom())
        if self._shows_price():
            yield QRectF(0, round(self._at.y()) - 1, panes.price.right(), 3)
            yield self._price_box(self._at).adjusted(-1, -1, 1, 1)
        text = self._time_text(self._at)
        if text:
            yield self._time_box(self._at, text).adjusted(-1, -1, 1, 1)
