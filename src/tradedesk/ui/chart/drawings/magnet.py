"""Snapping to the prices of the bar under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from tradedesk.ui.chart.model import ChartModel

REACH_PX: Final = 10.0


def snapped_ticks(model: ChartModel, at: QPointF, *, magnet: bool) -> int:
    """The price meant at a point: open, high, low or close near it, else the nearest tick."""
    row = model.row_at(at.x()) if magnet else None
    if row is not None:
        bars = model.series
        prices = {int(c[row]) for c in (bars.open, bars.high, bars.low, bars.close)}
        distance, ticks = min((abs(model.y_line(price) - at.y()), price) for price in prices)
        if distance <= REACH_PX:
            return ticks
    return model.snapped_ticks(at.y())
