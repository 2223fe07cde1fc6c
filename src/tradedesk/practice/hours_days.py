"""Days as Chicago counts them: a trading day runs from 17:00 to 17:00. Pure.

Daylight saving changes at two on a Sunday morning, so a trading day has 23, 24 or 25 hours and
17:00 itself is never ambiguous.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CHICAGO: Final = ZoneInfo("America/Chicago")
DAY_ENDS: Final = time(17)
_SECOND: Final = 1_000_000_000
_LAST_S: Final = 253_402_000_000  # late in the year 9999, the last that dates can name


def trading_day(at_ns: int) -> date:
    """Return the trading day that a moment belongs to.

    Parameters
    ----------
    at_ns : int
        UTC nanoseconds.

    Returns
    -------
    date
        The calendar date in Chicago on which the day ends, so that Sunday 17:00 is Monday's.
    """
    second = min(max(at_ns // _SECOND, 0), _LAST_S)
    local = datetime.fromtimestamp(second, UTC).astimezone(CHICAGO)
    return local.date() + timedelta(days=local.time() >= DAY_ENDS)


def chicago_ns(day: date, at: time) -> int:
    """Return a wall-clock time of Chicago as UTC nanoseconds."""
    return round(datetime.combine(day, at, CHICAGO).timestamp()) * _SECOND


def day_start_ns(day: date) -> int:
    """Return when a trading day begins: 17:00 Chicago on the date before."""
    return chicago_ns(day - timedelta(days=1), DAY_ENDS)


def day_end_ns(day: date) -> int:
    """Return when a trading day ends and the next begins."""
    return chicago_ns(day, DAY_ENDS)
