"""Time zones of exchanges, on systems without a time zone database as well.

Windows has no such database unless the package ``tzdata`` is installed. The zones of the large
exchanges follow three rules that fit on one page, so they are worked out where the lookup fails.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradedesk.domain.errors import InputError

CHICAGO: Final = "America/Chicago"
"""Where the exchanges of the CME group keep their clocks."""

_SUNDAY: Final = 6
_ONE_HOUR: Final = timedelta(hours=1)


class _Rule(NamedTuple):
    """Summer time of one zone in wall-clock terms; `months` is empty where clocks never change.

    Attributes
    ----------
    first_year : int
        Since when the rule holds.
    months : tuple of (int, int)
        Month and day such that the clock changes on the first Sunday from there on; spring, autumn.
    hours : tuple of int
        The hour that spring's clock jumps to, and the one at which autumn's is put back.
    """

    standard: float
    first_year: int = 1
    months: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, int] = (0, 0)


def _america(standard: float) -> _Rule:
    return _Rule(standard, 2007, ((3, 8), (11, 1)), (3, 2))


def _europe(standard: float) -> _Rule:
    # clocks change at 01:00 UTC everywhere
    spring = 2 + int(standard)
    return _Rule(standard, 1997, ((3, 25), (10, 25)), (spring, spring))


_RULES: Final = {
    "UTC": _Rule(0),
    "America/New_York": _america(-5),
    "America/Chicago": _america(-6),
    "America/Toronto": _america(-5),
    "Europe/London": _europe(0),
    "Europe/Berlin": _europe(1),
    "Europe/Paris": _europe(1),
    "Europe/Zurich": _europe(1),
    "Asia/Kolkata": _Rule(5.5),
    "Asia/Shanghai": _Rule(8, 1992),
    "Asia/Hong_Kong": _Rule(8, 1980),
    "Asia/Singapore": _Rule(8, 1982),
    "Asia/Tokyo": _Rule(9, 1952),
}


class RuledZone(tzinfo):
    """A zone worked out by the rule of today.

    Parameters
    ----------
    name : str
        One of the zones listed in this module, such as ``America/Chicago``.

    Raises
    ------
    InputError
        If the zone is not listed. A date from before the rule came into force raises the same
        when it is looked at.

    Notes
    -----
    Only from wall clock to UTC, which is what opening times need. A time that the clock skips or
    shows twice is read as `zoneinfo` reads it: as the first of the two.
    """

    def __init__(self, name: str) -> None:
        rule = _RULES.get(name)
        if rule is None:
            raise InputError(
                f"Time zone {name!r} is not known here: install the package 'tzdata', or use one "
                f"of {', '.join(_RULES)}."
            )
        self._name = name
        self._rule = rule

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Distance of the wall clock from UTC."""
        return timedelta(hours=self._rule.standard) + self.dst(moment)

    def dst(self, moment: datetime | None) -> timedelta:
        """One hour in summer time, else none."""
        rule = self._rule
        if moment is None:
            return timedelta(0)
        if moment.year < rule.first_year:
            raise InputError(
                f"{moment.date()} lies before {rule.first_year}, since when {self._name} keeps the "
                f"rule known here: install the package 'tzdata' for older dates."
            )
        if not rule.months:
            return timedelta(0)
        begins, ends = (
            datetime.combine(_sunday_from(date(moment.year, *day)), datetime.min.time())
            + timedelta(hours=hour)
            for day, hour in zip(rule.months, rule.hours, strict=True)
        )
        return _ONE_HOUR if begins <= moment.replace(tzinfo=None) < ends else timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        """Name of the zone."""
        del moment
        return self._name


def time_zone(name: str) -> tzinfo:
    """Return a zone from the system's database, or else from the rules known here.

    Parameters
    ----------
    name : str
        Such as ``America/Chicago`` or ``UTC``.

    Raises
    ------
    InputError
        If neither knows the zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # a name such as "America" is a folder of the database
        return RuledZone(name)


def _sunday_from(day: date) -> date:
    """The first Sunday not before a date."""
    return day + timedelta(days=(_SUNDAY - day.weekday()) % 7)
