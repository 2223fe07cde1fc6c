"""Dotted lines from entries to the exits that closed them, in the colour of what they made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import dashes, pen

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.services.trips import Trip
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes

_MOST: Final = 300
"""Lines drawn at once; the newest ones."""
_REACH_PX: Final = 5.0


class PlacedTrip(NamedTuple):
    """A line in view, cut off a little outside of the pane."""

    trip: Trip
    line: QLineF


class FillLinks(PaneItem):
    """One line for each pair of fills."""

    def __init__(self, model: ChartModel, z: float) -> None:
        super().__init__(model, z)
        self._rows: NDArray[np.int64] = np.empty((0, 2), np.int64)
        self._placed: tuple[int, list[PlacedTrip]] | None = None
        self.hide()

    def area_in(self, panes: Panes) -> QRectF:
        """The price pane."""
        return panes.price

    def locate(self) -> None:
        """Find the bars of both ends anew."""
        moments = [(trip.entry_ns, trip.exit_ns) for trip in self.model.trips]
        wanted = np.array(moments, np.int64).reshape(-1, 2)
        self._rows = np.searchsorted(self.model.series.ts_ns, wanted, side="right") - 1
        self._placed = None
        self.setVisible(bool(moments))
        self.update()

    def bars_exchanged(self) -> None:
        """The fills stand at other rows."""
        if self.model.trips:
            self.locate()

    def placed(self) -> list[PlacedTrip]:
        """Lines in view, worked out once for a view."""
        model = self.model
        if self._placed is None or self._placed[0] != model.stamp:
            first, stop = model.viewport.visible_rows()
            rows = self._rows
            seen = (rows[:, 0] >= 0) & (rows[:, 0] < stop) & (rows[:, 1] >= first)
            shown = [
                PlacedTrip(model.trips[at], line)
                for at in np.flatnonzero(seen)[-_MOST:].tolist()
                if (line := self._line(at)) is not None
            ]
            self._placed = (model.stamp, shown)
        return self._placed[1]

    def nearest(self, point: QPointF) -> Trip | None:
        """The pair whose line is at a point; None if there is none."""
        near = [(_distance(one.line, point), at) for at, one in enumerate(self.placed())]
        distance, at = min(near, default=(_REACH_PX + 1, -1))
        return self.placed()[at].trip if distance <= _REACH_PX else None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Profits, then losses, each on a strip of ground: bars may have the same colours."""
        placed = self.placed()
        if not placed:
            return
        thick = max(1, round(self.model.ratio))
        painter.save()
        painter.setClipRect(self.area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(pen("bg0", width=3 * thick))
        painter.drawLines([one.line for one in placed])
        # The longer dashes of a loss tell it where colours do not.
        for ink, gains, on in (("profit", True, 2), ("loss", False, 4)):
            painter.setPen(dashes(ink, on * thick, 3 * thick, thick))
            for one in placed:
                if (one.trip.gained_ticks >= 0) is gains:
                    painter.drawLine(one.line)
        painter.restore()

    def _line(self, at: int) -> QLineF | None:
        model, trip = self.model, self.model.trips[at]
        entry, end = self._rows[at].tolist()
        line = QLineF(
            model.x_line(entry) + 0.5,
            model.y_line(trip.entry_ticks) + 0.5,
            model.x_line(end) + 0.5,
            model.y_line(trip.exit_ticks) + 0.5,
        )
        return _cut(line, self.area.adjusted(-8, -8, 8, 8))


def _cut(line: QLineF, area: QRectF) -> QLineF | None:
    """The part of a line within an area: dashing a line of a million pixels takes seconds."""
    start, stop = 0.0, 1.0
    for begin, delta, low, high in (
        (line.x1(), line.dx(), area.left(), area.right()),
        (line.y1(), line.dy(), area.top(), area.bottom()),
    ):
        if delta == 0:
            if not low <= begin <= high:
                return None
            continue
        a, b = sorted(((low - begin) / delta, (high - begin) / delta))
        start, stop = max(start, a), min(stop, b)
    if start > stop:
        return None
    return QLineF(line.pointAt(start), line.pointAt(stop))


def _distance(line: QLineF, point: QPointF) -> float:
    """Pixels from a point to the nearest one of a line."""
    length = line.length()
    if length == 0:
        return QLineF(line.p1(), point).length()
    along = ((point.x() - line.x1()) * line.dx() + (point.y() - line.y1()) * line.dy()) / length**2
    return QLineF(line.pointAt(min(1.0, max(0.0, along))), point).length()
