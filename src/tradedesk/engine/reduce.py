"""Rows of trades or bars into bars, given the row at which each bar begins.

Trades are reduced in pieces that stay in the second-level cache, all in int32 as long as a bound
checked for each piece says that no sum can leave it; otherwise that piece is done in int64. A bar
longer than a piece is cut and its parts are joined afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tradedesk.engine.bars import Bars

if TYPE_CHECKING:
    from tradedesk.engine.batch import TradeBatch

PIECE: Final = 131_072
"""Trades reduced at a time."""

_INT32_END: Final = 2**31
Starts = NDArray[np.intp]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


def reduce_trades(trades: TradeBatch, starts: Starts, opens: Int64s) -> Bars:
    """Make one bar of the rows from each start to the next.

    Parameters
    ----------
    trades : TradeBatch
        At least one trade.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    opens : ndarray of int64, shape (bars,)
        When each bar opens.
    """
    rows = len(trades)
    ends = np.append(starts[1:], rows)
    parts = _cut_long(starts, ends, rows)
    high, low, volume, buy_volume, turnover = _reduce_parts(trades, parts)
    if len(parts) > len(starts):
        joined = parts.searchsorted(starts)
        high = np.maximum.reduceat(high, joined)
        low = np.minimum.reduceat(low, joined)
        volume = np.add.reduceat(volume, joined)
        buy_volume = np.add.reduceat(buy_volume, joined)
        turnover = np.add.reduceat(turnover, joined)
    price = trades.px_ticks
    return Bars.unchecked(
        (
            opens,
            price[starts],
            high,
            low,
            price[ends - 1],
            volume,
            buy_volume,
            turnover,
            (ends - starts).astype(np.int64, copy=False),
        )
    )


def _cut_long(starts: Starts, ends: Starts, rows: int) -> Starts:
    """Starts of the bars and, inside bars longer than a piece, of their parts."""
    if rows <= PIECE:
        return starts
    long = np.flatnonzero(ends - starts > PIECE)
    if not len(long):
        return starts
    cuts = [
        np.arange(first + PIECE, end, PIECE)
        for first, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    ]
    return np.sort(np.concatenate([starts, *cuts]))


def _reduce_parts(
    trades: TradeBatch, parts: Starts
) -> tuple[Int32s, Int32s, Int64s, Int64s, Int64s]:
    rows, bars = len(trades), len(parts)
    high = np.empty(bars, np.int32)
    low = np.empty(bars, np.int32)
    volume = np.empty(bars, np.int64)
    buy_volume = np.empty(bars, np.int64)
    turnover = np.empty(bars, np.int64)
    piece_firsts = np.unique(parts.searchsorted(np.arange(0, rows, PIECE))).tolist()
    buffer = np.empty(min(rows, 2 * PIECE), np.int32)
    for first, last in zip(piece_firsts, [*piece_firsts[1:], bars], strict=True):
        if first == last:
            continue
        begin = int(parts[first])
        end = int(parts[last]) if last < bars else rows
        at = parts[first:last] - begin
        price = trades.px_ticks[begin:end]
        qty = trades.qty[begin:end]
        bought = trades.buy_qty[begin:end]
        highs = np.maximum.reduceat(price, at, out=high[first:last])
        lows = np.minimum.reduceat(price, at, out=low[first:last])
        sums = np.int32 if int(qty.max()) * len(qty) < _INT32_END else np.int64
        volumes = np.add.reduceat(qty, at, dtype=sums)
        volume[first:last] = volumes
        buy_volume[first:last] = np.add.reduceat(bought, at, dtype=sums)
        base = int(price[0])
        span = max(int(highs.max()) - base, base - int(lows.min()))
        distance: NDArray[np.int32] | NDArray[np.int64]
        if span * int(volumes.max()) < _INT32_END:
            distance = np.subtract(price, base, out=buffer[: end - begin])
            distance *= qty
            turnover[first:last] = np.add.reduceat(distance, at, dtype=np.int32)
        else:
            distance = price.astype(np.int64) - base
            distance *= qty
            turnover[first:last] = np.add.reduceat(distance, at)
        turnover[first:last] += base * volume[first:last]
    return high, low, volume, buy_volume, turnover


def reduce_bars(bars: Bars, starts: Starts, opens: Int64s) -> Bars:
    """Make one bar of the bars from each start to the next.

    Parameters
    ----------
    bars : Bars
        At least one bar.
    starts : ndarray of intp, shape (bars,)
        Strictly ascending rows, the first one 0.
    opens : ndarray of int64, shape (bars,)
        When each new bar opens.
    """
    lasts = np.append(starts[1:], len(bars)) - 1
    volume = np.add.reduceat(bars.volume, starts)
    buy_volume = np.add.reduceat(bars.buy_volume, starts)
    turnover = np.add.reduceat(bars.turnover, starts)
    count = np.add.reduceat(bars.count, starts)
    if not bars.count.all():
        unknown = np.logical_or.reduceat(~bars.flow_known, starts)
        for column in (buy_volume, turnover, count):
            column[unknown] = 0
    return Bars.unchecked(
        (
            opens,
            bars.open[starts],
            np.maximum.reduceat(bars.high, starts),
            np.minimum.reduceat(bars.low, starts),
            bars.close[lasts],
            volume,
            buy_volume,
            turnover,
            count,
        )
    )
