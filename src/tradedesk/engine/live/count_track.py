"""The forming bar of one tick or volume size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine.aggregate import count_starts
from tradedesk.engine.bar_columns import ClosedBars
from tradedesk.engine.bars import Bar
from tradedesk.engine.reduce import reduce_trades
from tradedesk.engine.running_totals import Totals, base_of, close_all_but_last

if TYPE_CHECKING:
    from tradedesk.engine.batch import TradeBatch


class CountTrack:
    """Tick or volume bars of one size, counted from the first trade of the stream.

    Attributes
    ----------
    specs : tuple of BarSpec
        The size.
    closed : list of ClosedBars
        One entry, the closed bars.
    """

    __slots__ = (
        "_base",
        "_by_trades",
        "_edge",
        "_first",
        "_high",
        "_low",
        "_open",
        "_size",
        "_zero",
        "closed",
        "specs",
    )

    def __init__(self, spec: BarSpec) -> None:
        self.specs = (spec,)
        self._size = spec.size
        # what had been counted at the beginning
        self._zero = 0
        self._open = 0
        self._first = 0
        self._base: Totals | None = None
        self._by_trades = spec.unit is BarUnit.TRADES
        # a trade before which this many trades or contracts were counted opens a new bar
        self._edge = 0
        self._high = 0
        self._low = 0
        self.closed = [ClosedBars()]

    def _counted(self, totals: Totals) -> int:
        return totals.count if self._by_trades else totals.volume

    def restart(self, totals: Totals, close: int) -> None:
        """Begin to count anew: the next trade opens a new bar."""
        self._zero = self._edge = self._counted(totals)

    def tick(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        """Take in one trade that is not yet part of `totals`; `close` is the price before it."""
        if self._counted(totals) >= self._edge:
            self._roll(ts_ns, px, totals, close)
        elif px > self._high:
            self._high = px
        elif px < self._low:
            self._low = px

    def _roll(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        bar = self.forming(0, totals, close)
        if bar is not None:
            self.closed[0].add(bar)
        self._edge = self._next_edge(totals)
        self._open = ts_ns
        self._first = self._high = self._low = px
        self._base = totals

    def _next_edge(self, totals: Totals) -> int:
        counted = self._counted(totals) - self._zero
        return self._zero + (counted // self._size + 1) * self._size

    def absorb(self, trades: TradeBatch, totals: Totals, close: int) -> Totals:
        """Take in many trades at once; returns the totals after them."""
        before = self._counted(totals) - self._zero
        starts = count_starts(self.specs[0], trades, before)
        bars = reduce_trades(trades, starts, trades.ts_ns[starts])
        after = totals.plus(bars)
        forming = self.forming(0, totals, close)
        continues = forming is not None and self._counted(totals) < self._edge
        last = close_all_but_last(self.closed[0], forming, bars, continues)
        base = base_of(after, last)
        self._open = last.ts_ns
        self._first = last.open
        self._high = last.high
        self._low = last.low
        self._base = base
        self._edge = self._next_edge(base)
        return after

    def is_forming(self, level: int, totals: Totals, now_ns: int | None) -> bool:
        """Whether a further trade can belong to the newest bar."""
        return self._counted(totals) < self._edge

    def forming(self, level: int, totals: Totals, close: int) -> Bar | None:
        """Return the forming bar, or None before the first trade."""
        base = self._base
        if base is None:
            return None
        sums = (now - then for now, then in zip(totals, base, strict=True))
        return Bar(self._open, self._first, self._high, self._low, close, *sums)
