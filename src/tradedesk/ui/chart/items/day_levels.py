"""Levels of trading days as thin lines, with small labels at their left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.items.plates import PAD, ROW, Plates
from tradedesk.ui.chart.primitives import RectBuffer, mixed
from tradedesk.ui.chart.sessions.level_finder import LevelFinder
from tradedesk.ui.chart.sessions.levels import (
    CLOSE,
    OPEN,
    OPENING,
    OVERNIGHT,
    PRIOR,
    Level,
)
from tradedesk.ui.chart.under_legends import spread_below

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes
    from tradedesk.ui.chart.sessions.chart_days import ChartDays

_MOST_DAYS: Final = 12
"""More days in view have their levels left out, but for the newest one."""
_INK: Final = 0.72
_OLD_INK: Final = 0.4
_DASHES: Final = {
    OPENING: (),
    OVERNIGHT: (6, 3),
    PRIOR: (2, 2),
    CLOSE: (9, 3, 2, 3),
    OPEN: (1, 3),
}


class ShownLevel(NamedTuple):
    """A level in pixels: from `left` to `right` in row `y`."""

    level: Level
    left: int
    right: int
    y: int


class DayLevels(PaneItem):
    """Lines from where a price is known to the end of its day; the newest go on to the right.

    The newest day in view has dashes by kind and labels, which make room for each other; those of
    days before are fainter and plain.

    Attributes
    ----------
    finder : LevelFinder
        Where the levels come from.
    legends : callable
        Boxes of the legends, which labels stand below of.
    """

    def __init__(self, model: ChartModel, days: ChartDays, looks: Looks, z: float) -> None:
        super().__init__(model, z)
        self._days, self._looks = days, looks
        self.finder = LevelFinder(model, days, looks)
        self._kept: dict[int, list[Level]] = {}
        self._seen: tuple[object, ...] = ()
        self._shown: list[ShownLevel] = []
        self._labels: list[tuple[QRectF, str]] = []
        self.legends: Callable[[], list[QRectF]] = list
        self._buffer = RectBuffer()
        self._older = np.empty((0, 4), np.int32)
        self.dress()

    def dress(self) -> None:
        """Take the fonts and colours of the palette in use."""
        self._plates = Plates()
        self._old_ink = mixed("bg0", "tx2", _OLD_INK)
        self._pens = {}
        for group, dash in _DASHES.items():
            made = QPen(mixed("bg0", "accent" if group == OPENING else "tx2", _INK), 1)
            made.setCosmetic(True)
            if dash:
                made.setCapStyle(Qt.PenCapStyle.FlatCap)
                made.setDashPattern([float(part) for part in dash])
            self._pens[group] = made

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    @property
    def shown(self) -> list[ShownLevel]:
        """Levels of the newest day in view."""
        return self._shown

    @property
    def older(self) -> NDArray[np.int32]:
        """Lines of the days before as boxes; int32, shape (n, 4)."""
        return self._older

    @property
    def labels(self) -> list[tuple[QRectF, str]]:
        """Where labels stand and what they say."""
        return self._labels

    def forget(self) -> None:
        """Another look: find everything anew."""
        self._kept.clear()

    def bars_exchanged(self) -> None:
        """Levels of days known before may be others now."""
        self._kept.clear()

    def view_changed(self) -> None:
        """Find the levels in view and place their labels."""
        self._find()
        self._labels = self._placed()
        self.setVisible(bool(self._shown) or len(self._older) > 0)

    def newest_changed(self) -> None:
        """Repaint if a level of the newest day moved."""
        if not self._looks.now.levels:
            return
        before, older = (self._shown, self._labels), self._older
        self.view_changed()
        if (self._shown, self._labels) != before or not np.array_equal(self._older, older):
            self.update()

    def catch_up(self) -> None:
        """Once a frame: the bars that levels are taken from may have changed by themselves."""
        if self._seen != (*self.finder.stamp, self.finder.version):
            self.newest_changed()

    def figures_changed(self) -> None:
        """Legends may reach further: labels make room for them."""
        labels = self._placed()
        if labels != self._labels:
            for box, _ in (*self._labels, *labels):
                self.update(box)
            self._labels = labels

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Lines, then labels on plates of the ground's colour."""
        touches = self.model.exposure.touches
        painter.setPen(Qt.PenStyle.NoPen)
        self._buffer.fill_all(painter, self._older, self._old_ink)
        for level, left, right, y in self._shown:
            if touches(QRectF(left, y - 1, right - left, 3)):
                painter.setPen(self._pens[level.group])
                painter.drawLine(QLineF(left, y, right, y))
        self._plates.paint(painter, self._labels, self.model.exposure)

    def _find(self) -> None:
        """Levels of the days in view: the newest one's, and boxes of all the others'."""
        self._shown, self._older = [], np.empty((0, 4), np.int32)
        self._look_at_source()
        seen = self._days.in_view() if self._looks.now.levels else None
        if seen is None:
            self.finder.from_ns = None
            return
        days, shown = seen
        newest = len(days) - 1
        oldest = shown[0] if len(shown) <= _MOST_DAYS else shown[-1]
        self.finder.from_ns = int(self.model.series.ts_ns[days.first[oldest]])
        for level in self._levels(shown[-1], closed=shown[-1] < newest):
            place = self._place(level, goes_on=shown[-1] == newest)
            if place is not None:
                self._shown.append(place)
        if 1 < len(shown) <= _MOST_DAYS:
            older = [level for at in shown[:-1] for level in self._levels(at, closed=True)]
            self._older = self._boxes(older)

    def _look_at_source(self) -> None:
        """Forget what was found in bars that are others by now."""
        stamp = self.finder.stamp
        if self._seen[:-1] != stamp:
            self._kept.clear()
        self._seen = (*stamp, self.finder.version)

    def _boxes(self, levels: list[Level]) -> NDArray[np.int32]:
        """Lines of many levels; int32, shape (n, 4)."""
        model, area = self.model, self.area
        if not levels:
            return np.empty((0, 4), np.int32)
        table = np.array([(x.row, x.price_ticks, x.end) for x in levels])
        edges = model.xmap.columns(table[:, ::2].astype(np.float64) - 0.5)  # type: ignore[arg-type]
        rows = model.ymap.rows(table[:, 1].astype(np.int32))
        boxes = np.empty((len(levels), 4), np.int32)
        boxes[:, 0::2] = np.floor(edges / model.ratio).clip(0, area.right() - 1)
        boxes[:, 1] = boxes[:, 3] = np.floor(rows / model.ratio)
        inside = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 1] >= 0) & (boxes[:, 1] < area.bottom())
        return boxes[inside]

    def _levels(self, at: int, *, closed: bool) -> list[Level]:
        days = self._days.now()
        if days is None:
            return []
        found = self._kept.get(at) if closed else None
        if found is None:
            found = self.finder.of_day(days, at)
            if closed:
                self._kept[at] = found
        return found

    def _place(self, level: Level, *, goes_on: bool) -> ShownLevel | None:
        model, area = self.model, self.area
        left = model.x_line(level.row - 0.5)
        right = int(area.right()) - 1 if goes_on else model.x_line(level.end - 0.5)
        y = model.y_line(level.price_ticks)
        if right <= area.left() or left >= area.right() or not 0 <= y < area.bottom():
            return None
        # Dashes go on from where they would be: whole periods are taken off at the left.
        period = sum(_DASHES[level.group]) or 1
        if left < 0:
            left %= -period
        return ShownLevel(level, left, min(right, int(area.right()) - 1), y)

    def _placed(self) -> list[tuple[QRectF, str]]:
        """Labels of the newest day in view; none where there is no room to keep them apart."""
        price = self.model.price_text
        placed = []
        for item in self._shown:
            text = f"{item.level.text} {price(item.level.price_ticks)}"
            left = max(item.left, int(self.area.left())) + PAD
            placed.append((QRectF(left, item.y - ROW / 2, self._plates.width(text), ROW), text))
        boxes = [box for box, _ in placed]
        fits = spread_below(boxes, self.legends(), self.area, self.area.bottom() - 4)
        return placed if fits else []
