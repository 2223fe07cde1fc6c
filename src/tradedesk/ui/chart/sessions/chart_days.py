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


class SeriesDays:
    """Days of a series of bars that are shorter than one.

    Attributes
    ----------
    hours : ProductHours or None
        Those of the product; None while there were no bars yet.
    """

    def __init__(self) -> None:
        self._seen: tuple[BarSeries, int, int, str, int | None] | None = None
        self._days: DayRows | None = None
        self.hours: ProductHours | None = None

    def of(self, series: BarSeries, symbol: str, period_ns: int | None) -> DayRows | None:
        """The days of bars of a product; None without bars."""
        if not len(series):
            return None
        seen = (series, series.generation, len(series), symbol, period_ns)
        if self._seen is None or seen[0] is not self._seen[0] or seen[1:] != self._seen[1:]:
            self.hours = product_hours(symbol, int(series.ts_ns[0]), int(series.ts_ns[-1]))
            self._days = day_rows(series.ts_ns, self.hours, period_ns)
            self._seen = seen
        return self._days


class ChartDays:
    """Days of bars that are shorter than one."""

    def __init__(self, model: ChartModel) -> None:
        self._model = model
        self._days = SeriesDays()

    def now(self) -> DayRows | None:
        """The days; None without bars, or where a bar is a day or longer."""
        model = self._model
        if model.spec is None or model.spec.counts_days:
            return None
        symbol = "" if model.instrument is None else model.instrument.symbol
        return self._days.of(model.series, symbol, model.period_ns)

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
        return self._days.hours is not None and self._days.hours.known

    def missing_in_view(self) -> NDArray[np.intp] | None:
        """Rows in view in front of which bars are missing; None where that cannot be told."""
        period_ns, days = self._model.period_ns, self.now()
        if days is None or self._days.hours is None or period_ns is None:
            return None
        start, stop = self._model.viewport.visible_rows()
        return missing(self._model.series.ts_ns, start, stop, period_ns, self._days.hours)
