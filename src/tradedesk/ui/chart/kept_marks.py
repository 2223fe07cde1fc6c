"""Time marks of more than is in view, kept while the view pans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.ui.chart.time_scale import TimeMark, time_marks

if TYPE_CHECKING:
    from tradedesk.engine import BarSeries
    from tradedesk.ui.chart.time_zone import LocalTime


class KeptTimeMarks:
    """Works marks out for a screen more at each side and gives those in view.

    Only where all bars are equally long: otherwise the distance of two marks depends on what is in
    view.
    """

    def __init__(self) -> None:
        self._of: tuple[BarSeries, LocalTime] | None = None
        self._key = (0, 0, 0.0, 0)
        self._span = (0.0, 0.0)
        self._marks: list[TimeMark] = []

    def get(
        self,
        series: BarSeries,
        span: tuple[float, float],
        least_bars: float,
        period_ns: int | None,
        zone: LocalTime,
    ) -> list[TimeMark]:
        """Labels between two bar positions; see `time_marks`."""
        if period_ns is None:
            return time_marks(series.ts_ns, span, least_bars, period_ns, zone)
        left, right = span
        key = (series.generation, len(series), least_bars, period_ns)
        known = self._of == (series, zone) and key == self._key
        if not (known and self._span[0] <= left and right <= self._span[1]):
            more = right - left
            self._of, self._key, self._span = (series, zone), key, (left - more, right + more)
            self._marks = time_marks(series.ts_ns, self._span, least_bars, period_ns, zone)
        return [mark for mark in self._marks if left <= mark.bar <= right]
