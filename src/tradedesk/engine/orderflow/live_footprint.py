"""Footprints of one contract and one size, exact after every trade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradedesk.engine.hours.calendar import Calendar, sessions_of
from tradedesk.engine.hours.open_session import OpenSession
from tradedesk.engine.orderflow.bar_cut import bar_cut
from tradedesk.engine.orderflow.closed_footprints import ClosedFootprints
from tradedesk.engine.orderflow.footprint import Footprint
from tradedesk.engine.orderflow.forming_footprint import FormingFootprint
from tradedesk.engine.running_totals import BEFORE_ALL_TIME
from tradedesk.engine.time_order import too_old

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.batch import TradeBatch

LARGE_BATCH: Final = 256
"""From here on the array path costs less than one call per trade."""


class LiveFootprint:
    """Closed and forming footprints with the bars that `tradedesk.engine.LiveBars` makes.

    Parameters
    ----------
    spec : BarSpec
        Any but renko; all but time bars count from the first trade taken in, or with trading
        hours from the first one of each session.
    calendar : int or TradingHours, default 0
        What the bars follow, as in `tradedesk.engine.aggregate`.

    Raises
    ------
    BarSpecError
        For renko bars.

    Notes
    -----
    Trades must come in the order of time, as for live bars. However a stream is cut into batches
    and single trades, the footprints are those that `footprint` makes of the whole.
    """

    __slots__ = ("_calendar", "_closed", "_cut", "_forming", "_last_ts", "_session", "spec")

    def __init__(self, spec: BarSpec, calendar: Calendar = 0) -> None:
        self.spec = spec
        self._calendar = calendar
        self._session = OpenSession(calendar)
        self._cut = bar_cut(spec, calendar)
        self._closed = ClosedFootprints()
        self._forming: FormingFootprint | None = None
        self._last_ts = BEFORE_ALL_TIME

    def tick(self, ts_ns: int, px_ticks: int, qty: int, buy_qty: int) -> None:
        """Take in one trade; the fast way for trades that arrive as Python integers.

        The quantities are not checked: ``0 <= buy_qty <= qty`` is the caller's promise.

        Raises
        ------
        BatchError
            If the trade is older than the newest one; nothing changes.
        """
        if ts_ns < self._last_ts:
            raise too_old(ts_ns, self._last_ts)
        self._last_ts = ts_ns
        if ts_ns >= self._session.end:
            if not self._session.holds(ts_ns):
                return
            self._cut.restart()
        open_ns = self._cut.tick(ts_ns, px_ticks, qty)
        forming = self._forming
        if open_ns is not None or forming is None:
            if forming is not None:
                self._closed.add(forming.footprint())
            forming = self._forming = FormingFootprint(ts_ns if open_ns is None else open_ns)
        forming.tick(px_ticks, qty, buy_qty)

    def absorb(self, batch: TradeBatch) -> int:
        """Take in a batch.

        Returns
        -------
        int
            The first bar that is new or changed; ``len`` of this for an empty batch.

        Raises
        ------
        BatchError
            If the first trade is older than the newest one taken in; nothing changes.
        """
        if not len(batch):
            return len(self)
        if batch.ts_ns[0] < self._last_ts:
            raise too_old(int(batch.ts_ns[0]), self._last_ts)
        changed = len(self._closed)
        if len(batch) < LARGE_BATCH:
            tick = self.tick
            for ts_ns, px_ticks, qty, buy_qty in batch.rows():
                tick(ts_ns, px_ticks, qty, buy_qty)
        else:
            for part in sessions_of(batch, self._calendar):
                self._absorb_session(part)
            self._last_ts = int(batch.ts_ns[-1])
        return changed

    def closed_count(self) -> int:
        """Return how many bars are closed: the row of the forming one."""
        return len(self._closed)

    def forming(self) -> Footprint | None:
        """Return the bar that is forming, or None before the first trade."""
        return self._forming.footprint() if self._forming is not None else None

    def footprint(self, start: int = 0) -> Footprint:
        """Return the closed bars and the forming one, from bar `start` on, as a copy."""
        forming = self.forming()
        if forming is None:
            return Footprint.empty()
        closed = len(self._closed)
        if start >= closed:
            return forming[start - closed :]
        return Footprint.concat((self._closed.since(start), forming))

    def __len__(self) -> int:
        return len(self._closed) + (self._forming is not None)

    def _absorb_session(self, batch: TradeBatch) -> None:
        first_ns = int(batch.ts_ns[0])
        if first_ns >= self._session.end:
            self._session.holds(first_ns)
            self._cut.restart()
        cut = self._cut.batch(batch)
        bars = Footprint.of(batch, cut.starts, cut.opens)
        forming = self._forming
        fresh = 0
        if forming is not None:
            if cut.continues:
                forming.add(bars[:1])
                fresh = 1
            if fresh < len(bars):
                self._closed.add(forming.footprint())
        if fresh < len(bars):
            self._closed.add(bars[fresh:-1])
            self._forming = FormingFootprint(int(cut.opens[-1]))
            self._forming.add(bars[len(bars) - 1 :])
