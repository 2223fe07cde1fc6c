"""Levels of the days on a chart: from its own bars where these hold them, else from others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.ui.chart.sessions.level_bars import LentLevels
from tradedesk.ui.chart.sessions.levels import Level, day_levels

if TYPE_CHECKING:
    from tradedesk.ui.chart.look import Looks
    from tradedesk.ui.chart.model import ChartModel
    from tradedesk.ui.chart.sessions.chart_days import ChartDays
    from tradedesk.ui.chart.sessions.days import DayRows
    from tradedesk.ui.chart.sessions.level_bars import LevelBars

MOST_BARS: Final = 50_000
"""Bars that are loaded for levels alone: half a year of 5 minutes, a year and a half of 15."""
_BEFORE_NS: Final = 5 * 86_400 * 1_000_000_000
"""The day before begins no longer ago, over a weekend and a holiday."""


class LevelFinder:
    """Finds the levels of one day after the other.

    Attributes
    ----------
    from_ns : int or None
        Levels of days from this moment on are looked at; None if none are.
    """

    def __init__(self, model: ChartModel, days: ChartDays, looks: Looks) -> None:
        self._model, self._days, self._looks = model, days, looks
        self._bars: LevelBars | None = None
        self._lent: LentLevels | None = None
        self._times = 0
        self.from_ns: int | None = None

    def take_bars(self, bars: LevelBars | None) -> None:
        """Take what the bars of the chart do not hold from others of its contract."""
        if bars is not self._bars:
            self._bars = bars
            self._times += 1
            self._lent = None if bars is None else LentLevels(bars)

    @property
    def stamp(self) -> tuple[object, ...]:
        """Another one whenever other bars are lent, or those of days that are over changed."""
        bars = self._bars
        known = () if bars is None else (bars.series.generation, bars.sure_ns)
        return (self._times, *known)

    @property
    def version(self) -> int:
        """Rises with every change of the bars that are lent."""
        return 0 if self._bars is None else self._bars.series.version

    @property
    def wants_older(self) -> int:
        """How many bars are lacking in front of those that are lent, for the days looked at."""
        bars = self._bars
        if bars is None or self.from_ns is None or not 0 < len(bars.series) < MOST_BARS:
            return 0
        lacking_ns = int(bars.series.ts_ns[0]) - (self.from_ns - _BEFORE_NS)
        period_ns = bars.spec.period_ns or 1
        return max(0, -(-lacking_ns // period_ns))

    def of_day(self, days: DayRows, at: int) -> list[Level]:
        """Levels of one of the days on the chart, as they are by now."""
        model, look = self._model, self._looks.now
        found = []
        if model.period_ns is not None:
            # Where other bars than those of time begin and end by the clock, nobody knows.
            found = day_levels(model.series.bars, days, at, look.levels, look.opening_minutes)
        lacking = set(look.levels) - {level.group for level in found}
        if self._lent is None or not lacking:
            return found
        symbol = "" if model.instrument is None else model.instrument.symbol
        shown = (model.series.ts_ns, days)
        return found + self._lent.of_day(shown, at, symbol, lacking, look.opening_minutes)
