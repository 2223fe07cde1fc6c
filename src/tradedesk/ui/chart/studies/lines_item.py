"""Paints the lines, columns and dots of all indicators, and what is under the bars of them."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt

from tradedesk.ui.chart.items.base import LowerLayer, PaneItem
from tradedesk.ui.chart.studies.easel import Easel
from tradedesk.ui.chart.studies.kept_picture import KeptPicture
from tradedesk.ui.chart.studies.line_painter import LinePainter, Lines, Sheet, guides_of, has_fills
from tradedesk.ui.chart.study_look import PRICE
from tradedesk.ui.chart.whole_pixels import pane_pixels, screen_pixels

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.columns import YMap
    from tradedesk.ui.chart.model import ChartModel, Extremes
    from tradedesk.ui.chart.panes import Panes
    from tradedesk.ui.chart.studies.study_book import StudyBook
    from tradedesk.ui.chart.studies.trace import Reach

    Way = tuple[Callable[[Sheet, Lines], None], Callable[[Sheet, Lines], Reach | None]]
    """Paints lines, and tells which rows that touches."""
    Pictures = dict[str, KeptPicture]
    Paint = Callable[["_Pane", Sheet, QRect], None]

_SHARE = 0.25
"""Lines over the bars widen the prices in view by this much of the bars' range at most."""
_STEPS = 64
"""In steps of this part of the bars' range."""
_BESIDE = 3.0
"""Pixels beside a bar that its lines may touch: soft edges, and the way to the next column."""
_FEW = 64
"""So few columns, as many as a tick changes, are painted faster than they are put away."""


