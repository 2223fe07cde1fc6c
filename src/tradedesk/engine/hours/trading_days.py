"""What the bars of venues for the CME's products follow: Chicago's days, or the clock."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tradedesk.domain.time_zone import CHICAGO
from tradedesk.engine.hours.session_columns import EPOCH
from tradedesk.engine.hours.time_grid import DAY_NS
from tradedesk.engine.hours.trading_hours import TradingHours

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.hours.calendar import Calendar

_BEGINS: Final = time(17)
_YEARS_BACK: Final = 10  # the longest bar has as many
_YEARS_AHEAD: Final = 5
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2250  # int64 nanoseconds end in 2262


def venue_calendar(spec: BarSpec, around_ns: int) -> Calendar:
    """Return what bars of a size follow at a venue of the CME's products.

    Parameters
    ----------
    spec : BarSpec
        Time, ``t`` or ``v``.
    around_ns : int
        A moment, UTC nanoseconds; the calendar is good for ten years before its year and five
        after it.

    Returns
    -------
    int or TradingHours
        For days, weeks and months the trading days from 17:00 to 17:00 in Chicago, with no pause
        and no holiday, so that whatever trades belongs to one. 0 for everything shorter, which
        venues count from 1970.
    """
    if not spec.counts_days:
        return 0
    year = (EPOCH + timedelta(days=around_ns // DAY_NS)).year
    return _chicago_days(min(max(year, _FIRST_YEAR), _LAST_YEAR))


@lru_cache(maxsize=4)
def _chicago_days(year: int) -> TradingHours:
    first, last = date(year - _YEARS_BACK, 1, 1), date(year + _YEARS_AHEAD, 12, 31)
    return TradingHours.always(CHICAGO, _BEGINS, first, last)
