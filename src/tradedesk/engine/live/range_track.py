"""The forming bar of one range size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.engine.bar_columns import ClosedBars
from tradedesk.engine.bars import Bar
from tradedesk.engine.kinds.range_bars import range_starts
from tradedesk.engine.reduce import reduce_trades
from tradedesk.engine.running_totals import Totals, base_of, close_all_but_last

if TYPE_CHECKING:
    from tradedesk.domain.bar_spec import BarSpec
    from tradedesk.engine.batch import TradeBatch


class RangeTrack:
    """Range bars of one size, from the first trade of the stream on.

    Attributes
    ----------
    specs : tuple of BarSpec
        The size.
    closed : list of ClosedBars
        One entry, the closed bars.
    """

    __slots__ = ("_base", "_first", "_high", "_low", "_open", "_size", "closed", "specs")

    def __init__(self, spec: BarSpec) -> None:
        self.specs = (spec,)
        self._size = spec.size
        self._open = 0
        self._first = self._high = self._low = 0
        self._base: Totals | None = None
        self.closed = [ClosedBars()]

    def restart(self, totals: Totals, close: int) -> None:
        """Close the newest bar; the next trade begins as the first one did."""
        newest = self.forming(0, totals, close)
        if newest is not None:
            self.closed[0].add(newest)
        self._base = None

    def tick(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        """Take in one trade that is not yet part of `totals`; `close` is the price before it."""
        if px > self._high:
            if px - self._low > self._size or self._base is None:
                self._roll(ts_ns, px, totals, close)
            else:
                self._high = px
        elif px < self._low:
            if self._high - px > self._size or self._base is None:
                self._roll(ts_ns, px, totals, close)
            else:
                self._low = px
        elif self._base is None:
            self._roll(ts_ns, px, totals, close)

    def _roll(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        bar = self.forming(0, totals, close)
        if bar is not None:
            self.closed[0].add(bar)
        self._open = ts_ns
        self._first = self._high = self._low = px
        self._base = totals

    def absorb(self, trades: TradeBatch, totals: Totals, close: int) -> Totals:
        """Take in many trades at once; returns the totals after them."""
        forming = self.forming(0, totals, close)
        px = int(trades.px_ticks[0])
        reach, continues = (px, px), False
        if forming is not None:
            low, high = min(forming.low, px), max(forming.high, px)
            continues = high - low <= self._size
            reach = (low, high) if continues else reach
        starts = range_starts(self._size, trades.px_ticks, reach)
        bars = reduce_trades(trades, starts, trades.ts_ns[starts])
        after = totals.plus(bars)
        last = close_all_but_last(self.closed[0], forming, bars, continues)
        self._open, self._first, self._high, self._low = last[:4]
        self._base = base_of(after, last)
        return after

    def is_forming(self, level: int, totals: Totals, now_ns: int | None) -> bool:
        """Whether a further trade can belong to the newest bar; only the next one tells."""
        return self._base is not None

    def forming(self, level: int, totals: Totals, close: int) -> Bar | None:
        """Return the newest bar, or None before the first trade."""
        base = self._base
        if base is None:
            return None
        sums = (now - then for now, then in zip(totals, base, strict=True))
        return Bar(self._open, self._first, self._high, self._low, close, *sums)
