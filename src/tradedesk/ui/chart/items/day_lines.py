"""Thin lines where trading days and weeks begin, and where bars are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import Qt

from tradedesk.ui.chart.items.base import PaneItem
from tradedesk.ui.chart.primitives import RectBuffer, mixed
from tradedesk.ui.chart.sessions.shading import LEAST_DAY_PX

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.panes import Panes
    from tradedesk.ui.chart.sessions.chart_days import ChartDays

_DAY_INK: Final = 0.30
_WEEK_INK: Final = 0.62
_GAP_INK: Final = 0.75
_LEAST_WEEK_PX: Final = 24.0
_DASH: Final = 3
_LEAST_GAP_SPACING: Final = 3.0


class DayLines(PaneItem):
    """Stand between the last bar of one day and the first of the next, over all panes.

    A week's line is brighter. Where bars are missing a dashed line stands in their place.
    """

    def __init__(self, model: ChartModel, days: ChartDays, looks: Looks, z: float) -> None:
        super().__init__(model, z)
        self._days, self._looks = days, looks
        self._buffer = RectBuffer()
        self._columns: tuple[list[int], list[int], list[int]] = ([], [], [])
        self.dress()

    def dress(self) -> None:
        """Take the colours of the palette in use."""
        self._inks = (
            mixed("bg0", "tx3", _DAY_INK),
            mixed("bg0", "tx3", _WEEK_INK),
            mixed("bg0", "tx3", _GAP_INK),
        )

    def area_in(self, panes: Panes) -> QRectF:
        """All panes."""
        return panes.plot

    @property
    def columns(self) -> tuple[list[int], list[int], list[int]]:
        """Pixel columns of days, of weeks, and of what is missing."""
        return self._columns

    def view_changed(self) -> None:
        """Find the lines in view."""
        days, weeks = self._begins()
        self._columns = (days, weeks, self._missing())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Fill columns a pixel wide."""
        painter.setPen(Qt.PenStyle.NoPen)
        bottom = int(self.area.bottom()) - 1
        for columns, ink in zip(self._columns[:2], self._inks, strict=False):
            boxes = self._buffer.rows(len(columns))
            if columns:
                boxes[:, 0] = boxes[:, 2] = columns
                boxes[:, 1], boxes[:, 3] = 0, bottom
                self._buffer.fill(painter, len(columns), ink)
        if self._columns[2]:
            tops = np.arange(0, int(self.model.panes.price.height()), 2 * _DASH)
            boxes = self._buffer.rows(len(tops) * len(self._columns[2]))
            boxes[:, 0] = boxes[:, 2] = np.repeat(self._columns[2], len(tops))
            boxes[:, 1] = np.tile(tops, len(self._columns[2]))
            boxes[:, 3] = boxes[:, 1] + (_DASH - 1)
            self._buffer.fill(painter, len(boxes), self._inks[2])

    def _begins(self) -> tuple[list[int], list[int]]:
        look, model = self._looks.now, self.model
        seen = self._days.in_view() if look.day_lines or look.week_lines else None
        if seen is None:
            return [], []
        days, shown = seen
        part = slice(max(shown[0], 1), shown[-1] + 1)
        first, week = days.first[part], days.week_begins()[part]
        room = int(days.end[shown[-1]] - days.first[shown[0]]) * model.viewport.spacing
        day_lines = look.day_lines and room >= LEAST_DAY_PX * len(shown)
        week_lines = look.week_lines and room * 5 >= _LEAST_WEEK_PX * len(shown)
        plain = first[~week] if week_lines else first
        return (
            [model.x_line(row - 0.5) for row in plain.tolist()] if day_lines else [],
            [model.x_line(row - 0.5) for row in first[week].tolist()] if week_lines else [],
        )

    def _missing(self) -> list[int]:
        model = self.model
        if not self._looks.now.gap_marks or model.viewport.spacing < _LEAST_GAP_SPACING:
            return []
        rows = self._days.missing_in_view()
        return [] if rows is None else [model.x_line(row - 0.5) for row in rows.tolist()]
