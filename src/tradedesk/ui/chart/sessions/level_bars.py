"""Levels from other bars than those on the chart, where these do not hold them. No Qt.

A bar of an hour lies on both sides of an opening at 8:30, and a minute's worth of seconds does not
reach back to the day before. Bars of 5, 15 or 30 minutes of the same contract hold both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.services.history_request import depth_of
from tradedesk.ui.chart.sessions.chart_days import SeriesDays
from tradedesk.ui.chart.sessions.levels import (
    CLOSE,
    MINUTE_NS,
    OPEN,
    OPENING,
    OVERNIGHT,
    PRIOR,
    Level,
    day_levels,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from tradedesk.engine import Bars, BarSeries
    from tradedesk.services.product_hours import ProductHours
    from tradedesk.ui.chart.sessions.days import DayRows

SIZES: Final = tuple(BarSpec(minutes, BarUnit.MINUTE) for minutes in (30, 15, 5, 1))
"""Bars that levels are taken from, the longest first: each holds what the one before it does."""
_NEED_REGULAR: Final = frozenset((OPENING, OVERNIGHT))
_REACH_NS: Final = 2 * 24 * 60 * MINUTE_NS
"""Time that bars of a chart have to span to hold the day before as well."""


class LevelBars(Protocol):
    """Bars that levels are taken from, kept current."""

    @property
    def series(self) -> BarSeries:
        """The bars."""

    @property
    def spec(self) -> BarSpec:
        """Their size; closed by the clock."""

    @property
    def sure_ns(self) -> int:
        """All that traded before this moment is in the bars, UTC nanoseconds."""


def level_size(
    spec: BarSpec, hours: ProductHours, wanted: Collection[str], opening_minutes: int
) -> BarSpec | None:
    """Choose the bars that a chart's levels are to be taken from.

    Parameters
    ----------
    spec : BarSpec
        Size of the bars on the chart.
    hours : ProductHours
        Those of the product.
    wanted : collection of str
        Which of `tradedesk.ui.chart.sessions.levels.GROUPS` are shown.
    opening_minutes : int
        Length of the opening range.

    Returns
    -------
    BarSpec or None
        The longest size that divides all openings, closes, and the opening range. None if the
        chart's own bars do and reach back far enough, or if there is nothing to show.
    """
    if not hours.known:
        wanted = set(wanted) - _NEED_REGULAR
    if not wanted or spec.counts_days:
        return None
    moments = [hours.every.opens_ns]
    if hours.regular is not None:
        moments += [hours.regular.opens_ns, hours.regular.closes_ns]
    if OPENING in wanted:
        moments.append(np.array([opening_minutes * MINUTE_NS]))
    common_ns = int(np.gcd.reduce(np.concatenate(moments)))
    period_ns = spec.period_ns
    if period_ns and not common_ns % period_ns and period_ns * depth_of(spec) >= _REACH_NS:
        return None
    return next((size for size in SIZES if not common_ns % (size.period_ns or 1)), None)


class LentLevels:
    """Levels of the days on a chart, found in other bars.

    What is not sure to be whole is left out, as while bars are loaded or a lost connection has
    left a gap.

    Parameters
    ----------
    bars : LevelBars
        The other bars.
    """

    def __init__(self, bars: LevelBars) -> None:
        self._bars = bars
        self._days = SeriesDays()

    def of_day(
        self,
        shown: tuple[NDArray[np.int64], DayRows],
        at: int,
        symbol: str,
        wanted: Collection[str],
        opening_minutes: int,
    ) -> list[Level]:
        """Find levels of one day.

        Parameters
        ----------
        shown : tuple of (ndarray, DayRows)
            When the bars of the chart open, and their days.
        at : int
            Which of these days.
        symbol : str
            Product of both.
        wanted : collection of str
            Which of `tradedesk.ui.chart.sessions.levels.GROUPS`.
        opening_minutes : int
            Length of the opening range.

        Returns
        -------
        list of Level
            Their rows are those of the chart. A bar that lies on both sides of an opening is the
            first one of what came of it.
        """
        lent = self._bars
        lent_days = self._days.of(lent.series, symbol, lent.spec.period_ns)
        ts_ns, days = shown
        if lent_days is None or self._days.hours is None:
            return []
        day = days.day[at]
        row = int(lent_days.day.searchsorted(day))
        if row == len(lent_days) or lent_days.day[row] != day:
            return []
        bars, sure_ns = lent.series.bars, lent.sure_ns
        whole_ns = _whole_ns(bars, lent_days, row, self._days.hours, opening_minutes)
        first, end = int(days.first[at]), int(days.end[at])
        opened = _row_of(ts_ns, days, at)
        return [
            level._replace(row=opened if level.group in (OPENING, OPEN) else first, end=end)
            for level in day_levels(bars, lent_days, row, wanted, opening_minutes)
            if whole_ns[level.group] <= sure_ns
        ]


def _whole_ns(
    bars: Bars, days: DayRows, at: int, hours: ProductHours, opening_minutes: int
) -> dict[str, int]:
    """When the last trade that makes the levels of each group is over."""
    regular_ns = int(days.regular_ns[at])
    opened = int(days.regular_first[at] if regular_ns else days.first[at])
    begins_ns = int(hours.every.opens_ns[hours.every.day.searchsorted(days.day[at])])
    return {
        OVERNIGHT: regular_ns,
        OPENING: regular_ns + opening_minutes * MINUTE_NS,
        OPEN: int(bars.ts_ns[min(opened, len(bars) - 1)]) + (days.period_ns or 0),
        # Until this day had begun, another one might have been the day before.
        PRIOR: begins_ns,
        CLOSE: begins_ns,
    }


def _row_of(ts_ns: NDArray[np.int64], days: DayRows, at: int) -> int:
    """Row in which the regular hours of a day open; its first one where they are not known."""
    opens_ns, first, end = int(days.regular_ns[at]), int(days.first[at]), int(days.end[at])
    row = int(ts_ns.searchsorted(opens_ns, "right")) - 1
    if row >= 0 and days.period_ns and ts_ns[row] + days.period_ns <= opens_ns:
        row += 1
    return min(max(row, first), end - 1)