class _Pane(NamedTuple):
    """A pane of which something is being repainted.

    Attributes
    ----------
    parts : list of QRect
        Device pixels.
    end : int
        The first pixel column in which none of its lines can be.
    """

    key: str
    lines: Lines
    sheet: Sheet
    parts: list[QRect]
    end: int


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
        self._exposed: list[_Pane] | None = None
        self._pictures: Pictures = {}
        self._pictures_below: Pictures = {}
        self._easel = Easel()
        self._both = (self._pictures, self._pictures_below)
        self.below = LowerLayer(self, below_z, self._paint_below)
        self.below.show()

    def area_in(self, panes: Panes) -> QRectF:
        """All panes."""
        return panes.plot

    # --- told by the stage --------------------------------------------------------------------

    def dress(self) -> None:
        """Pictures are in other colours."""
        for pictures in self._both:
            pictures.clear()

    def bars_exchanged(self) -> None:
        """Go on beside the bars there are now."""
        self._book.follow()

    def fit(self) -> bool:
        """Fit the panes below."""
        self._book.catch_up()
        return self._book.fit()

    def wanted_prices(self, bars: Extremes) -> list[float]:
        """As far as lines leave the range of the bars, but not much further.

        In steps: a line that slopes out of view would else scale all prices with every pan.
        """
        step = max(bars.high - bars.low, 1.0) / _STEPS
        most = (bars.high - bars.low) * _SHARE
        found = []
        for value in self._book.prices():
            if value > bars.high:
                found.append(bars.high + min(ceil((value - bars.high) / step) * step, most))
            elif value < bars.low:
                found.append(bars.low - min(ceil((bars.low - value) / step) * step, most))
        return found

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
        self._each_pane(painter, self._paint_part)
        self._forget()

    def _forget(self) -> None:
        self._exposed = None
        self._painter.forget()

    def _paint_below(self, painter: QPainter) -> None:
        self._forget()
        self._let_go()
        self._each_pane(painter, self._paint_part_below)

    def _each_pane(self, painter: QPainter, paint: Paint) -> None:
        if self._exposed is None:
            self._exposed = self._panes(painter)
        if not self._exposed:
            return
        ratio = self.model.ratio
        painter.save()
        painter.resetTransform()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        for pane in self._exposed:
            for part in pane.parts:
                # a part of a region is filled much faster where nothing else of it is around
                painter.setClipRect(part)
                span = (part.left(), part.right() + 1)
                paint(pane, pane.sheet._replace(painter=painter, span=span), part)
        painter.restore()

    def _panes(self, painter: QPainter) -> list[_Pane]:
        """What is being repainted; both layers of a frame show the same."""
        ratio, found = self.model.ratio, []
        for key, plot in self._plots() if self._book.studies else ():
            lines = self._book.lines_in(key)
            exposed = self.model.exposure.parts(plot) if lines else ()
            if not exposed:
                continue
            box = pane_pixels(plot, ratio)
            sheet = Sheet(painter, self.model.xmap, self._ymap(key, plot), (0, 0), box, ratio)
            parts = [screen_pixels(each, ratio) & box for each in exposed]
            found.append(_Pane(key, lines, sheet, parts, self._column_behind(lines)))
        return found

    def _paint_part_below(self, pane: _Pane, sheet: Sheet, part: QRect) -> None:
        guides = guides_of(pane.lines)
        if guides:
            self._painter.guides(sheet, guides)
        if not has_fills(pane.lines):
            return
        if sheet.xmap.scale < 1.0:
            way = (self._painter.paint_below, self._painter.reach_below)
            self._show(self._pictures_below, way, pane, sheet, part)
        elif part.left() < pane.end:
            self._painter.paint_below(sheet, pane.lines)

    def _paint_part(self, pane: _Pane, sheet: Sheet, part: QRect) -> None:
        way = (self._painter.paint, self._painter.reach)
        self._show(self._pictures, way, pane, sheet, part)

    def _show(self, pictures: Pictures, way: Way, pane: _Pane, sheet: Sheet, part: QRect) -> None:
        """Copy a part of a pane, painting what is not kept of it."""
        if part.left() >= pane.end:
            return
        (paint, reach), key, lines = way, pane.key, pane.lines
        if part.width() <= _FEW:
            paint(sheet, lines)
            return
        if key not in pictures:
            pictures[key] = KeptPicture(self._easel)
        xmap = sheet.xmap
        looks = tuple(study.look for study in self._book.in_pane(key))
        shows = (xmap.scale, xmap.base, sheet.ymap, sheet.box.getRect(), sheet.ratio, looks)

        def fill(on: QPainter, span: tuple[int, int], origin: int) -> None:
            there = replace(xmap, origin=origin)
            paint(sheet._replace(painter=on, xmap=there, span=span), lines)

        def reached(span: tuple[int, int], origin: int) -> Reach | None:
            there = replace(xmap, origin=origin)
            return reach(sheet._replace(xmap=there, span=span), lines)

        pictures[key].draw(sheet.painter, sheet.box, part, xmap.origin, shows, fill, reached)

    def _column_behind(self, lines: Lines) -> int:
        """The first pixel column in which none of these lines can be."""
        xmap, ratio = self.model.xmap, self.model.ratio
        newest = max(line.curve.stop for _, line in lines) - 1
        return xmap.column(newest) + ceil(max(xmap.scale / 2, ratio) + _BESIDE * ratio) + 1

    def _let_go(self) -> None:
        """Pictures do not show any more what changed since the last paint."""
        rows = len(self.model.series)
        first = self._book.stale_since()
        if first >= rows:
            return
        xmap, ratio = self.model.xmap, self.model.ratio
        beside = ceil(max(xmap.scale / 2, ratio) + _BESIDE * ratio) + 1
        for key in {*self._pictures, *self._pictures_below}:
            here = [pictures[key] for pictures in self._both if key in pictures]
            if not first:
                for picture in here:
                    picture.forget()
                continue
            for shift in {line.curve.shift for _, line in self._book.lines_in(key)}:
                start = xmap.column(first - 1 + shift) - xmap.origin - beside
                stop = xmap.column(rows - 1 + shift) - xmap.origin + beside
                for picture in here:
                    picture.forget((start, stop))

    def _plots(self) -> list[tuple[str, QRectF]]:
        panes = self.model.panes
        return [(PRICE, panes.price), *((pane.key, pane.plot) for pane in panes.lower)]

    def _ymap(self, key: str, plot: QRectF) -> YMap:
        if key == PRICE:
            return self.model.ymap
        return self._book.scale(key).ymap(plot.top(), plot.height(), self.model.ratio)
