"""Ground of the chart: grid lines, separators and the labels of the time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import Texts, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel

_TIME_PX = 12


class GridItem(PaneItem):
    """Ground colour, grid, and the lines between the panes."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the palette in use."""
        self._grid, self._line = pen("grid"), pen("line")

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill what is exposed, then draw lines over all of it."""
        painter.fillRect(option.exposedRect, color("bg0"))
        panes, view = self.model.panes, self.model.viewport
        plot, across = panes.plot, panes.price.right()
        lines = [
            QLineF(0, y, across - 1, y)
            for ticks in self.model.price_marks()
            if 0 <= (y := self.model.y_line(ticks)) < panes.price.bottom()
        ]
        for mark in self.model.time_marks():
            x = round(view.x_of(mark.bar))
            lines.append(QLineF(x, 0, x, plot.bottom()))
        painter.setPen(self._grid)
        painter.drawLines(lines)
        painter.setPen(self._line)
        painter.drawLines(_separators(plot, panes.volume, self.area))


class TimeAxis(PaneItem):
    """Labels below the plot."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self.restyle()

    def restyle(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._plain = Texts(ui_font(_TIME_PX))
        self._strong = Texts(ui_font(_TIME_PX, MEDIUM))
        self._pens = (pen("tx3"), pen("tx2"))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Centre each label under its bar; days stand out."""
        view, right = self.model.viewport, self.model.panes.price.right()
        for mark in self.model.time_marks():
            texts = self._strong if mark.strong else self._plain
            half = texts.width(mark.text) / 2
            x = view.x_of(mark.bar)
            if x - half < 2 or x + half > right - 2:
                continue
            painter.setFont(texts.font)
            painter.setPen(self._pens[mark.strong])
            top = self.area.top() + (self.area.height() - texts.height()) / 2
            texts.draw(painter, x - half, top, mark.text)


def _separators(plot: QRectF, volume: QRectF, whole: QRectF) -> list[QLineF]:
    lines = [
        QLineF(plot.right(), 0, plot.right(), whole.bottom()),
        QLineF(0, plot.bottom(), whole.right(), plot.bottom()),
    ]
    if volume.height():
        lines.append(QLineF(0, volume.top(), plot.right(), volume.top()))
    return lines
