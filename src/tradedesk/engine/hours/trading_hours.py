"""When a market trades: sessions in UTC, each of which belongs to a trading day."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from tradedesk.domain.errors import InputError
from tradedesk.domain.time_zone import CHICAGO, time_zone
from tradedesk.engine.hours.session_columns import EPOCH, SessionColumns
from tradedesk.engine.hours.session_rules import (
    Week,
    Window,
    endless_sessions,
    weekly_sessions,
    window_ns,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

CME_EQUITY: Final = (time(17), time(16))
"""All hours of the CME's equity index products, Chicago."""
CME_EQUITY_RTH: Final = (time(8, 30), time(15))
"""Regular hours of the CME's equity index products, Chicago."""

_WORKDAYS: Final = (0, 1, 2, 3, 4)


class TradingHours(SessionColumns):
    """Sessions of one market over a span of dates. Not changed after they are made.

    Parameters
    ----------
    opens_ns, closes_ns : array_like of int, shape (n,)
        When each session opens and closes, UTC nanoseconds, oldest first; int64. A session is open
        at `opens_ns` and closed at `closes_ns`; sessions may touch but not overlap.
    day : array_like of int, shape (n,)
        Trading day of each session as days since 1970-01-01, never going back; int64. A day may
        have several sessions.

    Raises
    ------
    BatchError
        If there are no sessions, columns do not fit together, a session ends before it opens or
        overlaps the one before it, or a day goes back or lies more than a week from its session.
        Names row and value.

    Notes
    -----
    Nothing is known before the first session and behind the last: the market counts as closed
    there, as it does between sessions.

    All methods take times in any order unless they say otherwise.
    """

    __slots__ = ()

    @classmethod
    def always(cls, zone: str, begins: time, first: date, last: date) -> TradingHours:
        """Make the hours of a market that never closes.

        Parameters
        ----------
        zone : str
            Time zone of the exchange, such as ``UTC`` or ``America/Chicago``.
        begins : time
            When a trading day begins there; from noon on it begins the evening before.
        first, last : date
            First and last trading day.

        Raises
        ------
        InputError
            If the zone is unknown or the dates are not in order.
        """
        return cls(*_columns(endless_sessions(time_zone(zone), begins, first, last)))

    @classmethod
    def weekly(
        cls,
        zone: str,
        windows: Sequence[Window],
        first: date,
        last: date,
        *,
        weekdays: Collection[int] = _WORKDAYS,
        holidays: Collection[date] = (),
        early_closes: Mapping[date, time] | None = None,
    ) -> TradingHours:
        """Make hours by the rule of a usual week; daylight saving is that of the zone.

        Parameters
        ----------
        zone : str
            Time zone of the exchange.
        windows : sequence of (time, time)
            Opening and closing time of each session of a trading day, in their order. One that
            opens no earlier than it closes opens on the evening before; a closing time of 00:00
            is the midnight that ends the day.
        first, last : date
            First and last trading day.
        weekdays : collection of int, default Monday to Friday
            Trading days; Monday is 0.
        holidays : collection of date, optional
            Trading days without a session; a session of the evening before is gone with its day.
        early_closes : mapping of date to time, optional
            When trading ends on that trading day; sessions behind it are left out.

        Raises
        ------
        InputError
            If the zone is unknown, the dates are not in order, windows overlap, or no session is
            left.
        """
        week = Week(windows, weekdays, holidays, early_closes or {})
        return cls(*_columns(weekly_sessions(time_zone(zone), week, first, last)))

    @classmethod
    def cme_equity(
        cls,
        first: date,
        last: date,
        *,
        rth: bool = False,
        holidays: Collection[date] = (),
        early_closes: Mapping[date, time] | None = None,
    ) -> TradingHours:
        """Make the hours of the CME's equity index products.

        Parameters
        ----------
        first, last : date
            First and last trading day.
        rth : bool, default False
            Whether only the regular hours count, 08:30 to 15:00 Chicago; otherwise all hours,
            17:00 of the evening before to 16:00.
        holidays, early_closes
            As in `weekly`; the rule of the week knows none.

        Notes
        -----
        The hours in force since June 2021; before, trading paused from 15:15 to 15:30.
        """
        window = CME_EQUITY_RTH if rth else CME_EQUITY
        return cls.weekly(
            CHICAGO, [window], first, last, holidays=holidays, early_closes=early_closes
        )

    def within(self, zone: str, window: Window) -> TradingHours:
        """Return these hours restricted to a window of each trading day, such as RTH.

        Parameters
        ----------
        zone : str
            Time zone of the window.
        window : (time, time)
            Opening and closing time, read as in `weekly`. Where a session ends earlier the
            restricted one does as well.

        Raises
        ------
        InputError
            If the zone is unknown or nothing is left.
        """
        local = time_zone(zone)
        days, of_day = np.unique(self.day, return_inverse=True)
        edges = np.array(
            [window_ns(local, EPOCH + timedelta(days=day), window) for day in days.tolist()],
            np.int64,
        )[of_day]
        opens = np.maximum(self.opens_ns, edges[:, 0])
        closes = np.minimum(self.closes_ns, edges[:, 1])
        kept = opens < closes
        if not kept.any():
            raise InputError(
                f"No session of {self!r} has trading between {window[0]} and "
                f"{window[1]} {zone}: give other times."
            )
        return TradingHours(opens[kept], closes[kept], self.day[kept])


def _columns(sessions: list[tuple[int, int, int]]) -> list[NDArray[np.int64]]:
    if not sessions:
        raise InputError("No trading day is left between these dates: give more of them.")
    return list(np.array(sessions, np.int64).T)
