"""The trading days of the bars on a chart, found anew when there are other bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.services.product_hours import ProductHours, product_hours
from tradedesk.ui.chart.sessions.days import DayRows, day_rows, missing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tradedesk.engine import BarSeries
    from tradedesk.ui.chart.model import ChartModel


class ChartDays:
    """Days of bars that are shorter than one."""

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._seen: tuple[BarSeries, int, int, str] | None = None
        self._days: DayRows | None = None
        self._hours: ProductHours | None = None

    def now(self) -> DayRows | None:
        """The days; None without bars, or where a bar is a day or longer."""
        model = self._model
        series, spec = model.series, model.spec
        if not len(series) or spec is None or spec.counts_days:
            return None
        symbol = "" if model.instrument is None else model.instrument.symbol
        seen = (series, series.generation, len(series), symbol)
        if self._seen is None or seen[0] is not self._seen[0] or seen[1:] != self._seen[1:]:
            first_ns, last_ns = int(series.ts_ns[0]), int(series.ts_ns[-1])
            self._hours = product_hours(symbol, first_ns, last_ns)
            self._days = day_rows(series.ts_ns, self._hours, model.period_ns)
            self._seen = seen
        return self._days

    def in_view(self) -> tuple[DayRows, range] | None:
        """The days, and which of them have bars in view; None if none has."""
        days = self.now()
        if days is None or not len(days):
            return None
        start, stop = days.at(*self._model.viewport.visible_rows())
        return (days, range(start, stop)) if start < stop else None

    def knows_regular(self) -> bool:
        """Whether regular hours of the product on the chart are known."""
        self.now()
        return self._hours is not None and self._hours.known

    def missing_in_view(self) -> NDArray[np.intp] | None:
        """Rows in view in front of which bars are missing; None where that cannot be told."""
        period_ns = self._model.period_ns
        if self.now() is None or self._hours is None or period_ns is None:
            return None
        start, stop = self._model.viewport.visible_rows()
        return missing(self._model.series.ts_ns, start, stop, period_ns, self._hours)
