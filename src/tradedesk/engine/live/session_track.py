"""Bars that do not follow the clock, begun anew in each session of trading hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from tradedesk.engine.hours.calendar import sessions_of
from tradedesk.engine.hours.open_session import OpenSession
from tradedesk.engine.live.count_track import CountTrack
from tradedesk.engine.live.range_track import RangeTrack
from tradedesk.engine.live.renko_track import RenkoTrack

if TYPE_CHECKING:
    from tradedesk.engine.bars import Bar
    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.hours.trading_hours import TradingHours
    from tradedesk.engine.running_totals import Totals

T = TypeVar("T", CountTrack, RangeTrack, RenkoTrack)


class SessionTrack(Generic[T]):
    """A track whose newest bar ends with its session; the next one begins with the first trade.

    Trades outside of the hours must not be given.

    Parameters
    ----------
    track : CountTrack, RangeTrack or RenkoTrack
        What is begun anew.
    hours : TradingHours
        The sessions.

    Attributes
    ----------
    specs : tuple of BarSpec
        The size.
    closed : list of ClosedBars
        One entry, the closed bars.
    """

    __slots__ = ("_hours", "_session", "_track", "closed", "specs")

    def __init__(self, track: T, hours: TradingHours) -> None:
        self._track: T = track
        self._hours = hours
        self._session = OpenSession(hours)
        self.specs = track.specs
        self.closed = track.closed

    def tick(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        """Take in one trade that is not yet part of `totals`; `close` is the price before it."""
        if ts_ns >= self._session.end:
            self._begin_anew(ts_ns, totals, close)
        self._track.tick(ts_ns, px, totals, close)

    def absorb(self, trades: TradeBatch, totals: Totals, close: int) -> Totals:
        """Take in many trades at once; returns the totals after them."""
        for part in sessions_of(trades, self._hours):
            first_ns = int(part.ts_ns[0])
            if first_ns >= self._session.end:
                self._begin_anew(first_ns, totals, close)
            totals = self._track.absorb(part, totals, close)
            close = int(part.px_ticks[-1])
        return totals

    def is_forming(self, level: int, totals: Totals, now_ns: int | None) -> bool:
        """Whether a further trade can belong to the newest bar."""
        over = now_ns is not None and now_ns >= self._session.end
        return not over and self._track.is_forming(level, totals, now_ns)

    def forming(self, level: int, totals: Totals, close: int) -> Bar | None:
        """Return the newest bar, or None before the first trade."""
        return self._track.forming(level, totals, close)

    def _begin_anew(self, ts_ns: int, totals: Totals, close: int) -> None:
        self._session.holds(ts_ns)
        self._track.restart(totals, close)


class SessionBricks(SessionTrack[RenkoTrack]):
    """Renko bricks that are laid anew in each session."""

    __slots__ = ()

    def refuse(self, trades: TradeBatch) -> None:
        """Refuse a batch that lays more bricks than can be meant, before anything changes.

        Raises
        ------
        BatchError
            Naming row and price.
        """
        for part in sessions_of(trades, self._hours):
            goes_on = part.ts_ns[0] < self._session.end
            (self._track if goes_on else RenkoTrack(self.specs[0])).refuse(part)

    def refuse_one(self, ts_ns: int, px: int) -> None:
        """Refuse one price that lays more bricks than can be meant.

        Raises
        ------
        BatchError
            Naming the price.
        """
        if ts_ns < self._session.end:
            self._track.refuse_one(ts_ns, px)
