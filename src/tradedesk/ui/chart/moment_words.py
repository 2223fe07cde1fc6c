"""A moment as a person writes it: ``28 Nov 14:30``, ``yesterday``, ``-3d``. No Qt."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from tradedesk.ui.chart.time_zone import LocalTime

HOW: Final = "Write 2026-11-28, 28 Nov, 14:30, 28 Nov 14:30, yesterday or -3d"
"""What to write, for whoever wrote something else."""
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEAST_LETTERS: Final = 3
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO: Final = re.compile(r"[-\N{MINUS SIGN}]\s*(\d{1,6})\s*([mhdw])")
_TIME: Final = re.compile(r"(.*?)(?:^|[\st])(\d{1,2}):(\d\d)(?::(\d\d))?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?(?:,?\s*(\d{4}))?")
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})(?:,?\s+(\d{4}))?")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_YEARS_BACK: Final = 8
"""A day without its year may be the 29th of February."""


def moment_in(text: str, now_ns: int, zone: LocalTime) -> int | None:
    """Read a moment; None where it cannot be read.

    Parameters
    ----------
    text : str
        A day, a time of day, both, or how long ago. A day without year and a time without day
        are the last ones that have been.
    now_ns : int
        The present, UTC nanoseconds.
    zone : LocalTime
        Where the clock hangs that is written about.

    Returns
    -------
    int or None
        UTC nanoseconds; of a day alone its beginning.
    """
    # Wall times, carried as if they were those of UTC.
    now = zone.datetime(now_ns).replace(microsecond=0, tzinfo=UTC)
    try:
        found = _wall(text.strip().lower(), now)
    except (ValueError, OverflowError):  # the 31st of June, 25 o'clock
        return None
    if found is None or not _EPOCH <= found < _LATEST:
        return None
    local_ns = int((found - _EPOCH) / timedelta(seconds=1)) * 1_000_000_000
    return int(zone.to_utc(np.array([local_ns], np.int64))[0])


def moment_label(ts_ns: int, zone: LocalTime) -> str:
    """Say a moment in full: ``Sat 28 Nov 2026 14:30``; midnight is left out."""
    at = zone.datetime(ts_ns)
    day = f"{at:%a} {at.day} {at:%b %Y}"
    if at.time() == time(0):
        return day
    return f"{day} {at:%H:%M:%S}" if at.second else f"{day} {at:%H:%M}"


def _wall(text: str, now: datetime) -> datetime | None:
    ago = _AGO.fullmatch(text)
    if ago is not None:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    clock = _TIME.fullmatch(text)
    if clock is None:
        day = _day(text, now)
        return None if day is None else datetime.combine(day, time(0), UTC)
    at = time(int(clock[2]), int(clock[3]), int(clock[4] or 0))
    words = clock[1].strip()
    if words:
        day = _day(words, now)
        return None if day is None else datetime.combine(day, at, UTC)
    today = datetime.combine(now, at, UTC)
    return today if today <= now else today - timedelta(days=1)


def _day(text: str, now: datetime) -> date | None:
    if text in ("today", "yesterday"):
        return now.date() - timedelta(days=text == "yesterday")
    for number, name in enumerate(_DAYS):
        if len(text) >= _LEAST_LETTERS and name.startswith(text):
            return now.date() - timedelta(days=(now.weekday() - number) % 7)
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _DAY_FIRST.fullmatch(text)
    if found is not None:
        return _dated(found[2], int(found[1]), found[3], now)
    found = _MONTH_FIRST.fullmatch(text)
    return None if found is None else _dated(found[1], int(found[2]), found[3], now)


def _dated(month: str, day: int, year: str | None, now: datetime) -> date | None:
    if month[:3] not in _MONTHS:
        return None
    number = _MONTHS.index(month[:3]) + 1
    if year is not None:
        return date(int(year), number, day)
    for back in range(_YEARS_BACK + 1):
        try:
            found = date(now.year - back, number, day)
        except ValueError:
            continue
        if found <= now.date():
            return found
    return None
