"""Forming bars of series that roll together: nested time bars, or one count bar.

A track keeps no volume of its own. Volume, turnover and counts are running totals of the whole
stream; a forming bar remembers what they were when it opened, and its own value is the
difference. Extremes of nested bars nest as well: a price that is no new high of the shortest bar
is none of any longer one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tradedesk.domain.bar_spec import BarSpec, BarUnit
from tradedesk.engine.aggregate import count_starts, resample_on
from tradedesk.engine.bar_columns import ClosedBars
from tradedesk.engine.bars import Bar, Bars, join_bars
from tradedesk.engine.reduce import reduce_trades

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradedesk.engine.batch import TradeBatch
    from tradedesk.engine.time_grid import TimeGrid

BEFORE_ALL_TIME: Final = -(2**63)


class Totals(NamedTuple):
    """Running sums over a stream of trades, in the order of the last columns of `Bars`."""

    volume: int = 0
    buy_volume: int = 0
    turnover: int = 0
    count: int = 0  # type: ignore[assignment]

    def plus(self, bars: Bars) -> Totals:
        """Return the totals after the trades of these bars."""
        sums = (bars.volume, bars.buy_volume, bars.turnover, bars.count)
        return Totals(*(old + int(column.sum()) for old, column in zip(self, sums, strict=True)))


class NestedTrack:
    """Time bars of which each nests in the next longer one.

    Parameters
    ----------
    grids : sequence of TimeGrid
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

    def __init__(self, grids: Sequence[TimeGrid]) -> None:
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
            self._opens[level] = open_ns = grid.floor(ts_ns)
            self._ends[level] = open_ns + grid.period_ns if grid.period_ns else grid.next(ts_ns)
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
        grid = self._grids[0]
        starts = grid.starts(trades.ts_ns)
        bars = reduce_trades(trades, starts, grid.floor_column(trades.ts_ns[starts]))
        after = totals.plus(bars)
        for level, grid in enumerate(self._grids):
            if level:
                bars = resample_on(bars, grid)
            forming = self.forming(level, totals, close)
            continues = forming is not None and forming.ts_ns == bars.ts_ns[0]
            last = close_all_but_last(self.closed[level], forming, bars, continues)
            self._opens[level] = last.ts_ns
            self._ends[level] = grid.next(last.ts_ns)
            self._firsts[level] = last.open
            self.highs[level] = last.high
            self.lows[level] = last.low
            self._bases[level] = base_of(after, last)
        self.end = self._ends[0]
        return after

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


class CountTrack:
    """Tick or volume bars of one size, counted from the first trade of the stream.

    Attributes
    ----------
    spec : BarSpec
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
        "closed",
        "spec",
    )

    def __init__(self, spec: BarSpec) -> None:
        self.spec = spec
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
        size = self.spec.size
        self._edge = (self._counted(totals) // size + 1) * size
        self._open = ts_ns
        self._first = self._high = self._low = px
        self._base = totals

    def absorb(self, trades: TradeBatch, totals: Totals, close: int) -> Totals:
        """Take in many trades at once; returns the totals after them."""
        before = self._counted(totals)
        starts = count_starts(self.spec, trades, before)
        bars = reduce_trades(trades, starts, trades.ts_ns[starts])
        after = totals.plus(bars)
        forming = self.forming(0, totals, close)
        continues = forming is not None and before < self._edge
        last = close_all_but_last(self.closed[0], forming, bars, continues)
        base = base_of(after, last)
        self._open = last.ts_ns
        self._first = last.open
        self._high = last.high
        self._low = last.low
        self._base = base
        size = self.spec.size
        self._edge = (self._counted(base) // size + 1) * size
        return after

    def forming(self, level: int, totals: Totals, close: int) -> Bar | None:
        """Return the forming bar, or None before the first trade."""
        base = self._base
        if base is None:
            return None
        sums = (now - then for now, then in zip(totals, base, strict=True))
        return Bar(self._open, self._first, self._high, self._low, close, *sums)


Track = NestedTrack | CountTrack


def close_all_but_last(closed: ClosedBars, forming: Bar | None, bars: Bars, continues: bool) -> Bar:
    """Move every bar but the newest to the closed ones; returns the newest.

    Parameters
    ----------
    closed : ClosedBars
        Where closed bars go.
    forming : Bar or None
        The bar that was forming before `bars`.
    bars : Bars
        At least one bar, of the new trades alone.
    continues : bool
        Whether the first of `bars` is a further part of `forming`.
    """
    first = bars[0]
    if forming is not None and continues:
        first = join_bars(forming, first)
    elif forming is not None:
        closed.add(forming)
    if len(bars) == 1:
        return first
    closed.add(first)
    closed.extend(bars[1:-1])
    return bars[-1]


def base_of(totals: Totals, bar: Bar) -> Totals:
    """Return what the totals were when `bar`, the newest one, opened."""
    own = (bar.volume, bar.buy_volume, bar.turnover, bar.count)
    return Totals(*(now - part for now, part in zip(totals, own, strict=True)))


def nest(grids: Sequence[TimeGrid]) -> list[list[TimeGrid]]:
    """Sort grids into as few chains as a greedy walk finds, each grid nesting in the next."""
    month_ns = 28 * 86_400 * 1_000_000_000
    chains: list[list[TimeGrid]] = []
    for grid in sorted(grids, key=lambda grid: grid.period_ns or grid.months * month_ns):
        home = next((chain for chain in chains if chain[-1].nests_in(grid)), None)
        if home is None:
            chains.append([grid])
        else:
            home.append(grid)
    return chains
