"""Paints the lines, columns and dots of all indicators, and what is under the bars of them."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt

from tradedesk.ui.chart.columns import widths
from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.studies.line_painter import LinePainter, Lines, Sheet
from tradedesk.ui.chart.study_look import PRICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.columns import YMap
    from tradedesk.ui.chart.model import ChartModel, Extremes
    from tradedesk.ui.chart.panes import Panes
    from tradedesk.ui.chart.studies.study_book import StudyBook

_SHARE = 0.25
"""Lines over the bars widen the prices in view by this much of the bars' range at most."""
_BESIDE = 3.0
"""Pixels beside a bar that its lines may touch: soft edges, and the way to the next column."""


class StudyLines(PaneItem):
    """All panes at once, each within its own rectangle.

    Attributes
    ----------
    below : LowerLayer
        Tinted bands and guides; to be put into the scene as well, under the bars.
    """

    def __init__(self, model: ChartModel, book: StudyBook, z: float, below_z: float) -> None:
        super().__init__(model, z)
        self._book = book
        self._painter = LinePainter()
        self._exposed: dict[str, list[tuple[float, float]]] = {}
        self.below = LowerLayer(self, below_z, self._paint_below)
        self.below.show()

    def area_in(self, panes: Panes) -> QRectF:
        """All panes."""
        return panes.plot

    # --- told by the stage --------------------------------------------------------------------

    def bars_exchanged(self) -> None:
        """Go on beside the bars there are now."""
        self._book.follow()

    def fit(self) -> bool:
        """Fit the panes below."""
        self._book.catch_up()
        return self._book.fit()

    def wanted_prices(self, bars: Extremes) -> list[float]:
        """As far as lines leave the range of the bars, but not much further."""
        room = (bars.high - bars.low) * _SHARE
        return [min(max(v, bars.low - room), bars.high + room) for v in self._book.prices()]

    def holds_newest(self) -> bool:
        """Whether the newest values are within their panes."""
        self._book.catch_up()
        return self._book.newest_inside()

    def view_changed(self) -> None:
        """All is painted anew."""
        self._book.changed_since()

    def newest_changed(self) -> None:
        """Repaint from the bar before the first one that changed, wherever its lines stand."""
        model = self.model
        self._book.catch_up()
        first = self._book.changed_since()
        rows = len(model.series)
        if first >= rows:
            return
        shifts = {0}
        for study in self._book.studies:
            shifts |= {line.curve.shift for line in study.lines()}
        half = max(model.viewport.spacing / 2, 1.0) + _BESIDE
        for shift in shifts:
            left = model.x_line(first - 1 + shift) - half
            right = model.x_line(rows - 1 + shift) + half
            self.update(QRectF(left, self.area.top(), right - left, self.area.height()) & self.area)

    # --- painting -----------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Columns, then lines, then dots, pane by pane."""
        self._each_pane(painter, self._painter.paint)
        self._forget()

    def _paint_below(self, painter: QPainter) -> None:
        self._forget()
        self._each_pane(painter, self._painter.paint_below)

    def _forget(self) -> None:
        self._exposed.clear()
        self._painter.forget()

    def _each_pane(self, painter: QPainter, paint: Callable[[Sheet, Lines], None]) -> None:
        if not self._book.studies:
            return
        model, ratio = self.model, self.model.ratio
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        wick = widths(model.xmap.scale, ratio).wick
        for key, plot in self._plots():
            lines = self._book.lines_in(key)
            if not lines:
                continue
            box = _pixels(plot, ratio)
            painter.setClipRect(box)
            for left, right in self._spans(key, plot):
                span = (floor(left * ratio), ceil(right * ratio))
                ymap = self._ymap(key, plot)
                sheet = Sheet(painter, model.xmap, ymap, span, box, ratio, wick)
                paint(sheet, lines)
        painter.restore()

    def _spans(self, key: str, plot: QRectF) -> list[tuple[float, float]]:
        """What is being repainted of a pane; asked once a frame for both layers."""
        found = self._exposed.get(key)
        if found is None:
            found = self._exposed[key] = self.model.exposure.spans(plot)
        return found

    def _plots(self) -> list[tuple[str, QRectF]]:
        panes = self.model.panes
        return [(PRICE, panes.price), *((pane.key, pane.plot) for pane in panes.lower)]

    def _ymap(self, key: str, plot: QRectF) -> YMap:
        if key == PRICE:
            return self.model.ymap
        return self._book.scale(key).ymap(plot.top(), plot.height(), self.model.ratio)


def _pixels(plot: QRectF, ratio: float) -> QRect:
    """Device pixels of a plot without the line above it."""
    top = ceil(plot.top() * ratio) + (round(ratio) if plot.top() else 0)
    return QRect(0, top, ceil(plot.width() * ratio), max(0, floor(plot.bottom() * ratio) - top))
