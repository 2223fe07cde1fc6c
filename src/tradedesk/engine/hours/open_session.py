"""Whether a stream of trades is inside trading hours, asked trade by trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.engine.hours.trading_hours import TradingHours
from tradedesk.engine.running_totals import AFTER_ALL_TIME, BEFORE_ALL_TIME

if TYPE_CHECKING:
    from tradedesk.engine.hours.calendar import Calendar


class OpenSession:
    """The session that holds the newest trade; without trading hours one that never ends.

    Times are asked for in ascending order.

    Attributes
    ----------
    end : int
        When the session ends: up to there a time need not be asked for.
    """

    __slots__ = ("_hours", "_reopens", "end")

    def __init__(self, calendar: Calendar) -> None:
        self._hours = calendar if isinstance(calendar, TradingHours) else None
        self._reopens = BEFORE_ALL_TIME
        self.end = BEFORE_ALL_TIME if self._hours else AFTER_ALL_TIME

    def holds(self, ts_ns: int) -> bool:
        """Tell whether the market is open at a time, and go on to the session that is."""
        if ts_ns < self.end or self._hours is None:
            return True
        if ts_ns < self._reopens:
            return False
        session = self._hours.session_at(ts_ns)
        if session is not None:
            self.end = session.closes_ns
            return True
        following = self._hours.next_session(ts_ns)
        self._reopens = AFTER_ALL_TIME if following is None else following.opens_ns
        return False
