"""When the market goes over from one expiry of a product to the next. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
_WEEKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday"]


class Cycle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which months the market trades and when it goes over to the next one.

    Parameters
    ----------
    months, listed : str
        Letters of the months that take their turn, and of those that exist; `months` if empty.
    month, day : int
        The roll as a day of a month, counted from the named one.
    nth, weekday, days : int, str, int
        Or as so many days from the nth weekday of the named month, -1 for the last one.
    """

    months: str
    listed: str = ""
    month: int = 0
    day: int = 0
    nth: int = 0
    weekday: Weekday = "friday"
    days: int = 0

    def roll_day(self, year: int, month: int) -> date:
        """First day on which the expiry after that of a month is the active one."""
        if self.nth:
            return _nth(year, month, _WEEKDAYS.index(self.weekday), self.nth) + timedelta(self.days)
        months = year * 12 + month - 1 + self.month
        return date(months // 12, months % 12 + 1, self.day)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth of a weekday in a month; counted from the end if negative."""
    days = calendar.monthrange(year, month)[1]
    found = [day for day in range(1, days + 1) if date(year, month, day).weekday() == weekday]
    return date(year, month, found[nth - 1 if nth > 0 else nth])
