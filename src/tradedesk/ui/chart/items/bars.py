"""The bars of the price pane, drawn in the style that was chosen."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.series.candles import Candles

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes
    from tradedesk.ui.chart.series.painter import SeriesPainter

_THICK: Final = 3.0
"""Pixels that a bar with one price only may reach beyond it."""


class BarsItem(PaneItem):
    """Has the exposed bars of the price pane painted, and only those."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._painter: SeriesPainter = Candles(model)
        self._painted: tuple[int, float, float] | None = None

    @property
    def painter(self) -> SeriesPainter:
        """Draws the bars."""
        return self._painter

    def draw_with(self, painter: SeriesPainter) -> None:
        """Draw in another style; the stage is to be told that the view changed."""
        self._painter = painter
        painter.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._painter.dress()

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def fit(self) -> bool:
        """Tell the model what the style has to say; the scale itself is the viewport's."""
        self.model.reach = self._painter.reach()
        self.model.extent = self._painter.extent()
        return False

    def say_style(self) -> None:
        """Have the legend say how bars are drawn; call once their scale is fitted."""
        self.model.style_mark = self._painter.mark()

    def holds_newest(self) -> bool:
        """Whether the newest close lies within what was fitted."""
        extent = self.model.extent
        return extent is None or extent[0] <= int(self.model.series.close[-1]) <= extent[1]

    def view_changed(self) -> None:
        """All is painted: what the newest bar will be painted over is not known here."""
        self._painted = None

    def newest_changed(self) -> None:
        """Repaint what the newest bar can change: of its strip no more rows than it has."""
        strip = self._painter.newest_strip(self.area)
        before, self._painted = self._painted, self._rows_of_newest()
        if before is not None and self._painted is not None and before[0] == self._painted[0]:
            top, bottom = min(before[1], self._painted[1]), max(before[2], self._painted[2])
            strip &= QRectF(strip.left(), top, strip.width(), bottom - top)
        self.update(strip)

    def _rows_of_newest(self) -> tuple[int, float, float] | None:
        """The newest bar, and between which rows it is drawn; None where that is not sure."""
        model = self.model
        if not self._painter.stays_within_bars or model.xmap.scale < 1.0:
            return None
        row = len(model.series) - 1
        ends = [model.y_line(int(model.series.high[row])), model.y_line(int(model.series.low[row]))]
        return row, min(ends) - _THICK, max(ends) + _THICK

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Let the style draw each span that is exposed."""
        ratio, pane = self.model.ratio, self.area
        if not len(self.model.series):
            return
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setClipRect(QRectF(0, 0, pane.width() * ratio, pane.height() * ratio))
        for left, right in self.model.exposure.spans(self.area):
            self._painter.paint(painter, (int(left * ratio), ceil(right * ratio)))
        painter.restore()
