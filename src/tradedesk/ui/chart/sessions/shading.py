"""Tints the ground outside of regular hours, or that of every other trading day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF

from tradedesk.ui.chart.primitives import mixed

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.sessions.chart_days import ChartDays
    from tradedesk.ui.chart.sessions.days import DayRows

OUTSIDE: Final = "outside"
ALTERNATE: Final = "alternate"
SHADES: Final = {
    "": "No shading",
    OUTSIDE: "Shade outside regular hours",
    ALTERNATE: "Shade every other day",
}
"""What `ChartLook.shade` may be, and what the menu calls it."""

LEAST_DAY_PX: Final = 16.0
"""Trading days that are narrower on average are not told apart."""
_INK: Final = 0.62


class Shading:
    """Fills bands of the ground, below the grid."""

    def __init__(self, model: ChartModel, days: ChartDays, looks: Looks) -> None:
        self._model, self._days, self._looks = model, days, looks
        self._stamp = -1
        self._bands: list[tuple[int, int]] = []

    def forget(self) -> None:
        """Another look: find the bands anew."""
        self._stamp = -1

    def paint(self, painter: QPainter) -> None:
        """Fill what is exposed of the bands."""
        shade = self._looks.now.shade
        if not shade:
            return
        if self._stamp != self._model.stamp:
            self._stamp = self._model.stamp
            self._bands = self._found(shade)
        plot, ink = self._model.panes.plot, mixed("bg0", "bg2", _INK)
        for left, right in self._bands:
            painter.fillRect(QRectF(left, 0, right - left, plot.height()), ink)

    def _found(self, shade: str) -> list[tuple[int, int]]:
        seen = self._days.in_view()
        model = self._model
        if seen is None:
            return []
        days, shown = seen
        rows = int(days.end[shown[-1]] - days.first[shown[0]])
        if rows * model.viewport.spacing < LEAST_DAY_PX * len(shown):
            return []
        bands = []
        for at in shown:
            for start, end in _stretches(days, at, shade):
                left = max(0, model.x_line(start - 0.5))
                right = min(int(model.panes.plot.right()), model.x_line(end - 0.5))
                if left < right:
                    bands.append((left, right))
        return bands


def _stretches(days: DayRows, at: int, shade: str) -> list[tuple[int, int]]:
    """Rows of one day that are tinted."""
    first, end = int(days.first[at]), int(days.end[at])
    if shade == ALTERNATE:
        return [(first, end)] if days.day[at] % 2 else []
    if shade != OUTSIDE or not days.regular_ns.any():
        return []
    begin, close = int(days.regular_first[at]), int(days.regular_end[at])
    return [(first, end)] if close <= begin else [(first, begin), (close, end)]
