"""Forming time bars that nest in one another.

Extremes of nested bars nest as well: a price that is no new high of the shortest bar is none of
any longer one, so the walk over the sizes stops at the first miss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradedesk.engine.aggregate import resample_on
from tradedesk.engine.bar_columns import ClosedBars
from tradedesk.engine.bars import Bar
from tradedesk.engine.hours.time_grid import DAY_NS
from tradedesk.engine.reduce import reduce_trades
from tradedesk.engine.running_totals import BEFORE_ALL_TIME, Totals, base_of, close_all_but_last

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.hours.bar_grid import BarGrid


class NestedTrack:
    """Time bars of which each nests in the next longer one.

    Parameters
    ----------
    grids : sequence of BarGrid
        From the shortest to the longest, each nesting in the next.

    Attributes
    ----------
    end : int
        When the shortest forming bar ends: a trade at or after it must go through `roll`.
    highs, lows : list of int
        Extremes of the forming bars, shortest bar first; always the same list.
    specs : tuple of BarSpec
        The sizes, shortest first.
    closed : list of ClosedBars
        Closed bars, shortest first.
    """

    __slots__ = (
        "_bases",
        "_ends",
        "_firsts",
        "_grids",
        "_opens",
        "closed",
        "end",
        "highs",
        "lows",
        "specs",
    )

    def __init__(self, grids: Sequence[BarGrid]) -> None:
        levels = len(grids)
        self._grids = tuple(grids)
        self.specs = tuple(grid.spec for grid in grids)
        self._opens = [BEFORE_ALL_TIME] * levels
        self._ends = [BEFORE_ALL_TIME] * levels
        self._firsts = [0] * levels
        self._bases: list[Totals | None] = [None] * levels
        self.end = BEFORE_ALL_TIME
        self.highs = [0] * levels
        self.lows = [0] * levels
        self.closed = [ClosedBars() for _ in grids]

    def roll(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        """Close the bars that end at or before `ts_ns` and open new ones at price `px`.

        Parameters
        ----------
        ts_ns, px : int
            The trade that opens the new bars; not yet part of `totals`.
        totals : Totals
            Totals before that trade.
        close : int
            The price before that trade.
        """
        rolled = 0
        for level, grid in enumerate(self._grids):
            if ts_ns < self._ends[level]:
                break
            bar = self.forming(level, totals, close)
            if bar is not None:
                self.closed[level].add(bar)
            self._opens[level], self._ends[level] = grid.span(ts_ns)
            self._firsts[level] = self.highs[level] = self.lows[level] = px
            self._bases[level] = totals
            rolled += 1
        self.end = self._ends[0]
        for level in range(rolled, len(self._grids)):
            self.highs[level] = max(self.highs[level], px)
            self.lows[level] = min(self.lows[level], px)

    def tick(self, ts_ns: int, px: int, totals: Totals, close: int) -> None:
        """Take in one trade that is not yet part of `totals`; `close` is the price before it."""
        if ts_ns >= self.end:
            self.roll(ts_ns, px, totals, close)
            return
        for level, high in enumerate(self.highs):
            if px <= high:
                break
            self.highs[level] = px
        for level, low in enumerate(self.lows):
            if px >= low:
                break
            self.lows[level] = px

    def absorb(self, trades: TradeBatch, totals: Totals, close: int) -> Totals:
        """Take in many trades at once; returns the totals after them."""
        cut = self._grids[0].cut(trades.ts_ns)
        bars = cut.bars(reduce_trades(trades, cut.starts, cut.opens))
        after = totals.plus(bars)
        for level, grid in enumerate(self._grids):
            if level:
                bars = resample_on(bars, grid)
            forming = self.forming(level, totals, close)
            continues = forming is not None and forming.ts_ns == bars.ts_ns[0]
            last = close_all_but_last(self.closed[level], forming, bars, continues)
            self._opens[level], self._ends[level] = grid.span(last.ts_ns)
            self._firsts[level] = last.open
            self.highs[level] = last.high
            self.lows[level] = last.low
            self._bases[level] = base_of(after, last)
        self.end = self._ends[0]
        return after

    def is_forming(self, level: int, totals: Totals, now_ns: int | None) -> bool:
        """Whether a trade at or after `now_ns` can belong to the newest bar of one level."""
        return self._bases[level] is not None and (now_ns is None or now_ns < self._ends[level])

    def forming(self, level: int, totals: Totals, close: int) -> Bar | None:
        """Return the forming bar of one level, or None before the first trade."""
        base = self._bases[level]
        if base is None:
            return None
        return Bar(
            self._opens[level],
            self._firsts[level],
            self.highs[level],
            self.lows[level],
            close,
            totals.volume - base.volume,
            totals.buy_volume - base.buy_volume,
            totals.turnover - base.turnover,
            totals.count - base.count,
        )


def nest(grids: Sequence[BarGrid]) -> list[list[BarGrid]]:
    """Sort grids into as few chains as a greedy walk finds, each grid nesting in the next."""
    chains: list[list[BarGrid]] = []
    for grid in sorted(grids, key=lambda grid: grid.period_ns or 28 * grid.months * DAY_NS):
        home = next((chain for chain in chains if chain[-1].nests_in(grid)), None)
        if home is None:
            chains.append([grid])
        else:
            home.append(grid)
    return chains
