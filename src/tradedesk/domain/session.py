"""The trading day, which starts at 17:00 in Chicago."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tradedesk.domain.clock import NS_PER_S

_HOUR_NS = 3_600 * NS_PER_S
_DAY_NS = 24 * _HOUR_NS
_MINUTE_NS = 60 * NS_PER_S
_DAY_MINUTES = 24 * 60
_START_MINUTES = 17 * 60
_DAY = timedelta(days=1)
_SUNDAY = 6


def session_offset_ns(day: date) -> int:
    """Start of the trading day of a date, relative to its midnight UTC: an evening before.

    Minus two hours (22:00 UTC) while Chicago keeps summer time, from the second Sunday of March
    to the first of November; minus one hour (23:00 UTC) otherwise. Worked out instead of looked up,
    because not every system has a time zone database.
    """
    evening = day - _DAY
    begins = _sunday_from(date(evening.year, 3, 8))
    ends = _sunday_from(date(evening.year, 11, 1))
    return -2 * _HOUR_NS if begins <= evening < ends else -_HOUR_NS


def session_start_ns(now_ns: int) -> int:
    """Start of the trading day that holds a moment; both nanoseconds UTC."""
    today = datetime.fromtimestamp(now_ns // NS_PER_S, UTC).date()
    midnight_ns = now_ns - now_ns % _DAY_NS
    tonight_ns = midnight_ns + _DAY_NS + session_offset_ns(today + _DAY)
    return tonight_ns if tonight_ns <= now_ns else midnight_ns + session_offset_ns(today)


def session_end_ns(now_ns: int) -> int:
    """End of the trading day that holds a moment, which is when the next one starts."""
    # a trading day has 23 to 25 hours
    return session_start_ns(session_start_ns(now_ns) + 26 * _HOUR_NS)


def moment_in_session_ns(now_ns: int, minutes: int) -> int:
    """A time of day in Chicago within the trading day that holds a moment.

    Parameters
    ----------
    minutes : int
        Since midnight in Chicago; those from 17:00 on belong to the evening before.
    """
    # Clocks change in the night to Sunday, in a trading day on which nothing trades.
    later = (minutes - _START_MINUTES) % _DAY_MINUTES
    return session_start_ns(now_ns) + later * _MINUTE_NS


def _sunday_from(day: date) -> date:
    """The first Sunday not before a date."""
    return day + timedelta(days=(_SUNDAY - day.weekday()) % 7)
