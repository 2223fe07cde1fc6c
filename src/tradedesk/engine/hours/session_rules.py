"""Sessions by rule: opening and closing times on an exchange's own clock.

A session opens on the evening before its trading day if its opening time is not earlier than its
closing time, as 17:00 to 16:00 does. A closing time of 00:00 is the midnight that ends the day.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.bar_spec import SECOND_NS
from tradedesk.domain.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

Window = tuple[time, time]
Session = tuple[int, int, int]
"""Opens and closes at, UTC nanoseconds, and belongs to which day since 1970-01-01."""

_MIDNIGHT: Final = time(0)
_NOON: Final = time(12)
_DAY: Final = timedelta(days=1)
_EPOCH: Final = date(1970, 1, 1)
_WEEK_DAYS: Final = 7
_MOST_DAYS: Final = 150 * 366


class Week(NamedTuple):
    """What a usual week looks like, and the days that differ.

    Attributes
    ----------
    windows : sequence of (time, time)
        Sessions of a trading day in their order, opening and closing time each.
    weekdays : collection of int
        Trading days; Monday is 0.
    holidays : collection of date
        Trading days without a session.
    early_closes : mapping of date to time
        When the last session of a trading day ends on that date, if earlier than usual.
    """

    windows: Sequence[Window]
    weekdays: Collection[int]
    holidays: Collection[date]
    early_closes: Mapping[date, time]


def dates_of(first: date, last: date) -> list[date]:
    """Dates from `first` to `last`, both included.

    Raises
    ------
    InputError
        If there are none, or more than 150 years of them.
    """
    days = (last - first).days + 1
    if not 1 <= days <= _MOST_DAYS:
        raise InputError(
            f"Trading days from {first} to {last} are {max(days, 0)}: give a first and a last date "
            f"that are in order and less than 150 years apart."
        )
    return [first + timedelta(days=row) for row in range(days)]


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def weekly_sessions(zone: tzinfo, week: Week, first: date, last: date) -> list[Session]:
    """Sessions of the trading days from `first` to `last`.

    Raises
    ------
    InputError
        Naming the window or weekday that cannot be.
    """
    _check(week)
    return [
        (opens, closes, day_number(day))
        for day in dates_of(first, last)
        if day.weekday() in week.weekdays and day not in week.holidays
        for opens, closes in _open_on(zone, week, day)
    ]


def _open_on(zone: tzinfo, week: Week, day: date) -> Iterator[tuple[int, int]]:
    early = week.early_closes.get(day)
    latest_ns = None if early is None else moment_ns(zone, day, early)
    for window in week.windows:
        opens_ns, closes_ns = window_ns(zone, day, window)
        if latest_ns is not None:
            closes_ns = min(closes_ns, latest_ns)
        if opens_ns < closes_ns:
            yield opens_ns, closes_ns


def endless_sessions(zone: tzinfo, begins: time, first: date, last: date) -> list[Session]:
    """Days without a pause; one that begins at noon or later belongs to the date that follows."""
    before = _DAY if begins >= _NOON else timedelta(0)
    edges = [moment_ns(zone, day - before, begins) for day in dates_of(first, last + _DAY)]
    start = day_number(first)
    return [
        (opens, closes, start + row)
        for row, (opens, closes) in enumerate(itertools.pairwise(edges))
    ]


def window_ns(zone: tzinfo, day: date, window: Window) -> tuple[int, int]:
    """When a window of a trading day opens and closes, UTC nanoseconds."""
    opens, closes = window
    if closes == _MIDNIGHT:
        return moment_ns(zone, day, opens), moment_ns(zone, day + _DAY, closes)
    opened_on = day if opens < closes else day - _DAY
    return moment_ns(zone, opened_on, opens), moment_ns(zone, day, closes)


def moment_ns(zone: tzinfo, day: date, at: time) -> int:
    """Return a wall-clock time as UTC nanoseconds; fractions of a second are dropped."""
    return int(datetime.combine(day, at, zone).timestamp()) * SECOND_NS


def _check(week: Week) -> None:
    if not week.windows:
        raise InputError("No opening and closing times: give at least one pair of them.")
    strange = [day for day in week.weekdays if not 0 <= day < _WEEK_DAYS]
    if strange:
        raise InputError(f"Weekday {strange[0]} does not exist: Monday is 0 and Sunday 6.")
