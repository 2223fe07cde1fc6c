"""Ground of the chart: grid lines, separators and the labels of the time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import RectBuffer, Texts, pen
from tradedesk.ui.theme.current import color
from tradedesk.ui.theme.fonts import MEDIUM, ui_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_TIME_PX = 12
_APART = 4.0
_REACH = 96.0
"""Wider than any label: what a chip hides is repainted whole."""


class GridItem(PaneItem):
    """Ground colour, grid, and the lines between the panes."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._grid, self._grid_lines = RectBuffer(), 0
        self._separators, self._separator_lines = RectBuffer(), 0
        self._stamp = -1
        self.grounds: list[Callable[[QPainter], None]] = []
        """Fill parts of the ground below the grid."""

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill what is exposed, then draw lines over all of it."""
        painter.fillRect(option.exposedRect, color("bg0"))
        for paint in self.grounds:
            paint(painter)
        if self._stamp != self.model.stamp:
            self._stamp = self.model.stamp
            self._collect()
        painter.setPen(Qt.PenStyle.NoPen)
        self._grid.fill(painter, self._grid_lines, color("grid"))
        self._separators.fill(painter, self._separator_lines, color("line"))

    def _collect(self) -> None:
        """Lines as rectangles one pixel wide: those cost least."""
        model, panes = self.model, self.model.panes
        plot, price = panes.plot, panes.price
        right, bottom = int(price.right()) - 1, int(plot.bottom()) - 1
        lines = [
            (0, mark.y, right, mark.y)
            for mark in model.price_marks()
            if 0 <= mark.y < price.bottom()
        ]
        lines += [(x, 0, x, bottom) for x in (model.x_line(m.bar) for m in model.time_marks())]
        self._grid_lines = _put(self._grid, lines)
        across, down = int(self.area.right()) - 1, int(self.area.bottom()) - 1
        separators = [(right + 1, 0, right + 1, down), (0, bottom + 1, across, bottom + 1)]
        for pane in panes.lower:
            top = int(pane.plot.top())
            separators.append((0, top, right, top))
        self._separator_lines = _put(self._separators, separators)


class TimeAxis(PaneItem):
    """Labels below the plot."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._held: QRectF | None = None
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._plain = Texts(ui_font(_TIME_PX))
        self._strong = Texts(ui_font(_TIME_PX, MEDIUM))
        self._pens = (pen("tx3"), pen("tx2"))

    def show_held(self, box: QRectF | None) -> None:
        """Leave out labels that would touch the pointer's own chip."""
        if box != self._held:
            for each in filter(None, (box, self._held)):
                self.update(each.adjusted(-_REACH, 0, _REACH, 0))
            self._held = box

    def area_in(self, panes: Panes) -> QRectF:
        """Below the plot."""
        return panes.time_axis

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Centre each label under its bar; days stand out."""
        right = self.model.panes.price.right()
        dirty = self.model.exposure.within(self.area)
        if dirty.isEmpty():
            return
        painted: Texts | None = None
        for mark in self.model.time_marks():
            texts = self._strong if mark.strong else self._plain
            half = texts.width(mark.text) / 2
            x = self.model.x_line(mark.bar) + 0.5
            if x - half < 2 or x + half > right - 2:
                continue
            if self._held is not None and self._hides(x - half, x + half, self._held):
                continue
            if x + half < dirty.left() or x - half > dirty.right():
                continue
            if texts is not painted:
                painted = texts
                painter.setFont(texts.font)
                painter.setPen(self._pens[mark.strong])
            top = self.area.top() + (self.area.height() - texts.height()) / 2
            texts.draw(painter, x - half, top, mark.text)

    @staticmethod
    def _hides(left: float, right: float, box: QRectF) -> bool:
        return left < box.right() + _APART and right > box.left() - _APART


def _put(buffer: RectBuffer, lines: list[tuple[int, int, int, int]]) -> int:
    if lines:
        buffer.rows(len(lines))[:] = lines
    return len(lines)
